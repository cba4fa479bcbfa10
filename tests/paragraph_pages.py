"""Loads tests/pages/*.page: a page's text, and what each of its lines is."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from civictag.datamodel import Article

PAGES = sorted((Path(__file__).parent / "pages").glob("*.page"))


class Page(NamedTuple):
    """``text`` is what a reader would hand over; the rest is the truth about it, blanks removed."""

    text: str
    title: str
    headings: list[str]
    body: list[str]


def key(text: str) -> str:
    return "".join(text.split())


def load(path: Path) -> Page:
    page = Page("", "", [], [])
    lines = []
    for raw in path.read_text(encoding="utf-8").split("\n"):
        kind, bar, rest = raw.partition("|")
        marked = bar and kind in ("T", "H", "B", "F", "+")
        lines.append(rest if marked else raw)
        if not marked:
            continue
        if kind == "T":
            page = page._replace(title=key(rest))
        elif kind == "H":
            page.headings.append(key(rest))
        elif kind == "B":
            page.body.append(key(rest))
        elif kind == "+":
            page.body[-1] += key(rest)
    return page._replace(text="\n".join(lines))


def body(article: Article) -> list[str]:
    return [key(p.text) for p in article.paragraphs if p.kind == "body"]


def headings(article: Article) -> list[str]:
    return [key(p.text) for p in article.paragraphs if p.kind == "heading"]


def matched(found: list[str], wanted: list[str]) -> int:
    """How many of ``found`` are in ``wanted``, each counted once."""
    left = list(wanted)
    return sum(1 for text in found if text in left and not left.remove(text))  # type: ignore[func-returns-value]
