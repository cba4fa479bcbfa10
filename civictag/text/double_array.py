"""A set of words as a double-array trie: one flat array that is walked without being loaded.

Every slot is one unsigned 64-bit number: ``base`` in bits 0–21, ``parent`` in bits 22–43,
``value`` in bits 44–63. Slot 0 is the root. From slot ``s`` the character with code ``c`` leads
to slot ``base(s) + c`` if the parent of that slot is ``s``; else no word goes on that way. A base
of 0 says "no children". A value of 0 says that no word ends here.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count

SLOT_BYTES = 8
SLOT_BITS = 22
VALUE_SHIFT = 2 * SLOT_BITS
MAX_SLOTS = 1 << SLOT_BITS
MAX_VALUE = (1 << 64 - VALUE_SHIFT) - 1
_NOBODY = MAX_SLOTS - 1  # the parent of a free slot: no slot has this number


def build(words: Iterable[tuple[Sequence[int], int]]) -> bytes:
    """The slots of a trie that holds ``words``: pairs of character codes (from 1) and value.

    Values lie in 1–``MAX_VALUE`` (1,048,575). The same words give the same bytes, in whatever order
    they come. ValueError when there are too many words for ``MAX_SLOTS``, or a value is too large.
    """
    children, values = _tree(sorted((tuple(codes), value) for codes, value in words))
    bases = _bases(children)
    highest = max((code for kids in children for code in kids), default=0)
    size = max(bases) + highest + 1
    if size >= MAX_SLOTS or max(values) > MAX_VALUE:
        raise ValueError(f"a trie of {size} slots and values to {max(values)} is too large")
    slots = array("Q", [_NOBODY << SLOT_BITS]) * size
    for slot, node, parent in _walk(children, bases):
        slots[slot] = bases[node] | parent << SLOT_BITS | values[node] << VALUE_SHIFT
    return slots.tobytes()


def _tree(words: list[tuple[tuple[int, ...], int]]) -> tuple[list[dict[int, int]], list[int]]:
    """The trie as ``children[node] = {code: node}`` and ``values[node]``; node 0 is the root."""
    children: list[dict[int, int]] = [{}]
    values = [0]
    for codes, value in words:
        node = 0
        for code in codes:
            kids = children[node]
            if code not in kids:
                kids[code] = len(children)
                children.append({})
                values.append(0)
            node = kids[code]
        values[node] = value
    return children, values


def _walk(children: list[dict[int, int]], bases: list[int]) -> Iterator[tuple[int, int, int]]:
    """Every node as (its slot, the node, its parent's slot), parents before children."""
    pending = [(0, 0, _NOBODY)]
    for slot, node, parent in pending:
        yield slot, node, parent
        pending.extend((bases[node] + code, kid, slot) for code, kid in children[node].items())


def _bases(children: list[dict[int, int]]) -> list[int]:
    """A base for every node, 0 for leaves.

    Crowded nodes come first, they need the widest gaps; an only child fits into any hole left.
    """
    bases = [0] * len(children)
    inner = [node for node, kids in enumerate(children) if kids]
    crowded = sorted((n for n in inner if len(children[n]) > 1), key=lambda n: (-len(children[n]), n))
    taken = 1  # slot 0 is the root's
    for node in crowded:
        bases[node], taken = _first_fit(taken, list(children[node]))
    holes = _free_slots(taken)
    for node in sorted((n for n in inner if len(children[n]) == 1), key=lambda n: min(children[n])):
        code = min(children[node])
        bases[node] = next(slot for slot in holes if slot > code) - code
    return bases


def _first_fit(taken: int, codes: list[int]) -> tuple[int, int]:
    """The smallest base ≥ 1 with ``base + code`` free for every code, and what is taken after that.

    Bit ``s`` of ``taken`` says that slot ``s`` is. Shifting by every code and joining the results
    tries all bases at once: slot by slot took two minutes for the shipped dictionary.
    """
    blocked = (taken >> min(codes)) | 1
    for code in codes:
        blocked |= taken >> code
    base = (~blocked & (blocked + 1)).bit_length() - 1
    return base, taken | sum(1 << code for code in codes) << base


def _free_slots(taken: int) -> Iterator[int]:
    bits = reversed(bin(taken)[2:])
    return chain((slot for slot, bit in enumerate(bits) if bit == "0"), count(taken.bit_length()))
