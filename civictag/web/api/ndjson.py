"""``POST /v1/tag/batch``: lines of JSON in, lines of JSON out, while both are under way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from civictag.errors import CivictagError
from civictag.i18n import _
from civictag.model.tagger import Tagger
from civictag.readers import Reading
from civictag.readers.tables.json_rows import document_of, parse_row
from civictag.readers.tables.row_to_document import Table
from civictag.web.api.schemas import REFUSED
from civictag.web.api.tagging import Asked, Tagged, render, tag_documents
from civictag.web.refusals import Refusal, error_object, full_disk, no_space, too_large
from civictag.web.state import State, state_of

router = APIRouter(responses=REFUSED)

KIND = "application/x-ndjson"
_TOGETHER = 64  # lines tagged in one go, of those that have arrived: a thread's start costs as much as a line
_LINE = {"type": "string", "description": 'Lines such as {"text": "…", "title": "…", "id": "…"}.'}


@router.post(
    "/v1/tag/batch",
    tags=["tag"],
    summary="Tag articles line by line, both ways at once",
    response_class=Response,
    responses={200: {"content": {KIND: {"schema": _LINE}}, "description": "An answer per line, in order."}},
    openapi_extra={"requestBody": {"required": True, "content": {KIND: {"schema": _LINE}}}},
)
async def batch(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """A line in is an article as in a `.jsonl` file (`text`, and `title`, `id`, further fields kept).

    A line out is its element of the command's JSON, or `{"error": …}` with the line's number; lines are
    answered in order, the first while later ones are still being sent.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (KIND, "application/jsonl", "application/json-lines", "application/octet-stream", ""):
        raise Refusal(415, "unsupported_media_type", _("send {kind}", kind=KIND))
    return _Exchange(request, state_of(request), asked)


class _Exchange(Response):
    """Starlette's own streaming answer reads the request to see the client go, and would eat its lines."""

    media_type = KIND

    def __init__(self, request: Request, state: State, asked: Asked) -> None:
        super().__init__()
        self._request = request
        self._state = state
        self._asked = asked
        self._number = 0
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer line by line."""
        async with self._state.engine.place():
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            try:
                async for lines in _lines(self._request.stream(), self._state.settings.limits.line_bytes):
                    await send(_piece(await self._tag(lines)))
            except ClientDisconnect:
                return
            except Refusal as refusal:
                await send(_piece(render(_error(refusal, self._number + 1)) + b"\n"))
            except Exception as error:  # the status is sent: a full disk can be told only here, and ends it
                if not full_disk(error):
                    raise
                await send(_piece(render(no_space().body()) + b"\n"))
            await send({"type": "http.response.body", "body": b""})

    async def _tag(self, lines: list[bytes | Refusal]) -> bytes:
        first = self._number + 1
        self._number += len(lines)
        done, body = await self._state.engine.run(lambda tagger: self._work(tagger, lines, first))
        self._state.metrics.articles.inc(done.articles)
        self._state.metrics.paragraphs.inc(done.paragraphs)
        return body

    def _work(self, tagger: Tagger, lines: list[bytes | Refusal], first: int) -> tuple[Tagged, bytes]:
        total, body = Tagged(), b""
        for number, line in enumerate(lines, first):
            if isinstance(line, bytes) and not line.strip():
                continue
            done, record = self._one(tagger, line, number)
            total.articles += done.articles
            total.paragraphs += done.paragraphs
            body += render(record) + b"\n"
        return total, body

    def _one(self, tagger: Tagger, line: bytes | Refusal, number: int) -> tuple[Tagged, dict[str, Any]]:
        if isinstance(line, Refusal):
            return Tagged(), _error(line, number)
        try:
            row = parse_row(line.decode(json.detect_encoding(line), "surrogatepass"))
            if not isinstance(row, dict):
                raise ValueError
        except (ValueError, RecursionError):
            return Tagged(), _error(Refusal(400, "invalid", _("not a JSON object")), number)
        item = document_of(Table("-", "utf-8", Reading(self._asked.text_column)), row, number, number)
        if isinstance(item, CivictagError):
            return Tagged(), {"error": error_object(item)}
        try:
            done, _body = tag_documents(tagger, [item], self._state, self._asked.options())
        except Refusal as refusal:
            return Tagged(), _error(refusal, number)
        return done, done.records[0]


def _error(refusal: Refusal, number: int) -> dict[str, Any]:
    body = refusal.body()
    body["error"]["line"] = number
    return body


def _piece(body: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def _lines(stream: AsyncIterator[bytes], most: int) -> AsyncIterator[list[bytes | Refusal]]:
    """The lines that have arrived, some at a time; one that is too long is passed over as its refusal."""
    held, skipping = b"", False
    async for chunk in stream:
        *whole, held = (held + chunk).split(b"\n")
        found: list[bytes | Refusal] = []
        for line in whole:
            if skipping or len(line) > most:
                found.append(too_large("line_bytes", most))
            else:
                found.append(line)
            skipping = False
        if len(held) > most:
            held, skipping = b"", True
        for start in range(0, len(found), _TOGETHER):
            yield found[start : start + _TOGETHER]
    if skipping:
        yield [too_large("line_bytes", most)]
    elif held.strip():
        yield [held]
