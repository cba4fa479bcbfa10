"""Labelled paragraphs in tables of any kind that articles are read from: CSV, Excel, Parquet, JSON arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from civictag.corpus.formats import Known, Record, Records, Tell
from civictag.corpus.formats.beside import check_crosses, notes, shared_articles
from civictag.corpus.formats.blank import blank_note
from civictag.corpus.formats.columns import (
    DOC,
    LABELS,
    TEXT,
    USUAL,
    Columns,
    as_text,
    columns_of,
    head,
    is_looked_at,
    is_of_checks,
    one,
    strays,
)
from civictag.corpus.formats.looks_like import other_than_table
from civictag.datamodel import Document
from civictag.errors import CorpusError, InputError
from civictag.i18n import _, listed, ngettext
from civictag.readers.options import Reading
from civictag.readers.tables import columns as of_articles
from civictag.readers.tables.yes_no import is_yes
from civictag.writers.rows import unguard

_NO_COLUMN = "\0"  # no column is called so: the readers of articles leave all but the text where it stands
_AS_IT_STANDS = Reading(
    title_column=_NO_COLUMN,
    id_column=_NO_COLUMN,
    date_column=_NO_COLUMN,
    unit_column=_NO_COLUMN,
    raw_cells=True,
)


def read(path: str, known: Known, tell: Tell) -> Records:
    """The rows of a table; labels in one column, or as columns of ticks (1/0, √, 是/否) named as the labels.

    Each sheet of a workbook has columns of its own; one without labels is left out where another has some.

    Raises:
        CorpusError: a row that cannot be read, or no column with labels.
    """
    sheets = _sheets(path, known)
    rows = (row for documents in sheets.values() for row in documents)
    warnings = dict.fromkeys(
        w for row in rows if row.text.strip() for w in row.warnings if _NO_COLUMN not in w
    )

    def _say(note: str) -> None:
        tell(f"{path}{_(': ')}{note}")

    for warning in warnings:
        _say(warning)
    yield from _labelled(sheets, path, known, _say)


def _labelled(sheets: Mapping[str, list[Document]], path: str, known: Known, say: Tell) -> Records:
    """The records of the sheets that have labels.

    Raises:
        CorpusError: none has.
    """
    without: list[tuple[str, CorpusError]] = []
    articles: dict[str, list[str]] = {}
    for sheet, documents in sheets.items():
        rows, names = _table(documents, path)
        try:
            columns = columns_of(rows, names, path, known)
        except CorpusError as error:
            without.append((sheet.rpartition("[")[2].rstrip("]"), error))
            continue
        doc = columns.named.get("doc")
        if doc and head(doc) not in DOC:
            say(_("the column {name} names the articles", name=doc))
        check_crosses(rows, columns, path)
        lines = [row.line for row in documents]
        for note in notes(rows, lines, names, columns, known):
            say(note)
        articles[sheet] = [as_text(row.get(doc)).strip() for row in rows] if doc else []
        if columns.ticks:
            _say_ticks(columns, strays(rows, names, columns) if known else [], known, say)
        yield from _records(zip(lines, rows, strict=True), columns, path, say)
    if len(without) == len(sheets) and without:
        raise without[0][1]
    for note in shared_articles(articles):
        say(note)
    if without:
        say(_("sheets without a column of labels, not read: {names}", names=listed(n for n, _e in without)))


def _table(documents: Iterable[Document], path: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of a sheet, and all its columns but the text's."""
    rows = list(_cells(documents, path))
    return rows, list(dict.fromkeys(name for row in rows for name in row if name != "text"))


def _cells(documents: Iterable[Document], path: str) -> Iterator[dict[str, Any]]:
    cells = ({**row.extra, "text": row.text} for row in documents)
    if not path.lower().removesuffix(".gz").endswith((".csv", ".tsv")):
        return cells
    # as civictag writes them
    return ({k: unguard(v) if isinstance(v, str) else v for k, v in row.items()} for row in cells)


def _say_ticks(columns: Columns, strays: list[str], known: Known, say: Tell) -> None:
    """Which columns of ticks were taken, where the label set does not say so."""
    if known is None:
        say(_("taken as labels: the columns {columns}", columns=listed(columns.ticks)))
        return
    missing = [label.name for label in known if label.id not in columns.ticks]
    if missing:
        say(_("no column for the labels {labels}: they count as never given", labels=listed(missing)))
        if strays:
            say(_("columns of ticks that are no label: {columns}", columns=listed(strays)))


