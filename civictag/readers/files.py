"""Finding and opening inputs: folders, names of every kind, sizes, faults of the file system."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, cast

from civictag.errors import InputError, reason
from civictag.i18n import _
from civictag.readers.limits import ARTICLE_BYTES, MIB
from civictag.util.unfinished import is_unfinished

PAGE_SUFFIXES = (".html", ".htm", ".shtml", ".xhtml", ".jsp", ".asp", ".aspx", ".php")
CONVERTED_SUFFIXES = (".doc", ".wps", ".rtf", ".odt")
MAIL_SUFFIXES = (".eml", ".mht", ".mhtml")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods")
_PLAIN = (".txt", ".md", *PAGE_SUFFIXES)
_ROWS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv")
ARTICLE_SUFFIXES = (
    *_PLAIN,
    *(f"{s}.gz" for s in _PLAIN),
    ".docx",
    ".docm",
    ".pdf",
    *CONVERTED_SUFFIXES,
    *MAIL_SUFFIXES,
)
TABLE_SUFFIXES = (*_ROWS, *(f"{s}.gz" for s in _ROWS), *WORKBOOK_SUFFIXES, ".parquet", ".zip")
_SUFFIXES = sorted((*ARTICLE_SUFFIXES, *TABLE_SUFFIXES), key=len, reverse=True)


Passed = Callable[[str, str], object]


def find_inputs(paths: Iterable[str], passed: Passed | None = None) -> Iterator[str]:
    """The files to read: each path as given, each folder's files in order of name, all levels down.

    What is passed over in folders is told to ``passed``, with its kind: the suffix (of those that no
    reader knows), ``lock``, ``thumbnail``, ``hidden``, ``page`` (pictures and scripts of a saved page),
    ``pipe`` (and sockets and devices: given by name they are read) or ``own`` (outputs of civictag's).
    A link back to a folder above is not followed twice, and of several paths that lead to one file the
    first counts (``twice``): a folder and a file in it would be counted double. A path that
    does not exist is given on, so that reading it says so.
    Names that are not UTF-8 keep their bytes (surrogateescape, as ``os.fsdecode`` gives them).
    """
    tell = passed or (lambda _path, _kind: None)
    wanted = list(paths)
    found = _found(wanted, tell)
    yield from found if len(wanted) < 2 else _once(found, tell)


def length(path: str) -> int:
    """Size of a file in bytes; 0 where it cannot be told."""
    with contextlib.suppress(OSError, ValueError):
        return os.stat(path).st_size
    return 0


def _once(found: Iterable[str], tell: Passed) -> Iterator[str]:
    from civictag.util.outputs import identity_of

    seen: set[object] = set()
    for path in found:
        mark = None if path == "-" else identity_of(path)
        if mark is None or mark not in seen:
            yield path
        else:
            tell(path, "twice")
        seen.add(mark)


def _found(paths: Iterable[str], tell: Passed) -> Iterator[str]:
    for path in paths:
        if path != "-" and os.path.isdir(path):
            yield from _walk(path, frozenset(), tell)
        else:
            yield path


def _walk(folder: str, above: frozenset[tuple[int, int]], tell: Passed) -> Iterator[str]:
    from civictag.readers.own_outputs import is_own_output

    try:
        here = os.stat(folder)
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder  # reading it will tell what is wrong
        return
    mark = (here.st_dev, here.st_ino)
    if mark in above:
        return
    for entry in entries:
        if is_unfinished(entry.name):  # of an output that is being written here, perhaps by this run
            continue
        kind = _litter(entry.name, folder)
        if kind:
            tell(entry.path, kind)
        elif _is_folder(entry):
            yield from _walk(entry.path, above | {mark}, tell)
        elif _is_special(entry):
            tell(entry.path, "pipe")
        elif is_own_output(entry.path):
            tell(entry.path, "own")
        elif suffix_of(entry.name):
            yield entry.path
        else:
            tell(entry.path, os.path.splitext(entry.name)[1].lower())


def _litter(name: str, folder: str) -> str:
    """The kind of a file that programs leave beside a person's own; "" if it is none."""
    low = name.lower()
    if low.startswith(("~$", ".~lock.", "~wrl")) or low.endswith(".tmp"):
        return "lock"
    if low in _THUMBNAILS:
        return "thumbnail"
    if low.startswith("."):
        return "hidden"
    saved_page = folder.lower().endswith(("_files", ".files"))
    return "page" if low.endswith(_PAGE_PARTS) or (saved_page and not suffix_of(low)) else ""


def _is_special(entry: os.DirEntry[str]) -> bool:
    """A pipe, socket or device: opening one may wait for ever. A link to nothing is none."""
    try:
        return not (entry.is_file() or stat.S_ISREG(entry.stat().st_mode))
    except OSError:
        return False


_THUMBNAILS = ("thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store")
_PAGE_PARTS = (".css", ".js", ".woff", ".woff2", ".ttf", ".eot", ".ico", ".map")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: reading it will tell, where its name is one that readers know
        return False


def suffix_of(path: str) -> str:
    """The known suffix that ``path`` ends in (``.csv.gz`` before ``.gz``), lower case; "" if none."""
    return next((s for s in _SUFFIXES if path.lower().endswith(s)), "")


def shown(path: str) -> str:
    """``path`` as one line that any terminal and any JSON can hold: odd bytes and newlines escaped."""
    if path.isprintable():
        return path
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def open_binary(path: str) -> BinaryIO:
    """Open a file, or standard input for ``-``.

    Raises:
        InputError: it is missing, a folder, or may not be read.
    """
    if path == "-":
        return sys.stdin.buffer
    try:
        return open(path, "rb")
    except ValueError as error:  # a NUL in the name
        raise InputError(_("no file can have this name"), where=shown(path)) from error
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: str, error: OSError) -> InputError:
    """The InputError for what the file system said."""
    hints = {
        FileNotFoundError: _("Check the spelling and the folder"),
        IsADirectoryError: _("Give the files in it, or let the folder be searched"),
        PermissionError: _("Ask for the right to read it"),
    }
    hint = next((text for kind, text in hints.items() if isinstance(error, kind)), None)
    problem = reason(error).lower()
    return InputError(_("cannot be read: {problem}", problem=problem), where=shown(path), hint=hint)


