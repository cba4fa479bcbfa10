"""A program of others' that ends when its time is up, or when the process that asked for it ends.

LibreOffice runs in a session of its own, so that it can be ended whole; killed, a run could tell it nothing,
and a conversion that never ends went on for ever. This module, as a program between the two, sees the run
end: its standard input is closed then, on every system. It needs nothing but Python's own library.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence


def run(arguments: Sequence[str], seconds: float, started: Callable[[int], object]) -> None:
    """Run a program, unheard, for at most so many seconds by the clock.

    Args:
        arguments: the program and what it is given.
        seconds: after them it is killed, with what it started.
        started: is told the keeper's process number before the program begins; limits set on it hold for
            the program too.
    """
    keeper = subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, str(seconds), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with keeper:  # closes its input when it is left, also by Ctrl-C
        started(keeper.pid)
        keeper.wait()


def _keep(seconds: float, arguments: Sequence[str]) -> None:
    program = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, start_new_session=True)
    threading.Thread(target=_end_when_left, args=(program,), daemon=True).start()
    try:
        program.wait(seconds)
    except subprocess.TimeoutExpired:
        _end(program)


def _end_when_left(program: subprocess.Popen[bytes]) -> None:
    sys.stdin.buffer.read()
    _end(program)
    os._exit(1)


def _end(program: subprocess.Popen[bytes]) -> None:
    """The launcher and the program it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(program.pid, signal.SIGKILL)
        else:
            program.kill()
    program.wait()


if __name__ == "__main__":
    _keep(float(sys.argv[1]), sys.argv[2:])
