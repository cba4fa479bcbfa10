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
_BESIDE = 4  # texts that each is compared with per hash; of 8 no further copies were found, of 2 some not
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
    pairs = _candidates(found)
    alike = np.array([p for p in pairs if resemblance(found[p[0]], found[p[1]]) >= ALIKE]).reshape(-1, 2)
    links = coo_matrix((np.ones(len(alike)), (alike[:, 0], alike[:, 1])), shape=(count, count))
    numbers: NDArray[np.int64] = connected_components(links, directed=False)[1].astype(np.int64)
    return numbers


def _candidates(found: Sketches) -> NDArray[np.int64]:
    """Pairs of texts worth comparing, shape (n_pairs, 2): those beside each other under a hash they share.

    Under each hash texts are in order of the hash that follows: a sentence that hundreds of texts share
    has copies of the whole among them, and they share what follows too.
    """
    count = len(found)
    following = np.concatenate([found[:, 1:], np.full((count, 1), NOTHING, np.uint32)], axis=1)
    rows = np.repeat(np.arange(count), SKETCH)
    order = np.lexsort((rows, following.ravel(), found.ravel()))
    values, rows = found.ravel()[order], rows[order]
    pairs = []
    for apart in range(1, min(_BESIDE, len(rows) - 1) + 1):
        beside = np.flatnonzero((values[apart:] == values[:-apart]) & (values[apart:] != NOTHING))
        pairs.append(np.stack([rows[beside], rows[beside + apart]], axis=1))
    none = np.empty((0, 2), np.int64)
    return np.unique(np.sort(np.concatenate([none, *pairs]), axis=1), axis=0)


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
