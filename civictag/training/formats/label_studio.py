"""Label Studio's JSON (tasks with ``choices``), its short form (JSON-MIN), and plain arrays of records."""

from __future__ import annotations

import json
from typing import Any

from civictag.errors import CorpusError
from civictag.i18n import _
from civictag.training.formats import Record, Records, tabular, text_of

FROM_NAME, TO_NAME = "labels", "text"


def read_json(path: str) -> Records:
    """The elements of a JSON array: Label Studio's tasks where they look so, else records of our own keys.

    Raises:
        CorpusError: not JSON, or no array of objects.
    """
    try:
        data = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise CorpusError(_("not valid JSON: {reason}", reason=error), where=path) from None
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise CorpusError(_("is not an array of JSON objects"), where=path)
    tasks = any("annotations" in item or "completions" in item or "choices" in str(item) for item in data)
    if not tasks:
        yield from tabular.read(path)
        return
    for number, item in enumerate(data, 1):
        yield number, record(item, path, number)


def record(task: dict[str, Any], path: str, number: int) -> Record:
    """One task as a record; of several annotations the first that was not cancelled counts.

    Raises:
        CorpusError: there is no text.
    """
    data = task.get("data") if isinstance(task.get("data"), dict) else task
    assert isinstance(data, dict)
    if not isinstance(data.get("text"), str):
        raise CorpusError(_("is missing"), where=path, line=number, field="data.text")
    own = {key: value for key, value in data.items() if key not in _OWN and key not in _choice_keys(data)}
    return {**own, "labels": _chosen(task, data)}


def task(record: Record, number: int) -> dict[str, Any]:
    """A record as a task of Label Studio, ready to import: its annotation holds the labels."""
    data = {key: value for key, value in record.items() if key != "labels"}
    result = {
        "from_name": FROM_NAME,
        "to_name": TO_NAME,
        "type": "choices",
        "value": {"choices": list(record["labels"])},
    }
    return {"id": number, "data": data, "annotations": [{"result": [result] if record["labels"] else []}]}


_OWN = frozenset({"annotations", "completions", "predictions", "annotation_id", "annotator", "lead_time"})


def _chosen(task: dict[str, Any], data: dict[str, Any]) -> list[str]:
    made = task.get("annotations") or task.get("completions")
    if not made:
        return [label for key in _choice_keys(data) for label in _choices(data[key])]
    kept: dict[str, Any] = next((one for one in made if not one.get("was_cancelled")), {"result": []})
    results = (result.get("value", {}) for result in kept.get("result", ()))
    return [label for value in results for label in _choices(value)]


def _choice_keys(data: dict[str, Any]) -> list[str]:
    """The keys of the short form that hold what was chosen: ``{"choices": ["a", "b"]}``."""
    return [key for key, value in data.items() if isinstance(value, dict) and "choices" in value]


def _choices(value: dict[str, Any]) -> list[str]:
    chosen = value.get("choices", [])
    return [chosen] if isinstance(chosen, str) else [str(choice) for choice in chosen]
