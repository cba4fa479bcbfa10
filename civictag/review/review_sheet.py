"""The review list as a person gets it: a sheet with ticks to set and the reason in plain words."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from civictag.datamodel import Label, Paragraph, Tag
from civictag.i18n import language
from civictag.review.selection import Candidate
from civictag.util.atomic_file import deliver, open_sink
from civictag.util.origin import shown_date
from civictag.writers.as_csv import BOM, as_text, csv_lines
from civictag.writers.base import ModelId
from civictag.writers.reasons import speaking_for
from civictag.writers.sheets.columns import Column, SheetOf
from civictag.writers.sheets.headings import label_word, word
from civictag.writers.sheets.workbook import Workbook

if TYPE_CHECKING:
    from civictag.model.tagger import Tagger

_ENDS = re.compile("[。！？!?]+[”’」』）)]*")
_NUMBERS = "一二三四五六七八九十"
_SPEAKS = ("第{n}句“{span}”支持{label}", "sentence {n}, “{span}”, speaks for {label}")
_HINTS = (
    "第{n}句“{span}”像是{label}，把握不足",
    "sentence {n}, “{span}”, hints at {label}, too weakly",
)


def explained(candidates: Sequence[Candidate], tagger: Tagger) -> list[Candidate]:
    """The candidates with the evidence of every label, which only the chosen few are worth."""
    articles = [replace(c.article, paragraphs=(_alone(c.paragraph),)) for c in candidates]
    tagged = tagger.tag_articles(articles, explain=True, all_scores=True, explain_all=True)
    return [
        replace(candidate, paragraph=replace(candidate.paragraph, reasons=article.paragraphs[0].reasons))
        for candidate, article in zip(candidates, tagged, strict=True)
    ]


def write_review(
    candidates: Sequence[Candidate],
    target: BinaryIO | str | os.PathLike[str],
    *,
    labels: Sequence[Label],
    model: ModelId,
    date: str,
    form: str = "csv",
    headings: str | None = None,
) -> None:
    """Write the list for a spreadsheet program: a tick per label, and one for "I looked at it".

    Args:
        candidates: from ``ReviewList.chosen``; with evidence, if ``explained``, the reasons are told.
        target: a path (written whole or not at all) or an open binary stream.
        labels: the model's label set.
        model: what gave the suggestions; kept with each row, as is ``date``.
        date: of the suggestions, ``YYYY-MM-DD``.
        form: ``csv`` or ``xlsx``.
        headings: ``zh``, ``en`` or ``ids``; None is the reader's language.

    Raises:
        CivictagError: the target cannot be written.
        MissingExtra: a workbook, and XlsxWriter is not installed.
    """
    by = f"{model.get('name', '')} {model.get('version', '')} {model.get('sha256', '')[:12]}".strip()
    sheet = _ReviewSheet(labels, headings or language(), [by, date])
    rows = [sheet.row(candidate) for candidate in candidates]
    if form == "csv":
        cells = [[as_text(v, c.kind) for v, c in zip(row, sheet.columns, strict=True)] for row in rows]
        deliver(BOM + csv_lines([[column.heading for column in sheet.columns], *cells]), target)
    else:
        _write_workbook(sheet, rows, target)


def plain_why(paragraph: Paragraph, labels: Sequence[Label], headings: str) -> str:
    """「第二句“清理楼道杂物”支持环境卫生」, given labels first, then those in doubt."""
    names = {label.id: label_word(label, headings) for label in labels}
    predicted = {tag.label for tag in paragraph.tags}
    reasons = sorted(paragraph.reasons or (), key=lambda tag: (tag.label not in predicted, -tag.probability))
    parts = [
        _sentence(paragraph, tag, names.get(tag.label, tag.label), headings, tag.label in predicted)
        for tag in reasons
        if tag.label in predicted or tag.probability >= 0.05
    ]
    return ("；" if headings == "zh" else "; ").join(filter(None, parts))


class _ReviewSheet:
    """Columns and rows of the list."""

    def __init__(self, labels: Sequence[Label], headings: str, provenance: list[str]) -> None:
        self._labels = labels
        self.headings = headings
        self._of = SheetOf(tuple(labels), headings)
        self._provenance = provenance
        self.columns = self._columns()

    def _columns(self) -> list[Column]:
        tick = self._of.tick()
        columns = [self._own("text", 62.0), self._own("reason", 40.0), *self._of.ticks(tick, 9.0)]
        columns += [replace(self._own("checked", 8.0), kind=tick), self._own("note", 20.0)]
        columns += [self._own("title", 22.0), self._own("unit", 14.0)]
        columns += [replace(self._own("date"), kind="date")]
        columns += [replace(self._own(name, 20.0), printed=False) for name in ("source", "suggested")]
        aside = ("id", "index", "probabilities", "model", "made")
        columns += [replace(self._own(name, 14.0), aside=True, printed=False) for name in aside]
        return columns

    def _own(self, id: str, width: float = 11.0) -> Column:
        heading = "use" if (id, self.headings) == ("checked", "ids") else word(id, self.headings)
        return Column(id, heading, width=width)

    def row(self, candidate: Candidate) -> list[object]:
        """The cells of one paragraph; nobody has looked at it yet."""
        article, paragraph = candidate.article, candidate.paragraph
        scores = paragraph.scores or {}
        predicted = {tag.label for tag in paragraph.tags}
        row: list[object] = [paragraph.text, plain_why(paragraph, self._labels, self.headings)]
        row += [label.id in predicted for label in self._labels]
        row += ["" if self.headings == "ids" else False, "", article.title, article.unit, shown_date(article)]
        row += [article.source, self._of.tags([label.id for label in self._labels if label.id in predicted])]
        parts = [f"{label_word(x, self.headings)} {scores[x.id]:.0%}" for x in self._labels if x.id in scores]
        return [*row, article.id, paragraph.index, "; ".join(parts), *self._provenance]


def _alone(paragraph: Paragraph) -> Paragraph:
    """The paragraph as its article's whole text: evidence then counts from its first character."""
    return replace(paragraph, start=0, end=len(paragraph.text), pieces=())


def _sentence(paragraph: Paragraph, tag: Tag, name: str, headings: str, is_given: bool) -> str:
    spans = speaking_for(tag, 1)
    # A single character that is too weak for its label tells nobody anything.
    if not spans or (not is_given and len(spans[0].text.strip()) < 2):
        return ""
    number = 1 + sum(match.end() <= spans[0].start for match in _ENDS.finditer(paragraph.text))
    shown = _NUMBERS[number - 1] if headings == "zh" and number <= len(_NUMBERS) else str(number)
    pattern = (_SPEAKS if is_given else _HINTS)[headings != "zh"]
    return pattern.format(n=shown, span=" ".join(spans[0].text.split()), label=name)


def _write_workbook(
    sheet: _ReviewSheet, rows: Sequence[Sequence[object]], target: BinaryIO | str | os.PathLike[str]
) -> None:
    book = Workbook()
    try:
        page = book.sheet(word("review_list", sheet.headings))
        page.head(sheet.columns)
        for row in rows:
            page.append(row)
        page.finish()
        sink = open_sink(target)
        try:
            book.pack(sink)
            sink.commit()
        except BaseException:
            sink.abort()
            raise
    finally:
        book.release()
