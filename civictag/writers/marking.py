"""Where the evidence of a paragraph's tags lies in its text, cut into pieces that do not overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from civictag.datamodel import Article, Paragraph

LEVELS = 5
"""Strengths that a reader can tell apart."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the paragraph's text with what speaks in it.

    Attributes:
        text: the stretch; the pieces of a paragraph add up to its text.
        weights: label id → weight in logits (below 0: speaks against), empty for plain text; only
            of evidence that has at least half a level, or nearly every word would be marked.
        levels: label id → 1 … ``LEVELS``, the weight's share of the paragraph's heaviest evidence.
    """

    text: str
    weights: dict[str, float]
    levels: dict[str, int]


def pieces(article: Article, paragraph: Paragraph) -> list[Piece]:
    """The paragraph's text in order, cut wherever the evidence of one of its tags begins or ends."""
    heaviest = (
        max((abs(piece.weight) for tag in paragraph.tags for piece in tag.evidence), default=1.0) or 1.0
    )
    marked = list(_spans(article, paragraph, heaviest * 0.5 / LEVELS))
    cuts = sorted({0, len(paragraph.text), *(at for span in marked for at in span[:2])})
    index = {cut: number for number, cut in enumerate(cuts)}
    weights: list[dict[str, float]] = [{} for _ in cuts]
    for first, last, label, weight in marked:
        for number in range(index[first], index[last]):
            weights[number][label] = weights[number].get(label, 0.0) + weight
    return [
        Piece(
            paragraph.text[start:end],
            here,
            {k: level for k, w in here.items() if (level := _level(w / heaviest))},
        )
        for (start, end), here in zip(pairwise(cuts), weights, strict=False)
    ]


def _level(share: float) -> int:
    return min(LEVELS, int(abs(share) * LEVELS + 0.5))


def _spans(article: Article, paragraph: Paragraph, least: float) -> Iterator[tuple[int, int, str, float]]:
    """(start, end, label, weight) of evidence of weight ``least`` and more, in positions of the text."""
    places = _places(article, paragraph)
    for tag in paragraph.tags:
        for piece in tag.evidence:
            if abs(piece.weight) < least:
                continue
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
