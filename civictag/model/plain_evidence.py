"""Evidence that reads as a reason: no function words at its ends, no scraps.

What a span loses here is its text, never its weight; a span that is left without a word that says
something goes, and its weight is counted with the rest. So the sums stay exact.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from functools import cache
from typing import NamedTuple

from civictag.model.attribution import Reason, Span
from civictag.text.backend import shipped
from civictag.text.tokenizer import Tokenizer

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_LIST = os.path.join(_ROOT, "data", "function_words.txt")
# A single character is a scrap unless it weighs about as much as the strongest span.
_SCRAP = 0.5
# What weighs less, against the strongest, moves no decision.
_LEAST = 0.03


class Words(NamedTuple):
    """Where the words of a paragraph's text stand that say something, in order: starts, and ends."""

    starts: list[int]
    ends: list[int]


def words_of(text: str) -> Words:
    """The words that say something, with offsets into a paragraph's text."""
    normalized, offsets = shipped().normalize_with_offsets(text)
    words, empty = Words([], []), _function_words()
    for first, last in _tokenizer().spans(normalized):
        word = normalized[first:last]
        if word not in empty and (word[0].isalnum() or any(map(str.isalnum, word))):
            words.starts.append(offsets[first])
            words.ends.append(offsets[last - 1] + 1)
    return words


def plain(reason: Reason, words: Words) -> Reason:
    """The reason with its spans trimmed to words that say something, the strongest first.

    The weights of the spans plus ``outside`` are the same score as before.
    """
    strongest = max((abs(span.weight) for span in reason.spans), default=0.0)
    kept: list[Span] = []
    dropped = 0.0
    for span in reason.spans:
        if abs(span.weight) < _LEAST * strongest:
            dropped += span.weight
            continue
        first = bisect_right(words.ends, span.start)
        last = bisect_left(words.starts, span.end) - 1
        start = end = 0
        if first <= last:
            start, end = max(span.start, words.starts[first]), min(span.end, words.ends[last])
        if end - start > 1 or (end and abs(span.weight) >= _SCRAP * strongest):
            kept.append(Span(start, end, span.weight))
        else:
            dropped += span.weight
    return Reason(tuple(kept), reason.outside + dropped)


@cache
def _function_words() -> frozenset[str]:
    """They are cut off at the ends of a span only: 「把垃圾捡起来」 within it stays as it was written."""
    with open(_LIST, encoding="utf-8") as file:
        return frozenset(word for line in file if not line.startswith("#") for word in line.split())


@cache
def _tokenizer() -> Tokenizer:
    return Tokenizer()
