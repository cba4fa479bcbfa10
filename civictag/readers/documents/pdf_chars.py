"""A page of a PDF → its pieces of text with their places, and the lines that are drawn on it.

PDFium gives each character with its box. Programs write a line in any order (quotation marks of another font
last), so characters are put in order by their places; blanks that PDFium adds by itself are left out, but
between Latin words.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from itertools import islice
from statistics import median
from typing import Any, NamedTuple

_APART = 0.5  # heights: a wider gap without a blank in it may part two columns
_SAME_LINE = 0.45  # heights: baselines that differ less are of one line
_BLANKS = re.compile(" {2,}")
_DRAWN = 500  # lines and rectangles: a page with more is a drawing, whose lines are no table's
_THIN = 2.5  # points: a rectangle that is thinner is a line


class Char(NamedTuple):
    """A character, its place in points from the lower left corner, and whether a blank stands before it."""

    text: str
    left: float
    right: float
    base: float
    height: float
    spaced: bool


class Piece(NamedTuple):
    """Characters side by side on one line, without a gap.

    Attributes:
        text: what they say; runs of blanks are one.
        left, right, base: their place in points; ``base`` is the baseline.
        size: height of a character in points.
    """

    text: str
    left: float
    right: float
    base: float
    size: float


class Rule(NamedTuple):
    """A line that is drawn, or a side of a rectangle: its box on the page, in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def upright(self) -> bool:
        """Whether it goes up and down."""
        return self.top - self.bottom > self.right - self.left


class Page(NamedTuple):
    """What stands on a page, and how high the page is in points."""

    pieces: list[Piece]
    rules: list[Rule]
    height: float


def pieces_of(text_page: Any, rules: list[Rule]) -> list[Piece]:
    """The pieces of text of a page, from its top down, those of one line from left to right."""
    upright = [rule for rule in rules if rule.upright]
    return [piece for line in _lines(list(_chars(text_page))) for piece in _cut(line, upright)]


def rules_of(page: Any) -> list[Rule]:
    """The lines that are drawn on a page: of tables."""
    from pypdfium2 import raw

    found = []
    for drawn in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]), _DRAWN + 1):
        left, bottom, right, top = drawn.get_bounds()
        if top - bottom <= _THIN or right - left <= _THIN:
            found.append(Rule(left, bottom, right, top))
        else:  # a frame, or a coloured cell
            found += [Rule(left, bottom, right, bottom), Rule(left, top, right, top)]
            found += [Rule(left, bottom, left, top), Rule(right, bottom, right, top)]
    return found if len(found) <= 4 * _DRAWN else []


def _chars(text_page: Any) -> Iterator[Char]:
    from pypdfium2 import raw

    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    at_box, at_x, at_y = map(ctypes.byref, (box, x, y))
    spaced = False
    for at in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, at)
        # PDFium adds blanks and line ends, nothing else.
        if code in (10, 13) or (code == 32 and raw.FPDFText_IsGenerated(text_page, at)):
            spaced = True
            continue
        if not raw.FPDFText_GetLooseCharBox(text_page, at, at_box):
            continue
        raw.FPDFText_GetCharOrigin(text_page, at, at_x, at_y)
        height = max(1.0, box.top - box.bottom, box.right - box.left)  # 「一」 is flat, and as wide as others
        yield Char(chr(code), box.left, box.right, y.value, height, spaced)
        spaced = False


def _lines(chars: list[Char]) -> list[list[Char]]:
    """Characters by their baselines, each line from left to right."""
    lines: list[list[Char]] = []
    for char in sorted(chars, key=lambda c: -c.base):
        if lines and lines[-1][0].base - char.base < _SAME_LINE * min(char.height, lines[-1][0].height):
            lines[-1].append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda c: (c.left, c.right)) for line in lines]


def _cut(line: list[Char], upright: list[Rule]) -> Iterator[Piece]:
    """The pieces of a line; a blank that was written fills a gap, as in a form, and does not part it."""
    held: list[Char] = []
    base = line[0].base
    near = sorted(rule.left for rule in upright if rule.bottom - 2 <= base <= rule.top + 2)
    for char in line:
        if held and (char.left - held[-1].right > _APART * char.height or _parted(held[-1], char, near)):
            yield from _piece(held)
            held = []
        held.append(char)
    yield from _piece(held)


def _parted(one: Char, other: Char, upright: list[float]) -> bool:
    """Whether a line is drawn between two characters."""
    first, second = (one.left + one.right) / 2, (other.left + other.right) / 2
    return any(first < rule < second for rule in upright)


def _piece(chars: list[Char]) -> Iterator[Piece]:
    text = ""
    for char in chars:
        written = char.text in (" ", "\xa0")
        latin = char.spaced and text[-1:].isascii() and char.text.isascii()
        text += (" " if written or latin else "") + ("" if written else char.text)
    seen = [char for char in chars if not char.text.isspace()]
    if seen:
        height = median(char.height for char in seen)
        yield Piece(_BLANKS.sub(" ", text).strip(" "), seen[0].left, seen[-1].right, seen[0].base, height)
