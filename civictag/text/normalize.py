"""Normalizing: one form for what readers take for the same text, before anything looks at it.

- Full-width ASCII becomes half-width, letters lower-case, Traditional characters Simplified,
  compatibility ideographs and Kangxi radicals the characters they look like.
- Variants of a mark become one (，→ ``,``, 「“" → ``"``, ……→ …); see ``normalize_table``. A point between
  ASCII letters or digits stays (``3.5万``), any other is a full stop (``。``).
- Zero-width and control characters go, and so does white space, line ends included; between two
  ASCII words one space stays, except where every character is spaced (``2 0 2 4 年`` is ``2024年``).

Folding a normalized text changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from civictag.text.backend import shipped


def normalize(text: str) -> str:
    """``text`` normalized; at most as long as ``text``."""
    return shipped().normalize(text)


def normalize_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """``text`` normalized, and for each normalized character the index in ``text`` that it came from.

    The offsets rise strictly. ``normalized[a:b]`` (a < b) came from
    ``text[offsets[a] : offsets[b - 1] + 1]``; of a mark written twice (……) that is the first half.
    """
    return shipped().normalize_with_offsets(text)
