"""How large a share of paragraphs carries each label, by any column, with intervals that can be believed.

Two things make a plain count a bad estimate. Paragraphs of one article go together, so they count for
less than their number; and the tagger errs, so that a label it finds too often looks common. The first is
met by intervals over articles, the second by the classifier's known error rates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from civictag.datamodel import Article, Label
from civictag.errors import CivictagError
from civictag.prevalence.estimators import Rates, corrected, effective_size, plain
from civictag.util.dates import UNITS, parse_date, period
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
    """

    label: str
    paragraphs: int
    share: Interval
    corrected: Interval | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The articles with one value of the column; ``value`` is "" where they have none."""

    value: str
    articles: int
    paragraphs: int
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class ShareTable:
    """All groups, and ``total`` over everything; ``groups`` is empty without a column."""

    by: str | None
    labels: tuple[tuple[str, str], ...]
    total: Group
    groups: tuple[Group, ...] = ()


@dataclass(slots=True)
class _Tally:
    """How many articles have which counts: (body paragraphs, then those of each label) → articles.

    Rows of a table have one paragraph each and few patterns, so a million rows are a few entries.
    """

    articles: Counter[tuple[int, ...]] = field(default_factory=Counter)


def shares(
    articles: Iterable[Article],
    labels: Sequence[Label],
    by: str | None = None,
    rates: Mapping[str, Rates] | None = None,
    *,
    seed: int = 0,
) -> ShareTable:
    """Count labels over tagged articles, read once; memory grows with how many differ in their counts.

    Args:
        articles: tagged articles; those without body paragraphs do not count.
        labels: the model's label set.
        by: a further column to group by; ``source`` is the file; ``column:month`` (or ``:day``,
            ``:year``) groups the dates of a column. None for the total alone.
        rates: label id → the classifier's error counts; a label without them stays uncorrected.
        seed: of the draws behind the corrected intervals.

    Raises:
        CivictagError: no article has the column, or the period after the colon is unknown.
    """
    column, unit = _column(by)
    ids = [label.id for label in labels]
    tallies: dict[str, _Tally] = {}
    seen: dict[str, None] = {}
    for article in articles:
        counts = count_labels(article, ids)
        if counts.n_body:
            seen |= dict.fromkeys(article.extra)
            tally = tallies.setdefault(_value(article, column, unit), _Tally())
            tally.articles[(counts.n_body, *counts.paragraphs)] += 1
    _check_column(column, tallies, seen)
    everything = _Tally(sum((tally.articles for tally in tallies.values()), Counter()))
    names = tuple((label.id, label.name) for label in labels)
    groups = [_group(value, tally, ids, rates or {}, seed) for value, tally in tallies.items()]
    total = _group("", everything, ids, rates or {}, seed)
    return ShareTable(by, names, total, tuple(sorted(groups, key=_order)) if by else ())


def _group(value: str, tally: _Tally, ids: Sequence[str], rates: Mapping[str, Rates], seed: int) -> Group:
    paragraphs = sum(counts[0] * times for counts, times in tally.articles.items())
    found = [_share(i, label, tally, rates.get(label), seed) for i, label in enumerate(ids, 1)]
    return Group(value, sum(tally.articles.values()), paragraphs, tuple(found))


def _share(column: int, label: str, tally: _Tally, rates: Rates | None, seed: int) -> Share:
    pairs: Counter[tuple[int, int]] = Counter()
    for counts, times in tally.articles.items():
        pairs[counts[0], counts[column]] += times
    paragraphs = sum(n * times for (n, _), times in pairs.items())
    given = sum(k * times for (_, k), times in pairs.items())
    if not paragraphs:
        return Share(label, 0, Interval(None))
    share, size = given / paragraphs, effective_size(pairs)
    return Share(label, given, plain(share, size), corrected(share, size, rates, seed) if rates else None)


def _column(by: str | None) -> tuple[str | None, str | None]:
    """``date:month`` → ("date", "month"); a column may have a colon in its name."""
    column, colon, unit = (by or "").rpartition(":")
    if colon and unit in UNITS:
        return column, unit
    return by, None


def _value(article: Article, column: str | None, unit: str | None) -> str:
    if column is None:
        return ""
    value = article.source if column == "source" else article.extra.get(column)
    if unit is None:
        return "" if value is None else str(value).strip()
    day = parse_date(value)
    return period(day, unit) if day else ""


def _check_column(column: str | None, tallies: Mapping[str, _Tally], seen: Iterable[str]) -> None:
    if column is None or any(tallies) or not tallies:
        return
    known = ", ".join(["source", *seen])
    raise CivictagError(
        f'no article has a value in the column "{column}"', field="--by", hint=f"The columns are: {known}"
    )


def _order(group: Group) -> tuple[bool, str, int, str]:
    """Dates by time, other values by size; articles without a value last."""
    day = parse_date(group.value)
    return (not group.value, day.isoformat() if day else "~", -group.paragraphs, group.value)
