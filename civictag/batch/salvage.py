"""A damaged store made anew from what of it is whole: its batch, and the parts whose pages can be read.

SQLite loses nothing that was committed, as long as the disk keeps what it said it had. Disks and network
drives that do not are why this is here: one damaged page must not cost a week of finished parts.
"""

from __future__ import annotations

import collections
import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

BODY = "SELECT place, data FROM bodies WHERE place BETWEEN ? AND ? ORDER BY place"
"""The blobs of a part, by ``body_range``; no index that a damaged page could take from all parts."""
_GAP = 1_000  # numbers in a row without a readable part, after which there are no more
_UNREADABLE = (sqlite3.DatabaseError, ValueError)


def mend(path: str, tables: str) -> None:
    """Replace the store by one with the rows that can be read; by an empty one where the batch cannot.

    Whether a part has the bytes that it should is for the reader to check: it has their hash. A run that
    is killed meanwhile leaves the damaged store, or the mended one under its other name.
    """
    fresh = path + ".mended"
    remove(fresh)
    with contextlib.closing(sqlite3.connect(fresh, isolation_level=None)) as new:
        new.execute("BEGIN")
        for statement in filter(str.strip, tables.split(";")):
            new.execute(statement)
        _lengthen(path)
        with contextlib.closing(sqlite3.connect(path, timeout=0)) as old:
            for table, row in _rows(old):
                new.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        new.execute("COMMIT")
    remove(path)
    os.replace(fresh, path)


def finish_mending(path: str) -> None:
    """Put a mended store in place whose run was killed before it did."""
    if os.path.exists(path + ".mended") and not os.path.exists(path):
        os.replace(path + ".mended", path)


def body_range(number: int) -> tuple[int, int]:
    """Places of the first and the last blob that a part can have."""
    return number << 20, (number + 1 << 20) - 1


def remove(path: str) -> None:
    """Delete a store with the files that SQLite keeps beside it."""
    for end in ("-wal", "-shm", "-journal", ""):
        with contextlib.suppress(OSError):
            os.unlink(path + end)


def _lengthen(path: str) -> None:
    """Give a file that was cut off the length that its header tells; SQLite would read nothing of it."""
    with contextlib.suppress(OSError), open(path, "r+b") as file:
        header = file.read(32)
        pages, size = int.from_bytes(header[28:32]), int.from_bytes(header[16:18])
        if header.startswith(b"SQLite format 3") and file.seek(0, os.SEEK_END) < pages * size:
            file.truncate(pages * size)


def _rows(old: sqlite3.Connection) -> Iterator[tuple[str, Sequence[Any]]]:
    try:
        for table in ("batch", "inputs"):  # read to the end before a row of them is taken
            collections.deque(old.execute(f"SELECT * FROM {table}"), maxlen=0)
    except _UNREADABLE:
        return
    for table in ("batch", "inputs"):
        yield from ((table, row) for row in old.execute(f"SELECT * FROM {table}"))
    yield from _parts(old)


def _parts(old: sqlite3.Connection) -> Iterator[tuple[str, Sequence[Any]]]:
    """Each part by its number: a walk over the table would end at the first damaged page."""
    number = missing = 0
    while missing < _GAP:
        try:
            part = old.execute("SELECT * FROM parts WHERE number = ?", (number,)).fetchall()
            bodies = old.execute(BODY, body_range(number)).fetchall()
        except _UNREADABLE:
            part = []
        missing = 0 if part else missing + 1
        if part:
            yield from (("parts", row) for row in part)
            yield from (("bodies", row) for row in bodies)
        number += 1
