"""``civictag labels``: the label sets."""

from __future__ import annotations

import click


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
    click.echo(f"{taxonomy.name} {taxonomy.version} (sha256 {taxonomy.sha256})")
    for label in taxonomy.labels:
        click.echo(f"\n{label.id}  {label.name}  {label.name_en}\n  {label.definition}")
        kinds = dict.fromkeys(cue.kind for cue in taxonomy.cues if cue.label == label.id)
        for kind in kinds:
            patterns = [cue.pattern for cue in taxonomy.cues if (cue.label, cue.kind) == (label.id, kind)]
            click.echo(f"  {kind}: {' '.join(patterns) if cues else len(patterns)}")
