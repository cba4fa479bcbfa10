"""The ways to learn that ``civictag.settings.Learner`` names, each as weights of the same linear model.

``paragraph`` learns from whole paragraphs of unit length, so that long ones do not outvote short
ones, and scores sentences with what it learned: on 100 and 300 paragraphs without cues its mean
average precision is 0.77 and 0.87, mi-SVM's 0.64 and 0.81 (docs/quality.md). From some thousands of
paragraphs on mi-SVM is better, and lengths no longer matter.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from civictag.features.vocabulary import (
    Bags,
    Counted,
    Vocabulary,
    columns_of,
    damped,
    learn_vocabulary,
    whole_paragraphs,
)
from civictag.settings import Family, Learner, TrainSettings
from civictag.training.learners.linear import Linear
from civictag.training.learners.meanings import Meanings, with_meanings
from civictag.training.learners.mi_svm import Floats, fit_label, svm
from civictag.training.learners.pooled_svm import counting_anywhere, fit_pooled

#: Paragraphs up to which ``paragraph`` asks no floor, and one of two sentences: rare names are most of
#: what a small corpus has, and most of the size of a large one's model. A word needs two articles always;
#: up to ``ONCE`` a common character does not: most of what a few dozen paragraphs share with new ones is of
#: one article (mean average precision 0.504 to 0.529 over ten code books, docs/quality.md).
ONCE, TWICE = 1_000, 5_000
_HIT, _NO_HIT = 2.0, -1.0  # a sentence with a cue scores 1, one without -1


@dataclass(frozen=True, slots=True)
class Design:
    """A corpus as one learner sees it.

    Attributes:
        learner: the learner.
        ids: label ids, in the order of the columns of every truth.
        vocabulary: the names, and the scale of each.
        bags: the sentences in their terms.
        whole: paragraphs of unit length, for ``paragraph``; else None. With word vectors the columns are the
            corpus's own names and, after them, the vectors' numbers.
        seed: of the solver's order.
        meanings: the word vectors, where the learner uses them.
    """

    learner: Learner
    ids: tuple[str, ...]
    vocabulary: Vocabulary
    bags: Bags
    whole: sparse.csr_matrix | None
    seed: int
    meanings: Meanings | None = None


def design(
    counted: Counted,
    learner: Learner,
    ids: Sequence[str],
    articles: NDArray[np.int64],
    settings: TrainSettings,
    rows: NDArray[np.int64] | None = None,
) -> Design:
    """See a corpus as a learner does; ``articles`` and ``rows`` as in ``learn_vocabulary``.

    Raises:
        CorpusError: no name was seen often enough.
    """
    families = settings.families
    if learner.unit == "paragraph":
        return _paragraph_design(counted, learner, tuple(ids), articles, settings, rows)
    if learner.unit == "cue":
        families = {"k": Family(1, 1.0, False)}
    vocabulary, bags = learn_vocabulary(counted, families, articles, rows)
    return Design(learner, tuple(ids), vocabulary, bags, None, settings.seed)


def _paragraph_design(
    counted: Counted,
    learner: Learner,
    ids: tuple[str, ...],
    articles: NDArray[np.int64],
    settings: TrainSettings,
    among: NDArray[np.int64] | None,
) -> Design:
    floor = 1 if counted.size <= ONCE else 2 if counted.size <= TWICE else 3
    families = {
        key: replace(family, floor=floor if key in "wc" else family.floor if key in "tT" else 1)
        for key, family in settings.families.items()
    }
    families["c1"] = families["c"]
    vocabulary, _ = learn_vocabulary(counted, families, articles, among, characters=floor == 1)
    text = np.array([name[0] in "wct" for name in vocabulary.names])
    words = Vocabulary(vocabulary.names, np.where(text, vocabulary.scales, 0.0))
    cues = Vocabulary(vocabulary.names, np.where(text, 0.0, learner.cue_weight))
    rows = whole_paragraphs(counted, words)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    whole = (sparse.diags(1 / lengths) @ rows + whole_paragraphs(counted, cues)).tocsr()
    # A new text is not scaled to unit length (evidence must add up): it is divided by a usual length.
    usual = float(np.median(lengths if among is None else lengths[among]))
    scaled = Vocabulary(vocabulary.names, words.scales / usual + cues.scales)
    if learner.word_vectors:
        every, bags, meanings = with_meanings(counted, scaled, learner.word_vectors, among)
        whole = sparse.hstack([whole, sparse.csr_matrix(meanings.paragraphs)]).tocsr()
        return Design(learner, ids, every, bags, whole, settings.seed, meanings)
    counts = counted.counts[:, columns_of(counted, vocabulary)]
    bags = Bags(damped(counts, scaled), counted.owner, counted.size)
    return Design(learner, ids, scaled, bags, whole, settings.seed)


def fit(seen: Design, rows: NDArray[np.int64], truth: NDArray[np.bool_], weights: Floats) -> Linear:
    """A linear model in the vocabulary's terms.

    Args:
        seen: the corpus.
        rows: the paragraphs to learn from, ascending.
        truth: of the whole corpus, shape (n_paragraphs, n_labels).
        weights: how often each paragraph counts, shape (n_paragraphs,).
    """
    if seen.learner.unit == "pooled":
        return _fit_pooled(seen, rows, truth[rows], weights[rows])
    bags = seen.bags.take(rows) if seen.learner.unit != "paragraph" else None
    names, by_cues = seen.vocabulary.names, seen.learner.unit == "cue"
    kinds = cue_kinds(names, seen.ids, bags, truth[rows]) if bags is not None and by_cues else None
    columns, biases = [], []
    for label, column in enumerate(truth[rows].T):
        if bags is None:
            found = _fit_paragraphs(seen, rows, column, weights[rows])
        elif by_cues:
            found = cue_rule(names, seen.ids[label], kinds)
        else:
            found = fit_label(bags, column, seen.learner.penalty, weights[rows], seen.seed)
        columns.append(found[0])
        biases.append(found[1])
    model = Linear(np.stack(columns, axis=1), np.array(biases), _offsets(seen.learner, biases))
    return _with_cue_list(model, seen, rows, truth) if seen.learner.cue_list else model


def _offsets(learner: Learner, biases: Sequence[float]) -> Floats:
    """What is added to every sentence but the best, shape (n_labels,).

    A sentence that says nothing scores the bias, so with ``-bias`` it adds nothing; with a share of 1 the
    paragraph then scores as the whole of its words, which is what ``paragraph`` learned from.
    """
    return -np.array(biases) if learner.balanced else np.ones(len(biases))


def _with_cue_list(model: Linear, seen: Design, rows: NDArray[np.int64], truth: NDArray[np.bool_]) -> Linear:
    """What was learned plus the vote of the cue list: on 60 paragraphs neither is enough alone."""
    names, scales = seen.vocabulary.names, seen.vocabulary.scales
    kinds = cue_kinds(names, seen.ids, seen.bags.take(rows), truth[rows])
    for label, name in enumerate(seen.ids):
        weights, bias = cue_rule(names, name, kinds)
        hits = np.flatnonzero(weights)
        model.weights[hits, label] += seen.learner.cue_list * weights[hits] / scales[hits]
        model.biases[label] += seen.learner.cue_list * bias
    return model


def _fit_pooled(seen: Design, rows: NDArray[np.int64], truth: NDArray[np.bool_], weights: Floats) -> Linear:
    bags = seen.bags.take(rows)
    factors = counting_anywhere(seen.vocabulary.names)
    found = [
        fit_pooled(bags, column, factors, seen.learner.penalty, weights, seen.seed) for column in truth.T
    ]
    return Linear(
        np.stack([label.weights for label in found], axis=1),
        np.array([label.bias for label in found]),
        np.array([label.offset for label in found]),
        np.stack([label.whole for label in found], axis=1),
    )


def _fit_paragraphs(
    seen: Design, rows: NDArray[np.int64], truth: NDArray[np.bool_], weights: Floats
) -> tuple[Floats, float]:
    assert seen.whole is not None
    if truth.all() or not truth.any():
        return np.zeros(len(seen.vocabulary.names)), 1.0 if truth.all() else -1.0
    options = {"class_weight": "balanced"} if seen.learner.balanced else {}
    model = svm(seen.learner.penalty, seen.seed, **options).fit(seen.whole[rows], truth, weights)
    learned = model.coef_[0] if seen.meanings is None else seen.meanings.by_name(model.coef_[0])
    return learned, float(model.intercept_[0])


def cue_rule(names: Sequence[str], label: str, kinds: Collection[str] | None = None) -> tuple[Floats, float]:
    """The cue list as weights: 1 for a sentence with a cue of the label, -1 for one without.

    Args:
        names: the features.
        label: whose cues.
        kinds: the classes of cue that count; None: ``strong`` ones, or all where there are none.
    """
    own = _cues_of(names, label)
    kinds = kinds or {"strong"}.intersection(own.values()) or set(own.values())
    weights = np.zeros(len(names))
    weights[[at for at, kind in own.items() if kind in kinds]] = _HIT
    return weights, _NO_HIT


def cue_kinds(names: Sequence[str], ids: Sequence[str], bags: Bags, truth: NDArray[np.bool_]) -> set[str]:
    """The classes of cue, the same for all labels, that find the labelled paragraphs best (micro-F1).

    Chosen label by label it is luck which of three classes suits five paragraphs (0.750 for 0.763 on a
    hundred paragraphs of real text).
    """
    of = [_cues_of(names, label) for label in ids]
    kinds = sorted({kind for own in of for kind in own.values()})
    sets = [set(s) for size in range(1, len(kinds) + 1) for s in combinations(kinds, size)][:63]
    hits = np.zeros((bags.size, len(names)), bool)
    cues = sorted({at for own in of for at in own})
    found = bags.rows[:, cues].tocoo()
    hits[bags.owner[found.row], np.array(cues, np.int64)[found.col]] = True

    def f1(chosen: set[str]) -> float:
        """Micro-F1 of a paragraph's labels when these classes count."""
        columns = [[at for at, kind in own.items() if kind in chosen] for own in of]
        predicted = np.stack([hits[:, column].any(axis=1) for column in columns], axis=1)
        return float(2 * (predicted & truth).sum() / max(predicted.sum() + truth.sum(), 1))

    return max(sets, key=f1, default=set())


def _cues_of(names: Sequence[str], label: str) -> dict[int, str]:
    """Column -> class of the label's cues among the features; those that speak ``against`` it are none."""
    own = f"k:{label}."
    return {at: name.rpartition(".")[2] for at, name in _cues(tuple(names)) if name.startswith(own)}


@lru_cache(maxsize=4)
def _cues(names: tuple[str, ...]) -> list[tuple[int, str]]:
    """Of ten thousand names a few dozen are cues; they are asked for per label, fold and learner."""
    return [(at, n) for at, n in enumerate(names) if n.startswith("k:") and not n.endswith(".against")]
