"""Colours and patterns of labels: told apart without seeing colour, readable under dark text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from civictag.datamodel import Label

# Okabe & Ito's colours for all kinds of colour vision, darkened until each stands 3 : 1 against white
# (their yellow and sky blue do not), so that a bar or a border of it can be seen.
_COLORS = ("#00795c", "#c04a00", "#0067a3", "#a3357f", "#8a6a00", "#2a7f9e", "#6b4fa0", "#5c5c5c")
_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")

# One SVG pattern per label, drawn in white over its colour; the first label's bar is plain.
_STROKES = (
    "",
    "M0 8L8 0M-2 2L2 -2M6 10L10 6",
    "M0 4H8",
    "M4 0V8",
    "M0 0L8 8M-2 6L2 10M6 -2L10 2",
    "M0 4H8M4 0V8",
    "M0 8L8 0M0 0L8 8",
    "M2 2H5",
)


def label_colors(labels: Sequence[Label]) -> list[str]:
    """``#rrggbb`` per label: the label set's own where it names one, else by place."""
    own = [str(getattr(label, "color", "")) for label in labels]
    return [c if _HEX.match(c) else _COLORS[i % len(_COLORS)] for i, c in enumerate(own)]


def tint(color: str, share: float) -> str:
    """``share`` (0 … 1) of ``#rrggbb`` on white, as ``#rrggbb``."""
    parts = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)


def svg_fills(colors: Sequence[str]) -> list[tuple[str, str, str]]:
    """(id, colour, path of the white pattern) per label, ``f0``, ``f1`` …, and ``fn`` for "no label"."""
    fills = [(f"f{i}", color, _STROKES[i % len(_STROKES)]) for i, color in enumerate(colors)]
    return [*fills, ("fn", "#d9d9d9", "")]
