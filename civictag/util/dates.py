"""Dates as tables write them, and the months or years they are counted by."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

# What Chinese and English tables call an article's date, the likelier first.
DATE_COLUMNS = (
    "date", "日期", "发布日期", "发布时间", "时间", "pubdate", "pub_date", "publish_date", "published",
    "publish_time", "datetime", "time", "month", "月份", "年月",
)  # fmt: skip

UNITS = ("day", "month", "year")

# 2023-04-05T10:00, 2023/4/5, 2023年4月5日, 2023.4, 20230405, 2023.
_DATE = re.compile(
    r"\s*(?P<y>(?:19|20)\d\d)"
    r"(?:(?P<cm>[01]\d)(?P<cd>[0-3]\d)(?!\d)|\s*[-/.年]\s*(?P<m>\d{1,2})(?!\d)(?:\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d))?|(?!\d))"
)


def parse_date(value: object) -> datetime.date | None:
    """The day that a cell names; the first of the month or year where it names no more; else None."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    match = _DATE.match(str(value)) if isinstance(value, (str, int)) else None
    if match is None:
        return None
    year, month, day = match["y"], match["cm"] or match["m"] or "1", match["cd"] or match["d"] or "1"
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:  # the 31st of June
        return None


def date_in(row: Mapping[str, object], column: str | None) -> datetime.date | None:
    """The date of a row's further columns: from ``column``, or from the first usual name that holds one."""
    if column is not None:
        return parse_date(row.get(column))
    for name in DATE_COLUMNS:
        if name in row and (found := parse_date(row[name])):
            return found
    return None


def period(day: datetime.date, unit: str) -> str:
    """``2023-04-05``, ``2023-04`` or ``2023``; sorts by time."""
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[unit]]


def unit_for(first: datetime.date, last: datetime.date) -> str:
    """The finest of ``UNITS`` that cuts the time between two days into at most about 60 periods."""
    days = (last - first).days
    return "day" if days < 60 else "month" if days < 60 * 30 else "year"


def periods(first: datetime.date, last: datetime.date, unit: str) -> list[str]:
    """Every period from one day to another, the empty ones too: a chart of time shows its gaps."""
    days = (first + datetime.timedelta(n) for n in range((last - first).days + 1))
    return list(dict.fromkeys(period(day, unit) for day in days))
