"""The columns of a sheet that people read, and the values of each paragraph and article in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from civictag.datamodel import Article, Label, Paragraph
from civictag.util.label_counts import Counts
from civictag.util.origin import REPORT_MONTH, month_of, report_of, shown_date
from civictag.writers.base import BY_CUES
from civictag.writers.reasons import plain_reason
from civictag.writers.rows import as_cell, evidence_cell, label_column, probability
from civictag.writers.sheets.headings import (
    EVIDENCE,
    PROBABILITY,
    distinct,
    label_headings,
    label_word,
    of_label,
    word,
)

Kind = Literal["text", "tick", "number", "percent", "date"]

TAG_SEPARATOR = "、"
P, WHY = "p_", "evidence_"
"""What stands before a label's id in the ids of its columns of probabilities and of evidence."""

SHOWN_ANYWAY = frozenset({"unit", "单位", "date", "日期", REPORT_MONTH})
"""Columns of the input that a sheet of ours shows under the same name already."""


def further_of(names: Iterable[str], first: Article | None = None) -> tuple[str, ...]:
    """The columns of the input that a sheet has beside its own; ``first`` is the first article.

    One that is called like one of ours and says something else there (the unit was taken from another
    column, the date was not understood) would be lost.
    """
    return tuple(name for name in names if name not in SHOWN_ANYWAY or (first and _differs(first, name)))


def _differs(article: Article, name: str) -> bool:
    text = str(article.extra.get(name) or "").strip()
    if name in ("unit", "单位"):
        return text not in ("", article.unit)
    return bool(text) and not (report_of(article) if name == REPORT_MONTH else article.date)


FIRST_COUNT = 5
"""The place of the first label among the columns of articles."""

