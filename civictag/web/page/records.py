"""Tagged articles as JSON in a database, and back: data, nothing that could act when it is read."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter

from civictag.datamodel import Article


@cache
def _adapter() -> TypeAdapter[Article]:
    return TypeAdapter(Article)


def to_json(article: Article) -> bytes:
    """Every field; a table's dates and decimals become text."""
    return _adapter().dump_json(article, fallback=str)


def from_json(data: bytes) -> Article:
    """The article again."""
    return _adapter().validate_json(data)
