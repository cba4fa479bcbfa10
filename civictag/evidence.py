"""Weights of features to weights of the text that they were seen in.

Features overlap: 「清理垃圾」 is two words, three bigrams, two trigrams and a cue. Each gives its
weight in equal parts to the characters it covers; neighbouring words of one sign then make a
span. So spans do not overlap, and their weights add up to what the features added up to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a paragraph: offsets into its text, and its part of the raw score."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a raw score is what it is: the spans' weights plus ``outside`` are the score.

    Spans are strongest first, whatever their sign.
    """

    spans: tuple[Span, ...]
    outside: float


def spread(parts: Iterable[tuple[int, int, float]], size: int) -> list[float]:
    """Give each (start, end, weight) in equal parts to its characters; a weight a character."""
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
        weights: of each folded character.
        words: spans of the folded text, adjoining. Whole words, because half a word proves nothing.
        offsets: where each folded character stood in the text, rising.
        breaks: folded positions that no span crosses (sentences begin there).
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
