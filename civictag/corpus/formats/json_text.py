"""JSON as corpora have it: nothing in it is lost by the way that parsers read it."""

from __future__ import annotations

import json
from typing import Any

from civictag.i18n import _


def loads(text: str) -> Any:
    """The value; NaN, which data frames write for "nothing", is None.

    Raises:
        ValueError: it is not JSON, or an object has a key twice, of which a parser keeps the last.
        RecursionError: nested too deep.
    """
    return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(_('the key "{key}" stands twice', key=twice))
    return found


def _constant(name: str) -> float | None:
    return None if name == "NaN" else float(name)
