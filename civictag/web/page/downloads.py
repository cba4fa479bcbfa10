"""A job's articles with their corrections, as the files that people file and programs read."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from civictag.datamodel import Article, Label
from civictag.util import origin
from civictag.web.page.views import month_of
from civictag.writers import WITH_SCORES, Options, open_writer
from civictag.writers.base import ModelId

if TYPE_CHECKING:
    pass

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
}
"""Formats of downloads, and what browsers call them."""


def render(form: str, articles: Iterable[Article], labels: Sequence[Label], model: ModelId) -> bytes:
    """The whole file.

    Raises:
        MissingExtra: the format's library is not installed.
        CivictagError: the format cannot hold the articles.
    """
    if form == "docx":
        return word(list(articles), labels, dict(model))
    target = io.BytesIO()
    options = Options(explain=True, all_scores=form in WITH_SCORES, indent=1 if form == "json" else None)
    with open_writer(form, target, labels=labels, model=model, options=options) as writer:
        for article in articles:
            writer.write(article)
    return target.getvalue()


def word(articles: Sequence[Article], labels: Sequence[Label], model: dict[str, str]) -> bytes:
    """The Word report of the month that most of the articles are from; of this month where none says.

    Raises:
        MissingExtra: the library for Word templates is not installed.
        CivictagError: there is no article.
    """
    from civictag.reports.month import month_of_articles
    from civictag.reports.word import word_report

    months = Counter(filter(None, map(month_of, articles)))
    name = None if any(map(origin.month_of, articles)) else max(months, key=months.__getitem__, default="")
    month = month_of_articles(articles, [], labels, date.today().isoformat()[:7] if name == "" else name)
    return word_report(month, model=model)
