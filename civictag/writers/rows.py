"""One flat row per body paragraph: the columns that CSV, spreadsheet and Parquet share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from civictag.datamodel import Article, Evidence, Paragraph, Tag
from civictag.writers.base import BY_CUES

FIXED = ("source", "id", "title", "date", "unit", "index", "start", "end", "text", "tags", "review")
"""The columns before those of the labels."""

PROBABILITY = "p_"
EVIDENCE = "evidence_"
TOP_EVIDENCE = 5

# Names of columns that some sheet or table of ours has beside the labels'.
_RESERVED = frozenset(
    {
        *FIXED, "encoding", "extra", "month", "checked", "reason", "suggested",
        "probabilities", "use", "note", "model", "made", "none", "total", "n_body", "n_articles",
        "duplicate_of",
    }
)  # fmt: skip

# What a spreadsheet program takes for the start of a formula (OWASP, "CSV Injection"); the
# full-width forms are formulas to Excel's Chinese and Japanese editions.
_FORMULA = "=+-@＝＋－＠\t\r\n"
# The apostrophe itself is guarded too, or "'=1" as it stood and "=1" guarded would be one text.
_GUARDED = _FORMULA + "'"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one output, in order.

    Attributes:
        labels: label ids; each has a column 1/0 and a column ``p_<label>``.
        explain: each label has a column ``evidence_<label>`` as well.
        extra: the input's further columns, carried through.
        cues_only: there is a column ``model``, and it says ``cues``.
    """

    labels: tuple[str, ...]
    explain: bool
    extra: tuple[str, ...] = ()
    cues_only: bool = False

    def names(self) -> list[str]:
        """Header of the table; a further column named like one of ours becomes ``extra.<name>``."""
        ours = [*FIXED, *map(label_column, self.labels), *(PROBABILITY + label for label in self.labels)]
        if self.explain:
            ours += [EVIDENCE + label for label in self.labels]
        ours += ["checked", *(["model"] if self.cues_only else [])]
        return ours + [f"extra.{name}" if name in ours else name for name in self.extra]

    def rows(self, article: Article) -> Iterator[list[object]]:
        """The values of each body paragraph, in the order of ``names``."""
        further = [all_digits(as_cell(article.extra.get(name))) for name in self.extra]
        for paragraph in article.paragraphs:
            if paragraph.kind == "body":
                yield self._row(article, paragraph) + further

    def _row(self, article: Article, paragraph: Paragraph) -> list[object]:
        tags = {tag.label: tag for tag in paragraph.tags}
        row: list[object] = [article.source, article.id, article.title, article.date, article.unit]
        row += [paragraph.index, paragraph.start, paragraph.end, paragraph.text]
        row += [" ".join(tags), int(paragraph.review)]
        row += [int(label in tags) for label in self.labels]
        row += [probability(label, tags, paragraph.scores) for label in self.labels]
        if self.explain:
            row += [evidence_cell(tags[name]) if name in tags else "" for name in self.labels]
        return [*row, int(paragraph.checked), *([BY_CUES] if self.cues_only else [])]


def as_cell(value: object) -> object:
    """A further column's value as one cell: lists and objects as JSON, NaN and infinities as an empty cell.

    ``["甲", null]`` is read by other programs, Python's ``['甲', None]`` by none.
    """
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, list | tuple | dict):
        from civictag.writers.as_json import finite_value

        return json.dumps(finite_value(value), ensure_ascii=False, default=str)
    return value


def all_digits(value: object) -> object:
    """A number with all its digits: 13800138000.0 is a telephone, not ``1.38001e+10``."""
    if not isinstance(value, float):
        return value
    return int(value) if value.is_integer() and abs(value) < 2**53 else repr(value)


def label_column(label: str) -> str:
    """The column of a label: its id, or ``label.<id>`` for a label called like a column of ours."""
    return f"label.{label}" if label in _RESERVED or label.startswith((PROBABILITY, EVIDENCE)) else label


def probability(label: str, tags: Mapping[str, Tag], scores: Mapping[str, float] | None) -> float | None:
    """Probability of ``label`` in [0, 1]; None when the tagger handed on only the given tags."""
    if scores is not None and label in scores:
        return scores[label]
    return tags[label].probability if label in tags else None


def top_evidence(evidence: Sequence[Evidence], between: str = "; ") -> str:
    """The strongest spans as text: ``垃圾 +0.82; 晚会 −0.31``."""
    return between.join(f"{piece.text} {signed(piece.weight)}" for piece in evidence[:TOP_EVIDENCE])


def evidence_cell(tag: Tag) -> str:
    """The strongest spans of a tag as text, or what a table that was read back told of them."""
    return top_evidence(tag.evidence) or tag.evidence_text


def signed(weight: float) -> str:
    """A weight in logits with its sign: ``+0.82``, ``−0.31`` (a true minus, not a hyphen)."""
    return f"{weight:+.2f}".replace("-", "−")


def guard(value: object) -> object:
    """A cell no spreadsheet program takes for a formula: an apostrophe goes before it.

    Numbers stay numbers; ``unguard`` takes the apostrophe away again.
    """
    if not isinstance(value, str):
        return value
    return "'" + value if value[:1] in _GUARDED and value else value


def unguard(text: str) -> str:
    """The text that ``guard`` made safe; any other text as it is."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in _GUARDED else text
