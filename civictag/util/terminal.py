"""Text in a terminal: how many columns it takes, how it wraps, what must not reach it."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, BinaryIO

# Kinsoku: a line does not begin with one of these; it takes the sign along, past the margin's edge.
_NO_START = frozenset("，。、；：？！”’）》」』】…—,.;:?!)%％")

# What a terminal obeys: C0 but tabs and line ends, DEL, C1, and the directions of writing.
_COMMANDS = {*range(0x20), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_OBEYED = {code: f"\\u{code:04x}" for code in _COMMANDS - {9, 10, 13}}
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


def shows_colors() -> bool:
    """Whether a terminal may be sent colours: not with ``NO_COLOR`` (no-color.org) or ``TERM=dumb``."""
    return not os.environ.get("NO_COLOR") and not is_dumb()


def is_dumb() -> bool:
    """Whether the terminal says of itself that it knows no commands, such as to take a line back."""
    return os.environ.get("TERM") == "dumb"


def width_of(text: str) -> int:
    """Columns of a terminal that ``text`` takes: a Chinese character two, a combining mark none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def pad(text: str, width: int, *, right: bool = False) -> str:
    """``text`` filled with spaces to ``width`` columns; ``right`` puts it at the right end."""
    space = " " * max(0, width - width_of(text))
    return space + text if right else text + space


def table(rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """Rows as aligned columns, the first row their heads; columns not in ``left`` stand at the right."""
    import tabulate

    tabulate.WIDE_CHARS_MODE = True  # a Chinese character takes two columns
    sides = ["left" if column in left else "right" for column in range(len(rows[0]))]
    drawn = tabulate.tabulate(rows, tablefmt="plain", colalign=sides, disable_numparse=True)
    return "\n".join(line.rstrip() for line in drawn.split("\n"))


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns, at least one; ASCII words stay whole where they fit."""
    lines: list[str] = []
    line, used = "", 0
    for piece in _pieces(text, width):
        columns = width_of(piece)
        if used + columns > width and line:
            lines.append(line.rstrip())
            line, used = "", 0
        if line or not piece.isspace():
            line, used = line + piece, used + columns
    return [*lines, line.rstrip()] if line or not lines else lines


def printable(text: str) -> str:
    """``text`` on one line, with control characters shown, not obeyed.

    An article could otherwise carry escape sequences that rewrite the reader's screen.
    """
    flat = " ".join(text.split())
    if flat.isprintable():
        return flat
    # Zero-width signs are common and harmless in web pages.
    return escaped("".join(ch for ch in flat if ch not in _INVISIBLE))


def escaped(text: str) -> str:
    """``text`` as it stands, with line ends and controls as ``\\n``, ``\\x1b``: names of files have them."""
    if text.isprintable():
        return text
    return "".join(ch if ch.isprintable() or ch == "\u3000" else _escape(ch) for ch in text)


def harmless(text: str, *, lines: bool = False) -> bool:
    """Whether a terminal shows ``text`` and obeys nothing in it.

    Control characters, halves of surrogate pairs, line separators and the signs that turn the direction
    of writing are refused; zero-width signs are not, they come with copied names. ``lines``: line ends and
    tabs are allowed.
    """
    if text.isprintable():
        return True
    return all(
        ch.isprintable() or ch in _INVISIBLE or (lines and ch in "\n\r\t") or _is_mark(ch) for ch in text
    )


def _is_mark(ch: str) -> bool:
    """Blanks of other scripts, and characters that this Python does not know yet or that are private."""
    import unicodedata  # a library of a megabyte, and most runs meet no such character

    return unicodedata.category(ch) in ("Zs", "Cn", "Co")


def _pieces(text: str, width: int) -> list[str]:
    """What must not be torn: a run of ASCII, a character with the punctuation that follows it."""
    pieces: list[str] = []
    for ch in text:
        if pieces and _sticks(pieces[-1], ch) and width_of(pieces[-1]) + _columns(ch) <= width:
            pieces[-1] += ch
        else:
            pieces.append(ch)
    return pieces


def _sticks(before: str, ch: str) -> bool:
    last = before[-1]
    return ch in _NO_START or _columns(ch) == 0 or (_in_word(last) and _in_word(ch))


def _in_word(ch: str) -> bool:
    return ch.isascii() and not ch.isspace()


@lru_cache(maxsize=8192)
def _columns(ch: str) -> int:
    import unicodedata

    if unicodedata.category(ch) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


def _escape(ch: str) -> str:
    return ch.encode("unicode_escape", "backslashreplace").decode("ascii")


class TerminalStream(io.BufferedIOBase):
    """A terminal that is shown UTF-8 but obeys nothing in it, for formats that carry text as it is.

    Control characters and signs that turn the direction of writing become ``\\u009b``: in JSON that is the
    same text, in CSV it can at least be read.
    """

    def __init__(self, terminal: BinaryIO) -> None:
        self._terminal = terminal
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a write may end within a character

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Show ``data``; the number of bytes taken."""
        taken = bytes(data)
        self._terminal.write(self._decoder.decode(taken).translate(_OBEYED).encode("utf-8"))
        return len(taken)

    def flush(self) -> None:
        """Hand on what is buffered."""
        self._terminal.flush()
