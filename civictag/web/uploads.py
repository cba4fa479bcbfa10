"""Files that came by HTTP → Documents, read by the same readers as files of the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from civictag.datamodel import Document
from civictag.errors import CivictagError
from civictag.readers import Reading, read_documents
from civictag.readers.files import shown, suffix_of


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came: its name (a folder's file: the path within it) and its open bytes."""

    name: str
    file: BinaryIO


def read_uploads(uploads: Sequence[Upload], reading: Reading) -> Iterator[Document | CivictagError]:
    """The articles of all files in order; an error stands where a file or row could not be read."""
    with tempfile.TemporaryDirectory(prefix="civictag-") as folder:
        for number, upload in enumerate(uploads):
            path = os.path.join(folder, f"{number}{suffix_of(upload.name) or _suffix(upload.name)}")
            with open(path, "wb") as file:
                shutil.copyfileobj(upload.file, file)
            yield from read_named(path, upload.name, reading)
            os.unlink(path)


def read_named(path: str, name: str, reading: Reading) -> Iterator[Document | CivictagError]:
    """The articles of the file ``path``, called ``name`` in sources and errors."""
    called = shown(name)
    try:
        for item in read_documents(path, reading):
            if isinstance(item, CivictagError):
                yield _renamed(item, path, called)
            else:
                yield replace(item, source=called + item.source.removeprefix(path))
    except CivictagError as error:
        yield _renamed(error, path, called)


def _renamed(error: CivictagError, path: str, name: str) -> CivictagError:
    error.where = name + (error.where or path).removeprefix(path)
    error.args = (error.message(),)
    return error


def _suffix(name: str) -> str:
    """A suffix that no reader knows, so that reading can say so; letters and digits only."""
    suffix = os.path.splitext(name.replace("\\", "/").rpartition("/")[2])[1]
    return suffix if suffix[1:].isalnum() and len(suffix) < 16 else ".unknown" if suffix else ""
