"""What happened in a month: the facts of which the report's sentences, tables and charts are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from civictag.datamodel import Article, Label, Paragraph
from civictag.errors import CivictagError
from civictag.i18n import _
from civictag.util.label_counts import Counts, count_labels
from civictag.util.origin import REPORT_MONTH, month_of
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
        undated, other: this month's articles without a date, and with the date of another month.
        left_out: articles of other months that were left out.
        copies: reprinted articles that were counted once.
        unread: what could not be read, a sentence each.
        checked: paragraphs that a person checked.
    """

    name: str
    labels: Sequence[Label]
    articles: list[Article]
    earlier: list[Article] = field(default_factory=list)
    undated: int = 0
    other: int = 0
    left_out: int = 0
    copies: int = 0
    unread: list[str] = field(default_factory=list)
    checked: int = 0

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

    Args:
        articles: tagged articles. Without ``name`` all are this month's, whatever their date; with it
            those of that month and those without a date are, and the month before is taken from them
            too where ``earlier`` is empty.
        earlier: those of the month before.
        labels: the label set.
        name: ``2024-04``; None takes the month that most articles have.

    Raises:
        CivictagError: there is no article, or none has a date and ``name`` is None.
    """
    everything, earlier = list(articles), list(earlier)
    dates = Counter(filter(None, map(month_of, everything)))
    if not everything:
        raise CivictagError(_("no article could be read"))
    if name is None and not dates:
        raise CivictagError(_("no article has a date"), hint=_("Say which month it is: --month 2024-04"))
    month = name or dates.most_common(1)[0][0]
    mine = [a for a in everything if name is None or month_of(a) in ("", month)]
    if name is not None and not earlier:
        earlier = [a for a in everything if month_of(a) == month_before(month)]
        taken = len(mine) + len(earlier)
    else:
        taken = len(mine)
    return Month(
        month, labels, [_in(a, month) for a in mine], [_in(a, month_before(month)) for a in earlier],
        undated=sum(not month_of(a) for a in mine),
        other=sum(month_of(a) not in ("", month) for a in mine),
        left_out=len(everything) - taken,
        checked=sum(p.checked for a in mine for p in a.paragraphs),
    )  # fmt: skip


def _in(article: Article, month: str) -> Article:
    """The article as one of that month's report, whatever its own date."""
    return replace(article, extra={**article.extra, REPORT_MONTH: month})
