"""Out-of-fold scores to probabilities and decisions: sigmoids that cannot turn a label upside down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from civictag.settings import Learner
from civictag.training.learners.mi_svm import Floats

CUTS = np.arange(5, 96) / 100
EVERYTHING = 1e-9  # a cut that every probability reaches
_JUDGED = 10  # paragraphs with a cue from which the corpus may say that the cues mislead
_NEVER_RIGHT = 4  # as before, where not one of them has the label and others do
_CONSTANT = 1e-9  # spread of scores that say nothing
ALONE = 20  # positives at which a label's own sigmoid weighs as much as that of all labels together
PRIOR = 50  # positive examples at which a corpus's own best cut weighs as much as the expected one


def sigmoid(scores: Floats, truth: NDArray[np.bool_], weights: Floats | None = None) -> tuple[float, float]:
    """Slope (never negative) and intercept of one label's probabilities.

    Platt's fit with his smoothed targets (1999, section 2.2), on scores of unit variance with a
    standard normal prior on the slope: a few examples do not make a probability sure. A label whose
    score says nothing, or the wrong thing, gets its base rate, (positives + 1) / (n + 2).

    Args:
        scores, truth: of each paragraph, shape (n,).
        weights: how often each counts; 1 by default.
    """
    from sklearn.linear_model import LogisticRegression

    weights = np.ones(len(scores)) if weights is None else weights
    positives, count, spread = weights[truth].sum(), weights.sum(), float(scores.std())
    base = float(logit((positives + 1) / (count + 2)))
    if truth.all() or not truth.any() or spread < _CONSTANT:
        return 0.0, base
    target = np.where(truth, (positives + 1) / (positives + 2), 1 / (count - positives + 2))
    middle = float(scores.mean())
    standard = np.tile((scores - middle) / spread, 2).reshape(-1, 1)
    outcome = np.repeat([1, 0], len(scores))
    fitted = LogisticRegression(C=1.0).fit(standard, outcome, np.r_[target * weights, (1 - target) * weights])
    slope = float(fitted.coef_[0, 0]) / spread
    return (slope, float(fitted.intercept_[0]) - slope * middle) if slope > 0 else (0.0, base)


def sigmoids(
    scores: Floats, truth: NDArray[np.bool_], weights: Floats | None = None
) -> list[tuple[float, float]]:
    """One label's sigmoid per column, drawn towards that of all labels together where it has few examples.

    Seven positives, each scored by another fold's model, say little of a label's own sigmoid, and with its
    prior alone all labels would get about their base rate: no cut is then better than giving everything
    (campus news, 38 paragraphs: F1 0.26; drawn together, 0.32). Labels of one learner score alike enough.
    """
    own = [sigmoid(column, right, weights) for column, right in zip(scores.T, truth.T, strict=True)]
    counts = np.ones(len(truth)) if weights is None else weights
    learnable = np.flatnonzero(truth.any(axis=0) & ~truth.all(axis=0) & (scores.std(axis=0) > _CONSTANT))
    if not len(learnable):
        return own
    together = sigmoid(
        scores[:, learnable].ravel(), truth[:, learnable].ravel(), np.repeat(counts, len(learnable))
    )
    for column in learnable:
        positives = float(counts[truth[:, column]].sum())
        trust = positives**2 / (positives**2 + ALONE**2)
        slope, intercept = (trust * a + (1 - trust) * b for a, b in zip(own[column], together, strict=True))
        own[column] = slope, intercept
    return own


def probabilities(scores: Floats, lines: list[tuple[float, float]]) -> Floats:
    """Calibrated, shape as ``scores``."""
    slopes, intercepts = np.array(lines).T
    calibrated: Floats = expit(scores * slopes + intercepts)
    return calibrated


def threshold(calibrated: Floats, truth: NDArray[np.bool_], slack: float) -> float:
    """One probability for all labels: the lowest cut whose micro-F1 is within ``slack`` of the best.

    Cuts chosen label by label move by 0.15 and more between trainings that differ in nothing that
    matters. Real text scores lower than written text, so of equally good cuts the low one survives
    the shift (docs/quality.md). With few examples the F1 that the probabilities themselves expect
    steadies the choice (as many as ``PRIOR`` positives: half and half), and the cut lies nearer the
    middle of the good ones: perfectly separated, 0.05 is as good as 0.8, and neither would last.
    """
    positives = int(truth.sum())
    if not positives:
        return 0.5  # no cut is better than another
    predicted = np.array([(calibrated >= cut).sum() for cut in CUTS])
    right = np.array([truth[calibrated >= cut].sum() for cut in CUTS])
    expected = np.array([calibrated[calibrated >= cut].sum() for cut in CUTS])
    observed_f1 = 2 * right / np.maximum(predicted + positives, 1)
    expected_f1 = 2 * expected / np.maximum(predicted + calibrated.sum(), 1e-9)
    trust = positives / (positives + PRIOR)
    f1 = trust * observed_f1 + (1 - trust) * expected_f1
    good = np.flatnonzero(f1 >= f1.max() - slack)
    lowest, middle = int(good[0]), int(good[len(good) // 2])
    return float(CUTS[round(trust * lowest + (1 - trust) * middle)])


@dataclass(frozen=True, slots=True)
class Rule:
    """How scores become probabilities and decisions.

    Attributes:
        lines: slope and intercept of each label's sigmoid.
        cuts: the probability from which each label is given, shape (n_labels,).
    """

    lines: list[tuple[float, float]]
    cuts: Floats

    def probabilities(self, scores: Floats) -> Floats:
        """Calibrated, shape as ``scores``."""
        return probabilities(scores, self.lines)

    def decisions(self, scores: Floats) -> NDArray[np.bool_]:
        """Which labels are given, shape as ``scores``."""
        return np.asarray(self.probabilities(scores) >= self.cuts)


def rule(
    learner: Learner, scores: Floats, truth: NDArray[np.bool_], slack: float, weights: Floats | None = None
) -> Rule:
    """Sigmoids and cuts from scores out of fold: one cut for all labels, or what a cue list gives.

    A cue list decides as it stands. Under a common cut of fitted probabilities the labels whose cues are
    less often right would go (0.02 of F1 on a dozen code books).
    """
    if learner.unit == "cue":
        found = [cue_line(column > 0, right) for column, right in zip(scores.T, truth.T, strict=True)]
        return Rule([(a, b) for a, b, _cut in found], np.array([cut for _a, _b, cut in found]))
    lines = sigmoids(scores, truth, weights)
    cut = threshold(probabilities(scores, lines), truth, slack)
    return Rule(lines, np.full(truth.shape[1], cut))


def cue_line(hits: NDArray[np.bool_], truth: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Slope, intercept and cut of a label that its cues decide; probabilities by the rule of succession.

    A paragraph with a deciding cue scores 1 or more, one without -1. Slope 0 and cut 1 (never given) where
    the corpus says that the cues mislead.

    Args:
        hits: which paragraphs have one of the deciding cues, shape (n,).
        truth: which have the label.
    """
    when_hit = (float((hits & truth).sum()) + 1) / (float(hits.sum()) + 2)
    otherwise = (float((~hits & truth).sum()) + 1) / (float((~hits).sum()) + 2)
    otherwise = when_hit / 2 if truth.sum() > len(truth) / 2 else otherwise
    never_right = truth.any() and not (hits & truth).any() and hits.sum() >= _NEVER_RIGHT
    if never_right or (hits.sum() >= _JUDGED and when_hit <= otherwise):
        return 0.0, float(logit((float(truth.sum()) + 1) / (len(truth) + 2))), 1.0
    when_hit = min(max(when_hit, otherwise + 0.05), 0.99)
    high, low = float(logit(when_hit)), float(logit(min(otherwise, when_hit - 0.01)))
    return (high - low) / 2, (high + low) / 2, (when_hit + otherwise) / 2
