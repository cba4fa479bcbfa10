"""A label file's bytes as text, and the limits of what it may hold, checked before anything is written out.

Whoever sends a label file must not be able to stop the program with it: 717 bytes of sets that name each
other twice stand for 2^26 words, and a thousand brackets exhaust Python's stack.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from typing import Any

from civictag.errors import TaxonomyError, reason
from civictag.i18n import _
from civictag.util.parser_words import in_words
from civictag.util.terminal import harmless

MIB = 1 << 20
LARGEST = 8 * MIB  # the shipped label set has 60 KB
MOST_LABELS = 10_000
MOST_CLASSES = 4_000  # of cues, all labels together: the kernel's table of pairs has the square of it
MOST_TEXTS = 500_000  # patterns and words of sets, in a file
LONGEST = 20_000  # characters of a text
LONGEST_NAME = 200
DEPTH = 16
MOST_DOTS = 2000  # on a line: the parser takes the square of a key's parts, over all lines no more than that
_LARGEST_NUMBER = 10**15
ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")  # of a label, or of a class of cues
_TOP = frozenset({"format", "name", "version", "labels", "sets", "context"})
_LABEL = frozenset({"id", "name", "name_en", "definition", "definition_en", "color", "cues"})
_CLASSES = frozenset({"strong", "action", "weak", "against"})
_NUMBERED = re.compile(r"[_\d].*\Z")  # strong_2 is a class of one's own beside strong


def read_toml(path: str) -> dict[str, Any]:
    """What stands in a label or migration file; ``check_shape`` says whether it may.

    Raises:
        TaxonomyError: as ``read_label_file``; it is not TOML, or nested too deep.
    """
    import tomllib

    try:
        return tomllib.loads(read_label_file(path))
    except tomllib.TOMLDecodeError as error:
        raise TaxonomyError(_("not valid TOML: {reason}", reason=in_words(error)), where=path) from None
    except RecursionError:
        raise TaxonomyError(_("is nested too deep"), where=path) from None
    except ValueError as error:  # a number of thousands of digits
        raise TaxonomyError(_("cannot be read: {reason}", reason=error), where=path) from None


def read_label_file(path: str) -> str:
    """The text of a label file: UTF-8, with or without the mark of Windows' Notepad, UTF-16 or GB18030.

    Raises:
        TaxonomyError: it cannot be read, is no regular file, or is larger than a label file is.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise TaxonomyError(_("is not a regular file"), where=path)
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise TaxonomyError(_("cannot be read: {reason}", reason=reason(error)), where=path) from None
    if len(data) > LARGEST:
        raise TaxonomyError(_("is larger than {size} MiB", size=LARGEST // MIB), where=path)
    text = _decoded(data, path)
    work = 0
    for number, line in enumerate(text.split("\n"), 1):
        work += line.count(".") ** 2
        if work > MOST_DOTS**2:
            raise TaxonomyError(_("has a key of too many parts"), where=path, line=number)
    # TOML knows no other line end; a text written with CR alone is a riddle otherwise.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_shape(data: Mapping[str, Any], where: str) -> None:
    """Refuse what is too deep, too much, not a number, or what a terminal would obey.

    Raises:
        TaxonomyError: naming the field.
    """
    left = _walk(data, "", DEPTH, MOST_TEXTS, where)
    if left < 0:
        raise TaxonomyError(_("holds more than {most} texts", most=MOST_TEXTS), where=where)


def check_keys(data: Mapping[str, Any], where: str) -> None:
    """Refuse mistyped keys: the text of a ``defintion`` would be left out without a word.

    Keys that are near to none of ours are a user's own notes (``since = 2024-05-01``) and may stay; so are
    classes of cues of one's own. The cues of a ``stong`` would be a class of their own, and never strong.

    Raises:
        TaxonomyError: naming the key and the one that was meant.
    """
    _check_mistyped(data, _TOP, "", where)
    entries = data.get("labels", [])
    for at, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, Mapping):
            _check_mistyped(entry, _LABEL, f"labels[{at}].", where)
            cues = entry.get("cues")
            if isinstance(cues, Mapping):
                _check_mistyped(cues, _CLASSES, f"labels[{at}].cues.", where)


def as_seen(name: str) -> str:
    """A name as eyes tell it from others: Ａ１ is A1, and a zero-width sign is nothing."""
    if name.isascii():
        return name.strip().casefold()
    visible = "".join(ch for ch in name if unicodedata.category(ch) != "Cf")
    return unicodedata.normalize("NFKC", visible).strip().casefold()


def _check_mistyped(table: Mapping[str, Any], known: frozenset[str], field: str, where: str) -> None:
    for key in sorted(set(table) - known):
        from difflib import get_close_matches

        if known is _CLASSES and _NUMBERED.sub("", key) in known:
            continue
        if meant := get_close_matches(key, sorted(known), 1, 0.75):
            raise TaxonomyError(
                _("has the key {key!r}, which means nothing here", key=key),
                where=where,
                field=field + key,
                hint=_("Did you mean {meant!r}?", meant=meant[0]),
            )


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _decoded(data: bytes, path: str) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    names = ["utf-16"] if wide else ["utf-8-sig", "gb18030"]
    for name in names:
        try:
            return data.decode(name)
        except UnicodeDecodeError as error:
            place = error.start
    raise TaxonomyError(
        _("is neither UTF-8 nor GBK text"),
        where=path,
        line=data.count(b"\n", 0, place) + 1,
        hint=_("Save it as UTF-8"),
    )


def _walk(value: Any, field: str, depth: int, left: int, where: str) -> int:
    """How many texts may still come, after ``value``."""
    if isinstance(value, str):
        _check_text(value, field, where)
        return left - 1
    if isinstance(value, (Mapping, list)):
        if depth == 0:
            raise TaxonomyError(_("is nested too deep"), where=where, field=field)
        for key, part in value.items() if isinstance(value, Mapping) else enumerate(value):
            place = f"{field}.{key}" if field and isinstance(key, str) else field or str(key)
            if isinstance(key, str):
                _check_text(key, field, where)
            left = _walk(part, place[:200], depth - 1, left, where)
            if left < 0:
                return left
    elif isinstance(value, (int, float)) and not abs(value) <= _LARGEST_NUMBER:  # nan is not, either
        raise TaxonomyError(_("is not a number of moderate size"), where=where, field=field)
    return left


def _check_text(text: str, field: str, where: str) -> None:
    if len(text) > LONGEST:
        raise TaxonomyError(_("is longer than {most} characters", most=LONGEST), where=where, field=field)
    if not harmless(text, lines=True):
        raise TaxonomyError(
            _("holds control characters"),
            where=where,
            field=field,
            hint=_("Type the text anew; it was copied with signs that no one sees"),
        )
