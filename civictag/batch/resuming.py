"""A batch that outlasts faults: finished parts on disk, a journal, the output in one step at the end.

``OUT.parts/`` holds the parts until ``OUT`` is there. Run again after any fault, the same command
does what is missing; the cuts, the parts and their order do not depend on when it was stopped, so
the bytes of ``OUT`` do not either.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from civictag.batch import part_files as parts
from civictag.batch.chunks import Failure, cut
from civictag.batch.executors import Executor
from civictag.batch.inputs import first_difference, write_list
from civictag.batch.journal import NAME, Entry, Journal
from civictag.batch.progress import Listener, tasks
from civictag.batch.streaming import copies_of, tell_missed, told, with_columns
from civictag.batch.worker import Job, Task, layout, tagger_of, work
from civictag.errors import CivictagError
from civictag.util.atomic_file import deliver, open_sink
from civictag.util.atomic_file import told as told_by_system
from civictag.writers.as_json import to_bytes

# Bytes of input in a part: large against the two fsyncs that it costs, small against what a fault loses.
PART = 1 << 20

INPUTS = "inputs.jsonl"
MANIFEST = "manifest.json"
_FORMAT = 1
_AGAIN = "Then run the same command again: it goes on where it stopped"


def resume(
    job: Job,
    paths: Sequence[str],
    output: str,
    executor: Executor[Any, Any],
    listener: Listener,
) -> None:
    """Tag the inputs into the file ``output``, going on where an earlier run of the same batch stopped.

    Failed inputs are listed in ``<output>.errors.jsonl`` as well; the listener hears of those of
    earlier runs too.

    Raises:
        CivictagError: ``<output>.parts`` belongs to another batch (says what differs), or a part
            cannot be written; what is finished stays.
    """
    folder, output = parts_of(output), os.path.realpath(output)
    errors = errors_of(output)
    job = replace(job, folder=folder)
    with _opened(job, paths, folder) as journal, _resumable():
        listener.resumed([journal.done[number] for number in sorted(journal.done)])
        copies = copies_of(job, paths, PART, executor, listener)
        job, pieces = with_columns(job, cut(paths, job.reading, PART))
        count = _Count()
        missing = (t for t in count.of(tasks(pieces, copies)) if t.number not in journal.done)
        for done in told(executor(partial(work, job), missing), listener):
            journal.add(done)
        _finish(job, [journal.done[n] for n in range(count.seen)], output, errors)
        tell_missed((name for n in range(count.seen) for name in journal.done[n].missed), listener)
    shutil.rmtree(folder, ignore_errors=True)


def errors_of(output: str) -> str:
    """The file that lists the inputs of ``output`` that failed."""
    return os.path.realpath(output) + ".errors.jsonl"


def parts_of(output: str) -> str:
    """The folder of the parts of ``output``, made if need be, where ``output`` can be written.

    Raises:
        CivictagError: it cannot.
    """
    folder = os.path.realpath(output) + ".parts"
    if not os.path.isdir(folder):
        with told_by_system(output):
            os.mkdir(folder)
        try:
            open_sink(output, folder).abort()
        except CivictagError:
            os.rmdir(folder)
            raise
    return folder


class _Count:
    """How many went by."""

    def __init__(self) -> None:
        self.seen = 0

    def of(self, items: Iterable[Task]) -> Iterator[Task]:
        """Pass tasks on, counting."""
        for item in items:
            self.seen += 1
            yield item


def _finish(job: Job, entries: Sequence[Entry], output: str, errors: str) -> None:
    """All parts are there: say so, list the failures, and put the output in place last."""
    assert job.folder is not None
    manifest = {"format": _FORMAT, "parts": [entry.sha256 for entry in entries]}
    deliver(json.dumps(manifest).encode("ascii"), os.path.join(job.folder, MANIFEST))
    lines = [_error_line(failure) for entry in entries for failure in entry.failures]
    if lines:
        deliver(to_bytes("".join(lines)), errors, job.folder)
    else:
        with contextlib.suppress(FileNotFoundError):  # of an earlier batch with the same output
            os.unlink(errors)
    parts.join(job.folder, len(entries), layout(job, tagger_of(job.model, job.sha256)), output)


def _error_line(failure: Failure) -> str:
    return json.dumps(asdict(failure), ensure_ascii=False) + "\n"


@contextlib.contextmanager
def _opened(job: Job, paths: Sequence[str], folder: str) -> Iterator[Journal]:
    """The journal of this batch, new or taken up."""
    with Journal(folder) as journal:
        listed = os.path.join(folder, INPUTS)
        now = identity(job) | {"inputs": write_list(paths, listed + ".new")}
        begun = journal.header()
        if begun is None:
            os.replace(listed + ".new", listed)
            journal.begin(now)
        elif begun != now:
            raise _other_batch(folder, begun, now)
        else:
            journal.resume()
        kept = [os.path.basename(parts.path_of(folder, number)) for number in journal.done]
        parts.tidy(folder, [NAME, INPUTS, *kept])
        yield journal


def identity(job: Job) -> dict[str, Any]:
    """What must be the same for a batch to go on: everything that the bytes of the output depend on."""
    return {
        "format": _FORMAT,
        "version": job.version,
        "model": job.sha256,
        "output format": job.form,
        "options": {**asdict(job.options), "scores": job.scores, "marks": job.marks},
        "reading": asdict(job.reading),
        "part": PART,
    }


def _other_batch(folder: str, begun: dict[str, Any], now: dict[str, Any]) -> CivictagError:
    different = [key for key in now if begun.get(key) != now[key]]
    listed = os.path.join(folder, INPUTS)
    what = [first_difference(listed, listed + ".new") if key == "inputs" else key for key in different]
    os.unlink(listed + ".new")
    return CivictagError(
        f"holds the parts of another batch; not the same: {', '.join(what)}",
        where=folder,
        hint="Give the command that began it, or remove the folder to begin anew",
    )


@contextlib.contextmanager
def _resumable() -> Iterator[None]:
    """Say of every fault on the way that nothing is lost."""
    try:
        yield
    except CivictagError as error:
        hint = f"{error.hint}. {_AGAIN}" if error.hint else _AGAIN
        raise CivictagError(
            error.problem, where=error.where, line=error.line, field=error.field, hint=hint
        ) from error
