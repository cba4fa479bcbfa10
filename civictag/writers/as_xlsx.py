"""A workbook for staff: sheets ``paragraphs``, ``articles`` and ``summary``, ready to filter and print."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from civictag.datamodel import Article, Label
from civictag.errors import CivictagError, MissingExtra
from civictag.util.atomic_file import Sink
from civictag.util.label_counts import NONE, REVIEW, Counts, count_labels
from civictag.util.terminal import width_of
from civictag.writers.base import ModelInfo, Options, Writer
from civictag.writers.rows import EVIDENCE, Columns, label_column

MOST_ROWS = 1_048_575  # a sheet's 2**20 rows without the header
MOST_CHARACTERS = 32_767  # of one cell

_WIDTHS = {"source": 24, "title": 24, "text": 70, "tags": 18}
_WIDTH, _EVIDENCE_WIDTH = 11, 30

# LibreOffice shows one line of a wrapped text unless its row has a height, so each row gets one.
_LINE, _MOST_HEIGHT = 15, 409  # points; Excel's highest row
_CONSTANT_MEMORY = {"constant_memory": True, "use_zip64": True}


class XlsxWriter(Writer):
    """``-f xlsx``; needs XlsxWriter, the extra ``office``. Memory is flat: rows go to disk at once.

    Headings are the column names of the CSV. The further columns are those of the first article.
    Raises CivictagError past ``MOST_ROWS`` paragraphs.
    """

    def __init__(self, sink: Sink, labels: Sequence[Label], model: ModelInfo, options: Options) -> None:
        super().__init__(sink)
        self._labels = list(labels)
        self._ids = [label.id for label in labels]
        self._model = model
        self._columns = Columns(tuple(self._ids), options.explain)
        self._folder = tempfile.TemporaryDirectory(prefix="civictag-")
        self._book = _workbook(self._folder.name)
        self._paragraphs = _Sheet(self._book, "paragraphs")
        self._articles = _Sheet(self._book, "articles")
        self._total = Counts.empty(len(self._ids))
        self._cut = 0
        self._started = False

    def write(self, article: Article) -> None:
        """Append the article's body paragraphs, and its sums on the sheet ``articles``."""
        self._start(tuple(article.extra))
        for paragraph in self._columns.rows(article):
            self._paragraphs.append(paragraph)
        counts = count_labels(article, self._ids)
        self._total.add(counts)
        row: list[object] = [article.source, article.id, article.title, article.encoding, counts.n_body]
        row += [*counts.paragraphs, counts.n_none, counts.n_review]
        self._articles.append([*row, *(article.extra.get(name) for name in self._columns.extra)])

    def finish(self) -> None:
        """Write the sheet ``summary`` and pack the file."""
        self._start(())
        summary = _Sheet(self._book, "summary")
        for row in self._summary():
            summary.append(row)
        cut = sum(sheet.finish() for sheet in (self._paragraphs, self._articles, summary))
        if cut:
            self.warnings.append(f"{cut} cells were cut at {MOST_CHARACTERS} characters, Excel's limit")
        self._book.close()
        with open(self._book.filename, "rb") as packed:
            shutil.copyfileobj(packed, cast(BinaryIO, self.sink))

    def release(self) -> None:
        """Remove the rows and the packed file that waited on disk."""
        self._folder.cleanup()

    def _start(self, extra: tuple[str, ...]) -> None:
        if self._started:
            return
        self._started = True
        self._columns = Columns(self._columns.labels, self._columns.explain, extra)
        names = self._columns.names()
        self._paragraphs.head(names)
        further = names[len(names) - len(extra) :]
        own = ["source", "id", "title", "encoding", "paragraphs", *map(label_column, self._ids)]
        self._articles.head([*own, "none", "review", *further])

    def _summary(self) -> list[list[object]]:
        total = self._total
        rows: list[list[object]] = [["label", "name", "name_en", "paragraphs", "share", "articles"]]
        for label, n, articles in zip(self._labels, total.paragraphs, total.articles, strict=True):
            rows.append([label.id, label.name, label.name_en, n, _share(n, total.n_body), articles])
        rows.append(["none", NONE, "no label", total.n_none, _share(total.n_none, total.n_body), None])
        review = _share(total.n_review, total.n_body)
        rows.append(["review", REVIEW, "for review", total.n_review, review, None])
        rows.append(["total", "合计", "all", total.n_body, None, total.n_articles])
        rows.append([])
        rows += [[f"model {key}", value] for key, value in self._model.items()]
        return rows


class _Sheet:
    """Rows appended one below the other; every text is a text, whatever it looks like."""

    def __init__(self, book: Any, name: str) -> None:
        self._sheet = book.add_worksheet(name)
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._number = book.add_format({"valign": "top"})
        self._fraction = book.add_format({"valign": "top", "num_format": "0.000"})
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._widths: list[int] = []
        self._row = 0
        self._width = 0
        self._cut = 0

    def head(self, names: Sequence[str]) -> None:
        """The heading row, and each column's width."""
        for i, name in enumerate(names):
            width = _EVIDENCE_WIDTH if name.startswith(EVIDENCE) else _WIDTHS.get(name, _WIDTH)
            self._sheet.set_column(i, i, width)
            self._widths.append(width)
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        self.append(names)

    def append(self, row: Sequence[object]) -> None:
        """One row; a value other than text, number or truth is written as its text."""
        if self._row > MOST_ROWS:
            raise CivictagError(
                f"a spreadsheet holds {MOST_ROWS:,} paragraphs and there are more",
                hint="Use -f csv or -f parquet, or tag the input in parts",
            )
        self._sheet.set_row(self._row, min(_MOST_HEIGHT, _LINE * self._lines(row)))
        for i, value in enumerate(row):
            if value is not None and value != "":
                self._cell(i, value)
        self._row += 1
        self._width = max(self._width, len(row))

    def _lines(self, row: Sequence[object]) -> int:
        """Lines of the row's highest cell. A column's width counts digits; a Chinese character takes two."""
        texts = ((v, w) for v, w in zip(row, self._widths, strict=False) if isinstance(v, str))
        return max((sum(-(-width_of(x) // (w - 1)) or 1 for x in v.split("\n")) for v, w in texts), default=1)

    def _cell(self, column: int, value: object) -> None:
        if isinstance(value, float) and value == value and abs(value) != float("inf"):
            self._sheet.write_number(self._row, column, value, self._fraction)
        elif isinstance(value, int) and abs(value) < 2**53:
            self._sheet.write_number(self._row, column, int(value), self._number)
        else:
            text = _storable(str(value))
            self._cut += len(text) > MOST_CHARACTERS
            style = self._text if self._row else self._bold
            self._sheet.write_string(self._row, column, text[:MOST_CHARACTERS], style)

    def finish(self) -> int:
        """Set the filter over all rows; returns how many cells had to be cut."""
        if self._row > 1:
            self._sheet.autofilter(0, 0, self._row - 1, self._width - 1)
        return self._cut


def _workbook(folder: str) -> Any:
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtra("writing .xlsx", "office") from error
    # Packed beside its rows and copied from there: a ZIP file wants to seek, standard output cannot.
    return xlsxwriter.Workbook(os.path.join(folder, "book.xlsx"), {**_CONSTANT_MEMORY, "tmpdir": folder})


def _storable(text: str) -> str:
    r"""Without what XML cannot hold: a lone surrogate as ``\udc80``, U+FFFE and U+FFFF likewise.

    Control characters pass: XlsxWriter writes them in the format's own way, ``_x001B_``.
    """
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
