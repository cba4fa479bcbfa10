"""Articles with a person's labels in place of the model's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from civictag.datamodel import Article, Label, Paragraph, Tag
from civictag.web.page.store import JobStore

Corrections = Mapping[tuple[int, int], Sequence[str]]


def corrected_articles(store: JobStore, job: str, labels: Sequence[Label]) -> Iterator[Article]:
    """Every article of a job, lazily, with its corrections in."""
    corrections = store.corrections(job)
    names = {label.id: label.name for label in labels}
    for number, article in store.articles(job):
        yield correct(article, number, corrections, names)


def correct(article: Article, number: int, corrections: Corrections, names: Mapping[str, str]) -> Article:
    """One article; what no correction touches is as it was."""
    if not any(key[0] == number for key in corrections):
        return article
    paragraphs = (
        _with_labels(p, corrections[number, p.index], names) if (number, p.index) in corrections else p
        for p in article.paragraphs
    )
    return replace(article, paragraphs=tuple(paragraphs))


def _with_labels(paragraph: Paragraph, labels: Sequence[str], names: Mapping[str, str]) -> Paragraph:
    """A tag that the model gave too keeps its evidence; another has the model's own probability of it."""
    before = {tag.label: tag for tag in paragraph.tags}
    scores = paragraph.scores or {}
    tags = tuple(
        before.get(label) or Tag(label, names.get(label, label), scores.get(label, 1.0)) for label in labels
    )
    return replace(paragraph, tags=tags, review=False, checked=True, suggested=tuple(before))
