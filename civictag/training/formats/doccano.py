"""doccano's JSON lines for text classification: ``{"id", "text", "label": ["a"]}`` and further keys."""

from __future__ import annotations

import json

from civictag.errors import CorpusError
from civictag.i18n import _
from civictag.training.formats import Record, Records, text_of


def read(path: str) -> Records:
    """The lines of a doccano export; its own ``id`` and comments stay as further keys.

    Raises:
        CorpusError: not JSON, or labels of spans, which belong to sequence labelling.
    """
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if line.strip():
            try:
                data = json.loads(line)
            except ValueError as error:
                raise CorpusError(
                    _("not valid JSON: {reason}", reason=error), where=path, line=number
                ) from None
            yield number, record(data, path, number)


def record(data: object, path: str, number: int) -> Record:
    """One line as a record of the corpus format."""
    if not isinstance(data, dict):
        raise CorpusError(_("is not a JSON object"), where=path, line=number)
    key = "label" if "label" in data else "labels"
    labels = data.get(key, [])
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise CorpusError(
            _("is not a list of labels: sequence labelling has spans, here whole paragraphs are labelled"),
            where=path,
            line=number,
            field=key,
        )
    return {**{name: value for name, value in data.items() if name != key}, "labels": labels}


def line(record: Record) -> str:
    """A record as a line of doccano, with its line end."""
    rest = {key: value for key, value in record.items() if key not in ("text", "labels")}
    return json.dumps({"text": record["text"], "label": record["labels"], **rest}, ensure_ascii=False) + "\n"
