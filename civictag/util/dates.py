"""Dates as tables and articles write them, and the months or years they are counted by."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from civictag.util.patterns import lazy

# What Chinese and English tables call an article's date, the likelier first.
DATE_COLUMNS = (
    "date", "日期", "发布日期", "发布时间", "发稿日期", "发稿时间", "报送日期", "报送时间", "刊发日期",
    "刊发时间", "发表日期", "发表时间", "时间", "pubdate", "pub_date", "publish_date", "publishdate",
    "published", "publish_time", "datetime", "time", "month", "月份", "年月",
)  # fmt: skip

UNITS = ("day", "week", "month", "quarter", "year")

# 2023-04-05T10:00, 2023/4/5, 2023年4月5日, 2023.4, 20230405, 202304, 2023.
_DATE = lazy(
    r"\s*(?P<y>(?:19|20)\d\d)"
    r"(?:(?P<cm>[01]\d)(?P<cd>[0-3]\d)?(?!\d)"
    r"|\s*[-/.年]\s*(?P<m>\d{1,2})(?!\d)(?:\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d))?|(?!\d))"
)
_WHOLE = lazy(r"\s*(\d{4,8})\.0+\s*\Z")  # a spreadsheet's number: 20230405.0
_NO_YEAR = lazy(r"\s*(?P<m>\d{1,2})\s*月(?:份|(?:\s*(?P<d>\d{1,2})\s*[日号]))?")
_YEAR_LAST = lazy(r"\s*(?P<a>\d{1,2})\s*[-/.]\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<y>(?:19|20)\d\d)(?!\d)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAMED = lazy(rf"(?<![a-z])({'|'.join(_MONTHS)})[a-z]*\.?", re.I)
_YEAR = lazy(r"(?<!\d)((?:19|20)\d\d)(?=年|[-_.]?(?:0[1-9]|1[0-2])(?!\d))")
_NUMBERS = lazy(r"\d+")
_CHINESE = lazy(r"[〇○零Ｏ一二三四五六七八九十两]+(?=\s*[年月日号])")
_NUMERALS = frozenset("〇○零Ｏ一二三四五六七八九十两")
_NARROW = {0xFEE0 + code: code for code in map(ord, "0123456789-./:")}
_DIGITS = {**dict(zip("〇一二三四五六七八九", range(10), strict=True)), "○": 0, "零": 0, "Ｏ": 0, "两": 2}
_SERIALS = range(20_000, 80_000)  # days since 1899-12-30: 1954 to 2119
_EPOCH = datetime.date(1899, 12, 30)


class Day(NamedTuple):
    """A date as exactly as it was written: ``month`` and ``day`` are 0 where it names none."""

    year: int
    month: int = 0
    day: int = 0

    def iso(self) -> str:
        """``2024-04-22``, ``2024-04`` or ``2024``."""
        return "-".join(f"{part:02d}" for part in self if part)


def parse_date(value: object) -> datetime.date | None:
    """The day that a cell names; the first of the month or year where it names no more; else None."""
    found = read_date(value)
    return datetime.date(found.year, found.month or 1, found.day or 1) if found else None


def read_date(value: object, *, year: int | None = None, serials: bool = False) -> Day | None:
    """The date that ``value`` names, as exactly as it names it; None where it names none for sure.

    Args:
        value: a cell or a piece of text that begins with the date.
        year: of dates that do not say theirs (3月10日); None leaves them undated.
        serials: five-digit numbers are a spreadsheet's days since 1899-12-30 (in a column of dates).
    """
    if isinstance(value, datetime.date):  # a datetime is one too
        return Day(value.year, value.month, value.day)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    if value == "":  # most documents have no date in their metadata
        return None
    text = _plain(str(value))
    if serials and (day := _serial(text)):
        return day
    for read in (_year_first, _year_last, _english):
        if found := read(text):
            return found
    match = _NO_YEAR.match(text) if year else None
    return _checked(year, match["m"], match["d"]) if match else None


def year_in(name: str) -> int | None:
    """The one year that a name tells (「2024年三月台账」); None if it tells none or several."""
    found = set(_YEAR.findall(name))
    return int(found.pop()) if len(found) == 1 else None


def is_ambiguous(value: object) -> bool:
    """Whether day and month cannot be told apart: 05/03/2024 is in March or in May."""
    match = _YEAR_LAST.match(str(value))
    return match is not None and match["a"] != match["b"] and int(match["a"]) <= 12 and int(match["b"]) <= 12


def date_in(row: Mapping[str, object], column: str | None) -> datetime.date | None:
    """The date of a row's further columns: from ``column``, or from the first usual name that holds one."""
    if column is not None:
        return parse_date(row.get(column))
    for name in DATE_COLUMNS:
        if name in row and (found := parse_date(row[name])):
            return found
    return None


