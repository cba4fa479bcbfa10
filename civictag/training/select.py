"""Which learner a corpus gets, chosen out of fold; and what that choice is worth on new articles.

Every candidate of the grid is scored out of fold on the same folds. The first that suits the size of
the corpus is kept unless another is better by more than a standard error (the rule of Breiman et al.,
"Classification and Regression Trees", 1984, section 3.4.3): with twenty positives a label the best of
ten is mostly luck. The bare cue list learns nothing, so it is taken as soon as it is better at all.

The figures that are printed are nested: for each fold, the candidate, its sigmoids and its threshold
are chosen on the other folds alone (Cawley & Talbot, "On over-fitting in model selection", JMLR 2010),
so that they say what new articles get and not what this corpus got.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from civictag.i18n import _
from civictag.settings import Learner, TrainSettings
from civictag.training.calibrate import CUTS, probabilities, sigmoids, threshold
from civictag.training.folds import Folds
from civictag.training.learners.fit import Design, design, fit
from civictag.training.learners.mi_svm import Floats
from civictag.training.learners.pooled_svm import SHARE
from civictag.training.material import Material, Truth

#: Paragraphs from which, and up to which, a unit is worth trying (docs/quality.md).
SENTENCE_FROM, STEEP_UP_TO, FEW_UP_TO = 300, 1_500, 3_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A learner with a share of the other sentences, and its scores out of fold, shape (n, n_labels)."""

    learner: Learner
    other_sentences_weight: float
    scores: Floats


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen.

    Attributes:
        best: the candidate.
        tried: what was tried, with the mean of micro- and macro-F1 of each.
        decisions: nested, out of fold, shape (n_paragraphs, n_labels).
        probabilities: as ``decisions``.
    """

    best: Candidate
    tried: tuple[tuple[Learner, float], ...]
    decisions: Truth
    probabilities: Floats


def worth_trying(learners: Sequence[Learner], paragraphs: int, has_cues: bool) -> list[Learner]:
    """The learners of a grid that a corpus of this size can use; one alone is not asked about."""
    if len(learners) == 1:
        return list(learners)
    return [learner for learner in learners if _fits(learner, paragraphs, has_cues)] or list(learners[:1])


def _fits(learner: Learner, paragraphs: int, has_cues: bool) -> bool:
    if learner.unit == "cue":
        return has_cues
    if learner.unit == "pooled":
        return paragraphs > STEEP_UP_TO
    if learner.unit == "sentence":
        return paragraphs >= SENTENCE_FROM and (paragraphs <= STEEP_UP_TO or learner.penalty < 1)
    uses_cues = learner.cue_weight > 0.1 or learner.cue_list > 0
    return (has_cues or not uses_cues) and (paragraphs <= FEW_UP_TO or learner.penalty <= 1)


def out_of_fold(
    seen: Design, truth: Truth, folds: Folds, weights: Floats, shares: Sequence[float], jobs: int = 1
) -> list[Floats]:
    """Scores of models that did not see the paragraph's group, shape (n, n_labels), one per share."""
    from joblib import Parallel, delayed

    done = Parallel(n_jobs=min(jobs, len(folds.parts)), mmap_mode="r")(
        delayed(_held_out)(seen, truth, train, test, weights, tuple(shares)) for train, test in folds.parts
    )
    scores = [np.zeros(truth.shape) for _ in shares]
    for (_train, test), found in zip(folds.parts, done, strict=True):
        for whole, part in zip(scores, found, strict=True):
            whole[test] = part
    return scores


def _held_out(
    seen: Design,
    truth: Truth,
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    weights: Floats,
    shares: tuple[float, ...],
) -> list[Floats]:
    model, held = fit(seen, train, truth, weights), seen.bags.take(test)
    return [model.scores(held, share) for share in shares]


class Remaining(str):
    """A step's message that is of use only to who waits: how long the rest will take."""


