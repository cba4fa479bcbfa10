"""Labels that a corpus cannot teach: found, named, and left to their cues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from civictag.i18n import _
from civictag.labels.cue_matcher import AGAINST, CueTable
from civictag.model.calibration import Calibration
from civictag.training.learners.fit import cue_rule
from civictag.training.learners.mi_svm import Floats

CHANCE = 0.1  # p-value up to which scores out of fold rank a label's paragraphs better than chance
_JUDGED = 10  # paragraphs with a cue from which the corpus may say that the cues mislead
_NEVER_RIGHT = 4  # as before, where not one of them has the label and others do


@dataclass(frozen=True, slots=True)
class NotLearned:
    """A label that was not learned.

    Attributes:
        why: ``few`` positives, ``every`` paragraph (or all but a few) has it, or out of fold no better
            than ``chance``.
        positives: paragraphs with the label.
        by_cues: whether its cues decide instead; else it is never given.
    """

    why: str
    positives: int
    by_cues: bool

    def told(self, label: str) -> str:
        """One sentence for the person who trains."""
        reason = {
            "few": _("only {count} paragraphs have it", count=self.positives),
            "every": _("nearly every paragraph has it ({count})", count=self.positives),
            "chance": _("out of fold it is found no better than by chance"),
        }[self.why]
        then = _("its cues decide") if self.by_cues else _("it is never given")
        return _("label {label} is not learned: {reason}; {then}", label=label, reason=reason, then=then)


def not_learned(
    truth: NDArray[np.bool_], scores: Floats, ids: Sequence[str], table: CueTable, least: int
) -> dict[str, NotLearned]:
    """The labels that a corpus cannot teach, in the order of ``ids``.

    Args:
        truth, scores: of the corpus, out of fold, shape (n_paragraphs, n_labels).
        ids: the labels.
        table: the label set's cues.
        least: positives, and negatives, that a label needs.
    """
    found = {}
    for label, right, column in zip(ids, truth.T, scores.T, strict=True):
        why = _why(right, column, least)
        if why:
            found[label] = NotLearned(why, int(right.sum()), bool(cue_names(label, table)))
    return found


def _why(right: NDArray[np.bool_], scores: Floats, least: int) -> str:
    from scipy.stats import mannwhitneyu

    if right.sum() < least:
        return "few"
    if (~right).sum() < least:
        return "every"
    # A label's scores out of fold rank its paragraphs no better than drawn at random (Mann & Whitney 1947).
    p = mannwhitneyu(scores[right], scores[~right], alternative="greater").pvalue
    return "chance" if not p <= CHANCE else ""


def cue_names(label: str, table: CueTable) -> list[str]:
    """The feature names of a label's own cue classes, those that speak against it left out."""
    own = [name for name in table.classes if name.split(".")[0] == label and name.split(".")[1:] != [AGAINST]]
    return [f"k:{name}" for name in own]


@dataclass(frozen=True, slots=True)
class Fallback:
    """A label's cue list in the model's terms.

    Attributes:
        weights: by feature name; {} when nothing decides.
        bias: of a sentence without cue.
        calibration: its probabilities: how often the cues were right in the corpus.
        given: where it gives the label in the corpus, shape (n_paragraphs,).
    """

    weights: Mapping[str, float]
    bias: float
    calibration: Calibration
    given: NDArray[np.bool_]


def fall_back(label: str, table: CueTable, hits: NDArray[np.bool_], truth: NDArray[np.bool_]) -> Fallback:
    """Let a label's cues decide, with probabilities by the rule of succession.

    Args:
        label, table: whose cues.
        hits: which paragraphs have one of its deciding cues, shape (n_paragraphs,).
        truth: which have the label.
    """
    names = cue_names(label, table)
    weights, bias = cue_rule(names, label, None, truth)
    when_hit = (float((hits & truth).sum()) + 1) / (float(hits.sum()) + 2)
    otherwise = (float((~hits & truth).sum()) + 1) / (float((~hits).sum()) + 2)
    every = truth.sum() > len(truth) / 2
    otherwise = when_hit / 2 if every else otherwise
    never_right = truth.any() and not (hits & truth).any() and hits.sum() >= _NEVER_RIGHT
    misleads = never_right or (hits.sum() >= _JUDGED and when_hit <= otherwise)
    if not names or misleads:
        base = float(logit((float(truth.sum()) + 1) / (len(truth) + 2)))
        return Fallback({}, -1.0, Calibration(0.0, base, 1.0, 0.0, 0.0), np.zeros(len(truth), bool))
    when_hit = max(when_hit, otherwise + 0.05)
    high, low = float(logit(min(when_hit, 0.99))), float(logit(otherwise))
    calibration = Calibration((high - low) / 2, (high + low) / 2, (when_hit + otherwise) / 2, 0.0, 0.0)
    chosen = {name: float(w) for name, w in zip(names, weights, strict=True) if w}
    return Fallback(chosen, bias, calibration, hits)
