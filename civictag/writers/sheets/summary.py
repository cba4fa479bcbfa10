"""Counts by unit and month, from which every total of a workbook and of a month's report is made."""

from __future__ import annotations

from civictag.datamodel import Article
from civictag.util.label_counts import Counts
from civictag.util.origin import month_of


class Summary:
    """Adds up articles by (unit, month); "" is a unit or month that nothing tells.

    Every sum is kept as articles pass by: added up when it is asked for, a crawl in which every row has a
    unit of its own took the square of its rows.
    """

    def __init__(self, n_labels: int) -> None:
        self._n_labels = n_labels
        self._sums: dict[tuple[str | None, str | None], Counts] = {}
        self._months: dict[str | None, set[str]] = {}

    def add(self, article: Article, counts: Counts) -> None:
        """Count an article; ``counts`` are its own. One without a body paragraph makes no unit or month."""
        if not counts.n_articles:
            return
        month = month_of(article)
        for unit in (article.unit, None):
            self._months.setdefault(unit, set()).add(month)
            for key in ((unit, month), (unit, None)):
                self._sums.setdefault(key, Counts.empty(self._n_labels)).add(counts)

    def of(self, unit: str | None = None, month: str | None = None) -> Counts:
        """The sum over a unit, a month, or both, to be read only; None is all of them."""
        return self._sums.get((unit, month)) or Counts.empty(self._n_labels)

    def units(self) -> list[str]:
        """The units, that with most paragraphs first; "" last."""
        units = (unit for unit in self._months if unit is not None)
        return sorted(units, key=lambda unit: (not unit, -self.of(unit).n_body, unit))

    def months(self, unit: str | None = None) -> list[str]:
        """The months in order; "" last."""
        return sorted(self._months.get(unit, ()), key=lambda month: (not month, month))

    def before(self, month: str, unit: str | None = None) -> Counts | None:
        """The counts of the calendar month before; None where there are none, and of "" too."""
        earlier = month_before(month)
        return self.of(unit, earlier) if earlier and earlier in self._months.get(unit, ()) else None


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
