"""What a table says of labels, articles and texts beside the columns that are read: it is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from civictag.corpus.formats import Known
from civictag.corpus.formats.columns import (
    CHECK,
    NOTHING_ELSE,
    Columns,
    Rows,
    as_text,
    head,
    is_of_checks,
    is_ticks,
    label_columns,
    plain,
)  # fmt: skip
from civictag.corpus.formats.label_names import LabelNames
from civictag.errors import CorpusError
from civictag.i18n import _, listed, ngettext
from civictag.readers.tables import columns as of_articles
from civictag.readers.tables.yes_no import YES

_CROSSES = frozenset({"x", "×", "✗", "✘", "✕"})
_NAMED = 3

Said = Callable[[Mapping[str, Any]], set[str] | None]
"""The labels that a row has by some columns; None where these say nothing."""


def check_crosses(rows: Rows, columns: Columns, path: str) -> None:
    """Refuse columns of ticks whose only mark is a cross: a Western yes, a Chinese no.

    Raises:
        CorpusError: names the columns.
    """
    marks = {plain(row.get(name)) for name in columns.ticks.values() for row in rows}
    if marks & _CROSSES and not marks & YES:
        crossed = [x for x in columns.ticks.values() if any(plain(row.get(x)) in _CROSSES for row in rows)]
        raise CorpusError(
            _("the only mark in its columns of ticks is a cross, which may mean yes or no"),
            where=path,
            field=listed(crossed[:_NAMED]),
            hint=_("Write √ or 1 for yes, and leave the others empty"),
        )


def notes(
    rows: Rows, lines: Sequence[int], names: Sequence[str], columns: Columns, known: Known
) -> Iterator[str]:
    """Sentences about other columns that speak of labels or could be the text."""
    taken = {*columns.named.values(), *columns.labels, *columns.ticks.values()}
    free = [name for name in names if name not in taken and name != CHECK and not is_of_checks(name)]
    if texts := [name for name in free if head(name) in of_articles.TEXT]:
        yield _("columns that could be the text too, kept beside it: {names}", names=listed(texts))
    if not columns.own:  # an output of tag keeps what the machine had said beside what a person ticked
        yield from _other_labels(rows, lines, free, columns, known)


def shared_articles(articles: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """A sentence about articles of one name in several sheets.

    Args:
        articles: sheet → the names of its articles.
    """
    sheets: dict[str, list[str]] = defaultdict(list)
    for sheet, names in articles.items():
        for name in dict.fromkeys(names):
            sheets[name].append(sheet)
    if shared := [name for name, found in sheets.items() if name and len(found) > 1]:
        yield ngettext(
            "{count} article stands in several sheets and counts as one: {names}; give articles that are not"
            " the same names of their own",
            "{count} articles stand in several sheets and count as one each: {names}; give articles that are"
            " not the same names of their own",
            len(shared),
            names=listed(shared[:_NAMED]) + (" …" if len(shared) > _NAMED else ""),
        )


def _other_labels(
    rows: Rows, lines: Sequence[int], free: Sequence[str], columns: Columns, known: Known
) -> Iterator[str]:
    """Columns of labels, or of ticks, that are not read and do not say the same."""
    ids = LabelNames(known)
    marked = {} if columns.ticks else label_columns(free, known)
    ticks = {label: name for label, name in marked.items() if is_ticks(rows, name)}
    said: list[tuple[tuple[str, ...], Said]] = []
    if ticks:
        said.append((tuple(ticks.values()), partial(_ticked, ticks=ticks)))
    for name in free:
        if name not in ticks.values() and _holds_labels(rows, name, ids if known else None):
            said.append(((name,), partial(_listed, names=(name,), ids=ids)))
    for others, read in said:
        scope = ticks.keys() if others == tuple(ticks.values()) else None
        differ = [
            line for line, row in zip(lines, rows, strict=True) if _differs(row, read, scope, columns, ids)
        ]
        if differ:
            yield ngettext(
                "labels are read from {read}; {other} says otherwise in {count} row (line {line})",
                "labels are read from {read}; {other} says otherwise in {count} rows (first in line {line})",
                len(differ),
                read=listed(dict.fromkeys((*columns.labels, *columns.ticks.values()))),
                other=listed(others),
                line=differ[0],
            )


def _differs(
    row: Mapping[str, Any],
    said: Said,
    scope: Collection[str] | None,
    columns: Columns,
    ids: LabelNames,
) -> bool:
    """Whether other columns say something of a row, and not what is read of it."""
    other = said(row)
    if other is None:
        return False
    read = (_ticked(row, columns.ticks) if columns.ticks else _listed(row, columns.labels, ids)) or set()
    return other != (read if scope is None else read & set(scope))


def _holds_labels(rows: Rows, name: str, ids: LabelNames | None) -> bool:
    """Whether a column lists labels: by its name, or because all that stands in it are known labels."""
    if head(name) in NOTHING_ELSE:
        return True
    cells = {cell for row in rows if (cell := as_text(row.get(name)).strip())}
    return ids is not None and bool(cells) and all(map(ids.knows, cells))


def _ticked(row: Mapping[str, Any], ticks: Mapping[str, str]) -> set[str] | None:
    """The ticked labels; None of a row in which nothing stands in these columns."""
    if not any(plain(row.get(name)) for name in ticks.values()):
        return None
    return {label for label, name in ticks.items() if plain(row.get(name)) in YES}


def _listed(row: Mapping[str, Any], names: Sequence[str], ids: LabelNames) -> set[str] | None:
    """The labels that the cells list; None where nothing stands in them, or an unknown label."""
    cells = [row.get(name) for name in names]
    if len(cells) == 1 and isinstance(cells[0], list):
        return set(map(str, cells[0]))
    texts = tuple(map(as_text, cells))
    if not any(text.strip() for text in texts):
        return None
    try:
        return set(ids.ids(texts, "", None))
    except CorpusError:
        return None
