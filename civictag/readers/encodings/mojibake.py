"""Text that was read in a wrong encoding before it was saved: recognised, and mended when asked.

Met most are UTF-8 read as Latin-1 or Windows-1252 (æ¸…æ‰«, mended by ftfy), GBK read as Latin-1 (ÇåÉ¨), and
UTF-8 read as GBK (娓呮壂), which loses every third character or so. Text that a mail system wrote in ASCII
(``+bgVia-``, ``=E6=B8=85``, ``\\u6e05``) is recognised with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from civictag.datamodel import Document
from civictag.errors import InputError, out_of_memory
from civictag.i18n import _, ngettext
from civictag.readers.options import Reading
from civictag.util.patterns import lazy

# Chinese text of any length has one of these; none of them comes out of a wrong decoding.
_SURE = ("的", "，", "。", "、", "了")
_LEAST = 6  # non-ASCII characters: fewer say nothing
_MENDED = 0.5  # plausibility (readers.guessing) of what comes out
_LOST = 8  # one character in so many may be lost on the way back
_SAMPLE = 1 << 16
# What U+FFFD becomes when it is read as GBK and as Latin-1: where it stands nothing can be brought back.
_GONE = ("锟斤拷", "ï¿½")
_GONE_LEAST = 3  # of them; an article may speak of one
_WRITTEN = (("UTF-8", "utf-8"), ("GBK", "gb18030"), ("Big5", "cp950"))
_READ_AS = (
    ("GBK", "gb18030"), ("Big5", "cp950"), ("Shift JIS", "cp932"), ("Windows-1251", "cp1251"),
    ("KOI8-R", "koi8-r"),
)  # fmt: skip
_ESCAPED = lazy(r"\\u([0-9A-Fa-f]{4})")


class Mojibake(NamedTuple):
    """What happened (``UTF-8 read as GBK``), and the text without it."""

    what: str
    text: str


def recognise(text: str) -> Mojibake | None:
    """What wrong decoding ``text`` went through, if it reads like one and reads as Chinese without it."""
    if not text.isascii() and not _is_odd(text):
        return None
    ways = _seven_bit(text) if text.isascii() else _ways(text)
    for what, mended in ways:
        if mended != text and _plausible(mended) and _has_han(mended):
            return Mojibake(what, mended)
    return None


def _is_odd(text: str) -> bool:
    """Whether it has enough characters beyond ASCII, and they are none that Chinese text is made of."""
    for mark in _SURE:  # not any(): its generator would be most of the time
        if mark in text:
            return False
    return sum(c > "\x7f" for c in text[:_SAMPLE]) >= _LEAST and not _plausible(text)


def _plausible(text: str) -> bool:
    from civictag.readers.encodings.guessing import plausibility  # hardly any text gets so far

    return plausibility(text) >= _MENDED


def checked_row(row: Document, reading: Reading) -> Document | InputError:
    """``checked`` of a row; the error that names it where there is no memory for it."""
    try:
        return checked(row, reading)
    except MemoryError:
        return out_of_memory(row.source)


def checked_rows(found: Iterable[Document | InputError], reading: Reading) -> Iterator[Document | InputError]:
    """The rows of a table, each by ``checked_row``."""
    for item in found:
        yield checked_row(item, reading) if isinstance(item, Document) else item


def checked(document: Document, reading: Reading) -> Document:
    """``document`` with a word about mojibake in it; mended if ``reading`` asks for that."""
    text = document.text
    gone = 0
    for mark in _GONE:  # nearly no text has even the first character, which is found faster
        gone += text.count(mark) if mark[0] in text else 0
    if gone >= _GONE_LEAST:
        note = ngettext(
            "{count} time 锟斤拷 or ï¿½ stands where characters were lost for good: get the text anew",
            "{count} times 锟斤拷 or ï¿½ stands where characters were lost for good: get the text anew",
            gone,
        )
        return replace(document, warnings=(*document.warnings, note))
    found = recognise(text)
    if found is None:
        return document
    if not reading.fix_text:
        note = _("the text reads like {what} before it was saved; --fix-text mends it", what=found.what)
        return replace(document, warnings=(*document.warnings, note))
    title = recognise(document.title)
    lost = found.text.count("\ufffd")
    note = ngettext(
        "mended: {what} ({count} character was lost)",
        "mended: {what} ({count} characters were lost)",
        lost,
        what=found.what,
    )
    return replace(
        document,
        text=found.text,
        title=title.text if title else document.title,
        warnings=(*document.warnings, note),
    )


def _ways(text: str) -> Iterator[tuple[str, str]]:
    if sum("\x80" <= c <= "\xff" for c in text[:_SAMPLE]) * 2 > sum(c > "\x7f" for c in text[:_SAMPLE]):
        yield from _latin(text)
    bare = text.replace("\ufffd", "\0")
    for wrong, codec in _READ_AS:
        data = bare.encode(codec, "replace")
        for right, other in _WRITTEN:
            back = data.decode(other, "replace").replace("\0", "") if other != codec else ""
            if back and (back.count("\ufffd") + back.count("?")) * _LOST <= len(back):
                yield _("{right} read as {wrong}", right=right, wrong=wrong), back


def _latin(text: str) -> Iterator[tuple[str, str]]:
    import ftfy

    yield _("{right} read as {wrong}", right="UTF-8", wrong="Latin-1"), ftfy.fix_encoding(text)
    for right, other in _WRITTEN[1:]:
        for wrong, codec in (("Latin-1", "latin-1"), ("Windows-1252", "cp1252")):
            try:
                yield (
                    _("{right} read as {wrong}", right=right, wrong=wrong),
                    text.encode(codec).decode(other),
                )
            except UnicodeError:
                continue


def _seven_bit(text: str) -> Iterator[tuple[str, str]]:
    """ASCII that stands for other characters."""
    for mark, name, decoded in _FORMS:
        if mark in text:
            try:
                yield _("{right} read as {wrong}", right=name, wrong="ASCII"), decoded(text)
            except ValueError:  # UnicodeError is one
                continue


def _unescaped(text: str) -> str:
    units = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _quoted(text: str) -> str:
    import quopri

    return _utf8_or_gbk(quopri.decodestring(text.encode()))


def _percent(text: str) -> str:
    from urllib.parse import unquote_to_bytes

    return _utf8_or_gbk(unquote_to_bytes(text))


def _references(text: str) -> str:
    import html

    return html.unescape(text)


def _utf8_or_gbk(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("gb18030")


_FORMS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("+", "UTF-7", lambda text: text.encode().decode("utf-7")),
    ("~{", "HZ", lambda text: text.encode().decode("hz")),
    ("\\u", "\\u6e05 …", _unescaped),
    ("&#", "&#28165; …", _references),
    ("=", "quoted-printable", _quoted),
    ("%", "percent-encoding", _percent),
)


def _has_han(text: str) -> bool:
    return sum("\u4e00" <= c <= "\u9fff" for c in text[:_SAMPLE]) >= _LEAST // 2
