"""Which paragraphs teach a model most when a person labels them next.

Multi-label max-margin uncertainty weighted with label cardinality inconsistency (Li & Guo 2013, "Active
Learning with Multi-Label SVM Classification", IJCAI, section 3), then spread out: of the most promising,
one after the other is taken that is promising and unlike those taken (maximal marginal relevance,
Carbonell & Goldstein 1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BLOCK = 50  # taken from one pool before the next is filled
POOL = 300  # the most promising, of which a block is taken
SPREAD_OUT = 1000  # how many are spread out; nobody labels more between two models
_DIVERSITY = 0.5  # weight of being unlike the others, against being promising


def informativeness(probabilities: Floats, thresholds: Sequence[float], cardinality: float) -> Floats:
    """How much each paragraph promises to teach, shape (n,), greater is more.

    Args:
        probabilities: shape (n, labels), calibrated, in [0, 1].
        thresholds: from which probability each label is given.
        cardinality: labels per paragraph in what is labelled already.
    """
    p = np.clip(probabilities, 1e-6, 1 - 1e-6)
    t = np.clip(np.asarray(thresholds, dtype=np.float64), 1e-6, 1 - 1e-6)
    distance = np.log(p / (1 - p)) - np.log(t / (1 - t))  # in logits, above 0: given
    predicted = distance > 0
    lowest = np.where(predicted, distance, np.inf).min(axis=1)
    highest = np.where(predicted, -np.inf, distance).max(axis=1)
    # Between the labels that are given and those that are not; where one side is empty, to the threshold.
    margin = np.where(np.isinf(lowest), -highest, np.where(np.isinf(highest), lowest, lowest - highest))
    inconsistency = np.abs(predicted.sum(axis=1) - cardinality)
    # The paper multiplies by the inconsistency itself; with 0 there the most doubtful paragraph of a usual
    # number of labels would come last of all, so 1 is added.
    worth: Floats = np.sqrt((1 + inconsistency) / (1 + margin))
    return worth


def in_order(texts: Sequence[str], worth: Floats) -> list[int]:
    """All positions, the one to label first at the front: promising ones, alike ones apart."""
    from sklearn.feature_extraction.text import HashingVectorizer

    order = np.argsort(-worth, kind="stable")
    head = order[:SPREAD_OUT]
    hashed = HashingVectorizer(analyzer="char", ngram_range=(2, 2), n_features=1 << 16, alternate_sign=False)
    vectors: Any = hashed.transform([texts[i] for i in head]) if len(head) else None
    taken: list[int] = []
    waiting = list(range(len(head)))
    while waiting:
        pool, waiting = waiting[:POOL], waiting[POOL:]
        block = _spread(vectors[pool], worth[head[pool]], min(BLOCK, len(pool)))
        taken += [pool[i] for i in block]
        waiting = [i for n, i in enumerate(pool) if n not in set(block)] + waiting
    return [int(i) for i in head[taken]] + [int(i) for i in order[SPREAD_OUT:]]


def _spread(vectors: Any, worth: Floats, count: int) -> list[int]:
    """``count`` rows of the pool, each time the best by worth minus likeness to those taken."""
    likeness = np.asarray((vectors @ vectors.T).todense())
    span = float(worth.max() - worth.min()) or 1.0
    promise = (worth - worth.min()) / span
    nearest = np.zeros(len(worth))
    taken: list[int] = []
    for _ in range(count):
        score = (1 - _DIVERSITY) * promise - _DIVERSITY * nearest
        score[taken] = -np.inf
        best = int(score.argmax())
        taken.append(best)
        nearest = np.maximum(nearest, likeness[best])
    return taken
