"""What a workbook shows of its numbers, and where an .ods merges cells: both of which calamine does not tell.

A number 7 in the format ``00000`` is shown, and meant, as 00007. The formats of .xlsx are read by openpyxl,
those of .xls by xlrd; an .ods holds the shown text itself.
"""

from __future__ import annotations

import io
import os
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from civictag.readers.files import open_binary

_WHOLE = 4 << 20  # bytes of a workbook that openpyxl may hold whole
_ZEROS = re.compile("0{2,}")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")

Range = tuple[tuple[int, int], tuple[int, int]]


def kind_of(path: str) -> str:
    """``xlsx``, ``xlsb``, ``ods`` or ``xls`` by what the file holds, whatever its name; "" for no such."""
    with open_binary(path) as file:
        if file.read(4) == b"\xd0\xcf\x11\xe0":
            return "xls"
    if not zipfile.is_zipfile(path):
        return ""
    with zipfile.ZipFile(path) as package:
        names = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
        return next((kind for name, kind in names.items() if name in package.namelist()), "")


def widths(path: str, name: str, column: int) -> dict[int, int]:
    """Row from 1 -> how many digits are shown of its number, in a column of sheet ``name``.

    Rows whose format shows a number as it is are left out, as are all of an .xlsb, which does not tell.
    """
    readers = {"xlsx": _of_xlsx, "xls": _of_xls, "ods": _of_ods}
    reader = readers.get(kind_of(path))
    return dict(reader(path, name, column)) if reader else {}


def _of_xlsx(path: str, name: str, column: int) -> Iterator[tuple[int, int]]:
    from openpyxl import load_workbook

    with open_binary(path) as file, warnings.catch_warnings(action="ignore"):  # of styles that are not read
        data = io.BytesIO(file.read())  # not by its path: a .xls may be an .xlsx under another name
        # Read in parts, rows that do not stand in order are dropped.
        book = load_workbook(data, read_only=os.path.getsize(path) > _WHOLE)
    sheet = book[name]
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # <dimension ref="A1"/> would hide all but the first cell
    column_rows = sheet.iter_rows(min_col=column + 1, max_col=column + 1)
    for cell in (row[0] for row in column_rows if row and hasattr(row[0], "row")):
        if _ZEROS.fullmatch(cell.number_format or ""):
            yield cell.row, len(cell.number_format)
    book.close()


def _of_xls(path: str, name: str, column: int) -> Iterator[tuple[int, int]]:
    import xlrd

    with open_binary(path) as file, open(os.devnull, "w", encoding="utf-8") as nowhere:
        book = xlrd.open_workbook(file_contents=file.read(), formatting_info=True, logfile=nowhere)
    sheet = book.sheet_by_name(name)
    for row in range(sheet.nrows):
        if column < sheet.row_len(row):
            shown = book.format_map[book.xf_list[sheet.cell_xf_index(row, column)].format_key].format_str
            if _ZEROS.fullmatch(shown):
                yield row + 1, len(shown)


def _of_ods(path: str, name: str, column: int) -> Iterator[tuple[int, int]]:
    for row, at, cell in _ods_cells(path, name):
        shown = "".join(cell.itertext()) if at == column and cell.find(_TEXT) is not None else ""
        if shown.startswith("0") and shown.isdecimal():
            yield row + 1, len(shown)


def ods_merged(path: str, name: str) -> list[Range]:
    """The merged ranges of a sheet of an .ods: ((top, left), (bottom, right)), from 0, both within."""
    found = []
    for row, column, cell in _ods_cells(path, name):
        rows, columns = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if rows * columns > 1:
            found.append(((row, column), (row + rows - 1, column + columns - 1)))
    return found


def _ods_cells(path: str, name: str) -> Iterator[tuple[int, int, Any]]:
    """(row, column, element) of the cells of a sheet that hold anything; of repeated ones the first."""
    from xml.etree.ElementTree import iterparse

    row, inside = 0, False
    with zipfile.ZipFile(path) as package, package.open("content.xml") as content:
        for event, element in iterparse(content, ("start", "end")):
            if element.tag == f"{_TABLE}table":
                row, inside = 0, event == "start" and element.get(f"{_TABLE}name") == name
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                if inside:
                    yield from _of_row(row, element)
                row += _count(element, "number-rows-repeated")
                element.clear()


def _of_row(row: int, element: Any) -> Iterator[tuple[int, int, Any]]:
    column = 0
    for cell in element:
        if cell.tag in _CELLS:
            if len(cell):
                yield row, column, cell
            column += _count(cell, "number-columns-repeated")


def _count(element: Any, name: str) -> int:
    written = element.get(f"{_TABLE}{name}", "1")
    return int(written) if written.isdecimal() else 1
