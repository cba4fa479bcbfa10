"""Paragraphs of a corpus that are the same, or nearly: rows twice, reprints, contradicting labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from civictag.datamodel import LabelledParagraph

Group = list[LabelledParagraph]


def rows_twice(rows: Sequence[LabelledParagraph]) -> list[Group]:
    """Rows of one article with the same text, two or more of them each."""
    return _groups(rows, ((row.group, row.text) for row in rows))


def near_copies(rows: Sequence[LabelledParagraph], numbers: Iterable[int]) -> list[Group]:
    """Rows with nearly the same text, two or more of them each.

    Args:
        rows: the corpus.
        numbers: one per row, the same for near copies (``civictag.text.shingles.clusters``).
    """
    return _groups(rows, numbers)


def reprinted(groups: Iterable[Group]) -> list[Group]:
    """The groups whose rows stand in several articles."""
    return [group for group in groups if len({row.group for row in group}) > 1]


def contradicting(groups: Iterable[Group]) -> list[Group]:
    """The groups whose rows do not all have the same labels."""
    return [group for group in groups if len({frozenset(row.labels) for row in group}) > 1]


def _groups(rows: Sequence[LabelledParagraph], keys: Iterable[Hashable]) -> list[Group]:
    found: dict[Hashable, Group] = defaultdict(list)
    for row, key in zip(rows, keys, strict=True):
        found[key].append(row)
    return [group for group in found.values() if len(group) > 1]
