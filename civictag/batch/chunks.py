"""The inputs of a batch, cut into chunks that a worker can do alone.

The cuts depend on the inputs only, never on how many workers there are: that is why the output is
the same at any number of them, and why a batch can go on where it stopped. Whatever can be named is
named and read by the worker (whole files, byte ranges of JSON lines); the rest is read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from civictag.batch.as_it_comes import together
from civictag.datamodel import Document
from civictag.errors import CivictagError, unexpected
from civictag.readers.beginnings import holds_one_value
from civictag.readers.files import (
    CONVERTED_SUFFIXES,
    TABLE_SUFFIXES,
    beginning,
    find_inputs,
    length,
    shown,
    suffix_of,
)
from civictag.readers.options import Reading
from civictag.readers.tables.table_chunks import Groups, Lines

MOST = 64  # articles in a chunk: ten thousand tiny files are 160 chunks, a crash costs 64 of them


@dataclass(frozen=True, slots=True)
class Failure:
    """A CivictagError as plain data, which any process can send and any file can hold."""

    source: str | None
    line: int | None
    field: str | None
    problem: str
    hint: str | None

    @classmethod
    def of(cls, error: CivictagError) -> Failure:
        """What the error says."""
        return cls(error.where, error.line, error.field, error.problem, error.hint)

    def error(self) -> CivictagError:
        """The error again."""
        return CivictagError(
            self.problem, where=self.source, line=self.line, field=self.field, hint=self.hint
        )


@dataclass(frozen=True, slots=True)
class Files:
    """Whole files, an article each. ``size``, here and elsewhere: bytes of input that the chunk ends."""

    paths: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Articles that were read already, and inputs that could not be."""

    items: tuple[Document | Failure, ...]
    size: int


Chunk = Files | Lines | Groups | Rows


def cut(paths: Iterable[str], reading: Reading, size: int) -> Iterator[Chunk]:
    """The chunks of the inputs, lazily, in input order; about ``size`` bytes or characters each."""
    files: list[str] = []
    held = 0
    for path in find_inputs(paths):
        table = path == "-" or suffix_of(path) in TABLE_SUFFIXES
        if files and (table or held >= size or len(files) >= MOST):
            yield Files(tuple(files), held)
            files, held = [], 0
        if table:
            yield from _table(path, reading, size)
        else:
            files.append(path)
            held += length(path)
    if files:
        yield Files(tuple(files), held)


def documents(chunk: Chunk, reading: Reading) -> Iterator[Document | Failure]:
    """The articles of a chunk, lazily, in order; a Failure stands where one could not be read."""
    if isinstance(chunk, Rows):
        yield from chunk.items
    elif isinstance(chunk, Lines):
        from civictag.readers.tables.table_chunks import read_range

        yield from _failures_as_items(read_range(chunk, reading), chunk.path)
    elif isinstance(chunk, Groups):
        from civictag.readers.tables.table_chunks import read_groups

        yield from _failures_as_items(read_groups(chunk, reading), chunk.path)
    else:
        if any(suffix_of(path) in CONVERTED_SUFFIXES for path in chunk.paths):
            from civictag.readers.documents.convert import convert

            convert(chunk.paths)
        for path in chunk.paths:
            yield from read(path, reading)


def read(path: str, reading: Reading) -> Iterator[Document | Failure]:
    """The articles of one file, lazily."""
    from civictag.readers import read_documents

    try:
        yield from _failures_as_items(read_documents(path, reading), path)
    except Exception as error:  # opening it is the first thing that a damaged file can make fail
        yield Failure.of(unexpected(shown(path), error))


def _failures_as_items(found: Iterator[Document | CivictagError], path: str) -> Iterator[Document | Failure]:
    try:
        for item in found:
            yield Failure.of(item) if isinstance(item, CivictagError) else item
    except Exception as error:  # Parquet's library alone knows a dozen kinds
        yield Failure.of(unexpected(shown(path), error))


def _table(path: str, reading: Reading, size: int) -> Iterator[Chunk]:
    chunks = _as_they_come(read(path, reading)) if path == "-" else _by_name(path, reading, size)
    if chunks is None:
        chunks = _rows(read(path, reading), size, length(path))
    yield from chunks


def _as_they_come(items: Iterator[Document | Failure]) -> Iterator[Chunk]:
    """Chunks of standard input: the rows that are there, be it one."""
    for run in together(items, MOST * 4):
        yield Rows(tuple(run), 0)


def _by_name(path: str, reading: Reading, size: int) -> Iterator[Chunk] | None:
    """Chunks that a worker reads by itself, of the tables that can be read from the middle."""
    suffix = suffix_of(path)
    if suffix == ".jsonl" and not holds_one_value(beginning(path)):
        from civictag.readers.tables.table_chunks import ranges

        return ranges(path, reading.encoding, size)
    if suffix == ".parquet":
        from civictag.readers.tables.table_chunks import row_groups

        return row_groups(path, size)
    return None


def _rows(items: Iterator[Document | Failure], size: int, total: int) -> Iterator[Chunk]:
    """Chunks of rows; the last one, perhaps empty, ends the ``total`` bytes of the file."""
    held: list[Document | Failure] = []
    characters = 0
    for item in items:
        held.append(item)
        characters += len(item.text) if isinstance(item, Document) else 0
        if characters >= size or len(held) >= MOST * 64:
            yield Rows(tuple(held), 0)
            held, characters = [], 0
    yield Rows(tuple(held), total)
