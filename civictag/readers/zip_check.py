"""Is a .docx or .xlsx what it says? Looked at before any library unpacks it."""

from __future__ import annotations

import zipfile
from itertools import pairwise

from civictag.errors import InputError
from civictag.i18n import _
from civictag.readers.files import open_binary, shown, unreadable
from civictag.readers.limits import MIB, OLE, PACK_RATIO, PACK_RATIO_FROM

_HEADER = 30  # bytes before a part's name and content
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def check_package(path: str, suffix: str, limit: int, *, old: bool = False) -> None:
    """Refuse what is no Office file, is encrypted, or would unpack to more than ``limit`` bytes.

    ``old`` lets a file in the format of before 2007 pass, unless it is encrypted. The sizes are those
    the archive states; ``zipfile`` never unpacks more than it states.

    Raises:
        InputError: says which of these it is.
    """
    with open_binary(path) as file:
        try:
            head = file.read(1 << 16)
            if old or head.startswith(OLE):
                head += file.read(MIB)
                if old and head and _ENCRYPTED not in head:
                    return
                raise _old_or_encrypted(path, head, suffix)
            if not head:
                raise InputError(_("the file is empty"), where=shown(path))
            with zipfile.ZipFile(file) as package:
                _check_sizes(path, package.infolist(), limit)
        except OSError as error:
            raise unreadable(path, error) from error
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise InputError(
                _("not a {suffix} file, or a damaged one", suffix=suffix),
                where=shown(path),
                hint=_("Open it in an office program and save it again"),
            ) from error


def _old_or_encrypted(path: str, head: bytes, suffix: str) -> InputError:
    if _ENCRYPTED in head:
        return InputError(
            _("encrypted with a password"), where=shown(path), hint=_("Save it without the password")
        )
    return InputError(
        _("in the format of before 2007, not {suffix}", suffix=suffix),
        where=shown(path),
        hint=_("Save it as {suffix}", suffix=suffix),
    )


def _check_sizes(path: str, parts: list[zipfile.ZipInfo], limit: int) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise InputError(
            _("encrypted with a password"), where=shown(path), hint=_("Save it without the password")
        )
    placed = sorted(parts, key=lambda part: part.header_offset)
    if any(a.header_offset + _HEADER + a.compress_size > b.header_offset for a, b in pairwise(placed)):
        raise InputError(_("parts that share their bytes: refused as a likely ZIP bomb"), where=shown(path))
    total = sum(part.file_size for part in parts)
    swollen = any(
        p.file_size > PACK_RATIO_FROM and p.file_size > PACK_RATIO * max(1, p.compress_size) for p in parts
    )
    if total > limit or swollen:
        raise InputError(
            _("would unpack to {total} MiB: refused as a likely ZIP bomb", total=total // MIB),
            where=shown(path),
        )
