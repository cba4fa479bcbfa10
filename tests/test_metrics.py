"""Every figure against scikit-learn, which is the judge, also under the weights of a draw."""

import numpy as np
import pytest
from fake_tagger import invent
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.calibration import calibration_curve

from civictag.evaluation.metrics import (
    BINS,
    Outcome,
    all_figures,
    calibration_bins,
    calibration_if_calibrated,
)
from civictag.util.bootstrap import article_codes


def outcome_of(truth, probabilities, docs):
    codes, articles = article_codes(docs)
    predicted = probabilities >= 0.5
    return Outcome(truth, probabilities, predicted, np.zeros(len(truth), bool), codes, articles)


def drawn(outcome, seed):
    """One draw of articles: its weights (1, articles) and the weight of each paragraph."""
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(outcome.articles, np.full(outcome.articles, 1 / outcome.articles))
    return weights[None].astype(float), weights[outcome.codes]


def sklearn_figures(o, w):
    f1 = {"sample_weight": w, "zero_division": np.nan}
    with_none = [np.column_stack([x, ~x.any(axis=1)]) for x in (o.truth, o.predicted)]
    found = {
        "exact_match": metrics.accuracy_score(o.truth, o.predicted, sample_weight=w),
        "hamming_loss": metrics.hamming_loss(o.truth, o.predicted, sample_weight=w),
        "label_precision": metrics.precision_score(*with_none, average=None, **f1),
        "label_recall": metrics.recall_score(*with_none, average=None, **f1),
        "label_f1": metrics.f1_score(*with_none, average=None, **f1),
        "label_average_precision": [
            metrics.average_precision_score(t, p, sample_weight=w)
            for t, p in zip(o.truth.T, o.probabilities.T, strict=True)
        ],
        "label_brier": [
            metrics.brier_score_loss(t, p, sample_weight=w)
            for t, p in zip(o.truth.T, o.probabilities.T, strict=True)
        ],
    }
    for average in ("micro", "macro"):
        found[f"{average}_precision"] = metrics.precision_score(o.truth, o.predicted, average=average, **f1)
        found[f"{average}_recall"] = metrics.recall_score(o.truth, o.predicted, average=average, **f1)
        found[f"{average}_f1"] = metrics.f1_score(o.truth, o.predicted, average=average, **f1)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_figures_equal_scikit_learns_under_the_weights_of_a_draw(seed):
    truth, probabilities = invent(120, seed)
    outcome = outcome_of(truth, probabilities, [str(i // 4) for i in range(120)])
    weights, rows = drawn(outcome, seed)
    ours = all_figures(outcome)(weights)
    for name, expected in sklearn_figures(outcome, rows).items():
        assert ours[name][0] == pytest.approx(expected, nan_ok=True), name


@given(st.integers(1, 40), st.integers(0, 10_000))
def test_any_small_set_gives_figures_in_range_or_undefined(n, seed):
    truth, probabilities = invent(n, seed)
    outcome = outcome_of(truth, probabilities, [str(i // 3) for i in range(n)])
    for name, values in all_figures(outcome)(np.ones((1, outcome.articles))).items():
        if name not in ("cardinality_truth", "cardinality_predicted", "bin_count"):
            assert np.all(np.isnan(values) | ((values >= 0) & (values <= 1 + 1e-12))), name


def test_a_label_that_nobody_gave_is_undefined_not_zero():
    truth = np.zeros((4, 2), bool)
    truth[:2, 0] = True
    figures = all_figures(outcome_of(truth, truth * 0.8, list("abcd")))(np.ones((1, 4)))
    assert np.isnan(figures["label_f1"][0, 1])
    assert figures["macro_f1"][0] == 1.0


def test_calibration_error_by_hand():
    # Two values, two bins: 0.2 where a quarter is true, 0.8 where all are.
    p = np.array([[0.2]] * 4 + [[0.8]] * 4)
    y = np.array([[True], [False], [False], [False]] + [[True]] * 4)
    figures = all_figures(outcome_of(y, p, [str(i) for i in range(8)]))(np.ones((1, 8)))
    assert figures["calibration_error"][0] == pytest.approx((0.05 * 4 + 0.2 * 4) / 8)


def test_bins_of_the_whole_are_over_the_decisions_of_all_labels():
    rng = np.random.default_rng(3)
    probabilities = rng.random((200, 3))
    truth = rng.random((200, 3)) < probabilities**2  # overconfident: the error is more than noise
    figures = all_figures(outcome_of(truth, probabilities, [str(i) for i in range(200)]))(np.ones((1, 200)))
    share, mean = calibration_curve(truth.ravel(), probabilities.ravel(), n_bins=BINS, strategy="quantile")
    assert figures["bin_count"][0] == pytest.approx([60] * BINS)
    assert figures["bin_probability"][0] == pytest.approx(mean)
    assert figures["bin_share"][0] == pytest.approx(share)
    assert figures["calibration_error"][0] == pytest.approx(np.abs(mean - share).mean())


def test_bins_hold_equal_numbers_and_keep_ties_together():
    bins = calibration_bins(np.linspace(0, 1, 1000))
    assert np.bincount(bins).tolist() == [100] * BINS
    tied = calibration_bins(np.array([0.1] * 95 + [0.9] * 5))
    assert len(set(tied[:95])) == 1
    assert tied[0] != tied[-1]


def test_a_calibrated_model_is_read_against_the_noise_of_its_size():
    rng = np.random.default_rng(0)
    small, large = rng.random((100, 1)), rng.random((10_000, 1))
    assert (calibration_if_calibrated(small) == calibration_if_calibrated(small, 0)).all()
    assert calibration_if_calibrated(small).mean() > 3 * calibration_if_calibrated(large).mean() > 0
    measured = all_figures(outcome_of(rng.random((100, 1)) < small, small, [str(i) for i in range(100)]))
    error = measured(np.ones((1, 100)))["calibration_error"][0]
    assert error < np.quantile(calibration_if_calibrated(small), 0.999)


def test_review_band_figures_count_decisions_and_paragraphs():
    truth = np.array([[True, False], [False, False], [True, True], [False, False]])
    predicted = np.array([[False, True], [False, False], [True, False], [False, False]])
    review = np.array([True, True, False, False])
    outcome = Outcome(truth, predicted * 1.0, predicted, review, np.arange(4), 4)
    figures = all_figures(outcome)(np.ones((1, 4)))
    assert figures["review_share"][0] == 0.5
    assert figures["review_errors"][0] == pytest.approx(2 / 3)
    assert figures["review_wrong_paragraphs"][0] == 0.5


def test_a_paragraph_with_one_wrong_label_is_wrong():
    truth = np.array([[True, False], [True, False]])
    predicted = np.array([[False, False], [True, True]])
    outcome = Outcome(truth, predicted * 1.0, predicted, np.array([True, False]), np.arange(2), 2)
    figures = all_figures(outcome)(np.ones((1, 2)))
    assert figures["exact_match"][0] == 0
    assert figures["review_wrong_paragraphs"][0] == 0.5


def test_many_draws_at_once_are_the_draws_one_by_one():
    truth, probabilities = invent(120, 3)
    outcome = outcome_of(truth, probabilities, [str(i // 4) for i in range(120)])
    draws = np.concatenate([drawn(outcome, seed)[0] for seed in range(4)])
    figures = all_figures(outcome)
    for name, values in figures(draws).items():
        one_by_one = np.concatenate([figures(draw[None])[name] for draw in draws])
        assert values == pytest.approx(one_by_one, nan_ok=True), name


def test_the_sizes_of_what_was_given_and_of_what_is_true():
    truth, probabilities = invent(60, 5)
    o = outcome_of(truth, probabilities, [str(i // 3) for i in range(60)])
    weights, rows = drawn(o, 5)
    figures = all_figures(o)(weights)
    for name, labels in (("truth", o.truth), ("predicted", o.predicted)):
        judge = np.average(labels.sum(axis=1), weights=rows)
        assert figures[f"cardinality_{name}"][0] == pytest.approx(judge)
    judge = np.nanmean(figures["label_average_precision"][0])
    assert figures["macro_average_precision"][0] == pytest.approx(judge)


@pytest.mark.parametrize("seed", range(3))
def test_brier_of_the_whole_is_the_mean_of_the_labels(seed):
    truth, probabilities = invent(90, seed)
    o = outcome_of(truth, probabilities, [str(i // 3) for i in range(90)])
    weights, w = drawn(o, seed)
    judge = [
        metrics.brier_score_loss(t, p, sample_weight=w) for t, p in zip(truth.T, probabilities.T, strict=True)
    ]
    assert all_figures(o)(weights)["brier"][0] == pytest.approx(np.mean(judge))


def test_a_labels_calibration_error_is_over_its_own_bins():
    """In common bins a label of low probabilities would fall into one or two bins, and its error vanish."""
    rng = np.random.default_rng(0)
    probabilities = np.column_stack([rng.random(400) * 0.02, rng.random(400)])
    truth = rng.random((400, 2)) < np.column_stack([0.02 - probabilities[:, 0], probabilities[:, 1]])
    o = outcome_of(truth, probabilities, [str(i) for i in range(400)])
    found = all_figures(o)(np.ones((1, 400)))["label_calibration_error"][0]
    for column in range(2):
        p, y = probabilities[:, column], truth[:, column]
        edges = np.unique(np.quantile(p, np.arange(1, BINS) / BINS))
        bins = np.searchsorted(edges, p)
        by_hand = sum(abs((p - y)[bins == b].sum()) for b in range(BINS)) / len(p)
        assert found[column] == pytest.approx(by_hand)
