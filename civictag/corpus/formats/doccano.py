"""doccano's JSON lines for text classification: ``{"id", "text", "label": ["a"]}`` and further keys."""

from __future__ import annotations

import json

from civictag.corpus.formats import Record
from civictag.errors import CorpusError
from civictag.i18n import _


def is_record(data: Record) -> bool:
    """Whether a line of JSON is doccano's and not the corpus format's own."""
    return "text" in data and "label" in data and "labels" not in data


def record(data: Record, path: str, number: int) -> Record:
    """A line as a record of the corpus format; doccano's own ``id`` and comments stay as further keys.

    Raises:
        CorpusError: labels of spans, which belong to sequence labelling.
    """
    labels = data["label"]
    if are_spans(labels):
        raise spans(path, number, "label")
    return {**{name: value for name, value in data.items() if name != "label"}, "labels": labels}


def are_spans(labels: object) -> bool:
    """Whether labels are those of stretches of text: ``[[0, 4, "a"]]``, ``[{"start": 0, …}]``."""
    return isinstance(labels, list) and any(isinstance(label, list | dict) for label in labels)


def spans(path: str, number: int, field: str) -> CorpusError:
    """What is said of labels of spans."""
    return CorpusError(
        _("has labels of spans (sequence labelling); here whole paragraphs are labelled"),
        where=path,
        line=number,
        field=field,
        hint=_("Export a project of text classification"),
    )


def line(record: Record) -> str:
    """A record as a line of doccano, with its line end."""
    rest = {key: value for key, value in record.items() if key not in ("text", "labels", "label")}
    return json.dumps({"text": record["text"], "label": record["labels"], **rest}, ensure_ascii=False) + "\n"
