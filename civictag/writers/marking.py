"""Where the evidence of a paragraph's tags lies in its text, cut into pieces that do not overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from civictag.records import Article, Paragraph

LEVELS = 5
"""Strengths that a reader can tell apart."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the paragraph's text with what speaks in it.

    Attributes:
        text: the stretch; the pieces of a paragraph add up to its text.
        weights: label id → weight in logits (below 0: speaks against), empty for plain text.
        levels: label id → 1 … ``LEVELS``, the weight's share of the paragraph's heaviest evidence;
            only labels that have at least half a level here, or nearly every word would be marked.
    """

    text: str
    weights: dict[str, float]
    levels: dict[str, int]


def pieces(article: Article, paragraph: Paragraph) -> list[Piece]:
    """The paragraph's text in order, cut wherever the evidence of one of its tags begins or ends."""
    spans = list(_spans(article, paragraph))
    heaviest = max((abs(weight) for *_, weight in spans), default=1.0) or 1.0
    cuts = sorted({0, len(paragraph.text), *(at for span in spans for at in span[:2])})
    found = []
    for start, end in pairwise(cuts):
        weights: dict[str, float] = {}
        for first, last, label, weight in spans:
            if first <= start and end <= last:
                weights[label] = weights.get(label, 0.0) + weight
        levels = {label: _level(weight / heaviest) for label, weight in weights.items()}
        levels = {label: level for label, level in levels.items() if level}
        found.append(Piece(paragraph.text[start:end], weights, levels))
    return found


def _level(share: float) -> int:
    return min(LEVELS, int(abs(share) * LEVELS + 0.5))


def _spans(article: Article, paragraph: Paragraph) -> Iterator[tuple[int, int, str, float]]:
    """(start, end, label, weight) of all evidence, in positions of ``paragraph.text``."""
    places = _places(article, paragraph)
    for tag in paragraph.tags:
        for piece in tag.evidence:
            for start, end, at in places:
                first, last = max(piece.start, start), min(piece.end, end)
                if first < last:
                    yield at + first - start, at + last - start, tag.label, piece.weight


def _places(article: Article, paragraph: Paragraph) -> list[tuple[int, int, int]]:
    """(start, end, position in the text) of each span of the article that the text was joined from."""
    if not paragraph.pieces:
        return [(paragraph.start, min(paragraph.end, paragraph.start + len(paragraph.text)), 0)]
    places, cursor = [], 0
    for start, end in paragraph.pieces:
        # Looked for, not added up: joining may put a space between two words of ASCII.
        at = paragraph.text.find(article.text[start:end], cursor)
        if at >= 0:
            places.append((start, end, at))
            cursor = at + end - start
    return places
