"""Folds: articles whole, copies apart, styles held out only where no file carries a label."""

import numpy as np
import pytest

from civictag.datamodel import LabelledParagraph
from civictag.training.folds import Folds, make_folds


def corpus(articles, paragraphs=4, files=1):
    return [
        LabelledParagraph(f"d{a}", p, f"第{a}篇第{p}段", (), file=f"f{a % files}")
        for a in range(articles)
        for p in range(paragraphs)
    ]


def alternating(rows):
    return np.array([[i % 2 == 0, i % 3 == 0] for i in range(len(rows))])


def folds_of(rows, truth=None, copies=None, folds=5):
    truth = alternating(rows) if truth is None else truth
    copies = np.arange(len(rows)) if copies is None else copies
    return make_folds(rows, truth, copies, folds, 0)


@pytest.mark.parametrize(("articles", "count"), [(40, 10), (7, 7), (2, 2), (200, 5)])
def test_every_paragraph_is_scored_once_and_no_article_is_cut(articles, count):
    rows = corpus(articles)
    folds = folds_of(rows)
    assert (folds.by, len(folds.parts)) == ("article", count)
    assert sorted(np.concatenate([test for _, test in folds.parts])) == list(range(len(rows)))
    for train, test in folds.parts:
        assert not {rows[i].group for i in train} & {rows[i].group for i in test}


def test_files_are_held_out_where_they_are_styles():
    rows = corpus(40, files=5)
    folds = folds_of(rows)
    assert folds.by == "file"
    for train, test in folds.parts:
        assert not {rows[i].file for i in train} & {rows[i].file for i in test}


def test_a_file_per_label_is_no_style():
    rows = corpus(40, files=6)
    truth = np.array([[row.file == f"f{i}" for i in range(6)] for row in rows])
    folds = folds_of(rows, truth)
    assert folds.by == "article"
    assert all(truth[train].any(axis=0).all() for train, _ in folds.parts)
    assert "articles" in folds.summary()


def test_no_model_learns_from_a_copy_of_what_it_is_scored_on():
    rows = corpus(30)
    copies = np.arange(len(rows))
    copies[100:110] = copies[:10]  # reprints in other articles
    folds = folds_of(rows, copies=copies)
    assert folds.left_out > 0
    for train, test in folds.parts:
        assert not set(copies[train]) & set(copies[test])


def test_where_most_are_copies_it_is_said_and_they_are_learned_from():
    rows = corpus(30)
    folds = folds_of(rows, copies=np.arange(len(rows)) % 3)
    assert folds.left_out == 0
    assert "flatter" in folds.summary()


def test_one_article_is_cut_and_said_to_be():
    folds = folds_of(corpus(1, 40))
    assert (folds.by, len(folds.parts)) == ("run", 8)
    assert "flatter" in folds.summary()
    assert len(folds_of(corpus(1, 3)).parts) == 1


def test_many_labels_on_few_paragraphs_are_cut_too():
    rows = corpus(20, paragraphs=2)
    truth = np.arange(40)[:, None] % 12 == np.arange(12)  # each label rarer than there are folds
    folds = folds_of(rows, truth)
    assert len(folds.parts) == 10
    assert sorted(np.concatenate([test for _, test in folds.parts])) == list(range(40))


HELD = {
    "file": "whole files (styles) are held out",
    "article": "whole articles are held out",
    "run": "one article only: runs of its paragraphs are held out, so the figures flatter",
}


@pytest.mark.parametrize("by", HELD)
def test_what_is_held_out_is_said(by):
    parts = ((np.arange(2), np.arange(2)),) * 3
    assert Folds(parts, by, 0).summary() == f"3 folds; {HELD[by]}"
    copies = "; most paragraphs are near copies of others, so the figures flatter"
    assert Folds(parts, by, 0, flatters=True).summary() == f"3 folds; {HELD[by]}{copies}"


@pytest.mark.parametrize(("articles", "files", "count"), [(40, 12, 5), (150, 1, 5), (149, 1, 10)])
def test_articles_are_cut_finer_below_six_hundred_paragraphs_and_files_never(articles, files, count):
    assert len(folds_of(corpus(articles, files=files)).parts) == count


