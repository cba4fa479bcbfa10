"""What is said of a workbook beside its rows: cells that are read as empty, and what nobody sees in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from civictag.i18n import _, listed, ngettext

# A text (t="str") may be "": the formula's value is stored, and empty.
_NO_VALUE = re.compile(
    rb"""<c(?![^>]*\bt="str")(?:\s[^>]*)?>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)(?:<v\s*/>|<v></v>)?</c>"""
)
_ERROR = re.compile(rb'<c\s[^>]*\bt="e"')  # #N/A, #REF! …
_HIDDEN_ROW = re.compile(rb'<row\s[^>]*\bhidden="(?:1|true)"')

Row = list[object]


class Sheet(NamedTuple):
    """A sheet whose header was found.

    Attributes:
        name: of the sheet.
        header: names of its columns; "" where there is none.
        rows: (row number as the program shows it, its cells) below the header.
        above: what stands above the header, as one text.
    """

    name: str
    header: list[str]
    rows: list[tuple[int, Row]]
    above: str


def notes_of(path: str, book: Any, sheets: Sequence[Sheet]) -> Iterator[str]:
    """A sentence about each, with its count.

    Args:
        path: the workbook.
        book: as python-calamine opened it.
        sheets: those that are read.
    """
    lost, errors, hidden_rows = _marks(path)
    if lost:
        yield ngettext(
            "{count} formula has no stored value and is read as empty; open the file and save it",
            "{count} formulas have no stored value and are read as empty; open the file and save it",
            lost,
        )
    if errors:
        yield ngettext(
            "{count} cell holds an error (such as #N/A) and is read as empty",
            "{count} cells hold an error (such as #N/A) and are read as empty",
            errors,
        )
    hidden = {s.name for s in book.sheets_metadata if not str(s.visible).endswith("Visible")}
    if names := [sheet.name for sheet in sheets if sheet.name in hidden]:
        yield _("hidden sheets are read too: {names}", names=listed(names))
    if hidden_rows:
        yield ngettext("{count} hidden row is read too", "{count} hidden rows are read too", hidden_rows)
    if headless := sum(map(_headless, sheets)):
        yield ngettext(
            "{count} cell stands in a column without a heading and is left out",
            "{count} cells stand in columns without a heading and are left out",
            headless,
        )


def _headless(sheet: Sheet) -> int:
    named = len(sheet.header)
    return sum(
        cell is not None
        for _line, row in sheet.rows
        for at, cell in enumerate(row)
        if at >= named or not sheet.header[at]
    )


def _marks(path: str) -> tuple[int, int, int]:
    """Formulas without a stored value (a library wrote them), errors, hidden rows: of an .xlsx."""
    if not zipfile.is_zipfile(path):
        return 0, 0, 0
    counts = [0, 0, 0]
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                text = package.read(name)
                for at, pattern in enumerate((_NO_VALUE, _ERROR, _HIDDEN_ROW)):
                    counts[at] += len(pattern.findall(text))
    return counts[0], counts[1], counts[2]
