"""Where the bytes go: a file that appears whole or not at all, or a stream."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from typing import BinaryIO, NoReturn, Protocol

from civictag.errors import CivictagError, reason
from civictag.i18n import _
from civictag.util.unfinished import create, discard, for_a_reader, forget, tidy

_hooks: list[Callable[[str, str], None]] = []


class Sink(Protocol):
    """A binary target that can be taken back until it is committed.

    Attributes:
        file: the open binary file, for libraries that write by themselves (within ``write_errors(name)``).
        name: what messages call the target.
    """

    file: BinaryIO

    name: str

    def write(self, data: bytes) -> None:
        """Append bytes. Raises CivictagError when the disk is full or the file is gone."""

    def flush(self) -> None:
        """Hand on what is buffered, where somebody reads along."""

    def commit(self) -> None:
        """Make what was written final."""

    def abort(self) -> None:
        """Leave no trace where that is possible. Never raises."""


class StreamSink:
    """A stream such as standard output, or a device: bytes go out at once.

    Args:
        file: the open stream.
        name: what messages call it.
        owned: close it at the end; someone else's stream is only flushed.
    """

    def __init__(self, file: BinaryIO, name: str, *, owned: bool = False) -> None:
        self.file = file
        self.name = name
        self._owned = owned

    def write(self, data: bytes) -> None:
        """Append bytes."""
        _append(self.file, data, self.name)

    def flush(self) -> None:
        """Hand on what is buffered."""
        with write_errors(self.name):
            self.file.flush()

    def commit(self) -> None:
        """Hand on what is buffered; close it, if it is ours."""
        with write_errors(self.name):
            self.file.flush()
            if self._owned:
                self.file.close()

    def abort(self) -> None:
        """Bytes already sent cannot be taken back."""
        with contextlib.suppress(OSError):
            self.file.flush()
        with contextlib.suppress(OSError):
            if self._owned:
                self.file.close()


class FileSink:
    """A file written beside its target and moved over it once complete and on disk.

    Args:
        path: the target.
        scratch: folder of the same file system for the unfinished file; None for the target's own.
        mode: the rights of a new file; a file that is replaced passes on its own.

    Raises:
        CivictagError: the folder is missing or not writable, or the disk is full.
    """

    def __init__(self, path: str | os.PathLike[str], scratch: str | None = None, mode: int = 0o666) -> None:
        # A link stays a link: the file it points to is replaced.
        self.path = os.path.realpath(path)
        self.name = os.fspath(path)
        folder, name = os.path.split(self.path)
        tidy(scratch or folder, name)
        self.file: BinaryIO  # closed by commit or abort
        with write_errors(self.name):
            self.file, self.temporary = create(scratch or folder, name, mode)

    def write(self, data: bytes) -> None:
        """Append bytes."""
        _append(self.file, data, self.name)

    def flush(self) -> None:
        """Nothing: nobody sees the file before it is whole."""

    def commit(self) -> None:
        """Flush to disk, then rename: after a power cut there is the old file or the new one."""
        with write_errors(self.name):
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
            with contextlib.suppress(OSError):
                os.chmod(self.temporary, stat.S_IMODE(os.stat(self.path).st_mode))
            for hook in _hooks:
                hook(self.temporary, self.path)
            os.replace(self.temporary, self.path)
        forget(self.temporary)
        sync_folder(os.path.dirname(self.path))

    def abort(self) -> None:
        """Remove the unfinished file."""
        with contextlib.suppress(OSError):
            self.file.close()
        discard(self.temporary)


def open_sink(
    target: BinaryIO | str | os.PathLike[str], scratch: str | None = None, mode: int = 0o666
) -> Sink:
    """A sink for a path (atomic) or for an open binary stream (direct).

    ``scratch`` is where the unfinished file lies, as for ``FileSink``, and ``mode`` its rights.

    Raises:
        CivictagError: the path cannot be written.
    """
    if not isinstance(target, (str, os.PathLike)):
        return StreamSink(target, "output")
    path = os.fspath(target)
    if os.path.isdir(path):
        raise CivictagError(_("cannot write: it is a folder"), where=path, hint=_("Give a file name"))
    number = descriptor(path)
    if number is not None:
        with write_errors(path):  # opened by name, a file that the shell appends to would be overwritten
            return StreamSink(os.fdopen(os.dup(number), "wb"), path, owned=True)
    if not os.path.exists(path) or os.path.isfile(path):
        return FileSink(path, scratch, mode)
    with write_errors(path):  # /dev/null, a pipe: nothing that a rename may replace
        return StreamSink(open(path, "wb", opener=for_a_reader), path, owned=True)


def deliver(
    data: bytes,
    target: BinaryIO | str | os.PathLike[str],
    scratch: str | None = None,
    mode: int = 0o666,
) -> None:
    """Write an answer that is there as a whole already; ``scratch`` and ``mode`` as for ``open_sink``.

    Raises:
        CivictagError: the path cannot be written.
    """
    sink = open_sink(target, scratch, mode)
    try:
        sink.write(data)
        sink.commit()
    except BaseException:
        sink.abort()
        raise


@contextlib.contextmanager
def before_each_rename(hook: Callable[[str, str], None]) -> Iterator[None]:
    """Call ``hook(unfinished, path)`` with each whole file before it is moved over ``path``."""
    _hooks.append(hook)
    try:
        yield
    finally:
        _hooks.remove(hook)


def descriptor(path: str) -> int | None:
    """Number of the open file that a name such as ``/dev/stdout`` or ``/dev/fd/3`` stands for, else None."""
    known = {"/dev/stdout": 1, "/dev/stderr": 2}
    match = re.fullmatch(r"/(?:dev|proc/self)/fd/(\d{1,9})", path)
    return int(match[1]) if match else known.get(path)


def probe(path: str) -> None:
    """Make sure, before the work, that a file can be written at ``path``.

    Raises:
        CivictagError: its folder is missing or cannot be written, or it is a folder itself.
    """
    if os.path.isdir(path) or not os.path.exists(path) or os.path.isfile(path):
        open_sink(path).abort()


@contextlib.contextmanager
def write_errors(path: str, kind: type[CivictagError] = CivictagError) -> Iterator[None]:
    """Re-raise an operating system's refusal as ``kind``, with the name of the file.

    A closed pipe is no mistake of the user's (``civictag tag … | head``) and stays what it is.
    """
    try:
        yield
    except OSError as error:
        _refuse(path, error, kind)


def _append(file: BinaryIO, data: bytes, name: str) -> None:
    """Without a context manager: this is done once per row."""
    try:
        file.write(data)
    except OSError as error:
        _refuse(name, error)


def _refuse(path: str, error: OSError, kind: type[CivictagError] = CivictagError) -> NoReturn:
    if isinstance(error, BrokenPipeError):
        raise error
    raise kind(
        _("cannot write: {reason}", reason=reason(error)),
        where=path,
        hint=_("Check the folder, its rights and the free space"),
    ) from error


def sync_folder(folder: str) -> None:
    """Put the rename itself on disk; Windows has no such call and needs none."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
