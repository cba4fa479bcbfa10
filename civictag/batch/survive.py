"""A chunk that a process dies of, or has no memory for: which of its inputs is it, and the result without."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from civictag.batch.chunks import Chunk, Failure, Files, Rows, documents
from civictag.batch.executors import WorkerDied, alone
from civictag.batch.worker import Done, Task
from civictag.errors import CivictagError, InputError, out_of_memory
from civictag.i18n import _
from civictag.readers.files import shown
from civictag.readers.options import Reading
from civictag.readers.tables.table_chunks import Lines

_FATAL = (WorkerDied, MemoryError)


def survive(reading: Reading, function: Callable[[Task], Any], task: Task) -> Any:
    """The result of ``function(task)``, worked out aside, without the inputs that end a process.

    Each becomes a failure that names it. What died for another reason (somebody ended it, too many at
    once for the memory) simply succeeds here.
    """
    try:
        return alone(function, task)
    except WorkerDied:
        return _without(reading, partial(alone, function), task, _killer)


def spared(reading: Reading, function: Callable[[Task], Any], task: Task) -> Any:
    """The result of ``function(task)``, without the inputs that this process has no memory for.

    One long text in every row makes gigabytes of a Parquet file of 30 kB; each such input becomes a
    failure that names it, and the batch goes on.
    """
    with contextlib.suppress(MemoryError):
        return function(task)
    return _without(reading, function, task, out_of_memory)


def _without(
    reading: Reading, work: Callable[[Task], Any], task: Task, fault: Callable[[str], CivictagError]
) -> Any:
    """The result of a task that failed, without the inputs that it fails of; each becomes a ``fault``."""
    parts = divided(task.chunk, reading)
    one = len(parts) == 1  # which is known to be it already
    killers = [p for p in parts if one or not _survives(work, replace(task, chunk=p, copies={}))]
    rest = [part for part in parts if part not in killers]
    try:
        result = work(replace(task, chunk=_together(rest, task.chunk)))
    except _FATAL:  # each alone can be done, all together cannot
        killers, result = parts, work(replace(task, chunk=Rows((), task.chunk.size)))
    done: Done = result[0] if isinstance(result, tuple) else result
    done.failures += [Failure.of(fault(_source(part))) for part in killers]
    return result


def divided(chunk: Chunk, reading: Reading) -> list[Chunk]:
    """The chunk in the smallest chunks that can be told apart: a file, a row, a run of row groups."""
    if isinstance(chunk, Files):
        return [Files((path,), 0) for path in chunk.paths]
    if isinstance(chunk, Lines):
        chunk = Rows(tuple(documents(chunk, reading)), chunk.size)
    return [Rows((item,), 0) for item in chunk.items] if isinstance(chunk, Rows) else [chunk]


def _survives(work: Callable[[Task], Any], task: Task) -> bool:
    try:
        work(task)
    except _FATAL:
        return False
    return True


def _together(parts: Sequence[Chunk], whole: Chunk) -> Chunk:
    """The parts as one chunk again."""
    files = [path for part in parts if isinstance(part, Files) for path in part.paths]
    if files:
        return Files(tuple(files), whole.size)
    return Rows(tuple(item for part in parts if isinstance(part, Rows) for item in part.items), whole.size)


def _source(part: Chunk) -> str:
    """What names the one input of a part."""
    if isinstance(part, Rows):
        return part.items[0].source or ""
    return shown(part.paths[0] if isinstance(part, Files) else part.path)


def _killer(source: str) -> CivictagError:
    problem = _("ended the process that worked on it: it crashes a reader, or needs too much memory")
    hint = _("Open it and save it anew, or leave it out")
    return InputError(problem, where=source, hint=hint)
