"""The page's jobs on disk: what came in, what it became, what a person changed."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from civictag.datamodel import Article
from civictag.errors import CivictagError
from civictag.web.database import Database, Row
from civictag.web.page.records import from_json, to_json

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, created REAL NOT NULL, complete INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS inputs (
  job TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE, number INTEGER NOT NULL, name TEXT NOT NULL,
  path TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (job, number));
CREATE TABLE IF NOT EXISTS failures (
  job TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE, source TEXT, message TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
  job TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE, number INTEGER NOT NULL, record BLOB NOT NULL,
  model TEXT NOT NULL, PRIMARY KEY (job, number));
CREATE TABLE IF NOT EXISTS corrections (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE,
  article INTEGER NOT NULL, paragraph INTEGER NOT NULL, labels TEXT NOT NULL, made REAL NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS by_job ON corrections (job, undone);
"""


@dataclass(frozen=True, slots=True)
class Correction:
    """The labels that a person gave a paragraph; they stand instead of the model's."""

    article: int
    paragraph: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """A file that waits to be tagged."""

    job: str
    number: int
    name: str
    path: str


class JobStore:
    """Jobs of one work folder.

    Args:
        folder: holds the database and the files that have not been tagged yet.

    Raises:
        CivictagError: it cannot be written, or the database is something else.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.path = os.path.join(folder, "page.db")
        self._data = Database(self.path, _SCHEMA, kind="page")

    def create(self, name: str) -> str:
        """A new job without files; its id, which nobody can guess."""
        job = secrets.token_urlsafe(12)
        self._data.write("INSERT INTO jobs (id, name, created) VALUES (?, ?, ?)", job, name, time.time())
        return job

    def exists(self, job: str) -> bool:
        """There is such a job."""
        return self._data.row("SELECT 1 FROM jobs WHERE id = ?", job) is not None

    def file_path(self, suffix: str) -> str:
        """Where the bytes of a file may be put before ``add_inputs``."""
        folder = os.path.join(self._folder, "files")
        os.makedirs(folder, mode=0o700, exist_ok=True)
        return os.path.join(folder, secrets.token_hex(12) + suffix)

    def tidy(self) -> None:
        """Remove files that a killed service left: uploads whose job never came to know them."""
        known = {row[0] for row in self._data.rows("SELECT path FROM inputs WHERE done = 0")}
        folder = os.path.join(self._folder, "files")
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            path = os.path.join(folder, name)
            if path not in known:
                os.unlink(path)

    def add_inputs(self, job: str, files: Sequence[tuple[str, str]]) -> None:
        """Files to tag, as (name, path); they are removed once they are tagged."""
        with self._data.transaction() as sqlite:
            found = sqlite.execute("SELECT count(*) FROM inputs WHERE job = ?", (job,)).fetchone()[0]
            sqlite.executemany(
                "INSERT INTO inputs (job, number, name, path) VALUES (?, ?, ?, ?)",
                [(job, found + i, name, path) for i, (name, path) in enumerate(files)],
            )

    def complete(self, job: str) -> None:
        """No more files come."""
        self._data.write("UPDATE jobs SET complete = 1 WHERE id = ?", job)

    def next_input(self) -> Input | None:
        """The first file that was not tagged yet, of any job."""
        row = self._data.row(
            "SELECT job, number, name, path FROM inputs WHERE done = 0 ORDER BY rowid LIMIT 1"
        )
        return Input(*row) if row else None

    def finish(
        self, tagged: Input, articles: Sequence[Article], failures: Sequence[CivictagError], model: str
    ) -> None:
        """What became of a file; all of it or, if the process ends before, nothing."""
        self.add_articles(tagged.job, articles, failures, model, finished=tagged.number)
        _remove(tagged.path)

    def add_articles(
        self,
        job: str,
        articles: Sequence[Article],
        failures: Sequence[CivictagError],
        model: str,
        finished: int | None = None,
    ) -> None:
        """Tagged articles, and what could not be read; ``finished`` is the number of their input."""
        with self._data.transaction() as sqlite:
            if not sqlite.execute("SELECT 1 FROM jobs WHERE id = ?", (job,)).fetchone():
                return  # deleted meanwhile
            first = sqlite.execute("SELECT count(*) FROM articles WHERE job = ?", (job,)).fetchone()[0]
            sqlite.executemany(
                "INSERT INTO articles VALUES (?, ?, ?, ?)",
                [(job, first + i, to_json(article), model) for i, article in enumerate(articles)],
            )
            sqlite.executemany(
                "INSERT INTO failures VALUES (?, ?, ?)",
                [(job, _plain(error.where or ""), _plain(error.message())) for error in failures],
            )
            sqlite.execute("UPDATE inputs SET done = 1 WHERE job = ? AND number = ?", (job, finished))

    def jobs(self) -> list[dict[str, Any]]:
        """All jobs, the newest first."""
        return [self._state(row) for row in self._data.rows("SELECT * FROM jobs ORDER BY created DESC")]

    def state(self, job: str) -> dict[str, Any]:
        """How far a job is, and what could not be read."""
        row = self._data.row("SELECT * FROM jobs WHERE id = ?", job)
        assert row is not None
        failures = self._data.rows("SELECT source, message FROM failures WHERE job = ?", job)
        return {**self._state(row), "failures": [dict(failure) for failure in failures]}

    def _state(self, row: Row) -> dict[str, Any]:
        job = row["id"]
        count = self._data.value
        total = count("SELECT count(*) FROM inputs WHERE job = ?", job)
        done = count("SELECT count(*) FROM inputs WHERE job = ? AND done", job)
        return {
            "id": job,
            "name": row["name"],
            "created": row["created"],
            "files": total,
            "done": done,
            "running": done < total or not row["complete"],
            "complete": bool(row["complete"]),
            "articles": count("SELECT count(*) FROM articles WHERE job = ?", job),
            "failed": count("SELECT count(*) FROM failures WHERE job = ?", job),
            "corrections": len(self.corrections(job)),
        }

    def articles(self, job: str, first: int = 0, count: int = -1) -> Iterator[tuple[int, Article]]:
        """Tagged articles with their numbers, ``count`` of them (-1: all) from ``first`` on."""
        for number in self._data.rows(
            "SELECT number FROM articles WHERE job = ? AND number >= ? ORDER BY number LIMIT ?",
            job,
            first,
            count,
        ):
            # One by one: a job of a thousand articles is never in memory as a whole.
            record = self._data.value(
                "SELECT record FROM articles WHERE job = ? AND number = ?", job, number[0]
            )
            if record is not None:
                yield number[0], from_json(record)

    def models(self, job: str) -> list[str]:
        """The models that tagged the job's articles, as stored with them; more than one after a reload."""
        return [row[0] for row in self._data.rows("SELECT DISTINCT model FROM articles WHERE job = ?", job)]

    def correct(self, job: str, correction: Correction) -> None:
        """Note the labels of a paragraph; on the disk when this returns."""
        self._data.write(
            "INSERT INTO corrections (job, article, paragraph, labels, made) VALUES (?, ?, ?, ?, ?)",
            job, correction.article, correction.paragraph, " ".join(correction.labels), time.time(),
        )  # fmt: skip

    def undo(self, job: str) -> tuple[int, int] | None:
        """Take back the latest correction; the (article, paragraph) that it was of, or None."""
        with self._data.transaction() as sqlite:
            row = sqlite.execute(
                "SELECT seq, article, paragraph FROM corrections WHERE job = ? AND NOT undone "
                "ORDER BY seq DESC LIMIT 1", (job,),
            ).fetchone()  # fmt: skip
            if row is None:
                return None
            sqlite.execute("UPDATE corrections SET undone = 1 WHERE seq = ?", (row["seq"],))
            return row["article"], row["paragraph"]

    def corrections(self, job: str) -> dict[tuple[int, int], tuple[str, ...]]:
        """(article, paragraph) → the labels that stand, in the order they were given."""
        rows = self._data.rows(
            "SELECT article, paragraph, labels FROM corrections WHERE job = ? AND NOT undone ORDER BY seq",
            job,
        )
        return {(row[0], row[1]): tuple(row[2].split()) for row in rows}

    def delete(self, job: str) -> None:
        """Remove a job with everything that it holds."""
        paths = self._data.rows("SELECT path FROM inputs WHERE job = ? AND done = 0", job)
        self._data.write("DELETE FROM jobs WHERE id = ?", job)
        for row in paths:
            _remove(row[0])

    def close(self) -> None:
        """Close the database."""
        self._data.close()


def _remove(path: str) -> None:
    """Remove a file; one that cannot be removed now (open, on Windows) goes with the next ``tidy``."""
    with contextlib.suppress(OSError):
        os.unlink(path)


def _plain(text: str) -> str:
    """Without what a database cannot hold: a file's name may have bytes that are no character."""
    return text.encode("utf-8", "replace").decode()


def jobs_in(work: str) -> JobStore:
    """The jobs of a service's work folder.

    Raises:
        CivictagError: as ``JobStore``.
    """
    return JobStore(os.path.join(work, "jobs"))
