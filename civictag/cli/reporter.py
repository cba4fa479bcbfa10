"""What a batch says on standard error: warnings and failures as they come, a bar where it takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from civictag.cli import printable

if TYPE_CHECKING:
    from civictag.batch.chunks import Failure
    from civictag.batch.store import Entry
    from civictag.batch.worker import Done

_PATIENCE = 1.5  # seconds before a bar appears: shorter work is over before it is read


class Reporter:
    """Listens to a batch.

    Args:
        total: gives the bytes of input, asked for when a bar is drawn; None draws none.
        each: is given every finished piece.

    Attributes:
        articles: how many were tagged, in earlier runs too.
        failures: how many inputs could not be read.
    """

    def __init__(self, total: Callable[[], int] | None, each: Callable[[Done], None] | None = None) -> None:
        self.articles = 0
        self.failures = 0
        self._total = total if sys.stderr.isatty() else None
        self._each = each
        self._begun = time.monotonic()
        self._bytes = 0
        self._paragraphs = 0
        self._bar: Any = None

    def resumed(self, entries: Sequence[Entry]) -> None:
        """Say how much an earlier run did, and what it could not."""
        self.articles += sum(entry.count for entry in entries)
        if entries:
            self._say(f"going on: {len(entries)} parts with {self.articles} articles are finished")
        for entry in entries:
            for failure in entry.failures:
                self.failed(failure)

    def failed(self, failure: Failure) -> None:
        """Name the input and the reason."""
        self.failures += 1
        self._say(str(failure.error()))

    def warned(self, warning: str) -> None:
        """Pass it on."""
        self._say(warning)

    def advanced(self, done: Done) -> None:
        """Count, and move the bar."""
        self.articles += done.count
        self._bytes += done.size
        self._paragraphs += done.paragraphs
        if self._each:
            self._each(done)
        if self._total and time.monotonic() - self._begun > _PATIENCE:
            self._move(done.size)

    def close(self) -> None:
        """Take the bar away from the line it stands on."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None

    def exit_code(self) -> int:
        """0 when nothing failed; 3 when something did, 1 when all did."""
        if not self.failures:
            return 0
        return 3 if self.articles else 1

    def _move(self, size: int) -> None:
        if self._bar is None:
            assert self._total is not None
            self._bar = click.progressbar(length=max(1, self._total()), file=sys.stderr, label="civictag")
            self._bar.item_show_func = lambda _: self._rate()
            size = self._bytes
        self._bar.update(size, self._paragraphs)

    def _rate(self) -> str:
        seconds = time.monotonic() - self._begun
        return f"{self._paragraphs:,} paragraphs, {self._paragraphs / seconds:,.0f}/s"

    def _say(self, message: str) -> None:
        clear = "\r\x1b[K" if self._bar is not None else ""
        click.echo(f"{clear}civictag: {printable(message)}", err=True)
