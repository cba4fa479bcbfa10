"""Drawing from a corpus that is larger than learning needs."""

import numpy as np

from civictag.training.sampling import ENOUGH, sample

SIZE, PER_ARTICLE = 40_000, 4
ARTICLES = np.arange(SIZE) // PER_ARTICLE


def truth():
    draw = np.random.default_rng(0)
    return np.stack([draw.random(SIZE) < 0.3, np.arange(SIZE) % 200 == 0], axis=1)


def test_a_corpus_that_is_not_too_large_is_taken_whole():
    rows, weights = sample(ARTICLES, truth(), SIZE, 0)
    assert np.array_equal(rows, np.arange(SIZE))
    assert (weights == 1).all()


def test_articles_are_whole_and_no_more_are_drawn_than_asked():
    rows, weights = sample(ARTICLES, truth(), 4_000, 0)
    assert 3_900 <= len(rows) <= 4_000
    assert (np.diff(rows) > 0).all()
    assert set(np.bincount(ARTICLES[rows])) == {0, PER_ARTICLE}
    assert weights.shape == rows.shape


def test_a_rare_label_keeps_its_paragraphs_and_the_weights_its_share():
    labels = truth()
    assert labels[:, 1].sum() < ENOUGH
    rows, weights = sample(ARTICLES, labels, 8_000, 0)
    assert labels[rows, 1].sum() >= 0.9 * labels[:, 1].sum()  # chance alone would give a fifth
    drawn = (weights[:, None] * labels[rows]).sum(axis=0) / weights.sum()
    assert np.abs(drawn - labels.mean(axis=0)).max() < 0.01


def test_the_seed_decides():
    one, again, other = (sample(ARTICLES, truth(), 4_000, seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_articles_larger_than_what_is_drawn_leave_something_to_learn_from():
    labels = truth()
    rows, weights = sample(np.zeros(SIZE, int), labels, 4_000, 0)
    assert len(rows) == 4_000 == len(np.unique(rows))
    assert np.isfinite(weights).all()
    mixed = np.where(np.arange(SIZE) < SIZE // 2, 0, ARTICLES)
    for seed in range(5):  # whenever the large one is drawn, the small ones are taken beside it
        rows, weights = sample(mixed, labels, 4_000, seed)
        assert 3_900 <= len(rows) <= 4_000
        assert np.isfinite(weights).all()
