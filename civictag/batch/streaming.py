"""A batch in one go: chunks to whoever works, results in order to the output, nothing kept."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, BinaryIO

from civictag.batch.chunks import Chunk, cut, documents
from civictag.batch.executors import Executor
from civictag.batch.plain import Job
from civictag.batch.survive import spared
from civictag.batch.worker import Copies, Done, Listener, layout, tagger_of, tasks, with_copy, work
from civictag.datamodel import Document
from civictag.util.atomic_file import open_sink
from civictag.writers import open_writer, part_format

# Bytes of input in a chunk: some hundred paragraphs, tens of milliseconds of work, so that handing a
# chunk over (about a millisecond) is nothing and the last one does not keep the others waiting.
CHUNK = 256 << 10


def stream(
    job: Job,
    paths: Iterable[str],
    target: BinaryIO | str,
    executor: Executor[Any, Any],
    listener: Listener,
) -> None:
    """Tag the inputs and write the output as they are read, in input order.

    Raises:
        CivictagError: the output cannot be written; the model is not the job's.
        MissingExtra: near copies are to be marked, and their library is not installed.
    """
    copies = copies_of(job, paths, CHUNK, executor, listener)
    job, chunks = with_columns(job, cut(paths, job.reading, CHUNK))
    results = reported(
        executor(partial(spared, job.reading, partial(work, job)), tasks(chunks, copies)), listener
    )
    if job.form in part_format.FORMATS:
        _join(job, results, target, listener)
    else:
        _write(job, results, target, listener)


def copies_of(
    job: Job, paths: Iterable[str], size: int, executor: Executor[Any, Any], listener: Listener
) -> Copies | None:
    """The copies among the inputs, where the job asks for them."""
    if job.marks is None:
        return None
    from civictag.batch.duplicates import find

    return find(job, paths, size, executor, listener)


def with_columns(job: Job, chunks: Iterator[Chunk]) -> tuple[Job, Iterator[Chunk]]:
    """The job with the further columns of its first article, where the format needs them; all chunks."""
    if job.form != "csv":
        return job, chunks
    looked_at: list[Chunk] = []
    for chunk in chunks:
        looked_at.append(chunk)
        first = next((d for d in documents(chunk, job.reading) if isinstance(d, Document)), None)
        if first is not None:
            extra = first.extra if job.marks is None else with_copy(first.extra, None)
            job = job._replace(columns=tuple(dict.fromkeys((*job.options.further, *extra))))
            break
    return job, itertools.chain(looked_at, chunks)


def reported(results: Iterable[Done], listener: Listener) -> Iterator[Done]:
    """The results, after the listener heard of each."""
    for done in results:
        for failure in done.failures:
            listener.failed(failure)
        for warning in done.warnings:
            listener.warned(warning)
        listener.advanced(done)
        yield done


def _join(job: Job, results: Iterable[Done], target: BinaryIO | str, listener: Listener) -> None:
    frame = layout(job, tagger_of(job.model, job.sha256)).frame()
    sink = open_sink(target)
    missed: dict[str, None] = {}
    begun = False
    try:
        for done in results:
            missed |= dict.fromkeys(done.missed)
            if done.body:
                sink.write((frame.between if begun else frame.before) + done.body)
                sink.flush()
                begun = True
        sink.write(frame.after if begun else frame.empty)
        sink.commit()
    except BaseException:
        sink.abort()
        raise
    tell_missed(missed, listener)


def tell_missed(missed: Iterable[str], listener: Listener) -> None:
    """Warn of columns that the header of a CSV has no place for."""
    names = list(dict.fromkeys(missed))
    if names:
        from civictag.writers.as_csv import left_out

        listener.warned(left_out(names))


def _write(job: Job, results: Iterable[Done], target: BinaryIO | str, listener: Listener) -> None:
    tagger = tagger_of(job.model, job.sha256)
    with open_writer(
        job.form, target, labels=tagger.labels, model=tagger.info.as_dict(), options=job.options
    ) as writer:
        for done in results:
            for article in done.articles:
                writer.write(article)
    for warning in writer.warnings:
        listener.warned(warning)
