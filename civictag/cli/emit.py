"""How a verb hands over an answer that is one text."""

from __future__ import annotations

import sys


def emit(text: str, output: str | None) -> None:
    """Write ``text`` as UTF-8 to the file ``output`` (whole or not at all), or to standard output.

    Raises:
        CivictagError: the file cannot be written.
    """
    from civictag.util.atomic_file import deliver

    # A corpus may hold half a surrogate pair (JSON allows it); an answer must not fail over it.
    data = text.encode("utf-8", "backslashreplace")
    deliver(data, output if output and output != "-" else sys.stdout.buffer)
