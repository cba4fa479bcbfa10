"""Label Studio's JSON (tasks with ``choices``), its short form (JSON-MIN), and plain arrays of records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from civictag.corpus.formats import Known, Record, Records, Tell, doccano, tabular, text_of
from civictag.corpus.formats.columns import TEXT, one
from civictag.corpus.formats.json_text import loads
from civictag.errors import CorpusError
from civictag.i18n import _, listed, ngettext
from civictag.readers.tables import columns as of_articles

FROM_NAME, TO_NAME = "labels", "text"
_OWN = frozenset({"annotations", "completions", "predictions", "annotation_id", "annotator", "lead_time"})
_SPANS = ("labels", "hypertextlabels", "paragraphlabels", "timeserieslabels")


@dataclass(slots=True)
class Seen:
    """What the tasks of a file have that the corpus format has no place for.

    Attributes:
        short: the keys of the short form that hold what was chosen.
        several, differ: tasks with several annotations, and those of them that do not say the same.
        controls: the names of the controls that choices were made with.
    """

    short: frozenset[str] = frozenset()
    several: int = 0
    differ: int = 0
    controls: dict[str, None] = field(default_factory=dict)

    def notes(self) -> Iterator[str]:
        """A sentence about each."""
        if self.several:
            yield ngettext(
                "{count} task has several annotations, of which the first counts; with other labels in the"
                " others: {differ}. Export each person's and compare them with corpus agreement",
                "{count} tasks have several annotations, of which the first counts; with other labels in the"
                " others: {differ}. Export each person's and compare them with corpus agreement",
                self.several,
                differ=self.differ,
            )
        if len(self.controls) > 1:
            yield _("labels are taken from several controls together: {names}", names=listed(self.controls))


def read_json(path: str, known: Known, tell: Tell) -> Records:
    """The elements of a JSON array: Label Studio's tasks where they look so, else records of our own keys.

    Raises:
        CorpusError: not JSON, or no array of objects.
    """
    try:
        data = loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise CorpusError(
            _("not valid JSON: {reason}", reason=error),
            where=path,
            hint=_("A .json file is one array of objects; of one object per line the name ends in .jsonl"),
        ) from None
    data = [data] if isinstance(data, dict) and is_task(data) else data
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise CorpusError(_("is not an array of JSON objects"), where=path, hint=_within(data))
    if any(map(is_task, data)):
        seen = Seen(frozenset(key for item in data for key in _choice_keys(item)))
        for number, item in enumerate(data, 1):
            yield number, record(item, path, number, seen)
        for note in seen.notes():
            tell(f"{path}{_(': ')}{note}")
    elif any("labels" not in item or "text" not in item for item in data):
        yield from tabular.read(path, known, tell)
    else:
        yield from enumerate(data, 1)


def _within(data: Any) -> str | None:
    """Where the array is, in an object that has one."""
    lists = [k for k, v in data.items() if isinstance(v, list)] if isinstance(data, dict) else []
    return _('Save the list "{key}" that is in it as the file', key=lists[0]) if lists else None


def is_task(item: dict[str, Any]) -> bool:
    """Whether an object is a task of Label Studio."""
    made = any(isinstance(item.get(key), list) for key in ("annotations", "completions"))
    return made or bool(_choice_keys(item)) or ("predictions" in item and isinstance(item.get("data"), dict))


def record(task: dict[str, Any], path: str, number: int, seen: Seen) -> Record:
    """One task as a record; of several annotations the first that was not cancelled counts.

    Raises:
        CorpusError: there is no text, or the labels are those of spans, or of another tool.
    """
    nested = task.get("data")
    data: dict[str, Any] = nested if isinstance(nested, dict) else task
    name = "text" if "text" in data else one(data, (*of_articles.TEXT, *TEXT)) or "text"
    if not isinstance(data.get(name), str):
        hint = _('Call the text of a task "text"; it has: {keys}', keys=listed(data))
        raise CorpusError(_("is missing or empty"), where=path, line=number, field="data.text", hint=hint)
    chosen = {*_choice_keys(data), *(seen.short & data.keys())}
    own = {key: value for key, value in data.items() if key not in _OWN and key not in chosen and key != name}
    return {**own, "text": data[name], "labels": _chosen(task, data, chosen, (path, number), seen)}


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


def _chosen(
    task: dict[str, Any], data: dict[str, Any], short: Iterable[str], where: tuple[str, int], seen: Seen
) -> list[str] | None:
    """The labels; None where no annotation speaks of them: nobody has said that there are none."""
    made = next((task[key] for key in ("annotations", "completions") if key in task), None)
    if made is None:
        if "predictions" in task:
            return None
        return [label for key in sorted(short) for label in _choices(data[key])]
    kept = [one for one in made if isinstance(one, dict) and not one.get("was_cancelled")]
    said = [_said(annotation, where, seen) for annotation in kept]
    seen.several += len(said) > 1
    seen.differ += len({frozenset(labels or ()) for labels in said}) > 1
    return said[0] if said else None


def _said(annotation: dict[str, Any], where: tuple[str, int], seen: Seen) -> list[str] | None:
    """What one person chose; None where the annotation has other things alone, a rating or a remark."""
    results = annotation.get("result")
    if not isinstance(results, list):
        raise CorpusError(
            _("has an annotation without a result"),
            where=where[0],
            line=where[1],
            field="annotations",
            hint=_("Export the project as JSON from Label Studio, or as JSONL from doccano 1.6 or later"),
        )
    found: list[str] = []
    spoken = not results
    for result in results:
        value = result.get("value") or {}
        if any(key in value for key in _SPANS):
            raise doccano.spans(*where, "annotations")
        if "choices" in value or "taxonomy" in value:
            spoken = True
            seen.controls.setdefault(str(result.get("from_name", "")))
            found += _choices(value)
    return found if spoken else None


def _choice_keys(data: dict[str, Any]) -> list[str]:
    """The keys of the short form that hold what was chosen: ``{"choices": ["a", "b"]}``."""
    return [key for key, value in data.items() if isinstance(value, dict) and "choices" in value]


def _choices(value: Any) -> list[str]:
    """What was chosen: one as a text, several as a list; of a taxonomy the last step of each path."""
    if not isinstance(value, dict):
        return [str(value)] if value else []
    chosen = value.get("choices", [])
    leaves = [path[-1] for path in value.get("taxonomy", ()) if path]
    return [*([chosen] if isinstance(chosen, str) else map(str, chosen)), *map(str, leaves)]
