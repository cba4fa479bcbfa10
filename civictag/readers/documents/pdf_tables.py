"""Lines that are drawn on a page → the grids of its tables."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from typing import NamedTuple

from civictag.readers.documents.pdf_chars import Piece, Rule

_NEAR = 3.0  # points: ends of lines that are nearer meet
_SHORTEST = 6.0  # points: what is shorter is an ornament


class Grid(NamedTuple):
    """A table: its lines from left to right and from the top down, in points."""

    columns: list[float]
    rows: list[float]

    def holds(self, piece: Piece) -> bool:
        """Whether a piece of text stands in it."""
        middle = piece.base + piece.size / 3
        return (
            self.rows[-1] < middle < self.rows[0] and self.columns[0] - _NEAR < piece.left < self.columns[-1]
        )

    def cell(self, piece: Piece) -> tuple[int, int]:
        """Row and column of a piece of text, from 0."""
        middle = piece.base + piece.size / 3
        return sum(row > middle for row in self.rows), bisect(self.columns, piece.left + _NEAR)


def grids_of(rules: list[Rule]) -> list[Grid]:
    """The tables that lines make: those that meet, if there is more than one cell between them."""
    long = [rule for rule in rules if max(rule.right - rule.left, rule.top - rule.bottom) >= _SHORTEST]
    found = []
    for group in _meeting(long):
        columns = _apart(rule.left for rule in group if rule.upright)
        rows = _apart(rule.bottom for rule in group if not rule.upright)[::-1]
        if len(columns) > 1 and len(rows) > 1 and len(columns) + len(rows) > 4:
            found.append(Grid(columns, rows))
    return found


def _meeting(rules: list[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in rules:
        near = [group for group in groups if any(_touch(rule, other) for other in group)]
        merged = [rule, *(other for group in near for other in group)]
        groups = [*(group for group in groups if group not in near), merged]
    return groups


def _touch(one: Rule, other: Rule) -> bool:
    return (
        one.left - _NEAR <= other.right
        and other.left - _NEAR <= one.right
        and one.bottom - _NEAR <= other.top
        and other.bottom - _NEAR <= one.top
    )


def _apart(places: Iterable[float]) -> list[float]:
    """Places in order, those nearly the same as one."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found
