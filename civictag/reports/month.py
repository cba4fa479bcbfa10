"""What happened in a month: the facts of which the report's sentences, tables and charts are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from civictag.datamodel import Article, Label, NotCounted, Paragraph, Why
from civictag.errors import CivictagError
from civictag.i18n import _
from civictag.util.label_counts import Counts, count_labels
from civictag.util.origin import REPORT_MONTH, month_dated, month_of, report_of
from civictag.writers.sheets.summary import Summary, month_before

MOST_EXAMPLES = 2  # per label
_SHORT, _LONG = 15, 160  # characters of an example that says enough and can be read


@dataclass(frozen=True, slots=True)
class Example:
    """A paragraph that shows what a label is given for."""

    article: Article
    paragraph: Paragraph
    label: Label


@dataclass(slots=True)
class Month:
    """A month's articles and counts.

    Attributes:
        name: ``2024-04``.
        labels: the label set.
        articles: this month's articles, each with ``REPORT_MONTH`` among its further columns.
        earlier: those of the month before, where they are known.
        older: those that a workbook of reports holds of months before that: they are in no figure of the
            report, and go on into its workbook.
        undated, other: this month's articles without a date, and with the date of another month.
        not_counted: what was handed in and is in no figure.
        checked: paragraphs that a person checked.
    """

    name: str
    labels: Sequence[Label]
    articles: list[Article]
    earlier: list[Article] = field(default_factory=list)
    older: list[Article] = field(default_factory=list)
    undated: int = 0
    other: int = 0
    not_counted: list[NotCounted] = field(default_factory=list)
    checked: int = 0

    def left_out(self, why: Why) -> int:
        """How many were not counted for this reason."""
        return sum(one.why == why for one in self.not_counted)

    def summary(self) -> Summary:
        """Counts by unit, of both months."""
        ids = [label.id for label in self.labels]
        summary = Summary(len(ids))
        for article in (*self.earlier, *self.articles):
            summary.add(article, count_labels(article, ids))
        return summary

    def now(self) -> Counts:
        """The month's counts."""
        return self.summary().of(month=self.name)

    def before(self) -> Counts | None:
        """The counts of the month before; None where it is not known."""
        return self.summary().of(month=month_before(self.name)) if self.earlier else None

    def examples(self) -> list[Example]:
        """Paragraphs that are surely of a label and short enough to read, the surest first."""
        found: list[Example] = []
        for label in self.labels:
            fitting = [
                (tag.probability, article, paragraph)
                for article in self.articles
                for paragraph in article.paragraphs
                for tag in paragraph.tags
                if tag.label == label.id and not paragraph.review and _SHORT <= len(paragraph.text) <= _LONG
            ]
            fitting.sort(key=lambda one: -one[0])
            texts: set[str] = set()
            for _p, article, paragraph in fitting:
                if paragraph.text not in texts and len(texts) < MOST_EXAMPLES:
                    texts.add(paragraph.text)
                    found.append(Example(article, paragraph, label))
        return found


def month_of_articles(
    articles: Iterable[Article], earlier: Iterable[Article], labels: Sequence[Label], name: str | None
) -> Month:
    """The month of articles that were handed in together.

    An article from the workbook of a report (``REPORT_MONTH``) is of the month that it was counted in.

    Args:
        articles: tagged articles. Without ``name`` all are this month's, whatever their date; with it
            those of that month and those without a date are, and the month before is taken from them
            too where ``earlier`` is empty.
        earlier: those of the month before.
        labels: the label set.
        name: ``2024-04``; None takes the last month of a report, else that which most articles have.

    Raises:
        CivictagError: there is no article, or none has a date and ``name`` is None.
    """
    everything, previous = list(articles), list(earlier)
    if not everything:
        raise CivictagError(_("no article could be read"))
    month = name or _month_in(everything)
    before = month_before(month)
    mine, others = _parted(everything, lambda a: _is_of(a, month, any_date=name is None))
    if previous:
        found, rest = _parted(previous, lambda a: report_of(a) in ("", before))
        rest += others
    else:
        found, rest = _parted(others, lambda a: month_of(a) == before)
    older, left = _parted(rest, lambda a: "" < report_of(a) < before)
    return Month(
        month, labels, [_in(a, month) for a in mine], [_in(a, before) for a in found], older,
        undated=sum(not month_dated(a) for a in mine),
        other=sum(month_dated(a) not in ("", month) for a in mine),
        not_counted=[NotCounted("other_month", a.source, a.title, a.date) for a in left],
        checked=sum(p.checked for a in mine for p in a.paragraphs),
    )  # fmt: skip


def _parted(
    articles: Iterable[Article], test: Callable[[Article], bool]
) -> tuple[list[Article], list[Article]]:
    """Those that pass the test, and the others."""
    passed: list[Article] = []
    others: list[Article] = []
    for article in articles:
        (passed if test(article) else others).append(article)
    return passed, others


def _month_in(articles: Sequence[Article]) -> str:
    """The last month of a report, else that of most dates."""
    if reports := [month for month in map(report_of, articles) if month]:
        return max(reports)
    dates = Counter(filter(None, map(month_dated, articles)))
    if not dates:
        raise CivictagError(_("no article has a date"), hint=_("Say which month it is: --month 2024-04"))
    return dates.most_common(1)[0][0]


def _is_of(article: Article, month: str, *, any_date: bool) -> bool:
    """Whether it is counted in the month: as in an earlier report, else by its date or as handed in."""
    if report := report_of(article):
        return report == month
    return any_date or month_dated(article) in ("", month)


def _in(article: Article, month: str) -> Article:
    """The article as one of that month's report, whatever its own date."""
    return replace(article, extra={**article.extra, REPORT_MONTH: month})
