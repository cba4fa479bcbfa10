"""Every knob of a model, with its unit and default. A bundle's manifest stores them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from civictag.errors import ModelError
from civictag.i18n import _, listed


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """How a text becomes features; both backends, pure Python and compiled, read this.

    Attributes:
        sentence_min: characters; a shorter sentence joins the one before it (「好！」 says nothing alone).
        char_min, char_max: lengths of character n-grams.
        cue_gap: most characters between two parts of a cue.
        clauses: 1 if a comma ends what is scored on its own, as a full stop does; 0 if not.
    """

    sentence_min: int = 12
    char_min: int = 2
    char_max: int = 3
    cue_gap: int = 8
    clauses: int = 0


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
class Learner:
    """One way to learn a label's weights; ``civictag.training.learners.fit`` has what each unit does.

    Attributes:
        unit: ``pooled`` (an SVM over sentences and whole paragraphs, learned together: best with
            thousands of paragraphs), ``sentence`` (mi-SVM over sentences alone), ``paragraph``
            (an SVM over whole paragraphs of unit length: best with hundreds), or ``cue`` (the label
            set's cue list, nothing else learned: it gives what the bare list gives).
        penalty: C of the linear classifiers (smaller is smoother).
        cue_weight: of a cue class, where a whole paragraph's words have length 1; unit ``paragraph``.
        cue_list: how much of the cue list's own vote (1 for a sentence with a cue of the label, -1 for
            one without) is added to what was learned; unit ``paragraph``.
        balanced: whether the paragraphs with a label count together as much as those without it, so that
            a label with four examples is not drowned; unit ``paragraph``.
        word_vectors: length of a paragraph's vector of meanings (``civictag.features.word_vectors``), where
            its words have length 1; 0: none; unit ``paragraph``.
    """

    unit: str
    penalty: float = 1.0
    cue_weight: float = 0.1
    cue_list: float = 0.0
    balanced: bool = False
    word_vectors: float = 0.0


#: What is tried out of fold: few and far apart, so that the choice itself learns little. The first that
#: suits the size of a corpus stays unless another is clearly better (``civictag.training.select``).
GRID = (
    Learner("paragraph", 4.0, cue_list=1.0, word_vectors=1.0),
    Learner("paragraph", 4.0, balanced=True, word_vectors=1.0),
    Learner("paragraph", 4.0, cue_list=1.0),
    Learner("paragraph", 4.0, balanced=True),
    Learner("paragraph", 4.0),
    Learner("paragraph", 4.0, 0.3),
    Learner("pooled", 0.15),
    Learner("paragraph", 1.0),
    Learner("sentence", 0.1),
    Learner("sentence", 1.0),
    Learner("cue"),
)


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How a model is learned. A manifest stores what was chosen, so that it can be given again.

    Attributes:
        seed: of everything random (the solver's order, the folds).
        folds: number of out-of-fold parts.
        learners: what is tried; one alone is taken without trying.
        other_sentences_weights: shares of the other sentences' scores in the paragraph's that are tried.
        own_weights: how often a paragraph of one's own may count; tried where some are one's own.
        most: paragraphs learned from; of a larger corpus whole articles are drawn.
        least: positive paragraphs, and paragraphs without the label, below which it is not learned.
        threshold_slack: F1 that a lower, safer threshold may cost on out-of-fold scores.
        temperature: logits are divided by it: above 1, probabilities are less sure than the corpus's own
            text warrants, since text of other kinds is told apart less well (Guo et al., "On calibration
            of modern neural networks", ICML 2017, section 4.2).
        review_low, review_high: probabilities between which a label is doubtful, at temperature 1.
        clauses: whether clauses are scored on their own instead of sentences (``FeatureSettings.clauses``):
            one clause of its own is found in a long paragraph as well as alone.
        families: of features, by the first letter of a name; floors are for ``sentence``.
    """

    seed: int = 0
    folds: int = 5
    learners: tuple[Learner, ...] = GRID
    other_sentences_weights: tuple[float, ...] = (0.2, 0.1, 0.4)
    own_weights: tuple[float, ...] = (1.0, 3.0, 10.0)
    most: int = 30_000
    least: int = 2
    threshold_slack: float = 0.005
    temperature: float = 1.0
    review_low: float = 0.153
    review_high: float = 0.68
    clauses: bool = False
    families: Mapping[str, Family] = field(
        default_factory=lambda: {
            "w": Family(3, 1 / 30, True),
            "c": Family(5, 1 / 30, True),
            "k": Family(5, 0.1, False),
            "p": Family(5, 0.1, False),
            "t": Family(2, 1 / 60, True),
            "T": Family(2, 0.1, False),
        }
    )


def features_from_data(data: Mapping[str, Any]) -> FeatureSettings:
    """Read back from a manifest.

    Raises:
        ModelError: a knob that this version does not know.
    """
    known = {knob.name for knob in fields(FeatureSettings)}
    if {*data, "clauses"} != known:  # bundles written before there were clauses do not name them
        odd = listed(sorted({*data, "clauses"} ^ known))
        raise ModelError(
            _("has feature settings that this version does not know: {odd}", odd=odd),
            where="manifest.json",
            field="features",
        )
    return FeatureSettings(**data)
