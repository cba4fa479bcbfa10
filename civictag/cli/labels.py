"""``civictag labels``: the label sets; a new one; old labels under new names."""

from __future__ import annotations

import click

from civictag.cli.common.emit import emit, note
from civictag.cli.common.options import force_option
from civictag.cli.curation.migrate import migrate
from civictag.i18n import _, language
from civictag.util.terminal import printable


class _Labels(click.Group):
    """``civictag labels NAME`` shows a label set; NAME is not one of the verbs."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is no verb is shown."""
        if not args or (args[0] not in self.commands and not {"-h", "--help"} & set(args)):
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_Labels,
    short_help="List the label sets, show one, begin or migrate one.",
    epilog="Example: civictag labels civic",
)
def command() -> None:
    """List the shipped label sets, or show one (labels NAME); begin one of your own; migrate a corpus."""


@command.command(
    short_help="List the label sets, or show one.", epilog="Example: civictag labels civic --cues"
)
@click.argument("name", required=False)
@click.option("--cues", is_flag=True, help="With NAME: print every cue too.")
def show(name: str | None, cues: bool) -> None:
    """List the shipped label sets, or show one: NAME is a shipped name or a .toml file."""
    from civictag.labels.label_set import read_taxonomy
    from civictag.util import resources as shipped

    if name is None:
        for known in shipped.names("labels", ".toml"):
            taxonomy = read_taxonomy(known)
            click.echo(f"{known}\t{taxonomy.version}\t{' '.join(taxonomy.ids)}")
        return
    taxonomy = read_taxonomy(name)
    click.echo(printable(f"{taxonomy.name} {taxonomy.version} (sha256 {taxonomy.sha256})"))
    for label in taxonomy.labels:
        names = f"{label.id}  {printable(label.name)}  {printable(label.name_en)}".rstrip()
        chinese = language() == "zh" or not label.definition_en
        click.echo(f"\n{names}")
        if definition := label.definition if chinese else label.definition_en:
            click.echo(f"  {printable(definition)}")
        kinds = dict.fromkeys(cue.kind for cue in taxonomy.cues if cue.label == label.id)
        for kind in kinds:
            patterns = [cue.pattern for cue in taxonomy.cues if (cue.label, cue.kind) == (label.id, kind)]
            shown = " ".join(patterns) if cues else str(len(patterns))
            click.echo(f"  {kind}: {printable(shown)}")


@command.command(
    short_help="Begin a label set: a commented file.", epilog="Example: civictag labels new my-labels.toml"
)
@click.argument("file", type=click.Path())
@force_option
def new(file: str, force: bool) -> None:
    """Write a label file with two labels and comments, to be changed; it can tag at once (tag -l FILE)."""
    from civictag.util.outputs import guarded
    from civictag.util.pages import data

    with guarded([file], force=force):
        emit(data(f"labels.{language()}.toml"), file)
    if file != "-":
        note(_("written: {file}. Change it, then: civictag tag articles/ -l {file}", file=file))


command.add_command(migrate)
