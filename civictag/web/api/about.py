"""What the service says about itself: models, labels, health, metrics."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from civictag.errors import ModelError
from civictag.i18n import _
from civictag.model.tagger import Tagger
from civictag.util import resources as shipped
from civictag.web.api.schemas import REFUSED, LabelOut, ModelState, ReloadRequest
from civictag.web.refusals import Refusal
from civictag.web.state import state_of

router = APIRouter(responses=REFUSED)


@router.get("/healthz", tags=["health"], summary="The process answers")
async def healthz() -> dict[str, str]:
    """Always `{"status": "ok"}`."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    tags=["health"],
    summary="Requests for tagging are taken",
    responses={503: {"description": "It is ending."}},
)
async def readyz(request: Request) -> dict[str, str]:
    """The model in memory; 503 once the service is ending."""
    engine = state_of(request).engine
    if engine.draining:
        raise Refusal(503, "ending", _("the service is ending"))
    return {"status": "ready", "model": engine.tagger.info.sha256}


@router.get(
    "/metrics",
    tags=["health"],
    summary="Counters for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}},
)
async def metrics(request: Request) -> Response:
    """In Prometheus' text format; no text and no file name is ever in it."""
    state = state_of(request)
    state.metrics.under_way.set(state.engine.under_way)
    state.metrics.model.clear()
    info = state.engine.tagger.info
    state.metrics.model.labels(info.name, info.version, info.sha256).set(1)
    return Response(state.metrics.text(), headers={"content-type": CONTENT_TYPE_LATEST})


@router.get("/v1/models", tags=["models"], summary="Models, and which one is in use")
async def models(request: Request) -> list[ModelState]:
    """The shipped ones, and the one in memory."""
    loaded = state_of(request).engine.tagger
    names = [name for name in shipped.names("models") if name != loaded.info.name]
    return [_loaded(loaded), *(ModelState(name=name, loaded=False) for name in names)]


@router.post("/v1/models/reload", tags=["models"], summary="Read the model anew, or take another")
async def reload(request: Request, asked: ReloadRequest | None = None) -> ModelState:
    """Requests under way end with the model they began with; none is refused.

    Only shipped names may be given: a request must not choose a folder of this machine.
    """
    name = asked.model if asked else None
    if name is not None and name not in shipped.names("models"):
        raise Refusal(404, "not_found", _("there is no shipped model of this name"))
    try:
        return _loaded(await state_of(request).engine.reload(name))
    except ModelError as error:
        raise Refusal(409, "model", error.problem, hint=error.hint) from None


@router.get("/v1/labels", tags=["models"], summary="The labels of the model in use")
async def labels(request: Request) -> list[LabelOut]:
    """In the label set's order, with the probability from which each is given."""
    return label_list(state_of(request).engine.tagger)


def label_list(tagger: Tagger) -> list[LabelOut]:
    """The labels of a model, for programs and for the page."""
    keep = ("id", "name", "name_en", "definition", "definition_en")
    found = []
    for label, calibration in zip(tagger.labels, tagger.calibrations, strict=True):
        texts: dict[str, Any] = {key: getattr(label, key) for key in keep}
        found.append(LabelOut(threshold=calibration.threshold, **texts))
    return found


def _loaded(tagger: Tagger) -> ModelState:
    info = tagger.info
    return ModelState(name=info.name, loaded=True, version=info.version, sha256=info.sha256)
