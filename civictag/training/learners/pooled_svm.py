"""Sentence weights learned through the pool, and words that count wherever they stand.

mi-SVM (``civictag.training.learners.mi_svm``) learns what a sentence of a label looks like; what the model
gives is a sum over the paragraph's sentences. Here the classifier is of paragraphs as the model
scores them: a row is the best sentence, a share of the others, and the words of all. It is MI-SVM
(Andrews, Tsochantaridis & Hofmann 2003, section 5) or a latent SVM (Felzenszwalb et al., "Object
detection with discriminatively trained part based models", PAMI 2010): which sentence is the best is
chosen with the weights of the round before. A paragraph without the label is one row, that of its
most tempting sentence; for mi-SVM every sentence of it was one, and the easy ones outvoted it.

Words of the whole paragraph have weights of their own, so that they can speak against a label whose
cue stands in one sentence: 「开发商」 and 「房产证」 beside 「业主」. They are held back (``WORDS``), for
they see a topic, not a deed. Classes of words that say what a text is about (the label set's context
classes ``about_…``) count so too, and more (``TOPICS``): a rare word borrows from its class.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning

from civictag.features.vocabulary import Bags
from civictag.labels.cue_matcher import ABOUT
from civictag.training.learners.mi_svm import Floats, best_scores, svm

ROUNDS = 3  # the best sentences are chosen; a fourth changes mean average precision by less than 0.001
SHARE = 0.2  # of the other sentences
# Factors on what counts wherever it stands, before learning (docs/quality.md).
WORDS = 0.5
TOPICS = 2.0
COUNT = 0.1  # scale of the number of sentences before learning
# The solver's rounds: the shipped corpus takes at most 35. Thousands of near copies with other labels never
# settle: 12,000 such paragraphs took 134 s for five labels with 5,000 rounds at most. On 6,000 of them 200
# rounds, 100, 60 and 35 give the same average precision to 0.0001.
MOST_ROUNDS = 100
START = 0.1  # penalty of the classifier of whole paragraphs that chooses first


@dataclass(frozen=True, slots=True)
class Pooled:
    """One label's weights.

    Attributes:
        weights: of features in a sentence, shape (n_features,).
        bias: of a sentence.
        offset: added to every sentence but the best.
        whole: of features wherever they stand, shape (n_features,); 0 but for words and topics.
    """

    weights: Floats
    bias: float
    offset: float
    whole: Floats


def fit_pooled(
    bags: Bags,
    truth: NDArray[np.bool_],
    anywhere: Floats,
    penalty: float,
    counting: Floats,
    seed: int = 0,
) -> Pooled:
    """Learn one label.

    Args:
        bags: the paragraphs' sentences.
        truth: which paragraphs have the label, shape (n_paragraphs,).
        anywhere: factor of each feature that counts wherever it stands, else 0, shape (n_features,).
        penalty: C, above 0.
        counting: how often each paragraph counts, shape (n_paragraphs,).
        seed: of the solver's order.
    """
    size = bags.rows.shape[1]
    if truth.all() or not truth.any():
        return Pooled(np.zeros(size), 1.0 if truth.all() else -1.0, 1.0, np.zeros(size))
    everything, columns = bags.whole(), np.flatnonzero(anywhere)
    beside = everything[:, columns] @ sparse.diags(anywhere[columns])
    found = svm(START, seed, tol=1e-3).fit(everything, truth, counting)
    others = sparse.csr_matrix(COUNT * (np.bincount(bags.owner, minlength=bags.size) - 1.0)[:, None])
    for _ in range(ROUNDS):
        rows = [pooled_rows(bags, found.coef_[0, :size]), others, beside]
        solver = svm(penalty, seed, loss="hinge", tol=1e-3, max_iter=MOST_ROUNDS)
        with warnings.catch_warnings():  # of the rounds
            warnings.simplefilter("ignore", ConvergenceWarning)
            found = solver.fit(sparse.hstack(rows, format="csr"), truth, counting)
    weights, bias = found.coef_[0], float(found.intercept_[0])
    whole = np.zeros(size)
    whole[columns] = anywhere[columns] * weights[size + 1 :]
    return Pooled(weights[:size], bias, COUNT * float(weights[size]) / SHARE - bias, whole)


def counting_anywhere(names: Sequence[str]) -> Floats:
    """``fit_pooled``'s factors of the features with these names, shape (n_names,)."""
    factors = {"w:": WORDS, f"k:.{ABOUT}": TOPICS}
    return np.array([sum(by for start, by in factors.items() if name.startswith(start)) for name in names])


def pooled_rows(bags: Bags, weights: Floats) -> sparse.csr_matrix:
    """Each paragraph's best sentence (of equals the first) and a share of the others, as one row."""
    scores = bags.rows @ weights
    at_best = np.flatnonzero(scores >= best_scores(scores, bags)[bags.owner])
    first = at_best[np.unique(bags.owner[at_best], return_index=True)[1]]
    shares = np.full(len(scores), SHARE)
    shares[first] = 1.0
    places = (bags.owner, np.arange(len(scores)))
    return (sparse.csr_matrix((shares, places), shape=(bags.size, len(scores))) @ bags.rows).tocsr()
