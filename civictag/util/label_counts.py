"""How often each label was given: in an article, over a batch; and of which labels that says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from civictag.datamodel import Article, ModelInfo, Record
from civictag.i18n import Said, listed, said

NONE = "无标签"
REVIEW = "待复核"
"""What every output calls a paragraph without a label, and one that a person should look at."""


@dataclass(slots=True, eq=False, repr=False)
class Counts(Record):
    """Counts over one article or many; lists have one entry per label, in the labels' order.

    Attributes:
        paragraphs: body paragraphs that carry the label.
        articles: articles with at least one such paragraph.
        n_articles: articles seen that have a body paragraph: an empty row of a ledger is none.
        n_body: body paragraphs seen.
        n_none: body paragraphs without any label.
        n_review: body paragraphs marked for review.
    """

    paragraphs: list[int]
    articles: list[int]
    n_articles: int = 0
    n_body: int = 0
    n_none: int = 0
    n_review: int = 0

    @classmethod
    def empty(cls, n_labels: int) -> Counts:
        """No article seen yet."""
        return cls([0] * n_labels, [0] * n_labels)

    def add(self, other: Counts) -> None:
        """Count the articles of ``other`` (same labels) too."""
        self.paragraphs = [a + b for a, b in zip(self.paragraphs, other.paragraphs, strict=True)]
        self.articles = [a + b for a, b in zip(self.articles, other.articles, strict=True)]
        self.n_articles += other.n_articles
        self.n_body += other.n_body
        self.n_none += other.n_none
        self.n_review += other.n_review


def count_labels(article: Article, labels: Sequence[str]) -> Counts:
    """Counts of one article. A tag whose label is not among ``labels`` is left out."""
    by_label = dict.fromkeys(labels, 0)
    counts = Counts.empty(0)
    for paragraph in article.paragraphs:
        if paragraph.kind != "body":
            continue
        counts.n_body += 1
        counts.n_none += not paragraph.tags
        counts.n_review += paragraph.review
        for tag in paragraph.tags:
            if tag.label in by_label:
                by_label[tag.label] += 1
    counts.n_articles = int(counts.n_body > 0)
    counts.paragraphs = list(by_label.values())
    counts.articles = [int(n > 0) for n in counts.paragraphs]
    return counts


def not_learned_notes(info: ModelInfo) -> Iterator[Said]:
    """What a model has not learned, for the reader of its figures; nothing of a model that learned all."""
    if info.not_learned:
        yield said(
            "the model has not learned {labels} and never gives them: their figures of 0 say nothing of the"
            " text",
            labels=listed(info.not_learned),
        )
    if info.always_given:
        yield said(
            "the model gives {labels} to every paragraph, for its corpus taught nothing better: label more,"
            " of more articles",
            labels=listed(info.always_given),
        )
