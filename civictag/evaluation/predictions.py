"""A model's answers beside the readers' labels: what ``evaluate`` and ``compare`` both start from.

Whatever answers to :class:`Scorer` can be measured, so a keyword list or another library's model is
held to the same ruler as our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from civictag.datamodel import Label, LabelledParagraph, ModelInfo
from civictag.errors import CorpusError
from civictag.evaluation.metrics import Outcome
from civictag.i18n import Said, _, listed, said
from civictag.util.bootstrap import FEW_ARTICLES, Bools, Floats, article_codes


class Scorer(Protocol):
    """What can be evaluated: a :class:`civictag.model.tagger.Tagger`, or anything that answers like one."""

    @property
    def labels(self) -> Sequence[Label]:
        """The labels, in the order of the columns."""

    @property
    def info(self) -> ModelInfo:
        """Name, version and hash of the model."""

    def probabilities(self, texts: Sequence[str], titles: Sequence[str]) -> Floats:
        """Shape (n, labels), in [0, 1]."""

    def decide(self, probabilities: Floats) -> Bools:
        """Shape (n, labels): which labels are given."""

    def review_mask(self, probabilities: Floats) -> Bools:
        """Shape (n,): which paragraphs a person should look at."""


def observe(tagger: Scorer, paragraphs: Sequence[LabelledParagraph], ids: Sequence[str]) -> Outcome:
    """Tag the paragraphs and set the answers for the labels ``ids`` beside the truth.

    Raises:
        CorpusError: as for ``evaluate``; labels of the model that are not in ``ids`` are no mistake.
    """
    if not paragraphs:
        raise CorpusError(_("no labelled paragraphs"), hint=_("Give a file with at least one paragraph"))
    known = [label.id for label in tagger.labels]
    probabilities = tagger.probabilities([p.text for p in paragraphs], [p.title for p in paragraphs])
    columns = [known.index(label) for label in ids]
    codes, articles = article_codes([p.group for p in paragraphs])
    return Outcome(
        truth=_truth(paragraphs, known)[:, columns],
        probabilities=probabilities[:, columns].astype(np.float64),
        predicted=tagger.decide(probabilities)[:, columns],
        review=tagger.review_mask(probabilities),
        codes=codes,
        articles=articles,
    )


def few_articles(articles: int) -> tuple[Said, ...]:
    """The warning that belongs to a small set, if it is one."""
    if articles < 2:
        return (said("one article: no intervals, nothing is known of other articles"),)
    if articles < FEW_ARTICLES:
        few = said(
            "few articles ({articles}, below {least}): take the intervals as rough",
            articles=articles,
            least=FEW_ARTICLES,
        )
        return (few,)
    return ()


def _truth(paragraphs: Sequence[LabelledParagraph], known: Sequence[str]) -> Bools:
    """Shape (n, labels): the readers' labels."""
    column = {label: i for i, label in enumerate(known)}
    truth = np.zeros((len(paragraphs), len(known)), dtype=np.bool_)
    for row, paragraph in enumerate(paragraphs):
        for label in paragraph.labels:
            if label not in column:
                raise _unknown(label, paragraph, known)
            truth[row, column[label]] = True
    return truth


def _unknown(label: str, paragraph: LabelledParagraph, known: Sequence[str]) -> CorpusError:
    return CorpusError(
        _('the model has no label "{label}"', label=label),
        where=_("article {doc}, paragraph {para}", doc=paragraph.doc, para=paragraph.para),
        field="labels",
        hint=_("Its labels are: {labels}", labels=listed(known)),
    )
