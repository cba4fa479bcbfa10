"""What there is to learn from: the corpus, counted, with its labels, articles, copies and weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civictag.datamodel import LabelledParagraph
from civictag.features.vocabulary import Counted
from civictag.labels.cue_matcher import CueTable

Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Material:
    """A corpus, ready to learn from; n is its number of paragraphs.

    Attributes:
        counted: the features.
        rows: the paragraphs.
        truth: shape (n, n_labels); ``ids`` are its columns.
        articles: the article of each paragraph, shape (n,), numbered from 0.
        copies: a number per paragraph, the same for near copies, shape (n,).
        weights: how often each paragraph counts, shape (n,).
        own: rows of one's own text beside a larger corpus, ascending.
        table: the label set's cues.
    """

    counted: Counted
    rows: Sequence[LabelledParagraph]
    truth: Truth
    ids: tuple[str, ...]
    articles: NDArray[np.int64]
    copies: NDArray[np.int64]
    weights: NDArray[np.float64]
    own: NDArray[np.int64]
    table: CueTable


def truth_of(rows: Sequence[LabelledParagraph], ids: Sequence[str]) -> Truth:
    """Labels as a table, shape (n_paragraphs, n_labels)."""
    return np.array([[label in row.labels for label in ids] for row in rows], dtype=bool)


def article_numbers(rows: Sequence[LabelledParagraph]) -> NDArray[np.int64]:
    """The article of each paragraph, shape (n,), numbered from 0."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(row.group, len(numbers)) for row in rows], dtype=np.int64)
