"""A model's words, cues and feature names as tables that the kernel reads where they lie.

One lexicon file (``civictag.text.lexicon_file``) with one trie: ``u:`` user words (value: where its log
frequency stands), ``l:`` cue literals (value: 1 + number of the literal) and the feature names of
the families ``w: c: t:`` as they are (value: 1 + row of the weights). The names of the families
``k: T: p:`` are few and fixed by the classes; their rows stand in ``classes`` and ``pairs``.

Cues: a literal has fills, each ``(class, need, give)``. A fill counts when a place ``need`` was
reached at most ``cue_gap`` characters before it (``NOWHERE``: it begins a pattern); then it reaches the
place ``give``, or, where that is ``NOWHERE``, it is a hit of the class. Patterns of one class that
begin with the same sets of literals share their places: that spares a third of the fills.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from civictag.errors import TaxonomyError
from civictag.i18n import _
from civictag.labels.cue_matcher import AGAINST, CueTable
from civictag.settings import FeatureSettings
from civictag.text.lexicon_file import character_codes, log_values, pack, trie_sections
from civictag.text.sentences import CLAUSE_BREAKS, CLOSERS, GRAM_BREAKS, sentence_ends

FAMILIES = ("u", "l", "w", "c", "t")
NOWHERE = 0xFFFF
# Bits of `marks`; the kernel has the same (model.h).
_MARKS = {2: CLOSERS, 4: CLAUSE_BREAKS, 8: GRAM_BREAKS}

Fill = tuple[int, int, int]


def build_tables(
    names: Sequence[str], table: CueTable, words: tuple[dict[str, int], int], features: FeatureSettings
) -> bytes:
    """The bytes of ``tables.bin``.

    Args:
        names: in row order; "" for a row without a name of its own.
        words: the user words with their frequencies, and jieba's total (which the manifest holds).

    Raises:
        TaxonomyError: more cues of several parts than the format has room for.
    """
    values, logs = log_values(words[0])
    texts = {f"u:{word}": value for word, value in values.items()}
    texts |= {f"l:{literal}": number for number, literal in enumerate(table.literals, 1)}
    texts |= {name: row for row, name in enumerate(names, 1) if name[:1] in FAMILIES}
    marks = {1: sentence_ends(features.clauses), **_MARKS}
    codes = character_codes(texts, extra=frozenset().union("0", *marks.values()))
    sections = {"logs": logs, **trie_sections(texts, codes)}
    rows = {name: row for row, name in enumerate(names)}
    sections["marks"] = bytes(
        [0, *(sum(bit for bit, chars in marks.items() if char in chars) for char in codes)]
    )
    sections["classes"], sections["pairs"] = _classes(table, rows)
    sections["fill_index"], sections["fills"], places = _fills(table)
    sections["settings"] = _settings(table, features, codes, places)
    return pack(0, sections)


def _settings(table: CueTable, features: FeatureSettings, codes: dict[str, int], places: int) -> bytes:
    """Numbers in the order of ``struct settings`` in model.h."""
    # The kernel finds the families' roots by these codes, and digit runs become the code of "0".
    symbols = [codes.get(char, 0) for char in (*FAMILIES, ":", "0")]
    longest = max(map(len, table.literals), default=0)
    knobs = [features.sentence_min, features.char_min, features.char_max, features.cue_gap]
    return struct.pack("<15I", *symbols, *knobs, len(table.classes), len(table.literals), places, longest)


def _classes(table: CueTable, rows: dict[str, int]) -> tuple[bytes, bytes]:
    """For each class: row of ``k:``, row of ``T:``, what cancels it, whether it cancels; and pairs."""
    numbers: list[int] = []
    for name, cancels in zip(table.classes, table.cancels, strict=True):
        numbers += [rows.get(f"k:{name}", -1), rows.get(f"T:{name}", -1), cancels, _is_counter(name)]
    pairs = [rows.get(f"p:{one}&{other}", -1) for one in table.classes for other in table.classes]
    return struct.pack(f"<{len(numbers)}i", *numbers), struct.pack(f"<{len(pairs)}i", *pairs)


def _is_counter(name: str) -> bool:
    return name.endswith("." + AGAINST)


def _fills(table: CueTable) -> tuple[bytes, bytes, int]:
    """Where each literal's fills begin (cancelling ones first), the fills, and the number of places."""
    places = _places(table)
    index, flat = [0], list[Fill]()
    for fills in table.fills:
        wanted = dict.fromkeys(_fill(table, places, pattern, part) for pattern, part in fills)
        for counters in (True, False):
            flat += (fill for fill in wanted if _is_counter(table.classes[fill[0]]) == counters)
            index.append(len(flat))
    count = len(set(places.values()))
    if count >= NOWHERE or len(table.classes) >= NOWHERE:
        raise TaxonomyError(
            _("has {count} beginnings of patterns, more than {most}", count=count, most=NOWHERE - 1)
        )
    numbers = [number for fill in flat for number in fill]
    return struct.pack(f"<{len(index)}I", *index), struct.pack(f"<{len(numbers)}H", *numbers), count


def _fill(table: CueTable, places: dict[tuple[int, int], int], pattern: int, part: int) -> Fill:
    last = part + 1 == table.pattern_parts[pattern]
    need = places[pattern, part - 1] if part else NOWHERE
    return table.pattern_class[pattern], need, NOWHERE if last else places[pattern, part]


def _places(table: CueTable) -> dict[tuple[int, int], int]:
    """A number for each (pattern, part) but the last; the same where class and literals so far are."""
    literals: dict[tuple[int, int], list[int]] = {}
    for literal, fills in enumerate(table.fills):
        for fill in fills:
            literals.setdefault(fill, []).append(literal)
    numbers: dict[tuple[object, ...], int] = {}
    places = {}
    for pattern, parts in enumerate(table.pattern_parts):
        key: tuple[object, ...] = (table.pattern_class[pattern],)
        for part in range(parts - 1):
            key = (*key, tuple(literals[pattern, part]))
            places[pattern, part] = numbers.setdefault(key, len(numbers))
    return places
