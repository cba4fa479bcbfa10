"""Files and folders that a run makes beside its outputs, and locks: what is left of them, and by whom.

A part of an output is noted before it is made and forgotten when it is in its place, so that a run that
ends by whatever signal takes it away; what a killed run left, the next run takes away, for nobody locks it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import time
import weakref
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from civictag.errors import CivictagError
from civictag.i18n import _

_PATIENCE = 5  # seconds that somebody who is to read a pipe may take to begin
_unfinished: set[str] = set()
_locked: weakref.WeakSet[BinaryIO] = weakref.WeakSet()


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


def create(folder: str, name: str, mode: int = 0o666) -> tuple[BinaryIO, str]:
    """A new unfinished file for the output ``name``, noted and locked: open, and its path.

    Raises:
        OSError: the folder cannot be written.
    """
    while True:
        path = os.path.join(folder, f"{_stem(name)}{os.urandom(6).hex()}.part")
        note(path)  # before it is there: a signal may come between
        file = open(  # noqa: SIM115 - closed by whoever asked for it
            path, "xb", opener=lambda found, flags: os.open(found, flags, mode)
        )
        lock(file.fileno())
        _locked.add(file)
        # Another run may have taken it for a killed run's in the moment before it was locked.
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                return file, path
        file.close()
        forget(path)


def let_go() -> None:
    """In a forked process: leave the parent's unfinished files and their locks to the parent.

    A copy of an open file holds its lock: a worker that outlived a killed parent by a second would keep the
    next run away.
    """
    _unfinished.clear()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for file in _locked:
        if not file.closed:
            os.dup2(nowhere, file.fileno(), inheritable=False)
    _locked.clear()
    os.close(nowhere)


def _stem(name: str) -> str:
    """How the name of an unfinished file begins, by the name of its output."""
    # A long name is cut: with the random part it could pass the 255 bytes of a file system.
    short = name if len(name) <= 40 else name[:40] + hashlib.sha256(os.fsencode(name)).hexdigest()[:8]
    return f".{short}."


def is_unfinished(name: str) -> bool:
    """Whether a file of this name is one of a run that is at work, or was killed."""
    return bool(re.fullmatch(r"\..+\.[0-9a-f]{12}\.part", name, re.DOTALL))


def tidy(folder: str, name: str) -> bool:
    """Remove what killed runs left beside this target; whether another run is at work on it."""
    pattern = re.compile(re.escape(_stem(name)) + r"[0-9a-f]{12}\.part")
    busy = False
    with contextlib.suppress(OSError):
        for found in filter(pattern.fullmatch, os.listdir(folder)):
            path = os.path.join(folder, found)
            busy |= path not in _unfinished and not _removed(path)
    return busy


def _removed(path: str) -> bool:
    """Take away what a killed run left; False where its run is still at work."""
    try:
        with open(path, "rb") as file:
            free = lock(file.fileno())
        if free:
            os.unlink(path)
    except OSError as error:
        return not (os.name == "nt" and isinstance(error, PermissionError))  # open, so Windows keeps it
    return free is not False


@contextlib.contextmanager
def claimed(paths: Iterable[str]) -> Iterator[None]:
    """Keep other runs from writing to these places (files, models' folders) from now to the end.

    Two that begin in one moment may both be refused; never do both go on.

    Raises:
        CivictagError: another run is at work on one of them.
    """
    with contextlib.ExitStack() as stack:
        for path in paths:
            place, name = os.path.split(os.path.realpath(path))
            if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):
                continue  # a pipe, a device
            with contextlib.suppress(OSError):  # what cannot be written, its writer tells
                file, mark = create(place, name)
                stack.callback(discard, mark)
                stack.enter_context(file)
            if tidy(place, name):
                raise _taken(path)
        yield


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


def for_a_reader(path: str, flags: int) -> int:
    """Open a device, or a pipe that somebody reads or is about to; one that nobody reads is refused."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
        except OSError as error:
            is_pipe = error.errno == errno.ENXIO and stat.S_ISFIFO(os.stat(path).st_mode)
            if not is_pipe or time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            os.set_blocking(handle, True)
            return handle


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
                raise _taken(path)
        yield


def _taken(path: str) -> CivictagError:
    problem = _("is being written by another run")
    return CivictagError(problem, where=path, hint=_("Wait until it has ended, then do it again"))
