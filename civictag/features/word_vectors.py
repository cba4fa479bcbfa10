"""Word vectors that come with civictag: which words stand beside which in other people's text.

A few dozen paragraphs share few words with new ones; they share meanings. 「堵车」 of one paragraph
and 「拥堵」 of another are near each other here, and a learner of small corpora takes both for one
subject (docs/quality.md has what it gains). The vectors are made of counts (``python -m
civictag.features.build_word_vectors``): positive pointwise mutual information of words in a sentence,
reduced by SVD (Levy, Goldberg & Dagan, "Improving distributional similarity with lessons learned from
word embeddings", TACL 2015, section 2). Only words of jieba's dictionary are in it, none that it tags as a
name of people or places, and common characters one by one for words that the table does not have.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from civictag.util.atomic_file import deliver

VECTORS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "zh.vectors.npz")


@dataclass(frozen=True, slots=True)
class WordVectors:
    """What each word adds to the vector of a text.

    Attributes:
        names: feature names (``w:``, ``c:``), sorted, shape (n,).
        vectors: shape (n, size); the length is the word's idf, for a character half of it.
    """

    names: NDArray[np.str_]
    vectors: NDArray[np.float64]


@lru_cache(maxsize=1)
def word_vectors() -> WordVectors:
    """The shipped table, read once per process."""
    with np.load(VECTORS, allow_pickle=False) as file:
        names = np.array(file["names"].tobytes().decode("utf-8").split("\n"))
        return WordVectors(names, file["vectors"] * float(file["scale"]))


def save(vectors: WordVectors, path: str) -> None:
    """Write a table: eight bits per number, which changes no decision (docs/quality.md)."""
    scale = float(np.abs(vectors.vectors).max()) / 127
    small = np.round(vectors.vectors / scale).astype(np.int8)
    names = np.frombuffer("\n".join(vectors.names.tolist()).encode("utf-8"), np.uint8)
    whole = io.BytesIO()
    np.savez_compressed(whole, names=names, vectors=small, scale=np.float64(scale))
    deliver(whole.getvalue(), path)
