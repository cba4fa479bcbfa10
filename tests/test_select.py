"""The choice of a learner: steady where little is known, nested, never by what the fold itself says."""

import numpy as np
import pytest

from civictag.settings import GRID, Learner, TrainSettings
from civictag.training.folds import Folds
from civictag.training.select import Candidate, decide, worth_trying

STEADY, OTHER, LIST = Learner("paragraph", 4.0), Learner("paragraph", 1.0), Learner("cue")


def corpus(size=120, labels=3, seed=0):
    """Truth, and a function that makes scores of a quality; 5 folds of neighbours."""
    draw = np.random.default_rng(seed)
    truth = draw.random((size, labels)) < 0.25
    rows = np.arange(size)
    folds = Folds(tuple((rows[rows % 5 != k], rows[rows % 5 == k]) for k in range(5)), "article", 0)

    def scores(noise, of=truth):
        return np.where(of, 1.0, -1.0) + draw.normal(0, noise, of.shape)

    return truth, folds, scores


def chosen(truth, folds, *candidates):
    tried = [Candidate(learner, 0.2, scores) for learner, scores in candidates]
    return decide(tried, truth, folds, TrainSettings()).best.learner


@pytest.mark.parametrize(("times", "least"), [(6, 5), pytest.param(20, 14, marks=pytest.mark.slow)])
def test_luck_does_not_move_the_choice_and_a_clear_gain_does(times, least):
    kept = 0
    for seed in range(times):
        truth, folds, scores = corpus(seed=seed)
        kept += chosen(truth, folds, (STEADY, scores(0.9)), (OTHER, scores(0.9))) == STEADY
        if seed < (2 if times == 6 else 8):  # a gain that is clear is clear every time
            assert chosen(truth, folds, (STEADY, scores(3.0)), (OTHER, scores(0.5))) == OTHER
    assert kept >= least  # of equals the better one by chance would leave half


def test_the_bare_cue_list_stays_until_learning_is_clearly_better():
    truth, folds, scores = corpus()
    right = np.where(truth, 1.0, -1.0)
    worse = right.copy()
    worse[np.flatnonzero(truth[:, 0])[:1], 0] = -1.0
    assert chosen(truth, folds, (STEADY, worse), (LIST, right)) == LIST
    wrong, other = right.copy(), right.copy()
    wrong[np.flatnonzero(truth[:, 0])[:3], 0] = -1.0
    other[np.flatnonzero(truth[:, 1])[:2], 1] = -1.0
    assert chosen(truth, folds, (STEADY, other), (LIST, wrong)) == LIST  # two mistakes for three are luck
    wrong[np.flatnonzero(truth[:, 0])[2], 0] = 1.0
    assert chosen(truth, folds, (STEADY, right), (LIST, wrong)) == LIST  # none for two: 1.4 standard errors
    worse[np.flatnonzero(truth[:, 0])[:20], 0] = -1.0
    assert chosen(truth, folds, (STEADY, right), (LIST, worse)) == STEADY
    misleading = -right
    assert chosen(truth, folds, (STEADY, scores(2.0)), (LIST, misleading)) == STEADY


def test_a_cue_list_that_was_chosen_gives_what_it_gives():
    """Under a common cut of fitted probabilities the label whose cues are less often right would go."""
    truth, folds, _ = corpus(size=300)
    hits = truth.copy()
    hits[:, 0] |= np.random.default_rng(1).random(300) < 0.35  # as often wrong as right
    scores = np.where(hits, 1.0, -1.0)
    assert np.array_equal(
        decide([Candidate(LIST, 0.0, scores)], truth, folds, TrainSettings()).decisions, hits
    )


def test_scores_that_know_nothing_get_figures_that_say_so():
    """The best of many guesses looks good on the rows it was chosen on; nested, it does not."""
    draw = np.random.default_rng(1)
    truth, folds, _ = corpus(60, 1)
    guesses = [(Learner("paragraph", float(c)), draw.normal(size=truth.shape)) for c in range(1, 41)]
    choice = decide(
        [Candidate(learner, 0.2, found) for learner, found in guesses], truth, folds, TrainSettings()
    )
    right = (choice.decisions & truth).sum()
    nested = 2 * right / (choice.decisions.sum() + truth.sum())
    assert nested < max(worth for _, worth in choice.tried) - 0.05


def test_what_is_held_out_does_not_decide_about_itself():
    truth, folds, scores = corpus()
    candidates = [Candidate(STEADY, 0.2, scores(1.5)), Candidate(OTHER, 0.2, scores(0.8))]
    before = decide(candidates, truth, folds, TrainSettings()).probabilities
    turned, test = truth.copy(), folds.parts[0][1]
    turned[test] = ~turned[test]
    after = decide(candidates, turned, folds, TrainSettings()).probabilities
    assert np.array_equal(before[test], after[test])
    assert not np.array_equal(before, after)


@pytest.mark.parametrize(
    ("paragraphs", "has_cues", "first"),
    [
        (60, True, Learner("paragraph", 4.0, cue_list=1.0, word_vectors=1.0)),
        (60, False, Learner("paragraph", 4.0, balanced=True, word_vectors=1.0)),
        (2_000, False, Learner("paragraph", 4.0)),
        (9_000, True, Learner("pooled", 0.15)),
        (200_000, False, Learner("pooled", 0.15)),
    ],
)
def test_what_a_corpus_of_a_size_begins_with(paragraphs, has_cues, first):
    tried = worth_trying(GRID, paragraphs, has_cues)
    assert tried[0] == first
    assert has_cues or all(not t.cue_list and t.unit != "cue" for t in tried)


def test_one_learner_is_taken_without_asking():
    assert worth_trying([LIST], 10, False) == [LIST]
