"""Bytes → text, Chinese first, never guessing in silence.

The order is: byte-order mark, UTF-16 by its NUL bytes, strict UTF-8, then whichever of GB18030, Big5 and
unmarked UTF-16 decodes without a fault to the text that looks most like Chinese, and only then a general
detector. Where nothing decodes without a fault, the likeliest encoding is taken if its faults are few,
each marked by U+FFFD and told with its place; else the file is refused.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from civictag.errors import InputError
from civictag.i18n import _, ngettext
from civictag.readers.encodings.codecs import HINT, Decoded, canonical, strict

# The longest first: the UTF-32 mark begins with the UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TRIED_LINES = 200


def decode(data: bytes, source: str, *, encoding: str | None = None, declared: str | None = None) -> Decoded:
    """Decode a whole file.

    Args:
        data: the file's bytes.
        source: its name, for the error.
        encoding: what the user says it is; then nothing else is tried. ``name:replace`` accepts
            damage: each undecodable byte becomes U+FFFD and a warning counts them.
        declared: what the file says of itself (an HTML charset): tried first, not trusted.

    Raises:
        InputError: the bytes are not text, or not text in any encoding known here; names the offset.
    """
    if encoding:
        return _as_told(data, source, encoding)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _marked(data, name, source, declared)
    try:
        if b"\0" not in data:
            return damage_noted(Decoded(data.decode("utf-8"), "utf-8"))
    except UnicodeDecodeError as error:
        from civictag.readers.encodings.guessing import not_utf8  # most files are UTF-8: nothing to guess

        return not_utf8(data, source, error, declared)
    if few := _few_nuls(data):
        return few
    from civictag.readers.encodings.guessing import with_nuls

    return with_nuls(data, source)


def _marked(data: bytes, name: str, source: str, declared: str | None) -> Decoded:
    """A file with a byte-order mark; programs put the mark of UTF-8 before GBK too."""
    try:
        return damage_noted(Decoded(strict(data, name, source), name))
    except InputError:
        from civictag.readers.encodings.guessing import damaged_wide

        if name != "utf-8-sig" and (wide := damaged_wide(data, name)):
            return wide
    bare = next(data.removeprefix(mark) for mark, _name in _MARKS if data.startswith(mark))
    found = decode(bare, source, declared=declared)
    if found.encoding == "utf-8":
        return found
    return found._replace(warnings=(_foreign_mark(name, found.encoding), *found.warnings))


def _foreign_mark(name: str, encoding: str) -> str:
    mark = name.removesuffix("-sig").upper()
    return _("the mark of {mark} stands before text in {encoding}", mark=mark, encoding=encoding)


def _few_nuls(data: bytes) -> Decoded | None:
    """UTF-8 with a NUL here and there, which some program has left in it; None for anything else."""
    bare = data.replace(b"\0", b"")
    count = len(data) - len(bare)
    if count * 50 > len(data) or bare.isascii():
        return None
    try:
        text = bare.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return Decoded(
        text,
        "utf-8",
        (ngettext("{count} NUL character is left out", "{count} NUL characters are left out", count),),
    )


def sniff(prefix: bytes, source: str, *, encoding: str | None = None) -> Decoded:
    """The encoding of a stream of lines, from its first bytes (which may end inside a character).

    Where lines differ, the first one that says anything decides; the others will be reported by number.
    The ``text`` of the result is only the beginning, and its warnings are about the guess alone.

    Raises:
        InputError: as ``decode``.
    """
    if encoding:
        return Decoded("", encoding)
    whole = _whole_lines(prefix)
    try:
        found = decode(whole, source)
    except InputError:
        first = None if b"\0" in whole else next(_sure(whole, source), None)
        if first is None:
            raise
        return first
    from civictag.readers.encodings.guessing import guessed

    of_the_file = (guessed(found.encoding), *(_foreign_mark(name, found.encoding) for _mark, name in _MARKS))
    return found._replace(warnings=tuple(w for w in found.warnings if w in of_the_file))


def _sure(data: bytes, source: str) -> Iterator[Decoded]:
    """The lines that are not ASCII and leave no doubt about their encoding."""
    for line in data.splitlines()[:_TRIED_LINES]:
        try:
            decoded = decode(line, source)
        except InputError:
            continue
        if not line.isascii() and not decoded.warnings:
            yield decoded


def _whole_lines(prefix: bytes) -> bytes:
    """Up to the last newline, so that no character is cut; of UTF-16, whole pairs of bytes.

    Where nothing before it is more than ASCII, the last line decides: a table of one row may have no newline
    after it.
    """
    if b"\0" in prefix or prefix.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return prefix[: len(prefix) // 4 * 4]
    whole = prefix[: prefix.rfind(b"\n") + 1]
    return prefix if whole.removeprefix(codecs.BOM_UTF8).isascii() else whole


def _as_told(data: bytes, source: str, encoding: str) -> Decoded:
    name, _colon, errors = encoding.partition(":")
    if data.startswith(codecs.BOM_UTF8) and canonical(name) in ("gb18030", "big5"):
        data = data.removeprefix(codecs.BOM_UTF8)  # programs put it before any text; it is no text of GBK
    if errors == "replace" and canonical(name) != "utf-8" and _is_utf8(data):
        warning = _("is UTF-8, not {encoding}, and is read so", encoding=canonical(name))
        return damage_noted(Decoded(data.decode("utf-8"), "utf-8", (warning,)))
    try:
        codecs.lookup(canonical(name))
        if errors != "replace":
            return damage_noted(Decoded(strict(data, canonical(name), source), canonical(name)))
        return damage_noted(Decoded(data.decode(canonical(name), "replace"), canonical(name)))
    except LookupError as error:
        raise InputError(
            _('no encoding is called "{encoding}"', encoding=encoding), where=source, hint=_(HINT)
        ) from error


def _is_utf8(data: bytes) -> bool:
    """Chinese text that is UTF-8 without a fault is nothing else: read as GBK it would be 闈掔煶."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not data.isascii()


def damage_noted(decoded: Decoded) -> Decoded:
    """With a word about the characters that someone has lost (U+FFFD): the person should know."""
    lost = decoded.text.count("\ufffd")
    if not lost:
        return decoded
    at = decoded.text.index("\ufffd")
    note = ngettext(
        "{count} character is lost (U+FFFD, at character {at}): the file was damaged before",
        "{count} characters are lost (U+FFFD, the first at character {at}): the file was damaged before",
        lost,
        at=at,
    )
    return decoded._replace(warnings=(*decoded.warnings, note))
