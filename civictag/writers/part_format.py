"""Formats whose output can be made in parts and put together by joining bytes.

JSON lines, JSON and CSV can: a worker renders its part, and whoever writes only copies bytes. The
bytes are those that the format's own writer gives for all articles in one go.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from civictag.datamodel import Article, Label
from civictag.util.atomic_file import Sink
from civictag.writers import ModelId, Options, Writer, open_writer

FORMATS = frozenset({"jsonl", "json", "csv"})
"""Joined byte by byte."""

IN_PARTS = FORMATS | {"parquet"}
"""Formats of which parts can lie on disk: those, and Parquet, whose row groups are copied."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before, between and after the parts; ``empty`` is an output without articles."""

    before: bytes
    between: bytes
    after: bytes
    empty: bytes


@dataclass(frozen=True, slots=True)
class Layout:
    """One output's format.

    Attributes:
        form: one of ``IN_PARTS``.
        labels: the label set of the model, in its order.
        model: ``name``, ``version``, ``sha256``.
        options: what to put in.
        columns: further columns of a CSV: those of the batch's first article.
    """

    form: str
    labels: Sequence[Label]
    model: ModelId
    options: Options
    columns: tuple[str, ...] = ()

    def frame(self) -> Frame:
        """What stands around the parts."""
        if self.form == "json":
            from civictag.writers import as_json

            return Frame(as_json.OPEN, as_json.BETWEEN, as_json.CLOSE, as_json.EMPTY)
        head = self._written(())
        return Frame(head, b"", b"", head)

    def part(self, articles: Iterable[Article]) -> bytes:
        """The bytes of some articles, without what stands around them; of Parquet, a file."""
        if self.form == "parquet":
            return self._file(articles)
        data = self._written(articles)
        frame = self.frame()
        return data[len(frame.before) :] if data else data

    def join(self, bodies: Iterable[Iterable[bytes]], sink: Sink) -> None:
        """Write parts, each in pieces of bytes, as one output.

        Raises:
            CivictagError: it cannot be written.
        """
        if self.form == "parquet":
            self._join_files((b"".join(body) for body in bodies), sink)
            return
        frame, begun = self.frame(), False
        for body in bodies:
            for number, data in enumerate(body):
                if number == 0:
                    sink.write(frame.between if begun else frame.before)
                    begun = True
                sink.write(data)
        sink.write(frame.after if begun else frame.empty)

    def _join_files(self, bodies: Iterator[bytes], sink: Sink) -> None:
        from civictag.writers.as_parquet import copy_groups

        first = next(bodies, None)
        if first is None:
            sink.write(self.part(()))
        else:
            copy_groups(map(io.BytesIO, chain([first], bodies)), sink)

    def _file(self, articles: Iterable[Article]) -> bytes:
        buffer = io.BytesIO()
        with self._open(buffer) as writer:
            for article in articles:
                writer.write(article)
        return buffer.getvalue()

    def _open(self, buffer: io.BytesIO) -> Writer:
        return open_writer(self.form, buffer, labels=self.labels, model=self.model, options=self.options)

    def _written(self, articles: Iterable[Article]) -> bytes:
        """What the format's writer has written before it is closed."""
        buffer = io.BytesIO()
        writer = self._open(buffer)
        if self.form == "csv":  # an article without paragraphs writes nothing but the header
            writer.write(Article("", "", "", "", (), extra=dict.fromkeys(self.columns)))
        for article in articles:
            writer.write(article)
        data = buffer.getvalue()
        writer.discard()
        return data
