"""Every knob of a model, with its unit and default. A bundle's manifest stores them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from civictag.errors import ModelError


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """How a text becomes features; the portable and the native backend both read this.

    Attributes:
        sentence_min: characters; a shorter sentence joins the one before it (「好！」 says nothing alone).
        char_min, char_max: lengths of character n-grams.
        cue_gap: most characters between two parts of a cue.
    """

    sentence_min: int = 12
    char_min: int = 2
    char_max: int = 3
    cue_gap: int = 8


@dataclass(frozen=True, slots=True)
class Family:
    """One family of features (``civictag.features.extract``).

    Attributes:
        floor: sentences; a name seen in fewer is no feature.
        factor: on the family's columns before learning: how strongly the penalty binds it.
        idf: whether rare names weigh more.
    """

    floor: int
    factor: float
    idf: bool


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How a model is learned.

    Attributes:
        seed: of everything random (the solver's order).
        folds: number of out-of-fold parts.
        penalty: C of the linear classifiers, per label (smaller is smoother).
        other_sentences_weight: share of the other sentences' scores in the paragraph's.
        threshold_slack: F1 that a lower, safer threshold may cost on out-of-fold scores.
        review_low, review_high: probabilities between which a label is doubtful.
        families: by the first letter of a name.
    """

    seed: int = 0
    folds: int = 5
    penalty: float = 0.1
    other_sentences_weight: float = 0.2
    threshold_slack: float = 0.005
    review_low: float = 0.15
    review_high: float = 0.65
    families: Mapping[str, Family] = field(
        default_factory=lambda: {
            "w": Family(3, 1 / 30, True),
            "c": Family(5, 1 / 30, True),
            "k": Family(5, 0.1, False),
            "p": Family(5, 0.1, False),
            "t": Family(4, 1 / 60, True),
            "T": Family(5, 0.1, False),
        }
    )


def features_from_data(data: Mapping[str, Any]) -> FeatureSettings:
    """Read back from a manifest.

    Raises:
        ModelError: a knob that this version does not know.
    """
    known = {knob.name for knob in fields(FeatureSettings)}
    if set(data) != known:
        odd = ", ".join(sorted(set(data) ^ known))
        raise ModelError(
            f"has feature settings that this version does not know: {odd}",
            where="manifest.json",
            field="features",
        )
    return FeatureSettings(**data)
