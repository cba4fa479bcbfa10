"""Messages on standard error: alike ones three times and then counted; at the end, the whole truth."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from civictag.datamodel import Record
from civictag.i18n import _, ngettext
from civictag.util.patterns import lazy
from civictag.util.terminal import escaped

if TYPE_CHECKING:
    from civictag.errors import CivictagError
    from civictag.readers.passed_over import InputReport

_SHOWN = 3  # messages of a kind that are shown
# What differs in messages of one kind: quoted values, numbers, and the columns of the table.
_VALUES = lazy(r"""(?:"[^"]*"|“[^”]*”|\d+)""")


class Messages:
    """Says messages, and remembers how many alike ones it did not say."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self.clear = ""  # what takes a progress bar from the line

    def say(self, message: str) -> None:
        """One line."""
        click.echo(f"{self.clear}civictag: {escaped(message)}", err=True)

    def alike(self, message: str, about: str) -> None:
        """A line that others may be like: ``about`` is the message without its place."""
        key = _VALUES.sub("#", about)
        self._counts[key] = self._counts.get(key, 0) + 1
        if self._counts[key] <= _SHOWN:
            self.say(message)

    def finish(self) -> None:
        """Say how many messages of each kind were not said."""
        for about, count in self._counts.items():
            if count > _SHOWN:
                self.say(
                    ngettext(
                        "{count} more like this: {about}",
                        "{count} more like this: {about}",
                        count - _SHOWN,
                        about=about,
                    )
                )
        self._counts.clear()


@dataclass(slots=True, eq=False, repr=False)
class Failures(Record):
    """What could not be read.

    Attributes:
        rows: of tables.
        files: whole files, those in archives too.
        inputs: those of ``files`` that are inputs themselves.
    """

    rows: int = 0
    files: int = 0
    inputs: int = 0

    def add(self, error: CivictagError) -> None:
        """Count one; a file may be called 「活动#1.docx」, as rows are."""
        where = error.where or ""
        if error.line is not None or ("#" in where and not os.path.lexists(where)):
            self.rows += 1
            return
        self.files += 1
        self.inputs += ".zip/" not in where.lower()

    def __bool__(self) -> bool:
        return bool(self.rows or self.files)


def conclude(messages: Messages, found: InputReport, articles: int, failures: Failures, of: str = "") -> int:
    """Say at the end of a run what was read and what was not; the exit code.

    Args:
        messages: says it.
        found: what the search of the inputs found.
        articles: how many were read.
        failures: what could not be read.
        of: what was read, where a verb reads two things: stands before each sentence.
    """
    before = f"{of}{_(': ')}" if of else ""
    messages.finish()
    for line in found.lines():
        messages.say(before + line)
    read = max(0, found.found - failures.inputs)
    parts = [ngettext("{count} file read", "{count} files read", read)]
    parts += [ngettext("{count} article", "{count} articles", articles)]
    if unread := failures.files:
        parts.append(ngettext("{count} file could not be read", "{count} files could not be read", unread))
    if rows := failures.rows:
        parts.append(ngettext("{count} row could not be read", "{count} rows could not be read", rows))
    if found.skipped():
        parts.append(ngettext("{count} file passed over", "{count} files passed over", found.skipped()))
    if not articles and not failures:
        parts.append(_("nothing was read"))
    messages.say(before + _(", ").join(parts))
    if not articles:
        return 1
    return 3 if failures or found.skipped() else 0


def report(failures: Sequence[CivictagError], found: InputReport, articles: int, of: str = "") -> int:
    """Name every failed input, and conclude; the exit code."""
    messages, counted = Messages(), Failures()
    for failure in failures:
        messages.alike(str(failure), failure.problem)
        counted.add(failure)
    return conclude(messages, found, articles, counted, of)
