"""A batch that outlasts faults: finished parts in a store, the output in one step at the end.

Run again after any fault, the same command does what is missing. The cuts, the parts and their order
do not depend on when it was stopped, so the bytes of the output do not either.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from itertools import groupby, zip_longest
from typing import Any

from civictag.batch.chunks import Failure, cut
from civictag.batch.executors import Executor
from civictag.batch.plain import Job
from civictag.batch.store import Input, Store
from civictag.batch.streaming import copies_of, reported, tell_missed, with_columns
from civictag.batch.survive import spared, survive
from civictag.batch.worker import Done, Listener, Task, layout, tagger_of, tasks, work
from civictag.errors import CivictagError
from civictag.i18n import _, listed
from civictag.readers import find_inputs
from civictag.readers.files import shown
from civictag.util.atomic_file import deliver, open_sink
from civictag.writers.as_json import to_bytes

# Bytes of input in a part: large against the write to disk that it costs, small against what a fault loses.
PART = 1 << 20

_FORMAT = 3
_DEADLY = 2  # runs that a part may have ended before it is done in a process of its own
# What of the options changes how an output looks on a screen, and no byte of a file.
_LOOKS = ("width", "color", "html_limit")


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
        CivictagError: the work folder belongs to another batch (says what differs) or is not civictag's,
            or a part cannot be written; what is finished stays.
    """
    job = job._replace(parts=True)
    with Store(os.path.realpath(output)) as store:
        _take_up(store, identity(job), paths)
        with _resumable():
            listener.resumed([store.done[number] for number in sorted(store.done)])
            copies = copies_of(job, paths, PART, executor, listener)
            job, chunks = with_columns(job, cut(paths, job.reading, PART))
            count = _Count()
            missing = (t for t in count.of(tasks(chunks, copies)) if t.number not in store.done)
            for done in reported(_worked(job, missing, executor, store), listener):
                store.add(done)
            _finish(job, store, count.seen, output)
            missed = (name for number in range(count.seen) for name in store.done[number].missed)
            tell_missed(missed, listener)
        store.remove()


def errors_of(output: str) -> str:
    """The file that lists the inputs of ``output`` that failed."""
    return os.path.realpath(output) + ".errors.jsonl"


def identity(job: Job) -> dict[str, Any]:
    """What must be the same for a batch to go on: everything that the bytes of the output depend on."""
    options = {name: value for name, value in job.options._asdict().items() if name not in _LOOKS}
    found = {
        "format": _FORMAT,
        "version": job.version,
        "model": job.sha256,
        "output format": job.form,
        "options": {**options, "scores": job.scores, "marks": job.marks, "mask": job.mask},
        "reading": job.reading._asdict(),
        "part": PART,
    }
    same: dict[str, Any] = json.loads(json.dumps(found))  # as the store gives it back
    return same


class _Count:
    """How many went by."""

    def __init__(self) -> None:
        self.seen = 0

    def of(self, items: Iterable[Task]) -> Iterator[Task]:
        """Pass tasks on, counting."""
        for item in items:
            self.seen += 1
            yield item


def _worked(job: Job, missing: Iterator[Task], executor: Executor[Any, Any], store: Store) -> Iterator[Done]:
    """The results of the tasks in order; those that ended runs before are worked on aside."""
    function: Callable[[Task], Done] = partial(spared, job.reading, partial(work, job))
    for deadly, group in groupby(missing, lambda task: store.begun.get(task.number, 0) >= _DEADLY):
        if deadly:
            yield from (survive(job.reading, function, task) for task in group)
        else:
            yield from executor(function, _begun(group, store))


def _begun(group: Iterable[Task], store: Store) -> Iterator[Task]:
    for task in group:
        store.attempt(task.number)
        yield task


def _finish(job: Job, store: Store, count: int, output: str) -> None:
    """All parts are there: list the failures, and put the output in place last."""
    errors = errors_of(output)
    lines = [_error_line(failure) for number in range(count) for failure in store.done[number].failures]
    if lines:
        deliver(to_bytes("".join(lines)), errors, store.folder)
    else:
        with contextlib.suppress(FileNotFoundError):  # of an earlier batch with the same output
            os.unlink(errors)
    sink = open_sink(os.path.realpath(output), store.folder)
    try:
        layout(job, tagger_of(job.model, job.sha256)).join(map(store.body, range(count)), sink)
        sink.commit()
    except BaseException:
        sink.abort()
        raise


def _error_line(failure: Failure) -> str:
    return json.dumps(asdict(failure), ensure_ascii=False) + "\n"


def _take_up(store: Store, now: dict[str, Any], paths: Sequence[str]) -> None:
    """Begin the batch, or see that it is the one that was begun.

    Raises:
        CivictagError: it is another one; says what differs.
    """
    begun = store.identity()
    if not begun:
        store.begin(now, map(_input, find_inputs(paths)))
        return
    different = [key for key in now if begun.get(key) != now[key]]
    what = different or [_difference(*pair) for pair in _differing(store, paths)]
    if what:
        raise CivictagError(
            _("holds the parts of another batch; not the same: {what}", what=listed(what)),
            where=store.folder,
            hint=_("Give the command that began it, or remove the folder to begin anew"),
        )


def _differing(store: Store, paths: Sequence[str]) -> Iterator[tuple[Input | None, Input | None]]:
    """The first input that is not as it was, if there is one."""
    for was, now in zip_longest(store.inputs(), map(_input, find_inputs(paths))):
        if was != now:
            yield was, now
            return


def _difference(was: Input | None, now: Input | None) -> str:
    here, there = (shown(os.fsdecode(entry[0])) if entry else None for entry in (now, was))
    if here == there:
        return _("{path} has changed", path=here)
    if here and there:
        return _("{path} stands where {other} stood", path=here, other=there)
    return _("{path} is new", path=here) if here else _("{path} is missing", path=there)


def _input(path: str) -> Input:
    name = os.fsencode(path)
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return name, None, None
    return name, status.st_size, status.st_mtime_ns


@contextlib.contextmanager
def _resumable() -> Iterator[None]:
    """Say of every fault on the way that nothing is lost."""
    try:
        yield
    except CivictagError as error:
        again = _("Then run the same command again: it goes on where it stopped")
        hint = f"{error.hint}. {again}" if error.hint else again
        raise CivictagError(
            error.problem, where=error.where, line=error.line, field=error.field, hint=hint
        ) from error
