"""From a label's score to a probability, a decision, and a doubt.

Applying is plain Python (a cold start must not import numpy for five sigmoids); learning is in
``civictag.training.learners.mi_svm``, next to what it needs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from civictag.errors import ModelError
from civictag.i18n import _


class Calibration(NamedTuple):
    """One label's sigmoid and cuts.

    Attributes:
        slope, intercept: probability = 1 / (1 + exp(-(slope * score + intercept)))
            (Platt, 1999, "Probabilistic outputs for support vector machines").
        threshold: the label is given from this probability on.
        low, high: a probability in [low, high) is doubtful: the paragraph is marked for review.
    """

    slope: float
    intercept: float
    threshold: float
    low: float
    high: float

    def logit(self, score: float) -> float:
        """ln(p / (1 - p)) of a raw score."""
        return self.slope * score + self.intercept

    def probability(self, score: float) -> float:
        """Probability in [0, 1] of a raw score."""
        return sigmoid(self.logit(score))

    def least_score(self) -> float:
        """A raw score below which the label is neither given nor doubtful, whatever rounding does.

        Most scores are below it, and need no sigmoid.
        """
        least = min(self.threshold, self.low)
        if not (0 < least < 1 and self.slope > 0):
            return -math.inf
        return (math.log(least / (1 - least)) - 1e-6 - self.intercept) / self.slope

    def doubtful(self, probability: float) -> bool:
        """Whether a person should look."""
        return self.low <= probability < self.high


def sigmoid(logit: float) -> float:
    """1 / (1 + exp(-logit)), without overflow at either end."""
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    small = math.exp(logit)
    return small / (1.0 + small)


def to_data(calibration: Calibration) -> dict[str, float]:
    """As a plain mapping, for the manifest."""
    return calibration._asdict()


def from_data(data: Mapping[str, float]) -> Calibration:
    """Read back from a manifest.

    Raises:
        ModelError: a number is missing, or is not one.
    """
    try:
        numbers = {key: float(data[key]) for key in Calibration._fields}
    except (KeyError, TypeError, ValueError):
        raise ModelError(_("is not a calibration"), where="manifest.json", field="calibration") from None
    return Calibration(**numbers)