_WIDTHS = {"text": 62.0, "tags": 16.0, "title": 24.0, "source": 22.0, "unit": 14.0, "reason": 34.0}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        id: its machine name; a label's column has the label's id.
        heading: what stands at its head.
        kind: how its values are shown; a ``tick`` is true or false, a ``percent`` a fraction.
        width: in digits of the sheet's font.
        aside: for programs and doubts: folded away, and not printed.
        label: the values belong to a label.
        printed: it is on the printed page.
    """

    id: str
    heading: str
    kind: Kind = "text"
    width: float = 11.0
    aside: bool = False
    label: bool = False
    printed: bool = True


@dataclass(frozen=True, slots=True)
class SheetOf:
    """What decides the columns of an output's sheets.

    Attributes:
        labels: the model's label set.
        headings: one of ``HEADINGS``.
        explain: say why each label was given.
        extra: the input's further columns, carried through.
        cues_only: the tags come from cues alone; a column beside them says so.
    """

    labels: tuple[Label, ...]
    headings: str
    explain: bool = False
    extra: tuple[str, ...] = ()
    cues_only: bool = False

    def paragraphs(self) -> list[Column]:
        """Columns of the sheet with one paragraph per row."""
        columns = [self._own("text"), self._own("tags"), *self.ticks(self.tick(), 9.0)]
        columns += [self._own("review", self.tick(), 8.0), self._own("checked", self.tick(), 8.0)]
        columns += [self._own("reason")] if self.explain else []
        columns += [self._own("model")] if self.cues_only else []
        columns += [*self._origin(), *self._further(), self._own("source")]
        aside = [self._own("month"), self._own("id"), *(self._own(n, "number") for n in _PLACE)]
        aside.append(self._own("suggested"))
        for label in self.labels:
            aside.append(Column(P + label.id, of_label(PROBABILITY, label, self.headings), "percent"))
        if self.explain and self.headings == "ids":
            why = [(WHY + label.id, of_label(EVIDENCE, label, "ids")) for label in self.labels]
            aside += [Column(id, heading, width=30.0) for id, heading in why]
        return self._named([*columns, *(replace(column, aside=True, printed=False) for column in aside)])

    def articles(self) -> list[Column]:
        """Columns of the sheet with one article per row; the labels begin at ``FIRST_COUNT``."""
        columns = [*self._origin(), self._own("month"), self._own("n_body", "number", 8.0)]
        columns += [*self.ticks("number", 9.0), self._own("none", "number", 8.0)]
        columns += [self._own("review", "number", 8.0), *self._further(), self._own("source")]
        return self._named(
            [*columns, Column("encoding", word("encoding", self.headings), aside=True, printed=False)]
        )

    def paragraph_rows(self, article: Article) -> Iterator[list[object]]:
        """The values of each body paragraph, in the order of ``paragraphs``."""
        further = [as_cell(article.extra.get(name)) for name in self.extra]
        origin = [article.title, article.unit, shown_date(article)]
        for paragraph in article.paragraphs:
            if paragraph.kind == "body":
                yield self._paragraph(article, paragraph, [*origin, *further, article.source])

    def article_row(self, article: Article, counts: Counts) -> list[object]:
        """The values of one article, in the order of ``articles``."""
        row: list[object] = [article.title, article.unit, shown_date(article), month_of(article)]
        row += [counts.n_body, *counts.paragraphs, counts.n_none, counts.n_review]
        return [
            *row,
            *(as_cell(article.extra.get(name)) for name in self.extra),
            article.source,
            article.encoding,
        ]

    def _paragraph(self, article: Article, paragraph: Paragraph, origin: list[object]) -> list[object]:
        tags = {tag.label: tag for tag in paragraph.tags}
        names = {label.id: label_word(label, self.headings) for label in self.labels}
        row: list[object] = [paragraph.text, self.tags(list(tags))]
        row += [label.id in tags for label in self.labels]
        row += [paragraph.review, paragraph.checked]
        row += [plain_reason(paragraph, names)] if self.explain else []
        row += (
            [BY_CUES if self.headings == "ids" else word("by_cues", self.headings)] if self.cues_only else []
        )
        suggested = list(tags) if paragraph.suggested is None else paragraph.suggested
        row += [*origin, month_of(article), article.id, paragraph.index, paragraph.start, paragraph.end]
        row.append(self.tags(suggested))
        row += [probability(label.id, tags, paragraph.scores) for label in self.labels]
        if self.explain and self.headings == "ids":
            row += [evidence_cell(tags[x.id]) if x.id in tags else "" for x in self.labels]
        return row

    def tags(self, ids: Sequence[str]) -> str:
        """Labels in one cell: names in the label set's order, ids as they come."""
        if self.headings == "ids":
            return " ".join(ids)
        return TAG_SEPARATOR.join(label_word(x, self.headings) for x in self.labels if x.id in ids)

    def _own(self, id: str, kind: Kind = "text", width: float = 0.0) -> Column:
        wide = width or _WIDTHS.get(id, 11.0)
        return Column(id, word(id, self.headings), kind, wide, printed=id != "source")

    def tick(self) -> Kind:
        """Programs read 1 and 0."""
        return "number" if self.headings == "ids" else "tick"

    def _origin(self) -> list[Column]:
        return [self._own("title"), self._own("unit"), self._own("date", "date")]

    def ticks(self, kind: Kind, width: float) -> list[Column]:
        """A column per label."""
        names = label_headings(self.labels, self.headings)
        return [
            Column(label_column(x.id), name, kind, width, label=True)
            for x, name in zip(self.labels, names, strict=True)
        ]

    def _further(self) -> list[Column]:
        names = (word(n, self.headings) if n == "duplicate_of" else n for n in self.extra)
        pairs = zip(self.extra, names, strict=True)
        return [Column(f"extra.{id}", name, width=14.0, printed=False) for id, name in pairs]

    def _named(self, columns: list[Column]) -> list[Column]:
        """Each heading once: the sheet's own first, then the labels', then those of the input."""
        order = sorted(range(len(columns)), key=lambda i: _rank(columns[i]))
        names = distinct(columns[i].heading for i in order)
        heading = dict(zip(order, names, strict=True))
        return [replace(column, heading=heading[i]) for i, column in enumerate(columns)]


_PLACE = ("index", "start", "end")


def _rank(column: Column) -> int:
    if column.id.startswith("extra."):
        return 2
    return int(column.label or column.id.startswith((P, WHY)))
