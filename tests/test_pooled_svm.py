"""Pooled SVM: the score that is learned is the score that the model gives."""

import numpy as np
import pytest
from scipy import sparse

from civictag.features.vocabulary import Bags
from civictag.training.learners.linear import Linear, mean_of
from civictag.training.learners.pooled_svm import (
    SHARE,
    TOPICS,
    WORDS,
    counting_anywhere,
    fit_pooled,
    pooled_rows,
)

CUE, AGAINST = 0, 1
ANYWHERE = np.where(np.arange(8) == AGAINST, 0.5, 0.0)


def bags_of(sizes, against, seed=0, features=8):
    """One sentence of every paragraph has the cue; those in ``against`` have the other word, elsewhere."""
    rng = np.random.default_rng(seed)
    rows = (rng.random((sum(sizes), features)) < 0.3).astype(float)
    rows[:, [CUE, AGAINST]] = 0
    owner = np.repeat(np.arange(len(sizes)), sizes)
    for paragraph in range(len(sizes)):
        own = np.flatnonzero(owner == paragraph)
        rows[own[0], CUE] = 1
        rows[own[-1], AGAINST] = against[paragraph]
    return Bags(sparse.csr_matrix(rows), owner, len(sizes))


def test_a_row_is_the_best_sentence_and_a_share_of_the_others():
    bags = Bags(sparse.csr_matrix([[1.0, 0], [2, 0], [2, 5], [0, 1]]), np.array([0, 0, 0, 1]), 2)
    rows = pooled_rows(bags, np.array([1.0, 0.0])).toarray()
    assert rows == pytest.approx(np.array([[2 + SHARE * 3, SHARE * 5], [0, 1]]))


def test_a_word_elsewhere_in_the_paragraph_vetoes():
    sizes = [2, 3, 2, 4] * 20
    truth = np.arange(len(sizes)) % 2 == 0
    bags = bags_of(sizes, ~truth)
    found = fit_pooled(bags, truth, ANYWHERE, 1.0, np.ones(len(sizes)))
    model = Linear(
        found.weights[:, None], np.array([found.bias]), np.array([found.offset]), found.whole[:, None]
    )
    assert found.whole[AGAINST] < 0
    assert found.whole[CUE] == 0
    assert ((model.scores(bags, SHARE)[:, 0] > 0) == truth).mean() > 0.95


def test_the_score_is_that_of_the_rows_it_was_learned_from():
    """Offset and bias undo the column of counts: pooled sentence scores are the solver's own numbers."""
    sizes = [1, 2, 3, 5] * 12
    truth = np.arange(len(sizes)) % 2 == 0
    bags = bags_of(sizes, ~truth, seed=1)
    found = fit_pooled(bags, truth, ANYWHERE, 0.3, np.ones(len(sizes)))
    count = np.bincount(bags.owner) - 1
    slope = SHARE * (found.offset + found.bias)
    by_rows = pooled_rows(bags, found.weights) @ found.weights + found.bias + slope * count
    model = Linear(found.weights[:, None], np.array([found.bias]), np.array([found.offset]))
    assert model.scores(bags, SHARE)[:, 0] == pytest.approx(by_rows)


@pytest.mark.parametrize(("given", "bias"), [(True, 1.0), (False, -1.0)])
def test_a_label_that_all_or_none_have(given, bias):
    bags = bags_of([2, 1, 2], [0, 0, 0])
    found = fit_pooled(bags, np.full(3, given), ANYWHERE, 1.0, np.ones(3))
    assert (found.bias, found.offset) == (bias, 1.0)
    assert not found.weights.any()
    assert not found.whole.any()


def test_words_and_topics_count_wherever_they_stand():
    names = [
        "T:.about_sale",
        "c:开发",
        "k:.about_sale",
        "k:.meeting",
        "k:a.strong",
        "p:a.strong&.about_sale",
        "w:开发商",
    ]
    assert counting_anywhere(names).tolist() == [0, 0, TOPICS, 0, 0, 0, WORDS]


def test_the_mean_of_models_scores_as_they_do_where_they_agree_on_the_best_sentence():
    bags = bags_of([1, 1, 1, 1], [1, 0, 1, 0], seed=2)
    rng = np.random.default_rng(3)
    models = [
        Linear(rng.random((8, 2)), rng.random(2), rng.random(2), whole)
        for whole in (rng.random((8, 2)), None)
    ]
    mean = mean_of(models)
    assert mean.scores(bags, SHARE) == pytest.approx(np.mean([m.scores(bags, SHARE) for m in models], axis=0))
    assert mean_of(models[1:]).whole is None
