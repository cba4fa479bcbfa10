"""Paragraphs that a column or a page broke in mid-sentence are put together again.

A sum of evidence decides (``_BREAK_SIGNS``): each row is a test on the two halves, its points and its
reason. Wrong either way costs: two paragraphs made one hide a label, one made two cuts a clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from civictag.paragraphs.blocks import Block, glued
from civictag.paragraphs.prose_features import PROSE, enumerator, is_complete

_JOIN = 3  # points; tuned on the breaks of tests/pages
_BETWEEN = 2  # page number, running head: what may stand between the halves
_LONG = 60
_SHORT = 30
_PAIRS = ("“”", "《》", "（）", "()", "「」", "『』", "‘’")
# Words that open a paragraph and hardly ever go on a sentence.
_OPENERS = re.compile(
    r"[“\"「《]|据|近[日年来期]|今年|去年|目前|如今|同时|此外|另外|为了?[^^]{2}|在[^^]{3}|随着|自[^己]|截至|下一步|接下来|[一二三四五六]是|"
    r"其[中次]|首先|最后|与此|不仅|通过|针对|围绕|当[天日]|\d{1,4}[年月]|(?:19|20)\d\d|[(（]?[一二三四五六七八九十]+[、)）]"
)
_FIRST_PART = re.compile(r"[^，。、；：！？,;:!?”’）》]{0,2}[，。、；！？,;!?”’）》]")


class _Halves(NamedTuple):
    left: Block
    right: Block
    text: str  # the whole article, as a dictionary of its own words
    tidy: bool  # the article's paragraphs end in full stops


def _open_pair(h: _Halves) -> bool:
    return any(
        h.left.text.count(p[0]) > h.left.text.count(p[1])
        and h.right.text.count(p[1]) > h.right.text.count(p[0])
        for p in _PAIRS
    )


_BREAK_SIGNS: tuple[tuple[int, Callable[[_Halves], bool], str], ...] = (
    (4, _open_pair, "a quotation or bracket opened in one half closes in the other"),
    (3, lambda h: h.left.text.endswith(("，", ",", "、", "“", "《", "（")), "no paragraph ends in a comma"),
    (3, lambda h: h.right.gap == 0 and h.left.text[-1] in "，,、", "and the next line stands right below it"),
    (5, lambda h: h.right.text[0] in "，。、；：！？”’）》,;", "no paragraph begins with a closing mark"),
    (
        3,
        lambda h: bool(_FIRST_PART.match(h.right.text)),
        "「少。」: a word of one or two characters, then a stop",
    ),
    (2, lambda h: h.left.text[-1] == h.right.text[0], "the last character is printed twice over the break"),
    (
        1,
        lambda h: h.left.text[-1] + h.right.text[0] in h.text,
        "the two characters are a word used elsewhere",
    ),
    (3, lambda h: h.tidy and h.left.size >= _LONG, "all other paragraphs here end in a full stop"),
    (2, lambda h: h.tidy and enumerator(h.left.text) == "circle", "as do the other items of its list"),
    (1, lambda h: h.left.indent > 0 and h.right.indent == 0, "the second half has no indent"),
    (-2, lambda h: 0 < h.left.indent <= h.right.indent, "the second half has an indent of its own"),
    (-4, lambda h: bool(_OPENERS.match(h.right.text)), "words that open a paragraph"),
    (-3, lambda h: h.left.size < _SHORT, "the first half is no longer than a heading"),
    (
        -3,
        lambda h: h.right.prose < PROSE and not _FIRST_PART.match(h.right.text),
        "the second is no sentence",
    ),
)


def join_broken(blocks: list[Block], text: str) -> list[Block]:
    """``blocks`` with broken paragraphs made one (their ``pieces`` in order); headings stay apart."""
    ends = [is_complete(b.text) for b in blocks if b.kind == "body" and b.size >= _SHORT]
    spared = len(ends) - sum(ends)
    joined: list[Block] = []
    for block in blocks:
        left = _half_before(joined, block)
        if left is not None and _points(_Halves(left, block, text, _is_tidy(len(ends), spared))) >= _JOIN:
            _merge(left, block)
        else:
            joined.append(block)
    return joined


def _is_tidy(paragraphs: int, unfinished: int) -> bool:
    """Four in five end in a stop, the one in question left out of the count."""
    return paragraphs < 2 or 5 * (unfinished - 1) <= paragraphs - 1


def _points(halves: _Halves) -> int:
    return sum(points for points, test, _ in _BREAK_SIGNS if test(halves))


def _half_before(joined: list[Block], block: Block) -> Block | None:
    """The unfinished paragraph that ``block`` could go on with, over at most two page marks."""
    if block.kind != "body" or (enumerator(block.text) and enumerator(block.text) != "bullet"):
        return None
    for back, left in enumerate(reversed(joined)):
        if back > _BETWEEN or (left.kind == "furniture" and "page" not in left.zones):
            return None
        if left.kind != "furniture":
            return None if is_complete(left.text) or left.furniture else left
    return None


def _merge(left: Block, right: Block) -> None:
    left.pieces.extend(right.pieces)
    left.text = glued(left.text, right.text)
    left.size += right.size
    left.kind = "body"
    left.furniture = 0
