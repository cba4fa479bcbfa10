"""What the page's script calls: jobs, their articles, corrections, downloads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Annotated, Any, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from civictag.datamodel import Document
from civictag.errors import CivictagError
from civictag.i18n import _, language
from civictag.readers.files import ARTICLE_SUFFIXES, TABLE_SUFFIXES, suffix_of
from civictag.util.palette import label_colors
from civictag.web.api.about import label_list
from civictag.web.api.tagging import Tagged, checked
from civictag.web.page.corrected import corrected_articles
from civictag.web.page.downloads import KINDS, render
from civictag.web.page.runner import Runner, tag_all
from civictag.web.page.store import Correction, JobStore
from civictag.web.page.views import article_view
from civictag.web.refusals import Refusal
from civictag.web.state import state_of

router = APIRouter(prefix="/page", include_in_schema=False)


class PageRequest(BaseModel):
    """What a request of the page may hold."""

    model_config = ConfigDict(extra="forbid")


class NewJob(PageRequest):
    """A job: its name, or a text to tag at once."""

    name: str = ""
    text: str | None = None
    title: str = ""


class NewCorrection(PageRequest):
    """The labels that a paragraph has."""

    article: int
    paragraph: int
    labels: list[str]


def store_of(request: Request) -> JobStore:
    """The application's jobs."""
    return cast(JobStore, request.app.state.jobs)


def _job(request: Request, job: str) -> str:
    if not store_of(request).exists(job):
        raise Refusal(404, "not_found", _("there is no such job; it may have been deleted"))
    return job


Job = Annotated[str, Depends(_job)]


@router.get("/setup")
def setup(request: Request) -> dict[str, Any]:
    """Labels with their colours, the model, the language: what the page needs to begin."""
    state = state_of(request)
    tagger = state.engine.tagger
    limits = state.settings.limits
    return {
        "language": language(),
        "labels": [
            {**label.model_dump(), "color": color}
            for label, color in zip(label_list(tagger), label_colors(tagger.labels), strict=True)
        ],
        "model": tagger.info.as_dict(),
        "limits": {"files": limits.files, "body_bytes": limits.body_bytes},
        "suffixes": [*ARTICLE_SUFFIXES, *TABLE_SUFFIXES],
        "downloads": list(KINDS),
        "desk": request.app.state.desk is not None,
    }


@router.get("/jobs")
def jobs(request: Request) -> list[dict[str, Any]]:
    """All jobs, the newest first."""
    return store_of(request).jobs()


@router.post("/jobs", status_code=201)
async def create(request: Request, body: NewJob) -> dict[str, Any]:
    """A new job; a text is tagged before the answer, files come by ``/files``."""
    state, store = state_of(request), store_of(request)
    if body.text is None:
        return store.state(store.create(body.name or _("files")))
    async with state.engine.place():
        document = Document("-", body.text, title=body.title.strip())
        tagger = state.engine.tagger
        failures: list[CivictagError] = []
        articles = await state.engine.run(lambda tagger: tag_all(tagger, [document], failures))
        checked(articles[0], Tagged(), state.settings.limits.paragraphs)
    name = body.name or articles[0].title or body.text.strip().partition("\n")[0][:24] or _("text")
    job = store.create(name)
    store.add_articles(job, articles, failures, tagger.info.sha256)
    store.complete(job)
    return store.state(job)


@router.post("/jobs/{job}/files")
async def add_files(request: Request, job: Job) -> dict[str, Any]:
    """Files of a job, some at a time; tagging begins with the first."""
    store = store_of(request)
    limits = state_of(request).settings.limits
    async with request.form(max_files=limits.files, max_fields=10) as form:
        files = [value for value in form.getlist("file") if isinstance(value, UploadFile)]
        await run_in_threadpool(_keep, store, job, files)
    cast(Runner, request.app.state.runner).wake()
    return store.state(job)


def _keep(store: JobStore, job: str, files: list[UploadFile]) -> None:
    kept = []
    for upload in files:
        path = store.file_path(suffix_of(upload.filename or "") or ".unknown")
        with open(path, "wb") as file:
            shutil.copyfileobj(upload.file, file)
        kept.append((upload.filename or "-", path))
    store.add_inputs(job, kept)


@router.post("/jobs/{job}/complete")
def complete(request: Request, job: Job) -> dict[str, Any]:
    """No more files come."""
    store_of(request).complete(job)
    return store_of(request).state(job)


@router.get("/jobs/{job}")
def state(request: Request, job: Job) -> dict[str, Any]:
    """How far it is."""
    return store_of(request).state(job)


@router.delete("/jobs/{job}", status_code=204)
def delete(request: Request, job: Job) -> None:
    """Remove the job and its texts."""
    store_of(request).delete(job)


@router.get("/jobs/{job}/articles")
def articles(
    request: Request,
    job: Job,
    first: Annotated[int, Query(ge=0)] = 0,
    count: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[dict[str, Any]]:
    """Articles as the page draws them."""
    store = store_of(request)
    corrections = store.corrections(job)
    return [article_view(article, n, corrections) for n, article in store.articles(job, first, count)]


@router.post("/jobs/{job}/corrections")
def correct(request: Request, job: Job, body: NewCorrection) -> dict[str, Any]:
    """Note the labels of a paragraph; answered once they are on the disk."""
    store = store_of(request)
    known = {label.id for label in state_of(request).engine.tagger.labels}
    found = next(store.articles(job, body.article, 1), None)
    bodies = {p.index for p in found[1].paragraphs if p.kind == "body"} if found else set()
    if body.article < 0 or not set(body.labels) <= known or body.paragraph not in bodies:
        raise Refusal(400, "invalid", _("there is no such paragraph, or no such label"))
    store.correct(job, Correction(body.article, body.paragraph, tuple(dict.fromkeys(body.labels))))
    return _one(store, job, body.article)


@router.post("/jobs/{job}/undo")
def undo(request: Request, job: Job) -> dict[str, Any]:
    """Take back the latest correction; ``null`` for the article when there is none."""
    store = store_of(request)
    found = store.undo(job)
    return _one(store, job, found[0]) | {"paragraph": found[1]} if found else {"article": None}


def _one(store: JobStore, job: str, number: int) -> dict[str, Any]:
    corrections = store.corrections(job)
    article = next(store.articles(job, number, 1))[1]
    return {"article": article_view(article, number, corrections), "corrections": len(corrections)}


@router.get("/jobs/{job}/download/{form}")
def download(request: Request, job: Job, form: str) -> Response:
    """The job's articles with the corrections in, as a file."""
    if form not in KINDS:
        raise Refusal(404, "not_found", _("there is no such format"))
    store, tagger = store_of(request), state_of(request).engine.tagger
    found: Iterator[Any] = corrected_articles(store, job, tagger.labels)
    body = render(form, found, tagger.labels, tagger.info.as_dict())
    name = quote(f"{store.state(job)['name'][:40]}.{form}", safe="")
    headers = {"content-disposition": f"attachment; filename=\"civictag.{form}\"; filename*=UTF-8''{name}"}
    return Response(body, headers={**headers, "content-type": KINDS[form]})
