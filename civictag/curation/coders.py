"""How far people agree who labelled the same paragraphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civictag.datamodel import LabelledParagraph
from civictag.errors import MissingExtra
from civictag.evaluation.agreement import krippendorff_alpha
from civictag.util.bootstrap import article_codes, mean_defined, ratio, resample, sums_by_article
from civictag.util.interval import Interval

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """One label (or all of them together, label ``micro``).

    Attributes:
        given: coder -> paragraphs to which the coder gave it.
        kappa: Cohen's kappa, the mean over pairs of coders; None where it is not defined.
        alpha: Krippendorff's alpha, nominal; None where it is not defined, or its library not installed.
        f1: of one coder against the other, the mean over pairs, with its interval over articles.
    """

    label: str
    given: dict[str, int]
    kappa: float | None
    alpha: float | None
    f1: Interval


@dataclass(frozen=True, slots=True)
class Agreement:
    """What several coders made of the same paragraphs.

    Attributes:
        coders: their names.
        paragraphs, articles: that all of them labelled.
        alone: coder -> paragraphs that not all of the others labelled; they are left out.
        twice: coder -> rows of a paragraph that the coder labelled again further down; the last row counts.
        identical: paragraphs with the same labels from all.
        labels: by label, and ``micro`` last.
        disputed: the paragraphs with different labels: the paragraph, and coder -> labels.
    """

    coders: tuple[str, ...]
    paragraphs: int
    articles: int
    alone: dict[str, int]
    twice: dict[str, int]
    identical: int
    labels: tuple[LabelAgreement, ...]
    disputed: tuple[tuple[LabelledParagraph, dict[str, tuple[str, ...]]], ...]


def agreement(
    coders: Mapping[str, Sequence[LabelledParagraph]],
    ids: Sequence[str],
    *,
    resamples: int = 2000,
    seed: int = 0,
) -> Agreement:
    """Compare the labels of two or more people.

    Paragraphs are matched by article and number, or by their text where that matches more of them.

    Args:
        coders: name -> what the coder labelled; at least two.
        ids: the labels.
    """
    tables = _matched(coders)
    shared = [key for key in next(iter(tables.values())) if all(key in table for table in tables.values())]
    said = np.array([[[x in t[k].labels for x in ids] for k in shared] for t in tables.values()], dtype=bool)
    said = said.reshape(len(tables), len(shared), len(ids))
    first = [next(iter(tables.values()))[key] for key in shared]
    columns = [said[:, :, i] for i in range(len(ids))]
    codes, articles = article_codes([row.group for row in first]) if first else (np.zeros(0, np.intp), 0)
    figures = []
    for label, column in zip([*ids, "micro"], [*columns, said], strict=True):
        figures.append(_figures(label, list(tables), column, codes, articles, resamples, seed))
    disputed = tuple(
        (row, {name: table[key].labels for name, table in tables.items()})
        for row, key in zip(first, shared, strict=True)
        if len({frozenset(table[key].labels) for table in tables.values()}) > 1
    )
    alone = {name: len(table) - len(shared) for name, table in tables.items()}
    twice = {name: len(rows) - len(tables[name]) for name, rows in coders.items()}
    same = len(shared) - len(disputed)
    return Agreement(tuple(tables), len(shared), articles, alone, twice, same, tuple(figures), disputed)


def _matched(coders: Mapping[str, Sequence[LabelledParagraph]]) -> dict[str, dict[Any, LabelledParagraph]]:
    by_place = {name: {(row.doc, row.para): row for row in rows} for name, rows in coders.items()}
    by_text = {name: {row.text.strip(): row for row in rows} for name, rows in coders.items()}
    ways: list[dict[str, dict[Any, LabelledParagraph]]] = [by_place, by_text]
    # Numbers that agree by chance (two exports without articles) name different texts.
    common = [_common(way) for way in ways]
    same = all(
        len({way[name][key].text.strip() for name in way}) == 1
        for way, key in [(by_place, k) for k in common[0]]
    )
    return by_place if same and len(common[0]) >= len(common[1]) else by_text


def _common(tables: Mapping[str, Mapping[Any, LabelledParagraph]]) -> set[Any]:
    return set.intersection(*(set(table) for table in tables.values()))


def _figures(
    label: str,
    names: Sequence[str],
    said: Bools,
    codes: NDArray[np.intp],
    articles: int,
    resamples: int,
    seed: int,
) -> LabelAgreement:
    """Of one label: ``said`` of shape (coders, paragraphs); of all: (coders, paragraphs, labels)."""
    flat = said.reshape(len(said), -1)
    given = {name: int(row.sum()) for name, row in zip(names, flat, strict=True)}
    if not articles:
        return LabelAgreement(label, given, None, None, Interval(None))
    return LabelAgreement(
        label, given, _kappa(flat), _alpha(flat), _f1(said, codes, articles, resamples, seed)
    )


def _alpha(flat: Bools) -> float | None:
    try:
        return krippendorff_alpha(flat)
    except MissingExtra:  # kappa and F1 are in the base: whoever asks for them needs nothing more
        return None


def _kappa(flat: Bools) -> float | None:
    from sklearn.metrics import cohen_kappa_score

    pairs = [(a, b) for a, b in combinations(flat, 2) if (a.any() or b.any()) and not (a.all() and b.all())]
    return float(np.mean([cohen_kappa_score(a, b) for a, b in pairs])) if pairs else None


def _f1(said: Bools, codes: NDArray[np.intp], articles: int, resamples: int, seed: int) -> Interval:
    pairs = list(combinations(said.reshape(len(said), len(codes), -1), 2))
    both = np.stack([(a & b).sum(axis=1) for a, b in pairs], axis=1)
    some = np.stack([a.sum(axis=1) + b.sum(axis=1) for a, b in pairs], axis=1)
    hits, sums = sums_by_article(both, codes, articles), sums_by_article(some, codes, articles)

    def _statistics(weights: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        return {"f1": mean_defined(ratio(2 * weights @ hits, weights @ sums))}

    return resample(_statistics, articles, len(codes), resamples=resamples, seed=seed).figure("f1")
