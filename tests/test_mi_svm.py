"""mi-SVM: pooling by its definition, the sentence that announces, labels with nothing to learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from civictag.training.learners.mi_svm import Bags, fit_label, pool


def bags_of(sizes, seed=0, features=6):
    """Paragraphs of so many sentences each; feature 0 announces the label in one sentence."""
    rng = np.random.default_rng(seed)
    rows = (rng.random((sum(sizes), features)) < 0.3).astype(float)
    rows[:, 0] = 0
    owner = np.repeat(np.arange(len(sizes)), sizes)
    truth = np.arange(len(sizes)) % 2 == 0
    for paragraph in np.flatnonzero(truth):
        rows[np.flatnonzero(owner == paragraph)[-1], 0] = 1
    return Bags(sparse.csr_matrix(rows), owner, len(sizes)), truth


SCORES = st.lists(st.lists(st.floats(-9, 9), min_size=1, max_size=5), min_size=1, max_size=6)


@given(SCORES, st.floats(0, 1))
def test_pooling_is_the_best_and_a_share_of_how_far_the_others_rise(scores, other_sentences_weight):
    owner = np.repeat(np.arange(len(scores)), [len(row) for row in scores])
    bags = Bags(sparse.csr_matrix((len(owner), 1)), owner, len(scores))
    expected = [
        sorted(row)[-1] + other_sentences_weight * sum(score + 1 for score in sorted(row)[:-1])
        for row in scores
    ]
    assert pool(np.concatenate(scores), bags, other_sentences_weight) == pytest.approx(expected)


def test_taking_paragraphs_keeps_their_sentences_together():
    bags, _ = bags_of([2, 1, 3, 2])
    taken = bags.take(np.array([1, 2]))
    assert taken.owner.tolist() == [0, 1, 1, 1]
    assert (taken.rows != bags.rows[2:6]).nnz == 0


def test_a_whole_paragraph_is_the_sum_of_its_sentences():
    bags, _ = bags_of([2, 1, 3])
    dense = bags.rows.toarray()
    assert bags.whole().toarray() == pytest.approx(np.array([dense[:2].sum(0), dense[2], dense[3:].sum(0)]))


def test_the_sentence_that_announces_is_found():
    bags, truth = bags_of([1, 2, 3, 2] * 15)
    weights, bias = fit_label(bags, truth, 1.0, np.ones(bags.size))
    assert int(np.argmax(weights)) == 0
    sentences = bags.rows @ weights + bias
    announcing = bags.rows.toarray()[:, 0] == 1
    assert sentences[announcing].min() > sentences[~announcing].max()


def test_the_same_seed_gives_the_same_numbers():
    bags, truth = bags_of([2, 3] * 20)
    one, other = (fit_label(bags, truth, 1.0, np.ones(bags.size)) for _ in range(2))
    assert one[0].tobytes() == other[0].tobytes()
    assert one[1] == other[1]


@pytest.mark.parametrize(("given", "bias"), [(True, 1.0), (False, -1.0)])
def test_a_label_that_all_or_none_have(given, bias):
    bags, truth = bags_of([2, 1, 2])
    weights, learned = fit_label(bags, np.full(truth.shape, given), 1.0, np.ones(3))
    assert not weights.any()
    assert learned == bias


def test_a_paragraph_that_counts_twice_is_as_good_as_two():
    bags, truth = bags_of([2, 3] * 10)
    rows = np.concatenate([np.arange(20), [3]])
    twice = Bags(sparse.vstack([bags.rows, bags.rows[bags.owner == 3]]).tocsr(),
                 np.r_[bags.owner, np.full(3, 20)], 21)  # fmt: skip
    weights = np.where(np.arange(20) == 3, 2.0, 1.0)
    one = fit_label(bags, truth, 1.0, weights)[0]
    other = fit_label(twice, truth[rows], 1.0, np.ones(21))[0]
    assert one == pytest.approx(other, abs=2e-3)
