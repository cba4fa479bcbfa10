"""Sigmoids that cannot turn a label upside down, and one threshold for all labels."""

import numpy as np
import pytest
from scipy.special import expit

from civictag.training.calibrate import probabilities, sigmoid, sigmoids, threshold


@pytest.mark.parametrize("count", [30, 60, 150])
@pytest.mark.parametrize("seed", range(5))
def test_noise_never_turns_a_label_upside_down(count, seed):
    rng = np.random.default_rng(seed)
    slope, intercept = sigmoid(rng.normal(size=count), rng.random(count) < 0.3)
    assert slope >= 0
    assert 0.05 < expit(intercept) < 0.6


def test_scores_that_say_the_opposite_get_the_base_rate():
    truth = np.arange(40) < 10
    slope, intercept = sigmoid(np.where(truth, -1.0, 1.0), truth)
    assert slope == 0
    assert expit(intercept) == pytest.approx(11 / 42)


def test_a_few_separated_examples_do_not_make_a_probability_sure():
    truth = np.arange(30) < 6
    few = sigmoid(np.where(truth, 1.0, -1.0), truth)
    many = sigmoid(np.tile(np.where(truth, 1.0, -1.0), 100), np.tile(truth, 100))
    assert expit(few[0] + few[1]) < 0.95 < expit(many[0] + many[1])


@pytest.mark.parametrize("given", [True, False])
def test_a_label_that_all_or_none_have(given):
    slope, intercept = sigmoid(np.linspace(-1, 1, 8), np.full(8, given))
    assert (slope, expit(intercept)) == (0, pytest.approx(0.9 if given else 0.1))


def test_calibrated_probabilities_are_as_frequent_as_they_say():
    rng = np.random.default_rng(1)
    scores = rng.normal(0, 1.5, 4000)
    truth = rng.random(4000) < expit(1.7 * scores - 0.6)
    slope, intercept = sigmoid(scores, truth)
    assert slope == pytest.approx(1.7, abs=0.15)
    assert intercept == pytest.approx(-0.6, abs=0.15)


def test_a_weight_is_so_many_rows():
    rng = np.random.default_rng(4)
    scores, truth = rng.normal(size=60), rng.random(60) < 0.4
    twice = sigmoid(np.r_[scores, scores], np.r_[truth, truth])
    assert sigmoid(scores, truth, np.full(60, 2.0)) == pytest.approx(twice, abs=1e-3)


def test_one_threshold_the_lowest_of_nearly_best_ones_where_examples_are_many():
    rng = np.random.default_rng(2)
    scores = rng.normal(0, 1.5, (4000, 2))
    truth = scores + rng.normal(0, 1, scores.shape) > [0, 0.8]
    calibrated = probabilities(scores, sigmoids(scores, truth))
    strict, slack = (threshold(calibrated, truth, s) for s in (0.0, 0.03))

    def micro_f1(cut):
        given = calibrated >= cut
        return 2 * (given & truth).sum() / (given.sum() + truth.sum())

    grid = np.arange(5, 96) / 100
    assert micro_f1(strict) >= max(map(micro_f1, grid)) - 0.003
    assert slack < strict
    assert micro_f1(slack) >= max(map(micro_f1, grid)) - 0.035


def test_separated_examples_get_a_cut_between_them():
    truth = np.arange(60).reshape(-1, 1) < 12
    assert 0.2 < threshold(np.where(truth, 0.9, 0.05), truth, 0.005) < 0.8
    assert threshold(np.full((4, 1), 0.3), np.zeros((4, 1), bool), 0.005) == 0.5
