"""Weights of features to weights of the text that they were seen in.

Features overlap: 「清理垃圾」 is two words, three bigrams, two trigrams and a cue. Each gives its
weight in equal parts to the characters it covers; neighbouring words of one sign then make a
span. So spans do not overlap, and their weights add up to what the features added up to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from civictag.datamodel import Evidence, Paragraph


class Span(NamedTuple):
    """A piece of a paragraph: offsets into its text, and its part of the raw score."""

    start: int
    end: int
    weight: float


class Reason(NamedTuple):
    """Why a raw score is what it is: the spans' weights plus ``outside`` are the score.

    Spans are strongest first, whatever their sign.
    """

    spans: tuple[Span, ...]
    outside: float


def spread(parts: Iterable[tuple[int, int, float]], size: int) -> list[float]:
    """Give each (start, end, weight) in equal parts to its characters; one weight per character."""
    weights = [0.0] * size
    for start, end, weight in parts:
        share = weight / (end - start)
        for at in range(start, end):
            weights[at] += share
    return weights


def merge(
    weights: Sequence[float], words: Sequence[tuple[int, int]], offsets: Sequence[int], breaks: Iterable[int]
) -> tuple[Span, ...]:
    """Neighbouring words of one sign as spans, strongest first; equal ones in text order.

    Args:
        weights: of each normalized character.
        words: spans of the normalized text, adjoining. Whole words, because half a word proves nothing.
        offsets: where each normalized character stood in the text, rising.
        breaks: normalized positions that no span crosses (sentences begin there).
    """
    cuts = set(breaks)
    spans: list[Span] = []
    start, total, sign = 0, 0.0, 0
    for first, last in words:
        weight = sum(weights[first:last])
        if first in cuts or _sign(weight) != sign:
            _close(spans, offsets, start, first, total)
            start, total, sign = first, 0.0, _sign(weight)
        total += weight
    _close(spans, offsets, start, len(offsets), total)
    return tuple(sorted(spans, key=lambda span: -abs(span.weight)))


def _close(spans: list[Span], offsets: Sequence[int], start: int, end: int, total: float) -> None:
    if total != 0.0:
        spans.append(Span(offsets[start], offsets[end - 1] + 1, total))


def _sign(weight: float) -> int:
    return (weight > 0) - (weight < 0)


def in_article(paragraph: Paragraph, spans: Iterable[Span], slope: float) -> Iterator[Evidence]:
    """Spans of the paragraph's text as evidence with offsets into the article (joined pieces undone)."""
    text = paragraph.text
    if len(paragraph.pieces) < 2:  # nearly every paragraph: one shift for all
        shift = paragraph.start
        for span in spans:
            start, end = span.start, span.end
            yield Evidence(text[start:end], shift + start, shift + end, span.weight * slope)
        return
    for span in spans:
        place = _place(paragraph, span.start), _place(paragraph, span.end - 1) + 1
        yield Evidence(text[span.start : span.end], *place, span.weight * slope)


def _place(paragraph: Paragraph, at: int) -> int:
    """Where in the article ``paragraph.text[at]`` stands; a blank put in at a join is the break."""
    before = 0  # of the text, in the pieces passed
    last = paragraph.start
    for start, end in paragraph.pieces:
        if before and at >= before and paragraph.text[before] == " ":  # pieces have no outer blanks
            if at == before:
                return last
            before += 1
        if at - before < end - start:
            return start + at - before
        before, last = before + end - start, end
    return paragraph.start + at
