"""What goes wrong in a request, and the status that it gets."""

from __future__ import annotations

import asyncio
import errno
import json
import sqlite3

import pytest

pytest.importorskip("fastapi", reason="pip install civictag[web]")

from starlette.exceptions import HTTPException

from civictag.errors import CivictagError
from civictag.web.refusals import answer


def caused(error: Exception, by: Exception) -> Exception:
    """An error raised from another."""
    error.__cause__ = by
    return error


FULL = {
    "the disk": OSError(errno.ENOSPC, "No space left on device"),
    "the quota": OSError(errno.EDQUOT, "Disk quota exceeded"),
    "an output": caused(CivictagError("cannot write"), OSError(errno.ENOSPC, "full")),
    "the store": caused(
        CivictagError("cannot be written"), sqlite3.OperationalError("database or disk is full")
    ),
    "a form": caused(HTTPException(400, "cannot be parsed"), OSError(errno.ENOSPC, "full")),
}


@pytest.mark.parametrize("name", FULL)
def test_a_full_disk_is_told_as_such(name):
    told = asyncio.run(answer(None, FULL[name]))
    error = json.loads(told.body)["error"]
    assert (told.status_code, error["code"]) == (507, "no_space")
    assert "make room" in error["message"]


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), PermissionError(errno.EACCES, "no")])
def test_another_fault_of_the_disk_stays_a_fault_of_the_service(error):
    with pytest.raises(type(error)):
        asyncio.run(answer(None, error))


def test_a_mistake_in_the_data_is_422():
    assert asyncio.run(answer(None, CivictagError("no text"))).status_code == 422
