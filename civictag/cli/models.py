"""``civictag models``: the models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from civictag.model.tagger import Tagger


@click.command(short_help="List the models, or show one.", epilog="Example: civictag models civic")
@click.argument("name", required=False)
@click.option("--features", type=click.IntRange(0), default=10, show_default=True, help="Heaviest a label.")
def command(name: str | None, features: int) -> None:
    """List the shipped models, or show one: NAME is a shipped name or a model folder."""
    from civictag.model import bundle
    from civictag.util import resources as shipped

    if name is None:
        for known in shipped.names("models"):
            info = bundle.load(known).info
            click.echo(f"{known}\t{info.version}\t{info.sha256}")
        return
    _show(bundle.load(name))
    if features:
        for label, names in bundle.heaviest(name, features).items():
            click.echo(f"{label}: {' '.join(names)}")


def _show(tagger: Tagger) -> None:
    info, manifest = tagger.info, tagger.info.manifest
    corpus, training = manifest["corpus"], manifest["training"]
    click.echo(f"{info.name} {info.version}\nsha256 {info.sha256}")
    click.echo(
        f"trained on {corpus['paragraphs']} paragraphs in {corpus['articles']} articles"
        f" (sha256 {corpus['sha256']}), seed {training['seed']}"
    )
    click.echo(f"{'label':24}{'threshold':>10}{'precision':>10}{'recall':>10}{'F1':>10}  (out of fold)")
    for label, calibration in zip(tagger.labels, tagger.calibrations, strict=True):
        row = manifest["out_of_fold"][label.id]
        click.echo(
            f"{label.id:24}{calibration.threshold:10.2f}"
            f"{row['precision']:10.3f}{row['recall']:10.3f}{row['f1']:10.3f}  {label.name}"
        )
