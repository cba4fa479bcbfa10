"""The shipped word vectors beside a corpus's own words: what a few dozen paragraphs cannot tell alone.

A paragraph's vector is the sum of its words' vectors, of unit length, times the learner's factor; the SVM
learns a direction in that space together with the words' weights. A direction is a weight for every word of
the table, whether or not the corpus has it, so what is learned is a linear model of words as before. It
says no more of a word of one article than of one that nobody wrote.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from civictag.features.vocabulary import Bags, Counted, Vocabulary, damped
from civictag.features.word_vectors import word_vectors
from civictag.training.learners.mi_svm import Floats


@dataclass(frozen=True, slots=True)
class Meanings:
    """Word vectors in the terms of a vocabulary that has the corpus's own names and the table's.

    Attributes:
        own: where the corpus's own names stand among them, ascending, shape (n_own,).
        vectors: what a name adds to a paragraph's vector per count, shape (n_names, size).
        paragraphs: the paragraphs' vectors, shape (n_paragraphs, size).
    """

    own: NDArray[np.int64]
    vectors: Floats
    paragraphs: Floats

    def by_name(self, learned: Floats) -> Floats:
        """Weights of all names from those of the own names and, after them, of the vectors' numbers."""
        weights: Floats = self.vectors @ learned[len(self.own) :]
        weights[self.own] += learned[: len(self.own)]
        return weights


def with_meanings(
    counted: Counted, own: Vocabulary, factor: float, among: NDArray[np.int64] | None
) -> tuple[Vocabulary, Bags, Meanings]:
    """The vocabulary with the table's names, the sentences in its terms, and the vectors.

    Args:
        counted: the corpus.
        own: the names learned from it.
        factor: length of a paragraph's vector, where its words have length 1.
        among: the paragraphs whose usual length counts; None: all.
    """
    table = word_vectors()
    names = np.union1d(np.array(own.names), table.names)
    place = np.searchsorted(names, np.array(own.names))
    scales = np.ones(len(names))
    scales[place] = own.scales
    vocabulary = Vocabulary(tuple(names.tolist()), scales)
    bags = Bags(damped(_counts(counted, names), vocabulary), counted.owner, counted.size)
    vectors = np.zeros((len(names), table.vectors.shape[1]))
    vectors[np.searchsorted(names, table.names)] = table.vectors
    vectors /= scales[:, None]
    paragraphs = bags.whole() @ vectors
    lengths = np.linalg.norm(paragraphs, axis=1)
    lengths[lengths == 0] = 1.0
    # As for words: a new text is not scaled to unit length, but divided by a usual one.
    usual = float(np.median(lengths if among is None else lengths[among]))
    return vocabulary, bags, Meanings(place, factor / usual * vectors, factor * paragraphs / lengths[:, None])


def _counts(counted: Counted, names: NDArray[np.str_]) -> sparse.csr_matrix:
    """Counts of these names, shape (n_sentences, n_names); 0 for those that the corpus does not have."""
    at = np.searchsorted(names, counted.names.astype(str))
    known = np.flatnonzero(names[np.minimum(at, len(names) - 1)] == counted.names)
    mover = sparse.csr_matrix(
        (np.ones(len(known)), (known, at[known])), shape=(len(counted.names), len(names))
    )
    return (counted.counts @ mover).tocsr()
