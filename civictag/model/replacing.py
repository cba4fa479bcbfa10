"""A model's folder, replaced in one step: whoever looks finds the old model or the new one, whole.

Linux and macOS exchange two folders in one call (renameat2, renamex_np). Elsewhere it takes two
renames; a run that is killed between them leaves the old model in the hidden folder beside, and the next
writer puts it back.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping

from civictag.errors import ModelError
from civictag.util.atomic_file import sync_folder, write_errors
from civictag.util.unfinished import lock, unfinished

_EXCHANGE = 2  # RENAME_EXCHANGE of linux/fs.h, and RENAME_SWAP of macOS' stdio.h
_HERE = -100  # AT_FDCWD of Linux


def replace_folder(contents: Mapping[str, bytes], folder: str) -> None:
    """Write files into a fresh folder beside the target, in order, and put it in the target's place.

    Raises:
        ModelError: it cannot be written; the old folder is then as it was.
    """
    target = os.path.realpath(folder)  # a link stays a link
    with write_errors(folder, ModelError):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with _room(target) as room:
            fresh = os.path.join(room, "fresh")
            os.mkdir(fresh)
            for name, data in contents.items():
                _write(os.path.join(fresh, name), data)
            _put(fresh, target, os.path.join(room, "old"))
        sync_folder(os.path.dirname(target))


def probe_folder(folder: str) -> None:
    """Make sure, before the work, that a model can be written at ``folder``.

    Raises:
        ModelError: it cannot.
    """
    target = os.path.realpath(folder)
    above = os.path.dirname(target)
    while not os.path.lexists(above):
        above = os.path.dirname(above)
    with write_errors(folder, ModelError), _room(os.path.join(above, os.path.basename(target))):
        pass


@contextlib.contextmanager
def _room(target: str) -> Iterator[str]:
    """A hidden folder beside the target, locked while in use; those of killed runs are cleared away."""
    parent, name = os.path.split(target)
    stem = f".civictag-{name[:40]}-"
    _tidy(parent, stem, target)
    room = os.path.join(parent, stem + os.urandom(6).hex())
    with unfinished(room):
        os.mkdir(room, 0o700)
        handle = _locked(room)
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)
            if handle is not None:
                os.close(handle)


def _locked(room: str) -> int | None:
    """The folder, open and locked; None where somebody else holds it, and on Windows, which opens none."""
    try:
        handle = os.open(room, os.O_RDONLY)
    except OSError:
        return None
    if lock(handle):
        return handle
    os.close(handle)
    return None


def _tidy(parent: str, stem: str, target: str) -> None:
    pattern = re.compile(re.escape(stem) + r"[0-9a-f]{12}")
    with contextlib.suppress(OSError):
        for name in filter(pattern.fullmatch, os.listdir(parent)):
            room = os.path.join(parent, name)
            handle = _locked(room)
            if handle is None:
                continue
            old = os.path.join(room, "old")
            if os.path.isdir(old) and not os.path.lexists(target):
                os.rename(old, target)
            shutil.rmtree(room, ignore_errors=True)
            os.close(handle)


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _put(fresh: str, target: str, aside: str) -> None:
    """Put the new folder in place; the old one ends in the hidden folder, which is removed."""
    if not os.path.lexists(target):
        os.rename(fresh, target)
    elif not _exchange(fresh, target):
        os.rename(target, aside)
        try:
            os.rename(fresh, target)
        except BaseException:
            os.rename(aside, target)
            raise


def _exchange(one: str, other: str) -> bool:
    """Let two folders change places in one step; False where the system or the file system cannot."""
    import ctypes

    library = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    paths = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        return bool(library.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE) == 0)  # type: ignore[union-attr]
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return bool(library.renamex_np(*paths, _EXCHANGE) == 0)
    return False
