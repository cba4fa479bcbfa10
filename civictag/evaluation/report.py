"""What an evaluation hands to its printers: frozen, plain, every figure with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from civictag.datamodel import Evidence, LabelledParagraph
from civictag.i18n import Said
from civictag.util.interval import Interval

LABEL_FIGURES = ("precision", "recall", "f1", "average_precision", "brier", "calibration_error")
NONE_FIGURES = ("precision", "recall", "f1")
WHOLE_FIGURES = (
    "micro_precision", "micro_recall", "micro_f1", "macro_precision", "macro_recall", "macro_f1",
    "macro_average_precision", "exact_match", "hamming_loss", "cardinality_truth", "cardinality_predicted",
    "brier", "calibration_error", "review_share", "review_errors", "review_wrong_paragraphs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelScores:
    """One label: ``support`` paragraphs carry it, ``predicted`` were given it; figures by name.

    ``learned`` is False of a label that the model has not learned: its figures say nothing of the text.
    """

    label: str
    name: str
    support: int
    predicted: int
    figures: Mapping[str, Interval]
    learned: bool = True


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """A tenth of all decisions (paragraph × label), by probability.

    ``count`` of them, their mean ``probability``, and the ``share`` whose label the readers gave.
    """

    count: int
    probability: float
    share: Interval


@dataclass(frozen=True, slots=True)
class Scores:
    """All figures of one set of paragraphs.

    Attributes:
        figures: by the names in ``WHOLE_FIGURES``.
        calibrated: the calibration error that a perfectly calibrated model would show on a set of this size.
        labels: one entry per label; ``none`` is the paragraphs without label, scored like a label.
        reliability: the bins of ``calibration_error``, lowest probability first.
    """

    paragraphs: int
    articles: int
    figures: Mapping[str, Interval]
    calibrated: Interval
    labels: tuple[LabelScores, ...]
    none: LabelScores
    reliability: tuple[ReliabilityBin, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision against recall of one label; ``here`` is (recall, precision) at the model's own threshold."""

    label: str
    name: str
    points: tuple[tuple[float, float], ...]
    here: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """A paragraph that got other labels than its readers gave it.

    Attributes:
        confidence: how far the worst wrong decision is from doubt, in [0, 1]: the probability of a label
            wrongly given, or 1 − the probability of a label missed.
        probabilities: of every label.
        evidence: of the labels given and missed, when the model offers it.
    """

    paragraph: LabelledParagraph
    predicted: tuple[str, ...]
    confidence: float
    probabilities: Mapping[str, float]
    evidence: Mapping[str, Sequence[Evidence]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer of ``evaluate``; ``notes`` are what a reader of the figures must know."""

    model: Mapping[str, str]
    scores: Scores
    sources: Mapping[str, Scores]
    curves: tuple[Curve, ...]
    confusions: tuple[Confusion, ...]
    resamples: int
    notes: tuple[Said, ...] = ()

    def __repr__(self) -> str:
        """What a notebook has room for; the figures are in ``scores.figures``."""
        size = f"{self.scores.paragraphs} paragraphs in {self.scores.articles} articles"
        f1 = self.scores.figures.get("micro_f1")
        figure = f"{f1.shown()} {f1.range()}".rstrip() if f1 is not None else "none"
        return f"<Report {self.model.get('name', '')}: {size}, micro-F1 {figure}>"
