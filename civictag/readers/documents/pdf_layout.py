"""Pieces of text on pages → lines, each a whole paragraph: columns, tables and broken lines in order.

Gutters are found first (after Breuel: Two Geometric Algorithms for Layout Analysis, DAS 2002): a run of lines
through which the same white strip goes down stands in columns. Where lines are drawn around cells, a table is
read row by row. Within a column a line goes on with the next one if it reaches the edge, and the next one has
neither an indent nor a gap above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import NamedTuple

from civictag.paragraphs.blocks import all_glued
from civictag.paragraphs.openings import enumerator
from civictag.paragraphs.prose_features import is_complete
from civictag.readers.documents.pdf_chars import Page, Piece
from civictag.readers.documents.pdf_heads import running_heads
from civictag.readers.documents.pdf_tables import grids_of

_GUTTER = 0.5  # heights: a white strip that is narrower is a gap between words
_LEAST = 3  # lines in a column; with fewer, pieces side by side are fields of a form
_FARTHEST = 2.8  # heights: no two lines of a paragraph are so far from each other
_WORD = re.compile(r"[A-Za-z0-9'’-]+")
_EDGE = 4.0  # points: lines that begin so near to each other begin at one edge
_OPEN = 0.3  # of the column: a line that lacks more ends what it says, also without a stop
_INDENT = (1.2, 3.6)  # heights: a paragraph's first line begins so far from the edge
_GAP = 1.3  # times the distance of lines in the column
_HYPHEN = ("\x02", "\xad", "\u2010", "\ufffe")


class Column(NamedTuple):
    """Lines of text below each other, from the top down; a table's cell goes on nowhere."""

    lines: list[Piece]
    is_cell: bool = False

    @property
    def left(self) -> float:
        """Where its lines begin that are not indented."""
        return min(line.left for line in self.lines)

    @property
    def right(self) -> float:
        """Where its full lines end."""
        return max(line.right for line in self.lines)


def text_of(pages: Iterable[Page]) -> str:
    """The text of a document, a paragraph on each line; running heads and page numbers at its end."""
    laid_out = list(pages)
    heads = running_heads(laid_out)
    known = set(map(id, heads))
    flow = _Flow()
    for page in laid_out:
        own = page._replace(pieces=[piece for piece in page.pieces if id(piece) not in known])
        for column in _columns(own):
            flow.add(column)
    return "\n".join([*flow.paragraphs(), *(piece.text for piece in heads)])


