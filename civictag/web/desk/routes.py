"""What the desk's script calls: the next paragraph, a decision, undo, progress, training, exports."""

from __future__ import annotations

import json
from typing import Annotated, Any, cast

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from civictag.corpus.export import FORMATS
from civictag.corpus.export import export as as_format
from civictag.datamodel import Label
from civictag.errors import CivictagError
from civictag.i18n import _, language
from civictag.util.palette import label_colors
from civictag.web.database import Row
from civictag.web.desk.project import Project
from civictag.web.desk.resolved import agreement, by_item, history, labelled
from civictag.web.desk.store import Decision
from civictag.web.refusals import Refusal

router = APIRouter(prefix="/desk", include_in_schema=False)

Name = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\S(.*\S)?$")]


class Who(BaseModel):
    """A request of one person."""

    model_config = ConfigDict(extra="forbid")

    annotator: Name


class Decided(Who):
    """A decision, as ``civictag.web.desk.store.Decision``."""

    item: int
    labels: list[str]
    unsure: bool = False
    key: str = Field(min_length=8, max_length=80)
    shown: bool = False


def project_of(request: Request) -> Project:
    """The application's project.

    Raises:
        Refusal: it was not begun with ``civictag annotate`` (404).
    """
    found = request.app.state.desk
    if found is None:
        raise Refusal(404, "not_found", _("no labelling project is open: start with civictag annotate"))
    return cast(Project, found)


@router.get("/setup")
def setup(request: Request) -> dict[str, Any]:
    """Labels with definitions, hard cases, what is shown."""
    project = project_of(request)
    colors = label_colors(project.labels)
    return {
        "language": language(),
        "labels": [_label(label, color) for label, color in zip(project.labels, colors, strict=True)],
        "cases": project.cases,
        "blind": project.blind,
        "notes": project.notes,
    }


def _label(label: Label, color: str) -> dict[str, str]:
    keep = ("id", "name", "name_en", "definition", "definition_en")
    return {**{key: getattr(label, key) for key in keep}, "color": color}


@router.post("/next")
def next_item(request: Request, who: Who) -> dict[str, Any]:
    """The paragraph that this person labels now; ``item`` is null when there is none."""
    project = project_of(request)
    return _shown(project, project.store.claim(who.annotator)) | {"progress": project.store.progress()}


@router.post("/decide")
def decide(request: Request, body: Decided) -> dict[str, Any]:
    """Note a decision: answered once it is on the disk, with the next paragraph."""
    project = project_of(request)
    if not set(body.labels) <= {label.id for label in project.labels}:
        raise Refusal(400, "invalid", _("there is no such label"))
    project.store.item(body.item)
    labels = tuple(dict.fromkeys(body.labels))
    decision = Decision(body.item, body.annotator, labels, body.unsure, body.key, body.shown)
    seq = project.store.decide(decision)
    return {"seq": seq} | next_item(request, Who(annotator=body.annotator))


@router.post("/undo")
def undo(request: Request, who: Who) -> dict[str, Any]:
    """Take back this person's latest decision; its paragraph comes again, with what had been said."""
    project = project_of(request)
    found = project.store.undo(who.annotator)
    if found is None:
        return {"undone": None}
    before = {"labels": found["labels"].split(), "unsure": bool(found["unsure"])}
    shown = _shown(project, project.store.item(found["item"]))
    return shown | {"undone": before, "progress": project.store.progress()}


def _shown(project: Project, item: Row | None) -> dict[str, Any]:
    if item is None:
        return {"item": None}
    blind = project.blind or item["need"] > 1
    scores = json.loads(item["scores"]) if item["scores"] and not blind else None
    return {
        "item": {
            "id": item["id"], "text": item["text"], "title": item["title"], "source": item["doc"],
            "article": item["article_text"], "start": item["start"], "end": item["end"],
            "scores": scores, "double": item["need"] > 1,
        }
    }  # fmt: skip


@router.get("/progress")
def progress(request: Request) -> dict[str, Any]:
    """Counts, people, agreement, models, and how a training stands."""
    project = project_of(request)
    said = by_item(project.store.standing())
    return {
        **project.store.progress(),
        "agreement": agreement(said, [label.id for label in project.labels]),
        "models": project.retraining.models(),
        "training": project.retraining.state,
    }


@router.post("/train")
def train(request: Request) -> dict[str, Any]:
    """Begin a training, unless one is under way."""
    return project_of(request).retraining.start()


@router.post("/models/{number}/use")
def use(request: Request, number: int) -> dict[str, Any]:
    """Suggest by another of the models from now on."""
    retraining = project_of(request).retraining
    if number not in {model["id"] for model in retraining.models()}:
        raise Refusal(404, "not_found", _("there is no such model"))
    try:
        retraining.use(number)
    except CivictagError as error:
        raise Refusal(409, "model", str(error)) from None
    return {"models": retraining.models()}


@router.get("/export/{kind}")
def export(request: Request, kind: str, form: str = "jsonl") -> Response:
    """What was labelled, as a file.

    ``corpus``: settled paragraphs, with who and when, in any format of ``corpus convert``; ``history``: every
    decision, those taken back too, as JSON lines.
    """
    store = project_of(request).store
    if kind == "history":
        body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in history(store)).encode()
        return _file(body, "history.jsonl")
    if kind != "corpus" or form not in FORMATS:
        raise Refusal(404, "not_found", _("there is no such export"))
    try:
        return _file(as_format(labelled(store), form), f"corpus{_SUFFIXES.get(form, f'.{form}')}")
    except CivictagError as error:
        raise Refusal(422, "export", str(error)) from None


_SUFFIXES = {"doccano": ".jsonl", "label-studio": ".json", "fasttext": ".txt"}


def _file(body: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    kind = "application/x-ndjson" if name.endswith(".jsonl") else "application/octet-stream"
    return Response(body, media_type=kind, headers=headers)
