"""The process around a command: its three streams, and the signals that end it."""

from __future__ import annotations

import codecs
import os
import signal
import sys
from types import FrameType
from typing import Any


class Ended(BaseException):
    """The system asked the process to end (SIGTERM, SIGHUP); what is unfinished is tidied on the way out.

    Attributes:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


# Signs of ours that GBK, a Chinese Windows' own encoding, lacks, and what stands for them there.
_INSTEAD = str.maketrans("✓✗↳−⚑•²", "√×→-!·2")


def _shown(error: UnicodeError) -> tuple[str, int]:
    r"""A sign that the stream can show; else ``\u5fd7``, which beats a traceback: cp1252 has no Chinese."""
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end].translate(_INSTEAD)
    try:
        text.encode(error.encoding)
    except UnicodeEncodeError:
        text = text.encode("ascii", "backslashreplace").decode("ascii")
    return text, error.end


def prepare() -> None:
    """Give a closed stream a place to go, let no character fail, and end cleanly on every signal."""
    codecs.register_error("civictag", _shown)
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        stream: Any = getattr(sys, name)
        if stream is None:  # closed by the caller: civictag … 2>&-
            handle = os.open(os.devnull, os.O_RDONLY if mode == "r" else os.O_WRONLY)
            if handle != number:  # the next file that is opened must not become standard output
                os.dup2(handle, number)
                os.close(handle)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="civictag")
    for asked in ("SIGTERM", "SIGHUP"):
        known = getattr(signal, asked, None)  # Windows has no SIGHUP
        if known is not None and signal.getsignal(known) is signal.SIG_DFL:  # nohup ignores SIGHUP
            signal.signal(known, _end)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _end(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise Ended(number)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C would stop the tidying half-way.
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
