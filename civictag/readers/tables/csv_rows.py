"""CSV in its dialects, strictly: a quotation mark that is never closed swallows no row."""

from __future__ import annotations

import csv
import os
from collections import deque
from collections.abc import Iterator

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.i18n import _, mark, ngettext
from civictag.readers.encodings.line_stream import TextLines
from civictag.readers.options import Reading
from civictag.readers.tables.columns import choose
from civictag.readers.tables.row_to_document import Table, missing_column, row_document
from civictag.readers.tables.workbook import refuse_twice
from civictag.util.dates import year_in

_SEPARATORS = ",;\t|，"
_LONG = 1 << 20  # characters
_HEADER_LINES = 100  # a header whose quotation mark is never closed would be read to the end of the file
_LEFT_OUT = mark("Double the quotation marks within cells; only this line is left out")
_SAVE_ANEW = mark("Double the quotation marks within cells, or save the table anew as .xlsx")


def read_csv(lines: TextLines, source: str, reading: Reading) -> Iterator[Document | InputError]:
    """One Document, or the InputError that names its line, for each row after the header.

    The separator is a tab for ``.tsv``, what a first line ``sep=`` says, else the one of comma, semicolon,
    tab, bar and full-width comma that cuts the header into most names. Lines may end in a lone CR.

    Raises:
        InputError: there is no such text column, two columns have one name, or a quotation mark of the
            header is not closed.
    """
    csv.field_size_limit(reading.limit)  # the module's 128 KiB would refuse long articles
    feed = _Feed(lines)
    first = next(feed, "")
    has_line = first.lower().startswith("sep=") and len(first.strip()) == 5
    separator = first[4] if has_line else ""
    header, separator = _header(next(feed, "") if has_line else first, feed, separator, source)
    table = Table(source, lines.encoding, reading, lines.warnings, year_in(os.path.basename(source)))
    if choose(header, reading).text not in header:
        raise missing_column(table, dict.fromkeys(header))
    refuse_twice(header, source, feed.line)
    yield from _rows(table, header, feed, separator)


def _header(first: str, feed: _Feed, separator: str, source: str) -> tuple[list[str], str]:
    """The names of the columns, and the separator between them.

    A cell of the header may go over lines (「正文」, and below it 「（必填）」), so those come from ``feed``.

    Raises:
        InputError: it is no row of CSV.
    """
    lines, line = [first], feed.line
    while True:
        # A first line without a separator is half a cell: 「"正文」. One that has it decides, as the text of
        # an open cell would have more of the others.
        between = separator or separator_of(
            first if any(s in first for s in _SEPARATORS) else "".join(lines), source
        )
        try:
            cells = next(csv.reader(lines, delimiter=between, strict=True), [])
        except csv.Error as error:
            more = next(feed, "") if "end of data" in str(error) and len(lines) < _HEADER_LINES else ""
            if not more:
                raise _refused(error, source, line, _SAVE_ANEW) from error
            lines.append(more)
        else:
            return [" ".join(name.split()) for name in cells], between


def separator_of(header: str, source: str) -> str:
    """The character between the names of a header."""
    if source.lower().endswith((".tsv", ".tsv.gz")) and "\t" in header:
        return "\t"
    return max(_SEPARATORS, key=header.count)


class _Feed:
    """The lines that ``csv.reader`` asks for; those of the row it is at can be given again."""

    def __init__(self, lines: TextLines) -> None:
        self._lines = lines.lines
        self._again: deque[tuple[int, str]] = deque()
        self.row: list[tuple[int, str]] = []
        self.line = 0
        self.too_long: InputError | None = None

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if not self._again:
            self._take()
        self.line, line = self._again.popleft()
        self.row.append((self.line, line))
        return line

    def _take(self) -> None:
        number, line = next(self._lines)
        if isinstance(line, InputError):
            self.too_long = line
            line = "\n"  # ends the row that it stood in; the row is reported, not used
        if line.find("\r", 0, -2) >= 0:  # old Macs end lines so; the file is one line to whoever looks for \n
            pieces = line.splitlines(keepends=True)
            self._again.extend((number + at, piece) for at, piece in enumerate(pieces))
        else:
            self._again.append((number, line))

    def begin(self) -> None:
        """A row begins here."""
        self.row = []

    def give_back(self) -> None:
        """All lines of the row but its first come again."""
        self._again.extendleft(reversed(self.row[1:]))


def _rows(table: Table, header: list[str], feed: _Feed, separator: str) -> Iterator[Document | InputError]:
    number = 0
    reader = csv.reader(feed, delimiter=separator, strict=True)
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken(table, feed, error)
            feed.give_back()
            reader = csv.reader(feed, delimiter=separator, strict=True)
            continue
        if feed.too_long:
            yield feed.too_long
            feed.too_long = None
        elif any(cells):
            number += 1
            if sum(map(len, cells)) > _LONG:  # the parser keeps four bytes per character of its longest cell
                reader = csv.reader(feed, delimiter=separator, strict=True)
            found = _row(table, cells, header, number, feed.row[0][0])
            feed.begin()  # the row's lines are not kept while it is worked on
            yield found


def _broken(table: Table, feed: _Feed, error: csv.Error) -> InputError:
    return _refused(error, table.source, feed.row[0][0], _LEFT_OUT)


def _refused(error: csv.Error, source: str, line: int, hint: str) -> InputError:
    """The error of a row that strict CSV refuses: nearly always a quotation mark."""
    if "quote" not in str(error) and "end of data" not in str(error) and "expected after" not in str(error):
        return InputError(_("not a row of CSV: {reason}", reason=error), where=source, line=line)
    problem = _("a quotation mark is not closed, or stands within a cell")
    return InputError(problem, where=source, line=line, hint=_(hint))


def _row(table: Table, cells: list[str], header: list[str], number: int, line: int) -> Document | InputError:
    if len(cells) != len(header):
        return InputError(
            ngettext(
                "{count} cell, but the header has {header}",
                "{count} cells, but the header has {header}",
                len(cells),
                header=len(header),
            ),
            where=table.source,
            line=line,
            hint=_("A cell that holds the separator or a newline must stand in quotation marks"),
        )
    row = dict(zip(header, cells, strict=True))
    row.pop("", None)
    return row_document(table, row, number, line)
