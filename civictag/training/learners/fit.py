"""The ways to learn that ``civictag.settings.Learner`` names, each as weights of the same linear model.

``paragraph`` learns from whole paragraphs of unit length, so that long ones do not outvote short
ones, and scores sentences with what it learned: on 100 and 300 paragraphs without cues its mean
average precision is 0.77 and 0.87, mi-SVM's 0.64 and 0.81 (docs/quality.md). From some thousands of
paragraphs on mi-SVM is better, and lengths no longer matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from civictag.features.vocabulary import (
    Bags,
    Counted,
    Vocabulary,
    columns_of,
    damped,
    learn_vocabulary,
    whole_paragraphs,
)
from civictag.settings import Family, Learner, TrainSettings
from civictag.training.learners.linear import Linear
from civictag.training.learners.mi_svm import Floats, fit_label, svm
from civictag.training.learners.pooled_svm import counting_anywhere, fit_pooled

#: Paragraphs up to which ``paragraph`` asks no floor, and one of two sentences: rare names are most of
#: what a small corpus has, and most of the size of a large one's model. A word needs two articles always.
ONCE, TWICE = 1_000, 5_000
_HIT, _NO_HIT = 2.0, -1.0  # a sentence with a cue scores 1, one without -1


@dataclass(frozen=True, slots=True)
class Design:
    """A corpus as one learner sees it.

    Attributes:
        learner: the learner.
        ids: label ids, in the order of the columns of every truth.
        vocabulary: the names, and the scale of each.
        bags: the sentences in their terms.
        whole: paragraphs of unit length, for ``paragraph``; else None.
        seed: of the solver's order.
    """

    learner: Learner
    ids: tuple[str, ...]
    vocabulary: Vocabulary
    bags: Bags
    whole: sparse.csr_matrix | None
    seed: int


def design(
    counted: Counted,
    learner: Learner,
    ids: Sequence[str],
    articles: NDArray[np.int64],
    settings: TrainSettings,
) -> Design:
    """See a corpus as a learner does; ``articles`` as in ``learn_vocabulary``.

    Raises:
        CorpusError: no name was seen often enough.
    """
    families = settings.families
    if learner.unit == "paragraph":
        return _paragraph_design(counted, learner, tuple(ids), articles, settings)
    if learner.unit == "cue":
        families = {"k": Family(1, 1.0, False)}
    vocabulary, bags = learn_vocabulary(counted, families, articles)
    return Design(learner, tuple(ids), vocabulary, bags, None, settings.seed)


def _paragraph_design(
    counted: Counted,
    learner: Learner,
    ids: tuple[str, ...],
    articles: NDArray[np.int64],
    settings: TrainSettings,
) -> Design:
    floor = 1 if counted.size <= ONCE else 2 if counted.size <= TWICE else 3
    families = {
        key: replace(family, floor=floor if key in "wc" else family.floor if key in "tT" else 1)
        for key, family in settings.families.items()
    }
    families["c1"] = families["c"]
    vocabulary, _ = learn_vocabulary(counted, families, articles)
    text = np.array([name[0] in "wct" for name in vocabulary.names])
    words = Vocabulary(vocabulary.names, np.where(text, vocabulary.scales, 0.0))
    cues = Vocabulary(vocabulary.names, np.where(text, 0.0, learner.cue_weight))
    rows = whole_paragraphs(counted, words)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    whole = (sparse.diags(1 / lengths) @ rows + whole_paragraphs(counted, cues)).tocsr()
    # A new text is not scaled to unit length (evidence must add up): it is divided by a usual length.
    scaled = Vocabulary(vocabulary.names, words.scales / float(np.median(lengths)) + cues.scales)
    counts = counted.counts[:, columns_of(counted, vocabulary)]
    bags = Bags(damped(counts, scaled), counted.owner, counted.size)
    return Design(learner, ids, scaled, bags, whole, settings.seed)


def fit(seen: Design, rows: NDArray[np.int64], truth: NDArray[np.bool_], weights: Floats) -> Linear:
    """A linear model in the vocabulary's terms.

    Args:
        seen: the corpus.
        rows: the paragraphs to learn from, ascending.
        truth: of the whole corpus, shape (n_paragraphs, n_labels).
        weights: how often each paragraph counts, shape (n_paragraphs,).
    """
    if seen.learner.unit == "pooled":
        return _fit_pooled(seen, rows, truth[rows], weights[rows])
    bags = seen.bags.take(rows) if seen.learner.unit != "paragraph" else None
    columns, biases = [], []
    for label, column in enumerate(truth[rows].T):
        if bags is None:
            found = _fit_paragraphs(seen, rows, column, weights[rows])
        elif seen.learner.unit == "cue":
            found = cue_rule(seen.vocabulary.names, seen.ids[label], bags, column)
        else:
            found = fit_label(bags, column, seen.learner.penalty, weights[rows], seen.seed)
        columns.append(found[0])
        biases.append(found[1])
    model = Linear(np.stack(columns, axis=1), np.array(biases), np.ones(len(biases)))
    return _with_cue_list(model, seen, rows, truth) if seen.learner.cue_list else model


def _with_cue_list(model: Linear, seen: Design, rows: NDArray[np.int64], truth: NDArray[np.bool_]) -> Linear:
    """What was learned plus the vote of the cue list: on 60 paragraphs neither is enough alone."""
    bags, scales = seen.bags.take(rows), seen.vocabulary.scales
    for label, name in enumerate(seen.ids):
        weights, bias = cue_rule(seen.vocabulary.names, name, bags, truth[rows, label])
        hits = np.flatnonzero(weights)
        model.weights[hits, label] += seen.learner.cue_list * weights[hits] / scales[hits]
        model.biases[label] += seen.learner.cue_list * bias
    return model


def _fit_pooled(seen: Design, rows: NDArray[np.int64], truth: NDArray[np.bool_], weights: Floats) -> Linear:
    bags = seen.bags.take(rows)
    factors = counting_anywhere(seen.vocabulary.names)
    found = [
        fit_pooled(bags, column, factors, seen.learner.penalty, weights, seen.seed) for column in truth.T
    ]
    return Linear(
        np.stack([label.weights for label in found], axis=1),
        np.array([label.bias for label in found]),
        np.array([label.offset for label in found]),
        np.stack([label.whole for label in found], axis=1),
    )


def _fit_paragraphs(
    seen: Design, rows: NDArray[np.int64], truth: NDArray[np.bool_], weights: Floats
) -> tuple[Floats, float]:
    assert seen.whole is not None
    if truth.all() or not truth.any():
        return np.zeros(seen.whole.shape[1]), 1.0 if truth.all() else -1.0
    model = svm(seen.learner.penalty, seen.seed).fit(seen.whole[rows], truth, weights)
    return model.coef_[0], float(model.intercept_[0])


def cue_rule(
    names: Sequence[str], label: str, bags: Bags | None, truth: NDArray[np.bool_]
) -> tuple[Floats, float]:
    """The cue list as weights: 1 for a sentence with a cue of the label, -1 for one without.

    Which classes of cue count is what finds the labelled paragraphs best (F1); ``strong`` ones, or
    all, where no paragraph has the label. Classes named ``against`` never count.
    """
    own = [at for at, name in enumerate(names) if name.startswith(f"k:{label}.") and name[-8:] != ".against"]
    chosen = [at for at in own if names[at].endswith(".strong")] or own
    if bags is not None and truth.any():
        sets = [list(s) for size in range(1, len(own) + 1) for s in combinations(own, size)][:63]
        chosen = max(sets, key=lambda s: _f1(bags, s, truth), default=[])
    weights = np.zeros(len(names))
    weights[chosen] = _HIT
    return weights, _NO_HIT


def _f1(bags: Bags, columns: Sequence[int], truth: NDArray[np.bool_]) -> float:
    hit = np.bincount(bags.owner, weights=bags.rows[:, columns].getnnz(axis=1), minlength=bags.size) > 0
    return float(2 * (hit & truth).sum() / max((hit.sum() + truth.sum()), 1))
