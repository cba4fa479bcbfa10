"""Tables that are text: JSON lines, CSV, TSV. Read row by row; a bad row does not stop the rest."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.readers.columns import choose
from civictag.readers.line_stream import TextLines
from civictag.readers.options import Reading
from civictag.readers.row_to_document import Table, kind_of, missing_column, row_document, year_in


def read_jsonl(
    lines: TextLines, source: str, reading: Reading, number: int = 0
) -> Iterator[Document | InputError]:
    """One Document, or the InputError that names its line, for each line that is not blank.

    ``number`` is how many rows came before, where the lines are a later piece of the file.
    """
    table = Table(source, lines.encoding, reading, lines.warnings, year_in(os.path.basename(source)))
    for line_number, line in lines.lines:
        if isinstance(line, InputError):
            yield line
        elif line.strip():
            number += 1
            yield _json_row(table, line, number, line_number)


def _json_row(table: Table, line: str, number: int, line_number: int) -> Document | InputError:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        return InputError(
            f"not JSON at column {error.colno}: {error.msg}",
            where=table.source,
            line=line_number,
            hint="Each line must be one JSON object",
        )
    except (ValueError, RecursionError) as error:  # a number of 10,000 digits, 10,000 brackets
        return InputError(f"JSON that cannot be read: {error}", where=table.source, line=line_number)
    if not isinstance(row, dict):
        return InputError(
            f"expected a JSON object, found {kind_of(row)}",
            where=table.source,
            line=line_number,
            hint='Write each row as {"text": "…"}',
        )
    return row_document(table, row, number, line_number)


def read_csv(lines: TextLines, source: str, reading: Reading) -> Iterator[Document | InputError]:
    """One Document, or the InputError that names its line, for each row after the header.

    The separator is a tab for ``.tsv``, else whichever of comma, semicolon and tab the header has most of.

    Raises:
        InputError: there is no such text column.
    """
    csv.field_size_limit(reading.limit)  # the module's 128 KiB would refuse long articles
    feed = _Feed(lines, source)
    header_line = next(feed, "")
    separator = _separator(header_line, source)
    try:
        header = [name.strip() for name in next(csv.reader([header_line], delimiter=separator), [])]
    except csv.Error as error:
        raise InputError(f"not a row of CSV: {error}", where=source, line=1) from error
    table = Table(source, lines.encoding, reading, lines.warnings, year_in(os.path.basename(source)))
    if choose(header, reading).text not in header:
        raise missing_column(table, dict.fromkeys(header))
    yield from _csv_rows(table, csv.reader(feed, delimiter=separator), header, feed)


class _Feed:
    """The lines that ``csv.reader`` asks for, remembering where it is."""

    def __init__(self, lines: TextLines, source: str) -> None:
        self._lines = lines.lines
        self.line = 0
        self.too_long: InputError | None = None

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        self.line, line = next(self._lines)
        if isinstance(line, InputError):
            self.too_long = line
            return "\n"  # ends the row that it stood in; the row is reported, not used
        return line


def _separator(header: str, source: str) -> str:
    if source.lower().endswith((".tsv", ".tsv.gz")):
        return "\t"
    return max(",;\t", key=header.count)


def _csv_rows(
    table: Table, reader: Iterator[list[str]], header: list[str], feed: _Feed
) -> Iterator[Document | InputError]:
    number = 0
    while True:
        first = feed.line + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield InputError(f"not a row of CSV: {error}", where=table.source, line=first)
            continue
        if feed.too_long:
            yield feed.too_long
            feed.too_long = None
        elif any(cells):
            number += 1
            yield _csv_row(table, cells, header, number, first)


def _csv_row(
    table: Table, cells: list[str], header: list[str], number: int, line: int
) -> Document | InputError:
    if len(cells) != len(header):
        return InputError(
            f"{len(cells)} cells, but the header has {len(header)}",
            where=table.source,
            line=line,
            hint="A cell that holds the separator or a newline must stand in quotation marks",
        )
    return row_document(table, dict(zip(header, cells, strict=True)), number, line)
