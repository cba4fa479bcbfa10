"""``civictag models``: the models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from civictag.i18n import _
from civictag.util.terminal import printable, table

if TYPE_CHECKING:
    from civictag.model.tagger import Tagger


@click.command(short_help="List the models, or show one.", epilog="Example: civictag models civic")
@click.argument("name", required=False)
@click.option(
    "--features",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="How many of the heaviest features to show per label.",
)
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
            click.echo(printable(f"{label}: {' '.join(names)}"))


def _show(tagger: Tagger) -> None:
    info, manifest = tagger.info, tagger.info.manifest
    corpus, training = manifest["corpus"], manifest["training"]
    click.echo(printable(f"{info.name} {info.version}"))
    click.echo(f"sha256 {info.sha256}")
    click.echo(
        _(
            "trained on {paragraphs} paragraphs in {articles} articles (sha256 {sha256}), seed {seed}",
            paragraphs=corpus["paragraphs"],
            articles=corpus["articles"],
            sha256=corpus["sha256"],
            seed=training["seed"],
        )
    )
    rows = [[_("label"), _("threshold"), _("precision"), _("recall"), "F1", _("(out of fold)")]]
    for label, calibration in zip(tagger.labels, tagger.calibrations, strict=True):
        row = manifest["out_of_fold"].get(label.id)
        names = ("precision", "recall", "f1")
        figures = [f"{row[name]:.3f}" for name in names] if row else ["", "", _("not learned")]
        rows.append([label.id, f"{calibration.threshold:.2f}", *figures, printable(label.name)])
    click.echo(table(rows, left=(0, 5)))
