"""A model's files, read once: what is hashed is what is used, and nothing changes under a run.

The bytes are private copies. A map of the files would save two milliseconds, and die of SIGBUS when
somebody copies a newer model over them during a run; hashing by one opening and using another mixed
two models in one of seventeen loads under a writer. Only regular files are opened, within the one
folder that was opened first: a FIFO would wait for ever, a link could point anywhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import time
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from civictag.errors import ModelError, reason
from civictag.i18n import _, mark

MANIFEST = "manifest.json"
SHIPPED_WORDS, SHIPPED_WEIGHTS = "shipped_words.txt", "shipped_weights.f32"
AGAIN = mark("The model is damaged: train or copy it again")
MIB = 1 << 20
LARGEST = 256 * MIB  # of a file; the shipped model's largest has 1.4 MB
LARGEST_MANIFEST = 8 * MIB
_TRIES, _PAUSE = 6, 0.005  # where somebody replaces the model meanwhile; each pause is twice the last: 0.3 s
_DIGITS = 18  # of an integer: more fit no field, and millions of digits take minutes to parse


class BundleFiles(NamedTuple):
    """A bundle in memory: its manifest, the manifest's sha256, and the bytes of its other files."""

    folder: str
    manifest: Mapping[str, Any]
    sha256: str
    contents: Mapping[str, bytes]
    raw_manifest: bytes

    def place(self, name: str) -> str:
        """What messages call a file of the bundle."""
        return os.path.join(self.folder, name)


def read_bundle(folder: str, required: Collection[str], optional: Collection[str] = ()) -> BundleFiles:
    """Read a bundle whole, every file once, and compare the files with the manifest's hashes.

    Args:
        required: names of the files that every bundle has besides the manifest.
        optional: names of those that it has where the manifest lists them.

    Raises:
        ModelError: not a bundle; a file is missing, too large, no regular file or not the manifest's.
    """
    seen = None
    for attempt in range(_TRIES):
        try:
            return _read(folder, required, optional)
        except ModelError as error:
            now = _identity(folder)
            if now == seen and attempt > 1:  # nobody touched it in the last two pauses, or longer
                raise
            seen, failed = now, error.with_traceback(None)  # it holds what was read, up to LARGEST bytes
            time.sleep(_PAUSE * 2**attempt)
    raise ModelError(
        _("is being changed: {problem}", problem=failed.problem),
        where=failed.where,
        hint=_("Try again when whoever copies it is done; 'civictag train -o' replaces a model in one step"),
    )


def every_name(own: list[str], shipped: list[str]) -> list[str]:
    """Names in the order of the rows of weights, "" for a shipped word that is the model's own name too."""
    known = {*own}
    return [*own, *("" if name in known else name for name in shipped)]


def manifest_sha256(folder: str) -> str | None:
    """The sha256 of a folder's manifest; None where there is none."""
    try:
        with open(os.path.join(folder, MANIFEST), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return None


def parse_json(data: bytes, where: str) -> Any:
    """Strict JSON of moderate size: no NaN, no Infinity, no number that no field could hold, no key twice.

    Raises:
        ModelError: it is none.
    """
    try:
        text = data.decode("utf-8")  # json itself would guess an encoding
        return json.loads(
            text,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_moderate,
            object_pairs_hook=_each_once,
        )
    except (ValueError, RecursionError) as error:
        problem = _("cannot be read: {reason}", reason=error or type(error).__name__)
        raise ModelError(problem, where=where, hint=_(AGAIN)) from None


def _read(folder: str, required: Collection[str], optional: Collection[str]) -> BundleFiles:
    handle = _open_folder(folder)
    try:
        raw = _bytes(folder, MANIFEST, handle, LARGEST_MANIFEST)
        path = os.path.join(folder, MANIFEST)
        manifest = parse_json(raw, path)
        if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
            raise ModelError(_("is not a civictag manifest"), where=path)
        hashes = manifest["files"]
        names = [*required, *(name for name in optional if name in hashes)]
        contents = {name: _checked(folder, name, handle, hashes) for name in names}
    finally:
        if handle is not None:
            os.close(handle)
    return BundleFiles(folder, manifest, hashlib.sha256(raw).hexdigest(), contents, raw)


def _checked(folder: str, name: str, handle: int | None, hashes: Mapping[str, object]) -> bytes:
    data = _bytes(folder, name, handle, LARGEST)
    if hashlib.sha256(data).hexdigest() != hashes.get(name):
        raise ModelError(_("does not match the manifest"), where=os.path.join(folder, name), hint=_(AGAIN))
    return data


def _open_folder(folder: str) -> int | None:
    """The folder, held open so that all files come from the same one; None on Windows, which cannot."""
    if os.open not in os.supports_dir_fd:
        return None
    try:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except (OSError, ValueError) as error:
        raise _unreadable(folder, error) from None


def _bytes(folder: str, name: str, handle: int | None, most: int) -> bytes:
    path = os.path.join(folder, name)
    flags = os.O_RDONLY
    for extra in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, extra, 0)
    try:
        if not hasattr(os, "O_NOFOLLOW") and os.path.islink(path):
            raise _not_regular(path)
        number = os.open(path, flags) if handle is None else os.open(name, flags, dir_fd=handle)
        with open(number, "rb") as file:
            status = os.fstat(number)
            if not stat.S_ISREG(status.st_mode):
                raise _not_regular(path)
            # One more than its size: what grows meanwhile (or is of /proc) does not match the manifest.
            data = file.read(min(status.st_size, most) + 1)
    except FileNotFoundError as error:
        if name == MANIFEST:
            raise ModelError(_("is not a model: it has no manifest.json"), where=folder) from None
        raise _unreadable(path, error) from None
    except OSError as error:
        if os.path.islink(path):
            raise _not_regular(path) from None
        raise _unreadable(path, error) from None
    if len(data) > most:
        size = _("is larger than {size} MiB", size=most // MIB)
        raise ModelError(size, where=path, hint=_(AGAIN))
    return data


def _identity(folder: str) -> list[tuple[str | int, ...]]:
    """What tells that a folder or a file in it was changed meanwhile: also one that is written in place.

    The time of the last change of the inode is no copier's to set: where a folder is removed and copied
    anew with its times, the new files often get the numbers of the old ones.
    """
    found: list[tuple[str | int, ...]] = []
    with contextlib.suppress(OSError):
        for place in (folder, *(os.path.join(folder, name) for name in sorted(os.listdir(folder)))):
            status = os.lstat(place)
            times = status.st_mtime_ns, status.st_ctime_ns
            found.append((place, status.st_dev, status.st_ino, status.st_size, *times))
    return found


def _not_regular(path: str) -> ModelError:
    return ModelError(
        _("is not a regular file"), where=path, hint=_("Copy the model itself, not links to its files")
    )


def _unreadable(path: str, error: OSError | ValueError) -> ModelError:
    said = reason(error) if isinstance(error, OSError) else error
    return ModelError(_("cannot be read: {reason}", reason=said), where=path, hint=_(AGAIN))


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of a key that stands twice some readers take the first value and others the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise ValueError(f"{text[:20]} is too large")
    return number


def _moderate(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError(f"a whole number of {len(text)} digits")
    return int(text)
