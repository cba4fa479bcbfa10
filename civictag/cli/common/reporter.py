"""What a batch says on standard error: warnings and failures as they come, a bar where it takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from civictag.cli.common.messages import Failures, Messages, conclude
from civictag.i18n import _, ngettext
from civictag.util.terminal import is_dumb

if TYPE_CHECKING:
    from civictag.batch.chunks import Failure
    from civictag.batch.store import Entry
    from civictag.batch.worker import Done
    from civictag.datamodel import Article
    from civictag.errors import CivictagError
    from civictag.readers.passed_over import InputReport

_PATIENCE = 1.5  # seconds before a bar appears: shorter work is over before it is read


class Reporter:
    """Listens to a batch.

    Args:
        total: gives the bytes of input, asked for when a bar is drawn; None draws none.
        each: is given every tagged article.

    Attributes:
        articles: how many were tagged, in earlier runs too.
        failures: what could not be read.
    """

    def __init__(
        self, total: Callable[[], int] | None, each: Callable[[Article], None] | None = None
    ) -> None:
        self.articles = 0
        self.failures = Failures()
        self._total = total if sys.stderr.isatty() and not is_dumb() else None
        self._each = each
        self._begun = time.monotonic()
        self._bytes = 0
        self._paragraphs = 0
        self._bar: Any = None
        self._messages = Messages()

    def resumed(self, entries: Sequence[Entry]) -> None:
        """Say how much an earlier run did, and what it could not."""
        self.articles += sum(entry.count for entry in entries)
        if entries:
            self._messages.say(
                ngettext(
                    "going on: {count} part is finished (articles: {articles})",
                    "going on: {count} parts are finished (articles: {articles})",
                    len(entries),
                    articles=self.articles,
                )
            )
        for entry in entries:
            for warning in entry.warnings:
                self.warned(warning)
            for failure in entry.failures:
                self.failed(failure)

    def failed(self, failure: Failure) -> None:
        """Name the input and the reason."""
        self.refused(failure.error())

    def refused(self, error: CivictagError) -> None:
        """The same, as an exception."""
        self.failures.add(error)
        self._messages.alike(str(error), error.problem)

    def written(self, article: Article) -> None:
        """Count one article, and move the bar by the size of its text."""
        self.articles += 1
        if self._each:
            self._each(article)
        if self._total:
            self._paragraphs += sum(paragraph.kind == "body" for paragraph in article.paragraphs)
            self._moved(len(article.text.encode("utf-8", "replace")))

    def warned(self, warning: str) -> None:
        """Pass it on."""
        self._messages.alike(warning, warning.rpartition(_(": "))[2])

    def advanced(self, done: Done) -> None:
        """Count, and move the bar."""
        self.articles += done.count
        self._paragraphs += done.paragraphs
        if self._each:
            for article in done.articles:
                self._each(article)
        self._moved(done.size)

    def close(self) -> None:
        """Take the bar away from the line it stands on."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None
            self._messages.clear = ""

    def conclude(self, found: InputReport) -> int:
        """Say what was read and what was not; the exit code: 3 when something was not, 1 when nothing was."""
        return conclude(self._messages, found, self.articles, self.failures)

    def _moved(self, size: int) -> None:
        self._bytes += size
        if self._total and time.monotonic() - self._begun > _PATIENCE:
            self._move(size)

    def _move(self, size: int) -> None:
        if self._bar is None:
            assert self._total is not None
            self._bar = click.progressbar(length=max(1, self._total()), file=sys.stderr, label="civictag")
            self._bar.item_show_func = lambda _: self._rate()
            size = self._bytes
            self._messages.clear = "\r\x1b[K"
        self._bar.update(size, self._paragraphs)

    def _rate(self) -> str:
        seconds = time.monotonic() - self._begun
        return _(
            "{paragraphs:,} paragraphs, {rate:,.0f}/s",
            paragraphs=self._paragraphs,
            rate=self._paragraphs / seconds,
        )
