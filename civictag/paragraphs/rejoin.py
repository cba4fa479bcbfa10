"""Paragraphs that a column or a page broke in mid-sentence are put together again.

A sum of evidence decides (``_BREAK_SIGNS``): each row is a test on the two halves, its points and its
reason. Wrong either way costs: joining wrongly hides a label; splitting wrongly cuts a clause.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from civictag.paragraphs.blocks import Block, all_glued
from civictag.paragraphs.openings import enumerator, opens_paragraph
from civictag.paragraphs.prose_features import PROSE, is_complete, is_finished

_JOIN = 3  # points; tuned on the breaks of tests/pages
_BETWEEN = 2  # page number, running head: what may stand between the halves
_LONG = 60
_SHORT = 30
_PAIRS = ("“”", "《》", "（）", "()", "「」", "『』", "‘’")
_ENDS_PART = frozenset("，。、；！？,;!?”’）》")


class _Article(NamedTuple):
    text: str  # a dictionary of its own words
    tidy: bool  # its paragraphs end in full stops
    commas: bool  # its paragraphs end in commas, so that one says nothing


class _Halves(NamedTuple):
    left: Block  # the part right before the break: of a paragraph broken twice its middle
    right: Block
    opened: tuple[int, ...]  # quotations and brackets that are open at the break, by ``_PAIRS``
    first: Block  # the part that the paragraph begins with
    size: int  # characters so far
    article: _Article


class _Joined:
    """A paragraph in the making: its parts, with what would be slow to count again at each break."""

    def __init__(self, block: Block) -> None:
        self.parts = [block]
        self.size = block.size
        self.opened = _balance(block.text)

    def add(self, block: Block) -> None:
        """One part more, after a break."""
        self.parts.append(block)
        self.size += block.size
        self.opened = tuple(map(int.__add__, self.opened, _balance(block.text)))

    def halves(self, right: Block, article: _Article) -> _Halves:
        """This paragraph so far, and what could be its next part."""
        return _Halves(self.parts[-1], right, self.opened, self.parts[0], self.size, article)

    def whole(self) -> Block:
        """The first block, with the other parts joined to it."""
        first = self.parts[0]
        if len(self.parts) > 1:
            first.pieces = [piece for part in self.parts for piece in part.pieces]
            first.text = all_glued(part.text for part in self.parts)
            first.size = self.size
            first.kind = "body"
            first.furniture = 0
        return first


def _balance(text: str) -> tuple[int, ...]:
    """How many of each pair are opened and not closed, negative if more are closed."""
    return tuple(text.count(pair[0]) - text.count(pair[1]) for pair in _PAIRS)


def _open_pair(h: _Halves) -> bool:
    closed = _balance(h.right.text)
    return any(left > 0 > right for left, right in zip(h.opened, closed, strict=True))


def _ends_in_comma(h: _Halves) -> bool:
    return h.left.text[-1] in "，,、" and not h.article.commas


def _is_last_part(text: str) -> bool:
    """Whether at most two characters stand before a stop, a pause or a closing mark (a colon is none)."""
    found = next((char for char in text[:3] if char in _ENDS_PART or char in "：:"), ":")
    return found in _ENDS_PART


_BREAK_SIGNS: tuple[tuple[int, Callable[[_Halves], bool], str], ...] = (
    (4, _open_pair, "a quotation or bracket opened in one half closes in the other"),
    (3, lambda h: _ends_in_comma(h) or h.left.text[-1] in "“《（", "no paragraph ends in a comma"),
    (3, lambda h: h.right.gap == 0 and _ends_in_comma(h), "and the next line stands right below it"),
    (5, lambda h: h.right.text[0] in "，。、；：！？”’）》,;", "no paragraph begins with a closing mark"),
    (
        3,
        lambda h: _is_last_part(h.right.text),
        "「少。」: a word of one or two characters, then a stop",
    ),
    (2, lambda h: h.left.text[-1] == h.right.text[0], "the last character is printed twice over the break"),
    (
        1,
        lambda h: h.left.text[-1] + h.right.text[0] in h.article.text,
        "the two characters are a word used elsewhere",
    ),
    (3, lambda h: h.article.tidy and h.size >= _LONG, "all other paragraphs here end in a full stop"),
    (
        2,
        lambda h: h.article.tidy and enumerator(h.first.text) == "circle",
        "as do the other items of its list",
    ),
    (1, lambda h: h.first.indent > 0 and h.right.indent == 0, "the second half has no indent"),
    (-2, lambda h: 0 < h.first.indent <= h.right.indent, "the second half has an indent of its own"),
    (-4, lambda h: opens_paragraph(h.right.text), "words that open a paragraph"),
    (-3, lambda h: h.size < _SHORT, "the first half is no longer than a heading"),
    (
        -3,
        lambda h: h.right.prose < PROSE and not _is_last_part(h.right.text),
        "the second is no sentence",
    ),
)


def join_broken(blocks: list[Block], text: str) -> list[Block]:
    """``blocks`` with broken paragraphs made one (their ``pieces`` in order); headings stay apart."""
    article: list[_Article] = []  # made when the first break is found: most articles have none
    joined: list[_Joined] = []
    for block in blocks:
        left = _half_before(joined, block)
        if left is not None:
            article = article or [_of_article(blocks, text)]
            if _points(left.halves(block, article[0])) >= _JOIN:
                left.add(block)
                continue
        joined.append(_Joined(block))
    return [paragraph.whole() for paragraph in joined]


def _of_article(blocks: list[Block], text: str) -> _Article:
    ends = [is_complete(b.text) for b in blocks if b.kind == "body" and b.size >= _SHORT]
    commas = sum(b.text[-1] in "，," for b in blocks if b.kind == "body")
    return _Article(
        text=text,
        tidy=_is_tidy(len(ends), len(ends) - sum(ends)),
        commas=commas > 3 and 2 * commas > len(ends),
    )


def _is_tidy(paragraphs: int, unfinished: int) -> bool:
    """Four in five end in a stop, the one in question left out of the count."""
    return paragraphs < 2 or 5 * (unfinished - 1) <= paragraphs - 1


def _points(halves: _Halves) -> int:
    return sum(points for points, test, _ in _BREAK_SIGNS if test(halves))


def _half_before(joined: list[_Joined], block: Block) -> _Joined | None:
    """The unfinished paragraph that ``block`` could go on with, over at most two page marks."""
    if block.kind != "body" or (enumerator(block.text) and enumerator(block.text) != "bullet"):
        return None
    for back, left in enumerate(reversed(joined)):
        head, last = left.parts[0], left.parts[-1]
        if back > _BETWEEN or (head.kind == "furniture" and "page" not in head.zones):
            return None
        if head.kind != "furniture":
            return None if (head.furniture and len(left.parts) == 1) or is_finished(last.text) else left
    return None
