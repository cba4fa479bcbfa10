"""What every writer is, and what can be asked of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import TracebackType
from typing import NamedTuple

from civictag.datamodel import Article, NotCounted
from civictag.util.atomic_file import Sink

ModelId = Mapping[str, str]
"""``name``, ``version`` and ``sha256`` of the model that gave the tags."""

BY_CUES = "cues"
"""In the column ``model`` of paragraphs tagged by cues alone: the name that JSON gives the model."""


class Options(NamedTuple):
    """What to put into the output; a writer ignores what its format has no place for.

    Attributes:
        explain: write the evidence of every tag.
        all_scores: write the probability of every label, not only of the given ones.
        keep_furniture: write page furniture too (JSON, HTML).
        indent: spaces per level in JSON; None writes one article per line.
        width: columns of the terminal, at least 20 (table).
        color: mark labels with ANSI colours (table).
        date_column: column with an article's date (HTML); None looks for a usual name.
        html_limit: body paragraphs whose text an HTML report holds; the rest is only counted.
        headings: of sheets: ``zh``, ``en``, or ``ids`` for programs; None is the reader's language in a
            workbook and ``ids`` in CSV.
        title: over the report (HTML); "" for the usual one.
        further: columns of the input that the header has a place for, beside those of the first article.
        cues_only: the tags come from a label set's cues, without training: every row or page says so.
        not_counted: what was handed in and is in no figure; a workbook lists it.
    """

    explain: bool = False
    all_scores: bool = False
    keep_furniture: bool = False
    indent: int | None = None
    width: int = 80
    color: bool = False
    date_column: str | None = None
    html_limit: int = 20_000
    headings: str | None = None
    title: str = ""
    further: tuple[str, ...] = ()
    cues_only: bool = False
    not_counted: tuple[NotCounted, ...] = ()


class Writer(ABC):
    """Takes tagged articles one by one and leaves a finished file, or none at all.

    As a context manager: leaving it in peace closes, leaving it by an exception discards.

    Attributes:
        warnings: what the reader of the output should be told, complete after ``close``.
        renders_whole: an article is rendered whole before any of it is written, so that one that there is
            no memory for can be left out.
    """

    renders_whole = False

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.warnings: list[str] = []
        self._open = True

    @abstractmethod
    def write(self, article: Article) -> None:
        """Append one article. Raises CivictagError when the output cannot hold or take it."""

    def finish(self) -> None:  # noqa: B027 - most formats have nothing to add
        """Append what comes after the last article; the sink is still open."""

    def release(self) -> None:  # noqa: B027 - most formats hold nothing
        """Let go of temporary things, after success and after failure. Never raises."""

    def close(self) -> None:
        """Finish the output and put it in place, or discard it and raise. A second call does nothing."""
        if not self._open:
            return
        try:
            self.finish()
            self.sink.commit()
        except BaseException:
            self.discard()
            raise
        self._open = False
        self.release()

    def discard(self) -> None:
        """Give up: a file that stood at the target before is left as it was."""
        if self._open:
            self._open = False
            self.release()
            self.sink.abort()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()
