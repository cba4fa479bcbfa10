"""A job's articles with their corrections, as the files that people file and programs read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from civictag.datamodel import Article, Label
from civictag.writers import WITH_SCORES, Options, open_writer
from civictag.writers.base import ModelInfo

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
}
"""Formats of downloads, and what browsers call them."""


def render(form: str, articles: Iterable[Article], labels: Sequence[Label], model: ModelInfo) -> bytes:
    """The whole file.

    Raises:
        MissingExtra: the format's library is not installed.
        CivictagError: the format cannot hold the articles.
    """
    target = io.BytesIO()
    options = Options(explain=True, all_scores=form in WITH_SCORES, indent=1 if form == "json" else None)
    with open_writer(form, target, labels=labels, model=model, options=options) as writer:
        for article in articles:
            writer.write(article)
    return target.getvalue()
