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

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from civictag.errors import CorpusError
from civictag.features.vocabulary import Bags
from civictag.model.calibration import Calibration
from civictag.settings import TrainSettings

Floats = NDArray[np.float64]
ROUNDS = 3  # of mi-SVM; the assignment changes by less than 1 % of sentences in the fourth


def fit_label(bags: Bags, truth: NDArray[np.bool_], settings: TrainSettings) -> tuple[Floats, float]:
    """Weights, shape (n_features,), and bias of one label's sentence classifier.

    A label with no positive, or no negative, paragraph gets zero weights and the bias -1 or 1.
    """
    if truth.all() or not truth.any():
        return np.zeros(bags.rows.shape[1]), 1.0 if truth.all() else -1.0
    model = _svm(settings).fit(bags.whole(), truth)
    for _ in range(ROUNDS):
        model = _svm(settings).fit(*_instances(bags, truth, model.decision_function(bags.rows)))
    return model.coef_[0], float(model.intercept_[0])


def _svm(settings: TrainSettings) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=settings.penalty, random_state=settings.seed)


def _instances(
    bags: Bags, truth: NDArray[np.bool_], scores: Floats
) -> tuple[sparse.csr_matrix, NDArray[np.bool_]]:
    """Sentences to learn from: all of negative paragraphs, the witnesses of positive ones."""
    best = _maximum(scores, bags)
    inside = truth[bags.owner]
    positive = inside & ((scores > 0) | (scores >= best[bags.owner]))
    keep = positive | ~inside
    return bags.rows[keep], positive[keep]


def _maximum(scores: Floats, bags: Bags) -> Floats:
    best = np.full(bags.size, -np.inf)
    np.maximum.at(best, bags.owner, scores)
    return best


def pool(scores: Floats, bags: Bags, other_sentences_weight: float) -> Floats:
    """Sentence scores to paragraph scores: the best, and a share of how far others rise above -1.

    -1 is where the classifier puts sentences that say nothing of the label, so those add about
    nothing; a second sentence on the same subject adds ``other_sentences_weight`` of its part.
    """
    best = _maximum(scores, bags)
    total = np.bincount(bags.owner, weights=scores + 1, minlength=bags.size)
    pooled: Floats = best + other_sentences_weight * (total - (best + 1))
    return pooled


def out_of_fold(
    bags: Bags, truth: NDArray[np.bool_], groups: Sequence[str], settings: TrainSettings, jobs: int = 1
) -> Floats:
    """Paragraph scores of models that did not see the paragraph's group, shape (n, n_labels).

    Raises:
        CorpusError: there is only one group.
    """
    from joblib import Parallel, delayed
    from sklearn.model_selection import GroupKFold

    folds = min(settings.folds, len(set(groups)))
    if folds < 2:
        raise CorpusError(
            "is one article, so that nothing can be scored out of fold", where="corpus",
            hint='Give each article\'s paragraphs a "doc" of their own',
        )  # fmt: skip
    parts = list(GroupKFold(folds).split(np.zeros(bags.size), groups=np.array(groups)))
    work = [(label, train, test) for train, test in parts for label in range(truth.shape[1])]
    done = Parallel(n_jobs=jobs, mmap_mode="r")(
        delayed(_held_out)(bags, truth[:, label], train, test, settings) for label, train, test in work
    )
    scores = np.zeros(truth.shape)
    for (label, _, test), column in zip(work, done, strict=True):
        scores[test, label] = column
    return scores


def _held_out(
    bags: Bags,
    truth: NDArray[np.bool_],
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    settings: TrainSettings,
) -> Floats:
    weights, bias = fit_label(bags.take(train), truth[train], settings)
    held = bags.take(test)
    return pool(held.rows @ weights + bias, held, settings.other_sentences_weight)


def calibrate(scores: Floats, truth: NDArray[np.bool_], settings: TrainSettings) -> list[Calibration]:
    """Sigmoids, threshold and review band from out-of-fold scores, shape (n, n_labels); one a label.

    The sigmoids are Platt's, a label each. The threshold is one probability for all labels: cuts
    chosen label by label move by 0.15 and more between trainings that differ in nothing that
    matters. It is the lowest whose micro-F1 is within ``threshold_slack`` of the best: real text
    scores lower than written text, so of equally good cuts the low one survives the shift
    (docs/quality.md).
    """
    from scipy.special import expit

    sigmoids = [_sigmoid(column, right) for column, right in zip(scores.T, truth.T, strict=True)]
    columns = [expit(a * column + b) for (a, b), column in zip(sigmoids, scores.T, strict=True)]
    threshold = _threshold(np.stack(columns, axis=1), truth, settings.threshold_slack)
    return [Calibration(a, b, threshold, settings.review_low, settings.review_high) for a, b in sigmoids]


def _sigmoid(scores: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    if truth.all() or not truth.any():
        # fit_label scores every sentence 1 or -1: make that the rule of succession, 1 / (n + 2) for a
        # label that nobody has. At 1 / (1 + e), the sigmoid of -1, it would be given to everything.
        odds = float(np.log(len(truth) + 1))
        return 1.0, odds - 1.0 if truth.all() else 1.0 - odds
    fitted = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), truth)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _threshold(probabilities: Floats, truth: NDArray[np.bool_], slack: float) -> float:
    if not truth.any():
        return 0.5  # no cut is better than another
    grid = np.arange(5, 96) / 100
    given = [probabilities >= cut for cut in grid]
    right = np.array([(table & truth).sum() for table in given])
    f1 = 2 * right / np.maximum([table.sum() + truth.sum() for table in given], 1)
    return float(grid[int(np.argmax(f1 >= f1.max() - slack))])
