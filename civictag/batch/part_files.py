"""The files that parts of an output lie in until all are there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence

from civictag.batch.part_format import Frame, Layout
from civictag.util.atomic_file import Sink, deliver, open_sink, told


def path_of(folder: str, number: int) -> str:
    """Where a part lies. The suffix is none that readers know: an output beside its inputs is not read."""
    return os.path.join(folder, f"{number:07}.part")


def store(folder: str, number: int, body: bytes) -> None:
    """Put a part on disk, whole or not at all.

    Raises:
        CivictagError: it cannot be written.
    """
    deliver(body, path_of(folder, number))


def is_whole(folder: str, number: int, sha256: str) -> bool:
    """Whether the part is there with the bytes that it should have."""
    try:
        with open(path_of(folder, number), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def tidy(folder: str, keep: Iterable[str]) -> None:
    """Remove what a run that was cut off left unfinished: everything but ``keep``."""
    names = set(keep)
    for name in os.listdir(folder):
        if name not in names:
            with contextlib.suppress(OSError):
                os.unlink(os.path.join(folder, name))


def join(folder: str, count: int, layout: Layout, target: str) -> None:
    """Write the parts 0 to ``count`` - 1, in order, as one output: whole or not at all.

    Raises:
        CivictagError: it cannot be written.
    """
    sink = open_sink(target, folder)
    try:
        paths = [path_of(folder, number) for number in range(count)]
        if layout.form != "parquet":
            _copy_bytes(paths, layout.frame(), sink)
        elif paths:
            from civictag.writers.as_parquet import copy_groups

            copy_groups(paths, sink)
        else:
            sink.write(layout.part(()))
        sink.commit()
    except BaseException:
        sink.abort()
        raise


def _copy_bytes(paths: Sequence[str], frame: Frame, sink: Sink) -> None:
    begun = False
    for path in paths:
        with open(path, "rb") as part:
            if os.fstat(part.fileno()).st_size:
                sink.write(frame.between if begun else frame.before)
                begun = True
                with told(sink.name):
                    shutil.copyfileobj(part, sink.file, 1 << 20)
    sink.write(frame.after if begun else frame.empty)
