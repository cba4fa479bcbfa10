"""An interval as a person reads it."""

import pytest

from civictag.util.interval import CONFIDENCE, UNDEFINED, Interval


@pytest.mark.parametrize(
    ("interval", "value", "ends"),
    [
        (Interval(0.8125, 0.75, 0.9), "0.812", "[0.750, 0.900]"),
        (Interval(1.0), "1.000", ""),
        (Interval(None), UNDEFINED, ""),
        (Interval(0.0, 0.0, 0.25), "0.000", "[0.000, 0.250]"),
    ],
)
def test_values_and_ends_have_three_decimals(interval, value, ends):
    assert (interval.shown(), interval.range()) == (value, ends)


def test_the_confidence_is_the_one_that_reports_name():
    assert CONFIDENCE == 0.95
    assert UNDEFINED == "–"
