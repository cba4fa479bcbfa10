"""The one rule for what may be written where, and which files civictag made.

An output is never an input, two outputs are never one file, and a file that civictag did not make, or
that somebody changed since, is not overwritten unasked. What civictag made is known by its contents:
size and hash of each finished output are kept in a folder of the user's
(``platformdirs.user_state_dir``; ``CIVICTAG_STATE`` names another). A mark inside the file would break
formats that other programs read (CSV, JSON lines), a file beside it would litter, and times or
attributes do not survive copying, mail and Windows shares. Where the folder cannot be written nothing
is known, and an existing output needs ``--force``: the rule errs on the safe side.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from civictag.errors import CivictagError, InputError
from civictag.i18n import _
from civictag.util.atomic_file import before_each_rename, descriptor, probe
from civictag.util.unfinished import claimed

_KEPT = 20_000  # records; the oldest go first
_File = tuple[int, int]  # device and number: the same for every name and link of a file


@contextlib.contextmanager
def guarded(
    outputs: Sequence[str | None], inputs: Iterable[str] = (), *, force: bool = False
) -> Iterator[None]:
    """Check the outputs before the work, remember after it what was written.

    Args:
        outputs: the files that will be written; None and ``-`` are standard output.
        inputs: every file that will be read; asked for only when an output exists already.
        force: overwrite a file that civictag did not make. An input is not overwritten even so.

    Raises:
        InputError: an output is an input, or two outputs are one file.
        CivictagError: an output exists and is not civictag's, its place cannot be written, or another run
            is at work on it.
    """
    check(outputs, inputs, force=force)
    targets = [output for output in outputs if output and not _is_open(output)]
    with claimed(targets), remembered(targets):
        yield


@contextlib.contextmanager
def remembered(targets: Sequence[str]) -> Iterator[None]:
    """Remember of these files that civictag makes them: before each is moved into its place.

    After it, a run that is killed in between would find its own file a stranger's.
    """
    before = {os.path.realpath(target): _state(target) for target in targets}
    noted = set()

    def note(unfinished: str, path: str) -> None:
        """Of a file that is whole, just before it gets its name."""
        if path in before:
            remember(unfinished)
            noted.add(path)

    try:
        with before_each_rename(note):
            yield
    finally:
        for target, was in before.items():
            if target not in noted and _state(target) != was:
                remember(target)


def check(outputs: Sequence[str | None], inputs: Iterable[str] = (), *, force: bool = False) -> None:
    """The first half of ``guarded``, with the same arguments and errors."""
    targets = [output for output in outputs if output and not _is_open(output)]
    streams = [_standard(output) for output in outputs if _is_open(output)]
    _refuse_twins(targets)
    _refuse_inputs({mark for mark in [*map(identity_of, targets), *streams] if mark}, inputs)
    for target in targets:
        if not force and identity_of(target) and os.stat(target).st_size and not is_made(target):
            raise CivictagError(
                _("exists, and civictag did not make it or it was changed since"),
                where=target,
                hint=_("Write to another file, or give --force to overwrite it"),
            )
        probe(target)


def check_folder(folder: str, *, inside: bool = False) -> None:
    """Make sure, before the work, that a folder (a model's) can be made or replaced at ``folder``.

    Args:
        folder: the path.
        inside: files are put into the folder, where it is there already.

    Raises:
        CivictagError: the folder that it would lie in is missing or cannot be written.
    """
    place = os.path.realpath(folder)
    probe(os.path.join(place if inside and os.path.isdir(place) else os.path.dirname(place), "_"))


def is_made(path: str) -> bool:
    """Whether the file is, byte for byte, an output that civictag made for this user."""
    try:
        size = os.stat(path).st_size
        folder = state_folder("outputs")
        known = _sizes(folder, os.stat(folder).st_mtime_ns)
        return size in known and _record(path, size) in known[size]
    except (OSError, ValueError):
        return False


def remember(path: str) -> None:
    """Note that civictag made this file; where that cannot be noted, nothing happens."""
    with contextlib.suppress(OSError, ValueError):
        if identity_of(path) and os.stat(path).st_size:  # an empty file is nobody's
            folder = state_folder("outputs")
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, _record(path, os.stat(path).st_size)), "wb"):
                pass
            _forget_oldest(folder)
            _sizes.cache_clear()  # two changes of the folder may bear one time


def _refuse_twins(targets: list[str]) -> None:
    seen: dict[object, str] = {}
    for target in targets:
        for name in (identity_of(target), os.path.normcase(os.path.realpath(target))):
            if name and seen.setdefault(name, target) is not target:
                raise InputError(
                    _("is given for two outputs"), where=target, hint=_("Give each output a file of its own")
                )


def _refuse_inputs(marks: set[_File], inputs: Iterable[str]) -> None:
    for path in inputs if marks else ():  # what does not exist yet cannot be an input
        if path != "-" and identity_of(path) in marks:
            raise InputError(
                _("is an input and would be overwritten"),
                where=path,
                hint=_("Write the output to another file"),
            )


def identity_of(path: str) -> _File | None:
    """What tells a regular file under all its names; None for devices, pipes, and what is not there."""
    try:
        return _identity(os.stat(path))
    except (OSError, ValueError):
        return None


def _is_open(output: str | None) -> bool:
    """Whether the output is a stream that is open already: it is neither replaced nor remembered."""
    return output in (None, "-") or descriptor(str(output)) is not None


def _standard(output: str | None) -> _File | None:
    """The file that a stream goes to: ``civictag tag folder > folder/out.jsonl`` would read itself."""
    number = descriptor(output) if output and output != "-" else None
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return _identity(os.fstat(sys.stdout.fileno() if number is None else number))
    return None


def _identity(status: os.stat_result) -> _File | None:
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) and status.st_ino else None


def _state(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


_STATE_VARIABLES = ("LOCALAPPDATA",) if os.name == "nt" else ("XDG_STATE_HOME", "HOME")


def state_folder(kind: str) -> str:
    """The folder, perhaps not made yet, of what civictag keeps for this user: ``outputs`` or ``models``."""
    folder = os.environ.get("CIVICTAG_STATE")
    return os.path.join(folder or _user_state(*map(os.environ.get, _STATE_VARIABLES)), kind)


@lru_cache(maxsize=1)
def _user_state(*_variables: str | None) -> str:
    """Where the system keeps such things; asked once per input file, so kept for the same environment."""
    from platformdirs import user_state_dir

    return user_state_dir("civictag", appauthor=False)


def _record(path: str, size: int) -> str:
    import hashlib

    with open(path, "rb") as file:
        return f"{size}-{hashlib.file_digest(file, 'blake2b').hexdigest()[:40]}"


@lru_cache(maxsize=1)
def _sizes(folder: str, changed: int) -> dict[int, set[str]]:
    """Size in bytes -> the records of outputs of that size: a file of another size need not be hashed.

    ``changed`` is the folder's time of change, for which the answer is kept.
    """
    found: dict[int, set[str]] = {}
    for name in os.listdir(folder):
        size = name.partition("-")[0]
        if size.isdecimal():
            found.setdefault(int(size), set()).add(name)
    return found


def _forget_oldest(folder: str) -> None:
    names = os.listdir(folder)
    if len(names) > _KEPT:
        paths = sorted((os.path.join(folder, name) for name in names), key=os.path.getmtime)
        for path in paths[: len(names) - _KEPT * 9 // 10]:
            with contextlib.suppress(OSError):
                os.unlink(path)
