"""One's own paragraphs beside a larger corpus: how often each should count, learned on one's own alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civictag.settings import TrainSettings
from civictag.training.folds import Folds, make_folds
from civictag.training.judging import micro_f1
from civictag.training.learners.mi_svm import Floats
from civictag.training.material import Material
from civictag.training.select import Candidate, decide, out_of_fold

WITHOUT = 0.0  # the weight of paragraphs that are not there


@dataclass(frozen=True, slots=True)
class OwnWeight:
    """What was found.

    Attributes:
        weight: how often a paragraph of one's own counts.
        without, gained: micro-F1 out of fold on one's own text, without it in the training and with it.
        scores: out of fold with that weight, shape (n_own, n_labels).
    """

    weight: float
    without: float
    gained: float
    scores: Floats


def own_weight(material: Material, best: Candidate, settings: TrainSettings, jobs: int = 1) -> OwnWeight:
    """Score one's own text out of fold at each weight of the grid, and choose; ``best``: the learner."""
    own, mine = material.own, material.truth[material.own]
    rows = [material.rows[row] for row in own]
    folds = make_folds(rows, mine, material.copies[own], settings.folds, settings.seed)
    others = np.setdiff1d(np.arange(material.counted.size), own)
    parts = [_beside(others, own[train], own[test], material.copies) for train, test in folds.parts]

    def scored(weight: float) -> Candidate:
        """Own rows scored with each own paragraph counting ``weight`` times."""
        counting = material.weights.copy()
        counting[own] *= max(weight, 1e-9)
        whole, shares = Folds(tuple(parts), folds.by, 0), [best.other_sentences_weight]
        (scores,) = out_of_fold(material, best.learner, whole, counting, shares, settings, jobs)
        return Candidate(best.learner, best.other_sentences_weight, scores[own])

    tried = [scored(weight) for weight in settings.own_weights]
    chosen = decide(tried, mine, folds, settings)
    alone = decide([scored(WITHOUT)], mine, folds, settings)
    number = next(i for i, candidate in enumerate(tried) if candidate is chosen.best)
    return OwnWeight(
        settings.own_weights[number], micro_f1(alone.decisions, mine), micro_f1(chosen.decisions, mine),
        chosen.best.scores,
    )  # fmt: skip


def _beside(
    others: NDArray[np.int64], train: NDArray[np.int64], test: NDArray[np.int64], copies: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A fold of one's own text with the other corpus in its training, near copies left out."""
    kept = others[~np.isin(copies[others], copies[test])]
    return np.sort(np.r_[kept, train]), test
