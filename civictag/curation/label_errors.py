"""Labels that are probably wrong: given or missing against what models say that never saw the paragraph.

The score of a label is the out-of-fold probability of what the corpus says about it (self-confidence:
Northcutt, Jiang & Chuang 2021, "Confident Learning", section 3). Setting it against the mean of its kind
(the same label, given or not) was tried: where as many labels are missing as are given wrongly it finds
more, where every label may be wrong alike it finds far fewer, and nobody knows which before.

The score of a paragraph is an exponential moving average of its labels' scores, from the most trusted to
the least, so that the least trusted counts most and the others a little (Thyagarajan, Snorrason, Mueller &
Northcutt 2022, "Identifying Incorrect Annotations in Multi-Label Classification Data", section 3.2). On the
same probabilities it finds what cleanlab finds; the least trusted label alone finds more where 5 % are
wrong and less where 20 % are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civictag.datamodel import LabelledParagraph
from civictag.text.shingles import clusters, sketches

LEAST_TRUSTED = 0.8
"""Share of the average that each further, less trusted label takes (alpha of the paper)."""


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


def paragraph_confidence(confidence: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far all labels of a paragraph are to be trusted together, shape (n_paragraphs,), in [0, 1].

    Args:
        confidence: from ``self_confidence``; labels not learned (NaN) are left out. NaN where all are.
    """
    judged = confidence[:, ~np.isnan(confidence).all(axis=0)]
    if not judged.shape[1]:
        return np.full(len(confidence), np.nan)
    ordered = -np.sort(-judged, axis=1)
    average: NDArray[np.float64] = ordered[:, 0].copy()
    for column in ordered.T[1:]:
        average = LEAST_TRUSTED * column + (1 - LEAST_TRUSTED) * average
    return average


@dataclass(frozen=True, slots=True)
class DoubtfulParagraph:
    """A paragraph with its labels together.

    Attributes:
        row: its number in the corpus, from 0.
        confidence: in [0, 1]; small where a label is probably wrong.
        label: the label least trusted.
        given: whether the corpus says that the paragraph has it.
    """

    row: int
    confidence: float
    label: str
    given: bool


def doubtful_paragraphs(
    truth: NDArray[np.bool_], probabilities: NDArray[np.float64], ids: Sequence[str], most: int | None = None
) -> list[DoubtfulParagraph]:
    """Paragraphs, the least trusted first; arguments as of ``doubts``. [] where no label was learned."""
    labels = self_confidence(truth, probabilities)
    trusted = paragraph_confidence(labels)
    order = [row for row in np.argsort(trusted, kind="stable").tolist() if not np.isnan(trusted[row])]
    least = np.argmin(np.where(np.isnan(labels), np.inf, labels), axis=1).tolist()
    return [
        DoubtfulParagraph(row, float(trusted[row]), ids[least[row]], bool(truth[row, least[row]]))
        for row in order[:most]
    ]


def _copies_differ(rows: Sequence[LabelledParagraph], truth: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which labels near copies contradict, shape (n_paragraphs, n_labels)."""
    numbers = clusters(sketches(row.text for row in rows))
    sizes = np.bincount(numbers)
    shares = np.stack([np.bincount(numbers, weights=column) for column in truth.T], axis=1) / sizes[:, None]
    mixed = (shares > 0) & (shares < 1)
    return np.asarray(mixed[numbers])
