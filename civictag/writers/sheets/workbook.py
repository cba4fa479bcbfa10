"""Workbooks written row by row: formats, widths, ticks to choose from, print set-up. Memory is flat."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from civictag.errors import CivictagError, MissingExtra
from civictag.i18n import _, ngettext
from civictag.util.atomic_file import Sink
from civictag.util.terminal import width_of
from civictag.writers.sheets.columns import Column
from civictag.writers.sheets.formulas import Formula, storable
from civictag.writers.sheets.headings import TICK

MOST_ROWS = 1_048_575  # a sheet's 2**20 rows without the header
MOST_CHARACTERS = 32_767  # of one cell

# LibreOffice shows one line of a wrapped text unless its row has a height, so each row gets one. Noto's
# Chinese letters of 11 points take 16 with what is between the lines: at 15 the second was cut in half.
_LINE, _MOST_HEIGHT = 16.5, 409  # points; Excel's highest row
_A4 = 9

MARK = "civictag-sheets"
"""Keyword of every workbook of ours: readers pass it over where it lies among articles."""
_OPTIONS = {"constant_memory": True, "use_zip64": True}
_TOP = {"valign": "top", "text_wrap": True}
_CENTRE = {"valign": "top", "align": "center"}
_HEAD = {"text_wrap": True, "bold": True, "bottom": 1, "bg_color": "#E8EEF4", "valign": "vcenter"}
_FORMATS: dict[str, dict[str, Any]] = {
    "text": _TOP,
    "number": _CENTRE,
    "float": {**_CENTRE, "num_format": "0.000"},
    "percent": {**_CENTRE, "num_format": "0.0%"},
    "points": {**_CENTRE, "num_format": "+0.0;-0.0;0.0"},
    "change": {**_CENTRE, "num_format": "+0;-0;0"},
    "date": {**_CENTRE, "num_format": "yyyy-mm-dd"},
    "tick": _CENTRE,
    "head": {**_HEAD, "align": "left"},
    "head over figures": {**_HEAD, "align": "center"},
    "name": {"bold": True, "font_size": 14},
    "bold": {**_TOP, "bold": True},
    "bold figures": {**_CENTRE, "bold": True},
}


class Workbook:
    """A workbook on its way to a sink. ``release`` removes what waited on disk.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """

    def __init__(self) -> None:
        try:
            import xlsxwriter
        except ImportError as error:
            raise MissingExtra(_("writing .xlsx"), "") from error
        self._folder = tempfile.TemporaryDirectory(prefix="civictag-")
        # Packed beside its rows and copied from there: a ZIP file wants to seek, standard output cannot.
        path = os.path.join(self._folder.name, "book.xlsx")
        self.book: Any = xlsxwriter.Workbook(path, {**_OPTIONS, "tmpdir": self._folder.name})
        self.book.set_properties({"keywords": MARK})
        self.formats = {name: self.book.add_format(style) for name, style in _FORMATS.items()}
        self.cut = 0

    def sheet(self, name: str) -> Sheet:
        """A new sheet, after those that are there."""
        return Sheet(self, self.book.add_worksheet(name))

    def pack(self, sink: Sink) -> list[str]:
        """Write the file; what its reader should be told."""
        self.book.close()
        with open(self.book.filename, "rb") as packed:
            shutil.copyfileobj(packed, cast(BinaryIO, sink))
        if not self.cut:
            return []
        return [
            ngettext(
                "{count} cell was cut at {most} characters, Excel's limit",
                "{count} cells were cut at {most} characters, Excel's limit",
                self.cut,
                most=MOST_CHARACTERS,
            )
        ]

    def release(self) -> None:
        """Remove the rows and the packed file that waited on disk."""
        self._folder.cleanup()


class Sheet:
    """Rows appended one below the other; every text is a text, whatever it looks like."""

    def __init__(self, book: Workbook, sheet: Any) -> None:
        self._book = book
        self.sheet = sheet
        self.row = 0
        self._columns: Sequence[Column] = ()
        self._widths: Sequence[float] = ()
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&A&R&P / &N")
        sheet.hide_gridlines(0)  # on paper too: rows of several lines run into each other without

    def head(self, columns: Sequence[Column]) -> None:
        """The heading row: frozen, repeated on every printed page; columns aside are folded away."""
        self._columns = columns
        self.widths([column.width for column in columns])
        # A path that wraps would make rows high that hold one line of text.
        self._widths = [column.width if column.printed else 0 for column in columns]
        for at, column in enumerate(columns):
            # What a person enters into an empty cell looks like what stands in the others.
            aside = {"level": 1, "hidden": True} if column.aside else {}
            self.sheet.set_column(at, at, column.width, self._book.formats[column.kind], aside)
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)
        styles = ("head" if column.kind == "text" else "head over figures" for column in columns)
        self.line([column.heading for column in columns], *styles)

    def widths(self, widths: Sequence[float]) -> None:
        """Width of each column, in digits."""
        self._widths = widths
        for at, width in enumerate(widths):
            self.sheet.set_column(at, at, width)

    def append(self, row: Sequence[object]) -> None:
        """One row of values of the columns' kinds.

        Raises:
            CivictagError: past ``MOST_ROWS``.
        """
        self._next(row)
        for at, (column, value) in enumerate(zip(self._columns, row, strict=False)):
            self._cell(at, TICK if value is True and column.kind == "tick" else value, column.kind)
        self.row += 1

    def line(self, row: Sequence[object], *styles: str) -> None:
        """A row of any values, in styles cell by cell; the last style is for all that follow."""
        self._next(row)
        for at, value in enumerate(row):
            self._cell(at, value, styles[min(at, len(styles) - 1)])
        self.row += 1

    def finish(self) -> None:
        """Filter over all rows, ticks to choose from, and what is printed."""
        columns = self._columns
        if not columns:
            return
        last = max(1, self.row - 1)
        if self.row > 1:
            self.sheet.autofilter(0, 0, last, len(columns) - 1)
        choice = {"validate": "list", "source": [TICK], "ignore_blank": True, "error_type": "warning"}
        for at, column in enumerate(columns):
            if column.kind == "tick" and self.row > 1:
                self.sheet.data_validation(1, at, last, at, choice)
        printed = max((at for at, column in enumerate(columns) if column.printed), default=0)
        self.sheet.print_area(0, 0, last, printed)

    def _next(self, row: Sequence[object]) -> None:
        if self.row > MOST_ROWS:
            raise CivictagError(
                _("a spreadsheet holds {most:,} paragraphs and there are more", most=MOST_ROWS),
                hint=_("Use -f csv or -f parquet, or tag the input in parts"),
            )
        self.sheet.set_row(self.row, min(_MOST_HEIGHT, _LINE * self._lines(row)))

    def _lines(self, row: Sequence[object]) -> int:
        """Lines of the row's highest cell. A column's width counts digits; a Chinese character takes two."""
        texts = ((v, w) for v, w in zip(row, self._widths, strict=False) if isinstance(v, str) and w > 1)
        # A tenth is left free: a Chinese font is a little wider than two digits.
        lines = (sum(-(-width_of(x) // max(1, int(0.9 * w))) or 1 for x in v.split("\n")) for v, w in texts)
        return max(lines, default=1)

    def _cell(self, column: int, value: object, style: str) -> None:
        form = self._book.formats[style]
        if value is None or value == "" or (value is False and style == "tick"):
            if style.startswith("head"):
                self.sheet.write_blank(self.row, column, None, form)
        elif isinstance(value, Formula):
            shown = "" if value.value is None else value.value
            self.sheet.write_formula(self.row, column, value.text, form, shown)
        elif isinstance(value, datetime.date):
            self.sheet.write_datetime(self.row, column, value, form)
        elif _is_number(value):
            fraction = isinstance(value, float) and style in ("text", "number")
            self.sheet.write_number(
                self.row,
                column,
                int(value) if value is True or value is False else value,
                self._book.formats["float"] if fraction else form,
            )
        else:
            text = storable(str(value))
            self._book.cut += len(text) > MOST_CHARACTERS
            self.sheet.write_string(self.row, column, text[:MOST_CHARACTERS], form)


def cells(sheet: str, column: int, rows: int) -> str:
    """The cells of a column below the heading, as a formula names them: ``'段落'!$C$2:$C$160``."""
    from xlsxwriter.utility import xl_col_to_name

    letter = xl_col_to_name(column)
    return f"'{sheet}'!${letter}$2:${letter}${max(2, rows + 1)}"


def cell(row: int, column: int) -> str:
    """A cell of the same sheet, rows and columns counted from 0: ``C2``."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))


def _is_number(value: object) -> bool:
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    return isinstance(value, int) and abs(value) < 2**53