def choose(
    given: Material,
    folds: Folds,
    settings: TrainSettings,
    *,
    jobs: int = 1,
    tick: Callable[[str], None] = lambda step: None,
) -> Choice:
    """Try the grid out of fold; ``tick`` is told after each try what remains.

    Raises:
        CorpusError: no name was seen often enough.
    """
    counted, truth = given.counted, given.truth
    has_cues = any(name.startswith("k:") for name in counted.names)
    candidates: list[Candidate] = []
    learners = worth_trying(settings.learners, counted.size, has_cues)
    begun = monotonic()
    for number, learner in enumerate(learners):
        if number:
            left = (monotonic() - begun) / number * (len(learners) - number)
            told = _(
                "{done} of {all} ways to learn tried; about {left} s remain",
                done=number, all=len(learners), left=f"{left:.0f}",
            )  # fmt: skip
            tick(Remaining(told))
        seen = design(counted, learner, given.ids, given.articles, settings)
        shares = (SHARE,) if learner.unit == "pooled" else settings.other_sentences_weights
        scores = out_of_fold(seen, truth, folds, given.weights, shares, jobs)
        candidates += [Candidate(learner, share, s) for share, s in zip(shares, scores, strict=True)]
    return decide(candidates, truth, folds, settings)


def decide(candidates: Sequence[Candidate], truth: Truth, folds: Folds, settings: TrainSettings) -> Choice:
    """The best of scored candidates, and the nested decisions of a choice like this one."""
    calibrated = [_calibrated(candidate, truth) for candidate in candidates]
    everything = np.arange(len(truth))
    worth = [_worth(found, truth) for found in calibrated]
    decisions, nested = np.zeros(truth.shape, bool), np.zeros(truth.shape)
    for _train, test in folds.parts:
        others = np.setdiff1d(everything, test) if len(folds.parts) > 1 else everything
        scores = candidates[_best(candidates, calibrated, truth, others)].scores
        lines = sigmoids(scores[others], truth[others])
        cut = threshold(probabilities(scores[others], lines), truth[others], settings.threshold_slack)
        nested[test] = probabilities(scores[test], lines)
        decisions[test] = nested[test] >= cut
    tried: dict[Learner, float] = {}
    for candidate, value in zip(candidates, worth, strict=True):
        tried[candidate.learner] = max(value, tried.get(candidate.learner, 0.0))
    best = candidates[_best(candidates, calibrated, truth, everything)]
    return Choice(best, tuple(tried.items()), decisions, nested)


def _calibrated(candidate: Candidate, truth: Truth) -> Floats:
    return probabilities(candidate.scores, sigmoids(candidate.scores, truth))


def _best(
    candidates: Sequence[Candidate], calibrated: Sequence[Floats], truth: Truth, rows: NDArray[np.int64]
) -> int:
    """Number of the candidate to take, judged on these rows."""
    judged = [_judged(found[rows], truth[rows]) for found in calibrated]
    best = max(range(len(judged)), key=lambda number: judged[number][0])
    if judged[best][0] - judged[0][0] <= _standard_error(judged[best][1], judged[0][1], truth[rows]):
        best = 0
    lists = [number for number, found in enumerate(candidates) if found.learner.unit == "cue"]
    return max([best, *lists], key=lambda number: judged[number][0])


def _standard_error(one: Truth, other: Truth, truth: Truth) -> float:
    """Of the difference of two micro-F1 on the same paragraphs, each paragraph drawn by itself.

    F1 = 2 right / (given + positives) is a ratio of sums; the delta method takes its variance from
    what each paragraph adds to it.
    """
    return float(np.sqrt(((_added(one, truth) - _added(other, truth)) ** 2).sum()))


def _added(given: Truth, truth: Truth) -> Floats:
    right, both = (given & truth).sum(axis=1), given.sum(axis=1) + truth.sum(axis=1)
    total = max(int(both.sum()), 1)
    added: Floats = (2 * right - 2 * right.sum() / total * both) / total
    return added


def _worth(calibrated: Floats, truth: Truth) -> float:
    """What ``_judged`` ranks by, from 0 to 1."""
    return _judged(calibrated, truth)[0]


def _judged(calibrated: Floats, truth: Truth) -> tuple[float, Truth]:
    """Mean of micro- and macro-F1 at the common cut that suits best, and what is given at that cut.

    Macro-F1 is in it so that rare labels count; micro-F1, so that they do not count alone.
    """
    positives = truth.sum(axis=0)
    best, at = -1.0, 0.5
    for cut in CUTS[::2]:
        given = calibrated >= cut
        right = (given & truth).sum(axis=0)
        both = given.sum(axis=0) + positives
        f1 = 2 * right / np.maximum(both, 1)
        macro = f1[positives > 0].mean() if positives.any() else 0.0
        worth = float(2 * right.sum() / max(both.sum(), 1) + macro) / 2
        if worth > best:
            best, at = worth, float(cut)
    return best, calibrated >= at
