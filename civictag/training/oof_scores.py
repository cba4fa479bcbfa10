"""What out-of-fold scores say of a model: the figures that its manifest keeps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from civictag.model.calibration import Calibration


def held_figures(
    scores: NDArray[np.float64],
    truth: NDArray[np.bool_],
    calibrations: Sequence[Calibration],
    ids: Sequence[str],
) -> dict[str, dict[str, float]]:
    """Figures of each label and of their micro and macro average.

    Args:
        scores: raw, out of fold, shape (n_paragraphs, n_labels).
        truth: shape as ``scores``.
        calibrations, ids: one a label.

    Returns:
        For a label, precision, recall and F1 in [0, 1] (0 where undefined), and the counts from
        which ``civictag stats`` takes its error rates; for an average, without the counts.
    """
    given = np.array(
        [[c.probability(s) >= c.threshold for c, s in zip(calibrations, row, strict=True)] for row in scores]
    )
    figures = {
        label: {**_figures(truth[:, i], given[:, i], "binary"), **_confusion(truth[:, i], given[:, i])}
        for i, label in enumerate(ids)
    }
    figures |= {average: _figures(truth, given, average) for average in ("micro", "macro")}
    return {key: {k: round(float(v), 6) for k, v in row.items()} for key, row in figures.items()}


def _figures(truth: NDArray[np.bool_], given: NDArray[np.bool_], average: str) -> dict[str, float]:
    from sklearn.metrics import precision_recall_fscore_support

    p, r, f, _ = precision_recall_fscore_support(truth, given, average=average, zero_division=0)
    return {"precision": p, "recall": r, "f1": f}


def _confusion(truth: NDArray[np.bool_], given: NDArray[np.bool_]) -> dict[str, int]:
    return {
        "true_positives": int((truth & given).sum()),
        "false_positives": int((~truth & given).sum()),
        "false_negatives": int((truth & ~given).sum()),
        "true_negatives": int((~truth & ~given).sum()),
    }
