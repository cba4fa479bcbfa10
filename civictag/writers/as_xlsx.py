"""A workbook for staff: paragraphs with ticks to change, articles, sums with a chart, and the ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from civictag.datamodel import Article, Label
from civictag.i18n import _, language
from civictag.util.atomic_file import Sink
from civictag.util.label_counts import Counts, count_labels
from civictag.util.origin import report_of
from civictag.version import __version__
from civictag.writers.as_csv import left_out
from civictag.writers.base import ModelId, Options, Writer
from civictag.writers.rows import label_column
from civictag.writers.sheets.columns import (
    FIRST_COUNT,
    SHOWN_ANYWAY,
    TAG_SEPARATOR,
    Column,
    SheetOf,
    further_of,
)
from civictag.writers.sheets.formulas import formula, quoted
from civictag.writers.sheets.headings import TICK, label_word, word
from civictag.writers.sheets.summary import Summary
from civictag.writers.sheets.summary_sheets import Live, SummarySheets
from civictag.writers.sheets.workbook import Workbook, cell

# Past this a changed tick would take a spreadsheet program seconds; the sums are then plain numbers.
_MOST_LIVE = 3000
_MOST_LIVE_UNITS = 200  # likewise: each unit, month and label is a formula over all paragraphs
_MOST_UNITS = 2000  # past this every row has a source of its own, and that is no unit to count by
_NOT_COUNTED = (("why", 12.0), ("title", 30.0), ("date", 12.0), ("source", 40.0), ("detail", 60.0))


class XlsxWriter(Writer):
    """``-f xlsx``; needs XlsxWriter. Memory is flat: rows go to disk at once.

    Headings are in the language of ``options.headings``, by default the reader's. The further columns
    are those of the first article. Raises CivictagError past ``MOST_ROWS`` paragraphs.
    """

    def __init__(self, sink: Sink, labels: Sequence[Label], model: ModelId, options: Options) -> None:
        super().__init__(sink)
        self._model = model
        headings = options.headings or language()
        self._of = SheetOf(tuple(labels), headings, options.explain, cues_only=options.cues_only)
        self._ids = [label.id for label in labels]
        self._summary = Summary(len(self._ids))
        self._waiting: list[tuple[Article, Counts]] = []  # articles, while the sums may become formulas
        self._is_live = self._of.headings != "ids"
        self._sources: set[str] = set()
        self._started = False
        self._further, self._not_counted = options.further, options.not_counted
        self._report = ""
        self._known: frozenset[str] = frozenset()
        self._missed: dict[str, None] = {}
        self._book = Workbook()
        self._paragraphs = self._book.sheet(self._word("paragraphs"))
        self._articles = self._book.sheet(self._word("articles"))

    def write(self, article: Article) -> None:
        """Append the article's body paragraphs, and its sums."""
        self._start(tuple(dict.fromkeys((*self._further, *article.extra))), article)
        self._missed |= dict.fromkeys(name for name in article.extra if name not in self._known)
        self._report = max(self._report, report_of(article))
        for row in self._of.paragraph_rows(article):
            self._paragraphs.append(self._shown(row))
        counts = count_labels(article, self._ids)
        self._summary.add(article, counts)
        self._waiting.append((replace(article, text="", paragraphs=()), counts))
        # Two articles of one source could not be told apart by a formula.
        self._is_live &= self._paragraphs.row <= _MOST_LIVE and article.source not in self._sources
        if self._is_live:
            self._sources.add(article.source)
        else:
            self._write_articles(Live())

    def finish(self) -> None:
        """Write the sheets that add up, and pack the file."""
        self._start(self._further)
        if self._missed:
            self.warnings.append(left_out(self._missed))
        live = self._live()
        self._write_articles(live)
        units = self._summary.units()
        if len(units) > _MOST_UNITS:
            self.warnings.append(_too_many(len(units)))
            units = []
        sheets = SummarySheets(self._of, self._summary, live, units)
        sheets.overview(self._book)
        sheets.units_and_months(self._book)
        if self._not_counted:
            self._write_not_counted()
        self._write_ids()
        for sheet in (self._paragraphs, self._articles):
            sheet.finish()
        self.warnings += self._book.pack(self.sink)

    def release(self) -> None:
        """Remove the rows and the packed file that waited on disk."""
        self._book.release()

    def _start(self, extra: tuple[str, ...], first: Article | None = None) -> None:
        if self._started:
            return
        self._started = True
        self._known = frozenset((*extra, *SHOWN_ANYWAY))
        self._of = replace(self._of, extra=further_of(extra, first))
        self._columns = self._of.paragraphs()
        self._at = {column.id: at for at, column in enumerate(self._columns)}
        self._paragraphs.head(self._columns)
        self._articles.head(self._of.articles())

    def _live(self) -> Live:
        few = len(self._summary.units()) <= _MOST_LIVE_UNITS
        rows = self._paragraphs.row - 1 if self._is_live and few else 0
        return Live(self._word("paragraphs"), self._at, rows)

    def _shown(self, row: list[object]) -> list[object]:
        """The row with its list of labels as a formula over its ticks."""
        if self._of.headings == "ids":
            return row
        for name in ("unit", "month"):  # filled, so that a filter and a formula can ask for it
            row[self._at[name]] = row[self._at[name]] or self._word("unknown")
        tests = []
        for label in self._of.labels:
            tick = cell(self._paragraphs.row, self._at[label_column(label.id)])
            name = quoted(TAG_SEPARATOR + label_word(label, self._of.headings))
            tests.append(f'IF({tick}="{TICK}",{name},"")')
        row[self._at["tags"]] = formula(f"=MID({'&'.join(tests)},2,999)", row[self._at["tags"]])
        return row

    def _write_articles(self, live: Live) -> None:
        for article, counts in self._waiting:
            row = self._of.article_row(article, counts)
            names = [*map(label_column, self._ids), "none", "review"]
            for at, name in enumerate(names, FIRST_COUNT):
                row[at] = live.article(name, int(str(row[at])), article.source)
            self._articles.append(row)
        self._waiting.clear()

    def _write_ids(self) -> None:
        """What a heading and a label are to a program, and what made the workbook."""
        sheet = self._book.sheet(self._word("ids"))
        sheet.widths([24.0, 24.0, 70.0])
        sheet.line([self._word(name) for name in ("heading", "id_of_it", "meaning")], "head")
        about = {label_column(label.id): label for label in self._of.labels}
        for column in self._columns:
            row = [about[column.id].id, about[column.id].definition] if column.label else [column.id]
            sheet.line([column.heading, *row], "text")
        for key in ("name", "version", "sha256"):
            sheet.line([self._word(f"model_{key}"), f"model {key}", self._model.get(key, "")], "text")
        sheet.line([self._word("program"), "civictag", __version__], "text")
        if self._report:
            sheet.line([self._word("report"), "report", self._report], "text")

    def _write_not_counted(self) -> None:
        """What a report's sentences on things left out can be added up from."""
        sheet = self._book.sheet(self._word("not_counted"))
        sheet.head([Column(id, self._word(id), width=width) for id, width in _NOT_COUNTED])
        for one in self._not_counted:
            row = (self._word(one.why), one.title, one.date, one.source, one.detail)
            sheet.line(row, "text")
        sheet.finish()

    def _word(self, id: str) -> str:
        return word(id, self._of.headings)


def _too_many(units: int) -> str:
    return _(
        "{count} units are too many to be counted one by one (the most is {most}): the sums are of all units"
        " together",
        count=units,
        most=_MOST_UNITS,
    )
