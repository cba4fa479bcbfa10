"""One named encoding, strictly: what decodes, or the error with the byte that does not."""

from __future__ import annotations

from typing import NamedTuple

from civictag.errors import InputError

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
HINT = "Say which it is with --encoding (utf-8, gb18030, big5, utf-16), or save the file as UTF-8"


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
            return data.decode(codec)
        except UnicodeDecodeError as error:
            failure = error
        except UnicodeError as error:  # "UTF-16 stream does not start with BOM" has no offset
            raise InputError(f"not {name}: {error}", where=source, hint=HINT) from error
    raise undecodable(name, failure, source) from failure


def undecodable(name: str, error: UnicodeDecodeError, source: str) -> InputError:
    """The InputError for a byte that is not in the encoding ``name``: its offset and the way out."""
    byte = error.object[error.start]
    return InputError(
        f"byte {error.start} (0x{byte:02x}) is not {name}: the file is damaged or mixes encodings",
        where=source,
        hint=f'{HINT}; "--encoding {name}:replace" reads it with the damage marked',
    )
