"""Out-of-fold figures, with scikit-learn's own as the judge."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from civictag.model.calibration import Calibration
from civictag.prevalence.estimators import rates_of
from civictag.training.oof_scores import held_figures

CALIBRATIONS = [Calibration(1.0, 0.0, 0.5, 0.2, 0.8), Calibration(2.0, 1.0, 0.3, 0.2, 0.8)]


def test_figures_of_labels_and_averages():
    rng = np.random.default_rng(3)
    scores, truth = rng.normal(size=(200, 2)), rng.random((200, 2)) < 0.4
    given = np.array(
        [[c.probability(s) >= c.threshold for c, s in zip(CALIBRATIONS, row, strict=True)] for row in scores]
    )
    figures = held_figures(scores, truth, CALIBRATIONS, ["a", "b"])
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
    figures = held_figures(np.full((3, 1), -9.0), np.zeros((3, 1), bool), CALIBRATIONS[:1], ["a"])
    assert (figures["a"]["f1"], figures["a"]["true_negatives"]) == (0, 3)


def test_stats_finds_its_error_rates_in_them(small_tagger):
    assert set(rates_of(small_tagger.info.manifest)) == {"tidy", "lend", "mend"}
