"""Bytes that are not UTF-8: which encoding is it, how sure is that, and where is the damage if none fits."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from civictag.errors import InputError
from civictag.i18n import _, ngettext
from civictag.readers.encodings.codecs import HINT, Decoded, canonical, damaged, strict, undecodable
from civictag.readers.encodings.frequent_chars import FREQUENT

# Chinese text has 0.6–0.9 of its non-ASCII characters in FREQUENT, text read in a wrong encoding
# 0.02–0.2 (measured on the project's own paragraphs, tests/test_readers_encoding.py).
_PLAUSIBLE = 0.4
_DOUBTFUL_CHARS = 12  # fewer non-ASCII characters than this say little, whatever their share
_SAMPLE = 1 << 16
_CHINESE = ("gb18030", "big5", "utf-8")
_WIDE = ("utf-16-le", "utf-16-be")
_FEW = 20  # one fault in so many characters, and the rest is worth reading


class _Guess(NamedTuple):
    score: float
    encoding: str
    foreign: int  # non-ASCII characters that the score was told from


def plausibility(text: str) -> float:
    """Share of the non-ASCII characters that are frequent in Chinese text: 0 to 1 (1 if there are none)."""
    foreign = [c for c in text[:_SAMPLE] if c > "\x7f"]
    return sum(c in FREQUENT for c in foreign) / len(foreign) if foreign else 1.0


def with_nuls(data: bytes, source: str) -> Decoded:
    """NUL bytes: UTF-16 without a mark (digits and newlines have a zero half), or no text at all.

    Raises:
        InputError: no text.
    """
    best = max(_guesses(data, _WIDE), default=None)
    if best is None and (found := next(filter(None, (damaged_wide(data, n) for n in _WIDE)), None)):
        return found
    if best is None or not _reads_as_text(data[:_SAMPLE].decode(best.encoding, "ignore")):
        raise InputError(
            _("not a text file (NUL byte at offset {index})", index=data.index(0)),
            where=source,
            hint=_("civictag reads text, HTML, Markdown, PDF, Word and tables, known by their suffix"),
        )
    return Decoded(data.decode(best.encoding), best.encoding, _doubts(best))


def damaged_wide(data: bytes, name: str) -> Decoded | None:
    """UTF-16 or UTF-32 with a fault, or a byte too many at its end, if it reads as Chinese; else None."""
    unit = 4 if name.startswith("utf-32") else 2
    whole = data[: len(data) // unit * unit]
    text = whole.decode(name, "replace")
    if not _reads_as_text(text[:_SAMPLE].removeprefix("\ufeff")):
        return None
    cut = (_cut_off(len(whole)),) if whole != data else ()
    if "\ufffd" not in text:
        return Decoded(text, name, cut)
    at = len(text[: text.index("\ufffd")].encode(name))
    found = damaged(whole, name, at)
    return found._replace(warnings=(*found.warnings, *cut))


def _reads_as_text(text: str) -> bool:
    """No control characters, and either Chinese or ASCII: what a binary read as UTF-16 is not."""
    controls = sum(c < " " and c not in "\t\n\r\f" for c in text)
    return not controls and plausibility(text) >= _PLAUSIBLE


def not_utf8(data: bytes, source: str, error: UnicodeDecodeError, declared: str | None) -> Decoded:
    """Decode what strict UTF-8 failed on with ``error``; ``declared`` is what the file says of itself.

    Raises:
        InputError: no encoding fits; names the byte where the likeliest one fails.
    """
    if error.end == len(data) and error.start > 0 and error.reason == "unexpected end of data":
        return Decoded(data[: error.start].decode("utf-8"), "utf-8", (_cut_off(error.start),))
    if _mostly_utf8(data):
        return _by_lines(data) or damaged(data, "utf-8", error.start)
    tried = ("gb18030", "big5", *_WIDE, *([canonical(declared)] if declared else ()))
    best = max(_guesses(data, tried), default=None)
    if best and best.score >= _PLAUSIBLE:
        return Decoded(strict(data, best.encoding, source), best.encoding, _doubts(best))
    return _cut_or_foreign(data, source, best)


def _cut_off(offset: int) -> str:
    return _(
        "the file ends inside a character (byte {offset}): it was cut off, and so is the text", offset=offset
    )


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
            text = strict(data, name, "")
        except (InputError, LookupError):
            continue
        if not _has_controls(text):
            found.append(_Guess(plausibility(text), name, sum(c > "\x7f" for c in text[:_SAMPLE])))
    return found


def _has_controls(text: str) -> bool:
    return any(c in text[:_SAMPLE] for c in "\0\x01\x02\x03\x04\x05\x06\x0e\x0f\x1a")


def _doubts(best: _Guess) -> tuple[str, ...]:
    if best.score >= _PLAUSIBLE and best.foreign >= _DOUBTFUL_CHARS:
        return ()
    return (guessed(best.encoding),)


def guessed(name: str) -> str:
    """The warning for an encoding that is only the likeliest."""
    return _("read as {name}, which is a guess; if the text looks wrong, use --encoding", name=name)


def _cut_or_foreign(data: bytes, source: str, best: _Guess | None) -> Decoded:
    """GB18030 or Big5 cut off inside a character, a short or foreign text, or nothing that can be read."""
    for name in ("gb18030", "big5"):
        decoder = codecs.getincrementaldecoder(name)()
        try:
            text = decoder.decode(data)
        except UnicodeDecodeError:
            continue
        if decoder.getstate()[0] and plausibility(text) >= _PLAUSIBLE and not _has_controls(text):
            return Decoded(text, name, (_cut_off(len(data) - 1),))
    return _foreign(data, source, best)


def _foreign(data: bytes, source: str, best: _Guess | None) -> Decoded:
    from charset_normalizer import from_bytes

    match = from_bytes(data[:_SAMPLE]).best()
    name = match.encoding if match else None
    if best and (name is None or best.foreign < _DOUBTFUL_CHARS or _false_neighbour(data, name)):
        name = best.encoding  # four bytes of GBK: too little for any detector, and Chinese is the likelier
    if name is None or not _fits(data, name) or _false_utf16(data, name):
        return _by_lines(data) or _with_damage(data) or _refuse(data, source)
    name = canonical(name)
    return Decoded(strict(data, name, source), name, (guessed(name),))


def _false_neighbour(data: bytes, name: str) -> bool:
    """Big5 read as a neighbour's encoding, in signs that no text of theirs is made of.

    Korean of syllables outside EUC-KR (짽 갖 겅); Japanese with half-width katakana (ｱｽ) and no other kana.
    """
    if canonical(name) in ("cp949", "johab"):
        return not _fits(data, "euc_kr")
    text = data.decode(name, "ignore") if "jis" in name or name == "cp932" else ""
    return any("｡" <= c <= "ﾟ" for c in text) and not any("ぁ" <= c <= "ヿ" for c in text)


def _false_utf16(data: bytes, name: str) -> bool:
    """Any bytes of even number without NULs can be read as UTF-16: lines of UTF-8 and GBK mixed, say."""
    return canonical(name).startswith("utf-16") and plausibility(data.decode(name, "ignore")) < _PLAUSIBLE


def _fits(data: bytes, name: str) -> bool:
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return not any(c < " " and c not in "\t\n\r\f" for c in text[:_SAMPLE])


def _by_lines(data: bytes) -> Decoded | None:
    """Lines of UTF-8 and lines of GB18030 in one file, each without a fault; None if it is not that."""
    texts: list[str] = []
    other: list[int] = []
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        try:
            texts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            try:
                texts.append(strict(line, "gb18030", ""))
            except InputError:
                return None
            if plausibility(texts[-1]) < _PLAUSIBLE:
                return None
            other.append(number)
    if len(other) == len(texts):
        return None
    warning = ngettext(
        "mixes encodings: {count} line is gb18030, line {line}",
        "mixes encodings: {count} lines are gb18030, the first is line {line}",
        len(other),
        line=other[0],
    )
    return Decoded("".join(texts), "utf-8", (warning,))


def _with_damage(data: bytes) -> Decoded | None:
    """The likeliest encoding, if its faults are few; None if they are not."""
    name = max(_CHINESE, key=lambda n: plausibility(data[:_SAMPLE].decode(n, "replace")))
    text = data.decode(name, "replace")
    lost, foreign = text.count("\ufffd"), sum(c > "\x7f" for c in text)
    if plausibility(text) < _PLAUSIBLE or lost * _FEW > foreign:
        return None
    try:
        strict(data, name, "")
    except InputError as error:
        match = re.search(r"\d+", error.problem)
        return damaged(data, name, int(match[0]) if match else 0)
    return None


def _refuse(data: bytes, source: str) -> Decoded:
    raise _damaged(data, source)


def _damaged(data: bytes, source: str) -> InputError:
    """The error for the encoding that gets furthest with sense: that is where the damage is."""
    name = max(_CHINESE, key=lambda n: plausibility(data[:_SAMPLE].decode(n, "replace")))
    try:
        data.decode(name)
    except UnicodeDecodeError as error:
        return undecodable(name, error, source)
    return InputError(_("no text in an encoding that civictag knows"), where=source, hint=_(HINT))
