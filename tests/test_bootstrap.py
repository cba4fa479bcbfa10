"""The bootstrap over articles: weights, intervals, and whether they cover what they should."""

import numpy as np
import pytest
from scipy import stats

from civictag.util.bootstrap import (
    article_codes,
    figure,
    p_value,
    ratio,
    resample,
    sums_by_article,
)
from civictag.util.interval import Interval


def mean_of(values, codes, articles):
    total = sums_by_article(values, codes, articles)
    size = sums_by_article(np.ones(len(values)), codes, articles)
    return lambda weights: {"mean": ratio(weights @ total, weights @ size)}


def test_estimate_is_the_statistic_of_the_data_as_they_are():
    values = np.array([1.0, 2.0, 6.0])
    found = resample(mean_of(values, np.array([0, 0, 1]), 2), 2, 3, resamples=50)
    assert found.figure("mean").value == 3.0
    assert found.replicates["mean"].shape == (50,)


def test_a_draw_takes_whole_articles():
    # Article 0 holds 1 and 2, article 1 holds 6: no draw can mix in one of the first two alone.
    found = resample(mean_of(np.array([1.0, 2.0, 6.0]), np.array([0, 0, 1]), 2), 2, 3, resamples=200)
    assert set(found.replicates["mean"]) == {1.5, 3.0, 6.0}


def test_same_seed_same_interval_whatever_the_batches(monkeypatch):
    values, codes = np.arange(40.0), np.arange(40) // 4
    whole = resample(mean_of(values, codes, 10), 10, 40, resamples=300, seed=7)
    monkeypatch.setattr("civictag.util.bootstrap._BATCH_NUMBERS", 400)
    parts = resample(mean_of(values, codes, 10), 10, 40, resamples=300, seed=7)
    other = resample(mean_of(values, codes, 10), 10, 40, resamples=300, seed=8)
    assert np.array_equal(whole.replicates["mean"], parts.replicates["mean"])
    assert not np.array_equal(whole.replicates["mean"], other.replicates["mean"])


def test_interval_agrees_with_scipy_where_every_paragraph_is_its_own_article():
    values = np.random.default_rng(1).exponential(size=60)
    ours = resample(mean_of(values, np.arange(60), 60), 60, 60, resamples=4000).figure("mean")
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=4000, method="percentile", random_state=np.random.default_rng(2)
    ).confidence_interval
    assert ours.low == pytest.approx(theirs.low, abs=0.04)
    assert ours.high == pytest.approx(theirs.high, abs=0.04)


def coverage(articles, codes, each, times=400):
    """How often the interval holds the true mean 0; ``each`` paragraphs of an article are much alike."""
    rng, covered = np.random.default_rng(3), 0
    for _ in range(times):
        values = np.repeat(rng.normal(size=articles), each) + rng.normal(0, 0.3, articles * each)
        found = resample(mean_of(values, codes, codes.max() + 1), codes.max() + 1, len(values), resamples=250)
        mean = found.figure("mean")
        covered += mean.low <= 0 <= mean.high
    return covered / times


@pytest.mark.parametrize("articles", [15, *(pytest.param(n, marks=pytest.mark.slow) for n in (8, 40))])
def test_intervals_cover_the_truth_at_the_promised_rate(articles):
    assert 0.92 <= coverage(articles, np.repeat(np.arange(articles), 5), 5) <= 0.98


def test_paragraphs_drawn_singly_would_not():
    assert coverage(20, np.arange(100), 5, times=80) < 0.75


@pytest.mark.parametrize(
    ("value", "replicates", "expected"),
    [
        (float("nan"), [0.5] * 10, Interval(None)),
        (0.5, [], Interval(0.5)),
        (0.5, [0.5] * 8 + [float("nan")] * 2, Interval(0.5)),  # a fifth of the draws undefined: no interval
        (0.5, [0.25, 0.75] * 10 + [float("nan")], Interval(0.5, 0.25, 0.75)),
        (1.0, [1.0] * 20, Interval(1.0)),  # no draw changes it: not certain, only unknown
    ],
)
def test_figure_of_undefined_values(value, replicates, expected):
    assert figure(value, np.array(replicates), 50) == expected


def test_centred_interval_lies_around_the_estimate_and_not_below_zero():
    draws = np.linspace(0.05, 0.15, 1001)  # all above the estimate, as for an absolute deviation
    plain, centred = figure(0.04, draws, 1000), figure(0.04, draws, 1000, centred=True)
    assert plain.low > 0.04
    assert centred.low == 0.0
    assert centred.high == pytest.approx(0.0875, abs=1e-3)


def test_one_article_has_no_interval():
    found = resample(mean_of(np.array([1.0, 2.0]), np.array([0, 0]), 1), 1, 2)
    assert found.figure("mean") == Interval(1.5)


def test_codes_number_articles():
    codes, articles = article_codes(["x", "y", "x"])
    assert (codes.tolist(), articles) == ([0, 1, 0], 2)


def test_ratio_is_undefined_over_nothing():
    assert np.isnan(ratio(np.array([0.0]), np.array([0.0]))).all()


@pytest.mark.parametrize(("articles", "outside"), [(5, 0.000954), (15, 0.013207), (40, 0.020258)])
def test_the_tail_left_outside_is_that_of_the_expanded_percentile(articles, outside):
    """Student's t and √(n / (n − 1)): without the root, 5 articles would leave 0.0027 outside."""
    replicates = np.linspace(0, 1, 200_001)
    low = figure(0.5, replicates, articles).low
    assert low == pytest.approx(outside, rel=0.02, abs=1e-5)


def test_p_is_never_0_and_is_1_in_the_middle():
    assert p_value(np.linspace(1, 2, 99), 50) == pytest.approx(
        2 * stats.t.cdf(stats.norm.ppf(1 / 100) * np.sqrt(49 / 50), 49)
    )
    assert p_value(np.linspace(-1, 1, 101), 50) == pytest.approx(1)
