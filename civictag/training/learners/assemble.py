"""A fitted model as the tables that a bundle holds: its names and the shipped words, with their weights.

A model may hold no word that stands in one article of its corpus only. The shipped words are no words of
the corpus: the same list goes with every model that has learned with word vectors, whatever its corpus says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civictag.features.word_vectors import word_vectors
from civictag.model.bundle_files import SHIPPED_WEIGHTS, SHIPPED_WORDS, every_name
from civictag.model.pooling import PARAGRAPH
from civictag.training.learners.fit import Design
from civictag.training.learners.linear import Linear
from civictag.training.learners.mi_svm import Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights in the terms of counts damped by 1 + ln, columns are labels.

    Attributes:
        names: of the corpus and of the label set, sorted.
        sentence: shape (n_names, n_labels).
        whole: of the last names wherever they stand, shape (n_last, n_labels); n_last may be 0.
        shipped: of the shipped words, in their order, shape (n_words, n_labels); 0 rows without word vectors.
    """

    names: tuple[str, ...]
    sentence: NDArray[np.float32]
    whole: NDArray[np.float32]
    shipped: NDArray[np.float32]

    def every_name(self) -> list[str]:
        """As ``bundle_files.every_name``."""
        return every_name(list(self.names), word_vectors().names.tolist() if len(self.shipped) else [])

    def files(self) -> dict[str, bytes]:
        """The bundle's files of names and weights."""
        found = {"vocabulary.txt": _lines(self.names), "weights.f32": self.sentence.tobytes()}
        if self.whole.size:
            found[PARAGRAPH] = self.whole.tobytes()
        if len(self.shipped):
            words = _lines(word_vectors().names.tolist())
            found |= {SHIPPED_WORDS: words, SHIPPED_WEIGHTS: self.shipped.tobytes()}
        return found


def assemble(seen: Design, model: Linear, fallbacks: Mapping[str, Mapping[str, float]]) -> Weights:
    """The tables; ``fallbacks``: by label, the weights of cues that stand in for what was not learned."""
    ids, names = list(seen.ids), seen.vocabulary.names
    further = {name for weights in fallbacks.values() for name in weights}
    everything = tuple(sorted({*names, *further}))
    place = {name: row for row, name in enumerate(everything)}
    table = np.zeros((len(everything), 2, len(ids)))
    rows = [place[name] for name in names]
    table[rows, 0] = seen.vocabulary.scales[:, None] * model.weights
    if model.whole is not None:
        table[rows, 1] = seen.vocabulary.scales[:, None] * model.whole
    for label, weights in fallbacks.items():
        column = ids.index(label)
        table[:, :, column] = 0.0
        for name, weight in weights.items():
            table[place[name], 0, column] = weight
    learned = names if seen.meanings is None else [names[row] for row in seen.meanings.own]
    own = sorted(place[name] for name in {*learned, *further})
    kept = [row for row in own if table[row].any()] or own[:1]  # a model has at least one name
    words = [] if seen.meanings is None else [place[name] for name in word_vectors().names.tolist()]
    return Weights(
        tuple(everything[row] for row in kept), _single(table[kept, 0]), _single(_last(table[kept, 1])),
        _single(table[words, 0]),
    )  # fmt: skip


def _lines(names: Sequence[str]) -> bytes:
    return "".join(f"{name}\n" for name in names).encode()


def _last(whole: Floats) -> Floats:
    """From the first row on that is not 0: words sort last, topics (``k:``) before them."""
    rows = np.flatnonzero(whole.any(axis=1))
    return whole[rows[0] if len(rows) else len(whole) :]


def _single(table: Floats) -> NDArray[np.float32]:
    return np.ascontiguousarray(table, dtype="<f4")
