"""What more labelled paragraphs would bring: measured for those that there are, drawn on from there."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civictag.settings import TrainSettings
from civictag.training.held_out import HeldOut, decided_with
from civictag.util.bootstrap import article_codes, ratio, resample, sums_by_article
from civictag.util.interval import Interval

STEP = 50  # paragraphs
REPEATS = 3  # draws of articles at each size
WORTH = 0.01  # of micro-F1 by fifty paragraphs: less is hardly seen
_SIZES = 8


@dataclass(frozen=True, slots=True)
class Point:
    """Models that learned from about ``size`` paragraphs: micro-F1, and its gain per fifty."""

    size: int
    f1: Interval
    gain: Interval | None


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """A learning curve.

    Attributes:
        points: measured, the smallest size first.
        next_gain: what the next fifty paragraphs would bring by the power law through the points
            (Figueroa et al. 2012); None where none fits.
        stop_at: paragraphs from which fifty more bring less than ``WORTH``; None where that is not in sight.
        articles: of the corpus.
        articles_needed: for an interval of the wished half-width; None where it is not defined.
    """

    points: tuple[Point, ...]
    next_gain: float | None
    stop_at: int | None
    articles: int
    articles_needed: int | None


def sizes_of(most: int) -> list[int]:
    """Multiples of fifty up to ``most`` paragraphs, at most eight, ever further apart; or ``most``."""
    if most < STEP:
        return [most]
    steps = np.unique(np.geomspace(1, max(1, most // STEP), _SIZES).round().astype(int))
    return [int(step) * STEP for step in steps]


def learning_curve(
    held: HeldOut,
    settings: TrainSettings,
    *,
    width: float = 0.05,
    jobs: int = 1,
    resamples: int = 2000,
    progress: Callable[[str], None] = lambda step: None,
) -> LearningCurve:
    """Measure micro-F1 of models that learned from ever more of a corpus.

    Args:
        held: the corpus, learned.
        settings: as it was learned with.
        width: the wished half-width of the interval of micro-F1.
        progress: is told each size.
    """
    truth = held.material.truth
    codes, articles = article_codes([row.group for row in held.material.rows])
    learnable = min(len(train) for train, _test in held.learned.folds.parts)
    sizes, sums = sizes_of(learnable), []
    for size in sizes:
        progress(str(size))
        decisions = [decided_with(held, size, settings, seed, jobs) for seed in range(REPEATS)]
        sums.append(_sums(truth, decisions, codes, articles))
    found = resample(_statistics(sums, sizes), articles, len(truth), resamples=resamples)
    points = tuple(
        Point(size, found.figure("f1", at), found.figure("gain", at - 1) if at else None)
        for at, size in enumerate(sizes)
    )
    next_gain, stop_at = extrapolated(sizes, [p.f1.value or 0.0 for p in points])
    last = points[-1].f1
    half = None if last.low is None or last.high is None else (last.high - last.low) / 2
    needed = None if not half else int(np.ceil(articles * (half / width) ** 2))
    return LearningCurve(points, next_gain, stop_at, articles, needed)


def extrapolated(sizes: Sequence[int], f1: Sequence[float]) -> tuple[float | None, int | None]:
    """Gain of the next fifty, and where fifty more bring less than ``WORTH``, by F1 = a - b n^-c."""
    from scipy.optimize import curve_fit

    def _law(n: NDArray[np.float64], a: float, b: float, c: float) -> NDArray[np.float64]:
        return np.asarray(a - b * n ** (-c))

    if len(sizes) < 4:
        return None, None
    n = np.array(sizes, dtype=float) / STEP
    try:
        with warnings.catch_warnings(action="ignore"):  # of a covariance that is not used
            fitted, _ = curve_fit(
                _law, n, f1, p0=(max(f1), 0.3, 0.7), bounds=([0, 0, 0.05], [1, 2, 3]), maxfev=5000
            )
    except (RuntimeError, ValueError):
        return None, None
    steps = np.arange(1.0, 2000.0)
    gains = _law(steps + 1, *fitted) - _law(steps, *fitted)
    below = np.flatnonzero(gains < WORTH)
    now = float(_law(n[-1:] + 1, *fitted)[0] - _law(n[-1:], *fitted)[0])
    return now, int(steps[below[0]]) * STEP if len(below) else None


def _sums(
    truth: NDArray[np.bool_], decisions: Sequence[NDArray[np.bool_]], codes: NDArray[np.intp], articles: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Twice the hits, and what is divided by, of each article, summed over the repeats."""
    hits = sum((truth & one).sum(axis=1) for one in decisions)
    both = sum(truth.sum(axis=1) + one.sum(axis=1) for one in decisions)
    return 2 * sums_by_article(np.asarray(hits), codes, articles), sums_by_article(
        np.asarray(both), codes, articles
    )


def _statistics(
    sums: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]], sizes: Sequence[int]
) -> Callable[[NDArray[np.float64]], dict[str, NDArray[np.float64]]]:
    hits, both = np.stack([a for a, _ in sums], axis=1), np.stack([b for _, b in sums], axis=1)
    steps = np.diff(sizes) / STEP

    def _weighted(weights: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        f1 = ratio(weights @ hits, weights @ both)
        return {"f1": f1, "gain": np.diff(f1, axis=1) / steps}

    return _weighted
