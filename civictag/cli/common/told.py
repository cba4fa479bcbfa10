"""Messages on standard error: alike ones three times and then counted; at the end, the whole truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from civictag.cli import printable
from civictag.i18n import _, ngettext
from civictag.util.patterns import lazy

if TYPE_CHECKING:
    from civictag.errors import CivictagError
    from civictag.readers.passed_over import InputReport

_SHOWN = 3  # messages of a kind that are shown
# What differs in messages of one kind: quoted values, numbers, and the columns of the table.
_VALUES = lazy(r"""(?:"[^"]*"|“[^”]*”|\d+)""")


class Told:
    """Says messages, and remembers how many alike ones it did not say."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self.clear = ""  # what takes a progress bar from the line

    def say(self, message: str) -> None:
        """One line."""
        click.echo(f"{self.clear}civictag: {printable(message)}", err=True)

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


def conclude(told: Told, found: InputReport, articles: int, failures: int, unread: int, of: str = "") -> int:
    """Say at the end of a run what was read and what was not; the exit code.

    Args:
        told: says it.
        found: what the search of the inputs found.
        articles: how many were read.
        failures: inputs and rows that could not be read.
        unread: those of ``failures`` that are whole files.
        of: what was read, where a verb reads two things: stands before each sentence.
    """
    before = f"{of}{_(': ')}" if of else ""
    told.finish()
    for line in found.lines():
        told.say(before + line)
    read = max(0, found.found - unread)
    parts = [ngettext("{count} file read", "{count} files read", read)]
    parts += [ngettext("{count} article", "{count} articles", articles)]
    if unread:
        parts.append(ngettext("{count} file could not be read", "{count} files could not be read", unread))
    if failures > unread:
        parts.append(
            ngettext("{count} row could not be read", "{count} rows could not be read", failures - unread)
        )
    if found.skipped():
        parts.append(ngettext("{count} file passed over", "{count} files passed over", found.skipped()))
    if not articles and not failures:
        parts.append(_("nothing was read"))
    told.say(before + _(", ").join(parts))
    if not articles:
        return 1
    return 3 if failures or found.skipped() else 0


def report(failures: Sequence[CivictagError], found: InputReport, articles: int, of: str = "") -> int:
    """Name every failed input, and conclude; the exit code."""
    told = Told()
    for failure in failures:
        told.alike(str(failure), failure.problem)
    unread = sum(failure.line is None and "#" not in (failure.where or "") for failure in failures)
    return conclude(told, found, articles, len(failures), unread, of)
