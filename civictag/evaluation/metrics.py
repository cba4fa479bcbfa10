"""The figures themselves: from arrays of truth and answers to precision, F1, calibration and the rest.

All of them are computed from sums over articles, weighted by how often each article was drawn, so the
estimate and its bootstrap replicates come from the same few lines. Their judge is scikit-learn: the
tests compare every figure with ``sklearn.metrics`` under the same sample weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from civictag.util.bootstrap import Bools, Codes, Floats, Statistics, mean_defined, ratio, sums_by_article

#: Bins of the calibration error, each holding the same number of decisions: bins of equal width leave
#: most of them all but empty, as nearly all probabilities are small, and estimate with more bias
#: (Roelofs et al. 2022, "Mitigating bias in calibration error estimation").
BINS = 10
_CALIBRATED_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a model said about labelled paragraphs; row i of every array is paragraph i.

    Attributes:
        truth, predicted: shape (n, labels).
        probabilities: shape (n, labels), in [0, 1].
        review: shape (n,), True where the model asks for a person's look.
        codes: shape (n,), the number of each paragraph's article, 0 … articles − 1.
        articles: how many articles there are.
    """

    truth: Bools
    probabilities: Floats
    predicted: Bools
    review: Bools
    codes: Codes
    articles: int


def decision_sums(outcome: Outcome) -> dict[str, Floats]:
    """Sums per article of everything that the decisions alone settle.

    ``hit``, ``false``, ``missed`` have shape (articles, labels + 1); the last column is "no label".
    """
    truth, predicted = with_none(outcome.truth), with_none(outcome.predicted)
    wrong = (outcome.truth ^ outcome.predicted).sum(axis=1)
    rows = {
        "hit": truth & predicted,
        "false": ~truth & predicted,
        "missed": truth & ~predicted,
        "paragraphs": np.ones(len(truth)),
        "wrong": wrong,
        "wrong_paragraphs": wrong > 0,
        "review": outcome.review,
        "review_wrong": wrong * outcome.review,
        "review_wrong_paragraphs": (wrong > 0) & outcome.review,
    }
    return {name: sums_by_article(v, outcome.codes, outcome.articles) for name, v in rows.items()}


def f1_figures(sums: dict[str, Floats], weights: Floats) -> dict[str, Floats]:
    """Micro, macro and per-label precision, recall and F1 under ``weights`` of shape (draws, articles).

    Shapes: (draws,) and, for ``label_*``, (draws, labels + 1). The macro mean runs over the labels
    that define the figure, as scikit-learn's does with ``zero_division=nan``.
    """
    hit, false, missed = (weights @ sums[name] for name in ("hit", "false", "missed"))
    figures = {f"label_{name}": value for name, value in _prf(hit, false, missed).items()}
    for name in ("precision", "recall", "f1"):
        figures[f"macro_{name}"] = mean_defined(figures[f"label_{name}"][:, :-1])
    pooled = _prf(*(counts[:, :-1].sum(axis=1) for counts in (hit, false, missed)))
    return figures | {f"micro_{name}": value for name, value in pooled.items()}


def all_figures(outcome: Outcome) -> Statistics:
    """The function from weights to every figure of the report."""
    sums = decision_sums(outcome)
    graded = _graded_sums(outcome)
    average_precision = [_AveragePrecision(outcome, column) for column in range(outcome.truth.shape[1])]

    def figures(weights: Floats) -> dict[str, Floats]:
        """Every figure under weights of shape (draws, articles)."""
        found = f1_figures(sums, weights) | _whole_set(sums, graded, weights)
        found["label_average_precision"] = np.stack([f(weights) for f in average_precision], axis=1)
        found["macro_average_precision"] = mean_defined(found["label_average_precision"])
        return found

    return figures


def calibration_bins(probabilities: Floats) -> Codes:
    """The bin of each probability, shape (n,): equal mass, ties together, so fewer than BINS if many tie."""
    inner = np.quantile(probabilities, np.arange(1, BINS) / BINS)
    return np.searchsorted(np.unique(inner), probabilities).astype(np.intp)


def calibration_if_calibrated(probabilities: Floats, seed: int = 0) -> Floats:
    """Calibration errors that a perfectly calibrated model would show on these probabilities, shape (draws,).

    The measured error is never 0 on a finite set: this is what it has to be read against (consistency
    resampling, Bröcker & Smith 2007). Truth is drawn from the probabilities themselves.
    """
    p = probabilities.ravel()
    bins = calibration_bins(p)
    rng = np.random.default_rng(seed)
    draws = (p - (rng.random(len(p)) < p) for _ in range(_CALIBRATED_DRAWS))
    return np.array([np.abs(np.bincount(bins, weights=gaps)).sum() / len(p) for gaps in draws])


