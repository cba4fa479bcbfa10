"""A chunk whose worker died: which of its inputs kills, and the result without that one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from civictag.batch.chunks import Chunk, Failure, Files, Rows, documents
from civictag.batch.executors import WorkerDied, alone
from civictag.batch.worker import Done, Task
from civictag.errors import InputError
from civictag.i18n import _
from civictag.readers.files import shown
from civictag.readers.options import Reading
from civictag.readers.tables.table_chunks import Lines


def survive(reading: Reading, function: Callable[[Task], Any], task: Task) -> Any:
    """The result of ``function(task)``, worked out aside, without the inputs that end a process.

    Each becomes a failure that names it. What died for another reason (somebody ended it, too many at
    once for the memory) simply succeeds here.
    """
    try:
        return alone(function, task)
    except WorkerDied:
        parts = divided(task.chunk, reading)
        killers = [part for part in parts if not _survives(function, replace(task, chunk=part, copies={}))]
        rest = [part for part in parts if part not in killers]
    try:
        result = alone(function, replace(task, chunk=_together(rest, task.chunk)))
    except WorkerDied:  # each alone can be done, all together cannot
        killers, result = parts, alone(function, replace(task, chunk=Rows((), task.chunk.size)))
    done: Done = result[0] if isinstance(result, tuple) else result
    done.failures += [_failure(part) for part in killers]
    return result


def divided(chunk: Chunk, reading: Reading) -> list[Chunk]:
    """The chunk in the smallest chunks that can be told apart: a file, a row, a run of row groups."""
    if isinstance(chunk, Files):
        return [Files((path,), 0) for path in chunk.paths]
    if isinstance(chunk, Lines):
        chunk = Rows(tuple(documents(chunk, reading)), chunk.size)
    return [Rows((item,), 0) for item in chunk.items] if isinstance(chunk, Rows) else [chunk]


def _survives(function: Callable[[Task], Any], task: Task) -> bool:
    try:
        alone(function, task)
    except WorkerDied:
        return False
    return True


def _together(parts: Sequence[Chunk], whole: Chunk) -> Chunk:
    """The parts as one chunk again."""
    files = [path for part in parts if isinstance(part, Files) for path in part.paths]
    if files:
        return Files(tuple(files), whole.size)
    return Rows(tuple(item for part in parts if isinstance(part, Rows) for item in part.items), whole.size)


def _failure(part: Chunk) -> Failure:
    if isinstance(part, Rows):
        item = part.items[0]
        source = item.source
    else:
        source = shown(part.paths[0] if isinstance(part, Files) else part.path)
    problem = _("ended the process that worked on it: it crashes a reader, or needs too much memory")
    hint = _("Open it and save it anew, or leave it out")
    return Failure.of(InputError(problem, where=source, hint=hint))
