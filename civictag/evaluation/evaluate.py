"""How good a tagger is on labelled paragraphs, and how sure that is: ``evaluate``."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from civictag.datamodel import Evidence, Label, LabelledParagraph
from civictag.evaluation.leaks import leak_notes
from civictag.evaluation.metrics import BINS, Outcome, all_figures, calibration_if_calibrated
from civictag.evaluation.predictions import Scorer, few_articles, observe
from civictag.evaluation.report import (
    LABEL_FIGURES,
    NONE_FIGURES,
    WHOLE_FIGURES,
    Confusion,
    Curve,
    LabelScores,
    ReliabilityBin,
    Report,
    Scores,
)
from civictag.i18n import Said
from civictag.util.bootstrap import RESAMPLES, Floats, Resampled, article_codes, resample
from civictag.util.interval import CONFIDENCE, Interval
from civictag.util.label_counts import not_learned_notes

#: Points of a drawn precision-recall curve; more cannot be told apart on a page.
_CURVE_POINTS = 200

Explain = Callable[[LabelledParagraph], Mapping[str, Sequence[Evidence]]]


def evaluate(
    tagger: Scorer,
    paragraphs: Sequence[LabelledParagraph],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    explain: Explain | None = None,
    confusions: int = 50,
) -> Report:
    """Score ``tagger`` on labelled paragraphs, every figure with a 95 % interval over articles.

    Args:
        tagger: the model.
        paragraphs: the judges' labels; with more than one ``source``, each is scored on its own as well.
        resamples, seed: bootstrap draws; 0 for no intervals; the same seed gives the same report.
        explain: evidence for one paragraph, label by label, to show with the confusions.
        confusions: how many wrongly tagged paragraphs to keep, the most confident errors first.

    Raises:
        CorpusError: no paragraphs, or a label that the model does not know (a path: TypeError).
    """
    _refuse_path(paragraphs)
    labels, unknown = tagger.labels, frozenset(tagger.info.not_learned)
    outcome = observe(tagger, paragraphs, [label.id for label in labels])
    groups = _by_source(paragraphs)

    def scores(rows: Sequence[int]) -> Scores:
        """The figures of some of the paragraphs."""
        return _scores(_part(outcome, rows), labels, unknown, resamples, seed)

    whole = scores(range(len(paragraphs)))
    return Report(
        model=tagger.info.as_dict(),
        scores=whole,
        sources={s: scores(rows) for s, rows in groups.items()} if len(groups) > 1 else {},
        curves=tuple(_curve(outcome, i, label) for i, label in enumerate(labels)),
        confusions=_confusions(outcome, paragraphs, labels, confusions, explain),
        resamples=resamples,
        notes=_notes(tagger, paragraphs, whole.articles),
    )


def _notes(tagger: Scorer, paragraphs: Sequence[LabelledParagraph], articles: int) -> tuple[Said, ...]:
    info = tagger.info
    return (*few_articles(articles), *leak_notes(info.folder, paragraphs), *not_learned_notes(info))


def _refuse_path(paragraphs: object) -> None:
    if isinstance(paragraphs, str | os.PathLike):
        raise TypeError(f"paragraphs is a path: give read_corpus([{os.fspath(paragraphs)!r}])")


def _by_source(paragraphs: Sequence[LabelledParagraph]) -> dict[str, list[int]]:
    """Row numbers by source, in order of first sight; rows without one are not a group."""
    groups: dict[str, list[int]] = {}
    for row, paragraph in enumerate(paragraphs):
        if paragraph.source:
            groups.setdefault(paragraph.source, []).append(row)
    return groups


def _part(outcome: Outcome, rows: Sequence[int]) -> Outcome:
    """The same outcome on some of its paragraphs, the articles numbered anew."""
    codes, articles = article_codes([str(code) for code in outcome.codes[rows]])
    return Outcome(
        outcome.truth[rows], outcome.probabilities[rows], outcome.predicted[rows], outcome.review[rows],
        codes, articles,
    )  # fmt: skip


def _scores(
    outcome: Outcome, labels: Sequence[Label], unknown: Collection[str], resamples: int, seed: int
) -> Scores:
    found = resample(
        all_figures(outcome), outcome.articles, len(outcome.truth), resamples=resamples, seed=seed
    )
    expected = calibration_if_calibrated(outcome.probabilities, seed)
    return Scores(
        paragraphs=len(outcome.truth),
        articles=outcome.articles,
        figures={name: found.figure(name, centred=name == "calibration_error") for name in WHOLE_FIGURES},
        calibrated=_spread_of(expected),
        labels=tuple(
            _label_scores(outcome, found, i, label, label.id not in unknown) for i, label in enumerate(labels)
        ),
        none=_none_scores(outcome, found),
        reliability=tuple(_reliability(found)),
    )


def _spread_of(draws: Floats) -> Interval:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return Interval(float(draws.mean()), float(low), float(high))


def _label_scores(
    outcome: Outcome, found: Resampled, column: int, label: Label, learned: bool
) -> LabelScores:
    return LabelScores(
        label=label.id,
        name=label.name,
        support=int(outcome.truth[:, column].sum()),
        predicted=int(outcome.predicted[:, column].sum()),
        figures={
            name: found.figure(f"label_{name}", column, centred=name == "calibration_error")
            for name in LABEL_FIGURES
        },
        learned=learned,
    )


def _none_scores(outcome: Outcome, found: Resampled) -> LabelScores:
    """Paragraphs without label, the last column of the label figures."""
    return LabelScores(
        label="none",
        name="无标签",
        support=int((~outcome.truth.any(axis=1)).sum()),
        predicted=int((~outcome.predicted.any(axis=1)).sum()),
        figures={name: found.figure(f"label_{name}", -1) for name in NONE_FIGURES},
    )


def _reliability(found: Resampled) -> list[ReliabilityBin]:
    counts, means = found.estimate["bin_count"], found.estimate["bin_probability"]
    return [
        ReliabilityBin(int(counts[b]), float(means[b]), found.figure("bin_share", b))
        for b in range(BINS)
        if counts[b]
    ]


def _curve(outcome: Outcome, column: int, label: Label) -> Curve:
    from sklearn.metrics import precision_recall_curve, precision_score, recall_score

    truth, predicted = outcome.truth[:, column], outcome.predicted[:, column]
    if not truth.any():
        return Curve(label.id, label.name, (), None)
    precision, recall, _ = precision_recall_curve(truth, outcome.probabilities[:, column])
    kept = np.unique(np.linspace(0, len(recall) - 1, _CURVE_POINTS).astype(int))
    points = tuple((float(recall[i]), float(precision[i])) for i in kept)
    if not predicted.any():
        return Curve(label.id, label.name, points, None)
    here = float(recall_score(truth, predicted)), float(precision_score(truth, predicted))
    return Curve(label.id, label.name, points, here)


def _confusions(
    outcome: Outcome,
    paragraphs: Sequence[LabelledParagraph],
    labels: Sequence[Label],
    limit: int,
    explain: Explain | None,
) -> tuple[Confusion, ...]:
    """The wrongly tagged paragraphs whose worst decision was the surest, surest first."""
    wrong = outcome.truth ^ outcome.predicted
    sureness = np.where(outcome.predicted, outcome.probabilities, 1 - outcome.probabilities)
    worst = np.where(wrong, sureness, -1.0).max(axis=1, initial=-1.0)
    order = [int(row) for row in np.argsort(-worst, kind="stable")[:limit] if worst[row] >= 0]
    ids = [label.id for label in labels]
    return tuple(
        Confusion(
            paragraph=paragraphs[row],
            predicted=tuple(
                label for label, is_predicted in zip(ids, outcome.predicted[row], strict=True) if is_predicted
            ),
            confidence=float(worst[row]),
            probabilities=dict(zip(ids, outcome.probabilities[row].tolist(), strict=True)),
            evidence=explain(paragraphs[row]) if explain else {},
        )
        for row in order
    )
