"""JSON: one array of articles, or one line per body paragraph. Keys and order are the contract's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from civictag.datamodel import Article, Evidence, Label, Paragraph, Tag
from civictag.util.atomic_file import Sink
from civictag.util.label_counts import count_labels
from civictag.writers.base import BY_CUES, ModelId, Options, Writer

OPEN, BETWEEN, CLOSE, EMPTY = b"[\n", b",\n", b"\n]\n", b"[]\n"
"""What stands around and between the elements of the array; the array without elements."""


class JsonWriter(Writer):
    """``-f json``: an array that is valid after ``close``, with no article too."""

    renders_whole = True

    def __init__(self, sink: Sink, labels: Sequence[Label], model: ModelId, options: Options) -> None:
        super().__init__(sink)
        self._labels = [label.id for label in labels]
        self._model = dict(model)
        self._options = options
        self._encode = _encoder(options.indent)
        self._before = OPEN

    def write(self, article: Article) -> None:
        """Append one element to the array."""
        record = article_record(article, self._labels, self._model, self._options)
        self.sink.write(self._before + to_bytes(self._encode(record)))
        self._before = BETWEEN

    def finish(self) -> None:
        """Close the array."""
        self.sink.write(EMPTY if self._before == OPEN else CLOSE)


class JsonLinesWriter(Writer):
    """``-f jsonl``: one line per body paragraph, written as the input is read."""

    renders_whole = True

    def __init__(self, sink: Sink, labels: Sequence[Label], model: ModelId, options: Options) -> None:
        super().__init__(sink)
        self._labels = [label.id for label in labels]
        self._options = options
        self._encode = _encoder(None)

    def write(self, article: Article) -> None:
        """Append the article's body paragraphs."""
        lines = [self._encode(row) for row in paragraph_rows(article, self._labels, self._options)]
        if lines:
            lines.append("")  # so that the last line ends as the others do
            self.sink.write(to_bytes("\n".join(lines)))


def article_record(
    article: Article, labels: Sequence[str], model: ModelId, options: Options
) -> dict[str, Any]:
    """One article as the contract's object; ``id``, ``date``, ``unit``, ``extra`` only where there are any.

    Numbers stand as the model gave them: rounding here would break the sum of the evidence.
    """
    record: dict[str, Any] = {"source": article.source}
    if article.id is not None:
        record["id"] = article.id
    record |= {"title": article.title, **_dated(article), "encoding": article.encoding, "model": model}
    kept = [p for p in article.paragraphs if options.keep_furniture or p.kind != "furniture"]
    record["paragraphs"] = [_paragraph_record(p, labels, options) for p in kept]
    record["summary"] = dict(zip(labels, count_labels(article, labels).paragraphs, strict=True))
    if article.extra:
        record["extra"] = finite(article.extra)
    return record


def paragraph_rows(article: Article, labels: Sequence[str], options: Options) -> list[dict[str, Any]]:
    """The contract's JSON-lines objects of an article's body paragraphs."""
    head: dict[str, Any] = {"source": article.source}
    if article.id is not None:
        head["id"] = article.id
    head["title"] = article.title
    if article.date or article.unit:
        head |= _dated(article)
    rows = [_record(p, labels, options, head) for p in article.paragraphs if p.kind == "body"]
    if options.cues_only or article.extra:
        tail: dict[str, Any] = {"model": BY_CUES} if options.cues_only else {}
        tail |= {"extra": finite(article.extra)} if article.extra else {}
        for row in rows:
            row |= tail
    return rows


def _dated(article: Article) -> dict[str, str]:
    """Date and unit, where they are known, and where they were found."""
    record: dict[str, str] = {}
    if article.date:
        record |= {"date": article.date, "date_from": article.date_from}
    if article.unit:
        record |= {"unit": article.unit, "unit_from": article.unit_from}
    return record


def finite(columns: Mapping[str, object]) -> dict[str, object]:
    """Further columns, with null for NaN and infinities, which JSON has no form for, at any depth."""
    return {name: finite_value(value) for name, value in columns.items()}


def finite_value(value: object) -> object:
    """One value likewise."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, list | tuple):
        return [finite_value(part) for part in value]
    return finite(value) if isinstance(value, dict) else value


def to_bytes(text: str) -> bytes:
    r"""UTF-8; a lone surrogate becomes ``\udc80``, which inside a JSON string means itself."""
    return text.encode("utf-8", "backslashreplace")


def _paragraph_record(paragraph: Paragraph, labels: Sequence[str], options: Options) -> dict[str, Any]:
    return _record(paragraph, labels, options, {"index": paragraph.index, "kind": paragraph.kind})


def _record(
    paragraph: Paragraph, labels: Sequence[str], options: Options, head: Mapping[str, Any]
) -> dict[str, Any]:
    """``head``, and what both formats say of a paragraph after it."""
    explain = options.explain
    record: dict[str, Any] = {
        **head,
        "index": paragraph.index,
        "start": paragraph.start,
        "end": paragraph.end,
        "text": paragraph.text,
        "tags": [_tag_record(tag, explain) for tag in paragraph.tags],
        "review": paragraph.review,
    }
    if paragraph.checked:
        record |= {"checked": True, "suggested": list(paragraph.suggested or ())}
    if paragraph.scores is not None and options.all_scores:
        # null for a label that was not learned; a label the caller does not name keeps its place.
        record["scores"] = dict.fromkeys(labels) | dict(paragraph.scores)
    if paragraph.reasons is not None and explain:
        record["reasons"] = [_tag_record(tag, explain=True) for tag in paragraph.reasons]
    return record


def _tag_record(tag: Tag, explain: bool) -> dict[str, Any]:
    record: dict[str, Any] = {"label": tag.label, "name": tag.name, "probability": tag.probability}
    if explain:
        record["evidence"] = [_evidence_record(piece) for piece in tag.evidence]
        record |= {"outside": tag.outside, "logit": tag.logit}
    return record


def _evidence_record(piece: Evidence) -> dict[str, Any]:
    return {"text": piece.text, "start": piece.start, "end": piece.end, "weight": piece.weight}


def _encoder(indent: int | None) -> Any:
    # str() for what JSON has no form for: dates and decimals of a spreadsheet's further columns.
    whole = json.JSONEncoder(
        ensure_ascii=False, indent=indent, default=str, allow_nan=False, check_circular=False
    )
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None or indent is not None:
        return whole.encode
    # What ``encode`` makes anew for every record: a sixth of the time for the row of a table.
    own = (whole.default, json.encoder.encode_basestring, None, ": ", ", ", False, False, False)
    try:
        encode = make(None, *own)
    except TypeError:  # another Python's
        return whole.encode
    return lambda record: "".join(encode(record, 0))
