"""``POST /v1/tag``: an article as JSON, or files as a form → the command's JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from civictag.datamodel import Article, Document
from civictag.errors import CivictagError
from civictag.i18n import _
from civictag.model.tagger import Tagger
from civictag.paragraphs import split
from civictag.readers import Reading
from civictag.web.api.schemas import REFUSED, ArticleOut, TagRequest
from civictag.web.refusals import Refusal, error_object, full_disk, no_space
from civictag.web.state import State, state_of
from civictag.web.uploads import Upload, read_uploads
from civictag.writers.as_json import article_record, to_bytes
from civictag.writers.base import Options

router = APIRouter(responses=REFUSED)

_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}}},
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": TagRequest.model_json_schema()},
            "multipart/form-data": {"schema": _FORM},
        },
    }
}


class Asked(BaseModel):
    """The options of the command, in the query."""

    model_config = ConfigDict(extra="forbid")

    explain: bool = False
    all_scores: bool = False
    keep_furniture: bool = False
    text_column: str | None = None
    encoding: str | None = None

    def options(self) -> Options:
        """As the writers know them."""
        return Options(explain=self.explain, all_scores=self.all_scores, keep_furniture=self.keep_furniture)


@dataclass(slots=True)
class Tagged:
    """The elements of an answer, and what was counted while it was made."""

    records: list[dict[str, Any]] = field(default_factory=list)
    articles: int = 0
    paragraphs: int = 0
    failures: int = 0


@router.post(
    "/v1/tag",
    tags=["tag"],
    summary="Tag an article, or files of articles",
    response_model=list[ArticleOut],
    responses={207: {"model": list[ArticleOut], "description": "Some could not be read: see `error`."}},
    openapi_extra=_BODY,
)
async def tag(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """The command's JSON: an array with an element per article, in order.

    What cannot be read stands in its place as `{"source", "error"}`; the status is then 207, or 422
    when nothing could be read.
    """
    state = state_of(request)
    async with state.engine.place():
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            return await _tag_form(request, state, asked)
        if kind in ("application/json", ""):
            body = await _body(request)
            return _answer(
                state, *await state.engine.run(lambda tagger: _tag_json(tagger, body, state, asked))
            )
        message = _("send application/json or multipart/form-data, not this kind of body")
        raise Refusal(415, "unsupported_media_type", message)


async def _body(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect:
        raise Refusal(400, "incomplete", _("the body ended early")) from None


def _tag_json(tagger: Tagger, body: bytes, state: State, asked: Asked) -> tuple[Tagged, bytes]:
    try:
        article = TagRequest.model_validate_json(body)
    except ValidationError as error:
        found = [{"at": ".".join(map(str, e["loc"])), "problem": e["msg"]} for e in error.errors()]
        message = _("the body is not a JSON object with the texts text and title")
        raise Refusal(400, "invalid", message, problems=found) from None
    return tag_documents(tagger, [Document("-", article.text, title=article.title)], state, asked.options())


async def _tag_form(request: Request, state: State, asked: Asked) -> Response:
    limits = state.settings.limits
    async with request.form(max_files=limits.files + 1, max_fields=100) as form:
        files = [value for value in form.getlist("file") if isinstance(value, UploadFile)]
        if len(files) > limits.files:
            message = _("{count} files at a time are read, not more", count=limits.files)
            raise Refusal(413, "too_large", message, limit=("files", limits.files))
        if not files:
            raise Refusal(400, "invalid", _('the form has no file in a field "file"'))
        uploads = [Upload(file.filename or "-", file.file) for file in files]
        reading = Reading(asked.text_column, asked.encoding)
        done = await state.engine.run(
            lambda tagger: tag_documents(tagger, read_uploads(uploads, reading), state, asked.options())
        )
    return _answer(state, *done)


def tag_documents(
    tagger: Tagger, documents: Iterable[Document | CivictagError], state: State, options: Options
) -> tuple[Tagged, bytes]:
    """Tag and render; runs in a thread.

    Raises:
        Refusal: more body paragraphs than the limit (422).
    """
    done = Tagged()
    labels, model = [label.id for label in tagger.labels], tagger.info.as_dict()
    for item in documents:
        if isinstance(item, CivictagError):
            if full_disk(item):  # a fault of the service's, not of the file
                raise no_space() from item
            done.failures += 1
            done.records.append({"source": item.where, "error": error_object(item)})
            continue
        article = checked(split(item), done, state.settings.limits.paragraphs)
        tagged = tagger.tag_article(
            article,
            explain=options.explain,
            all_scores=options.all_scores,
            explain_all=options.explain and options.all_scores,
        )
        record = article_record(tagged, labels, model, options)
        if article.warnings:
            record.setdefault("warnings", list(article.warnings))
        done.records.append(record)
    return done, render(done.records)


def checked(article: Article, done: Tagged, most: int) -> Article:
    """The article, counted.

    Raises:
        Refusal: with it there are more than ``most`` body paragraphs (422).
    """
    done.articles += 1
    done.paragraphs += sum(paragraph.kind == "body" for paragraph in article.paragraphs)
    if done.paragraphs > most:
        message = _("more than {count} paragraphs: send less at a time", count=most)
        raise Refusal(422, "too_many_paragraphs", message, limit=("paragraphs", most))
    return article


def render(value: object) -> bytes:
    """JSON in UTF-8; dates of a table's further columns as text, as the command writes them."""
    return to_bytes(json.dumps(value, ensure_ascii=False, default=str))


def _answer(state: State, done: Tagged, body: bytes) -> Response:
    state.metrics.articles.inc(done.articles)
    state.metrics.paragraphs.inc(done.paragraphs)
    if done.failures and not done.articles:
        first = done.records[0]["error"]
        details = {key: value for key, value in first.items() if key not in ("code", "message")}
        raise Refusal(422, "unreadable", first["message"], failures=done.records, **details)
    return Response(body, 207 if done.failures else 200, media_type="application/json")
