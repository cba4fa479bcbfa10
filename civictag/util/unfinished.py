"""Files and folders that a run makes beside its outputs, and locks: what is left of them, and by whom.

A part of an output is noted before it is made and forgotten when it is in its place, so that a run that
ends by whatever signal takes it away; what a killed run left, the next run takes away, for nobody locks it.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator

from civictag.errors import CivictagError
from civictag.i18n import _

_unfinished: set[str] = set()


def note(path: str) -> None:
    """Say that what will be made at ``path`` is unfinished."""
    _unfinished.add(path)


def forget(path: str) -> None:
    """Say that it is finished, or gone."""
    _unfinished.discard(path)


@contextlib.contextmanager
def unfinished(path: str) -> Iterator[None]:
    """Say that what will be made at ``path`` goes when the run ends, whenever and however it does."""
    note(path)
    try:
        yield
    finally:
        discard(path)


def discard(path: str | None = None) -> None:
    """Remove one unfinished file or folder; None: all that this process left. Never raises."""
    for found in [path] if path else list(_unfinished):
        if os.path.isdir(found):
            import shutil

            shutil.rmtree(found, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.unlink(found)
        forget(found)


def stem(name: str) -> str:
    """How the name of an unfinished file begins, by the name of its output."""
    # Cut the name: with the random part it could pass the 255 bytes of a file system.
    return f".{name[:40]}."


def tidy(folder: str, name: str) -> None:
    """Remove the unfinished files that killed runs left beside this target."""
    pattern = re.compile(re.escape(stem(name)) + r"[0-9a-f]{12}\.part")
    with contextlib.suppress(OSError):
        for found in filter(pattern.fullmatch, os.listdir(folder)):
            path = os.path.join(folder, found)
            with contextlib.suppress(OSError):
                with open(path, "rb") as file:
                    stale = lock(file.fileno())
                if stale:
                    os.unlink(path)


def lock(handle: int) -> bool | None:
    """Hold the open file for as long as it is open; whether nobody else holds it, None where none can.

    Windows needs no lock: there an open file cannot be removed.
    """
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return None
    return True


@contextlib.contextmanager
def held(path: str) -> Iterator[None]:
    """Keep other runs away from a file that is read, changed and written anew.

    Without that two runs read the same table, and the second takes back what the first put in.

    Raises:
        CivictagError: another run has it, or has just written it.
    """
    if os.name == "nt":  # an open file could not be replaced there
        yield
        return
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # what cannot be opened, its reader tells
            file = stack.enter_context(open(path, "rb"))
            if lock(file.fileno()) is False or not os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                problem = _("is being written by another run")
                raise CivictagError(problem, where=path, hint=_("Wait until it has ended, then do it again"))
        yield
