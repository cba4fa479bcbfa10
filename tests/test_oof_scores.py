"""Out-of-fold figures, with scikit-learn's own as the judge."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from civictag.prevalence.estimators import rates_of
from civictag.training.oof_scores import held_figures


def test_figures_of_labels_and_averages():
    rng = np.random.default_rng(3)
    given, truth = rng.random((200, 2)) < 0.5, rng.random((200, 2)) < 0.4
    figures = held_figures(given, truth, ["a", "b"])
    for column, label in enumerate("ab"):
        tn, fp, fn, tp = confusion_matrix(truth[:, column], given[:, column]).ravel()
        row = figures[label]
        counts = [row[f"{kind}_{sign}"] for kind in ("true", "false") for sign in ("negatives", "positives")]
        assert counts == [tn, tp, fn, fp]
        assert row["precision"] == pytest.approx(tp / (tp + fp), abs=1e-6)
        assert row["recall"] == pytest.approx(tp / (tp + fn), abs=1e-6)
    for average in ("micro", "macro"):
        expected = precision_recall_fscore_support(truth, given, average=average)[:3]
        assert list(figures[average].values()) == pytest.approx(expected, abs=1e-6)


def test_a_label_that_nobody_has_is_0_not_an_error():
    figures = held_figures(np.zeros((3, 1), bool), np.zeros((3, 1), bool), ["a"])
    assert (figures["a"]["f1"], figures["a"]["true_negatives"]) == (0, 3)


def test_stats_finds_its_error_rates_in_them(small_tagger):
    assert set(rates_of(small_tagger.info.manifest)) == {"tidy", "lend", "mend"}


def test_a_label_that_was_not_learned_has_no_figures():
    truth = np.array([[True, False], [False, True]])
    figures = held_figures(truth, truth, ["a", "b"], {"b"})
    assert set(figures) == {"a", "micro", "macro"}


def test_the_averages_count_what_stands_in_for_a_label_that_was_not_learned():
    truth = np.array([[True, False], [False, True]])
    given = np.array([[True, True], [False, False]])
    figures = held_figures(given, truth, ["a", "b"], {"b"})
    assert figures["micro"]["f1"] == 0.5
    assert set(held_figures(given, truth, ["a", "b"], {"a", "b"})) == {"micro", "macro"}


def test_the_interval_of_micro_f1_is_of_articles():
    draw = np.random.default_rng(0)
    truth = draw.random((400, 2)) < 0.4
    given = truth ^ (draw.random((400, 2)) < 0.2)
    alone = held_figures(given, truth, ["a", "b"], articles=np.arange(400))["micro"]
    assert alone["f1_low"] < alone["f1"] < alone["f1_high"]
    tens = np.repeat(np.arange(40), 10)
    given = truth ^ (np.repeat(draw.random((40, 2)), 10, axis=0) < 0.2)  # whole articles go wrong together
    together = held_figures(given, truth, ["a", "b"], articles=tens)["micro"]
    apart = held_figures(given, truth, ["a", "b"], articles=np.arange(400))["micro"]
    assert together["f1_high"] - together["f1_low"] > 1.5 * (apart["f1_high"] - apart["f1_low"])
    assert "f1_low" not in held_figures(given, truth, ["a", "b"], articles=np.zeros(400, int))["micro"]


def test_the_interval_is_of_new_articles_and_so_holds_their_figure():
    """Of corpora of 60 articles, with 30 new ones each: nearly all."""
    draw = np.random.default_rng(1)

    def decided(articles):
        """Paragraphs with the decisions of a model that is good at some articles and bad at others."""
        wrong = np.repeat(draw.beta(1, 4, articles), 4)
        truth = draw.random((len(wrong), 1)) < 0.5
        return truth ^ (draw.random((len(wrong), 1)) < wrong[:, None]), truth

    held = 0
    for _ in range(60):
        given, truth = decided(60)
        printed = held_figures(given, truth, ["a"], articles=np.repeat(np.arange(60), 4))["micro"]
        given, truth = decided(30)
        held += printed["f1_low"] <= held_figures(given, truth, ["a"])["micro"]["f1"] <= printed["f1_high"]
    assert 54 <= held < 60
