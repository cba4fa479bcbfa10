"""Labels that are probably wrong: given or missing against what models say that never saw the paragraph.

The score of a label is the out-of-fold probability of what the corpus says about it (self-confidence:
Northcutt, Jiang & Chuang 2021, "Confident Learning", section 3). Setting it against the mean of its kind
(the same label, given or not) was tried: where as many labels are missing as are given wrongly it finds
more, where every label may be wrong alike it finds far fewer, and nobody knows which before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civictag.datamodel import LabelledParagraph
from civictag.text.shingles import clusters, sketches


@dataclass(frozen=True, slots=True)
class Doubt:
    """One label of one paragraph that is probably wrong.

    Attributes:
        row: the paragraph's number in the corpus, from 0.
        label: which label.
        given: whether the corpus says that the paragraph has it.
        confidence: probability, out of fold, that the corpus is right, in [0, 1].
        copies_differ: near copies of the paragraph in the corpus say otherwise.
    """

    row: int
    label: str
    given: bool
    confidence: float
    copies_differ: bool


def self_confidence(truth: NDArray[np.bool_], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of what the corpus says, shape (n_paragraphs, n_labels); NaN of labels not learned."""
    return np.where(truth, probabilities, 1 - probabilities)


def doubts(
    rows: Sequence[LabelledParagraph],
    truth: NDArray[np.bool_],
    probabilities: NDArray[np.float64],
    ids: Sequence[str],
    most: int | None = None,
) -> list[Doubt]:
    """The labels most likely wrong, the least trusted first.

    Args:
        rows: the corpus.
        truth: its labels, shape (n_paragraphs, n_labels).
        probabilities: out of fold, as ``truth``; NaN where a label was not learned.
        ids: the labels.
        most: how many at most; None: every label of every paragraph.
    """
    differ = _copies_differ(rows, truth)
    confidence = self_confidence(truth, probabilities)
    order = np.argsort(confidence, axis=None, kind="stable")  # labels not learned come last
    cells = np.transpose(np.unravel_index(order, truth.shape)).tolist()
    return [
        Doubt(at, ids[i], bool(truth[at, i]), float(confidence[at, i]), bool(differ[at, i]))
        for at, i in cells
        if not np.isnan(confidence[at, i])
    ][:most]


def _copies_differ(rows: Sequence[LabelledParagraph], truth: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which labels near copies contradict, shape (n_paragraphs, n_labels)."""
    numbers = clusters(sketches(row.text for row in rows))
    sizes = np.bincount(numbers)
    shares = np.stack([np.bincount(numbers, weights=column) for column in truth.T], axis=1) / sizes[:, None]
    mixed = (shares > 0) & (shares < 1)
    return np.asarray(mixed[numbers])
