"""A counted corpus to a model's numbers: folds, choice, weights, calibrations, labels not learned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from civictag.features.vocabulary import Bags, Vocabulary
from civictag.i18n import _
from civictag.model.calibration import Calibration
from civictag.settings import Learner, TrainSettings
from civictag.training.calibrate import EVERYTHING, rule
from civictag.training.folds import Folds, make_folds
from civictag.training.judging import no_better_than_everything
from civictag.training.learners.assemble import Weights, assemble
from civictag.training.learners.fit import Design, design, fit
from civictag.training.learners.linear import Linear, mean_of
from civictag.training.learners.mi_svm import Floats
from civictag.training.material import Material, Truth
from civictag.training.not_learned import (
    HARDLY,
    Fallback,
    NotLearned,
    cue_names,
    fall_back,
    hardly_learned,
    not_learned,
)
from civictag.training.own_text import OwnWeight, own_weight
from civictag.training.select import Choice, choose
from civictag.util.orphans import beginning

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Learned:
    """What learning adds to the label set.

    Attributes:
        weights: of the names, and of the shipped words.
        biases, offsets, calibrations: one per label.
        choice: what was chosen, and its nested decisions and probabilities.
        folds: how the corpus was cut.
        missing: the labels that were not learned.
        hardly: labels whose tags are guesses: learned from a handful of paragraphs, or hardly found better
            than by chance.
        blind: nothing is found better than by giving every label to every paragraph, so that is done.
        own: what was found for one's own text; None without any.
    """

    weights: Weights
    biases: tuple[float, ...]
    offsets: tuple[float, ...]
    calibrations: tuple[Calibration, ...]
    choice: Choice
    folds: Folds
    missing: Mapping[str, NotLearned]
    hardly: tuple[str, ...]
    blind: bool
    own: OwnWeight | None


def learn(material: Material, settings: TrainSettings, jobs: int, progress: Progress) -> Learned:
    """Choose out of fold, fit on everything, calibrate; the same material gives the same numbers.

    Raises:
        CorpusError: no name was seen often enough.
    """
    counted, truth, weights = material.counted, material.truth, material.weights
    folds = make_folds(material.rows, truth, material.copies, settings.folds, settings.seed)
    choice = choose(material, folds, settings, jobs=jobs, tick=progress)
    own, scores = None, choice.best.scores
    if len(material.own):
        own = own_weight(material, choice.best, settings, jobs)
        weights, scores = weights.copy(), scores.copy()
        weights[material.own] *= own.weight
        scores[material.own] = own.scores
    missing = not_learned(truth, scores, material.ids, material.table, settings.least)
    seen = design(counted, choice.best.learner, material.ids, material.articles, settings)
    model = _model(seen, material, folds, weights, jobs)
    # A cue list that was chosen decides already, for all labels alike whose cues the corpus has.
    replaced = missing if choice.best.learner.unit != "cue" else _unseen(material, seen.vocabulary)
    fallbacks = {label: _fall_back(label, material) for label in replaced}
    tables = assemble(seen, model, {label: fallback.weights for label, fallback in fallbacks.items()})
    calibrations = _calibrations(choice.best.learner, scores, truth, weights, settings)
    for label in missing:
        choice.probabilities[:, material.ids.index(label)] = np.nan
    for label, fallback in fallbacks.items():
        column = material.ids.index(label)
        model.biases[column], model.offsets[column] = fallback.bias, 1.0
        calibrations[column] = fallback.calibration
        choice.decisions[:, column] = fallback.decisions
    kept = [column for column, label in enumerate(material.ids) if label not in missing]
    blind = no_better_than_everything(choice.decisions[:, kept], truth[:, kept], scores[:, kept])
    for column in kept if blind else ():
        choice.decisions[:, column] = True
        calibrations[column] = calibrations[column]._replace(threshold=EVERYTHING)
    return Learned(
        tables, tuple(map(float, model.biases)), tuple(map(float, model.offsets)), tuple(calibrations),
        choice, folds, missing, hardly_learned(truth, scores, material.ids, missing), blind, own,
    )  # fmt: skip


def summary(learned: Learned) -> Iterator[str]:
    """What was chosen and what was not learned, for the person who trains."""
    best = learned.choice.best
    yield learned.folds.summary()
    yield _(
        "chosen out of fold: unit {unit}, penalty {penalty}, cue weight {cues}, other sentences {others}",
        unit=best.learner.unit,
        penalty=f"{best.learner.penalty:g}",
        cues=f"{best.learner.cue_weight:g}",
        others=f"{best.other_sentences_weight:g}",
    )
    if learned.own:
        yield _(
            "your own paragraphs have the weight {weight}; micro-F1 on them out of fold {gained} with them,"
            " {without} without",
            weight=f"{learned.own.weight:g}",
            gained=f"{learned.own.gained:.3f}",
            without=f"{learned.own.without:.3f}",
        )
    for label, missing in learned.missing.items():
        yield missing.summary(label)
    if learned.hardly:
        yield _(
            "hardly learned, so take their tags as guesses and label more (fewer than {least} paragraphs have"
            " it, or it is found hardly better than by chance): {labels}",
            least=HARDLY,
            labels=", ".join(learned.hardly),
        )
    if learned.blind:
        yield _(
            "nothing is found better than by giving every label to every paragraph, so every label is given:"
            " this corpus cannot teach these labels yet; label more paragraphs, of more articles"
        )


def _model(seen: Design, material: Material, folds: Folds, weights: Floats, jobs: int) -> Linear:
    """Learned on everything; for ``pooled`` the mean with the models of the folds.

    Which sentence is a paragraph's best differs from one of these to the next, and so do their weights:
    the mean is steadier (mean average precision on real text + 0.003 to 0.005, docs/quality.md).
    """
    from joblib import Parallel, delayed

    everything = np.arange(material.counted.size)
    parts = [everything]
    if seen.learner.unit == "pooled":
        parts += [train for train, _test in folds.parts]
    work = Parallel(n_jobs=min(jobs, len(parts)), mmap_mode="r", **beginning())
    return mean_of(work(delayed(fit)(seen, rows, material.truth, weights) for rows in parts))


def _calibrations(
    learner: Learner, scores: Floats, truth: Truth, weights: Floats, settings: TrainSettings
) -> list[Calibration]:
    found, by = rule(learner, scores, truth, settings.threshold_slack, weights), settings.temperature
    low, high = _tempered(settings.review_low, by), _tempered(settings.review_high, by)
    return [
        Calibration(slope / by, intercept / by, _tempered(float(cut), by), low, high)
        for (slope, intercept), cut in zip(found.lines, found.cuts, strict=True)
    ]


def _tempered(probability: float, by: float) -> float:
    """Where a probability goes when logits are divided by ``by``."""
    return round(float(expit(logit(probability) / by)), 3) if by != 1 else probability


def _unseen(material: Material, vocabulary: Vocabulary) -> list[str]:
    """The labels with cues of which none stands in the corpus: new articles may have them."""
    own = {label: cue_names(label, material.table) for label in material.ids}
    return [label for label, names in own.items() if names and not {*names} & {*vocabulary.names}]


def _fall_back(label: str, material: Material) -> Fallback:
    truth = material.truth[:, material.ids.index(label)]
    names = cue_names(label, material.table)
    rule = fall_back(label, material.table, np.zeros(len(truth), bool), truth)
    deciding = [
        at for at, name in enumerate(material.counted.names) if name in names and name in rule.weights
    ]
    bags = Bags(material.counted.counts[:, deciding], material.counted.owner, material.counted.size)
    hits = np.bincount(bags.owner, weights=bags.rows.getnnz(axis=1), minlength=bags.size) > 0
    return fall_back(label, material.table, hits, truth)
