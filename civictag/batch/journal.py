"""What of a batch is finished, on disk before anyone relies on it.

A file of JSON lines: first what the batch is, then a line a finished part. A line counts when it is
complete, a part when its line counts and its bytes have the hash that the line says. Whatever a power
cut leaves behind (half a line, zeros, a part without its last pages) fails one of the two and is done
again.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Any

from civictag.batch.chunks import Failure
from civictag.batch.part_files import is_whole
from civictag.batch.worker import Done
from civictag.errors import CivictagError
from civictag.util.atomic_file import told

NAME = "journal.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """One finished part: its hash, how many articles it has, and what a later run must still say of it."""

    sha256: str
    count: int
    failures: tuple[Failure, ...]
    missed: tuple[str, ...]


class Journal:
    """The journal of the parts in ``folder``, open for adding. Close it, or use it as a context.

    Attributes:
        done: number of a part -> its entry, for every part that is finished and whole.

    Raises:
        CivictagError: another run has it open, or it cannot be written.
    """

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, NAME)
        self.done: dict[int, Entry] = {}
        with told(self._path):
            self._file = open(self._path, "a+b")  # noqa: SIM115 - closed by close
        _lock(self._file.fileno(), folder)
        self._file.seek(0)
        self._folder = folder

    def header(self) -> dict[str, Any] | None:
        """What the batch is, as it was begun; None when nothing usable was begun."""
        self._file.seek(0)
        return _record(self._file.readline())

    def begin(self, header: dict[str, Any]) -> None:
        """Start anew: forget everything."""
        with told(self._path):
            self._file.truncate(0)
        self._append(header)

    def resume(self) -> None:
        """Take up what is finished; what comes after the first broken line is cut off."""
        self._file.seek(0)
        good = len(self._file.readline())
        for line in self._file:
            record = _record(line)
            if record is None:
                break
            good += len(line)
            self._take_up(record)
        with told(self._path):
            self._file.truncate(good)

    def add(self, done: Done) -> None:
        """A part is finished and on disk; on return the journal says so, on disk too."""
        self._append(
            {
                "part": done.number,
                "sha256": done.sha256,
                "count": done.count,
                "failures": [asdict(failure) for failure in done.failures],
                "missed": done.missed,
            }
        )
        self.done[done.number] = Entry(done.sha256, done.count, tuple(done.failures), done.missed)

    def close(self) -> None:
        """Let others have it."""
        self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take_up(self, record: dict[str, Any]) -> None:
        number, sha256 = record["part"], record["sha256"]
        if is_whole(self._folder, number, sha256):
            failures = tuple(Failure(**failure) for failure in record["failures"])
            self.done[number] = Entry(sha256, record["count"], failures, tuple(record["missed"]))

    def _append(self, record: dict[str, Any]) -> None:
        with told(self._path):
            self._file.seek(0, os.SEEK_END)
            self._file.write(json.dumps(record).encode("ascii") + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())


def _record(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _lock(handle: int, folder: str) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: there the second run fails when it replaces the first one's files
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CivictagError(
            "another run is at work in it", where=folder, hint="Wait for it to end, or end it first"
        ) from error
    except OSError:  # a file system without locks: then the user has to know
        return
