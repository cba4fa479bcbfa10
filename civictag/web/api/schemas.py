"""What requests and answers look like, for the checking of the one and the OpenAPI document of both."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class TagRequest(BaseModel):
    """One article as JSON."""

    model_config = ConfigDict(strict=True, extra="forbid")

    text: str = Field(description="The article: its paragraphs are found as in a text file.")
    title: str = Field("", description="Its title, if the text does not begin with it.")


class EvidenceOut(BaseModel):
    """A span of the article that spoke for or against a label."""

    text: str
    start: int
    end: int
    weight: float


class TagOut(BaseModel):
    """One label of one paragraph."""

    label: str
    name: str
    probability: float = Field(ge=0, le=1)
    evidence: list[EvidenceOut] | None = None
    outside: float | None = None
    logit: float | None = None


class ParagraphOut(BaseModel):
    """One paragraph; offsets count characters of the decoded article."""

    index: int
    kind: str
    start: int
    end: int
    text: str
    tags: list[TagOut]
    review: bool


class ModelOut(BaseModel):
    """What gave the tags."""

    name: str
    version: str
    sha256: str


class ArticleOut(BaseModel):
    """One tagged article, as ``civictag tag -f json`` gives it; or why it could not be read."""

    source: str | None = None
    title: str | None = None
    encoding: str | None = None
    model: ModelOut | None = None
    paragraphs: list[ParagraphOut] | None = None
    summary: dict[str, int] | None = None
    warnings: list[str] | None = None
    error: dict[str, Any] | None = None


class LimitOut(BaseModel):
    """The limit that a request passed."""

    name: str
    value: float


class ErrorObject(BaseModel):
    """What went wrong: ``code`` for programs, ``message`` for people."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str
    limit: LimitOut | None = None


class ErrorOut(BaseModel):
    """Every answer that is not a success."""

    error: ErrorObject


class LabelOut(BaseModel):
    """One label of the model in use."""

    id: str
    name: str
    name_en: str
    definition: str
    definition_en: str
    threshold: float


class ModelState(BaseModel):
    """A model that can be loaded by its name."""

    name: str
    loaded: bool
    version: str | None = None
    sha256: str | None = None


class ReloadRequest(BaseModel):
    """Which model to load; without ``model`` the one in use is read from its folder anew."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = Field(None, description="Name of a shipped model.")


REFUSED: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorOut, "description": description}
    for status, description in {
        400: "The request has not the form that is asked for.",
        401: "A token is needed.",
        403: "A script of another site.",
        404: "There is no such path.",
        405: "The path has no such method.",
        408: "The body did not arrive in time (limit seconds).",
        413: "Too large (limit body_bytes, line_bytes or files).",
        415: "The body is of a kind that is not read here.",
        421: "The service does not answer to this host name.",
        422: "No article could be read, or there are too many paragraphs (limit paragraphs).",
        429: "Too many requests under way (limit concurrency).",
        504: "Tagging takes too long (limit seconds).",
        507: "The disk of the service is full.",
    }.items()
}
"""The answers that any request may get instead."""
