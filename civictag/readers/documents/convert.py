""".doc .wps .rtf .odt → .docx by LibreOffice, where it is installed: one process for many files."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from civictag.errors import InputError
from civictag.i18n import _
from civictag.readers.beginnings import is_for_libreoffice
from civictag.readers.documents import keeper
from civictag.readers.files import CONVERTED_SUFFIXES, beginning, shown, suffix_of
from civictag.readers.limits import ARTICLE_BYTES, CHILD_MEMORY_MOST, CONVERT_SECONDS, OLE

_made: dict[str, str] = {}  # file → the .docx made of it, until it is read
# What one holds: a document of Word's or WPS's, or a newer one with a password.
_STREAMS = [name.encode("utf-16-le") for name in ("WordDocument", "EncryptedPackage")]
_folder: tempfile.TemporaryDirectory[str] | None = None


def convert(paths: Iterable[str]) -> None:
    """Convert those of ``paths`` that need it in one go; reading them then takes what was made.

    A file that could not be converted is said when it is read; nothing is raised here.
    """
    asked = [p for p in paths if suffix_of(p) in CONVERTED_SUFFIXES and p not in _made and os.path.isfile(p)]
    wanted = [path for path in asked if is_for_libreoffice(beginning(path)) and not _is_rubbish(path)]
    office = program() if wanted else None
    if office is None:
        return
    folder = tempfile.mkdtemp(dir=_home())
    inputs = [_linked(path, folder, number) for number, path in enumerate(wanted)]
    _run(office, inputs, folder)
    for path, source in zip(wanted, inputs, strict=True):
        made = os.path.join(folder, "out", os.path.splitext(os.path.basename(source))[0] + ".docx")
        if os.path.exists(made):
            _made[path] = made


def converted(path: str) -> str:
    """The .docx of ``path``; whoever has read it calls ``discard``.

    Raises:
        InputError: LibreOffice is not installed, or could not convert it.
    """
    if path not in _made:
        convert([path])
    if path in _made:
        return _made[path]
    if program() is None:
        raise InputError(
            _("{suffix} cannot be read without LibreOffice", suffix=suffix_of(path)),
            where=shown(path),
            hint=_("Save it as .docx, or install LibreOffice"),
        )
    if _is_rubbish(path):
        raise InputError(
            _("not a Word file that can be read, or a damaged one"),
            where=shown(path),
            hint=_("Open it in WPS or Word and save it again as .docx"),
        )
    raise InputError(
        _("LibreOffice could not convert it: damaged, encrypted, or too slow"),
        where=shown(path),
        hint=_("Open it in WPS or Word and save it as .docx"),
    )


def _is_rubbish(path: str) -> bool:
    """The mark of Office files of before 2007 stands before something else than one.

    LibreOffice takes such a file for a text in some encoding, and its bytes for Chinese characters.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(512)
            if not head.startswith(OLE):
                return False
            shift, directory = int.from_bytes(head[30:32], "little"), int.from_bytes(head[48:52], "little")
            if shift not in (9, 12):  # sectors of 512 or 4,096 bytes, in all such files
                return True
            file.seek((directory + 1) << shift)
            root = file.read(128)
            file.seek(0)
            data = file.read(ARTICLE_BYTES)
            return root[66:67] != b"\5" or not any(name in data for name in _STREAMS)
    except OSError:  # reading it will tell
        return False


def refuse_lost(path: str) -> None:
    """Refuse an .odt with text of which LibreOffice made a document that cannot be read.

    Of 20,000 sections in one another it makes an empty one.

    Raises:
        InputError: it is one.
    """
    if suffix_of(path) != ".odt":
        return
    with contextlib.suppress(OSError, KeyError, ValueError, zipfile.BadZipFile, zlib.error):
        with zipfile.ZipFile(path) as package, package.open("content.xml") as part:
            body = part.read(ARTICLE_BYTES).partition(b"<office:text")[2]
        if re.search(rb">\s*[^<\s]", body):
            raise InputError(
                _("LibreOffice lost its text in converting it: it is nested too deep, or has too many parts"),
                where=shown(path),
                hint=_("Open it in WPS or Word and save it as .docx"),
            )


def discard(path: str) -> None:
    """Remove what was made of ``path``."""
    with contextlib.suppress(OSError, KeyError):
        os.unlink(_made.pop(path))


def program() -> str | None:
    """LibreOffice; on Windows and macOS it is seldom on the path. None where it is not installed."""
    on_path = (shutil.which(name) for name in ("soffice", "libreoffice"))
    roots = (os.environ.get("PROGRAMFILES", r"C:\Program Files"), os.environ.get("PROGRAMFILES(X86)", ""))
    usual = (
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
        *(os.path.join(root, "LibreOffice", "program", "soffice.exe") for root in roots if root),
    )
    return next(filter(None, (*on_path, *filter(os.path.exists, usual))), None)


def _home() -> str:
    """A folder for LibreOffice's profile and what it makes; a profile of our own waits for nobody."""
    global _folder
    if _folder is None:
        from multiprocessing import parent_process, util

        _folder = tempfile.TemporaryDirectory(prefix="civictag-")
        atexit.register(_folder.cleanup)
        if parent_process() is not None:  # a forked worker's end passes over atexit
            util.Finalize(None, _folder.cleanup, exitpriority=0)
    return _folder.name


def _linked(path: str, folder: str, number: int) -> str:
    """The input under a plain name; LibreOffice takes a .wps for Microsoft Works, but WPS's is a .doc."""
    suffix = ".doc" if suffix_of(path) == ".wps" else suffix_of(path)
    target = os.path.join(folder, f"{number}{suffix}")
    try:
        os.symlink(os.path.abspath(path), target)
    except OSError:  # Windows without the right to make links
        shutil.copyfile(path, target)
    return target


def _run(office: str, inputs: list[str], folder: str) -> None:
    # file:///C:/Users/%E5%BC%A0 …: of a plain path LibreOffice makes nothing on Windows.
    profile = Path(_home(), f"profile-{os.getpid()}").absolute().as_uri()
    arguments = [office, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to"]
    asked = [*arguments, "docx", "--outdir", os.path.join(folder, "out"), *inputs]
    keeper.run(asked, CONVERT_SECONDS + 5 * len(inputs), _limit)


def _limit(pid: int) -> None:
    """Memory of the program and of what it starts: a page of a billion blanks took all there was."""
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):  # Linux alone can do it
        import resource

        most = (CHILD_MEMORY_MOST, CHILD_MEMORY_MOST)
        resource.prlimit(pid, resource.RLIMIT_AS, most)
