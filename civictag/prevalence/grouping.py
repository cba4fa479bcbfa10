"""What articles are grouped by: a column, what is known of every article, or a period of its date."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from civictag.datamodel import Article
from civictag.errors import CivictagError
from civictag.i18n import _, listed
from civictag.util.dates import DATE_COLUMNS, UNITS, parse_date, period
from civictag.util.origin import day_of

EXTRA = "extra."
"""Before the name of a column that is called like something every article has: ``extra.source``."""

_OWN = {
    "来源": "source", "文件": "source", "文件夹": "folder", "单位": "unit", "日期": "date", "标题": "title",
}  # fmt: skip
NAMES = ("source", "folder", "unit", "date", "title")
"""What every article has, as programs call it."""

_TABLES = "jsonl|ndjson|csv|tsv|xlsx|xls|et|ods|parquet|json"
_ROW = re.compile(rf"(\.(?:{_TABLES})(?:\.gz)?|^-)#.*\Z", re.DOTALL | re.IGNORECASE)
# How much of an ISO date must be known before it lies in a period.
_LEAST = {"day": 10, "week": 10, "month": 7, "quarter": 7, "year": 4}


@dataclass(frozen=True, slots=True)
class Grouping:
    """One ``--by``.

    Attributes:
        spec: as it was asked for: ``unit``, ``date:month``, ``district``, ``extra.source``.
        column: without the period.
        unit: the period; None groups by the value itself.
    """

    spec: str
    column: str
    unit: str | None = None

    @property
    def own(self) -> str:
        """The column by its name for programs: ``unit`` for 单位."""
        return _OWN.get(self.column, self.column)

    def value(self, article: Article) -> str:
        """The article's group; "" where it has no value."""
        if self.unit is not None:
            return self._period(article, self.unit)
        own = self.own
        if self.column.startswith(EXTRA):
            found = article.extra.get(self.column.removeprefix(EXTRA))
        elif own in ("source", "folder"):
            path = _ROW.sub(r"\1", article.source)
            found = path if own == "source" else os.path.basename(os.path.dirname(path))
        elif own in ("unit", "date", "title") and getattr(article, own):
            found = getattr(article, own)
        else:
            found = article.extra.get(self.column)
        return "" if found is None else str(found).strip()

    def _period(self, article: Article, unit: str) -> str:
        column = self.column.removeprefix(EXTRA)
        if self.column not in DATE_COLUMNS or (column in article.extra and not article.date):
            day = parse_date(article.extra.get(column))
        elif article.date and len(article.date) < _LEAST[unit]:
            return ""
        else:
            day = day_of(article)
        return period(day, unit) if day else ""


def grouping(spec: str) -> Grouping:
    """``date:month`` → the months of the date; a column may have a colon in its name."""
    column, colon, unit = spec.rpartition(":")
    if colon and unit in UNITS:
        return Grouping(spec, column, unit)
    return Grouping(spec, spec)


def missing(asked: Grouping, seen: Iterable[str]) -> CivictagError:
    """The error where no article has a value: names what there is."""
    column, colon, unit = asked.spec.rpartition(":")
    known = list(dict.fromkeys([*NAMES, *seen]))
    if colon and unit not in UNITS and _OWN.get(column, column) in known:
        problem = _('there is no period "{unit}"', unit=unit)
        return CivictagError(problem, field="--by", hint=_("The periods are: {names}", names=listed(UNITS)))
    names = listed(known)
    if asked.unit:
        problem = _('no article has a date in "{column}"', column=asked.column)
        hint = _("The columns are: {names}; COLUMN:month groups the dates of one", names=names)
    else:
        problem = _('no article has a value in the column "{column}"', column=asked.spec)
        hint = _("The columns are: {names}", names=names)
    return CivictagError(problem, field="--by", hint=hint)
