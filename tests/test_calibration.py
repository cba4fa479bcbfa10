"""Scores to probabilities and decisions."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from civictag.errors import ModelError
from civictag.model.calibration import Calibration, from_data, sigmoid, to_data

ONE = Calibration(slope=2.0, intercept=-1.0, threshold=0.4, low=0.2, high=0.6)


@given(st.floats(allow_nan=False))
def test_the_sigmoid_is_scipys_and_never_overflows(logit):
    assert sigmoid(logit) == pytest.approx(float(expit(logit)), abs=1e-15)


def test_a_probability_is_the_sigmoid_of_the_line():
    assert ONE.probability(0.5) == 0.5
    assert ONE.probability(1.5) == pytest.approx(1 / (1 + math.exp(-2)))


@pytest.mark.parametrize(
    ("probability", "doubtful"), [(0.19, False), (0.2, True), (0.59, True), (0.6, False)]
)
def test_the_review_band_has_its_lower_end_only(probability, doubtful):
    assert ONE.doubtful(probability) is doubtful


@given(st.builds(Calibration, *[st.floats(allow_nan=False, allow_infinity=False)] * 5))
def test_written_and_read_again_it_is_the_same(calibration):
    assert from_data(to_data(calibration)) == calibration


@pytest.mark.parametrize("change", [{"slope": "steep"}, {"slope": None}, {"high": [1]}])
def test_what_is_no_number_is_refused(change):
    with pytest.raises(ModelError) as refused:
        from_data({**to_data(ONE), **change})
    assert str(refused.value) == 'manifest.json, field "calibration": is not a calibration'


@pytest.mark.parametrize("key", Calibration._fields)
def test_what_is_missing_is_refused(key):
    with pytest.raises(ModelError, match="calibration"):
        from_data({k: v for k, v in to_data(ONE).items() if k != key})


@given(
    st.floats(0.01, 50),
    st.floats(-20, 20),
    st.floats(0.001, 0.999),
    st.floats(0.001, 0.999),
    st.floats(-40, 40),
)
def test_a_score_below_the_least_is_neither_given_nor_doubtful(slope, intercept, threshold, low, score):
    calibration = Calibration(slope, intercept, threshold, low, 1.0)
    p = calibration.probability(score)
    if score < calibration.least_score():
        assert p < threshold
        assert not calibration.doubtful(p)
    else:
        assert p >= min(threshold, low) - 1e-6  # and little more is computed than must be


@given(st.floats(0.01, 50), st.floats(-20, 20), st.floats(0.001, 0.999))
def test_rounding_puts_no_score_of_the_threshold_below_the_least(slope, intercept, threshold):
    score = (math.log(threshold / (1 - threshold)) - intercept) / slope
    assert Calibration(slope, intercept, threshold, threshold, 1.0).least_score() < score


@pytest.mark.parametrize(
    "change", [{"threshold": 0.0}, {"low": 0.0}, {"slope": 0.0}, {"low": 1.0, "threshold": 1.0}]
)
def test_where_no_score_is_too_low_all_are_computed(change):
    assert ONE._replace(**change).least_score() == -math.inf
