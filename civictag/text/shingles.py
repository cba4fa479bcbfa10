"""Near copies among short texts: sketches of their character n-grams, compared without the texts.

A sketch is the smallest hashes of a text's shingles (bottom-k: Broder 1997, "On the resemblance and
containment of documents", section 3). It tells whether two texts are nearly the same, and nothing
of what they say: a model may keep the sketches of its training corpus.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from civictag.text.normalize import normalize

SHINGLE = 5  # characters; shorter ones (「文明城市」) are shared by all articles of the genre
SKETCH = 12  # hashes kept of a text
ALIKE = 2 / 3  # share of common shingles, estimated, from which two texts are nearly the same
NOTHING = 0xFFFFFFFF  # fills the sketch of a text that has fewer shingles

Sketches = NDArray[np.uint32]
_POWERS = np.array([pow(1_000_003, i, 2**32) for i in range(SHINGLE)], dtype=np.uint32)


def sketches(texts: Iterable[str]) -> Sketches:
    """The sketches of texts, shape (n_texts, SKETCH), each row ascending."""
    rows = [_sketch(normalize(text)) for text in texts]
    return np.stack(rows) if rows else np.empty((0, SKETCH), np.uint32)


def _sketch(text: str) -> Sketches:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    row = np.full(SKETCH, NOTHING, np.uint32)
    if not len(codes):
        return row
    if len(codes) < SHINGLE:
        codes = np.pad(codes, (0, SHINGLE - len(codes)))
    hashes = np.unique(_mixed(np.lib.stride_tricks.sliding_window_view(codes, SHINGLE) @ _POWERS))
    row[: len(hashes)] = hashes[:SKETCH]
    return row


def _mixed(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The finalizer of MurmurHash3: neighbouring shingles must not have neighbouring hashes."""
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    values = (values ^ (values >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return values ^ (values >> np.uint32(16))


def resemblance(one: Sketches, other: Sketches) -> float:
    """Estimated share of common shingles of two texts, from 0 to 1; 0 when one has none."""
    a, b = set(one.tolist()) - {NOTHING}, set(other.tolist()) - {NOTHING}
    smallest = sorted(a | b)[: max(len(a), len(b))]
    return sum(value in a and value in b for value in smallest) / max(len(smallest), 1)


def clusters(found: Sketches) -> NDArray[np.int64]:
    """A number per text, shape (n_texts,): the same for texts that are nearly the same."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    count = len(found)
    rows = np.repeat(np.arange(count), SKETCH)
    order = np.lexsort((rows, found.ravel()))
    values, rows = found.ravel()[order], rows[order]
    beside = np.flatnonzero((values[1:] == values[:-1]) & (values[1:] != NOTHING))
    pairs = np.unique(np.stack([rows[beside], rows[beside + 1]], axis=1), axis=0)
    alike = np.array([p for p in pairs if resemblance(found[p[0]], found[p[1]]) >= ALIKE]).reshape(-1, 2)
    links = coo_matrix((np.ones(len(alike)), (alike[:, 0], alike[:, 1])), shape=(count, count))
    numbers: NDArray[np.int64] = connected_components(links, directed=False)[1].astype(np.int64)
    return numbers


def seen_in(asked: Sketches, known: Sketches) -> NDArray[np.bool_]:
    """Which texts are nearly the same as a known one, shape (n_asked,)."""
    order = np.argsort(known.ravel(), kind="stable")
    values, owner = known.ravel()[order], (order // SKETCH)
    return np.array([_seen(row, known, values, owner) for row in asked], dtype=bool)


def _seen(row: Sketches, known: Sketches, values: Sketches, owner: NDArray[np.int64]) -> bool:
    candidates: set[int] = set()
    for value in row[row != NOTHING]:
        first, last = np.searchsorted(values, [value, value + np.uint32(1)])
        candidates.update(owner[first : min(last, first + 50)].tolist())
    return any(resemblance(row, known[at]) >= ALIKE for at in sorted(candidates))
