"""Which learner a corpus gets, chosen out of fold; and what that choice is worth on new articles.

Every candidate of the grid is scored out of fold on the same folds. The first that suits the size of
the corpus is kept unless another is better by more than a standard error (the rule of Breiman et al.,
"Classification and Regression Trees", 1984, section 3.4.3): with twenty positives per label the best of
ten is mostly luck. The bare cue list learns nothing and is judged as it stands, so what is learned must
be better beyond doubt to be taken in its place.

The figures that are printed are nested: for each fold, the candidate, its sigmoids and its threshold
are chosen on the other folds alone (Cawley & Talbot, "On over-fitting in model selection", JMLR 2010),
so that they say what new articles get and not what this corpus got.

Where even the chosen one finds no more than who gives every label to every paragraph, every label is
given: with nothing known that is the decision of the highest F1 (Lipton, Elkan & Naryanaswamy, "Optimal
thresholding of classifiers to maximize F1 measure", ECML 2014, section 3.2), and it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from civictag.errors import CorpusError
from civictag.i18n import _
from civictag.settings import Learner, TrainSettings
from civictag.training.calibrate import probabilities, rule, sigmoids
from civictag.training.folds import Folds
from civictag.training.judging import judged, standard_error, worth_of
from civictag.training.learners.fit import Design, design, fit
from civictag.training.learners.mi_svm import Floats
from civictag.training.learners.pooled_svm import SHARE
from civictag.training.material import Material, Truth
from civictag.util.orphans import beginning

#: For ``balanced``: the best sentence with a share of the others, and the paragraph as a whole. With word
#: vectors the first ranks new articles as well or better on 13 code books of 13 (docs/quality.md).
BEST_AND_WHOLE = (0.2, 1.0)
#: Paragraphs from which, and up to which, a unit is worth trying (docs/quality.md).
SENTENCE_FROM, STEEP_UP_TO, FEW_UP_TO = 300, 1_500, 3_000
#: Standard errors by which what is learned must be better than the bare cue list: 95 %, one-sided. With one,
#: the list was left for learners below it on new articles (0.777 for 0.785, 0.730 for 0.768).
BEYOND_DOUBT = 1.645
#: Paragraphs up to which every fold learns which names there are from its own articles.
NAMES_BY_FOLD_UP_TO = 5_000


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
    if learner.balanced and paragraphs > STEEP_UP_TO:
        return False
    uses_cues = learner.cue_weight > 0.1 or learner.cue_list > 0
    return (has_cues or not uses_cues) and (paragraphs <= FEW_UP_TO or learner.penalty <= 1)


def out_of_fold(
    material: Material,
    learner: Learner,
    folds: Folds,
    weights: Floats,
    shares: Sequence[float],
    settings: TrainSettings,
    jobs: int = 1,
) -> list[Floats]:
    """Scores of models that did not see the paragraph's group, shape (n, n_labels), one per share.

    Raises:
        CorpusError: no name was seen often enough.
    """
    from joblib import Parallel, delayed

    see = partial(_design, material, learner, settings)
    # Which words stand in two articles is learned too: with the held-out articles in sight, a word of one
    # article that is learned from and one that is held out counted, which no new article's word does.
    alone = material.counted.size <= NAMES_BY_FOLD_UP_TO
    whole = None if alone else see(None)
    done = Parallel(n_jobs=min(jobs, len(folds.parts)), mmap_mode="r", **beginning())(
        delayed(_held_out)(
            see(train) if alone else whole, material.truth, train, test, weights, tuple(shares)
        )
        for train, test in folds.parts
    )
    scores = [np.zeros(material.truth.shape) for _ in shares]
    for (_train, test), found in zip(folds.parts, done, strict=True):
        for into, part in zip(scores, found, strict=True):
            into[test] = part
    return scores


def _design(
    material: Material, learner: Learner, settings: TrainSettings, rows: NDArray[np.int64] | None
) -> Design | None:
    """What a fold's articles teach of names; None where they share none: two articles, each held out once."""
    try:
        return design(material.counted, learner, material.ids, material.articles, settings, rows)
    except CorpusError:
        if rows is None:
            raise
        return None


