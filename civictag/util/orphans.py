"""Processes that we start end with us, also when we are killed and can tell nobody."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Any

_WATCH = 2  # seconds between two looks at whether the process that started this one still lives
_watched: set[int] = set()


def end_with(parent: int) -> None:
    """From now on this process ends when its parent does; asked again, or of itself, nothing happens."""
    if parent != os.getpid() and os.getpid() not in _watched:
        _watched.add(os.getpid())
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def beginning() -> dict[str, Any]:
    """How a pool begins its workers, so that they end with this process: keywords of the pool.

    Left to themselves, joblib's outlive a killed parent by five minutes, or by the whole of a long fit.
    """
    return {"initializer": end_with, "initargs": (os.getpid(),)}


def _watch(parent: int) -> None:
    """Wait for the parent's end, whatever this process is at; then end it."""
    if sys.platform == "win32":
        import ctypes

        synchronize, for_ever = 0x00100000, 0xFFFFFFFF
        handle = ctypes.windll.kernel32.OpenProcess(synchronize, False, parent)
        ctypes.windll.kernel32.WaitForSingleObject(handle, for_ever)
    else:
        while os.getppid() == parent:
            time.sleep(_WATCH)
    os._exit(1)