class _Flow:
    """Paragraphs in the making."""

    def __init__(self) -> None:
        self._done: list[list[str]] = []
        self._last: tuple[Piece, Column] | None = None

    def paragraphs(self) -> list[str]:
        """Each paragraph as one line."""
        return [_glued(parts) for parts in self._done]

    def add(self, column: Column) -> None:
        """The lines of the next column, which may go on where the last one ended."""
        gaps = sorted(a.base - b.base for a, b in pairwise(column.lines))
        pitch = gaps[len(gaps) // 4] if gaps else 0.0  # of the closer ones: between paragraphs there is more
        for number, line in enumerate(column.lines):
            if self._last and self._goes_on(self._last, line, column, pitch if number else None):
                self._done[-1].append(line.text)
            else:
                self._done.append([line.text])
            self._last = (line, column)

    @staticmethod
    def _goes_on(above: tuple[Piece, Column], line: Piece, column: Column, pitch: float | None) -> bool:
        """Whether ``line`` goes on from the one above it; ``pitch`` is None at the top of a column."""
        last, before = above
        size = max(last.size, line.size)
        if pitch is None and (before.is_cell or column.is_cell):
            return False
        if last.text.endswith(_HYPHEN):
            return True
        if enumerator(line.text) or abs(last.size - line.size) > 0.15 * size:
            return False
        if pitch is not None and last.base - line.base > min(_GAP * max(pitch, size), _FARTHEST * size):
            return False
        same = pitch is not None or abs(before.left - column.left) > 4 * size
        edge = column.left if same else min(before.left, column.left)
        indent, room = last.left - before.left, before.right - last.right
        centred = indent > 2.6 * size and abs(indent - room) < size
        if line.left - edge > 0.6 * size or indent > _INDENT[1] * size or centred:
            return False
        full = room < _needed(line)
        if is_complete(last.text):
            return full and (_has_indents(before) or _has_gaps(before))
        return full or (_has_indents(before) and room < _OPEN * (before.right - before.left))


def _needed(line: Piece) -> float:
    """How much room its first word, or character and mark, would have needed on the line above."""
    word = _WORD.match(line.text)
    return line.size * (1.9 if word is None else 0.7 + 0.6 * len(word[0]))


def _has_gaps(column: Column) -> bool:
    """Whether paragraphs stand off from each other here, so that a line without a gap goes on."""
    gaps = [a.base - b.base for a, b in pairwise(column.lines)]
    return bool(gaps) and max(gaps) > 1.3 * min(gaps)


def _has_indents(column: Column) -> bool:
    """Whether paragraphs begin with an indent here, so that a line without one goes on."""
    low, high = _INDENT
    return any(low * line.size < line.left - column.left < high * line.size for line in column.lines) or any(
        line.text.startswith("\u3000\u3000") for line in column.lines
    )


def _glued(parts: list[str]) -> str:
    """Lines as one; a hyphen at the end of a line goes with the break."""
    whole: list[str] = []
    for part in parts:
        if whole and whole[-1].endswith(_HYPHEN):
            whole[-1] = whole[-1][:-1] + part
        else:
            whole.append(part)
    return all_glued(part.rstrip("".join(_HYPHEN)) for part in whole)


def _columns(page: Page) -> Iterator[Column]:
    """The columns of a page in reading order; a table's cells are columns of their own."""
    grids = grids_of(page.rules)
    at = [next((n for n, grid in enumerate(grids) if grid.holds(piece)), -1) for piece in page.pieces]
    for grid, numbers in groupby(
        sorted(range(len(at)), key=lambda n: (at.index(at[n]) if at[n] >= 0 else n, n)), key=lambda n: at[n]
    ):
        inside = [page.pieces[number] for number in numbers]
        if grid < 0:
            yield from _in_columns(inside)
            continue
        for _cell, pieces in groupby(sorted(inside, key=grids[grid].cell), key=grids[grid].cell):
            yield Column(_rows(list(pieces)), is_cell=True)


def _in_columns(pieces: list[Piece]) -> Iterator[Column]:
    """Columns side by side; lines across all of them are a column between them."""
    begin = start = 0
    while start < len(pieces):
        end, strips = _run(pieces, start)
        if not strips or any(len(_run(pieces, start + n)[1]) > len(strips) for n in (1, 2)):  # a headline
            start += 1
            continue
        if begin < start:
            yield Column(_rows(pieces[begin:start]))
        yield from _side_by_side(pieces[start:end], strips)
        begin = start = end
    if begin < len(pieces):
        yield Column(_rows(pieces[begin:]))


def _run(pieces: list[Piece], start: int) -> tuple[int, list[float]]:
    """Where the run that begins at ``start`` ends, and the middles of its white strips; [] if it has none."""
    covered: list[tuple[float, float]] = []
    ends: dict[int, tuple[int, list[float]]] = {}  # number of strips -> the longest run with so many
    for at in range(start, len(pieces)):
        piece = pieces[at]
        covered = _union(covered, (piece.left, piece.right), _GUTTER * piece.size)
        if len(covered) == 1 and ends:
            break
        if len(covered) > 1:
            ends[len(covered)] = at + 1, [(a[1] + b[0]) / 2 for a, b in pairwise(covered)]
    for _count, (end, strips) in sorted(ends.items(), reverse=True):
        columns = _side_by_side(pieces[start:end], strips)
        if len(columns) > len(strips) and all(map(_is_column, columns)):
            return end, strips
    return start, []


def _is_column(column: Column) -> bool:
    """Whether half of its lines begin at one edge: what is filled in on the lines of a form does not."""
    lefts = sorted(line.left for line in column.lines)
    half = (len(lefts) + 1) // 2
    return len(lefts) >= _LEAST and any(b - a < _EDGE for a, b in zip(lefts, lefts[half - 1 :], strict=False))


def _union(
    covered: list[tuple[float, float]], own: tuple[float, float], least: float
) -> list[tuple[float, float]]:
    """The covered stretches with one more; those that are nearer than ``least`` are one."""
    left, right = own
    apart = []
    for a, b in covered:
        if a - right < least and left - b < least:
            left, right = min(left, a), max(right, b)
        else:
            apart.append((a, b))
    return sorted([*apart, (left, right)])


def _side(piece: Piece, strips: list[float]) -> int:
    return sum(piece.left > strip for strip in strips)


def _side_by_side(run: list[Piece], strips: list[float]) -> list[Column]:
    sides = [[piece for piece in run if _side(piece, strips) == side] for side in range(len(strips) + 1)]
    return [Column(_rows(side)) for side in sides if side]


def _rows(pieces: list[Piece]) -> list[Piece]:
    """Pieces of one line as one: fields of a form that stand side by side."""
    rows: list[Piece] = []
    for piece in pieces:
        last = rows[-1] if rows else piece
        near = abs(last.base - piece.base) < 0.5 * piece.size
        if rows and near and abs(last.size - piece.size) < 0.2 * last.size:
            blank = " " if piece.left - last.right > piece.size else ""
            rows[-1] = last._replace(text=last.text + blank + piece.text, right=max(last.right, piece.right))
        else:
            rows.append(piece)
    return rows
