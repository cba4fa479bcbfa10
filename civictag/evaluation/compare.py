"""Is model B better than model A on these paragraphs, and could this set tell at all: ``compare``.

Both models are scored on the same draws of articles, so what makes an article easy or hard cancels out
of the difference; two intervals of the single models that overlap say nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import NormalDist
from typing import Literal

import numpy as np

from civictag.datamodel import Label, LabelledParagraph
from civictag.errors import ModelError
from civictag.evaluation.leaks import leak_notes
from civictag.evaluation.metrics import Outcome, decision_sums, f1_figures, with_none
from civictag.evaluation.predictions import Scorer, few_articles, observe
from civictag.i18n import Said, _, label_name
from civictag.util.bootstrap import (
    RESAMPLES,
    Bools,
    Floats,
    Resampled,
    p_value,
    resample,
    sums_by_article,
)
from civictag.util.interval import CONFIDENCE, Interval
from civictag.util.label_counts import not_learned_notes

Verdict = Literal["better", "worse", "cannot tell"]

#: With fewer articles on which the models differ, even all of them siding with B has a two-sided sign
#: test above 0.05 (2 · 0.5⁵ = 0.06), while the bootstrap, which then never draws a loss, says "sure".
MIN_DIFFERING = 6
POWER = 0.8
#: Standard errors between no difference and one that a 95 % interval excludes with 80 % power: 1.96 + 0.84.
_REACH = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2) + NormalDist().inv_cdf(POWER)


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of B minus the same figure of A.

    Attributes:
        a, b: the figure of each model, in [0, 1]; None when undefined.
        difference: b − a with its interval.
        p: share of the draws on the other side of 0, both sides counted (a bootstrap p-value); in (0, 1].
        verdict: of B against A.
        detectable: the smallest difference that a set like this one shows with 80 % power.
        articles_needed, paragraphs_needed: the smallest set that would show the observed difference with
            80 % power, its articles being like these; None when nothing differs.
    """

    name: str
    a: float | None
    b: float | None
    difference: Interval
    p: float | None
    verdict: Verdict
    detectable: float | None
    articles_needed: int | None
    paragraphs_needed: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """B against A; ``verdict`` is that of micro-F1, ``labels`` has the F1 of each common label.

    ``not_learned`` names, of ``a`` and of ``b``, the common labels that the model has not learned: what it
    gets on them says nothing of the text. ``names`` are those that a person reads.
    """

    a: Mapping[str, str]
    b: Mapping[str, str]
    paragraphs: int
    articles: int
    differing_articles: int
    micro_f1: Difference
    macro_f1: Difference
    labels: tuple[Difference, ...]
    none: Difference
    resamples: int
    notes: tuple[Said, ...] = ()
    not_learned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """Of B against A, by micro-F1."""
        return self.micro_f1.verdict


