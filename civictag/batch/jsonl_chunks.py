"""JSON lines by byte ranges: found here in one pass over the bytes, parsed by whoever gets them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, cast

from civictag.batch.line_chunk import Lines
from civictag.datamodel import Document
from civictag.errors import CivictagError, InputError
from civictag.readers.encodings.line_stream import TextLines, open_lines
from civictag.readers.files import open_binary, shown, unreadable
from civictag.readers.limits import ARTICLE_BYTES, SNIFF_BYTES
from civictag.readers.options import Reading
from civictag.readers.tables.json_rows import read_jsonl


def ranges(path: str, encoding: str | None, size: int) -> Iterator[Lines] | None:
    """Pieces of about ``size`` bytes; None when the file must be read from its beginning.

    That is so where a newline is not one byte (UTF-16), and where reading fails at once: whoever
    reads the file then says why.
    """
    try:
        with open_binary(path) as file:
            head = open_lines(path, encoding=encoding, file=file)
    except CivictagError:
        return None
    if head.encoding.startswith(("utf-16", "utf-32")) or (encoding and ":" in encoding):
        return None
    return _ranges(path, head, size)


def read_range(piece: Lines, reading: Reading) -> Iterator[Document | InputError]:
    """The rows of one piece.

    Raises:
        InputError: the file cannot be read.
    """
    file = open_binary(piece.path)
    try:
        file.seek(piece.start)
    except OSError as error:
        raise unreadable(piece.path, error) from error
    window = cast(BinaryIO, _Window(file, piece.stop - piece.start))
    lines = open_lines(piece.path, encoding=piece.encoding, file=window, first=piece.line, whole=False)
    told = TextLines(lines.encoding, piece.warnings, lines.lines)
    return read_jsonl(told, shown(piece.path), reading, piece.row)


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
