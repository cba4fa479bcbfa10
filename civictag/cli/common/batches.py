"""How ``civictag tag`` chooses who does a batch, and what it refuses before anything is loaded."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from civictag.cli.common.cues import tagged_by
from civictag.i18n import _, listed

if TYPE_CHECKING:
    from civictag.batch.executors import Executor
    from civictag.batch.plain import Job
    from civictag.cli.common.reporter import Reporter
    from civictag.model.tagger import Tagger


BYTES = 4 << 20  # of inputs: 0.3 s of work on rows; to start a process takes 0.1 s


class Jobs(click.IntRange):
    """A number of processes from 1, or ``auto``: one for each processor that this process may use."""

    name = "integer or auto"

    def __init__(self) -> None:
        super().__init__(1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; fails as Click's own types do."""
        if isinstance(value, str) and value != "auto" and not value.lstrip("+-").isdecimal():
            self.fail(_("{value!r} is neither a whole number nor auto", value=value), param, ctx)
        number: int = _processors() if value == "auto" else super().convert(value, param, ctx)
        return number


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):  # a container or a scheduler may grant fewer than there are
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _worth(paths: tuple[str, ...]) -> int:
    """As many processes as the inputs are worth: one for each ``BYTES``, at most one per processor.

    What comes from standard input is not known, and may be typed.
    """
    most, size = _processors(), total_bytes(paths, 1)
    return max(1, min(most, size() // BYTES)) if size and most > 1 else 1


def check_usage(paths: tuple[str, ...], form: str, params: dict[str, Any]) -> None:
    """Refuse options that cannot go together.

    Raises:
        click.UsageError: names the option and the way out.
    """
    if params["mark_duplicates"] and "-" in paths:
        raise click.UsageError(_("--mark-duplicates reads the inputs twice: give a file, not standard input"))
    if params["resume"] or params["cluster"]:
        _check_parts(paths, form, params)
    if params["cluster"] and not all(map(os.path.isabs, paths)):
        raise click.UsageError(_("--cluster needs absolute paths: workers have folders of their own"))


def _check_parts(paths: tuple[str, ...], form: str, params: dict[str, Any]) -> None:
    from civictag.writers.part_format import IN_PARTS

    option = "--cluster" if params["cluster"] else "--resume"
    if params["output"] in (None, "-"):
        raise click.UsageError(_("{option} needs a file to write: give -o OUT", option=option))
    if "-" in paths:
        raise click.UsageError(
            _("{option} cannot read standard input a second time: give a file", option=option)
        )
    if form not in IN_PARTS:
        known = listed(sorted(IN_PARTS))
        raise click.UsageError(
            _(
                "{option} writes {known}, not {form}: these can be put together from parts",
                option=option,
                known=known,
                form=form,
            )
        )
    if params["review"]:
        raise click.UsageError(_("--review looks at a whole run: give it without {option}", option=option))


def guard(
    paths: tuple[str, ...], model: str, params: dict[str, Any]
) -> contextlib.AbstractContextManager[None]:
    """The rule about outputs, around the run: see ``civictag.util.outputs``."""
    from civictag.readers import find_inputs
    from civictag.util.outputs import guarded

    outputs = [params["output"], *([params["review"]] if params["review"] else [])]
    if params["resume"] or params["cluster"]:
        from civictag.batch.resuming import errors_of

        outputs.append(errors_of(params["output"]))
    read = chain(tagged_by(model, labels=params["labels"]), find_inputs(paths))
    return guarded(outputs, read, force=params["force"])


def run(job: Job, tagger: Tagger, paths: tuple[str, ...], params: dict[str, Any], reporter: Reporter) -> None:
    """Do the batch: in one go, or in parts that outlast faults.

    Raises:
        CivictagError: the output cannot be written; the cluster cannot be used.
    """
    output = params["output"]
    target = _standard_output(job.form) if output in (None, "-") else output
    in_parts = params["resume"] or params["cluster"]
    jobs = params["jobs"] or _worth(paths)
    if jobs == 1 and job.marks is None and not in_parts:
        # Who asks for one process may have one processor, and gets no second thread either.
        beside = params["jobs"] is None and _processors() > 1
        _tag_plainly(job, tagger, paths, target, reporter, beside=beside)
        return
    from civictag.batch.worker import keep

    keep(tagger)
    if in_parts:
        from civictag.batch.resuming import resume

        with _executor(job, paths, params["cluster"], jobs) as executor:
            resume(job, paths, output, executor, reporter)
        return
    from civictag.batch.executors import processes
    from civictag.batch.streaming import stream
    from civictag.batch.survive import survive

    executor = processes(jobs, partial(survive, job.reading), slow="-" in paths)
    stream(job, paths, target, executor, reporter)


def _standard_output(form: str) -> BinaryIO:
    """Standard output; on a terminal, formats that carry text as it is are shown and not obeyed."""
    if form in ("json", "jsonl", "csv") and sys.stdout.isatty():
        from civictag.util.terminal import TerminalStream

        return cast("BinaryIO", TerminalStream(sys.stdout.buffer))
    return sys.stdout.buffer


def _tag_plainly(
    job: Job,
    tagger: Tagger,
    paths: tuple[str, ...],
    target: BinaryIO | str,
    reporter: Reporter,
    *,
    beside: bool,
) -> None:
    """The short way: no chunks, no workers."""
    from civictag.batch.plain import Ask, tag_into
    from civictag.writers import open_writer

    options = job.options
    ask = Ask(options.explain, job.scores, options.explain and options.all_scores, job.mask)
    with open_writer(
        job.form, target, labels=tagger.labels, model=tagger.info.as_dict(), options=options
    ) as writer:
        tag_into(writer, tagger, paths, job.reading, ask, reporter, beside=beside)
    for warning in writer.warnings:
        reporter.warned(warning)


@contextlib.contextmanager
def _executor(
    job: Job, paths: tuple[str, ...], address: str | None, jobs: int
) -> Iterator[Executor[Any, Any]]:
    if address:
        from civictag.batch.cluster import cluster

        with cluster(address, job.model, job.sha256, paths) as executor:
            yield executor
    else:
        from civictag.batch.executors import processes
        from civictag.batch.survive import survive

        yield processes(jobs, partial(survive, job.reading))


def total_bytes(paths: tuple[str, ...], times: int) -> Callable[[], int] | None:
    """Bytes of all inputs, read so many times; found when asked for. None for standard input."""

    def total() -> int:
        """Of every file; some cannot be told."""
        from civictag.readers.files import find_inputs, length

        return times * sum(map(length, find_inputs(paths)))

    return None if "-" in paths else total
