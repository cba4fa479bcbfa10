"""One article of the report: its head, its bar, its paragraphs with labels and marked evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from civictag.datamodel import Article, Label, Paragraph, Tag
from civictag.util.label_counts import NONE, REVIEW, Counts
from civictag.writers.base import Options
from civictag.writers.html_charts import bar
from civictag.writers.marking import Piece, pieces
from civictag.writers.rows import signed

# What stands under 「依据」 a label and side; a paragraph's marks are all there in any case.
_MOST_REASONS = 8

# Control characters have no place in HTML; their pictures (␀ …) have, and hide nothing.
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {127: 0x2421}
# Nearly no piece of Chinese text needs it, and looking costs a tenth of cleaning.
_needs_cleaning = re.compile(r"""[&<>"'\x00-\x08\x0b-\x1f\x7f]""").search


def clean(text: object) -> str:
    """``text`` as HTML text or attribute value: nothing in it is markup."""
    plain = str(text)
    return escape(plain.translate(_CONTROLS), quote=True) if _needs_cleaning(plain) else plain


def article_title(article: Article) -> str:
    """The title; of an article without one, the last part of where it came from."""
    return article.title or article.source.replace("\\", "/").rpartition("/")[2] or article.source


class ArticleView:
    """Draws articles as HTML.

    Args:
        labels: the label set; label i has the classes ``l<i>`` (a paragraph that carries it),
            ``e<i>`` (its chip), ``a<i>-<level>`` and ``c<i>-<level>`` (evidence for and against).
        options: ``explain`` and ``keep_furniture`` are heeded.
    """

    def __init__(self, labels: Sequence[Label], options: Options) -> None:
        self._labels = list(labels)
        self._number = {label.id: i for i, label in enumerate(labels)}
        self._options = options

    def draw(self, article: Article, number: int, counts: Counts) -> str:
        """The whole ``<article>``, with ``id="a<number>"``."""
        title = clean(article_title(article))
        facts = [article.source, f"正文 {counts.n_body} 段"]
        facts += [f"{name}：{value}" for name, value in article.extra.items() if value not in (None, "")]
        return "".join(
            [
                f'<article id="a{number}"><header><h2>{title}</h2>',
                f'<p class="facts">{" · ".join(clean(fact) for fact in facts if fact)}</p>',
                # One paragraph's bar would only repeat its labels, two thousand times in a table.
                bar(counts, [clean(label.name) for label in self._labels]) if counts.n_body != 1 else "",
                "</header>",
                *(self._block(article, paragraph) for paragraph in article.paragraphs),
                "</article>\n",
            ]
        )

    def _block(self, article: Article, paragraph: Paragraph) -> str:
        if paragraph.kind == "heading":
            # The title stands over the article already.
            return "" if paragraph.text == article.title else f"<h3>{clean(paragraph.text)}</h3>"
        if paragraph.kind == "furniture":
            shown = self._options.keep_furniture
            return f'<p class="furniture">{clean(paragraph.text)}</p>' if shown else ""
        return self._body(article, paragraph)

    def _body(self, article: Article, paragraph: Paragraph) -> str:
        numbers = [self._number[tag.label] for tag in paragraph.tags if tag.label in self._number]
        classes = ["p", *(f"l{number}" for number in numbers)] if numbers else ["p", "ln"]
        classes += ["r"] if paragraph.review else []
        text = clean(paragraph.text)
        if self._options.explain:
            text = "".join(self._piece(piece) for piece in pieces(article, paragraph))
        return (
            f'<section class="{" ".join(classes)}"><ul class="chips">{self._chips(paragraph)}</ul>'
            f'<div><p class="text">{text}</p>{self._reasons(paragraph)}</div></section>\n'
        )

    def _chips(self, paragraph: Paragraph) -> str:
        chips = [self._chip(tag) for tag in paragraph.tags] or [f'<li class="chip none">{NONE}</li>']
        if paragraph.review:
            chips.append(f'<li class="chip review" title="for review">⚑ {REVIEW}</li>')
        return "".join(chips)

    def _chip(self, tag: Tag) -> str:
        number = self._number.get(tag.label, 0)
        english = clean(self._labels[number].name_en or tag.label)
        return (
            f'<li class="chip e{number}" title="{english}">{clean(tag.name)} '
            f"<b>{tag.probability:.0%}</b></li>"
        )

    def _piece(self, piece: Piece) -> str:
        if not piece.levels:
            return clean(piece.text)
        classes, told = [], []
        for label, level in piece.levels.items():
            number, weight = self._number.get(label, 0), piece.weights[label]
            classes.append(f"{'a' if weight > 0 else 'c'}{number}-{level}")
            told.append(f"{self._labels[number].name} {signed(weight)}")
        attributes = f'class="{" ".join(classes)}" title="{clean("；".join(told))}"'
        return f"<mark {attributes}>{clean(piece.text)}</mark>"

    def _reasons(self, paragraph: Paragraph) -> str:
        """What the marks' tooltips say, for keyboards, phones and screen readers."""
        if not self._options.explain or not any(tag.evidence for tag in paragraph.tags):
            return ""
        items = "".join(f"<li>{_reason(tag)}</li>" for tag in paragraph.tags)
        return f"<details><summary>依据</summary><ul>{items}</ul></details>"


def _reason(tag: Tag) -> str:
    """``环境卫生：垃圾 +0.82、清运 +0.40；反证：晚会 −0.31``."""
    against = [piece for piece in tag.evidence if piece.weight <= 0]
    sides = ((tag.name, [piece for piece in tag.evidence if piece.weight > 0]), ("反证", against))
    told = []
    for name, evidence in sides:
        spans = clean("、".join(f"{e.text} {signed(e.weight)}" for e in evidence[:_MOST_REASONS]))
        told += [f"<b>{clean(name)}</b>：{spans}"] if spans else []
    return "；".join(told) or clean(tag.name)
