"""What lies in a folder and is not read: counted by kind, with the reason and what to do."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from civictag.errors import InputError
from civictag.i18n import _, listed
from civictag.readers.files import find_inputs, shown
from civictag.util.atomic_file import descriptor

LEFT_OUT = ("lock", "thumbnail", "hidden", "page", "own", "twice")
"""Kinds of files that nobody would want read: they are counted, and no reason for another exit code."""

_NAMED = 3  # files of a kind whose names are told


class Kind:
    """How many files of one kind were passed over, and the first few names."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[str] = []


class InputReport:
    """What the search of the inputs found.

    Attributes:
        found: files that are to be read.
        kinds: what was passed over: suffix, or one of ``LEFT_OUT`` → its files.
    """

    def __init__(self, found: int = 0) -> None:
        self.found = found
        self.kinds: dict[str, Kind] = {}

    def add(self, path: str, kind: str) -> None:
        """Note a file that is passed over."""
        entry = self.kinds.setdefault(kind, Kind())
        entry.count += 1
        if len(entry.first) < _NAMED:
            entry.first.append(path)

    def skipped(self) -> int:
        """Files that someone may have wanted read."""
        return sum(entry.count for kind, entry in self.kinds.items() if kind not in LEFT_OUT)

    def lines(self) -> list[str]:
        """A sentence for each kind: how many, which, why, and what to do."""
        lines = [self._line(kind, entry) for kind, entry in self.kinds.items() if kind not in LEFT_OUT]
        left = [f"{_left_out(kind)} {entry.count}" for kind, entry in self.kinds.items() if kind in LEFT_OUT]
        if left:
            lines.append(_("left out: {kinds}", kinds=listed(left)))
        return lines

    def _line(self, kind: str, entry: Kind) -> str:
        names = listed(shown(os.path.basename(path)) for path in entry.first)
        more = " …" if entry.count > len(entry.first) else ""
        return _(
            "passed over: {kind} {count} ({names}): {reason}",
            kind=_("pipe") if kind == "pipe" else kind or _("no suffix"),
            count=entry.count,
            names=names + more,
            reason=reason_of(kind),
        )


def look(paths: Iterable[str]) -> InputReport:
    """What a run over ``paths`` will read, and what it will pass over."""
    report = InputReport()
    for _path in find_inputs(paths, report.add):
        report.found += 1
    return report


def refuse_pipe(path: str) -> None:
    """Refuse a pipe or socket under a name: it may be waited for without end, and can be read once only.

    What the shell hands over as ``/dev/fd/63`` has a writer.

    Raises:
        InputError: it is one.
    """
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return
    if stat.S_ISSOCK(mode) or (stat.S_ISFIFO(mode) and descriptor(path) is None):
        hint = _("Give - and let it come from standard input")
        raise InputError(_("a pipe or socket, not a file"), where=shown(path), hint=hint)


def reason_of(suffix: str) -> str:
    """Why files with this suffix are not read, and what to do about it."""
    reasons = {
        ("",): _("a file without a suffix; add the one of its format, such as .txt"),
        (".zip",): _("an archive in an archive; unpack it first"),
        ("pipe",): _("a pipe, socket or device, not a file; copy what it holds into a file"),
        (".ppt", ".pptx", ".dps", ".odp", ".key"): _("slides; save them as .pdf or .docx"),
        (".ofd", ".ceb", ".caj", ".xps"): _("a page format without a reader; save it as .pdf"),
        (".epub", ".mobi", ".azw3"): _("a book; save its text as .docx or .txt"),
        (".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz"): _("a packed file; unpack it first"),
        _PICTURES: _("pictures; run text recognition (OCR) and give its text"),
        _SOUND: _("sound or film; give a transcript"),
        (".numbers", ".sas7bdat", ".sav", ".dta", ".db", ".sqlite", ".mdb", ".accdb", ".dbf"): _(
            "a data format without a reader; save the table as .xlsx or .csv"
        ),
        (".pages", ".lwp", ".wpd"): _("a text format without a reader; save it as .docx"),
    }
    found = (text for suffixes, text in reasons.items() if suffix in suffixes)
    return next(found, _("no reader for this suffix; save the text as .docx or .txt"))


_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".svg", ".psd")
_SOUND = (".mp3", ".wav", ".m4a", ".amr", ".mp4", ".mov", ".avi", ".wmv", ".mkv", ".flv")


def _left_out(kind: str) -> str:
    names = {
        "lock": _("lock files of open documents"),
        "thumbnail": _("thumbnails"),
        "hidden": _("hidden files and folders"),
        "page": _("parts of saved web pages"),
        "own": _("files that civictag wrote"),
        "twice": _("files named twice"),
    }
    return names[kind]
