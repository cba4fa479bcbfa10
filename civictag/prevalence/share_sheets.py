"""A table of shares as CSV and as a workbook: a row per group and label, to file, filter or pivot."""

from __future__ import annotations

import io
from collections.abc import Sequence

from civictag.datamodel import Label
from civictag.i18n import language
from civictag.prevalence.grouping import NAMES, grouping
from civictag.prevalence.report_text import is_unlearned
from civictag.prevalence.shares import Group, Share, ShareTable
from civictag.util.atomic_file import StreamSink
from civictag.util.palette import label_colors
from civictag.writers.as_csv import BOM, csv_lines
from civictag.writers.sheets.headings import distinct, label_word, word
from civictag.writers.sheets.workbook import Workbook


def shares_csv(shares: ShareTable, labels: Sequence[Label], headings: str | None = None) -> bytes:
    """CSV with the figures of programs: fractions, empty where not defined; ids unless asked otherwise."""
    table = _Rows(shares, labels, headings or "ids")
    return BOM + csv_lines([table.heads(), *table.rows()])


def shares_workbook(
    shares: ShareTable, labels: Sequence[Label], headings: str | None = None, *, intervals: bool = False
) -> bytes:
    """A workbook with all rows, and a chart of the whole; in the reader's language unless asked otherwise.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """
    table = _Rows(shares, labels, headings or language(), intervals)
    book = Workbook()
    try:
        sheet = book.sheet(word("shares", table.headings))
        sheet.widths([*[20.0] * len(shares.by), 9.0, 9.0, 16.0, 9.0, 9.0, 11.0, 19.0, 19.0, *[11.0] * 10])
        styles = ["text"] * len(shares.by) + ["number", "number"]
        styles += ["text"] * (2 if table.headings == "ids" else 1)
        styles += ["number", "percent", "number", "change", "points", *["percent"] * 5]
        sheet.line(table.heads(), *["head"] * len(shares.by), "head over figures")
        for row in table.rows():
            sheet.line(row, *styles)
        sheet.sheet.freeze_panes(1, 0)
        sheet.sheet.repeat_rows(0)
        sheet.sheet.autofilter(0, 0, max(1, sheet.row - 1), len(table.heads()) - 1)
        _chart(book, table, sheet.row - len(labels))
        packed = io.BytesIO()
        book.pack(StreamSink(packed, "output"))
        return packed.getvalue()
    finally:
        book.release()


class _Rows:
    """Heads and rows, the total last."""

    def __init__(
        self, shares: ShareTable, labels: Sequence[Label], headings: str, intervals: bool = True
    ) -> None:
        self.headings = headings
        self.shares = shares
        self.labels = labels
        self._intervals = intervals
        self._corrected = any(share.corrected for share in shares.total.shares)

    def heads(self) -> list[str]:
        """The headings."""
        own = [self._word(name) for name in ("n_articles", "whole")]
        own += ["label", "name"] if self.headings == "ids" else [self._word("label")]
        names = ["n_body", "share", "label_articles", "change_period", "change_period_points"]
        names += ["low", "high"] if self._intervals else []
        own += [self._word(name) for name in names]
        if self._corrected:
            own.append(self._word("corrected"))
            own += [self._word(f"corrected_{end}") for end in ("low", "high") if self._intervals]
        return [*distinct(map(self._spec, self.shares.by), own), *own]

    def rows(self) -> list[list[object]]:
        """One row per group and label."""
        return [
            self._row(group, share, label)
            for group in (*self.shares.groups, self.shares.total)
            for share, label in zip(group.shares, self.labels, strict=True)
        ]

    def place_of_counts(self) -> int:
        """The column with the paragraphs of a label."""
        return len(self.shares.by) + (4 if self.headings == "ids" else 3)

    def _row(self, group: Group, share: Share, label: Label) -> list[object]:
        is_total = group is self.shares.total
        shown: list[object] = [self._word("total") if is_total else v or self._none() for v in group.values]
        shown += [group.articles, group.paragraphs]
        shown += [label.id, label.name] if self.headings == "ids" else [label_word(label, self.headings)]
        if is_unlearned(self.shares, share):
            return [*shown, self._word("unlearned")]
        shown += [share.paragraphs, share.share.value, share.articles, share.change, share.change_points]
        shown += [share.share.low, share.share.high] if self._intervals else []
        if self._corrected and share.corrected:
            shown.append(share.corrected.value)
            shown += [share.corrected.low, share.corrected.high] if self._intervals else []
        return shown

    def _none(self) -> str:
        return "" if self.headings == "ids" else self._word("unknown")

    def _spec(self, spec: str) -> str:
        asked = grouping(spec)
        if self.headings == "ids" or asked.own not in NAMES:
            return spec
        return self._word("month" if asked.unit == "month" else asked.own)

    def _word(self, name: str) -> str:
        return word(name, self.headings)


def _chart(book: Workbook, table: _Rows, first: int) -> None:
    """The total, a bar per label, beside nothing else: on a sheet of its own."""
    at, last = table.place_of_counts(), first + len(table.labels) - 1
    name = word("shares", table.headings)
    chart = book.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": word("n_body", table.headings),
            "categories": [name, first, at - 1, last, at - 1],
            "values": [name, first, at, last, at],
            "points": [{"fill": {"color": color}} for color in label_colors(table.labels)],
            "data_labels": {"value": True},
            "gap": 60,
        }
    )
    chart.set_title({"name": word("n_body", table.headings)})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"min": 0, "major_gridlines": {"visible": False}, "visible": False})
    chart.set_size({"width": 620, "height": 120 + 32 * len(table.labels)})
    page = book.sheet(word("chart", table.headings)).sheet
    page.hide_gridlines(2)
    page.insert_chart(1, 1, chart)
