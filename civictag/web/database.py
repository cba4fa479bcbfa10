"""One way to open the SQLite files of the service: what was answered is on the disk."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

from civictag.errors import CivictagError
from civictag.i18n import _
from civictag.web.refusals import Refusal

Row = sqlite3.Row
# A number of more than 64 bits, and half a surrogate pair, when they are bound to a statement.
_NOT_STORABLE = (OverflowError, UnicodeEncodeError)


class Database:
    """A file of tables, used by one process's threads in turn.

    WAL with ``synchronous = FULL``: a commit returns when the log is on the disk, so neither ``kill -9``
    nor a power cut takes back what was answered; readers are not kept waiting by a writer.

    Args:
        path: the file; its folder is made if need be, for its owner alone.
        schema: ``CREATE TABLE IF NOT EXISTS …`` statements.
        kind: what the file is for; another program's or kind's file is refused.
        version: of the schema.

    Raises:
        CivictagError: it cannot be opened, or is no file of this kind and version.
    """

    def __init__(self, path: str, schema: str, *, kind: str, version: int = 1) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            os.makedirs(os.path.dirname(os.path.abspath(path)), mode=0o700, exist_ok=True)
            self._sqlite = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
            self._sqlite.row_factory = sqlite3.Row
            self._check(kind, version)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                self._sqlite.execute(f"PRAGMA {pragma}")
            self._sqlite.executescript(schema)
            self._sqlite.execute(f"PRAGMA user_version = {version}")
        except (sqlite3.Error, OSError) as error:
            hint = _("Check the folder, its rights and the free space; or give another file")
            raise CivictagError(_("cannot be used: {error}", error=error), where=path, hint=hint) from error

    def _check(self, kind: str, version: int) -> None:
        """``application_id`` is the kind's first four letters, as SQLite means it."""
        mark = int.from_bytes(kind.encode()[:4].ljust(4, b"."), "big") & 0x7FFFFFFF
        found = self._sqlite.execute("PRAGMA application_id").fetchone()[0]
        tables = self._sqlite.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        known = self._sqlite.execute("PRAGMA user_version").fetchone()[0]
        if tables and (found != mark or known != version):
            self._sqlite.close()
            raise CivictagError(
                _("is not a file of civictag's for this ({kind})", kind=kind),
                where=self.path,
                hint=_("Give another file name"),
            )
        self._sqlite.execute(f"PRAGMA application_id = {mark}")

    def rows(self, query: str, *values: Any) -> list[Row]:
        """All rows that a query gives."""
        with self._lock, self._disk_errors():
            return self._sqlite.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> Row | None:
        """The first row, or None."""
        with self._lock, self._disk_errors():
            found: Row | None = self._sqlite.execute(query, values).fetchone()
            return found

    def value(self, query: str, *values: Any) -> Any:
        """The first row's first value, or None."""
        found = self.row(query, *values)
        return found[0] if found else None

    def write(self, query: str, *values: Any) -> int:
        """Change something, on the disk when this returns; the id of a row that was added."""
        with self.transaction() as sqlite:
            return sqlite.execute(query, values).lastrowid or 0

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Several changes, all or none; nobody else writes meanwhile."""
        with self._lock:
            try:
                self._sqlite.execute("BEGIN IMMEDIATE")
                yield self._sqlite
                self._sqlite.execute("COMMIT")
            except BaseException as error:
                if self._sqlite.in_transaction:  # a full disk has taken it back already
                    self._sqlite.execute("ROLLBACK")
                if isinstance(error, _NOT_STORABLE):
                    raise _not_storable() from error
                if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError):
                    raise self._failed(error) from error
                raise

    @contextlib.contextmanager
    def _disk_errors(self) -> Iterator[None]:
        """A disk that fails while it is read, as a message."""
        try:
            yield
        except _NOT_STORABLE as error:
            raise _not_storable() from error
        except sqlite3.DatabaseError as error:
            hint = _("Check the folder, its rights and the free space; or give another file")
            raise CivictagError(
                _("cannot be used: {error}", error=error), where=self.path, hint=hint
            ) from error

    def _failed(self, error: sqlite3.Error) -> CivictagError:
        """A full or broken disk, or another program that holds the file, as a message."""
        return CivictagError(
            _("cannot be written: {error}", error=error),
            where=self.path,
            hint=_("Check the folder, its rights and the free space; nothing of this answer was kept"),
        )

    def close(self) -> None:
        """Leave one file behind."""
        with self._lock:
            self._sqlite.close()


def _not_storable() -> Refusal:
    message = _("a number is too large, or a character is none (half a surrogate pair)")
    return Refusal(400, "invalid", message)
