"""The files of a corpus: which of a folder are read, what is not, and what each is called."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable

from civictag.corpus import formats
from civictag.errors import CorpusError
from civictag.i18n import _, listed, ngettext

_NAMED = 3  # files that are not read whose names are told


def files_in(path: str) -> list[str]:
    """A file itself; of a folder those that have a suffix of ours, packed too, sorted.

    Raises:
        CorpusError: no such file or folder, or a folder without such files.
    """
    if os.path.isdir(path):
        found = [os.path.join(path, name) for name in sorted(os.listdir(path)) if _is_read(path, name)]
        if not found:
            raise CorpusError(
                _("holds no file of labelled paragraphs"),
                where=path,
                hint=_("Known are: {known}", known=" ".join(formats.SUFFIXES)),
            )
        return found
    if not os.path.exists(path):
        raise CorpusError(_("no such file or folder"), where=path, hint=_("Check the path"))
    return [path]


def not_read(path: str) -> str:
    """A sentence about what lies in a folder of a corpus and is not read; "" where that is nothing."""
    names = sorted(os.listdir(path)) if os.path.isdir(path) else []
    passed = [name for name in names if not _is_litter(name) and not _is_read(path, name)]
    if not passed:
        return ""
    return ngettext(
        "{path}: {count} file or folder in it is not read: {names}",
        "{path}: {count} files or folders in it are not read: {names}",
        len(passed),
        path=path,
        names=listed(passed[:_NAMED]) + (" …" if len(passed) > _NAMED else ""),
    )


def once(files: Iterable[str]) -> dict[str, str]:
    """Each file by its real path, as it was given first."""
    found: dict[str, str] = {}
    for path in files:
        found.setdefault(os.path.realpath(path), path)
    return found


def file_names(files: Iterable[str]) -> dict[str, str]:
    """What the paragraphs of each file name it by: its stem, and more of its path where two have the same.

    Else article 1 of ``a/c.jsonl`` and article 1 of ``b/c.jsonl`` would be one.
    """
    paths = list(dict.fromkeys(files))
    names = {path: os.path.splitext(os.path.basename(path))[0] for path in paths}
    for longer in (_with_folder, str):
        times = Counter(names.values())
        names = {path: longer(path) if times[name] > 1 else name for path, name in names.items()}
    return names


def _with_folder(path: str) -> str:
    return "/".join(os.path.abspath(path).split(os.sep)[-2:])


def _is_read(path: str, name: str) -> bool:
    """Whether it is a file of ours: no folder, and no pipe, which would be waited for without end."""
    ours = name.lower().removesuffix(".gz").endswith(formats.SUFFIXES)
    return ours and not _is_litter(name) and os.path.isfile(os.path.join(path, name))


def _is_litter(name: str) -> bool:
    """What office programs and systems leave beside a person's own files."""
    return name.startswith(("~$", ".")) or name.lower() in ("thumbs.db", "desktop.ini")
