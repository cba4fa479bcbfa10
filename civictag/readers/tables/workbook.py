"""Workbooks → rows: .xlsx .xlsm .xlsb .xls .et .ods, all sheets that have a column of text."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Iterator
from typing import Any

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.i18n import _
from civictag.readers.files import open_binary, shown
from civictag.readers.limits import SHEET_CELLS, SHEETS, XLSX_UNPACKED
from civictag.readers.options import Reading
from civictag.readers.tables.as_shown import kind_of, ods_merged, widths
from civictag.readers.tables.columns import choose, shown_names
from civictag.readers.tables.row_to_document import Table, missing_column, row_document
from civictag.readers.tables.sheet_notes import Row, Sheet, notes_of
from civictag.readers.zip_check import check_package
from civictag.util.dates import year_in

_LOOKED_AT = 12  # rows among which the header is looked for: above it stand a title and a date
_DIGITS = 15  # that a spreadsheet's numbers have


def read_workbook(path: str, reading: Reading) -> Iterator[Document | InputError]:
    """The rows of all sheets with a text column; what is not read is said with the first row.

    Raises:
        InputError: no workbook, damaged, encrypted, or no sheet has the text column.
    """
    sheets, other, notes = _sheets(path, reading)
    if not sheets:
        raise missing_column(Table(shown(path), "utf-8", reading), dict.fromkeys(other))
    several = len(sheets) > 1
    first = True
    for sheet in sheets:
        source = f"{shown(path)}[{sheet.name}]" if several else shown(path)
        year = year_in(f"{sheet.above} {sheet.name}") or year_in(path)
        warnings = (*(notes if first else ()), *_ids_as_shown(path, sheet, reading))
        table = Table(source, "utf-8", reading, warnings, year)
        for number, (line, row) in enumerate(sheet.rows, 1):
            cells = dict(zip(sheet.header, row, strict=False))
            cells.pop("", None)
            yield row_document(table, cells, number, line)
        first = first and not table.is_told


def _sheets(path: str, reading: Reading) -> tuple[list[Sheet], list[str], tuple[str, ...]]:
    """The sheets to read, the columns of the others, and what is to be said."""
    book = _open(path)
    if len(book.sheet_names) > SHEETS:
        raise InputError(_("more than {count} sheets", count=SHEETS), where=shown(path))
    found, passed, seen = [], [], []
    for name in book.sheet_names:
        rows = _rows(path, book.get_sheet_by_name(name))
        sheet = _with_header(path, name, rows, reading)
        if sheet:
            found.append(sheet)
        elif rows:
            passed.append(name)
            seen += [text for text in map(_text, rows[0][1]) if text]
    notes = []
    if found and passed:
        notes.append(_("sheets without a text column, not read: {names}", names=shown_names(passed)))
    if found:
        notes += notes_of(path, book, found)
    return found, seen, tuple(notes)


def _open(path: str) -> Any:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    with open_binary(path) as file:
        head = file.read(8)
    is_old = head.startswith(b"\xd0\xcf") or not path.lower().endswith((".xlsx", ".xlsm", ".xlsb", ".ods"))
    check_package(path, ".xlsx", XLSX_UNPACKED, old=is_old and not head.startswith(b"PK"))
    try:
        with open_binary(path) as file:  # not by its path: a .xls may be an .xlsx under another name
            return CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
    except PasswordError as error:
        raise InputError(
            _("encrypted with a password"), where=shown(path), hint=_("Save it without the password")
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(
            _("not a workbook that can be read: {reason}", reason=str(error)[:200]),
            where=shown(path),
            hint=_("Open it in WPS or Excel and save it as .xlsx"),
        ) from error


def _rows(path: str, sheet: Any) -> list[tuple[int, Row]]:
    """The rows that hold anything, numbered, with the cells of a merged range filled.

    Raises:
        InputError: more cells than ``SHEET_CELLS``.
    """
    if sheet.start is None:
        return []
    if sheet.height * sheet.width > SHEET_CELLS:
        raise InputError(
            _("sheet {name}: more than {limit} cells", name=sheet.name, limit=SHEET_CELLS), where=shown(path)
        )
    grid = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = sheet.merged_cell_ranges or (ods_merged(path, sheet.name) if kind_of(path) == "ods" else ())
    for (top, left), (bottom, right) in merged:
        if top < len(grid) and left < len(grid[top]):
            _fill(grid, grid[top][left], range(top, bottom + 1), range(left, right + 1))
    return [(n, row) for n, row in enumerate(grid, 1) if any(cell is not None for cell in row)]


def _fill(grid: list[Row], value: object, rows: range, columns: range) -> None:
    for at in rows[: max(0, len(grid) - rows.start)]:
        for column in columns[: max(0, len(grid[at]) - columns.start)]:
            grid[at][column] = value


def _with_header(path: str, name: str, rows: list[tuple[int, Row]], reading: Reading) -> Sheet | None:
    """The sheet below the first row that names a text column.

    Raises:
        InputError: two columns have the same name.
    """
    widest = 0  # cells of the rows above
    for at, (line, row) in enumerate(rows[:_LOOKED_AT]):
        header = [" ".join(_text(cell).split()) for cell in row]
        filled = len({*header} - {""})
        # Below a wider row it is a row of its table: one that explains the columns, 「正文 | text」.
        if filled >= widest and choose(filter(None, header), reading).text in header:
            refuse_twice(header, f"{shown(path)}[{name}]", line)
            above = " ".join(dict.fromkeys(_text(cell) for _line, upper in rows[:at] for cell in upper))
            below = [
                (line, row)
                for line, row in rows[at + 1 :]
                if list(map(_text, row)) != list(map(_text, rows[at][1]))
            ]
            return Sheet(name, header, below, above)
        widest = max(widest, filled)
    return None


def refuse_twice(header: Iterable[str], source: str, line: int) -> None:
    """Refuse a header with two columns of one name: which of them is meant cannot be told.

    Raises:
        InputError: names the column.
    """
    seen: set[str] = set()
    for name in header:
        if name and name in seen:
            raise InputError(
                _("two columns are called “{name}”", name=name),
                where=source,
                line=line,
                hint=_("Give each column a name of its own"),
            )
        seen.add(name)


def _ids_as_shown(path: str, sheet: Sheet, reading: Reading) -> tuple[str, ...]:
    """Give the numbers in the column of ids the zeros that the format shows (7 as 00007); what is lost."""
    name = choose(filter(None, sheet.header), reading).id
    if name not in sheet.header:
        return ()
    at = sheet.header.index(name)
    numbers = [(line, row) for line, row in sheet.rows if at < len(row) and isinstance(row[at], int)]
    digits = widths(path, sheet.name, at) if numbers else {}
    for line, row in numbers:
        row[at] = f"{row[at]:0{digits.get(line, 0)}d}"
    warnings = []
    if any(len(str(row[at])) > _DIGITS for _line, row in numbers):
        lost = _(
            "numbers of more than 15 digits in “{name}”: the last digits are lost; store ids as text",
            name=name,
        )
        warnings.append(lost)
    if numbers and kind_of(path) == "xlsb":
        zeros = _(
            "an .xlsb does not tell the zeros that are shown before numbers in “{name}”; save it as .xlsx",
            name=name,
        )
        warnings.append(zeros)
    return tuple(warnings)


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _plain(value: object) -> object:
    """A cell as it is shown: whole numbers without ``.0``, dates in ISO form, None where empty."""
    if value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return str(value)
    return value