def compare(
    a: Scorer,
    b: Scorer,
    paragraphs: Sequence[LabelledParagraph],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Comparison:
    """Compare two models on the same labelled paragraphs, on the labels that both have.

    Args:
        a: the model to beat.
        b: the model that is judged; "better" means B is.
        paragraphs: the judges' labels.
        resamples, seed: bootstrap draws of articles; the same seed gives the same comparison.

    Raises:
        CorpusError: no paragraphs, or a label that one of the models does not know.
        ModelError: the models have no label in common.
    """
    names = {label.id: label_name(label) for label in _common(a, b)}
    ids = list(names)
    sides = observe(a, paragraphs, ids), observe(b, paragraphs, ids)
    differing = _differing(*sides)
    judge = _Judge(_differences(*sides, resamples, seed), len(paragraphs), differing)
    return Comparison(
        a=a.info.as_dict(),
        b=b.info.as_dict(),
        paragraphs=len(paragraphs),
        articles=len(differing),
        differing_articles=int(differing.any(axis=1).sum()),
        micro_f1=judge.difference("micro_f1", "micro_f1"),
        macro_f1=judge.difference("macro_f1", "macro_f1"),
        labels=tuple(judge.difference(label, "label_f1", i) for i, label in enumerate(ids)),
        none=judge.difference("none", "label_f1", len(ids)),
        resamples=resamples,
        notes=(*few_articles(len(differing)), *_notes(a, b, paragraphs)),
        not_learned={"a": _unlearned(a, ids), "b": _unlearned(b, ids)},
        names=names,
    )


def _unlearned(model: Scorer, ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(label for label in ids if label in model.info.not_learned)


def _notes(a: Scorer, b: Scorer, paragraphs: Sequence[LabelledParagraph]) -> Iterator[Said]:
    """What ``evaluate`` would say of each: a comparison is no fairer than the figures of its sides."""
    for side, model in (("A", a), ("B", b)):
        for note in (*leak_notes(model.info.folder, paragraphs), *not_learned_notes(model.info)):
            text = Said(f"{side}{_(': ')}{note}")
            text.english = f"{side}: {note.english}"
            yield text


@dataclass(frozen=True, slots=True)
class _Judge:
    """Turns resampled pairs of figures into differences; ``differing`` has shape (articles, labels + 1)."""

    found: Resampled
    paragraphs: int
    differing: Bools

    def difference(self, name: str, figure: str, *column: int) -> Difference:
        """The figure called ``figure`` (at ``column``) of B minus that of A, reported as ``name``."""
        gap = self.found.figure(f"gap {figure}", *column)
        draws = self.found.draws(f"gap {figure}", *column)
        draws = draws[~np.isnan(draws)]
        detectable = _REACH * float(draws.std(ddof=1)) if gap.low is not None else None
        growth = (detectable / gap.value) ** 2 if detectable and gap.value else None
        p = self._p(gap, draws, column)
        return Difference(
            name=name,
            a=self.found.figure(f"a {figure}", *column).value,
            b=self.found.figure(f"b {figure}", *column).value,
            difference=gap,
            p=p,
            verdict=_verdict(gap, p),
            detectable=detectable,
            articles_needed=ceil(len(self.differing) * growth) if growth else None,
            paragraphs_needed=ceil(self.paragraphs * growth) if growth else None,
        )

    def _p(self, gap: Interval, draws: Floats, column: tuple[int, ...]) -> float | None:
        """The bootstrap's p-value, but never below what a sign test of the differing articles allows."""
        if gap.low is None:
            return None
        differing = self.differing[:, column[0]] if column else self.differing.any(axis=1)
        return max(p_value(draws, self.found.articles), min(1.0, 2 * 0.5 ** int(differing.sum())))


def _verdict(gap: Interval, p: float | None) -> Verdict:
    if p is None or p >= 1 - CONFIDENCE:
        return "cannot tell"
    return "better" if (gap.value or 0) > 0 else "worse"


def _common(a: Scorer, b: Scorer) -> list[Label]:
    theirs = {label.id for label in b.labels}
    common = [label for label in a.labels if label.id in theirs]
    if not common:
        raise ModelError(
            _("the two models have no label in common"), hint=_("Compare models of one label set")
        )
    return common


def _differences(a: Outcome, b: Outcome, resamples: int, seed: int) -> Resampled:
    """Every F1 of A, of B, and B − A, on the same draws; names are prefixed ``a``, ``b``, ``gap``."""
    sums_a, sums_b = decision_sums(a), decision_sums(b)

    def statistics(weights: Floats) -> dict[str, Floats]:
        """The F1 figures of both models under the same weights."""
        of_a, of_b = f1_figures(sums_a, weights), f1_figures(sums_b, weights)
        return {
            f"{side} {name}": value
            for name in ("micro_f1", "macro_f1", "label_f1")
            for side, value in (("a", of_a[name]), ("b", of_b[name]), ("gap", of_b[name] - of_a[name]))
        }

    return resample(statistics, a.articles, a.articles, resamples=resamples, seed=seed)


def _differing(a: Outcome, b: Outcome) -> Bools:
    """Shape (articles, labels + 1): in which articles the models decide differently; last column: none."""
    rows = with_none(a.predicted) ^ with_none(b.predicted)
    return sums_by_article(rows, a.codes, a.articles) > 0
