"""The lexicon file: all that folding and cutting look up, in one file that is mapped, not loaded.

Layout, little-endian, every section on a multiple of 64 bytes::

    0   magic "civiclex"          8   format number, u32       12  0x01020304, u32
    16  length of the file, u64   24  sum of frequencies, u64
    32  per section, in the order of SECTIONS: offset u64, length in bytes u64
    …   crc32 of all bytes before it, u32

User words, and a model's tables, come in the same layout, with the sections they do not need
left empty.
"""

from __future__ import annotations

import mmap
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log
from typing import Any, Literal, NamedTuple, cast

from civictag.errors import ModelError
from civictag.i18n import _

MAGIC = b"civiclex"
FORMAT = 1
PAGE = 256
PAGES = 0x110000 // PAGE
# name → format of one item, as `memoryview.cast` knows it
SECTIONS = {
    "fold_index": "H",  # code point // 256 → page of `folds`
    "folds": "I",  # normalized code point; 0: stays itself; see normalize_table for SPACE and DROP
    "code_index": "H",  # code point // 256 → page of `codes`
    "codes": "H",  # the character's code in `trie` and `emissions`; 0: has none
    "trie": "Q",  # double_array.py
    "logs": "d",  # value of a trie slot → log(frequency); [0] is not used
    "hmm": "d",  # log probabilities: start of B M E S (in the order B E M S), then from × to
    "emissions": "d",  # four per code, in the same order
    # The rest is a model's (model/compile_tables.py).
    "settings": "I",
    "marks": "B",  # character code → what the character divides
    "classes": "i",
    "pairs": "i",
    "fill_index": "I",
    "fills": "H",
}
_HEAD = struct.Struct("<8sIIQQ" + "QQ" * len(SECTIONS))
_CRC = struct.Struct("<I")
_ORDER = 0x01020304
_ALIGN = 64


class Sections(NamedTuple):
    """A lexicon's sections as typed views, by the names in ``SECTIONS``; ``total`` of all frequencies."""

    total: int
    views: Mapping[str, Any]


def pack(total: int, sections: Mapping[str, bytes]) -> bytes:
    """A lexicon as the bytes of a file; sections not given are empty."""
    start = _aligned(_HEAD.size + _CRC.size)
    table: list[int] = []
    body = bytearray()
    for name in SECTIONS:
        data = sections.get(name, b"")
        table += [start + len(body), len(data)]
        body += data + bytes(_aligned(len(data)) - len(data))
    head = _HEAD.pack(MAGIC, FORMAT, _ORDER, start + len(body), total, *table)
    head += _CRC.pack(zlib.crc32(head))
    return head + bytes(start - len(head)) + bytes(body)


def parse(data: memoryview | bytes | mmap.mmap, where: str) -> Sections:
    """The sections of a lexicon; ModelError names ``where`` and what is wrong with it.

    Only the header is checked: a cold start must not read six megabytes. The kernel checks bounds
    as it walks the sections, so that damaged contents cannot take the process down.
    """
    view = memoryview(data)
    if len(view) < _HEAD.size + _CRC.size or bytes(view[:8]) != MAGIC:
        raise _damaged(_("is not a civictag lexicon"), where)
    _magic, version, order, length, total, *table = _HEAD.unpack_from(view)
    if order != _ORDER or sys.byteorder != "little":
        raise _damaged(_("was written for another byte order"), where)
    if version != FORMAT:
        raise _damaged(
            _("has format {version}, this civictag reads format {format}", version=version, format=FORMAT),
            where,
        )
    if length != len(view):
        raise _damaged(_("is {count} bytes long instead of {length}", count=len(view), length=length), where)
    if zlib.crc32(view[: _HEAD.size]) != _CRC.unpack_from(view, _HEAD.size)[0]:
        raise _damaged(_("has a damaged header"), where)
    spans = zip(table[0::2], table[1::2], strict=True)
    return Sections(
        total,
        {
            name: view[offset : offset + size].cast(cast(Literal["H"], SECTIONS[name]))
            for name, (offset, size) in zip(SECTIONS, spans, strict=True)
        },
    )


def open_lexicon(path: str) -> mmap.mmap:
    """Map a lexicon file into memory, checked by ``parse``."""
    data = _map_file(path)
    parse(data, path)
    return data


def _map_file(path: str) -> mmap.mmap:
    """Map a file into memory; ModelError when that cannot be done, as with an empty one."""
    try:
        with open(path, "rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise _damaged(_("cannot be read ({error})", error=error), path) from error


def two_stage(table: Mapping[int, int], item: str) -> tuple[bytes, bytes]:
    """A table over all code points as (index, pages): pages without an entry share page 0, all zeros."""
    pages: dict[int, list[int]] = {}
    for code, value in table.items():
        pages.setdefault(code // PAGE, [0] * PAGE)[code % PAGE] = value
    numbers = {page: number for number, page in enumerate(sorted(pages), 1)}
    index = struct.pack(f"<{PAGES}H", *(numbers.get(page, 0) for page in range(PAGES)))
    blank = struct.pack(f"<{PAGE}{item}", *[0] * PAGE)
    return index, blank + b"".join(struct.pack(f"<{PAGE}{item}", *pages[page]) for page in sorted(pages))


def character_codes(words: Iterable[str], extra: Iterable[str] = ()) -> dict[str, int]:
    """A code from 1 for every character, frequent ones first: that packs the trie tighter."""
    counts = Counter(char for word in words for char in word)
    rare = sorted(set(extra) - set(counts))
    ranked = sorted(counts, key=lambda char: (-counts[char], char))
    return {char: number for number, char in enumerate(ranked + rare, 1)}


def trie_sections(values: Mapping[str, int], codes: Mapping[str, int]) -> dict[str, bytes]:
    """The sections that hold words and their values (from 1): character codes and trie."""
    from civictag.text import double_array

    index, pages = two_stage({ord(char): code for char, code in codes.items()}, "H")
    trie = double_array.build(([codes[char] for char in word], value) for word, value in values.items())
    return {"code_index": index, "codes": pages, "trie": trie}


def log_values(frequencies: Mapping[str, int]) -> tuple[dict[str, int], bytes]:
    """For each word a value for the trie, and the ``logs`` section that it points into."""
    distinct = Counter(frequencies.values())
    ranked = sorted(distinct, key=lambda frequency: (-distinct[frequency], frequency))
    number = {frequency: value for value, frequency in enumerate(ranked, 1)}
    values = {word: number[frequency] for word, frequency in frequencies.items()}
    return values, doubles([0.0, *(log(frequency) for frequency in ranked)])


def user_lexicon(frequencies: Mapping[str, int]) -> bytes:
    """User words as a small lexicon of their own, laid over the shipped one when text is cut."""
    values, logs = log_values(frequencies)
    return pack(0, {"logs": logs, **trie_sections(values, character_codes(frequencies))})


def doubles(numbers: Iterable[float]) -> bytes:
    """Numbers as a section of doubles."""
    row = list(numbers)
    return struct.pack(f"<{len(row)}d", *row)


def _aligned(size: int) -> int:
    return -(-size // _ALIGN) * _ALIGN


def _damaged(problem: str, where: str) -> ModelError:
    return ModelError(problem, where=where, hint=_("Install civictag again, or train the model again"))