def period(day: datetime.date, unit: str) -> str:
    """``2023-04-05``, ``2023-W14`` (ISO weeks), ``2023-04``, ``2023-Q2`` or ``2023``; sorts by time."""
    if unit == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if unit == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[unit]]


def period_before(name: str, unit: str) -> str:
    """The period before one that ``period`` named: ``2022-12`` for ``2023-01``."""
    if unit == "week":
        first = datetime.date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
    elif unit == "quarter":
        first = datetime.date(int(name[:4]), 3 * int(name[6:]) - 2, 1)
    else:
        first = datetime.date.fromisoformat(name + "-01-01"[len(name) - 4 :] if unit != "day" else name)
    return period(first - datetime.timedelta(days=1), unit)


def unit_for(days: Collection[datetime.date]) -> str:
    """The finest of day, week, month and year that makes at most about 60 periods, a third of them not empty.

    Twenty days of an article each, strewn over a quarter, are a row of bars of 100 %; by week they say more.
    """
    span = (max(days) - min(days)).days + 1
    for unit, length in (("day", 1), ("week", 7), ("month", 30)):
        n_periods = span / length
        if n_periods <= 60 and 3 * len({period(day, unit) for day in days}) >= n_periods:
            return unit
    return "month" if span <= 60 * 30 else "year"


def periods(first: datetime.date, last: datetime.date, unit: str) -> list[str]:
    """Every period from one day to another, the empty ones too: a chart of time shows its gaps."""
    days = (first + datetime.timedelta(n) for n in range((last - first).days + 1))
    return list(dict.fromkeys(period(day, unit) for day in days))


def _plain(text: str) -> str:
    """With Chinese numerals (二〇二四年) and full-width digits as digits, without a number's ``.0``."""
    text = text if text.isascii() else text.translate(_NARROW)
    whole = _WHOLE.match(text) if ".0" in text else None
    if whole or _NUMERALS.isdisjoint(text):
        return whole[1] if whole else text
    return _CHINESE.sub(lambda match: _number(match[0]), text)


def _number(numeral: str) -> str:
    """二〇二四 → 2024, 二十二 → 22, 十 → 10."""
    if "十" not in numeral:
        return "".join(str(_DIGITS[c]) for c in numeral)
    tens, _, ones = numeral.partition("十")
    if "十" in ones or len(tens) > 1 or len(ones) > 1:
        return numeral
    return str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))


def _serial(text: str) -> Day | None:
    number = text.strip().partition(".")[0]
    if not (len(number) == 5 and number.isdecimal() and int(number) in _SERIALS):
        return None
    day = _EPOCH + datetime.timedelta(int(number))
    return Day(day.year, day.month, day.day)


def _year_first(text: str) -> Day | None:
    match = _DATE.match(text)
    return _checked(match["y"], match["cm"] or match["m"], match["cd"] or match["d"]) if match else None


def _year_last(text: str) -> Day | None:
    """25/03/2024 and 03/25/2024; 05/03/2024 may be either, so it is neither."""
    match = _YEAR_LAST.match(text)
    if match is None or is_ambiguous(text):
        return None
    day, month = sorted((match["a"], match["b"]), key=int, reverse=True)
    return _checked(match["y"], month, day)


def _english(text: str) -> Day | None:
    """Mar 5, 2024; 5 March 2024; Tue, 05 Mar 2024 08:00:00 +0800."""
    named = _NAMED.search(text[:40])
    if named is None:
        return None
    numbers = _NUMBERS.findall(text[:40])
    year = next((n for n in numbers if len(n) == 4), None)
    day = next((n for n in numbers if len(n) <= 2), None)
    return _checked(year, str(_MONTHS.index(named[1].lower()) + 1), day) if year else None


def _checked(year: object, month: str | None, day: str | None) -> Day | None:
    found = Day(int(str(year)), int(month or 0), int(day or 0))
    try:
        datetime.date(found.year, found.month or 1, found.day or 1)
    except ValueError:  # the 31st of June
        return None
    return None if month and not found.month else found
