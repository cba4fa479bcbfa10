"""The annotation store on a disk that fails: one message, nothing said to be kept that is not."""

from __future__ import annotations

import sqlite3
from functools import partial

import pytest

from civictag.errors import CivictagError
from civictag.web.database import Database

SCHEMA = "CREATE TABLE IF NOT EXISTS said (word TEXT)"
FAULTS = [
    sqlite3.OperationalError("database or disk is full"),
    sqlite3.OperationalError("disk I/O error"),
    sqlite3.DatabaseError("database disk image is malformed"),
]


class Failing(sqlite3.Connection):
    """Fails at the statement that begins so."""

    at = ""
    fault: sqlite3.Error = FAULTS[0]

    def execute(self, sql, *values):
        if self.at and sql.startswith(self.at):
            raise self.fault
        return super().execute(sql, *values)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("at", ["BEGIN", "INSERT", "COMMIT", "SELECT"])
def test_a_failing_disk_is_told_and_nothing_unkept_is_answered(tmp_path, monkeypatch, at, fault):
    path = str(tmp_path / "labels.db")
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Failing))
    data = Database(path, SCHEMA, kind="test")
    data.write("INSERT INTO said VALUES (?)", "kept")
    monkeypatch.setattr(Failing, "fault", fault)
    monkeypatch.setattr(Failing, "at", at)
    ask = partial(data.write, "INSERT INTO said VALUES (?)", "lost")
    if at == "SELECT":
        ask = partial(data.rows, "SELECT word FROM said")
    with pytest.raises(CivictagError, match=str(fault)):
        ask()
    monkeypatch.setattr(Failing, "at", "")
    assert [row["word"] for row in data.rows("SELECT word FROM said")] == ["kept"]
    data.write("INSERT INTO said VALUES (?)", "after")  # the disk is there again
    data.close()
    again = Database(path, SCHEMA, kind="test")
    assert [row["word"] for row in again.rows("SELECT word FROM said")] == ["kept", "after"]
    again.close()
