"""Features and labels to weights and calibrations: everything that needs scikit-learn.

The model scores sentences and pools them (``pool``). Paragraph labels do not say which sentence
carries the label, so the sentence classifiers are learned as mi-SVM (Andrews, Tsochantaridis &
Hofmann, "Support vector machines for multiple-instance learning", NIPS 2002): start from a
classifier of whole paragraphs, call positive the sentences it calls positive, at least one a
positive paragraph, fit again.

No L2 norm: a paragraph of five sentences of which one clears rubbish would be called half as
clean as that sentence alone (on real text the norm costs 0.03 of average precision,
docs/quality.md).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from civictag.features.vocabulary import Bags

Floats = NDArray[np.float64]
ROUNDS = 3  # of mi-SVM; the assignment changes by less than 1 % of sentences in the fourth


def fit_label(
    bags: Bags, truth: NDArray[np.bool_], penalty: float, weights: Floats, seed: int = 0
) -> tuple[Floats, float]:
    """Weights, shape (n_features,), and bias of one label's sentence classifier.

    A label with no positive, or no negative, paragraph gets zero weights and the bias -1 or 1.

    Args:
        bags: the paragraphs' sentences.
        truth: which paragraphs have the label, shape (n_paragraphs,).
        penalty: C, above 0.
        weights: how often each paragraph counts, shape (n_paragraphs,).
        seed: of the solver's order.
    """
    if truth.all() or not truth.any():
        return np.zeros(bags.rows.shape[1]), 1.0 if truth.all() else -1.0
    model = svm(penalty, seed).fit(bags.whole(), truth, weights)
    for _ in range(ROUNDS):
        keep, positive = _instances(bags, truth, model.decision_function(bags.rows))
        model = svm(penalty, seed).fit(bags.rows[keep], positive, weights[bags.owner[keep]])
    return model.coef_[0], float(model.intercept_[0])


def svm(penalty: float, seed: int, **options: Any) -> Any:
    """scikit-learn's linear SVM (liblinear); ``options`` are its own."""
    from sklearn.svm import LinearSVC

    return LinearSVC(C=penalty, random_state=seed, **options)


def _instances(
    bags: Bags, truth: NDArray[np.bool_], scores: Floats
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Sentences to learn from: all of negative paragraphs, witnesses of positive ones; and their truth."""
    best = best_scores(scores, bags)
    inside = truth[bags.owner]
    positive = inside & ((scores > 0) | (scores >= best[bags.owner]))
    keep = np.flatnonzero(positive | ~inside)
    return keep, positive[keep]


def best_scores(scores: Floats, bags: Bags) -> Floats:
    """The highest score of each paragraph's sentences, shape (n_paragraphs,)."""
    best = np.full(bags.size, -np.inf)
    np.maximum.at(best, bags.owner, scores)
    return best


def pool(scores: Floats, bags: Bags, other_sentences_weight: float, offset: float = 1.0) -> Floats:
    """Sentence scores to paragraph scores: the best, and a share of how far others rise above ``-offset``.

    -1 is where mi-SVM puts sentences that say nothing of the label, so those add about nothing; a
    second sentence on the same subject adds ``other_sentences_weight`` of its part.
    """
    best = best_scores(scores, bags)
    total = np.bincount(bags.owner, weights=scores + offset, minlength=bags.size)
    pooled: Floats = best + other_sentences_weight * (total - (best + offset))
    return pooled
