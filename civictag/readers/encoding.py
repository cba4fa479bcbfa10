"""Bytes → text, Chinese first, never guessing in silence.

The order is: byte-order mark, UTF-16 by its NUL bytes, strict UTF-8, then whichever of GB18030,
Big5 and unmarked UTF-16 decodes without a fault to the text that looks most like Chinese, and only
then a general detector. A character that cannot be decoded is an error with its byte offset; the
replacement character U+FFFD is never made here unless the caller asks for it (``utf-8:replace``).
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

from civictag.errors import InputError
from civictag.readers.frequent import FREQUENT

# The longest first: the UTF-32 mark begins with the UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
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
# Chinese text has 0.6–0.9 of its non-ASCII characters in FREQUENT, text read in a wrong encoding
# 0.02–0.2 (measured on the project's own paragraphs, tests/test_readers_encoding.py).
_PLAUSIBLE = 0.4
_DOUBTFUL_CHARS = 12  # fewer non-ASCII characters than this say little, whatever their share
_SAMPLE = 1 << 16
_HINT = "Say which it is with --encoding (utf-8, gb18030, big5, utf-16), or save the file as UTF-8"


class Decoded(NamedTuple):
    """A decoded file: its text, the encoding's name, and what had to be guessed."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


class _Guess(NamedTuple):
    score: float
    encoding: str


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
            return _damage_noted(Decoded(_strict(data, name, source), name))
    if b"\0" in data:
        return _with_nuls(data, source)
    try:
        return _damage_noted(Decoded(data.decode("utf-8"), "utf-8"))
    except UnicodeDecodeError as error:
        return _not_utf8(data, source, error, declared)


def sniff(prefix: bytes, source: str, *, encoding: str | None = None) -> str:
    """The encoding of a stream, from its first bytes (which may end inside a character).

    Raises:
        InputError: as ``decode``.
    """
    return encoding or decode(_whole_lines(prefix), source).encoding


def plausibility(text: str) -> float:
    """Share of the non-ASCII characters that are frequent in Chinese text: 0 to 1 (1 if there are none)."""
    foreign = [c for c in text[:_SAMPLE] if c > "\x7f"]
    return sum(c in FREQUENT for c in foreign) / len(foreign) if foreign else 1.0


def canonical(name: str) -> str:
    """The name this project uses for an encoding: ``gb18030`` for all of its subsets."""
    lowered = name.strip().lower()
    return _ALIASES.get(lowered, lowered)


