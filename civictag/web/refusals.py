"""Everything that goes wrong in a request, as one JSON form with a status of its own."""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from civictag.errors import CivictagError
from civictag.i18n import _

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    415: "unsupported_media_type",
    422: "unreadable",
}

_NO_SPACE = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT") if hasattr(errno, name)}


class Refusal(HTTPException):
    """A request that is not done, and why.

    Args:
        status: of the response.
        code: one word for programs; never translated.
        message: one sentence for people.
        limit: the limit that was passed, as (its name in ``Limits``, its value).
        details: further fields of the error object.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        limit: tuple[str, float] | None = None,
        headers: Mapping[str, str] | None = None,
        **details: object,
    ) -> None:
        super().__init__(status, message, dict(headers or {}))
        self.code = code
        self.limit = limit
        self.details = details

    def body(self) -> dict[str, Any]:
        """The JSON object."""
        error: dict[str, Any] = {"code": self.code, "message": self.detail, **self.details}
        if self.limit is not None:
            error["limit"] = {"name": self.limit[0], "value": self.limit[1]}
        return {"error": error}

    def response(self) -> JSONResponse:
        """The whole response."""
        return JSONResponse(self.body(), self.status_code, self.headers)


def error_object(error: CivictagError) -> dict[str, Any]:
    """A mistake in the user's data as the ``error`` object of an answer."""
    fields = {"where": error.where, "line": error.line, "field": error.field, "hint": error.hint}
    kind = type(error).__name__
    found: dict[str, Any] = {"code": "unreadable", "kind": kind, "message": error.problem}
    found |= {key: value for key, value in fields.items() if value is not None}
    # A file's name may hold bytes that are no character; an answer must not fail over it.
    plain: dict[str, Any] = json.loads(json.dumps(found).encode("utf-8", "replace"))
    return {k: v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for k, v in plain.items()}


def too_large(name: str, value: int) -> Refusal:
    """The refusal of a body, line or form that passes the limit ``name``."""
    message = _("the request is larger than the limit {name} ({value}) allows", name=name, value=value)
    return Refusal(413, "too_large", message, limit=(name, value))


def full_disk(error: BaseException | None) -> bool:
    """Whether a full disk, or a full quota, is what an error comes from."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_SPACE:
            return True
        if isinstance(error, sqlite3.OperationalError) and "is full" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def no_space() -> Refusal:
    """The refusal where a full disk is the reason."""
    message = _(
        "the disk of the service is full, and nothing of this request was kept: make room, then try again"
    )
    return Refusal(507, "no_space", message)


async def answer(request: Request, error: Exception) -> Response:
    """The exception handler of the application."""
    if isinstance(error, Refusal):
        return error.response()
    if full_disk(error):
        return no_space().response()
    if isinstance(error, OSError):
        raise error  # told as any other fault of the service, and logged
    if isinstance(error, CivictagError):
        return JSONResponse({"error": error_object(error)}, 422)
    if isinstance(error, RequestValidationError):
        # Where and why, never what: the value that was refused may be somebody's text.
        found = [{"at": ".".join(map(str, e["loc"])), "problem": e["msg"]} for e in error.errors()]
        message = _("the request does not have the form that is asked for")
        return Refusal(400, "invalid", message, problems=found).response()
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    detail = error.detail if isinstance(error, HTTPException) else _("something went wrong in the service")
    return Refusal(status, CODES.get(status, "failed"), detail, headers=headers).response()
