"""What should be known of a corpus before its figures are believed: rows twice, copies, contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from civictag.corpus.copies import Group, contradicting, near_copies, reprinted, rows_twice
from civictag.datamodel import LabelledParagraph
from civictag.i18n import _, ngettext


def notes(rows: Sequence[LabelledParagraph], copies: NDArray[np.int64]) -> Iterator[str]:
    """One sentence per kind of trouble, with its count and what to do; nothing where there is none.

    Args:
        rows: the corpus.
        copies: a number per paragraph, the same for near copies (``civictag.text.shingles.clusters``).
    """
    groups = near_copies(rows, copies.tolist())
    twice = sum(len(group) - 1 for group in rows_twice(rows))
    if twice:
        yield ngettext(
            "{count} row stands in the corpus twice, and counts twice; leave it out",
            "{count} rows stand in the corpus twice, and count twice; leave them out",
            twice,
        )
    yield from _copies(reprinted(groups))
    yield from _contradictions(contradicting(groups))
    if len({row.group for row in rows}) == 1 and len(rows) > 1:
        yield _(
            "all paragraphs are of one article: none of its words is learned, only cues and common single"
            " characters (a model holds no word that stands in one article only), and what the model gets on"
            " others cannot be known"
        )


def _copies(spread: Sequence[Group]) -> Iterator[str]:
    if spread:
        yield ngettext(
            "{count} paragraph stands, nearly the same, in several articles (such as {example})",
            "{count} paragraphs stand, nearly the same, in several articles (such as {example})",
            sum(map(len, spread)),
            example=", ".join(dict.fromkeys(row.group for row in spread[0][:2])),
        )


def _contradictions(differ: Sequence[Group]) -> Iterator[str]:
    if differ:
        one, other = differ[0][0], next(r for r in differ[0] if set(r.labels) != set(differ[0][0].labels))
        yield ngettext(
            "nearly the same paragraphs have different labels ({one} paragraph {para}: {labels}; {other}"
            " paragraph {para2}: {labels2}); decide which is right",
            "{count} groups of nearly the same paragraphs have different labels (such as {one} paragraph"
            " {para}: {labels}; {other} paragraph {para2}: {labels2}); decide which is right",
            len(differ),
            one=one.group,
            para=one.para,
            labels=", ".join(one.labels) or "–",
            other=other.group,
            para2=other.para,
            labels2=", ".join(other.labels) or "–",
        )
