"""What passes between a batch and whoever runs it: numbered tasks in, news out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from civictag.batch.chunks import Failure, Piece
from civictag.batch.worker import Done, Task

if TYPE_CHECKING:
    from civictag.batch.store import Entry

Copies = Mapping[int, Mapping[int, str]]
"""Number of a piece -> position of an article in it -> source of its first copy."""


class Listener(Protocol):
    """Who is told how a batch goes."""

    def resumed(self, entries: Sequence[Entry]) -> None:
        """These parts were finished by an earlier run."""

    def failed(self, failure: Failure) -> None:
        """An input could not be read; the rest goes on."""

    def warned(self, warning: str) -> None:
        """Something had to be guessed."""

    def advanced(self, done: Done) -> None:
        """A piece is finished."""


def tasks(pieces: Iterable[Piece], copies: Copies | None) -> Iterator[Task]:
    """The pieces numbered, each with what is known of its copies."""
    for number, piece in enumerate(pieces):
        yield Task(number, piece, (copies or {}).get(number, {}))
