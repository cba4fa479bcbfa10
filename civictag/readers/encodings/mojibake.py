"""Text that was read in a wrong encoding before it was saved: recognised, and mended when asked.

Three forms are met: UTF-8 read as Latin-1 or Windows-1252 (æ¸…æ‰«, mended by ftfy), GBK read as Latin-1
(ÇåÉ¨), and UTF-8 read as GBK (娓呮壂), which loses every third character or so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from civictag.datamodel import Document
from civictag.i18n import _
from civictag.readers.encodings.guessing import plausibility
from civictag.readers.options import Reading

# Chinese text of any length has one of these; none of them comes out of a wrong decoding.
_SURE = ("的", "，", "。", "、", "了")
_LEAST = 6  # non-ASCII characters: fewer say nothing
_MENDED = 0.5  # plausibility (readers.guessing) of what comes out
_LOST = 8  # one character in so many may be lost on the way back
_SAMPLE = 1 << 16


class Mojibake(NamedTuple):
    """What happened (``UTF-8 read as GBK``), and the text without it."""

    what: str
    text: str


def recognise(text: str) -> Mojibake | None:
    """What wrong decoding ``text`` went through, if it reads like one and reads as Chinese without it."""
    if text.isascii() or any(mark in text for mark in _SURE):
        return None
    if sum(c > "\x7f" for c in text[:_SAMPLE]) < _LEAST or plausibility(text) >= _MENDED:
        return None
    for what, mended in _ways(text):
        if mended != text and plausibility(mended) >= _MENDED and _has_han(mended):
            return Mojibake(what, mended)
    return None


def checked(document: Document, reading: Reading) -> Document:
    """``document`` with a word about mojibake in it; mended if ``reading`` asks for that."""
    found = recognise(document.text)
    if found is None:
        return document
    if not reading.fix_text:
        note = _("the text reads like {what} before it was saved; --fix-text mends it", what=found.what)
        return replace(document, warnings=(*document.warnings, note))
    title = recognise(document.title)
    lost = found.text.count("\ufffd")
    note = _("mended: {what} ({count} characters were lost)", what=found.what, count=lost)
    return replace(
        document,
        text=found.text,
        title=title.text if title else document.title,
        warnings=(*document.warnings, note),
    )


def _ways(text: str) -> Iterator[tuple[str, str]]:
    if sum("\x80" <= c <= "\xff" for c in text[:_SAMPLE]) * 2 > sum(c > "\x7f" for c in text[:_SAMPLE]):
        yield from _latin(text)
    data = text.replace("\ufffd", "\0").encode("gb18030", "replace")
    back = data.decode("utf-8", "replace").replace("\0", "")
    if back.count("\ufffd") * _LOST <= len(back):
        yield _("UTF-8 read as GBK"), back


def _latin(text: str) -> Iterator[tuple[str, str]]:
    import ftfy

    yield _("UTF-8 read as Latin-1"), ftfy.fix_encoding(text)
    for codec in ("latin-1", "cp1252"):
        try:
            yield _("GBK read as {codec}", codec=codec), text.encode(codec).decode("gb18030")
        except UnicodeError:
            continue


def _has_han(text: str) -> bool:
    return sum("\u4e00" <= c <= "\u9fff" for c in text[:_SAMPLE]) >= _LEAST // 2