def _records(
    rows: Iterable[tuple[int, Mapping[str, Any]]], columns: Columns, path: str, say: Tell
) -> Records:
    """Rows with a ``text`` and further columns as records of the corpus format.

    A row without text and labels (a sum, a row of blanks) is left out; one with labels has lost its text.

    Raises:
        CorpusError: a tick that is neither yes nor no.
    """
    blank = empty = 0
    labels = (*columns.labels, *columns.ticks.values())
    for line, row in rows:
        is_blank = not any(as_text(row.get(name)).strip() for name in labels)
        if is_blank and not row["text"].strip():
            empty += 1
            continue
        blank += is_blank and is_looked_at(row)
        yield line, _record(row, columns, path, line)
    if empty:
        say(ngettext("{count} row without text is left out", "{count} rows without text are left out", empty))
    if blank:
        say(blank_note(blank))


def renamed(row: Mapping[str, Any], missing: Iterable[str]) -> Record:
    """An object with the keys that it lacks, where it calls them as columns are called: 正文, 标签 …

    An object that has our own ``text`` and ``labels`` is in our format: its 来源 is a field of its own.
    """
    usual = {"text": (*of_articles.TEXT, *TEXT), "labels": LABELS, **USUAL}
    lacking = [*missing, *(["source"] if {"text", "labels"} & {*missing} else [])]
    # A list called tags is what a machine gave.
    free = [
        name for name in row if name not in usual and not (name == "tags" and isinstance(row[name], list))
    ]
    named: dict[str, str] = {}
    for key in lacking:  # 段落 is the text where nothing else is, and then no number
        if found := one([name for name in free if name not in named.values()], usual[key]):
            named[key] = found
    ours = {key: row[name] for key, name in named.items()}
    return {**{key: value for key, value in row.items() if key not in named.values()}, **ours}


def _sheets(path: str, known: Known) -> dict[str, list[Document]]:
    """The rows by sheet, their text in a column that articles have, else in one that only such tables have.

    A sheet of whole articles may stand beside that of the paragraphs: the right name has labels with it.

    Raises:
        CorpusError: no column has the text.
    """
    first: InputError | None = None
    found: list[dict[str, list[Document]]] = []
    for name in (None, *TEXT):
        try:
            found.append(_by_sheet(_read(path, _AS_IT_STANDS._replace(text_column=name))))
        except InputError as error:
            first = first or error
            if error.field or error.line:  # of a row: the column was found
                break
            continue
        for documents in found[-1].values():
            with suppress(CorpusError):  # this sheet has no labels
                columns_of(*_table(documents, path), path, known)
                return found[-1]
    if found:
        return found[0]
    assert first is not None
    hint = first.hint
    if hint and "--text-column" in hint:
        hint = _("Call the column with the paragraphs text (正文)")
    hint = other_than_table(first.where or path) or hint
    raise CorpusError(
        first.problem, where=first.where or path, line=first.line, field=first.field, hint=hint
    ) from None


def _by_sheet(rows: Iterable[Document]) -> dict[str, list[Document]]:
    sheets: dict[str, list[Document]] = {}
    for row in rows:
        sheets.setdefault(row.source.rpartition("#")[0], []).append(row)
    return sheets


def _read(path: str, reading: Reading) -> Iterator[Document]:
    from civictag.readers import read_documents

    for row in read_documents(path, reading):
        if isinstance(row, InputError):
            raise row
        yield row


def _record(row: Mapping[str, Any], columns: Columns, path: str, line: int) -> Record:
    taken = {*columns.named.values(), *columns.labels, *columns.ticks.values()}
    rest = {key: value for key, value in row.items() if key not in taken}
    found: Record = {key: value for key, value in rest.items() if not _is_empty(value) or is_of_checks(key)}
    for key, name in columns.named.items():
        if not _is_empty(row.get(name)):
            found[key] = row[name] if key == "para" else as_text(row[name])
    if "doc" in found:
        found["doc"] = found["doc"].strip()  # 「A1 」 in one row, 「A1」 in the next
    if columns.own:
        found["doc"] = "#".join(
            filter(None, (found.get("source", ""), as_text(row.get("id", row.get("原编号")))))
        )
    if not columns.ticks:
        return {**found, "labels": _listed(row, columns)}
    cells = {label: as_text(row.get(name)).strip() for label, name in columns.ticks.items()}
    ticked = [label for label, cell in cells.items() if is_yes(cell, path, line, columns.ticks[label])]
    return {**found, "labels": ticked}


def _listed(row: Mapping[str, Any], columns: Columns) -> Any:
    """What the columns of labels say: a list as it is, else the cells, of which each may list several."""
    cells = [row.get(name) for name in columns.labels]
    if len(cells) == 1 and isinstance(cells[0], list):
        return cells[0]
    return tuple(map(as_text, cells))


def _is_empty(value: Any) -> bool:
    return value is None or value == ""
