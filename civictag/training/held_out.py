"""A corpus learned and scored out of fold, without a model written: for audits and learning curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civictag.datamodel import LabelledParagraph
from civictag.features.count_corpus import count_corpus, lookups
from civictag.labels.label_set import Taxonomy
from civictag.settings import TrainSettings
from civictag.text.shingles import clusters, sketches
from civictag.training.calibrate import rule
from civictag.training.folds import Folds, make_folds
from civictag.training.learn import Learned, learn
from civictag.training.material import Material, article_numbers, truth_of
from civictag.training.select import out_of_fold


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What was learned from a corpus, and what each paragraph got from models that did not see it.

    Attributes:
        material: the corpus, counted.
        learned: the choice, its decisions and probabilities, the labels not learned.
    """

    material: Material
    learned: Learned


def held_out(
    rows: Sequence[LabelledParagraph],
    labels: Taxonomy,
    settings: TrainSettings,
    *,
    jobs: int = 1,
    progress: Callable[[str], None] = lambda step: None,
) -> HeldOut:
    """Learn as ``train`` does, of all paragraphs, and keep what is known out of fold.

    Raises:
        CorpusError: nothing to learn from.
    """
    known = lookups(labels)
    material = Material(
        count_corpus(rows, known, jobs), rows, truth_of(rows, labels.ids), labels.ids, article_numbers(rows),
        clusters(sketches(row.text for row in rows)), np.ones(len(rows)), np.array([], np.int64), known.table,
    )  # fmt: skip
    return HeldOut(material, learn(material, settings, jobs, progress))


def decided_with(
    held: HeldOut, size: int, settings: TrainSettings, seed: int, jobs: int = 1
) -> NDArray[np.bool_]:
    """Out-of-fold decisions of models that learn from about ``size`` paragraphs, whole articles at random.

    The learner is the one that was chosen on all paragraphs. Shape (n_paragraphs, n_labels).
    """
    material, best = held.material, held.learned.choice.best
    folds = make_folds(material.rows, material.truth, material.copies, settings.folds, settings.seed)
    rng = np.random.default_rng(seed)
    parts = tuple((_drawn(train, material.articles, size, rng), test) for train, test in folds.parts)
    fewer, shares = Folds(parts, folds.by, 0), [best.other_sentences_weight]
    (scores,) = out_of_fold(material, best.learner, fewer, material.weights, shares, settings, jobs)
    found = rule(best.learner, scores, material.truth, settings.threshold_slack, material.weights)
    return found.decisions(scores)


def _drawn(
    train: NDArray[np.int64], articles: NDArray[np.int64], size: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    order = rng.permutation(np.unique(articles[train]))
    sizes = np.bincount(articles[train], minlength=int(articles.max()) + 1)[order]
    enough = int(np.searchsorted(sizes.cumsum(), size)) + 1
    return train[np.isin(articles[train], order[:enough])]
