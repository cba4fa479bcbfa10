"""How the shipped word vectors are made: ``python -m civictag.features.build_word_vectors TEXTS…``

TEXTS are JSON-lines files, or folders of them, with a ``text`` per line: the corpus, and text without
labels. What is kept are counts of words of the dictionary; no sentence and no name can be read out of them.
The same texts give the same table but for the last bits of the linear algebra.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from civictag.features.count_corpus import Lookups, lookups, name_features
from civictag.features.vocabulary import Counted, count, is_common_character
from civictag.features.word_vectors import VECTORS, WordVectors, save
from civictag.labels.label_set import from_data

SIZE = 100  # numbers per word; 64 lose 0.003 of average precision, 150 gain nothing
LEAST = 5  # sentences that a word must stand in
LEAST_OF_CHARACTERS = 10
COMMON = 0.1  # share of the sentences from which a word says nothing
SMOOTHING = 0.75  # power of the contexts' frequencies: rare ones would look too telling
OF_CHARACTERS = 0.5  # length of a character's vector beside a word's
NAMES = ("nr", "ns", "nt", "nz")  # jieba's tags of people, places, bodies and other names

Floats = NDArray[np.float64]


def build(paths: Sequence[str]) -> WordVectors:
    """The table of these texts. Takes some five minutes for 16,000 paragraphs."""
    counted = count(_analysed(paths, lookups(from_data({"format": 1, "labels": [{"id": "none"}]}))))
    seen = (counted.counts > 0).astype(np.float64).tocsr()
    frequency = np.asarray(seen.sum(axis=0)).ravel()
    words, characters = _words(counted, frequency), _characters(counted, frequency)
    contexts = seen[:, words]
    together = (contexts.T @ contexts).tocsr()
    together.setdiag(0)
    of_context = np.asarray(together.sum(axis=0)).ravel()
    from sklearn.utils.extmath import randomized_svd

    left, strengths, right = randomized_svd(_ppmi(together, of_context), SIZE, n_iter=3, random_state=0)
    beside = _ppmi((seen[:, characters].T @ contexts).tocsr(), of_context)
    rows = np.r_[
        _unit(left * np.sqrt(strengths)), OF_CHARACTERS * _unit(beside @ right.T / np.sqrt(strengths))
    ]
    columns = np.r_[words, characters]
    rows *= np.log(seen.shape[0] / (1 + frequency[columns]))[:, None]
    names = counted.names[columns].astype(str)
    order = np.argsort(names)
    return WordVectors(names[order], rows[order])


def _analysed(paths: Sequence[str], known: Lookups) -> Iterator[list[list[str]]]:
    for path in paths:
        files = sorted(Path(path).glob("*.jsonl")) if Path(path).is_dir() else [Path(path)]
        for file in files:
            texts = [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()]
            yield from name_features([(text, "") for text in texts], known)


def _words(counted: Counted, frequency: Floats) -> NDArray[np.int64]:
    """Columns of the dictionary's words that are seen often enough, and not everywhere."""
    import jieba

    lines = (line.split() for line in jieba.dt.get_dict_file().read().decode("utf-8").splitlines())
    known = {f"w:{word}" for word, _number, tag in lines if not tag.startswith(NAMES) and word.isalpha()}
    often = (frequency >= LEAST) & (frequency < COMMON * counted.counts.shape[0])
    return np.flatnonzero(often & [name in known for name in counted.names])


def _characters(counted: Counted, frequency: Floats) -> NDArray[np.int64]:
    often = frequency >= LEAST_OF_CHARACTERS
    return np.flatnonzero(often & [is_common_character(name) for name in counted.names])


def _ppmi(together: sparse.csr_matrix, of_context: Floats) -> sparse.csr_matrix:
    """Positive pointwise mutual information, shape as ``together``."""
    expected = of_context**SMOOTHING / (of_context**SMOOTHING).sum()
    cells, totals = together.tocoo(), np.asarray(together.sum(axis=1)).ravel()
    seen = cells.data > 0
    row, column, number = cells.row[seen], cells.col[seen], cells.data[seen]
    information = np.log(number / (totals[row] * expected[column]))
    kept = information > 0
    return sparse.csr_matrix((information[kept], (row[kept], column[kept])), shape=together.shape)


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = rows / np.where(lengths > 0, lengths, 1.0)
    return scaled


def main(paths: Sequence[str]) -> None:
    """Write the shipped table."""
    save(build(paths), VECTORS)


if __name__ == "__main__":
    main(sys.argv[1:])
