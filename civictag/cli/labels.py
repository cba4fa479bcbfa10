"""``civictag labels``: the label sets; a new one; old labels under new names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from civictag.cli.common.emit import emit, emit_bytes, note
from civictag.cli.common.options import force_option
from civictag.errors import CivictagError
from civictag.i18n import _, language
from civictag.util.terminal import printable

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence

    from civictag.curation.migrated_files import Becomes


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
        click.echo(f"\n{names}\n  {printable(label.definition if chinese else label.definition_en)}")
        kinds = dict.fromkeys(cue.kind for cue in taxonomy.cues if cue.label == label.id)
        for kind in kinds:
            patterns = [cue.pattern for cue in taxonomy.cues if (cue.label, cue.kind) == (label.id, kind)]
            told = " ".join(patterns) if cues else str(len(patterns))
            click.echo(f"  {kind}: {printable(told)}")


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


@command.command(
    short_help="Rename, merge, split and retire labels of a corpus.",
    epilog="Example: civictag labels migrate migration.toml my-corpus.xlsx -o my-corpus-2.xlsx",
)
@click.argument("migration", type=click.Path())
@click.argument("corpus", nargs=-1, required=True, type=click.Path())
@click.option("-o", "--output", required=True, type=click.Path(), help="The corpus under the new labels.")
@click.option("-l", "--labels", help="The new label set: refuse a result that it does not know.")
@force_option
def migrate(migration: str, corpus: tuple[str, ...], output: str, labels: str | None, force: bool) -> None:
    """Bring a corpus, a label file or an output of tag under new labels; the old file stays as it is.

    CORPUS: labelled paragraphs; or label files (.toml) and outputs of tag (.json, .jsonl, .csv), of which
    several go into the folder OUTPUT under their names.

    MIGRATION is a TOML file: [rename] old = "new"; [merge] new = ["old", "old"]; [split] old =
    ["new", "new"]; retire = ["old"]. A paragraph of a label that was split gets all new ones
    and is marked in the column check (of an output: for review), for a person to decide.
    """
    from civictag.curation.migrated_files import migrator_of

    rewrites = [migrator_of(path) for path in corpus]
    if all(rewrites):
        for path, target, rewrite in zip(corpus, _targets(corpus, output), rewrites, strict=True):
            if rewrite is not None:
                _migrate_file(migration, path, target, force, rewrite)
        return
    if any(rewrites):
        raise click.UsageError(_("give corpora alone, or label files and outputs of tag alone"))
    from civictag.corpus.export import SUFFIXES, export
    from civictag.corpus.files import corpus_files, read_corpus
    from civictag.corpus.formats.label_names import LabelNames, known_labels
    from civictag.curation.migration import CHECK, migrated, read_migration
    from civictag.labels.label_set import read_taxonomy
    from civictag.util.outputs import guarded

    with guarded([output], [migration, *corpus_files(corpus), *filter(None, [labels])], force=force):
        steps = read_migration(migration)
        rows, counts = migrated(read_corpus(corpus, tell=note), steps)
        names = LabelNames(known_labels(read_taxonomy(labels).labels if labels else None))
        for number, row in enumerate(rows, 1):
            names.ids(list(row.labels), output, number)
        emit_bytes(export(rows, SUFFIXES.get(os.path.splitext(output)[1].lower(), "jsonl")), output)
    _tell(steps.becomes, counts)
    marked = sum(CHECK in row.extra for row in rows)
    if marked:
        note(_("{count} paragraphs of labels that were split are marked in the column check", count=marked))


def _targets(paths: Sequence[str], output: str) -> list[str]:
    """Where each file goes: several go into a folder, under their own names."""
    if len(paths) == 1:
        return [output]
    names = [os.path.basename(path) for path in paths]
    if len(set(names)) < len(names) or os.path.isfile(output):
        raise click.UsageError(_("several files go into a folder, under their names, each another"))
    os.makedirs(output, exist_ok=True)
    return [os.path.join(output, name) for name in names]


def _migrate_file(
    migration: str, path: str, output: str, force: bool, rewrite: Callable[[str, Becomes, Counter[str]], str]
) -> None:
    """A label file, or an output of tag."""
    from collections import Counter

    from civictag.curation.migration import read_migration
    from civictag.util.outputs import guarded

    kind = os.path.splitext(path)[1].lower()
    if output != "-" and os.path.splitext(output)[1].lower() != kind:
        raise click.UsageError(_("-o must end in {suffix}, as {file} does", suffix=kind, file=path))
    with guarded([output], [migration, path], force=force):
        steps = read_migration(migration)
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
        counts: Counter[str] = Counter()
        emit(_rewritten(rewrite, text, steps.becomes, counts, path), output)
    if kind != ".toml":
        _tell(steps.becomes, counts)
        return
    for old, new in steps.becomes.items():
        told = ", ".join(new) or _("retired")
        note(f"{old} → {told}" if counts[old] else _("{old} is no label of this file", old=old))
    if any(len(new) != 1 for new in steps.becomes.values()) or len({*steps.becomes.values()}) < len(
        steps.becomes
    ):
        note(_("merged and split labels have the old names, definitions and cues: look at them"))


def _rewritten(
    rewrite: Callable[[str, Becomes, Counter[str]], str],
    text: str,
    becomes: Becomes,
    counts: Counter[str],
    path: str,
) -> str:
    """The text under the new labels; an error names the file."""
    try:
        return rewrite(text, becomes, counts)
    except CivictagError as error:
        raise CivictagError(error.problem, where=path, line=error.line, hint=error.hint) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # a row that no tag wrote
        hint = _("The file was cut off or changed: tag the articles again")
        raise CivictagError(_("is no output of tag"), where=path, hint=hint) from error


def _tell(becomes: Becomes, counts: Counter[str]) -> None:
    for old, new in becomes.items():
        told = ", ".join(new) or _("retired")
        note(_("{old} → {new}: {count} paragraphs", old=old, new=told, count=counts[old]))
