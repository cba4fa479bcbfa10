"""Parquet by row groups: found here in the file's footer, read by whoever gets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from civictag.batch.line_chunk import Groups
from civictag.datamodel import Document
from civictag.errors import CivictagError, InputError
from civictag.readers.options import Reading
from civictag.readers.tables.parquet import group_sizes, read_parquet

# A row group is a piece whole, and a piece is held in memory. Writers that make groups of a million rows
# exist; such a file is read in batches from its beginning instead.
_MOST = 16


def row_groups(path: str, size: int) -> Iterator[Groups] | None:
    """Pieces of about ``size`` bytes, unpacked, at least a row group each.

    None when the file must be read from its beginning: a group is larger than 16 times ``size``, or
    the footer cannot be read; whoever reads the file then says why.
    """
    try:
        found = group_sizes(path)
    except CivictagError:
        return None
    if any(held > _MOST * size for _, held in found):
        return None
    return _groups(path, found, size)


def read_groups(piece: Groups, reading: Reading) -> Iterator[Document | InputError]:
    """The rows of one piece.

    Raises:
        InputError: the file cannot be read, or has no such column.
        MissingExtra: pyarrow is not installed.
    """
    return read_parquet(piece.path, reading, range(piece.first, piece.stop), piece.row)


def _groups(path: str, found: Sequence[tuple[int, int]], size: int) -> Iterator[Groups]:
    """Consecutive groups together until they have ``size`` bytes; an empty file is a piece too."""
    first = row = rows = held = 0
    for number, (more, taken) in enumerate(found[:-1], 1):
        rows += more
        held += taken
        if held >= size:
            yield Groups(path, first, number, row, held)
            first, row, rows, held = number, row + rows, 0, 0
    yield Groups(path, first, len(found), row, held + sum(taken for _, taken in found[-1:]))
