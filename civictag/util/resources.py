"""Where the label sets, models, dictionaries and JSON schemas that come with civictag lie.

In a wheel and in an editable install they are ``civictag/shipped/<kind>`` (setup.cfg maps the
top-level folders there); in a bare checkout they are the folders at the top themselves.
"""

from __future__ import annotations

import json
import os
from typing import Any

_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def folder(kind: str) -> str:
    """Path of the shipped folder ``kind``: ``labels``, ``models`` or ``corpus``."""
    inside = os.path.join(_HERE, "shipped", kind)
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(_HERE), kind)


def names(kind: str, suffix: str = "") -> list[str]:
    """Names of the shipped things of one kind, sorted, without ``suffix``."""
    root = folder(kind)
    if not os.path.isdir(root):
        return []
    found = (n for n in os.listdir(root) if n.endswith(suffix) and not n.startswith((".", "_")))
    if suffix:
        return sorted(n[: -len(suffix)] for n in found)
    return sorted(n for n in found if os.path.isdir(os.path.join(root, n)))


def schemas() -> list[str]:
    """Names of the JSON schemas of what civictag prints, sorted: ``compare``, ``corpus-audit`` …"""
    from importlib.resources import files

    found = (entry.name for entry in files("civictag").joinpath("data", "schemas").iterdir())
    return sorted(name.removesuffix(".json") for name in found if name.endswith(".json"))


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one output; each stands by itself.

    Raises:
        KeyError: there is none of that name; see ``schemas``.
    """
    from importlib.resources import files

    if name not in schemas():
        raise KeyError(name)
    text = files("civictag").joinpath("data", "schemas", f"{name}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
