"""What of a resumable batch is finished: one SQLite file in a hidden work folder beside the output.

SQLite gives what a journal by hand has to be taught: a lock on every system, and a part that is there
whole or not at all after a power cut. ``.OUT.civictag/`` holds it while the batch is not finished. The
folder is known by a marker file; a folder without one is somebody else's and is left alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from civictag.batch.chunks import Failure
from civictag.batch.salvage import BODY, body_range, finish_mending, mend, remove
from civictag.batch.worker import Done
from civictag.errors import CivictagError
from civictag.i18n import _, mark
from civictag.util.atomic_file import deliver, write_errors

MARKER = "made-by-civictag.txt"
NAME = "parts.sqlite"
_NOTE = mark(
    "An unfinished `civictag tag --resume`: the same command finishes it. To give it up, remove the folder.\n"
)
_BLOB = 64 << 20  # bytes of a part in one row: SQLite holds no more than a gigabyte in one
_TABLES = """
CREATE TABLE batch (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE inputs (number INTEGER PRIMARY KEY, path BLOB, size INTEGER, mtime_ns INTEGER);
CREATE TABLE begun (number INTEGER PRIMARY KEY, times INTEGER);
CREATE TABLE parts (number INTEGER PRIMARY KEY, sha256 TEXT, count INTEGER, failures TEXT, missed TEXT);
CREATE TABLE bodies (place INTEGER PRIMARY KEY, data BLOB);
"""
_NOT_DAMAGE = ("locked", "full", "readonly", "unable to open", "I/O error", "out of memory", "interrupted")
Input = tuple[bytes, int | None, int | None]
"""Path, size in bytes, time of change in nanoseconds; None where the system does not tell."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One finished part: its hash, how many articles it has, and what a later run must still say of it."""

    sha256: str
    count: int
    failures: tuple[Failure, ...]
    missed: tuple[str, ...]
    warnings: tuple[str, ...] = ()


class Store:
    """The finished parts of the batch that writes ``output``. Close it, or use it as a context.

    Attributes:
        folder: the work folder.
        done: number of a part -> its entry, for every part that is finished and whole.
        begun: number of a part -> how many runs began it and did not finish it.

    Raises:
        CivictagError: the folder is not civictag's, another run is at work in it, or it cannot be written.
    """

    def __init__(self, output: str) -> None:
        self.folder = folder_of(output)
        self.done: dict[int, Entry] = {}
        self.begun: dict[int, int] = {}
        _make(self.folder)
        self._path = os.path.join(self.folder, NAME)
        finish_mending(self._path)
        # What cannot be read is done again: a few parts where the store can be mended, else all of them.
        for repair in (partial(mend, tables=_TABLES), remove, None):
            try:
                self._file = self._opened()
                break
            except (sqlite3.DatabaseError, ValueError) as error:
                if repair is None or any(reason in str(error) for reason in _NOT_DAMAGE):
                    raise self._refusal(error) from error
            with write_errors(self.folder):
                repair(self._path)

    def identity(self) -> dict[str, Any]:
        """What the batch is, as it was begun; {} when none was begun."""
        rows = self._file.execute("SELECT key, value FROM batch")
        return {key: json.loads(value) for key, value in rows}

    def inputs(self) -> Iterator[Input]:
        """The inputs of the batch as it was begun, in order."""
        yield from self._file.execute("SELECT path, size, mtime_ns FROM inputs ORDER BY number")

    def begin(self, identity: dict[str, Any], inputs: Iterable[Input]) -> None:
        """Note what the batch is."""
        with self._saved():
            self._file.executemany(
                "INSERT INTO batch VALUES (?, ?)",
                ((key, json.dumps(value)) for key, value in identity.items()),
            )
            self._file.executemany("INSERT INTO inputs (path, size, mtime_ns) VALUES (?, ?, ?)", inputs)

    def attempt(self, number: int) -> None:
        """A part is begun: should it end this process, the next run knows. Not worth waiting for the disk.

        NORMAL, not OFF: with OFF a checkpoint that this commit brings about would write to the store before
        its log is on disk, and a power cut then leaves a damaged store.
        """
        with self._saved(at_once=False):
            self._file.execute(
                "INSERT INTO begun VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1", (number,)
            )

    def add(self, done: Done) -> None:
        """A part is finished; on return it is on disk."""
        sha256 = hashlib.sha256(done.body).hexdigest()
        failures = [asdict(failure) for failure in done.failures]
        said = json.dumps({"missed": done.missed, "warnings": done.warnings})
        with self._saved():
            self._file.execute(
                "INSERT INTO parts VALUES (?, ?, ?, ?, ?)",
                (done.number, sha256, done.count, json.dumps(failures), said),
            )
            first, _last = body_range(done.number)
            for place, start in enumerate(range(0, len(done.body), _BLOB), first):
                blob = memoryview(done.body)[start : start + _BLOB]
                self._file.execute("INSERT INTO bodies VALUES (?, ?)", (place, blob))
            self._file.execute("DELETE FROM begun WHERE number = ?", (done.number,))
        entry = Entry(sha256, done.count, tuple(done.failures), done.missed, tuple(done.warnings))
        self.done[done.number] = entry

    def body(self, number: int) -> Iterator[bytes]:
        """The bytes of a part, blob by blob."""
        for _place, data in self._file.execute(BODY, body_range(number)):
            yield data

    def remove(self) -> None:
        """The output is in place: the work folder goes, unless somebody put something into it."""
        self.close()
        remove(self._path)
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(self.folder, MARKER))
        with contextlib.suppress(OSError):
            os.rmdir(self.folder)

    def close(self) -> None:
        """Let others have it."""
        self._file.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _opened(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        try:
            file.execute("PRAGMA locking_mode = EXCLUSIVE")
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = FULL")
            file.execute("BEGIN IMMEDIATE")
            if not file.execute("SELECT 1 FROM sqlite_master").fetchone():
                for statement in filter(str.strip, _TABLES.split(";")):
                    file.execute(statement)
            if file.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("damaged")
            self._file = file
            self.identity()
            self._take_up()
            file.execute("COMMIT")
        except BaseException:
            file.close()
            raise
        return file

    def _take_up(self) -> None:
        """Read what is finished; a part whose bytes do not have its hash is done again."""
        self.begun = dict(self._file.execute("SELECT number, times FROM begun"))
        self.done = {}
        for number, *values in self._file.execute("SELECT * FROM parts").fetchall():
            if entry := self._entry(number, *values):
                self.done[number] = entry
                continue
            self._file.execute("DELETE FROM parts WHERE number = ?", (number,))
            self._file.execute("DELETE FROM bodies WHERE place BETWEEN ? AND ?", body_range(number))

    def _entry(self, number: int, sha256: str, count: int, failures: str, said: str) -> Entry | None:
        digest = hashlib.sha256()
        for data in self.body(number):
            digest.update(data)
        try:
            failed = tuple(Failure(**failure) for failure in json.loads(failures))
            told = {name: tuple(json.loads(said)[name]) for name in ("missed", "warnings")}
            entry = Entry(sha256, count, failed, **told)
        except (ValueError, TypeError, KeyError):
            return None
        return entry if digest.hexdigest() == sha256 else None

    @contextlib.contextmanager
    def _saved(self, *, at_once: bool = True) -> Iterator[None]:
        """All of it is written, or nothing."""
        try:
            self._file.execute(f"PRAGMA synchronous = {'FULL' if at_once else 'NORMAL'}")
            self._file.execute("BEGIN IMMEDIATE")
            yield
            self._file.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> CivictagError:
        if "locked" in str(error):
            return CivictagError(
                _("another run is at work in it"),
                where=self.folder,
                hint=_("Wait for it to end, or end it first"),
            )
        return CivictagError(
            _("cannot write: {reason}", reason=error),
            where=self._path,
            hint=_("Check the folder, its rights and the free space"),
        )


def folder_of(output: str) -> str:
    """The work folder of an output. Hidden: no reader searches it, even where it lies among the inputs."""
    folder, name = os.path.split(os.path.realpath(output))
    return os.path.join(folder, f".{name}.civictag")


def _make(folder: str) -> None:
    """Make the folder, or see that it is ours.

    Raises:
        CivictagError: it is somebody else's, or cannot be made.
    """
    marker = os.path.join(folder, MARKER)
    with write_errors(folder):
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder)
        if os.path.exists(marker):
            return
        if not os.path.isdir(folder) or any(f".{MARKER}" not in name for name in os.listdir(folder)):
            raise CivictagError(
                _("exists, and civictag did not make it"),
                where=folder,
                hint=_("Move it away, or write the output elsewhere"),
            )
        deliver(_(_NOTE).encode("utf-8"), marker)
