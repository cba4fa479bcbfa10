"""What the members of one archive may take together: time to read them, and text."""

from __future__ import annotations

import time
from collections.abc import Iterator

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.i18n import _
from civictag.readers.files import length
from civictag.readers.limits import ARCHIVE_SECONDS, MIB, PACK_RATIO, ROWS_UNPACKED

_BYTES = 3  # of a Chinese character in UTF-8


class ArchiveBudget:
    """Seconds by the clock within the readers, without what is done with their articles, and bytes of text.

    Each member is bounded alone, but 20,000 that take a minute each would go on for two weeks.
    """

    def __init__(self, path: str) -> None:
        self._seconds = 0.0
        self._text = 0
        self._most = max(ROWS_UNPACKED, PACK_RATIO * length(path))

    def spent(self) -> str | None:
        """What was used up, as the problem of every member that is left out; None while all goes on."""
        if self._seconds > ARCHIVE_SECONDS:
            return _(
                "left out: the archive's files take longer than {seconds} seconds to read together",
                seconds=ARCHIVE_SECONDS,
            )
        if self._text > self._most:
            return _(
                "left out: the archive's files hold more than {size} MiB of text together",
                size=self._most // MIB,
            )
        return None

    def bounded(self, items: Iterator[Document | InputError], where: str) -> Iterator[Document | InputError]:
        """The documents of one member, as long as there is something left; its rest is left out as one."""
        while True:
            problem, begun = self.spent(), time.monotonic()
            item = next(items, None)
            self._seconds += time.monotonic() - begun
            if item is None:
                return
            if problem:
                yield self.refusal(problem, where)
                return
            if isinstance(item, Document):
                self._text += _BYTES * len(item.text)
            yield item

    @staticmethod
    def refusal(problem: str, where: str) -> InputError:
        """A member that is left out, or the rest of one."""
        return InputError(problem, where=where, hint=_("Unpack it, and give the folder"))
