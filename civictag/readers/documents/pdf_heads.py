"""Running heads and page numbers of a PDF: lines in the upper and lower edge of its pages."""

from __future__ import annotations

import re
from collections import Counter
from statistics import median

from civictag.paragraphs.prose_features import is_complete
from civictag.readers.documents.pdf_chars import Page, Piece

_BAND = 0.08  # of the page, above and below: where running heads stand
_NUMBER = re.compile(r"[-—–·\s]*第?\s*\d{1,4}\s*页?(?:\s*[/／共]\s*共?\s*\d{1,4}\s*页?)?[-—–·\s]*")
_SAMPLE = 200  # pieces that tell the size of the text
_OFF = 2.8  # heights: so far does a head stand off from the text


def running_heads(pages: list[Page]) -> list[Piece]:
    """Lines in the upper and lower edge of pages that stand on several of them, or number them."""
    at_edge = [(page, piece) for page in pages for piece in page.pieces if _is_at_edge(piece, page)]
    seen = Counter(_key(piece) for _page, piece in at_edge)
    return [
        piece
        for page, piece in at_edge
        if seen[_key(piece)] > 1 or _NUMBER.fullmatch(piece.text) or _is_head(piece, page)
    ]


def _is_at_edge(piece: Piece, page: Page) -> bool:
    return not page.height * _BAND < piece.base < page.height * (1 - _BAND)


def _key(piece: Piece) -> tuple[str, int]:
    return re.sub(r"[\d\s]+", "", piece.text), round(piece.base / 8)


def _is_head(piece: Piece, page: Page) -> bool:
    """A line at the top, no larger than the text and no sentence, that stands off from what is below it.

    Or one that begins at the edge over a headline in the middle.
    """
    below = [other for other in page.pieces if other.base < piece.base - 1]
    if piece.base < page.height / 2 or not below or is_complete(piece.text):
        return False
    if piece.size > 1.05 * median(other.size for other in page.pieces[:_SAMPLE]):
        return False
    following, middle = below[0], (min(p.left for p in page.pieces) + max(p.right for p in page.pieces)) / 2
    off = [abs(middle - (line.left + line.right) / 2) for line in (piece, following)]
    over = off[0] > 2 * piece.size and off[1] < piece.size and following.left > piece.left + piece.size
    return over or piece.base - following.base > _OFF * piece.size
