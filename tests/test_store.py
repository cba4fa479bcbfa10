"""The store of a resumable batch: what was finished is there again, after a kill, a power cut, a damage."""

from __future__ import annotations

import random
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from civictag.batch.chunks import Failure
from civictag.batch.salvage import BODY, finish_mending, mend
from civictag.batch.store import _TABLES, NAME, Store, folder_of
from civictag.batch.worker import Done
from civictag.errors import CivictagError

PARTS = 60
IDENTITY = {"model": "ab", "options": {"explain": True}}
INPUTS = [(f"文{number}.txt".encode(), number, None) for number in range(200)]


def body(number: int) -> bytes:
    return random.Random(number).randbytes(20_000)


def fill(folder: Path) -> Path:
    """A store with finished parts, closed; the file."""
    with Store(str(folder / "out")) as store:
        store.begin(IDENTITY, INPUTS)
        for number in range(PARTS):
            store.attempt(number)
            failures = [Failure("a", 3, None, "broken", None)] if number % 7 == 0 else []
            done = Done(number, 5, body(number), count=number, failures=failures, missed=("z",))
            done.warnings.append(f"w{number}")
            store.add(done)
    return Path(folder_of(str(folder / "out"))) / NAME


def kept(folder: Path) -> int:
    """Parts that are used again; all are as they were written, and so is the batch."""
    with Store(str(folder / "out")) as store:
        for number, entry in store.done.items():
            assert b"".join(store.body(number)) == body(number)
            assert (entry.count, entry.missed, len(entry.failures)) == (number, ("z",), number % 7 == 0)
            assert entry.warnings == (f"w{number}",)
        if store.done:
            assert store.identity() == IDENTITY
            assert list(store.inputs()) == INPUTS
        return len(store.done)


@pytest.mark.parametrize("fault", ["disk I/O error", "database or disk is full", "out of memory"])
def test_a_fault_of_the_disk_is_no_damage(fault, tmp_path, monkeypatch):
    """What is finished stays where it is: the disk may be read again tomorrow."""
    fill(tmp_path)

    class Broken(sqlite3.Connection):
        def execute(self, *asked):
            if "quick_check" in asked[0]:
                raise sqlite3.OperationalError(fault)
            return super().execute(*asked)

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Broken))
        with pytest.raises(CivictagError, match=fault):
            Store(str(tmp_path / "out"))
    assert kept(tmp_path) == PARTS


def test_what_is_closed_is_there_again(tmp_path):
    fill(tmp_path)
    assert kept(tmp_path) == PARTS


def test_a_part_is_on_the_disk_before_the_next_and_nothing_is_ever_written_past_it(tmp_path, monkeypatch):
    """SQLite's own words on when it waits: FULL for a part, and for no commit OFF."""
    waits: list[tuple[str, int]] = []

    class Watched(sqlite3.Connection):
        wrote = ""

        def execute(self, sql, *values):
            if sql.startswith("INSERT INTO"):
                self.wrote = sql.split()[2]
            if sql == "COMMIT" and self.wrote:
                waits.append((self.wrote, super().execute("PRAGMA synchronous").fetchone()[0]))
            return super().execute(sql, *values)

        def executemany(self, sql, rows):
            self.wrote = sql.split()[2]
            return super().executemany(sql, rows)

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Watched))
    with Store(str(tmp_path / "out")) as store:
        assert store._file.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        store.begin(IDENTITY, INPUTS)
        store.attempt(0)
        store.add(Done(0, 5, b"text"))
    assert set(waits) == {("inputs", 2), ("begun", 1), ("bodies", 2)}


@pytest.mark.parametrize("seed", range(5))
def test_a_damaged_page_costs_the_parts_on_it(tmp_path, seed):
    file = fill(tmp_path)
    data = file.read_bytes()
    at = random.Random(seed).randrange(10 * 4096, len(data), 4096)
    file.write_bytes(data[:at] + bytes(4096) + data[at + 4096 :])
    assert PARTS - 9 <= kept(tmp_path) < PARTS  # a page of a tree stands for up to nine


def test_a_file_that_was_cut_off_keeps_what_came_before(tmp_path):
    file = fill(tmp_path)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) * 95 // 100])
    assert kept(tmp_path) > PARTS // 2


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\0", b"not a database at all" * 1_000])
def test_a_store_without_its_batch_is_begun_anew(tmp_path, damage):
    fill(tmp_path).write_bytes(damage)
    assert kept(tmp_path) == 0


def test_a_part_with_other_bytes_is_done_again(tmp_path):
    file = fill(tmp_path)
    with sqlite3.connect(file) as data:
        data.execute("UPDATE bodies SET data = zeroblob(20000) WHERE place = 7 << 20")
        data.execute("UPDATE parts SET failures = '{' WHERE number = 9")
    data.close()
    with Store(str(tmp_path / "out")) as store:
        assert set(range(PARTS)) - set(store.done) == {7, 9}
        assert not list(store._file.execute(BODY, (7 << 20, (8 << 20) - 1)))


def test_an_identity_that_is_no_json_is_begun_anew(tmp_path):
    file = fill(tmp_path)
    with sqlite3.connect(file) as data:
        data.execute("UPDATE batch SET value = '{'")
    data.close()
    assert kept(tmp_path) == 0


def test_a_kill_while_a_store_is_mended_loses_nothing(tmp_path):
    file = fill(tmp_path)
    mend(str(file), _TABLES)
    assert kept(tmp_path) == PARTS
    file.rename(f"{file}.mended")  # killed before the last step
    finish_mending(str(file))
    assert kept(tmp_path) == PARTS
    Path(f"{file}.mended").write_bytes(b"half")  # killed while it was written
    assert kept(tmp_path) == PARTS
    data = file.read_bytes()
    file.write_bytes(data[:81920] + bytes(4096) + data[86016:])
    assert kept(tmp_path) >= PARTS - 9


def test_a_large_part_lies_in_several_blobs(tmp_path, monkeypatch):
    monkeypatch.setattr("civictag.batch.store._BLOB", 3_000)
    fill(tmp_path)
    assert kept(tmp_path) == PARTS


def test_another_run_is_refused_and_the_store_is_not_mended(tmp_path):
    fill(tmp_path)
    with Store(str(tmp_path / "out")) as held:
        with pytest.raises(CivictagError, match="another run"):
            Store(str(tmp_path / "out"))
        assert len(held.done) == PARTS
