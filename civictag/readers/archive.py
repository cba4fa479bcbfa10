"""A .zip of files → the documents of each, as if it were a folder."""

from __future__ import annotations

import lzma
import os
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from civictag.datamodel import Document
from civictag.errors import CivictagError, InputError
from civictag.i18n import _
from civictag.readers.archive_budget import ArchiveBudget
from civictag.readers.files import shown, suffix_of
from civictag.readers.limits import ARCHIVE_FILES, DOCX_UNPACKED
from civictag.readers.passed_over import InputReport
from civictag.readers.zip_check import check_package
from civictag.util.patterns import lazy

_SIGNS = lazy(r"[^\w\-（）()·.年月日 ]")  # what may stand in no name on some system
_LONGEST = 60
_RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
)
# ValueError: a place past 2^63, as no honest archive states.
_DAMAGES = (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, zlib.error, lzma.LZMAError)
Read = Callable[[str], Iterator[Document | InputError]]


def read_archive(path: str, read: Read) -> Iterator[Document | InputError]:
    """The documents of the files in an archive, each by ``read``; archives within it are not opened.

    Files after those that used up what all may take together (``ArchiveBudget``) are named one by one.

    Raises:
        InputError: damaged, encrypted, a ZIP bomb, too many files, or nothing in it can be read.
    """
    check_package(path, ".zip", DOCX_UNPACKED)
    report, budget = InputReport(), ArchiveBudget(path)
    with zipfile.ZipFile(path) as package, tempfile.TemporaryDirectory(prefix="civictag-") as folder:
        members = [m for m in package.infolist() if not m.is_dir()]
        if not members:
            raise InputError(_("the archive is empty"), where=shown(path))
        if len(members) > ARCHIVE_FILES:
            raise InputError(_("more than {count} files", count=ARCHIVE_FILES), where=shown(path))
        names = _told_apart(map(_name, members))
        for number, (member, name, called) in enumerate(
            zip(members, map(_name, members), names, strict=True)
        ):
            suffix = suffix_of(member.filename)
            if not suffix or suffix == ".zip":
                report.add(name, os.path.splitext(name)[1].lower())
                continue
            report.found += 1
            target = _place(folder, number, name, suffix)
            where = f"{shown(path)}/{shown(called)}"
            if problem := budget.spent():
                yield budget.refusal(problem, where)
                continue
            try:
                _unpack(package, member, target)
            except _DAMAGES as error:
                yield _damaged(error, where)
                continue
            yield from budget.bounded(_renamed(read, target, where), where)
            os.unlink(target)
    for line in report.lines():
        yield InputError(line, where=f"{shown(path)}/")  # the archive itself was read


def _unpack(package: zipfile.ZipFile, member: zipfile.ZipInfo, target: str) -> None:
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(package.read(member))


def _told_apart(names: Iterable[str]) -> Iterator[str]:
    """The names; the second of one name, which an archive may have, as ``a.txt (2)``."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def _place(folder: str, number: int, name: str, suffix: str) -> str:
    """Where a member is unpacked: under the words of its own name and folder, which may tell date and unit.

    A name from outside could lead out of the folder, or be one that Windows keeps for itself (CON, NUL).
    """
    parts = name.replace("\\", "/").removesuffix(name[-len(suffix) :]).split("/")[-2:]
    above, stem = ["", *(_plain(part) for part in parts)][-2:]
    return os.path.join(folder, str(number), above, stem + suffix)


def _plain(name: str) -> str:
    """A name that every system can have."""
    name = _SIGNS.sub("_", name)[:_LONGEST].rstrip(". ")
    return f"{name}_" if name.partition(".")[0].upper() in ("", *_RESERVED) else name


def _damaged(error: Exception, where: str) -> InputError:
    """One member that cannot be unpacked; the others can."""
    return InputError(_("the packed file is damaged: {reason}", reason=error), where=where)


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name; archives of Chinese Windows write GBK and do not say so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _renamed(read: Read, target: str, name: str) -> Iterator[Document | InputError]:
    try:
        for item in read(target):
            if isinstance(item, Document):
                yield replace(item, source=item.source.replace(target, name, 1))
            else:
                yield _again(item, target, name)
    except CivictagError as error:
        yield _again(error, target, name)


def _again(error: CivictagError, target: str, name: str) -> InputError:
    where = (error.where or target).replace(target, name, 1)
    return InputError(error.problem, where=where, line=error.line, field=error.field, hint=error.hint)
