"""How good decisions are, and how sure it is that some are better than others."""

from __future__ import annotations

import numpy as np

from civictag.training.calibrate import CUTS
from civictag.training.learners.mi_svm import Floats
from civictag.training.material import Truth

_SURE = 0.01  # p-value up to which scores rank better than chance


def no_better_than_everything(predicted: Truth, truth: Truth, scores: Floats) -> bool:
    """Whether decisions have no higher micro-F1 than giving every label to every paragraph, and the scores
    behind them rank no better than chance (Mann & Whitney 1947, all labels together); no: no labels.

    Of 38 paragraphs the nested decisions may fall below by a cut chosen badly, while the ranking is sound.
    """
    if not truth.any() or truth.all() or micro_f1(predicted, truth) > micro_f1(np.ones_like(truth), truth):
        return False
    from scipy.stats import mannwhitneyu

    p = mannwhitneyu(scores[truth], scores[~truth], alternative="greater").pvalue
    return not p <= _SURE


def micro_f1(predicted: Truth, truth: Truth) -> float:
    """Micro-F1, from 0 to 1; 0 where nothing is given and nothing is right."""
    return float(2 * (predicted & truth).sum() / max(predicted.sum() + truth.sum(), 1))


def standard_error(one: Truth, other: Truth, truth: Truth) -> float:
    """Of the difference of two micro-F1 on the same paragraphs, each paragraph drawn by itself.

    F1 = 2 right / (given + positives) is a ratio of sums; the delta method takes its variance from
    what each paragraph adds to it.
    """
    return float(np.sqrt(((_added(one, truth) - _added(other, truth)) ** 2).sum()))


def _added(predicted: Truth, truth: Truth) -> Floats:
    right, both = (predicted & truth).sum(axis=1), predicted.sum(axis=1) + truth.sum(axis=1)
    total = max(int(both.sum()), 1)
    added: Floats = (2 * right - 2 * right.sum() / total * both) / total
    return added


def worth_of(calibrated: Floats, truth: Truth) -> float:
    """What ``_judged`` ranks by, from 0 to 1."""
    return judged(calibrated, truth)[0]


def judged(calibrated: Floats, truth: Truth) -> tuple[float, Truth]:
    """Mean of micro- and macro-F1 at the common cut that suits best, and what is given at that cut.

    Macro-F1 is in it so that rare labels count; micro-F1, so that they do not count alone.
    """
    positives = truth.sum(axis=0)
    best, at = -1.0, 0.5
    for cut in CUTS[::2]:
        predicted = calibrated >= cut
        right = (predicted & truth).sum(axis=0)
        both = predicted.sum(axis=0) + positives
        f1 = 2 * right / np.maximum(both, 1)
        macro = f1[positives > 0].mean() if positives.any() else 0.0
        worth = float(2 * right.sum() / max(both.sum(), 1) + macro) / 2
        if worth > best:
            best, at = worth, float(cut)
    return best, calibrated >= at
