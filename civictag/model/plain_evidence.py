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
from civictag.util.patterns import lazy

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_LIST = os.path.join(_ROOT, "data", "function_words.txt")
# A single character is a scrap unless it weighs about as much as the strongest span.
_SCRAP = 0.5
# What weighs less, against the strongest, moves no decision.
_LEAST = 0.03
_NUMBER = lazy("[0-9.〇零一二三四五六七八九十百千万亿两余多]*[0-9〇零一二三四五六七八九十百千万亿余多]+")
_LONGEST_MEASURE = 2


_MARKS = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "（": "）", "(": ")", "【": "】"}


class Words(NamedTuple):
    """Where the words of a paragraph's text stand that say something, in order: starts, and ends.

    ``quotes`` are the pairs of marks that belong together: places of the opening and the closing one.
    """

    starts: list[int]
    ends: list[int]
    quotes: list[tuple[int, int]]


def words_of(text: str) -> Words:
    """The words that say something, with offsets into a text; a number has its measure with it."""
    normalized, offsets = shipped().normalize_with_offsets(text)
    words, empty = Words([], [], _pairs(text)), _function_words()
    end, is_number = -1, False
    for first, last in _tokenizer().spans(normalized):
        word = normalized[first:last]
        if is_number and first == end and last - first <= _LONGEST_MEASURE and word.isalpha():
            words.ends[-1] = offsets[last - 1] + 1  # 一百二十 + 人, and 三千 + 余 + 张
            is_number = word in "余多来"
        elif word not in empty and (word[0].isalnum() or any(map(str.isalnum, word))):
            words.starts.append(offsets[first])
            words.ends.append(offsets[last - 1] + 1)
            is_number = _NUMBER.fullmatch(word) is not None
        else:
            is_number = False
        end = last
    return words


def plain(reason: Reason, words: Words) -> Reason:
    """The reason with its spans fitted to words that say something, the strongest first.

    The weights of the spans plus ``outside`` are the same score as before. A word that is partly in a span
    is shown whole, unless a neighbour that is shown has its other part.
    """
    strongest = max((abs(span.weight) for span in reason.spans), default=0.0)
    weighty = [span for span in reason.spans if abs(span.weight) >= _LEAST * strongest]
    starts, ends = sorted(span.start for span in weighty), sorted(span.end for span in weighty)
    kept: list[Span] = []
    dropped = sum(span.weight for span in reason.spans if abs(span.weight) < _LEAST * strongest)
    for span in weighty:
        before = ends[place - 1] if (place := bisect_right(ends, span.start)) else 0
        after = starts[place] if (place := bisect_left(starts, span.end)) < len(starts) else None
        start, end = _whole_quotes(*_fitted(span, words, before, after), words)
        if end - start > 1 or (end > start and abs(span.weight) >= _SCRAP * strongest):
            kept.append(Span(start, end, span.weight))
        else:
            dropped += span.weight
    return Reason(tuple(kept), reason.outside + dropped)


def _fitted(span: Span, words: Words, before: int, after: int | None) -> tuple[int, int]:
    """From the first to the last word of the span; (0, 0) without one."""
    first = bisect_right(words.ends, span.start)
    last = bisect_left(words.starts, span.end) - 1
    if first <= last and words.starts[first] < span.start and words.starts[first] < before:
        first += 1
    if first <= last and words.ends[last] > span.end and after is not None and words.ends[last] > after:
        last -= 1
    return (words.starts[first], words.ends[last]) if first <= last else (0, 0)


def _whole_quotes(start: int, end: int, words: Words) -> tuple[int, int]:
    """No half of a pair of marks: 「评出“好媳妇」 gets the other where it is next, else is cut there."""
    for opening, closing in words.quotes:
        if start <= opening < end <= closing:
            if closing == end:
                end += 1
            else:
                start, end = max((start, opening), (opening + 1, end), key=lambda part: part[1] - part[0])
        elif opening < start <= closing < end:
            if opening == start - 1:
                start -= 1
            else:
                start, end = max((start, closing), (closing + 1, end), key=lambda part: part[1] - part[0])
    return start, end


def _pairs(text: str) -> list[tuple[int, int]]:
    open_marks: list[tuple[str, int]] = []
    found: list[tuple[int, int]] = []
    for at, mark in enumerate(text):
        if mark in _MARKS:
            open_marks.append((_MARKS[mark], at))
        elif open_marks and mark == open_marks[-1][0]:
            found.append((open_marks.pop()[1], at))
    return found


@cache
def _function_words() -> frozenset[str]:
    """They are cut off at the ends of a span only: 「把垃圾捡起来」 within it stays as it was written."""
    with open(_LIST, encoding="utf-8") as file:
        return frozenset(word for line in file if not line.startswith("#") for word in line.split())


@cache
def _tokenizer() -> Tokenizer:
    return Tokenizer()
