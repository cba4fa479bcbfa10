"""Which inputs a batch has, for those who come back to it: path, size and time of each."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from itertools import zip_longest

from civictag.readers import find_inputs
from civictag.readers.files import shown
from civictag.util.atomic_file import open_sink


def write_list(paths: Iterable[str], target: str) -> str:
    """Write the list of the inputs to ``target``, a JSON line each; its sha256."""
    digest = hashlib.sha256()
    sink = open_sink(target)
    try:
        for path in find_inputs(paths):
            line = json.dumps(_entry(path)).encode() + b"\n"
            digest.update(line)
            sink.write(line)
        sink.commit()
    except BaseException:
        sink.abort()
        raise
    return digest.hexdigest()


def first_difference(old: str, new: str) -> str:
    """What differs first between two lists, for a message."""
    try:
        with open(old, encoding="utf-8") as before, open(new, encoding="utf-8") as after:
            for was, now in zip_longest(before, after):
                if was != now:
                    return _difference(was, now)
    except (OSError, ValueError):
        pass
    return "the list of inputs"


def _difference(was: str | None, now: str | None) -> str:
    here = json.loads(now)["path"] if now else None
    there = json.loads(was)["path"] if was else None
    if here == there:
        return f"{shown(str(here))} has changed"
    if here and there:
        return f"{shown(str(here))} stands where {shown(str(there))} stood"
    return f"{shown(str(here))} is new" if here else f"{shown(str(there))} is missing"


def _entry(path: str) -> dict[str, object]:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return {"path": path, "size": None, "mtime_ns": None}
    return {"path": path, "size": status.st_size, "mtime_ns": status.st_mtime_ns}
