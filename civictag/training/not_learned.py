"""Labels that a corpus cannot teach: found, named, and left to their cues."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from civictag.i18n import _, ngettext
from civictag.labels.cue_matcher import AGAINST, CueTable
from civictag.model.calibration import Calibration
from civictag.training.calibrate import cue_line
from civictag.training.learners.fit import cue_rule
from civictag.training.learners.mi_svm import Floats

CHANCE = 0.1  # p-value up to which scores out of fold rank a label's paragraphs better than chance
TELLING = 20  # positives from which scores no better than chance speak of the label, not of the corpus's size
HARDLY = 10  # positives below which a label is hardly learned


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

    def summary(self, label: str) -> str:
        """One sentence for the person who trains."""
        reason = {
            "few": ngettext(
                "only {count} paragraph has it", "only {count} paragraphs have it", self.positives
            ),
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
        by_cues = bool(cue_names(label, table))
        why = _why(right, column, least, by_cues)
        if why:
            found[label] = NotLearned(why, int(right.sum()), by_cues)
    return found


def hardly_learned(
    truth: NDArray[np.bool_], scores: Floats, ids: Sequence[str], missing: Container[str]
) -> tuple[str, ...]:
    """Of the labels learned, those from a handful of paragraphs, or hardly found better than by chance."""
    columns = zip(ids, truth.T, scores.T, strict=True)
    return tuple(
        label
        for label, right, column in columns
        if label not in missing and (right.sum() < HARDLY or _by_chance(right, column))
    )


def _why(right: NDArray[np.bool_], scores: Floats, least: int, by_cues: bool) -> str:
    if right.sum() < least:
        return "few"
    if (~right).sum() < least:
        return "every"
    # Of a handful of paragraphs the test says nothing: two labels of 17 paragraphs each, ranked no better
    # than by chance out of fold, were left out and their F1 was 0.00 where a plain SVM's was 0.35.
    telling = right.sum() >= (HARDLY if by_cues else TELLING)
    return "chance" if telling and _by_chance(right, scores) else ""


def _by_chance(right: NDArray[np.bool_], scores: Floats) -> bool:
    """Whether scores out of fold rank a label's paragraphs as if drawn at random (Mann & Whitney 1947)."""
    from scipy.stats import mannwhitneyu

    p = mannwhitneyu(scores[right], scores[~right], alternative="greater").pvalue
    return not p <= CHANCE


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
        decisions: where it gives the label in the corpus, shape (n_paragraphs,).
    """

    weights: Mapping[str, float]
    bias: float
    calibration: Calibration
    decisions: NDArray[np.bool_]


def fall_back(label: str, table: CueTable, hits: NDArray[np.bool_], truth: NDArray[np.bool_]) -> Fallback:
    """Let a label's cues decide, with probabilities by the rule of succession.

    Args:
        label, table: whose cues.
        hits: which paragraphs have one of its deciding cues, shape (n_paragraphs,).
        truth: which have the label.
    """
    names = cue_names(label, table)
    weights, bias = cue_rule(names, label)
    slope, intercept, cut = cue_line(hits if names else np.zeros(len(truth), bool), truth)
    if not names or not slope:
        base = float(logit((float(truth.sum()) + 1) / (len(truth) + 2)))
        return Fallback({}, -1.0, Calibration(0.0, base, 1.0, 0.0, 0.0), np.zeros(len(truth), bool))
    chosen = {name: float(w) for name, w in zip(names, weights, strict=True) if w}
    return Fallback(chosen, bias, Calibration(slope, intercept, cut, 0.0, 0.0), hits)
