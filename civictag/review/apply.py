"""Corrections put into tagged articles: what a person said stands, and is marked as checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from civictag.datamodel import Article, Label, LabelledParagraph, Paragraph, Tag
from civictag.i18n import _, ngettext


@dataclass(slots=True)
class Applied:
    """Counts, complete when all articles have passed.

    Attributes:
        checked: paragraphs that a correction spoke of; the copies of a text count each.
        changed: those of them whose labels became others.
        unfound: corrections whose text stands in no article.
        differing: texts with several corrections that are not alike; the last counts.
    """

    checked: int = 0
    changed: int = 0
    unfound: int = 0
    differing: int = 0

    def message(self) -> str:
        """The counts in a sentence."""
        message = ngettext(
            "{count} paragraph is marked as checked, {changed} got other labels; "
            "corrections not found: {unfound}",
            "{count} paragraphs are marked as checked, {changed} of them got other labels; "
            "corrections not found: {unfound}",
            self.checked, changed=self.changed, unfound=self.unfound,
        )  # fmt: skip
        if not self.differing:
            return message
        again = _(
            "texts that were corrected twice and differently: {count}; the last counts", count=self.differing
        )
        return f"{message}; {again}"


class Corrector:
    """Applies corrections to articles. A text is corrected wherever it stands: lists name it once.

    Args:
        corrections: what ``read_review`` gave; of two for one text the last counts.
        labels: the label set of both.
    """

    def __init__(self, corrections: Sequence[LabelledParagraph], labels: Sequence[Label]) -> None:
        self._labels = {label.id: label for label in labels}
        self._by_text = {_key(row.text): row for row in corrections}
        self._found: set[str] = set()
        said: dict[str, set[frozenset[str]]] = {}
        for row in corrections:
            said.setdefault(_key(row.text), set()).add(frozenset(row.labels))
        differing = sum(len(labels) > 1 for labels in said.values())
        self.applied = Applied(unfound=len(self._by_text), differing=differing)

    def correct(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The articles, their corrected paragraphs with the labels that a person gave."""
        for article in articles:
            yield replace(article, paragraphs=tuple(map(self._paragraph, article.paragraphs)))

    def _paragraph(self, paragraph: Paragraph) -> Paragraph:
        key = _key(paragraph.text)
        row = self._by_text.get(key)
        if row is None or paragraph.kind != "body":
            return paragraph
        self._found.add(key)
        before = tuple(tag.label for tag in paragraph.tags)
        self.applied.checked += 1
        self.applied.changed += set(before) != set(row.labels)
        self.applied.unfound = len(self._by_text) - len(self._found)
        by_label = {tag.label: tag for tag in paragraph.tags}
        tags = tuple(by_label.get(label) or self._tag(paragraph, label) for label in row.labels)
        suggested = before if paragraph.suggested is None else paragraph.suggested
        return replace(paragraph, tags=tags, review=False, checked=True, suggested=suggested)

    def _tag(self, paragraph: Paragraph, label: str) -> Tag:
        """A label that a person gave keeps the probability that the model saw, if it is known."""
        return Tag(label, self._labels[label].name, (paragraph.scores or {}).get(label, 1.0))


def _key(text: str) -> str:
    return "".join(text.split())