class _AveragePrecision:
    """Average precision of one label, for many weightings of the same articles.

    The curve only takes a step where a positive is, so the ranking is cut into one segment for each
    probability that a positive has, reaching down to it: ties are one step, as in
    ``sklearn.metrics.average_precision_score``. A draw is then two sparse products, not a sort.
    """

    def __init__(self, outcome: Outcome, column: int) -> None:
        from scipy.sparse import coo_array

        truth, probabilities = outcome.truth[:, column], outcome.probabilities[:, column]
        steps = np.unique(-probabilities[truth])
        segment = np.searchsorted(steps, -probabilities)
        shape = (outcome.articles, len(steps) + 1)  # the last segment lies below every positive
        ones = np.ones(len(truth))
        self._predicted = coo_array((ones, (outcome.codes, segment)), shape=shape).tocsr()
        self._hits = coo_array((ones[truth], (outcome.codes[truth], segment[truth])), shape=shape).tocsr()

    def __call__(self, weights: Floats) -> Floats:
        """Shape (draws,), from weights of shape (draws, articles); NaN where no positive was drawn."""
        hits, predicted = weights @ self._hits, weights @ self._predicted
        precision = ratio(hits.cumsum(axis=1), predicted.cumsum(axis=1))
        # A segment before the first drawn paragraph has neither hits nor answers: it adds nothing.
        return ratio((hits * np.nan_to_num(precision)).sum(axis=1), hits.sum(axis=1))


def _graded_sums(outcome: Outcome) -> dict[str, Floats]:
    """Sums per article of what the probabilities settle.

    ``gaps`` of shape (articles, labels, BINS) are the p − y of each label in its own bins; ``bin_*`` of
    shape (articles, BINS) are over the decisions of all labels, in common bins.
    """
    p, y = outcome.probabilities, outcome.truth.astype(np.float64)
    bins = calibration_bins(p.ravel()).reshape(p.shape)
    gaps = [_spread(gap, calibration_bins(own)) for gap, own in zip((p - y).T, p.T, strict=True)]
    rows = {
        "brier": (p - y) ** 2,
        "gaps": np.stack(gaps, axis=1),
        "bin_count": _spread_labels(np.ones_like(p), bins),
        "bin_probability": _spread_labels(p, bins),
        "bin_truth": _spread_labels(y, bins),
        "truth": y.sum(axis=1),
        "predicted": outcome.predicted.sum(axis=1),
    }
    return {name: sums_by_article(v, outcome.codes, outcome.articles) for name, v in rows.items()}


def _whole_set(sums: dict[str, Floats], graded: dict[str, Floats], weights: Floats) -> dict[str, Floats]:
    """Exact match, Hamming loss, cardinality, Brier score, calibration and the review band."""
    s = {name: np.tensordot(weights, value, axes=1) for name, value in (sums | graded).items()}
    n, labels = s["paragraphs"], graded["brier"].shape[1]
    gaps = np.abs(s["bin_probability"] - s["bin_truth"])
    return {
        "exact_match": ratio(n - s["wrong_paragraphs"], n),
        "hamming_loss": ratio(s["wrong"], n * labels),
        "cardinality_truth": ratio(s["truth"], n),
        "cardinality_predicted": ratio(s["predicted"], n),
        "brier": ratio(s["brier"].sum(axis=1), n * labels),
        "label_brier": ratio(s["brier"], n[:, None]),
        "calibration_error": ratio(gaps.sum(axis=1), n * labels),
        "label_calibration_error": ratio(np.abs(s["gaps"]).sum(axis=2), n[:, None]),
        "bin_probability": ratio(s["bin_probability"], s["bin_count"]),
        "bin_share": ratio(s["bin_truth"], s["bin_count"]),
        "bin_count": s["bin_count"],
        "review_share": ratio(s["review"], n),
        "review_errors": ratio(s["review_wrong"], s["wrong"]),
        "review_wrong_paragraphs": ratio(s["review_wrong_paragraphs"], s["wrong_paragraphs"]),
    }


def _prf(hit: Floats, false: Floats, missed: Floats) -> dict[str, Floats]:
    return {
        "precision": ratio(hit, hit + false),
        "recall": ratio(hit, hit + missed),
        "f1": ratio(2 * hit, 2 * hit + false + missed),
    }


def with_none(labels: Bools) -> Bools:
    """(n, labels) to (n, labels + 1): the last column is True where no label is."""
    return np.column_stack([labels, ~labels.any(axis=1)])


def _spread(values: Floats, bins: Codes) -> Floats:
    """(n,) to (n, BINS): each value in the column of its bin."""
    spread = np.zeros((len(values), BINS))
    spread[np.arange(len(values)), bins] = values
    return spread


def _spread_labels(values: Floats, bins: Codes) -> Floats:
    """(n, labels) to (n, BINS): the values of all labels, each in the column of its bin."""
    total = np.zeros((len(values), BINS))
    for column, its_bins in zip(values.T, bins.T, strict=True):
        total += _spread(column, its_bins)
    return total
