"""``civictag labels migrate``: corpora, label files and outputs of tag under new labels."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

import click

from civictag.cli.common.emit import emit, emit_bytes, note
from civictag.cli.common.options import InputPath, force_option
from civictag.errors import CivictagError
from civictag.i18n import _, listed, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from civictag.curation.migrated_files import Becomes
    from civictag.curation.migration import Migration
    from civictag.datamodel import Label, LabelledParagraph


class _Order(NamedTuple):
    """What is asked for every file.

    Attributes:
        steps: the migration.
        old, new: the labels before and after, if they are known.
        inputs: files that are read beside those that are migrated; no output may be one of them.
        force: outputs that are not civictag's may be overwritten.
    """

    steps: Migration
    old: Sequence[Label] | None
    new: Sequence[Label] | None
    inputs: Sequence[str]
    force: bool

    def guarded(self, output: str, paths: Sequence[str]) -> AbstractContextManager[None]:
        """The rule about outputs, around the migration of ``paths``."""
        from civictag.util.outputs import guarded

        return guarded([output], [*paths, *self.inputs], force=self.force)


@click.command(
    short_help="Rename, merge, split and retire labels.",
    epilog="Example: civictag labels migrate migration.toml old.xlsx --from old.toml -o new.xlsx",
)
@click.argument("migration", type=InputPath())
@click.argument("corpus", nargs=-1, required=True, type=InputPath())
@click.option("-o", "--output", required=True, type=click.Path(), help="The corpus under the new labels.")
@click.option("--from", "old", help="The old label set: MIGRATION and CORPUS may then call labels by name.")
@click.option("-l", "--labels", help="The new label set: refuse a result that it does not know.")
@force_option
def migrate(
    migration: str, corpus: tuple[str, ...], output: str, old: str | None, labels: str | None, force: bool
) -> None:
    """Bring a corpus, a label file or an output of tag under new labels; the old file stays as it is.

    CORPUS: labelled paragraphs of any format that train reads; or label files (.toml) and outputs of tag
    (.json, .jsonl, .csv, .xlsx, .parquet), of which several go into the folder OUTPUT under their names.

    MIGRATION is a TOML file: [rename] old = "new"; [merge] new = ["old", "old"]; [split] old =
    ["new", "new"]; retire = ["old"]. A paragraph of a label that was split gets all new ones
    and is marked in the column check (of an output: for review), for a person to decide.
    """
    from civictag.curation.migrated_files import migrator_of
    from civictag.curation.migration import read_migration
    from civictag.labels.label_set import read_taxonomy
    from civictag.review.relabelled import is_table_of_tags

    before, after = (read_taxonomy(name).labels if name else None for name in (old, labels))
    inputs = [migration, *(name for name in (old, labels) if name)]
    order = _Order(read_migration(migration, before), before, after, inputs, force)
    tables = {path: is_table_of_tags(path) for path in corpus}
    rewrites = {path: None if tables[path] else migrator_of(path) for path in corpus}
    corpora = [path for path in corpus if not tables[path] and rewrites[path] is None]
    if corpora and len(corpora) < len(corpus):
        raise click.UsageError(
            _("give corpora alone ({names}), or label files and outputs of tag alone", names=listed(corpora))
        )
    if corpora:
        _corpus(corpora, output, order)
        return
    for path, target in zip(corpus, _targets(corpus, output), strict=True):
        rewrite = rewrites[path]
        if rewrite is None:
            _table(path, target, order)
        else:
            _text(path, target, order, rewrite)


def _corpus(paths: Sequence[str], output: str, order: _Order) -> None:
    """Labelled paragraphs of any format, into one file."""
    from civictag.cli.curation.make import form_of
    from civictag.corpus.export import export
    from civictag.corpus.files import corpus_files, read_corpus
    from civictag.corpus.formats.columns import CHECK
    from civictag.curation.migration import migrated

    form = form_of(None, output)
    with order.guarded(output, corpus_files(paths)):
        read = read_corpus(paths, order.old, note)
        rows, counts = migrated(read, order.steps)
        if not counts:
            raise _none_met(order.steps, paths, read)
        emit_bytes(export(_known_to(order.new, rows), form), output)
    _tell(order.steps.becomes, counts)
    marked = sum(CHECK in row.extra for row in rows)
    if marked:
        note(
            ngettext(
                "{count} paragraph of a label that was split is marked in the column check",
                "{count} paragraphs of labels that were split are marked in the column check",
                marked,
            )
        )


def _known_to(labels: Sequence[Label] | None, rows: Sequence[LabelledParagraph]) -> list[LabelledParagraph]:
    """The paragraphs with the ids of the new label set; one that it does not know is refused."""
    from dataclasses import replace

    from civictag.corpus.formats.label_names import LabelNames, known_labels
    from civictag.curation.checking import place

    names = LabelNames(known_labels(labels))
    return [replace(row, labels=names.ids(list(row.labels), place(row), None)) for row in rows]


def _none_met(steps: Migration, paths: Sequence[str], rows: Sequence[LabelledParagraph]) -> CivictagError:
    """No paragraph carries any label that the migration speaks of: it calls them otherwise."""
    met = {label for row in rows for label in row.labels}
    return CivictagError(
        _("has none of the labels that the migration speaks of: {labels}", labels=listed(steps.becomes)),
        where=listed(paths),
        hint=_(
            "Its labels are: {labels}. Where these are names, give the old label set with --from",
            labels=listed(sorted(met)) or "–",
        ),
    )


def _targets(paths: Sequence[str], output: str) -> list[str]:
    """Where each file goes: several go into a folder, under their own names."""
    if len(paths) == 1:
        return [output]
    names = [os.path.basename(path) for path in paths]
    if len(set(names)) < len(names) or os.path.isfile(output):
        raise click.UsageError(_("several files go into a folder, under their names, each another"))
    os.makedirs(output, exist_ok=True)
    return [os.path.join(output, name) for name in names]


def _check_suffix(path: str, output: str) -> str:
    kind = os.path.splitext(path)[1].lower()
    if output != "-" and os.path.splitext(output)[1].lower() != kind:
        raise click.UsageError(_("-o must end in {suffix}, as {file} does", suffix=kind, file=path))
    return kind


def _table(path: str, output: str, order: _Order) -> None:
    """A workbook or Parquet file of tags, or a CSV with headings for people."""
    from civictag.review.relabelled import Relabelling, relabel

    _check_suffix(path, output)
    becomes, counts = order.steps.becomes, Counter[str]()
    with order.guarded(output, [path]):
        notes = relabel(path, output, Relabelling(becomes, order.old, order.new, counts))
    _tell(becomes, counts)
    for successors in notes:
        note(f"{path}{_(': ')}{successors}")


def _text(
    path: str,
    output: str,
    order: _Order,
    rewrite: Callable[[str, Becomes, Counter[str]], str],
) -> None:
    """A label file, or an output of tag that is text."""
    from civictag.corpus.formats import text_of
    from civictag.labels.label_file import read_label_file

    kind = _check_suffix(path, output)
    becomes, counts = order.steps.becomes, Counter[str]()
    with order.guarded(output, [path]):
        text = read_label_file(path) if kind == ".toml" else text_of(path)
        emit(_rewritten(rewrite, text, becomes, counts, path), output)
    if kind != ".toml":
        _tell(becomes, counts)
        return
    for old, new in becomes.items():
        successors = ", ".join(new) or _("retired")
        note(f"{old} → {successors}" if counts[old] else _("{old} is no label of this file", old=old))
    if any(len(new) != 1 for new in becomes.values()) or len({*becomes.values()}) < len(becomes):
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
        successors = ", ".join(new) or _("retired")
        note(
            ngettext(
                "{old} → {new}: {count} paragraph", "{old} → {new}: {count} paragraphs", counts[old],
                old=old, new=successors,
            )
        )  # fmt: skip
