"""Tags in JSON lines, JSON and Parquet read back: rows with a list of tags."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from civictag.datamodel import Article, Evidence, Label, Paragraph, Tag
from civictag.errors import InputError
from civictag.i18n import _
from civictag.readers.tables.raw_table import parquet_metadata, parquet_rows
from civictag.review.grouped_rows import OtherLabels, TaggedTable, grouped
from civictag.util.parser_words import in_words

_WHOLE = ("source", "model", "paragraphs", "summary")
NEEDED = ("source", "index", "start", "end", "text", "tags", "review")


def read_records(path: str, labels: Sequence[Label]) -> TaggedTable | None:
    """The articles of a file of records; None where the first is no row of tags.

    Raises:
        CivictagError: a tag has a label that is not among ``labels``.
    """
    rows = parquet_rows(path) if path.lower().endswith(".parquet") else _json_rows(path)
    try:
        first = next(rows, None)
    except (ValueError, UnicodeDecodeError):
        return None
    if not isinstance(first, Mapping):
        return None
    names = {label.id: label for label in labels}
    numbered = enumerate(itertools.chain([first], rows), 1)
    found = (_article(path, number, row, names) for number, row in numbered)
    if all(name in first for name in _WHOLE):
        model = first["model"] if isinstance(first["model"], Mapping) else {}
        return TaggedTable(found, {str(key): str(text) for key, text in model.items()})
    if not all(name in first for name in NEEDED):
        return None
    return TaggedTable(grouped(path, found), _model(path) if path.lower().endswith(".parquet") else {})


def _model(path: str) -> dict[str, str]:
    """The model of a Parquet file of tags."""
    model = json.loads(parquet_metadata(path).get("civictag.model", "{}"))
    return {str(key): str(text) for key, text in model.items()}


def _json_rows(path: str) -> Iterator[Any]:
    """The objects of JSON lines, a paragraph each; the elements of a JSON array, an article each."""
    with open(path, encoding="utf-8-sig") as file:
        if file.read(1) != "[":
            file.seek(0)
            yield from _lines(path, file)
            return
        file.seek(0)
        yield from json.load(file)


def _lines(path: str, file: Iterable[str]) -> Iterator[Any]:
    """The objects of JSON lines; the first may be of some other file."""
    number = 1
    try:
        for number, line in enumerate(file, 1):  # noqa: B007 - the error names it
            if line.strip():
                yield json.loads(line)
    except (ValueError, RecursionError) as error:
        if number == 1:
            raise ValueError from error
        problem = _("not valid JSON: {error}", error=in_words(error))
        hint = _("The file was cut off or changed: tag the articles again")
        raise InputError(problem, where=path, line=number, hint=hint) from None


def _article(path: str, number: int, row: Mapping[str, Any], labels: Mapping[str, Label]) -> Article:
    """Of a row its one paragraph; of an article all, with their kinds."""
    try:
        found = tuple(_paragraph(path, number, each, labels) for each in row.get("paragraphs", (row,)))
        return Article(
            row["source"], row.get("title") or "", row.get("encoding") or "utf-8", "", found,
            row.get("id"), _extra(row), date=row.get("date") or "", unit=row.get("unit") or "",
            date_from=row.get("date_from") or "", unit_from=row.get("unit_from") or "",
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(_("not a row of tags"), where=path, line=number) from error


def _paragraph(path: str, number: int, row: Mapping[str, Any], labels: Mapping[str, Label]) -> Paragraph:
    unknown = [tag["label"] for tag in row["tags"] if tag["label"] not in labels]
    if unknown:
        raise OtherLabels.named(unknown, path, number)
    tags = tuple(_tag(tag) for tag in row["tags"])
    scores = row.get("scores") or {x: row[f"p_{x}"] for x in labels if row.get(f"p_{x}") is not None}
    suggested, reasons = row.get("suggested"), row.get("reasons")
    return Paragraph(
        row["index"], row.get("kind") or "body", row["start"], row["end"], row["text"] or "", tags=tags,
        review=bool(row["review"]), scores=scores or None, checked=bool(row.get("checked")),
        suggested=tuple(suggested) if suggested is not None else None,
        reasons=tuple(map(_tag, reasons)) if reasons is not None else None,
    )  # fmt: skip


def _tag(tag: Mapping[str, Any]) -> Tag:
    pieces = tag.get("evidence") or ()
    evidence = tuple(Evidence(p["text"], p["start"], p["end"], p["weight"]) for p in pieces)
    return Tag(tag["label"], tag["name"], tag["probability"], evidence, tag.get("outside"), tag.get("logit"))


def _extra(row: Mapping[str, Any]) -> dict[str, object]:
    extra = row.get("extra") or {}
    return dict(json.loads(extra) if isinstance(extra, str) else extra)
