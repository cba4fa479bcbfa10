"""Fewer paragraphs of a corpus that is larger than learning needs: whole articles, rare labels kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civictag.training.learners.mi_svm import Floats

ENOUGH = 500  # positive paragraphs of a label that are kept where the corpus has them


def sample(
    articles: NDArray[np.int64], truth: NDArray[np.bool_], most: int, seed: int
) -> tuple[NDArray[np.int64], Floats]:
    """Rows to learn from, ascending, and how often each counts, both shape (n_kept,).

    Articles are drawn at random until ``most`` paragraphs are there, first such as have a label that
    would otherwise have fewer than ``ENOUGH``. Weights give every label its share of the whole back.

    Args:
        articles: the article of each paragraph, shape (n,), numbered from 0.
        truth: shape (n, n_labels).
        most: paragraphs; a smaller corpus is taken whole. Articles that alone have more are passed over,
            and where every article has, paragraphs are drawn.
        seed: of the draw.
    """
    if len(articles) <= most:
        return np.arange(len(articles)), np.ones(len(articles))
    count = int(articles.max()) + 1
    if np.bincount(articles).min() > most:
        return sample(np.arange(len(articles)), truth, most, seed)
    order = np.random.default_rng(seed).permutation(count)
    place = np.empty(count, np.int64)
    place[order] = np.arange(count)
    sizes = np.bincount(articles, minlength=count)
    wanted = np.zeros(count, bool)
    for column in truth.T[np.argsort(truth.sum(axis=0), kind="stable")]:
        positives = np.bincount(articles, weights=column, minlength=count)[order]
        need = positives.cumsum() <= ENOUGH
        first = order[need & (positives > 0)]
        if positives.sum() * most < ENOUGH * len(articles):  # chance alone would not give it enough
            wanted[first[sizes[first].cumsum() <= most // (2 * truth.shape[1])]] = True
    turn = np.lexsort((place, ~wanted))
    turn = turn[sizes[turn] <= most]
    chosen = turn[sizes[turn].cumsum() <= most]
    rows = np.flatnonzero(np.isin(articles, chosen))
    return rows, _shares(truth, rows)


def _shares(truth: NDArray[np.bool_], rows: NDArray[np.int64]) -> Floats:
    """Weights that give each stratum (a paragraph's rarest label, or none) its share of the whole; mean 1."""
    frequency = np.where(truth, truth.sum(axis=0), len(truth) + 1)
    stratum = np.where(truth.any(axis=1), frequency.argmin(axis=1), truth.shape[1])
    whole = np.bincount(stratum, minlength=truth.shape[1] + 1) / len(truth)
    part = np.bincount(stratum[rows], minlength=truth.shape[1] + 1) / len(rows)
    weights: Floats = (whole / np.maximum(part, 1e-12))[stratum[rows]]
    return weights
