"""What every learner gives: the numbers of a linear model, and paragraphs scored with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from civictag.features.vocabulary import Bags
from civictag.training.learners.mi_svm import Floats, pool


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model in the terms of a vocabulary.

    Attributes:
        weights: of features in a sentence, shape (n_names, n_labels).
        biases: of a sentence, shape (n_labels,).
        offsets: added to every sentence but the best, shape (n_labels,).
        whole: of features wherever they stand, shape (n_names, n_labels); None: none.
    """

    weights: Floats
    biases: Floats
    offsets: Floats
    whole: Floats | None = None

    def scores(self, bags: Bags, other_sentences_weight: float) -> Floats:
        """Raw scores of paragraphs, shape (n_paragraphs, n_labels)."""
        sentences = bags.rows @ self.weights + self.biases
        pairs = zip(sentences.T, self.offsets, strict=True)
        pooled = np.stack([pool(column, bags, other_sentences_weight, at) for column, at in pairs], axis=1)
        return pooled if self.whole is None else pooled + bags.whole() @ self.whole


def mean_of(models: Sequence[Linear]) -> Linear:
    """The model whose every number is the mean of theirs; all in the terms of one vocabulary."""
    wholes = [model.whole for model in models if model.whole is not None]
    return Linear(
        np.mean([model.weights for model in models], axis=0),
        np.mean([model.biases for model in models], axis=0),
        np.mean([model.offsets for model in models], axis=0),
        np.sum(wholes, axis=0) / len(models) if wholes else None,
    )
