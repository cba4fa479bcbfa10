"""Learning: pooling by its definition, groups kept apart, labels with nothing to learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.metrics import f1_score

from civictag.errors import CorpusError
from civictag.settings import TrainSettings
from civictag.training.mi_svm import Bags, calibrate, fit_label, out_of_fold, pool

OPTIONS = TrainSettings(penalty=1.0, folds=3)


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
    weights, bias = fit_label(bags, truth, OPTIONS)
    assert int(np.argmax(weights)) == 0
    sentences = bags.rows @ weights + bias
    announcing = bags.rows.toarray()[:, 0] == 1
    assert sentences[announcing].min() > sentences[~announcing].max()


def test_the_same_seed_gives_the_same_numbers():
    bags, truth = bags_of([2, 3] * 20)
    one, other = (fit_label(bags, truth, OPTIONS) for _ in range(2))
    assert one[0].tobytes() == other[0].tobytes()
    assert one[1] == other[1]


@pytest.mark.parametrize(("given", "bias"), [(True, 1.0), (False, -1.0)])
def test_a_label_that_all_or_none_have(given, bias):
    bags, truth = bags_of([2, 1, 2])
    same = np.full(truth.shape, given)
    weights, learned = fit_label(bags, same, OPTIONS)
    assert not weights.any()
    assert learned == bias
    (calibration,) = calibrate(np.full((3, 1), bias), same[:, None], OPTIONS)
    assert calibration.probability(bias) == pytest.approx(4 / 5 if given else 1 / 5)
    assert (calibration.probability(bias) >= calibration.threshold) is given


def test_no_group_is_scored_by_a_model_that_saw_it():
    """Sentences of one group share a feature that tells their label: seen, it would be used."""
    groups = list(range(6)) * 8
    truth = np.array([[g % 2 == 0] for g in groups])
    rows = sparse.csr_matrix(np.eye(6)[groups])
    bags = Bags(rows, np.arange(len(groups)), len(groups))
    held = out_of_fold(bags, truth, [str(g) for g in groups], OPTIONS)
    weights, bias = fit_label(bags, truth[:, 0], OPTIONS)
    assert (((rows @ weights + bias) > 0) == truth[:, 0]).all()
    assert len(set(np.round(held[:, 0], 9))) <= 3  # one number a fold: nothing is known of the group


def test_scores_out_of_fold_do_not_depend_on_the_number_of_processes():
    bags, truth = bags_of([2, 3, 1] * 12)
    groups = [str(i // 3) for i in range(bags.size)]
    one, two = (out_of_fold(bags, truth[:, None], groups, OPTIONS, jobs) for jobs in (1, 2))
    assert one.tobytes() == two.tobytes()


def test_one_article_cannot_be_scored_out_of_fold():
    bags, truth = bags_of([2, 1])
    with pytest.raises(CorpusError, match="one article"):
        out_of_fold(bags, truth[:, None], ["a", "a"], OPTIONS)


def test_one_threshold_for_all_labels_the_lowest_of_nearly_best_ones():
    rng = np.random.default_rng(2)
    scores = rng.normal(0, 1.5, (400, 2))
    truth = scores + rng.normal(0, 1, scores.shape) > [0, 0.8]
    strict, slack = (calibrate(scores, truth, TrainSettings(threshold_slack=s)) for s in (0.0, 0.03))
    assert len({calibration.threshold for calibration in slack}) == 1

    def micro_f1(threshold):
        given = np.array(
            [[c.probability(s) >= threshold for c, s in zip(slack, row, strict=True)] for row in scores]
        )
        return f1_score(truth, given, average="micro")

    grid = np.arange(5, 96) / 100
    figures = [micro_f1(threshold) for threshold in grid]
    assert strict[0].threshold == grid[int(np.argmax(figures))]
    assert slack[0].threshold == grid[[f >= max(figures) - 0.03 for f in figures].index(True)]
    assert slack[0].threshold < strict[0].threshold


def test_calibrated_probabilities_are_as_frequent_as_they_say():
    rng = np.random.default_rng(1)
    scores = rng.normal(0, 1.5, (4000, 1))
    truth = rng.random((4000, 1)) < 1 / (1 + np.exp(-(1.7 * scores - 0.6)))
    (calibration,) = calibrate(scores, truth, OPTIONS)
    assert calibration.slope == pytest.approx(1.7, abs=0.15)
    assert calibration.intercept == pytest.approx(-0.6, abs=0.15)
    assert (calibration.low, calibration.high) == (OPTIONS.review_low, OPTIONS.review_high)
