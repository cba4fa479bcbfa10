"""Tables that are not text: .xlsx (extra ``office``) and .parquet (extra ``parquet``), in parts."""

from __future__ import annotations

import datetime
import decimal
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from civictag.datamodel import Document
from civictag.errors import InputError, MissingExtra
from civictag.readers.columns import choose
from civictag.readers.files import shown
from civictag.readers.limits import XLSX_UNPACKED
from civictag.readers.options import Reading
from civictag.readers.row_to_document import Table, missing_column, row_document
from civictag.readers.zip_check import check_package

_BATCH = 512  # rows held at once: 512 articles of a page are 2 MiB


def read_parquet(
    path: str, reading: Reading, groups: Sequence[int] | None = None, number: int = 0
) -> Iterator[Document | InputError]:
    """The rows of a Parquet file, in batches.

    ``groups`` are the row groups to read, None for all; ``number`` is how many rows stand before them.

    Raises:
        InputError: no Parquet file, damaged, or without the text column.
        MissingExtra: pyarrow is not installed.
    """
    pyarrow, parquet = _pyarrow(path)
    table = Table(shown(path), "utf-8", reading)
    try:
        with parquet.ParquetFile(path) as file:
            names = file.schema_arrow.names
            if choose(names, reading).text not in names:
                raise missing_column(table, dict.fromkeys(names))
            yield from _parquet_rows(table, file, groups, number)
    except (pyarrow.ArrowException, OSError) as error:
        raise _no_parquet(path, error) from error


def group_sizes(path: str) -> list[tuple[int, int]]:
    """Rows, and bytes when unpacked, of each row group, from the file's footer.

    Raises:
        InputError: no Parquet file, or damaged.
        MissingExtra: pyarrow is not installed.
    """
    pyarrow, parquet = _pyarrow(path)
    try:
        footer = parquet.read_metadata(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise _no_parquet(path, error) from error
    groups = map(footer.row_group, range(footer.num_row_groups))
    return [(group.num_rows, group.total_byte_size) for group in groups]


def _pyarrow(path: str) -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtra("Reading .parquet", "parquet", where=shown(path)) from error
    return pyarrow, pyarrow.parquet


def _no_parquet(path: str, error: Exception) -> InputError:
    return InputError(f"not a Parquet file that can be read: {_first_line(error)}", where=shown(path))


def _parquet_rows(
    table: Table, file: Any, groups: Sequence[int] | None, number: int
) -> Iterator[Document | InputError]:
    for batch in file.iter_batches(batch_size=_BATCH, row_groups=groups):
        for row in batch.to_pylist():
            number += 1
            yield row_document(table, {k: _plain(v) for k, v in row.items()}, number, number)


def read_xlsx(path: str, reading: Reading) -> Iterator[Document | InputError]:
    """The rows of the first sheet that has the text column in its first row.

    Raises:
        InputError: no workbook, encrypted, a ZIP bomb, or without the text column.
        MissingExtra: openpyxl is not installed.
    """
    check_package(path, ".xlsx", XLSX_UNPACKED)
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtra("Reading .xlsx", "office", where=shown(path)) from error
    try:
        with warnings.catch_warnings(action="ignore"):  # it warns of styles and headers, which are not read
            book = load_workbook(path, read_only=True, data_only=True)
        yield from _sheet_rows(Table(shown(path), "utf-8", reading), book)
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part led it to
        raise InputError(
            f"not a workbook that can be read: {_first_line(error)}", where=shown(path)
        ) from error


def _sheet_rows(table: Table, book: Any) -> Iterator[Document | InputError]:
    seen: dict[str, None] = {}
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        header = [str(cell or "").strip() for cell in next(rows, ())]
        if choose(header, table.reading).text in header:
            yield from _cells(table, header, rows)
            return
        seen.update(dict.fromkeys(filter(None, header)))
    raise missing_column(table, dict(seen))


def _cells(
    table: Table, header: Sequence[str], rows: Iterator[Sequence[object]]
) -> Iterator[Document | InputError]:
    for number, cells in enumerate(rows, 1):
        row = {name: _plain(cell) for name, cell in zip(header, cells, strict=False) if name}
        if any(value is not None for value in row.values()):
            row |= dict.fromkeys(filter(None, header[len(cells) :]))
            yield row_document(table, row, number, number + 1)


def _plain(value: object) -> object:
    """What JSON and CSV can hold as it is; dates in ISO form, decimals as they are written."""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | datetime.timedelta):
        return str(value)
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
