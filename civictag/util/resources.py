"""Where the label sets, models and dictionaries that come with civictag lie.

In a wheel and in an editable install they are ``civictag/shipped/<kind>`` (setup.cfg maps the
top-level folders there); in a bare checkout they are the folders at the top themselves.
"""

from __future__ import annotations

import os

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
