"""Find the taxonomy's cues in one clause.

A cue is one to three parts; a part is a set of literals; parts follow each other within a
clause with at most ``gap`` characters between them. All literals of all cues lie in one
trie, so a clause is walked once whatever the number of cues. An ``against`` cue cancels what it
covers of its label's cues, part by part: 「卫生」 in 「卫生院」 announces nothing, and 「垃圾」 in
「垃圾短信」 cannot be the object of 「清理」.

The compiled kernel does the same from the same table (``CueTable``); the tests hold them equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from civictag.labels.label_set import Cue

AGAINST = "against"
#: A context class so named says what a text is about, 「开发商」「交房」: it counts wherever it stands.
ABOUT = "about_"

Hit = tuple[int, int, int]  # class, start, end in the clause


@dataclass(frozen=True)
class CueTable:
    """The cues as data: classes, patterns, and for each literal the parts that it fills.

    Attributes:
        classes: ``label.kind`` names; a context class is ``.kind``.
        cancels: for each class, the class whose hits cancel its own, or -1.
        pattern_class: for each pattern, its class.
        pattern_parts: for each pattern, its number of parts (1 to 3).
        literals: normalized texts, sorted.
        fills: for each literal, its (pattern, part) pairs, sorted.
    """

    classes: tuple[str, ...]
    cancels: tuple[int, ...]
    pattern_class: tuple[int, ...]
    pattern_parts: tuple[int, ...]
    literals: tuple[str, ...]
    fills: tuple[tuple[tuple[int, int], ...], ...]


def cue_table(cues: Sequence[Cue]) -> CueTable:
    """Lay the cues out as a table, classes in order of first use."""
    classes = tuple(dict.fromkeys(f"{cue.label}.{cue.kind}" for cue in cues))
    number = {name: i for i, name in enumerate(classes)}
    fills: dict[str, set[tuple[int, int]]] = {}
    for pattern, cue in enumerate(cues):
        for slot, part in enumerate(cue.parts):
            for literal in part:
                fills.setdefault(literal, set()).add((pattern, slot))
    literals = tuple(sorted(fills))
    return CueTable(
        classes=classes,
        cancels=tuple(_canceller(name, number) for name in classes),
        pattern_class=tuple(number[f"{cue.label}.{cue.kind}"] for cue in cues),
        pattern_parts=tuple(len(cue.parts) for cue in cues),
        literals=literals,
        fills=tuple(tuple(sorted(fills[literal])) for literal in literals),
    )


def _canceller(name: str, number: dict[str, int]) -> int:
    label, kind = name.split(".")
    return -1 if kind == AGAINST or not label else number.get(f"{label}.{AGAINST}", -1)


class CueMatcher:
    """Walks clauses; built once per model. ``gap``: most characters between two parts."""

    def __init__(self, table: CueTable, gap: int) -> None:
        self.table = table
        self._gap = gap
        self._root: dict[str, object] = {}
        for literal, fills in zip(table.literals, table.fills, strict=True):
            node = self._root
            for char in literal:
                node = node.setdefault(char, {})  # type: ignore[assignment]
            node[""] = fills
        counters = [p for p, c in enumerate(table.pattern_class) if table.classes[c].endswith("." + AGAINST)]
        self._counters = frozenset(counters)
        self._announcers = frozenset(range(len(table.pattern_class))) - self._counters

    def match(self, clause: str) -> list[Hit]:
        """Class hits of one normalized clause, cancelled ones left out, in order of their start."""
        found = list(self._literals(clause))
        barred: dict[int, list[tuple[int, int]]] = {}
        for cue, start, end in self._join(found, self._counters, {}):
            barred.setdefault(cue, []).append((start, end))
        return self._join(found, self._announcers, barred) + [
            (cue, start, end) for cue, spans in barred.items() for start, end in spans
        ]

    def _literals(self, clause: str) -> Iterator[tuple[int, int, int, int]]:
        """(start, end, pattern, part) of every literal in the clause, by start, then length."""
        for start in range(len(clause)):
            node = self._root
            for end in range(start, len(clause)):
                node = node.get(clause[end])  # type: ignore[assignment]
                if node is None:
                    break
                for pattern, part in node.get("", ()):  # type: ignore[attr-defined]
                    yield start, end + 1, pattern, part

    def _join(
        self,
        found: Sequence[tuple[int, int, int, int]],
        patterns: frozenset[int],
        barred: Mapping[int, Sequence[tuple[int, int]]],
    ) -> list[Hit]:
        """Parts that follow each other become hits of their pattern's class."""
        hits: list[Hit] = []
        ends: dict[tuple[int, int], list[tuple[int, int]]] = {}  # (pattern, part) -> (begin, end) seen
        for start, end, pattern, part in found:
            cue = self.table.pattern_class[pattern]
            bars = barred.get(self.table.cancels[cue], ())
            if pattern not in patterns or any(s <= start and end <= e for s, e in bars):
                continue
            begin = start if part == 0 else self._begin(ends.get((pattern, part - 1), ()), start)
            if begin < 0:
                continue
            if part + 1 == self.table.pattern_parts[pattern]:
                hits.append((cue, begin, end))
            else:
                ends.setdefault((pattern, part), []).append((begin, end))
        return hits

    def _begin(self, before: Sequence[tuple[int, int]], start: int) -> int:
        """Where the pattern that goes on at ``start`` began, by its latest part; -1 if it did not."""
        for begin, end in reversed(before):
            if 0 <= start - end <= self._gap:
                return begin
        return -1
