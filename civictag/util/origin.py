"""When an article is from and which unit sent it: as the reader found it, else as its row says."""

from __future__ import annotations

import datetime

from civictag.datamodel import Article
from civictag.util.dates import date_in, parse_date, period

# What offices and archives call the column with the unit that an article comes from.
UNIT_COLUMNS = (
    "unit", "单位", "报送单位", "来稿单位", "供稿单位", "信息来源单位", "来源单位", "发布单位", "部门",
    "街道", "district", "区县",
)  # fmt: skip


def day_of(article: Article, column: str | None = None) -> datetime.date | None:
    """The article's day: from ``column`` of its row if one is named, else its own, else a usual column's."""
    if column is not None:
        return date_in(article.extra, column)
    return parse_date(getattr(article, "date", None)) or date_in(article.extra, None)


def month_of(article: Article) -> str:
    """``2024-04``; "" where the article has no date."""
    day = day_of(article)
    return period(day, "month") if day else ""


def unit_of(article: Article) -> str:
    """The unit that sent the article; "" where nothing says so."""
    own = str(getattr(article, "unit", "") or "").strip()
    if own:
        return own
    found = (article.extra.get(name) for name in UNIT_COLUMNS)
    return next((str(value).strip() for value in found if value not in (None, "")), "")
