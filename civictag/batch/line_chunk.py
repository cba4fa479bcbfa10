"""Pieces of a table that can be read from the middle: what ``ranges`` and ``row_groups`` find."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lines:
    """The bytes ``start`` to ``stop`` of a file of JSON lines: whole lines.

    Attributes:
        line: number of the first line, from 1.
        row: how many rows stand before it.
        encoding: of the file, as told or as found.
        warnings: what was guessed about the file, in its first piece.
        size: bytes of input that the piece ends.
    """

    path: str
    start: int
    stop: int
    line: int
    row: int
    encoding: str
    warnings: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Groups:
    """The row groups ``first`` to ``stop`` - 1 of a Parquet file.

    Attributes:
        row: how many rows stand before them.
        size: bytes of input that the piece ends.
    """

    path: str
    first: int
    stop: int
    row: int
    size: int
