"""One named encoding, strictly: what decodes, or the error with the byte that does not."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from civictag.errors import InputError
from civictag.i18n import _, mark, ngettext
from civictag.util.patterns import lazy

# GB18030 holds GBK and GB2312, and pages that say "gb2312" use its other characters all the time.
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "euc_cn": "gb18030",
    "x-gbk": "gb18030",
    "cp950": "big5",
    "utf8": "utf-8",
}
# "big5" itself lacks the characters that the code pages of Windows and Hong Kong added.
_BIG5 = ("big5", "cp950", "big5hkscs")
HINT = mark("Say which it is with --encoding (utf-8, gb18030, big5, utf-16), or save the file as UTF-8")


# Windows' GBK has the euro sign at 0x80, where GB18030 has nothing.
_EURO = "civictag-euro"
LINE = "civictag-line"
"""For lines of a table: the euro sign, and other bytes as lone surrogates, to be reported."""
HONG_KONG = "civictag-hkscs"
"""For lines in Big5: what only Hong Kong's code page has, and other bytes as lone surrogates."""

# GB18030-2000 put these in the private-use area, which no font shows; Unicode has them now.
_PRIVATE = {
    0xE78D: 0xFE10, 0xE78E: 0xFE12, 0xE78F: 0xFE11, 0xE790: 0xFE13, 0xE791: 0xFE14, 0xE792: 0xFE15,
    0xE793: 0xFE16, 0xE794: 0xFE17, 0xE795: 0xFE18, 0xE796: 0xFE19, 0xE81E: 0x9FB4, 0xE826: 0x9FB5,
    0xE82B: 0x9FB6, 0xE82C: 0x9FB7, 0xE832: 0x9FB8, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE864: 0x9FBB,
    0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE831: 0x215D7, 0xE83B: 0x2298F, 0xE855: 0x241FE,
    0xE7C7: 0x1E3F, 0xE7C8: 0x01F9,
}  # fmt: skip
_PRIVATE_USE = lazy("[\ue78d-\ue796\ue7c7\ue7c8\ue816-\ue864]")


class Decoded(NamedTuple):
    """A decoded file: its text, the encoding's name, and what had to be guessed."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def canonical(name: str) -> str:
    """The name this project uses for an encoding: ``gb18030`` for all of its subsets."""
    lowered = name.strip().lower()
    return _ALIASES.get(lowered, lowered)


def strict(data: bytes, name: str, source: str) -> str:
    """``data`` decoded from the encoding ``name``; Big5 with its code pages' additions.

    Raises:
        InputError: a byte does not fit; names its offset.
        LookupError: there is no such encoding.
    """
    for codec in _BIG5 if name == "big5" else (name,):
        try:
            return _decoded(data, codec)
        except UnicodeDecodeError as error:
            failure = error
        except UnicodeError as error:  # "UTF-16 stream does not start with BOM" has no offset
            raise InputError(
                _("not {name}: {error}", name=name, error=error), where=source, hint=_(HINT)
            ) from error
    raise undecodable(name, failure, source) from failure


def _decoded(data: bytes, codec: str) -> str:
    if codec != "gb18030":
        return data.decode(codec)
    text = data.decode(codec, _EURO)
    return text.translate(_PRIVATE) if _PRIVATE_USE.search(text) else text


def _euro(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


def _euro_or_escape(error: UnicodeError) -> tuple[str | bytes, int]:
    try:
        return _euro(error)
    except UnicodeError:
        return codecs.lookup_error("surrogateescape")(error)


def _hong_kong(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeDecodeError):
        try:
            return error.object[error.start : error.start + 2].decode("big5hkscs"), error.start + 2
        except UnicodeDecodeError:
            pass
    return codecs.lookup_error("surrogateescape")(error)


codecs.register_error(_EURO, _euro)
codecs.register_error(HONG_KONG, _hong_kong)
codecs.register_error(LINE, _euro_or_escape)


def damaged(data: bytes, name: str, at: int) -> Decoded:
    """``data`` with what is not ``name`` marked by U+FFFD; ``at`` is the first such byte."""
    codec = "cp950" if name == "big5" else name
    text = data.decode(codec, "replace")
    return Decoded(
        text,
        name,
        (
            ngettext(
                "{count} place is not {encoding} and marked �: line {line} (byte {byte})",
                "{count} places are not {encoding} and marked �, the first in line {line} (byte {byte})",
                text.count("\ufffd"),
                encoding=name,
                line=data.count(b"\n", 0, at) + 1,
                byte=at,
            ),
        ),
    )


def undecodable(name: str, error: UnicodeDecodeError, source: str) -> InputError:
    """The InputError for a byte that is not in the encoding ``name``: its offset and the way out."""
    byte = error.object[error.start]
    return InputError(
        _(
            "byte {start} (0x{byte:02x}) is not {name}: the file is damaged or mixes encodings",
            start=error.start,
            byte=byte,
            name=name,
        ),
        where=source,
        hint=_(HINT),
    )
