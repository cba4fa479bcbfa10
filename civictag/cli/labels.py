"""``civictag labels``: the label sets."""

from __future__ import annotations

import click

from civictag.i18n import language
from civictag.util.terminal import printable


@click.command(short_help="List the label sets, or show one.", epilog="Example: civictag labels civic")
@click.argument("name", required=False)
@click.option("--cues", is_flag=True, help="With NAME: print every cue too.")
def command(name: str | None, cues: bool) -> None:
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
        names = f"{label.id}  {printable(label.name)}  {printable(label.name_en)}"
        chinese = language() == "zh" or not label.definition_en
        click.echo(f"\n{names}\n  {printable(label.definition if chinese else label.definition_en)}")
        kinds = dict.fromkeys(cue.kind for cue in taxonomy.cues if cue.label == label.id)
        for kind in kinds:
            patterns = [cue.pattern for cue in taxonomy.cues if (cue.label, cue.kind) == (label.id, kind)]
            told = " ".join(patterns) if cues else str(len(patterns))
            click.echo(f"  {kind}: {printable(told)}")
