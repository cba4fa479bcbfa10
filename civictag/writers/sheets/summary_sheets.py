"""The sheets of a workbook that add up: an overview with a chart, and every unit and month.

Counts are formulas over the ticks of the sheet of paragraphs wherever that sheet is small enough to be
reckoned at once: who changes a tick changes the sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from civictag.util.label_counts import Counts
from civictag.util.palette import label_colors
from civictag.writers.rows import label_column
from civictag.writers.sheets.columns import SheetOf
from civictag.writers.sheets.formulas import formula, quoted
from civictag.writers.sheets.headings import TICK, label_word, word
from civictag.writers.sheets.summary import Summary, points, share
from civictag.writers.sheets.workbook import Sheet, Workbook, cell, cells

_CHART_ROWS = 16


@dataclass(frozen=True, slots=True)
class Live:
    """Formulas over the sheet of paragraphs; ``rows`` 0 makes plain numbers instead.

    Attributes:
        sheet: its name.
        at: column id → its place.
        rows: paragraphs on it.
    """

    sheet: str = ""
    at: dict[str, int] = field(default_factory=dict)
    rows: int = 0

    def count(self, column: str, value: int, unit: str | None = None, month: str | None = None) -> object:
        """Paragraphs ticked in ``column`` (``none``: without label), of a unit and month as written."""
        if not self.rows:
            return value
        # SUMPRODUCT and not COUNTIFS, which takes "2024-04" for a date and "*" for any text;
        # EXACT and not "=", to which "City A" is "CITY A".
        tests = [f'({self._cells("tags")}="")' if column == "none" else f'({self._cells(column)}="{TICK}")']
        for name, wanted in (("unit", unit), ("month", month)):
            if wanted is not None:
                tests.append(f"EXACT({self._cells(name)},{quoted(wanted)})")
        product = f"{tests[0]}*1" if len(tests) == 1 else "*".join(tests)
        return formula(f"=SUMPRODUCT({product})", value)

    def article(self, column: str, value: int, source: str) -> object:
        """The same within the article that came from ``source``."""
        if not self.rows:
            return value
        own = f"EXACT({self._cells('source')},{quoted(source)})"
        test = f'({self._cells("tags")}="")' if column == "none" else f'({self._cells(column)}="{TICK}")'
        return formula(f"=SUMPRODUCT({own}*{test})", value)

    def _cells(self, column: str) -> str:
        return cells(self.sheet, self.at[column], self.rows)


class SummarySheets:
    """Writes the two sheets.

    Args:
        of: labels and language.
        summary: the counts.
        live: formulas over the sheet of paragraphs.
        units: those that are counted one by one, in their order.
    """

    def __init__(self, of: SheetOf, summary: Summary, live: Live, units: Sequence[str]) -> None:
        self._units = units
        self._of = of
        self._summary = summary
        self._live = live
        self._rows = [(label_column(label.id), label_word(label, of.headings)) for label in of.labels]
        self._rows += [("none", self._word("none")), ("review", self._word("review"))]

    def overview(self, book: Workbook) -> None:
        """The sheet to print first: sums by label, a chart, then months and units."""
        sheet = book.sheet(self._word("summary"))
        sheet.sheet.hide_gridlines(1)  # on paper: a chart and three tables are no grid
        sheet.widths([20.0, *[11.0] * max(8, 2 + 2 * len(self._rows))])
        total = self._summary.of()
        sheet.line([self._word("summary")], "name")
        sheet.line([])
        head = [self._word(n) for n in ("label", "n_body", "share", "n_articles", "share_of_articles")]
        sheet.line(head, "head", "head over figures")
        first = sheet.row
        for at, (id, name) in enumerate(self._rows):
            self._total_row(sheet, id, name, total, at)
        whole = [self._word("total"), total.n_body, None, total.n_articles]
        sheet.line(whole, "bold", "bold figures")
        if total.n_body:
            self._chart(book, sheet, first)
        self._by(sheet, "month", self._summary.months())
        self._by(sheet, "unit", self._units)

    def units_and_months(self, book: Workbook) -> None:
        """The sheet to filter: a row for each unit, month and label, with the change to the month before."""
        sheet = book.sheet(self._word("by_unit_and_month"))
        names = [
            "unit",
            "month",
            "label",
            "n_body",
            "whole",
            "share",
            "n_articles",
            "change",
            "change_points",
        ]
        sheet.widths([22.0, 11.0, 16.0, 9.0, 9.0, 9.0, 9.0, 19.0, 19.0])
        sheet.line([self._word(name) for name in names], "head", "head", "head", "head over figures")
        sheet.sheet.freeze_panes(1, 0)
        sheet.sheet.repeat_rows(0)
        units: list[str | None] = [None, *self._units]
        for unit in units:
            for month in self._summary.months(unit):
                for at in range(len(self._rows)):
                    self._long_row(sheet, unit, month, at)
        if sheet.row > 1:
            sheet.sheet.autofilter(0, 0, sheet.row - 1, len(names) - 1)

    def _total_row(self, sheet: Sheet, id: str, name: str, total: Counts, at: int) -> None:
        n = _paragraphs(total)[at]
        row: list[object] = [name, self._live.count(id, n), self._share(sheet.row, 1, n, total.n_body)]
        if at < len(self._of.labels):
            row += [total.articles[at], share(total.articles[at], total.n_articles)]
        sheet.line(row, "text", "number", "percent", "number", "percent")

    def _long_row(self, sheet: Sheet, unit: str | None, month: str, at: int) -> None:
        id, name = self._rows[at]
        counts, before = self._summary.of(unit, month), self._summary.before(month, unit)
        n, whole = _paragraphs(counts)[at], counts.n_body
        shown_unit = self._word("all_units") if unit is None else self._known(unit)
        live = self._live.count(id, n, None if unit is None else self._known(unit), self._known(month))
        row: list[object] = [shown_unit, self._known(month), name, live, whole]
        row += [
            self._share(sheet.row, 3, n, whole),
            counts.articles[at] if at < len(counts.articles) else None,
        ]
        if before is not None:
            earlier = _paragraphs(before)[at]
            row += [n - earlier, points(share(n, whole), share(earlier, before.n_body))]
        sheet.line(row, "text", "text", "text", "number", "number", "percent", "number", "change", "points")

    def _by(self, sheet: Sheet, what: str, values: Sequence[str]) -> None:
        """A table with one row per month or unit: counts, then shares."""
        sheet.line([])
        names = [name for _, name in self._rows]
        shares = [f"{name}\n{self._word('share')}" for name in names]
        sheet.line(
            [self._word(what), self._word("n_articles"), self._word("n_body"), *names, *shares],
            "head",
            "head over figures",
        )
        for value in values:
            counts = self._summary.of(**{what: value})
            at = {what: self._known(value)}
            row: list[object] = [self._known(value), counts.n_articles, counts.n_body]
            found = list(zip(self._rows, _paragraphs(counts), strict=True))
            row += [self._live.count(id, n, **at) for (id, _), n in found]
            row += [self._share(sheet.row, 3 + i, n, counts.n_body) for i, (_, n) in enumerate(found)]
            styles = ["text", "number", "number", *["number"] * len(names), "percent"]
            sheet.line(row, *styles)

    def _share(self, row: int, column: int, part: int, whole: int) -> object:
        value = share(part, whole)
        if not self._live.rows or value is None:
            return value
        return formula(f"={cell(row, column)}/{whole}", value)

    def _chart(self, book: Workbook, sheet: Sheet, first: int) -> None:
        last = first + len(self._of.labels) - 1
        name = self._word("summary")
        chart = book.book.add_chart({"type": "bar"})
        colors = [{"fill": {"color": color}} for color in label_colors(self._of.labels)]
        chart.add_series(
            {
                "name": self._word("n_body"),
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 1, last, 1],
                "points": colors,
                "data_labels": {"value": True},
                "gap": 60,
            }
        )
        chart.set_title({"name": self._word("n_body"), "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"min": 0, "major_gridlines": {"visible": False}, "visible": False})
        chart.set_size({"width": 620, "height": 20 * (_CHART_ROWS - 2)})
        sheet.sheet.insert_chart(sheet.row + 1, 0, chart)
        for _ in range(_CHART_ROWS):
            sheet.line([])

    def _known(self, value: str) -> str:
        return value or self._word("unknown")

    def _word(self, id: str) -> str:
        return word(id, self._of.headings)


def _paragraphs(counts: Counts) -> list[int]:
    return [*counts.paragraphs, counts.n_none, counts.n_review]
