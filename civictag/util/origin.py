"""When an article is from: as the reader found it, else as its row says."""

from __future__ import annotations

import datetime

from civictag.datamodel import Article, FileNote
from civictag.i18n import _
from civictag.util.dates import date_in, parse_date, period
from civictag.util.patterns import lazy

_MONTH = len("2024-04")
REPORT_MONTH = "report_month"
"""The further column with the month in whose report an article was counted, whatever its date."""

_REPORTED = lazy(r"\d{4}-(?:0[1-9]|1[0-2])")


def day_of(article: Article, column: str | None = None) -> datetime.date | None:
    """The article's day: from ``column`` of its row if one is named, else its own, else a usual column's."""
    if column is not None:
        return date_in(article.extra, column)
    return parse_date(article.date) or date_in(article.extra, None)


def month_of(article: Article) -> str:
    """``2024-04``: of the report that it was counted in, else of its date; "" where that names no month."""
    return report_of(article) or month_dated(article)


def report_of(article: Article) -> str:
    """The month in whose report the article was counted; "" where it was in none.

    A column of the user's may be called so too: what is no month of ours there (「四月」) is none.
    """
    month = str(article.extra.get(REPORT_MONTH) or "")
    return month if not month or _REPORTED.fullmatch(month) else ""


def month_dated(article: Article) -> str:
    """The month of the article's date; "" where that names none."""
    if article.date:
        return article.date[:_MONTH] if len(article.date) >= _MONTH else ""
    day = day_of(article)
    return period(day, "month") if day else ""


def shown_source(article: Article) -> str:
    """Where it came from, for people."""
    return _("standard input") if article.source == "-" else article.source


def placed(article: Article, warning: str) -> str:
    """The warning behind what it is about: the article, or the file of the row that carries it."""
    place = shown_source(article)
    if isinstance(warning, FileNote):
        place = place.removesuffix(f"#{article.id}") if article.id else place.rpartition("#")[0]
    return f"{place}{_(': ')}{warning}"


def shown_date(article: Article) -> datetime.date | str | None:
    """What a sheet shows: the day, or no more than is known (``2024-04``)."""
    is_partial = 0 < len(article.date) < len("2024-04-22")
    return article.date if is_partial else day_of(article)
