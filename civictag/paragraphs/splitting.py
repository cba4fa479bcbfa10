"""A document → an article of paragraphs: cut, weigh, classify, join, number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from civictag.datamodel import Article, Document, Kind, Paragraph
from civictag.i18n import ngettext
from civictag.paragraphs.blocks import STRIP, Block, cut, is_cut_inside
from civictag.paragraphs.layout import classify
from civictag.paragraphs.rejoin import join_broken
from civictag.paragraphs.scoring import weigh
from civictag.util.patterns import lazy

_BREAK = lazy("[\n\r\x0b\x0c\x85\u2028\u2029]")


def split(document: Document) -> Article:
    """Cut a document into paragraphs and tell body, headings and page furniture apart.

    Every ``Paragraph`` has ``document.text[start:end]`` as it stood, blanks at both ends left out;
    ``text`` and ``pieces`` differ from it only where a paragraph was joined over a break. ``index``
    counts body paragraphs and headings from 0 in the order of the text; furniture has index -1.
    A row (``is_row``) that is one line is one body paragraph, whatever it looks like.
    """
    if document.is_row and (row := _single_line(document.text)) is not None:
        return _article(document, document.title, row)
    blocks = cut(document.text)
    weigh(blocks)
    headline = classify(blocks, document.title)
    title = document.title or (" ".join(headline.text.split()) if headline else "")
    return _article(document, title, tuple(_numbered(join_broken(blocks, document.text))))


def _warnings(document: Document, paragraphs: tuple[Paragraph, ...]) -> tuple[str, ...]:
    """The document's warnings, and one more if there is text but none of it is body."""
    if any(p.kind == "body" for p in paragraphs):
        return document.warnings
    warning = ngettext(
        "no body paragraph: its line looks like furniture or a heading (--keep-furniture shows it)",
        "no body paragraph: its {count} lines look like furniture or headings (--keep-furniture shows them)",
        len(paragraphs),
    )
    return (*document.warnings, warning)


def _single_line(text: str) -> tuple[Paragraph, ...] | None:
    """The one paragraph of a text of one line (none if it is blank); None if it has several."""
    bare = text.strip(STRIP)
    # ``splitlines`` knows those breaks and some more, and is a twentieth of the search.
    if (len(bare.splitlines()) != 1 and _BREAK.search(bare)) or is_cut_inside(bare):
        return None
    if not bare:
        return ()
    start = text.index(bare[0]) if bare is not text else 0
    return (Paragraph(0, "body", start, start + len(bare), bare, ((start, start + len(bare)),)),)


def _numbered(blocks: list[Block]) -> Iterator[Paragraph]:
    index = 0
    for block in blocks:
        own = -1 if block.kind == "furniture" else index
        index += own >= 0
        pieces = tuple(block.pieces)
        yield Paragraph(own, cast(Kind, block.kind), pieces[0][0], pieces[-1][1], block.text, pieces)


def _article(document: Document, title: str, paragraphs: tuple[Paragraph, ...]) -> Article:
    has_body = not paragraphs or paragraphs[0].kind == "body"
    return Article(
        document.source, title, document.encoding, document.text, paragraphs, document.id, document.extra,
        document.warnings if has_body else _warnings(document, paragraphs), document.date, document.unit,
        document.date_from, document.unit_from,
    )  # fmt: skip