def _held_out(
    seen: Design | None,
    truth: Truth,
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    weights: Floats,
    shares: tuple[float, ...],
) -> list[Floats]:
    if seen is None:
        return [np.zeros((len(test), truth.shape[1])) for _ in shares]
    model, held = fit(seen, train, truth, weights), seen.bags.take(test)
    return [model.scores(held, share) for share in shares]


class Remaining(str):
    """A step's message that is of use only to who waits: how long the rest will take."""


def choose(
    material: Material,
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
    counted, truth = material.counted, material.truth
    has_cues = any(name.startswith("k:") for name in counted.names)
    candidates: list[Candidate] = []
    learners = worth_trying(settings.learners, counted.size, has_cues)
    begun = monotonic()
    for number, learner in enumerate(learners):
        if number:
            left = (monotonic() - begun) / number * (len(learners) - number)
            message = _(
                "{done} of {all} ways to learn tried; about {left} s remain",
                done=number, all=len(learners), left=f"{left:.0f}",
            )  # fmt: skip
            tick(Remaining(message))
        shares = _shares(learner, settings)
        scores = out_of_fold(material, learner, folds, material.weights, shares, settings, jobs)
        candidates += [Candidate(learner, share, s) for share, s in zip(shares, scores, strict=True)]
    return decide(candidates, truth, folds, settings)


def _shares(learner: Learner, settings: TrainSettings) -> tuple[float, ...]:
    """Shares of the other sentences that a learner is tried with."""
    if learner.balanced:
        return BEST_AND_WHOLE
    return {"pooled": (SHARE,), "cue": (0.0,)}.get(learner.unit, settings.other_sentences_weights)


def decide(candidates: Sequence[Candidate], truth: Truth, folds: Folds, settings: TrainSettings) -> Choice:
    """The best of scored candidates, and the nested decisions of a choice like this one."""
    calibrated = [_calibrated(candidate, truth) for candidate in candidates]
    everything = np.arange(len(truth))
    worth = [worth_of(found, truth) for found in calibrated]
    decisions, nested = np.zeros(truth.shape, bool), np.zeros(truth.shape)
    for _train, test in folds.parts:
        others = np.setdiff1d(everything, test) if len(folds.parts) > 1 else everything
        best = candidates[_best(candidates, calibrated, truth, others)]
        found = rule(best.learner, best.scores[others], truth[others], settings.threshold_slack)
        nested[test] = found.probabilities(best.scores[test])
        decisions[test] = found.decisions(best.scores[test])
    tried: dict[Learner, float] = {}
    for candidate, value in zip(candidates, worth, strict=True):
        tried[candidate.learner] = max(value, tried.get(candidate.learner, 0.0))
    best = candidates[_best(candidates, calibrated, truth, everything)]
    return Choice(best, tuple(tried.items()), decisions, nested)


def _calibrated(candidate: Candidate, truth: Truth) -> Floats:
    """Probabilities; of a cue list, its decisions as 0 and 1, for it is judged as it stands."""
    if candidate.learner.unit == "cue":
        return (candidate.scores > 0).astype(float)
    return probabilities(candidate.scores, sigmoids(candidate.scores, truth))


def _best(
    candidates: Sequence[Candidate], calibrated: Sequence[Floats], truth: Truth, rows: NDArray[np.int64]
) -> int:
    """Number of the candidate to take, judged on these rows."""
    tried = [judged(probable[rows], truth[rows]) for probable in calibrated]

    def steady(first: int, others: Sequence[int], errors: float = 1.0) -> int:
        """The first, unless the best of the others is better by more than so many standard errors."""
        best = max([first, *others], key=lambda number: tried[number][0])
        error = standard_error(tried[best][1], tried[first][1], truth[rows])
        return best if tried[best][0] - tried[first][0] > errors * error else first

    lists = [number for number, found in enumerate(candidates) if found.learner.unit == "cue"]
    learned = [number for number in range(len(candidates)) if number not in lists]
    if not learned:
        return lists[0]
    best = steady(learned[0], learned[1:])
    return steady(lists[0], [best], BEYOND_DOUBT) if lists else best
