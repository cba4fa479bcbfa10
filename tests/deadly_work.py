"""Work for processes of their own. Alone in its module: each process that is spawned imports it anew."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

from civictag.batch.chunks import Failure, Files
from civictag.batch.worker import Done, Task
from civictag.readers.tables.table_chunks import Lines


def contents(chunk) -> list[str]:
    if isinstance(chunk, Files):
        return [Path(path).name for path in chunk.paths]
    if isinstance(chunk, Lines):
        rows = Path(chunk.path).read_bytes()[chunk.start : chunk.stop].splitlines()
        return [json.loads(row)["text"] for row in rows]
    return [item.text for item in chunk.items]


def deadly(task: Task) -> Done:
    """Dies of anything called bad; else says what it had."""
    names = contents(task.chunk)
    if any("bad" in name for name in names):
        os.kill(os.getpid(), signal.SIGKILL)
    return Done(task.number, task.chunk.size, " ".join(names).encode(), count=len(names))


def echo(task: Task) -> Done:
    return Done(
        task.number, task.chunk.size, failures=[i for i in task.chunk.items if isinstance(i, Failure)]
    )
