"""``civictag models``: the models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from civictag.cli.common.emit import emit
from civictag.i18n import _, size
from civictag.util.terminal import printable, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from civictag.model.tagger import Tagger


class _Group(click.Group):
    """A name may stand where a verb does: ``civictag models civic`` shows that model."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without a verb of ours it is ``show``."""
        known = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if known else ["show", *args])


_json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")


@click.group(cls=_Group, short_help="List the models, or show one.", epilog="Example: civictag models civic")
def command() -> None:
    """List the shipped models, show one (civictag models NAME), check one, or sign one."""


@command.command("show", epilog="Example: civictag models civic --features 20")
@click.argument("name", required=False)
@click.option(
    "--features",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="How many of the heaviest features to show per label.",
)
@_json_option
def show(name: str | None, features: int, as_json: bool) -> None:
    """List the shipped models, or show one: NAME is a shipped name or a model folder."""
    from civictag.model import bundle
    from civictag.util import resources as shipped

    if name is None:
        listed = [bundle.load(known).info for known in shipped.names("models")]
        if as_json:
            _echo_json([info.as_dict() for info in listed])
            return
        for info in listed:
            click.echo(f"{info.name}\t{info.version}\t{info.sha256}")
        return
    heaviest = bundle.heaviest(name, features) if features else {}
    if as_json:
        _echo_json(_record(bundle.load(name), heaviest))
        return
    _show(bundle.load(name))
    if features:
        for label, names in heaviest.items():
            click.echo(printable(f"{label}: {' '.join(names)}"))


@command.command("verify", epilog="Example: civictag models verify my-model --key office.pub")
@click.argument("name")
@click.option("--key", help="Public key (PEM): the model must be signed with its private key.")
@_json_option
def verify(name: str, key: str | None, as_json: bool) -> None:
    """Check every file of a model, and that text and tables say the same; NAME is as for show."""
    from civictag.model import bundle, check_tables, signing

    files = bundle.read(bundle.find(name))
    check_tables.check_whole(files)
    bundle.open_bundle(files)
    if key:
        signing.check_signature(files, key)
    if as_json:
        about = {"name": files.manifest["name"], "sha256": files.sha256, "folder": str(files.folder)}
        _echo_json({**about, "whole": True, "signed": True if key else None})
        return
    signed = _("signed with this key") if key else _("its signature was not asked for")
    message = _("{model} is whole and true to itself; {signed}", model=files.folder, signed=signed)
    click.echo(printable(message))
    click.echo(f"sha256 {files.sha256}")


@command.command("sign", epilog="Example: civictag models sign my-model --key office")
@click.argument("name")
@click.option("--key", required=True, help="Private key (PEM), as new-key makes it.")
def sign(name: str, key: str) -> None:
    """Sign a model for those who receive it; the signature lies in its folder as manifest.sig."""
    from civictag.model import bundle, check_tables, signing

    files = bundle.read(bundle.find(name))
    check_tables.check_whole(files)
    click.echo(printable(_("signed: {path}", path=signing.sign(files, key))))


@command.command("new-key", epilog="Example: civictag models new-key office")
@click.argument("path")
def new_key(path: str) -> None:
    """Make a pair of keys for signing: PATH (keep it secret) and PATH.pub (give it away)."""
    from civictag.model import signing

    public = signing.new_key(path)
    click.echo(
        printable(_("{public} is for those who receive models; keep {private}", public=public, private=path))
    )


def _echo_json(data: object) -> None:
    emit(json.dumps(data, ensure_ascii=False, indent=1) + "\n", None)


def _record(tagger: Tagger, heaviest: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What ``_show`` says, for programs; figures are None of a label that was not learned."""
    info, manifest = tagger.info, tagger.info.manifest
    labels = []
    for label, calibration in zip(tagger.labels, tagger.calibrations, strict=True):
        row = manifest["out_of_fold"].get(label.id) or {}
        figures = {figure: row.get(figure) for figure in ("precision", "recall", "f1")}
        about = {"label": label.id, "name": label.name, "threshold": calibration.threshold}
        found = list(heaviest.get(label.id, ()))
        labels.append({**about, "learned": bool(row), **figures, "features": found})
    corpus = {key: manifest["corpus"][key] for key in ("sha256", "paragraphs", "articles")}
    head = {**info.as_dict(), "label_set": dict(manifest["label_set"]), "corpus": corpus}
    return {**head, "seed": manifest["training"]["seed"], "labels": labels}


def _show(tagger: Tagger) -> None:
    info, manifest = tagger.info, tagger.info.manifest
    corpus, training = manifest["corpus"], manifest["training"]
    click.echo(printable(f"{info.name} {info.version}"))
    click.echo(f"sha256 {info.sha256}")
    click.echo(
        _(
            "trained on {size} (sha256 {sha256}), seed {seed}",
            size=size(corpus["paragraphs"], corpus["articles"]),
            sha256=corpus["sha256"],
            seed=training["seed"],
        )
    )
    rows = [[_("label"), _("threshold"), _("precision"), _("recall"), "F1", _("(out of fold)")]]
    for label, calibration in zip(tagger.labels, tagger.calibrations, strict=True):
        row = manifest["out_of_fold"].get(label.id)
        names = ("precision", "recall", "f1")
        figures = [_figure(row[name]) for name in names] if row else ["", "", _("not learned")]
        rows.append([label.id, f"{calibration.threshold:.2f}", *figures, printable(label.name)])
    click.echo(table(rows, left=(0, 5)))


def _figure(value: float | None) -> str:
    """Of a label that was never given there is no precision."""
    return "–" if value is None else f"{value:.3f}"
