"""An article as the page draws it: pieces of text with what speaks in them, labels, review marks."""

from __future__ import annotations

import re
from typing import Any

from civictag.datamodel import Article, Paragraph
from civictag.util import origin
from civictag.util.dates import parse_date, period
from civictag.writers.marking import pieces

_YEAR = re.compile(r"(?<!\d)(?=(?:19|20)\d\d)")


def article_view(
    article: Article, number: int, corrections: dict[tuple[int, int], tuple[str, ...]]
) -> dict[str, Any]:
    """JSON for the page; furniture is left out, its count is told."""
    kept = [p for p in article.paragraphs if p.kind != "furniture" and p.text != article.title]
    return {
        "number": number,
        "source": article.source,
        "title": article.title,
        "unit": _unit_of(article),
        "month": month_of(article),
        "warnings": list(article.warnings),
        "furniture": sum(p.kind == "furniture" for p in article.paragraphs),
        "paragraphs": [_paragraph(article, p, corrections.get((number, p.index))) for p in kept],
    }


def _paragraph(article: Article, paragraph: Paragraph, labels: tuple[str, ...] | None) -> dict[str, Any]:
    if paragraph.kind != "body":
        return {"index": paragraph.index, "kind": paragraph.kind, "text": paragraph.text}
    predicted = [tag.label for tag in paragraph.tags]
    return {
        "index": paragraph.index,
        "kind": "body",
        "pieces": [[piece.text, piece.weights, piece.levels] for piece in pieces(article, paragraph)],
        "labels": predicted if labels is None else list(labels),
        "suggested": predicted,
        "corrected": labels is not None,
        "review": paragraph.review and labels is None,
        "scores": {label: round(p, 4) for label, p in (paragraph.scores or {}).items()},
        "evidence": {
            tag.label: [[e.text, round(e.weight, 2)] for e in tag.evidence[:8]] for tag in paragraph.tags
        },
    }


def _unit_of(article: Article) -> str:
    """The unit an article came from; where its file or row does not say, the folder that it lay in."""
    folder = article.source.replace("\\", "/").rpartition("/")[0].rpartition("/")[2]
    return article.unit or folder


def month_of(article: Article) -> str:
    """``2024-04``: the article's own, else by a date in the file's or a folder's name; "" without one."""
    found = (parse_date(article.source[m.start() :]) for m in _YEAR.finditer(article.source))
    day = next((one for one in found if one), None)
    return origin.month_of(article) or (period(day, "month") if day else "")
