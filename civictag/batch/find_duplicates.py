"""Which articles of a batch are copies, found before it is tagged.

The inputs are read twice: a copy can only be told from what came before it, and whoever renders a
piece must know. The signatures are made by the workers, the order of their comparison is the inputs';
so the answer depends on neither the number of workers nor on when a batch was stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from civictag.batch.chunks import cut, documents
from civictag.batch.executors import Executor
from civictag.batch.near_duplicates import Originals, Signature, signature
from civictag.batch.plain import Job
from civictag.batch.progress import Copies, Listener, tasks
from civictag.batch.worker import Done, Task
from civictag.datamodel import Document
from civictag.paragraphs import split


def find(
    job: Job, paths: Iterable[str], size: int, executor: Executor[Any, Any], listener: Listener
) -> Copies:
    """The copies among the inputs, for a batch that is cut into pieces of ``size``.

    Raises:
        MissingExtra: near copies are asked for (``job.marks`` below 1), and datasketch is not installed.
    """
    assert job.marks is not None
    originals = Originals(job.marks)
    found: dict[int, dict[int, str]] = {}
    for done, signatures in executor(partial(sign, job), tasks(cut(paths, job.reading, size), None)):
        listener.advanced(done)
        for position, seen in enumerate(signatures):
            first = originals.first_copy(seen)
            if first is not None:
                found.setdefault(done.number, {})[position] = first
    return found


def sign(job: Job, task: Task) -> tuple[Done, list[Signature]]:
    """The signatures of a piece's articles, in order; what cannot be read is told when it is tagged."""
    near = job.marks is not None and job.marks < 1
    items = documents(task.piece, job.reading)
    signatures = [signature(split(item), near) for item in items if isinstance(item, Document)]
    return Done(task.number, task.piece.size), signatures
