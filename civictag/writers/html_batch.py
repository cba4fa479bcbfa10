"""What the report keeps of a batch while its articles pass by: sums, and columns for the charts."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from civictag.i18n import _, ngettext
from civictag.util.dates import period, periods, unit_for
from civictag.util.label_counts import Counts
from civictag.writers.html_charts import Column

MOST_COLUMNS = 60
"""Bars that a phone's width still shows."""

MOST_UNITS = 20
"""Units with a row of their own."""

_UNITS_KEPT = 2000


class BatchSums:
    """Sums over a batch in flat memory, however many articles it has.

    Past twice ``MOST_COLUMNS`` columns, neighbours are merged two by two: the chart of a million
    articles has as many bars as that of a hundred.
    """

    def __init__(self, n_labels: int) -> None:
        self.total = Counts.empty(n_labels)
        self.undated = 0
        self._n_labels = n_labels
        self._columns: list[Counts] = []
        self._first_titles: list[str] = []
        self._span = 1
        self._days: dict[datetime.date, Counts] = {}
        self._units: dict[str, Counts] = {}

    def add(self, counts: Counts, title: str, day: datetime.date | None, unit: str = "") -> None:
        """Count one article; ``title`` (plain text) names its column while that holds no other.

        One without a body paragraph is not counted.
        """
        if not counts.n_articles:
            return
        self._grow(counts, title)
        self.total.add(counts)
        # Where every row has a source of its own, that is no unit to count by.
        key = unit if unit in self._units or len(self._units) < _UNITS_KEPT else ""
        self._units.setdefault(key, Counts.empty(self._n_labels)).add(counts)
        if day is None:
            self.undated += 1
        else:
            self._days.setdefault(day, Counts.empty(self._n_labels)).add(counts)

    def span(self) -> tuple[str, str] | None:
        """The first and the last day; None where no article has one."""
        return (min(self._days).isoformat(), max(self._days).isoformat()) if self._days else None

    def by_unit(self) -> list[Column]:
        """Counts of the units with most paragraphs, the rest together, those of no unit last.

        Empty where fewer than two units are named, or too many to be units.
        """
        named = {unit: counts for unit, counts in self._units.items() if unit}
        if not 2 <= len(named) < _UNITS_KEPT - 1:
            return []
        order = sorted(named, key=lambda unit: (-named[unit].n_body, unit))
        found = [Column(unit, named[unit]) for unit in order[:MOST_UNITS]]
        if rest := order[MOST_UNITS:]:
            name = ngettext("{count} other unit", "the other {count} units", len(rest))
            found.append(Column(name, _merged([named[unit] for unit in rest])))
        return [*found, *(Column(_("no unit named"), self._units[name]) for name in self._units if not name)]

    def over_articles(self) -> list[Column]:
        """Columns in the order of the batch; none of a table of single paragraphs, all 0 % or 100 %."""
        if self.total.n_body < 2 * self.total.n_articles:
            return []
        columns = []
        for i, counts in enumerate(self._columns):
            first = i * self._span + 1
            name = f"{first}. {self._first_titles[i]}" if self._span == 1 else _range(first, counts)
            columns.append(Column(name, counts))
        return columns

    def over_time(self) -> list[Column]:
        """Columns by day, week, month or year, with gaps; empty when the articles do not name two days."""
        if len(self._days) < 2:
            return []
        first, last, unit = min(self._days), max(self._days), unit_for(self._days)
        sums = {name: Counts.empty(self._n_labels) for name in periods(first, last, unit)}
        for day, counts in self._days.items():
            sums[period(day, unit)].add(counts)
        return [Column(_shown(name, unit), counts) for name, counts in sums.items()]

    def _grow(self, counts: Counts, title: str) -> None:
        if self.total.n_articles % self._span == 0:
            if len(self._columns) == 2 * MOST_COLUMNS:
                self._halve()
            self._columns.append(Counts.empty(self._n_labels))
            if self._span == 1:
                self._first_titles.append(title[:20])
        self._columns[-1].add(counts)

    def _halve(self) -> None:
        self._columns = [_merged(self._columns[i : i + 2]) for i in range(0, len(self._columns), 2)]
        self._first_titles = []
        self._span *= 2


def _shown(name: str, unit: str) -> str:
    """A period as people write it."""
    return name if unit != "week" else _("week {week} of {year}", year=name[:4], week=int(name[6:]))


def _merged(columns: Sequence[Counts]) -> Counts:
    merged = Counts.empty(len(columns[0].paragraphs))
    for column in columns:
        merged.add(column)
    return merged


def _range(first: int, counts: Counts) -> str:
    return _("articles {first}–{last}", first=first, last=first + counts.n_articles - 1)
