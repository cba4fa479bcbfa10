"""Dates in every form that tables and articles write them; what is doubtful is no date."""

from __future__ import annotations

import datetime

import pytest

from civictag.util.dates import is_ambiguous, read_date

FORMS = [
    ("2023-04-05T10:00:00", "2023-04-05"),
    (datetime.datetime(2023, 4, 5, 10), "2023-04-05"),
    ("2023年4月5日", "2023-04-05"),
    ("2023.4", "2023-04"),
    ("202304", "2023-04"),
    (202304, "2023-04"),
    ("20230405.0", "2023-04-05"),
    (20230405.0, "2023-04-05"),
    ("2023.0", "2023"),
    ("２０２３年０４月５日", "2023-04-05"),
    ("２０２３／４／５", "2023-04-05"),
    ("２０２３０４", "2023-04"),
    ("２０２３．４．５", "2023-04-05"),
    ("二〇二四年四月二十二日", "2024-04-22"),
    ("二○二四年十月", "2024-10"),
    ("二零二三年十二月三十一日", "2023-12-31"),
    ("25/03/2024", "2024-03-25"),
    ("03/25/2024", "2024-03-25"),
    ("Mar 5, 2024", "2024-03-05"),
    ("Tue, 05 Mar 2024 08:00:00 +0800", "2024-03-05"),
    ("05/03/2024", None),
    ("3月10日", None),
    ("45356", None),
    ("202313", None),
    ("2023-06-31", None),
    ("12345678", None),
    (True, None),
    (None, None),
    (float("nan"), None),
]


@pytest.mark.parametrize(("value", "iso"), FORMS, ids=[repr(value) for value, _ in FORMS])
def test_a_date_is_read_as_exactly_as_it_is_written(value: object, iso: str | None) -> None:
    day = read_date(value)
    assert (day.iso() if day else None) == iso


@pytest.mark.parametrize(
    ("value", "iso"), [("3月10日", "2024-03-10"), ("四月", "2024-04"), ("4月份", "2024-04")]
)
def test_a_date_without_its_year_takes_the_one_around_it(value: str, iso: str) -> None:
    day = read_date(value, year=2024)
    assert day
    assert day.iso() == iso


@pytest.mark.parametrize("value", ["45356", 45356, 45356.25, "45356.0"])
def test_a_spreadsheets_number_is_a_day_in_a_column_of_dates(value: object) -> None:
    day = read_date(value, serials=True)
    assert day
    assert day.iso() == "2024-03-05"


@pytest.mark.parametrize(
    ("value", "doubtful"),
    [("05/03/2024", True), ("25/03/2024", False), ("05/05/2024", False), ("2024-05-03", False)],
)
def test_day_and_month_that_cannot_be_told_apart(value: str, doubtful: bool) -> None:
    assert is_ambiguous(value) is doubtful
