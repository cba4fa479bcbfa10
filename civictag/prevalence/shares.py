"""How large a share of paragraphs carries each label, by any column, with intervals that can be believed.

Two things make a plain count a bad estimate. Paragraphs of one article go together, so they count for
less than their number; and the tagger errs, so that a label it finds too often looks common. The first is
met by intervals over articles, the second by the classifier's known error rates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from civictag.datamodel import Article, Label
from civictag.prevalence.estimators import Rates, corrected, effective_size, plain
from civictag.prevalence.grouping import Grouping, grouping, missing
from civictag.util.dates import parse_date, period_before
from civictag.util.interval import Interval
from civictag.util.label_counts import count_labels


@dataclass(frozen=True, slots=True)
class Share:
    """One label in one group.

    Attributes:
        label: its id.
        paragraphs: body paragraphs that were given the label.
        share: their share of the group's body paragraphs.
        corrected: the share after correction for the label's error rates; None without rates.
        articles: articles with such a paragraph.
        change, change_points: against the period before, in paragraphs and in percentage points of the
            share; None where there is no period before.
    """

    label: str
    paragraphs: int
    share: Interval
    corrected: Interval | None = None
    articles: int = 0
    change: int | None = None
    change_points: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The articles with one value of each column; a value is "" where they have none."""

    values: tuple[str, ...]
    articles: int
    paragraphs: int
    shares: tuple[Share, ...]

    @property
    def value(self) -> str:
        """The values as one."""
        return " · ".join(self.values) if any(self.values) else ""


@dataclass(frozen=True, slots=True)
class ShareTable:
    """All groups, and ``total`` over everything; ``groups`` is empty without a column.

    ``unlearned``: labels that the model never gave on text it had not seen: 0 says nothing of them.
    ``always_given``: labels that it gives to every paragraph: all of them says nothing either.
    """

    by: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    total: Group
    groups: tuple[Group, ...] = ()
    unlearned: frozenset[str] = frozenset()
    always_given: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Tally:
    """How many articles have which counts: (body paragraphs, then those of each label) → articles.

    Rows of a table have one paragraph each and few patterns, so a million rows are a few entries.
    """

    articles: Counter[tuple[int, ...]] = field(default_factory=Counter)


def shares(
    articles: Iterable[Article],
    labels: Sequence[Label],
    by: str | Sequence[str] | None = None,
    rates: Mapping[str, Rates] | None = None,
    *,
    seed: int = 0,
    unlearned: Iterable[str] = (),
    always_given: Iterable[str] = (),
) -> ShareTable:
    """Count labels over tagged articles, read once; memory grows with how many differ in their counts.

    Args:
        articles: tagged articles; those without body paragraphs do not count.
        labels: the model's label set.
        by: what to group by, one or several: a further column; ``source`` (the file), ``folder``,
            ``unit``, ``date``; ``date:month`` (or ``:day``, ``:week``, ``:quarter``, ``:year``, of any
            column of dates); ``extra.source`` is a column of that name. None for the total alone.
        rates: label id → the classifier's error counts; a label without them stays uncorrected.
        seed: of the draws behind the corrected intervals.
        unlearned, always_given: labels that the model has not learned; see ``ShareTable``.

    Raises:
        CivictagError: no article has the column, or the period after the colon is unknown.
    """
    asked = [grouping(spec) for spec in ([by] if isinstance(by, str) else by or ())]
    ids = [label.id for label in labels]
    tallies = _tallies(articles, ids, asked)
    everything = _Tally(sum((tally.articles for tally in tallies.values()), Counter()))
    names = tuple((label.id, label.name) for label in labels)
    groups = [_group(values, tally, ids, rates or {}, seed) for values, tally in tallies.items()]
    total = _group(("",) * len(asked), everything, ids, rates or {}, seed)
    ordered = _with_changes(sorted(groups, key=_order(groups)), asked) if asked else []
    specs = tuple(one.spec for one in asked)
    known = set(ids)
    never, always = known & {*unlearned}, known & {*always_given}
    return ShareTable(specs, names, total, tuple(ordered), frozenset(never), frozenset(always))


def _tallies(
    articles: Iterable[Article], ids: Sequence[str], asked: Sequence[Grouping]
) -> dict[tuple[str, ...], _Tally]:
    """The counts of each group; an error names the column that nothing has."""
    tallies: dict[tuple[str, ...], _Tally] = {}
    seen: dict[str, None] = {}
    for article in articles:
        counts = count_labels(article, ids)
        if counts.n_body:
            seen |= dict.fromkeys(article.extra)
            values = tuple(one.value(article) for one in asked)
            tallies.setdefault(values, _Tally()).articles[(counts.n_body, *counts.paragraphs)] += 1
    for at, one in enumerate(asked):
        if tallies and not any(values[at] for values in tallies):
            raise missing(one, seen)
    return tallies


def _group(
    values: tuple[str, ...], tally: _Tally, ids: Sequence[str], rates: Mapping[str, Rates], seed: int
) -> Group:
    paragraphs = sum(counts[0] * times for counts, times in tally.articles.items())
    found = [_share(i, label, tally, rates.get(label), seed) for i, label in enumerate(ids, 1)]
    return Group(values, sum(tally.articles.values()), paragraphs, tuple(found))


def _share(column: int, label: str, tally: _Tally, rates: Rates | None, seed: int) -> Share:
    pairs: Counter[tuple[int, int]] = Counter()
    for counts, times in tally.articles.items():
        pairs[counts[0], counts[column]] += times
    paragraphs = sum(n * times for (n, _), times in pairs.items())
    positives = sum(k * times for (_, k), times in pairs.items())
    if not paragraphs:
        return Share(label, 0, Interval(None))
    share, size = positives / paragraphs, effective_size(pairs)
    better = corrected(share, size, rates, seed) if rates else None
    articles = sum(times for (_, k), times in pairs.items() if k)
    return Share(label, positives, plain(share, size), better, articles)


def _with_changes(groups: Sequence[Group], asked: Sequence[Grouping]) -> list[Group]:
    """Each group beside that of the period before, where one of the columns is a period."""
    at = next((at for at, one in enumerate(asked) if one.unit), None)
    if at is None:
        return list(groups)
    known = {group.values: group for group in groups}
    return [_changed(group, known.get(_earlier(group.values, at, asked[at].unit or ""))) for group in groups]


def _earlier(values: tuple[str, ...], at: int, unit: str) -> tuple[str, ...]:
    before = period_before(values[at], unit) if values[at] else "-"
    return (*values[:at], before, *values[at + 1 :])


def _changed(group: Group, before: Group | None) -> Group:
    if before is None:
        return group
    pairs = zip(group.shares, before.shares, strict=True)
    return replace(group, shares=tuple(_change(now, earlier) for now, earlier in pairs))


def _change(now: Share, before: Share) -> Share:
    points = None
    if now.share.value is not None and before.share.value is not None:
        points = 100 * (now.share.value - before.share.value)
    return replace(now, change=now.paragraphs - before.paragraphs, change_points=points)


def _order(groups: Iterable[Group]) -> Callable[[Group], tuple[tuple[bool, str, int, str], ...]]:
    """Dates and periods by time, other values by size; articles without a value last."""
    sizes: Counter[tuple[int, str]] = Counter()
    for group in groups:
        for at, value in enumerate(group.values):
            sizes[at, value] += group.paragraphs

    def key(group: Group) -> tuple[tuple[bool, str, int, str], ...]:
        """The first column decides, then the second."""
        return tuple(
            (not value, value if parse_date(value) else "~", -sizes[at, value], value)
            for at, value in enumerate(group.values)
        )

    return key
