"""Counts by unit and month, from which every total of a workbook and of a month's report is made."""

from __future__ import annotations

from collections.abc import Iterable

from civictag.datamodel import Article
from civictag.util.label_counts import Counts
from civictag.util.origin import month_of


class Summary:
    """Adds up articles by (unit, month); "" is a unit or month that nothing tells.

    Attributes:
        counts: (unit, month) → counts of its articles.
    """

    def __init__(self, n_labels: int) -> None:
        self._n_labels = n_labels
        self.counts: dict[tuple[str, str], Counts] = {}

    def add(self, article: Article, counts: Counts) -> None:
        """Count an article; ``counts`` are its own. One without a body paragraph makes no unit or month."""
        if not counts.n_articles:
            return
        key = article.unit, month_of(article)
        self.counts.setdefault(key, Counts.empty(self._n_labels)).add(counts)

    def of(self, unit: str | None = None, month: str | None = None) -> Counts:
        """The sum over a unit, a month, or both; None is all of them."""
        total = Counts.empty(self._n_labels)
        for (its_unit, its_month), counts in self.counts.items():
            if unit in (None, its_unit) and month in (None, its_month):
                total.add(counts)
        return total

    def units(self) -> list[str]:
        """The units, that with most paragraphs first; "" last."""
        units = {unit for unit, _ in self.counts}
        return sorted(units, key=lambda unit: (not unit, -self.of(unit).n_body, unit))

    def months(self, unit: str | None = None) -> list[str]:
        """The months in order; "" last."""
        months = {month for its_unit, month in self.counts if unit in (None, its_unit)}
        return sorted(months, key=lambda month: (not month, month))

    def before(self, month: str, unit: str | None = None) -> Counts | None:
        """The counts of the calendar month before; None where there are none."""
        earlier = month_before(month)
        return self.of(unit, earlier) if earlier in self.months(unit) else None


def month_before(month: str) -> str:
    """``2024-03`` for ``2024-04``; "" for ""."""
    if not month:
        return ""
    year, number = int(month[:4]), int(month[5:7])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def share(part: int, whole: int) -> float | None:
    """A fraction; None of nothing."""
    return part / whole if whole else None


def points(now: float | None, before: float | None) -> float | None:
    """The change of a share in percentage points."""
    return None if now is None or before is None else (now - before) * 100


def summed(articles: Iterable[tuple[Article, Counts]], n_labels: int) -> Summary:
    """The summary of articles with their counts."""
    summary = Summary(n_labels)
    for article, counts in articles:
        summary.add(article, counts)
    return summary
