"""Where the columns of a sheet stand that comes back from a person, whatever language heads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from civictag.datamodel import Label
from civictag.readers.tables.raw_table import Sheet
from civictag.readers.tables.yes_no import is_yes
from civictag.writers.rows import label_column
from civictag.writers.sheets.columns import TAG_SEPARATOR
from civictag.writers.sheets.headings import EVIDENCE, HEADINGS, PROBABILITY, label_headings, of_label, word

Where = tuple[str, int]
"""A file, and a line in it."""

_WORDS = (
    "text", "tags", "review", "checked", "note", "title", "unit", "source", "id", "index", "start", "end",
    "suggested", "probabilities", "model", "made", "month", "date", "reason",
)  # fmt: skip


def places(head: Sequence[str], labels: Sequence[Label]) -> dict[str, int]:
    """Column id → its place in ``head``; a label's column has the id that ``label_column`` gives.

    Headings are ids, or Chinese, or English, whichever explains most of them; a label is known by its
    name besides.
    """
    known = _known(headings_of(head, labels), labels)
    names = {name: label_column(x.id) for x in labels for name in (x.name, x.name_en, x.id) if name}
    found: dict[str, int] = {}
    for at, name in enumerate(head):
        id = known.get(name) or names.get(name)
        if id is not None:
            found.setdefault(id, at)
    return found


def headings_of(head: Sequence[str], labels: Sequence[Label]) -> str:
    """Which of ``HEADINGS`` explains most of the headings."""
    known = {headings: _known(headings, labels) for headings in HEADINGS}
    return max(HEADINGS, key=lambda headings: sum(name in known[headings] for name in head))


def _known(headings: str, labels: Sequence[Label]) -> dict[str, str]:
    """What each heading of a sheet in that language means."""
    known = {word(id, headings): id for id in _WORDS}
    known |= {"use": "checked"} if headings == "ids" else {}
    for label, name in zip(labels, label_headings(labels, headings), strict=True):
        known |= {name: label_column(label.id), of_label(PROBABILITY, label, headings): f"p_{label.id}"}
        known[of_label(EVIDENCE, label, headings)] = f"evidence_{label.id}"
    return known


def value(row: Sequence[Any], at: Mapping[str, int], column: str) -> str:
    """A cell as text without outer blanks; "" where the row or the table has none."""
    place = at.get(column)
    cell = row[place] if place is not None and place < len(row) else None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def says_yes(sheet: Sheet, row: Sequence[Any], at: Mapping[str, int], column: str, where: Where) -> bool:
    """Whether a cell is ticked; an error names its column as the sheet heads it.

    Args:
        sheet, row, at: the table, a row of it, and its ``places``.
        column: its id; a column that is not there is ticked nowhere.
        where: file, and line of the row.

    Raises:
        CorpusError: the cell is neither yes nor no.
    """
    place = at.get(column)
    return place is not None and is_yes(value(row, at, column), *where, sheet.head[place])


def label_ids(cell: str, labels: Sequence[Label]) -> tuple[str, ...]:
    """The labels that a cell lists, by names or by ids, in the label set's order.

    A name may hold what stands between names (「环境卫生、垃圾分类」, "Youth volunteering" beside "Youth").
    """
    listed = set(_names(tuple(labels)).findall(cell))
    return tuple(x.id for x in labels if listed & {*_called(x)})


def _called(label: Label) -> Iterator[str]:
    """What a cell may call a label."""
    yield from filter(None, map(str.strip, (label.id, label.name, label.name_en)))


@lru_cache(maxsize=8)
def _names(labels: tuple[Label, ...]) -> re.Pattern[str]:
    """Finds each name between separators, of two that begin alike the longer."""
    names = sorted({name for x in labels for name in _called(x)}, key=len, reverse=True)
    known = "|".join(map(re.escape, names))
    return re.compile(rf"(?<![^{TAG_SEPARATOR}\s])(?:{known})(?![^{TAG_SEPARATOR}\s])")
