"""Folds: articles whole, copies apart, styles held out only where no file carries a label."""

import numpy as np
import pytest

from civictag.datamodel import LabelledParagraph
from civictag.training.folds import make_folds


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
    assert "articles" in folds.told()


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
    assert "flatter" in folds.told()


def test_one_article_is_cut_and_said_to_be():
    folds = folds_of(corpus(1, 40))
    assert (folds.by, len(folds.parts)) == ("run", 8)
    assert "flatter" in folds.told()
    assert len(folds_of(corpus(1, 3)).parts) == 1


def test_many_labels_on_few_paragraphs_are_cut_too():
    rows = corpus(20, paragraphs=2)
    truth = np.arange(40)[:, None] % 12 == np.arange(12)  # each label rarer than there are folds
    folds = folds_of(rows, truth)
    assert len(folds.parts) == 10
    assert sorted(np.concatenate([test for _, test in folds.parts])) == list(range(40))
