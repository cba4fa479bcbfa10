"""One article of the report: its head, its bar, its paragraphs with labels and marked evidence.

What ``data/article.html`` draws is made here: plain values, which the template escapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from civictag.datamodel import Article, Label, Paragraph, Tag
from civictag.i18n import _, label_name, language, ngettext
from civictag.util.label_counts import Counts
from civictag.util.origin import shown_source
from civictag.util.pages import render
from civictag.writers.base import Options
from civictag.writers.html_charts import bar
from civictag.writers.marking import Piece, pieces
from civictag.writers.rows import as_cell, signed

# What stands under "Evidence" per label and side; a paragraph's marks are all there in any case.
_MOST_REASONS = 8


def article_title(article: Article) -> str:
    """The title; of an article without one, the last part of where it came from."""
    source = shown_source(article)
    return article.title or source.replace("\\", "/").rpartition("/")[2] or source


def other_name(label: Label) -> str:
    """The label's name in the language that the page does not speak, for its tooltip."""
    return label.name_en or label.id if language() == "zh" else label.name


class ArticleView:
    """Draws articles as HTML.

    Args:
        labels: the label set; label i has the classes ``l<i>`` (a paragraph that carries it),
            ``e<i>`` (its chip), ``a<i>-<level>`` and ``c<i>-<level>`` (evidence for and against).
        options: ``explain`` and ``keep_furniture`` are heeded.
    """

    def __init__(self, labels: Sequence[Label], options: Options) -> None:
        self._labels = list(labels)
        self._names = [label_name(label) for label in labels]
        self._number = {label.id: i for i, label in enumerate(labels)}
        self._options = options

    def draw(self, article: Article, number: int, counts: Counts) -> str:
        """The whole ``<article>``, with ``id="a<number>"``."""
        facts = [
            shown_source(article),
            article.date,
            article.unit,
            ngettext("{count} body paragraph", "{count} body paragraphs", counts.n_body),
        ]
        facts += [
            f"{name}{_(': ')}{value}"
            for name, value in ((name, as_cell(value)) for name, value in article.extra.items())
            if value not in (None, "", article.date, article.unit)  # those are said already
        ]
        blocks = (self._block(article, paragraph) for paragraph in article.paragraphs)
        return render(
            "article.html",
            number=number,
            title=article_title(article),
            facts=[fact for fact in facts if fact],
            # One paragraph's bar would only repeat its labels, two thousand times in a table.
            summary=bar(counts, self._names) if counts.n_body != 1 else None,
            blocks=[block for block in blocks if block],
        )

    def _block(self, article: Article, paragraph: Paragraph) -> dict[str, Any] | None:
        if paragraph.kind == "body":
            return self._body(article, paragraph)
        # The title stands over the article already.
        repeated = paragraph.kind == "heading" and paragraph.text == article.title
        if repeated or (paragraph.kind == "furniture" and not self._options.keep_furniture):
            return None
        return {"kind": paragraph.kind, "text": paragraph.text}

    def _body(self, article: Article, paragraph: Paragraph) -> dict[str, Any]:
        numbers = [self._number[tag.label] for tag in paragraph.tags if tag.label in self._number]
        classes = ["p", *(f"l{number}" for number in numbers)] if numbers else ["p", "ln"]
        plain = [{"text": paragraph.text, "classes": ""}]
        explained = self._options.explain
        return {
            "kind": "body",
            "classes": " ".join([*classes, "r"] if paragraph.review else classes),
            "tags": [self._chip(tag, paragraph.checked) for tag in paragraph.tags],
            "review": paragraph.review,
            "checked": paragraph.checked,
            "pieces": [self._piece(p) for p in pieces(article, paragraph)] if explained else plain,
            "reasons": self._reasons(paragraph) if explained else [],
        }

    def _chip(self, tag: Tag, checked: bool) -> dict[str, Any]:
        number = self._number.get(tag.label, 0)
        return {
            "number": number,
            "name": self._names[number],
            "other": other_name(self._labels[number]),
            # What a person decided has no probability.
            "percent": "" if checked else f"{tag.probability:.0%}",
        }

    def _piece(self, piece: Piece) -> dict[str, Any]:
        classes, titles = [], []
        for label, level in piece.levels.items():
            number, weight = self._number.get(label, 0), piece.weights[label]
            classes.append(f"{'a' if weight > 0 else 'c'}{number}-{level}")
            titles.append(f"{self._names[number]} {signed(weight)}")
        return {"text": piece.text, "classes": " ".join(classes), "weights": _("; ").join(titles)}

    def _reasons(self, paragraph: Paragraph) -> list[tuple[str, list[tuple[str, str]]]]:
        """What the marks' tooltips say, for keyboards, phones and screen readers: label, then its sides."""
        if not any(tag.evidence or tag.evidence_text for tag in paragraph.tags):
            return []
        names = (self._names[self._number.get(tag.label, 0)] for tag in paragraph.tags)
        return [(name, _sides(tag, name)) for tag, name in zip(paragraph.tags, names, strict=True)]


def _sides(tag: Tag, name: str) -> list[tuple[str, str]]:
    """Evidence for and against, each as ``垃圾 +0.82、清运 +0.40``; a side without evidence is left out."""
    found = (
        (name, [piece for piece in tag.evidence if piece.weight > 0]),
        (_("against"), [piece for piece in tag.evidence if piece.weight <= 0]),
    )
    if tag.evidence_text and not tag.evidence:
        return [(name, tag.evidence_text)]
    shown = ((side, spans[:_MOST_REASONS]) for side, spans in found if spans)
    return [(side, "、".join(f"{e.text} {signed(e.weight)}" for e in spans)) for side, spans in shown]