def test_fewer_files_than_folds_are_no_styles():
    assert folds_of(corpus(40, files=4)).by == "article"


def test_what_cannot_be_cut_is_learned_from_and_scored_whole():
    folds = folds_of(corpus(1, 3))
    assert (folds.by, folds.left_out, folds.flatters) == ("run", 0, False)
    assert [[part.tolist() for part in pair] for pair in folds.parts] == [[[0, 1, 2]] * 2]


@pytest.mark.parametrize(
    ("counts", "by"),
    [
        ([[4, 4, 4, 4, 4], [0, 0, 0, 0, 0]], "file"),  # a label that nothing has is carried by no file
        ([[4, 4, 4, 4, 4], [1, 0, 0, 0, 0]], "article"),  # one positive stands in one file
        ([[4, 4, 4, 4, 4], [2, 1, 1, 0, 0]], "file"),  # half of a label is not most of it
        ([[4, 4, 4, 4, 4], [3, 1, 1, 0, 0]], "article"),
        ([[4, 4, 4, 4, 4], [0, 0, 0, 0, 0], [1, 1, 1, 1, 0]], "file"),
        ([[4, 4, 4, 4, 4], [1, 0, 0, 0, 0], [1, 1, 1, 1, 0]], "article"),
    ],
)
def test_a_file_with_more_than_half_of_a_label_is_no_style(counts, by):
    rows = corpus(10, files=5)
    place = [[i for i, row in enumerate(rows) if row.file == f"f{file}"] for file in range(5)]
    truth = np.zeros((len(rows), len(counts)), bool)
    for label, per_file in enumerate(counts):
        for file, count in enumerate(per_file):
            truth[place[file][:count], label] = True
    assert folds_of(rows, truth).by == by


@pytest.mark.parametrize(("shared", "flatters"), [(0, False), (1, False), (2, True)])
def test_copies_are_left_out_up_to_a_quarter_of_the_corpus_per_fold(shared, flatters):
    """Two articles of four paragraphs in two folds: at most one of the four may be left out in each."""
    copies = np.arange(8)
    copies[4 : 4 + shared] = copies[:shared]
    folds = folds_of(corpus(2), copies=copies)
    assert folds.flatters is flatters
    assert folds.left_out == (0 if flatters else 2 * shared)
    assert folds.left_out == sum(8 - len(train) - len(test) for train, test in folds.parts)


def rare_per_fold(truth, column):
    rows = corpus(len(truth), paragraphs=1)
    return sorted(int(truth[test, column].sum()) for _, test in folds_of(rows, truth).parts)


def test_each_fold_has_its_share_of_a_rare_label_beside_one_that_everything_has():
    truth = np.ones((40, 2), bool)
    truth[:, 1] = np.arange(40) < 10
    assert rare_per_fold(truth, 1) == [1] * 10


def test_each_fold_has_its_share_of_a_rare_label_within_a_frequent_one():
    truth = np.arange(40)[:, None] < np.array([30, 10])
    assert rare_per_fold(truth, 1) == [1] * 10


def test_each_fold_has_its_share_of_the_one_label_there_is():
    truth = (np.arange(40) < 10)[:, None]
    assert rare_per_fold(truth, 0) == [1] * 10


def test_labels_as_rare_as_there_are_folds_are_shared_out():
    truth = np.arange(40)[:, None] % 4 == np.arange(4)  # ten of each, ten folds
    for column in range(4):
        assert rare_per_fold(truth, column) == [1] * 10


@pytest.mark.parametrize("labels", [2, 12], ids=["shared out", "too rare for it"])
def test_the_same_seed_gives_the_same_folds_and_another_one_others(labels, recwarn):
    rows = corpus(40, paragraphs=1)
    truth = np.arange(40)[:, None] % labels == np.arange(labels)

    def scored(seed):
        folds = make_folds(rows, truth, np.arange(40), 5, seed)
        return [test.tolist() for _, test in folds.parts]

    assert scored(1) == scored(1) != scored(2)
    assert not recwarn.list, "labels that are too rare are named by train, once"