def _whole_lines(prefix: bytes) -> bytes:
    """Up to the last newline, so that no character is cut; of UTF-16, whole pairs of bytes."""
    if b"\0" in prefix or prefix.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return prefix[: len(prefix) // 4 * 4]
    return prefix[: prefix.rfind(b"\n") + 1] or prefix


def _as_told(data: bytes, source: str, encoding: str) -> Decoded:
    name, _, errors = encoding.partition(":")
    try:
        codecs.lookup(canonical(name))
        if errors != "replace":
            return _damage_noted(Decoded(_strict(data, canonical(name), source), canonical(name)))
        return _damage_noted(Decoded(data.decode(canonical(name), "replace"), canonical(name)))
    except LookupError as error:
        raise InputError(f'no encoding is called "{encoding}"', where=source, hint=_HINT) from error


def _strict(data: bytes, name: str, source: str) -> str:
    for codec in _BIG5 if name == "big5" else (name,):
        try:
            return data.decode(codec)
        except UnicodeDecodeError as error:
            failure = error
        except UnicodeError as error:  # "UTF-16 stream does not start with BOM" has no offset
            raise InputError(f"not {name}: {error}", where=source, hint=_HINT) from error
    raise _undecodable(name, failure, source) from failure


def _undecodable(name: str, error: UnicodeDecodeError, source: str) -> InputError:
    byte = error.object[error.start]
    return InputError(
        f"byte {error.start} (0x{byte:02x}) is not {name}: the file is damaged or mixes encodings",
        where=source,
        hint=f'{_HINT}; "--encoding {name}:replace" reads it with the damage marked',
    )


def _with_nuls(data: bytes, source: str) -> Decoded:
    """NUL bytes: UTF-16 without a mark (digits and newlines have a zero half), or no text at all."""
    best = max(_guesses(data, ("utf-16-le", "utf-16-be")), default=None)
    if best is None or not _reads_as_text(data[:_SAMPLE].decode(best.encoding, "ignore")):
        raise InputError(
            f"not a text file (NUL byte at offset {data.index(0)})",
            where=source,
            hint="civictag reads text, HTML, Markdown, PDF, Word and tables, known by their suffix",
        )
    return Decoded(data.decode(best.encoding), best.encoding, _doubts(best, data))


def _reads_as_text(text: str) -> bool:
    """No control characters, and either Chinese or ASCII: what a binary read as UTF-16 is not."""
    controls = sum(c < " " and c not in "\t\n\r\f" for c in text)
    return not controls and plausibility(text) >= _PLAUSIBLE


def _not_utf8(data: bytes, source: str, error: UnicodeDecodeError, declared: str | None) -> Decoded:
    if error.end == len(data) and error.start > 0 and error.reason == "unexpected end of data":
        return Decoded(data[: error.start].decode("utf-8"), "utf-8", (_cut_off(error.start),))
    if _mostly_utf8(data):
        raise _undecodable("utf-8", error, source)
    tried = ("gb18030", "big5", "utf-16-le", "utf-16-be", *([canonical(declared)] if declared else ()))
    best = max(_guesses(data, tried), default=None)
    if best and best.score >= _PLAUSIBLE:
        return Decoded(_strict(data, best.encoding, source), best.encoding, _doubts(best, data))
    return _cut_or_foreign(data, source, best)


def _cut_off(offset: int) -> str:
    return f"the file ends inside a character (byte {offset}): it was cut off, and so is the text"


def _mostly_utf8(data: bytes) -> bool:
    """Whether damage is the exception: GB18030 bytes read as UTF-8 are faults nearly throughout."""
    faults = data.decode("utf-8", "replace").count("\ufffd")
    foreign = sum(b >= 0xE0 for b in data[:_SAMPLE]) * max(1, len(data) // _SAMPLE)
    return faults * 4 < foreign


def _guesses(data: bytes, names: tuple[str, ...]) -> list[_Guess]:
    """The encodings of ``names`` that decode the data without a fault, each with its plausibility."""
    found = []
    for name in names:
        try:
            text = _strict(data, name, "")
        except (InputError, LookupError):
            continue
        if not any(c in text[:_SAMPLE] for c in "\0\x01\x02\x03\x04\x05\x06\x0e\x0f\x1a"):
            found.append(_Guess(plausibility(text), name))
    return found


def _doubts(best: _Guess, data: bytes) -> tuple[str, ...]:
    few = sum(b >= 0x80 for b in data[:_SAMPLE]) < 2 * _DOUBTFUL_CHARS
    if best.score >= _PLAUSIBLE and not few:
        return ()
    return (f"read as {best.encoding}, which is a guess; if the text looks wrong, use --encoding",)


def _cut_or_foreign(data: bytes, source: str, best: _Guess | None) -> Decoded:
    """GB18030 or Big5 cut off inside a character, a short or foreign text, or nothing that can be read."""
    for name in ("gb18030", "big5"):
        decoder = codecs.getincrementaldecoder(name)()
        try:
            text = decoder.decode(data)
        except UnicodeDecodeError:
            continue
        if decoder.getstate()[0] and plausibility(text) >= _PLAUSIBLE:
            return Decoded(text, name, (_cut_off(len(data) - 1),))
    return _foreign(data, source, best)


def _foreign(data: bytes, source: str, best: _Guess | None) -> Decoded:
    from charset_normalizer import from_bytes

    match = from_bytes(data[:_SAMPLE]).best()
    name = match.encoding if match else best.encoding if best else None
    short = best is not None and len(data) < 2 * _DOUBTFUL_CHARS
    if short and best:  # four bytes of GBK: too little for any detector, and Chinese is the likelier
        name = best.encoding
    if name is None or not _fits(data, name):
        raise _damaged(data, source)
    warning = f"read as {canonical(name)}, which is a guess; if the text looks wrong, use --encoding"
    return Decoded(_strict(data, canonical(name), source), canonical(name), (warning,))


def _fits(data: bytes, name: str) -> bool:
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return not any(c < " " and c not in "\t\n\r\f" for c in text[:_SAMPLE])


def _damaged(data: bytes, source: str) -> InputError:
    """The error for the encoding that gets furthest with sense: that is where the damage is."""
    candidates = ("gb18030", "big5", "utf-8")
    name = max(candidates, key=lambda n: plausibility(data[:_SAMPLE].decode(n, "replace")))
    try:
        data.decode(name)
    except UnicodeDecodeError as error:
        return _undecodable(name, error, source)
    return InputError("no text in an encoding that civictag knows", where=source, hint=_HINT)


def _damage_noted(decoded: Decoded) -> Decoded:
    """A U+FFFD in the text is a character that someone has lost: the person should know."""
    lost = decoded.text.count("\ufffd")
    if not lost:
        return decoded
    at = decoded.text.index("\ufffd")
    note = f"{lost} characters are lost (U+FFFD, the first at character {at}): the file was damaged before"
    return decoded._replace(warnings=(*decoded.warnings, note))
