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
    if isinstance(labels, list) and any(not isinstance(label, str) for label in labels):
        raise CorpusError(
            _("has labels of spans (sequence labelling); here whole paragraphs are labelled"),
            where=path,
            line=number,
            field="label",
            hint=_("Export a project of text classification"),
        )
    return {**{name: value for name, value in data.items() if name != "label"}, "labels": labels}


def line(record: Record) -> str:
    """A record as a line of doccano, with its line end."""
    rest = {key: value for key, value in record.items() if key not in ("text", "labels", "label")}
    return json.dumps({"text": record["text"], "label": record["labels"], **rest}, ensure_ascii=False) + "\n"
