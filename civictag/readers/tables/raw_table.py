"""Tables as they stand, cell by cell: for sheets of civictag's own that come back from a person.

Articles are read by the other readers; here nothing is guessed about what a column means.
"""

from __future__ import annotations

import csv
import io
import itertools
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from civictag.errors import InputError, MissingExtra, reason
from civictag.i18n import _
from civictag.readers.encodings.decoding import decode
from civictag.readers.limits import XLSX_UNPACKED
from civictag.readers.zip_check import check_package

TABLES = (".xlsx", ".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, its heading row, and the rows below it (line numbers begin at 2).

    Rows are as long as the heading or shorter; cells are texts, numbers, dates, truths or None.
    """

    name: str
    head: list[str]
    rows: Iterator[list[Any]]


def read_sheets(path: str) -> Iterator[Sheet]:
    """The sheets of a workbook, or the one table of a text file; read each before asking for the next.

    Raises:
        InputError: it cannot be read.
    """
    if path.lower().endswith(".xlsx"):
        yield from _workbook(path)
    else:
        yield _text(path)


def parquet_rows(path: str) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file as they stand.

    Raises:
        InputError: no Parquet file, or damaged.
        MissingExtra: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtra(_("reading .parquet"), "parquet", where=path) from error
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=512):
                yield from batch.to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        problem = _("not a Parquet file that can be read: {reason}", reason=str(error).split("\n")[0][:200])
        raise InputError(problem, where=path) from error


def parquet_metadata(path: str) -> dict[str, str]:
    """What a Parquet file says of itself beside its columns, once its rows could be read."""
    from pyarrow import parquet

    found = parquet.read_schema(path).metadata or {}
    return {key.decode(): value.decode("utf-8", "replace") for key, value in found.items()}


def _text(path: str) -> Sheet:
    try:
        with open(path, "rb") as file:
            text = decode(file.read(), path)[0].removeprefix("\ufeff")
    except OSError as error:
        raise InputError(_("cannot be read: {reason}", reason=reason(error)), where=path) from error
    # Excel writes semicolons where the comma is the decimal sign, and tabs as "Unicode text".
    separator = max(",;\t", key=text.partition("\n")[0].count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = strict_rows(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), path)
    return Sheet("", [name.strip() for name in next(rows, [])], rows)


def strict_rows(reader: Iterator[list[str]], path: str | None = None) -> Iterator[list[str]]:
    """The rows of a strict ``csv.reader``: a quotation mark that is not closed swallows no row unseen.

    Raises:
        InputError: at such a row.
    """
    for number in itertools.count(1):
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                _("a quotation mark is not closed, or stands within a cell"),
                where=path,
                line=number,
                hint=_("Double the quotation marks within cells, or save the table anew as .xlsx"),
            ) from error
        yield row


def _workbook(path: str) -> Iterator[Sheet]:
    try:
        check_package(path, ".xlsx", XLSX_UNPACKED)
    except OSError as error:
        raise InputError(_("cannot be read: {reason}", reason=reason(error)), where=path) from error
    from openpyxl import load_workbook

    try:
        # openpyxl keeps a path open until it is closed, and on Windows an open file cannot be replaced.
        with open(path, "rb") as file:
            with warnings.catch_warnings(action="ignore"):  # of styles and headers, which are not read
                book = load_workbook(file, read_only=True, data_only=True)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # WPS may write a range that is too small
                rows = sheet.iter_rows(values_only=True)
                head = ["" if cell is None else str(cell).strip() for cell in next(rows, ())]
                yield Sheet(sheet.title, head, (list(row) for row in rows))
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part led it to
        problem = _("not a workbook that can be read: {reason}", reason=str(error).split("\n")[0][:200])
        raise InputError(problem, where=path) from error