def read_bytes(path: str, limit: int = ARTICLE_BYTES) -> bytes:
    """All bytes of one article, at most ``limit``; a larger file is refused before it is read.

    Raises:
        InputError: unreadable, empty, or larger than ``limit`` bytes.
    """
    with open_binary(path) as file:
        if not path.lower().endswith(".gz"):
            return read_all(file, path, limit)
        import gzip

        try:
            return read_all(cast(BinaryIO, gzip.open(file)), path, limit, packed=True)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(
                _("the packed file is damaged: {reason}", reason=error), where=shown(path)
            ) from error


def beginning(path: str, size: int = 4096) -> bytes:
    """The first bytes of a file, unpacked; b"" of a pipe, and where it cannot be read: reading will tell."""
    if not os.path.isfile(path):
        return b""
    with contextlib.suppress(InputError, OSError, EOFError, zlib.error), open_binary(path) as file:
        if not path.lower().endswith(".gz"):
            return file.read(size)
        import gzip

        return gzip.GzipFile(fileobj=file).read1(size)
    return b""


def read_all(file: BinaryIO, path: str, limit: int, *, packed: bool = False) -> bytes:
    """``read_bytes`` of a file that is open already; ``path`` names it in errors."""
    try:
        if not packed and _size(file) > limit:
            raise _too_large(path, limit)
        data = file.read(limit + 1)  # a pipe or a device has no size beforehand
    except OSError as error:
        if packed:
            raise
        raise unreadable(path, error) from error
    if len(data) > limit:
        raise _too_large(path, limit)
    if not data.strip():
        raise InputError(_("the file is empty"), where=shown(path))
    return data


def _size(file: BinaryIO) -> int:
    try:
        status = os.fstat(file.fileno())
    except (OSError, AttributeError):  # a test's or a wrapper's standard input has no number
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def _too_large(path: str, limit: int) -> InputError:
    return InputError(
        _("larger than {limit} MiB, the most that is read as one article", limit=limit // MIB),
        where=shown(path),
        hint=_("Many articles in one file belong in .jsonl, .csv or .parquet, one per row"),
    )
