"""CSV that Excel, WPS and LibreOffice open right: BOM, CRLF, no cell that is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from civictag.datamodel import Article, Label
from civictag.i18n import _, listed
from civictag.util.atomic_file import Sink
from civictag.writers.base import ModelId, Options, Writer
from civictag.writers.rows import Columns, all_digits, guard
from civictag.writers.sheets.columns import Kind, SheetOf, further_of
from civictag.writers.sheets.headings import TICK

BOM = b"\xef\xbb\xbf"


class CsvWriter(Writer):
    """``-f csv``: one row per body paragraph, written as the input is read.

    Headings are the machine's, whatever the language, unless ``options.headings`` asks for a person's:
    then the columns are those of the workbook's sheet of paragraphs. The input's further columns are
    ``options.further`` and those of the first article: a header cannot grow later. A column that only
    turns up afterwards is named in ``warnings``.
    """

    renders_whole = True

    def __init__(self, sink: Sink, labels: Sequence[Label], model: ModelId, options: Options) -> None:
        super().__init__(sink)
        self._labels = tuple(labels)
        self._options = options
        self._table: _Machine | _People
        self._extra: frozenset[str] = frozenset()
        self._missed: dict[str, None] = {}
        self._started = False

    def write(self, article: Article) -> None:
        """Append the article's body paragraphs."""
        if not self._started:
            self._start(tuple(dict.fromkeys((*self._options.further, *article.extra))), article)
        self._missed |= dict.fromkeys(name for name in article.extra if name not in self._extra)
        self.sink.write(csv_lines(self._table.rows(article)))

    def finish(self) -> None:
        """A file without rows still has its header."""
        if not self._started:
            self._start(self._options.further)
        if self._missed:
            self.warnings.append(left_out(self._missed))

    def _start(self, extra: tuple[str, ...], first: Article | None = None) -> None:
        if self._options.headings in (None, "ids"):
            self._table = _Machine(self._labels, self._options, extra)
        else:
            self._table = _People(self._labels, self._options, further_of(extra, first))
        self._extra = frozenset(extra)
        self._started = True
        self.sink.write(BOM + csv_lines([self._table.names()]))


class _Machine:
    """The columns of programs."""

    def __init__(self, labels: tuple[Label, ...], options: Options, extra: tuple[str, ...]) -> None:
        columns = Columns(tuple(label.id for label in labels), options.explain, extra, options.cues_only)
        self.names, self.rows = columns.names, columns.rows


class _People:
    """The columns of people, with ticks and percentages as they read them."""

    def __init__(self, labels: tuple[Label, ...], options: Options, extra: tuple[str, ...]) -> None:
        self._of = SheetOf(labels, options.headings or "ids", options.explain, extra, options.cues_only)
        self._columns = self._of.paragraphs()

    def names(self) -> list[str]:
        """The headings."""
        return [column.heading for column in self._columns]

    def rows(self, article: Article) -> Iterator[list[object]]:
        """The cells of each body paragraph."""
        for row in self._of.paragraph_rows(article):
            yield [
                all_digits(v) if column.id.startswith("extra.") else as_text(v, column.kind)
                for v, column in zip(row, self._columns, strict=True)
            ]


def as_text(value: object, kind: Kind) -> object:
    """What a person reads in a cell without formats: ``√``, ``93.1%``, ``2024-04-05``."""
    if kind == "tick":
        return TICK if value else ""
    if isinstance(value, bool):
        return int(value)
    if kind == "percent" and isinstance(value, float):
        return f"{value:.1%}"
    return value


def left_out(names: Iterable[str]) -> str:
    """The warning for columns that the header could not foresee."""
    return _("columns that the first article lacks are left out: {names}", names=listed(names))


def csv_lines(rows: Iterable[Sequence[object]], separator: str = ",") -> bytes:
    """Rows as CSV in UTF-8, each cell safe to open in a spreadsheet program."""
    buffer = io.StringIO()
    table = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    table.writerows([_cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8", "backslashreplace")


def _cell(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.6g}"
    if not isinstance(value, str):
        return value
    # A carriage return inside a cell ends the row for some programs; a NUL ends the file for others.
    return guard(value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
