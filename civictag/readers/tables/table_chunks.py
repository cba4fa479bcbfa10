"""Tables that can be read from the middle, by chunks that any worker reads by itself.

JSON lines by byte ranges, found in one pass over the bytes; Parquet by row groups, as its footer lists them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from civictag.datamodel import Document
from civictag.errors import CivictagError, InputError
from civictag.readers.encodings.line_stream import TextLines, open_lines
from civictag.readers.encodings.mojibake import checked_rows
from civictag.readers.files import open_binary, shown, unreadable
from civictag.readers.limits import ARTICLE_BYTES, SNIFF_BYTES
from civictag.readers.options import Reading
from civictag.readers.passed_over import refuse_pipe
from civictag.readers.tables.json_rows import read_jsonl
from civictag.readers.tables.parquet import group_sizes, read_parquet

# A row group is a chunk whole, and a chunk is held in memory. Writers that make groups of a million rows
# exist; such a file is read in batches from its beginning instead.
_MOST = 16


@dataclass(frozen=True, slots=True)
class Lines:
    """The bytes ``start`` to ``stop`` of a file of JSON lines: whole lines.

    Attributes:
        line: number of the first line, from 1.
        row: how many rows stand before it.
        encoding: of the file, as told or as found.
        warnings: what was guessed about the file, in its first chunk.
        size: bytes of input that the chunk ends.
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
        size: bytes of input that the chunk ends.
    """

    path: str
    first: int
    stop: int
    row: int
    size: int


def ranges(path: str, encoding: str | None, size: int) -> Iterator[Lines] | None:
    """Chunks of about ``size`` bytes; None when the file must be read from its beginning.

    That is so where a newline is not one byte (UTF-16), and where reading fails at once: whoever
    reads the file then says why.
    """
    try:
        refuse_pipe(path)
        with open_binary(path) as file:
            head = open_lines(path, encoding=encoding, file=file)
    except CivictagError:
        return None
    if head.encoding.startswith(("utf-16", "utf-32")) or (encoding and ":" in encoding):
        return None
    return _ranges(path, head, size)


def read_range(chunk: Lines, reading: Reading) -> Iterator[Document | InputError]:
    """The rows of one chunk.

    Raises:
        InputError: the file cannot be read.
    """
    file = open_binary(chunk.path)
    try:
        file.seek(chunk.start)
    except OSError as error:
        raise unreadable(chunk.path, error) from error
    window = cast(BinaryIO, _Window(file, chunk.stop - chunk.start))
    lines = open_lines(chunk.path, encoding=chunk.encoding, file=window, first=chunk.line, whole=False)
    whole = TextLines(lines.encoding, chunk.warnings, lines.lines)
    return checked_rows(read_jsonl(whole, shown(chunk.path), reading, chunk.row), reading)


class _Window(io.RawIOBase):
    """The next ``left`` bytes of a file, as a file."""

    def __init__(self, file: BinaryIO, left: int) -> None:
        self._file = file
        self._left = left

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """The next bytes, as many as there are and fit."""
        data = self._file.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()


def _ranges(path: str, head: TextLines, size: int) -> Iterator[Lines]:
    start, line, row, warnings = 0, 1, 0, head.warnings
    with open_binary(path) as file:
        while block := file.read(size):
            lines = block.split(b"\n")
            lines[-1] += file.readline(ARTICLE_BYTES + 1) if lines[-1] else b""
            too_long = len(lines[-1]) > ARTICLE_BYTES and not lines[-1].endswith(b"\n")
            if too_long:
                _skip_line(file)
            stop = file.tell()
            yield Lines(path, start, stop, line, row, head.encoding, warnings, stop - start)
            start, warnings = stop, ()
            line += len(lines) if lines[-1] else len(lines) - 1
            row += sum(_is_row(text, head.encoding) for text in lines) - too_long


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(SNIFF_BYTES)) and not rest.endswith(b"\n"):
        pass


def _is_row(line: bytes, encoding: str) -> bool:
    # A line of full-width spaces is blank too, to whoever decodes it.
    return b"{" in line or bool(line.strip() and line.decode(encoding, "replace").strip())


def row_groups(path: str, size: int) -> Iterator[Groups] | None:
    """Chunks of about ``size`` bytes, unpacked, at least one row group in each.

    None when the file must be read from its beginning: a group is larger than 16 times ``size``, there
    are no rows, or the footer cannot be read; whoever reads the file then says why.
    """
    try:
        found = group_sizes(path)
    except CivictagError:
        return None
    if any(held > _MOST * size for _, held in found) or not any(rows for rows, _ in found):
        return None
    return _groups(path, found, size)


def read_groups(chunk: Groups, reading: Reading) -> Iterator[Document | InputError]:
    """The rows of one chunk.

    Raises:
        InputError: the file cannot be read, or has no such column.
        MissingExtra: pyarrow is not installed.
    """
    groups = range(chunk.first, chunk.stop)
    return checked_rows(read_parquet(chunk.path, reading, groups, chunk.row), reading)


def _groups(path: str, found: Sequence[tuple[int, int]], size: int) -> Iterator[Groups]:
    """Consecutive groups together until they have ``size`` bytes; an empty file is a chunk too."""
    first = row = rows = held = 0
    for number, (more, taken) in enumerate(found[:-1], 1):
        rows += more
        held += taken
        if held >= size:
            yield Groups(path, first, number, row, held)
            first, row, rows, held = number, row + rows, 0, 0
    yield Groups(path, first, len(found), row, held + sum(taken for _, taken in found[-1:]))
