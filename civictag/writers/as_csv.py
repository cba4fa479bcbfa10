"""CSV that Excel, WPS and LibreOffice open right: BOM, CRLF, no cell that is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from civictag.datamodel import Article, Label
from civictag.util.atomic_file import Sink
from civictag.writers.base import ModelInfo, Options, Writer
from civictag.writers.rows import Columns, guard

BOM = b"\xef\xbb\xbf"


class CsvWriter(Writer):
    """``-f csv``: one row a body paragraph, written as the input is read.

    The input's further columns are those of the first article: a header cannot grow later.
    A column that only turns up afterwards is named in ``warnings``.
    """

    def __init__(self, sink: Sink, labels: Sequence[Label], model: ModelInfo, options: Options) -> None:
        super().__init__(sink)
        self._columns = Columns(tuple(label.id for label in labels), options.explain)
        self._missed: dict[str, None] = {}
        self._started = False

    def write(self, article: Article) -> None:
        """Append the article's body paragraphs."""
        if not self._started:
            self._start(tuple(article.extra))
        self._missed |= dict.fromkeys(name for name in article.extra if name not in self._columns.extra)
        self.sink.write(csv_lines(self._columns.rows(article)))

    def finish(self) -> None:
        """A file without rows still has its header."""
        if not self._started:
            self._start(())
        if self._missed:
            self.warnings.append(left_out(self._missed))

    def _start(self, extra: tuple[str, ...]) -> None:
        self._columns = Columns(self._columns.labels, self._columns.explain, extra)
        self._started = True
        self.sink.write(BOM + csv_lines([self._columns.names()]))


def left_out(names: Iterable[str]) -> str:
    """The warning for columns that the header could not foresee."""
    return f"columns that the first article lacks are left out: {', '.join(names)}"


def csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as CSV in UTF-8, each cell safe to open in a spreadsheet program."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8", "backslashreplace")


def _cell(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.6g}"
    if not isinstance(value, str):
        return value
    # A carriage return inside a cell ends the row for some programs; a NUL ends the file for others.
    return guard(value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
