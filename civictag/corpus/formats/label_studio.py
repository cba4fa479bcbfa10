"""Label Studio's JSON (tasks with ``choices``), its short form (JSON-MIN), and plain arrays of records."""

from __future__ import annotations

import json
from typing import Any

from civictag.corpus.formats import Known, Record, Records, Tell, tabular, text_of
from civictag.errors import CorpusError
from civictag.i18n import _

FROM_NAME, TO_NAME = "labels", "text"
_OWN = frozenset({"annotations", "completions", "predictions", "annotation_id", "annotator", "lead_time"})


def read_json(path: str, known: Known, tell: Tell) -> Records:
    """The elements of a JSON array: Label Studio's tasks where they look so, else records of our own keys.

    Raises:
        CorpusError: not JSON, or no array of objects.
    """
    try:
        data = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise CorpusError(
            _("not valid JSON: {reason}", reason=error),
            where=path,
            hint=_("A .json file is one array of objects; of one object per line the name ends in .jsonl"),
        ) from None
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise CorpusError(_("is not an array of JSON objects"), where=path)
    if any(map(_is_task, data)):
        for number, item in enumerate(data, 1):
            yield number, record(item, path, number)
    elif any("labels" not in item or "text" not in item for item in data):
        yield from tabular.read(path, known, tell)
    else:
        yield from enumerate(data, 1)


def _is_task(item: dict[str, Any]) -> bool:
    return bool({"annotations", "completions"} & item.keys()) or bool(_choice_keys(item))


def record(task: dict[str, Any], path: str, number: int) -> Record:
    """One task as a record; of several annotations the first that was not cancelled counts.

    Raises:
        CorpusError: there is no text.
    """
    nested = task.get("data")
    data: dict[str, Any] = nested if isinstance(nested, dict) else task
    name = "text" if "text" in data else next((n for n in ("正文", "content", "内容") if n in data), "text")
    if not isinstance(data.get(name), str):
        raise CorpusError(_("is missing or empty"), where=path, line=number, field="data.text")
    chosen = _choice_keys(data)
    own = {key: value for key, value in data.items() if key not in _OWN and key not in chosen and key != name}
    return {**own, "text": data[name], "labels": _chosen(task, data)}


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


def _chosen(task: dict[str, Any], data: dict[str, Any]) -> list[str] | None:
    """The labels; None where no annotation stands: nobody has said that there are none."""
    made = next((task[key] for key in ("annotations", "completions") if key in task), None)
    if made is None:
        return [label for key in _choice_keys(data) for label in _choices(data[key])]
    kept = next((one for one in made if isinstance(one, dict) and not one.get("was_cancelled")), None)
    if kept is None:
        return None
    values = (result.get("value", {}) for result in kept.get("result", ()))
    return [label for value in values for label in _choices(value)]


def _choice_keys(data: dict[str, Any]) -> list[str]:
    """The keys of the short form that hold what was chosen: ``{"choices": ["a", "b"]}``."""
    return [key for key, value in data.items() if isinstance(value, dict) and "choices" in value]


def _choices(value: dict[str, Any]) -> list[str]:
    chosen = value.get("choices", [])
    return [chosen] if isinstance(chosen, str) else [str(choice) for choice in chosen]
