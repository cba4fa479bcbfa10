"""What should be mended in a corpus before it is learned from or measured with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from civictag.corpus.copies import Group, contradicting, near_copies, reprinted, rows_twice
from civictag.datamodel import LabelledParagraph
from civictag.i18n import _, mark
from civictag.text.shingles import Sketches, clusters, seen_in, sketches

LEAST = 20  # examples from which a label's figures begin to mean something; one alone is not learned

KINDS = {
    "no_example": mark("labels without an example"),
    "few_examples": mark("labels with few examples"),
    "every_row": mark("labels in every paragraph"),
    "rows_twice": mark("rows that stand twice in one article"),
    "copies": mark("nearly the same paragraph in several articles"),
    "contradictions": mark("nearly the same text with different labels"),
    "overlap": mark("paragraphs of the test set that stand in the training corpus too"),
    "shared_articles": mark("articles of the test set that stand in the training corpus too"),
}
"""Kind of finding -> what it is called."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    Attributes:
        kind: a key of ``KINDS``.
        count: paragraphs (of ``rows_twice`` and ``overlap``: those too many) or examples concerned.
        what: the label, or the beginning of the text.
        places: where: article and paragraph, of each that is concerned.
        labels: of each place, the labels it carries.
    """

    kind: str
    count: int
    what: str
    places: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()


def check(
    rows: Sequence[LabelledParagraph],
    ids: Sequence[str],
    known: Sequence[LabelledParagraph] = (),
    remembered: Sketches | None = None,
) -> list[Finding]:
    """Everything that is wrong with a corpus, in the order of ``KINDS``.

    Args:
        rows: the corpus; a test set where ``known`` is given.
        ids: the labels that it should teach.
        known: the training corpus of a model that ``rows`` shall test.
        remembered: what a model keeps of its training corpus, where the corpus itself is not at hand.
    """
    twice = [_finding("rows_twice", group, len(group) - 1) for group in rows_twice(rows)]
    copies = near_copies(rows, clusters(sketches(row.text for row in rows)).tolist())
    return [*_labels(rows, ids), *twice, *_copies(copies), *_shared(rows, known, remembered)]


def _labels(rows: Sequence[LabelledParagraph], ids: Sequence[str]) -> list[Finding]:
    counts = Counter(label for row in rows for label in row.labels)
    found = [Finding("no_example", 0, label) for label in ids if not counts[label]]
    found += [Finding("few_examples", counts[x], x) for x in ids if 0 < counts[x] < LEAST]
    return found + [Finding("every_row", len(rows), x) for x in ids if len(rows) == counts[x] > 0]


def _copies(groups: Sequence[Group]) -> list[Finding]:
    return [_finding("copies", group, len(group)) for group in reprinted(groups)] + [
        _finding("contradictions", group, len(group)) for group in contradicting(groups)
    ]


def _shared(
    rows: Sequence[LabelledParagraph], known: Sequence[LabelledParagraph], remembered: Sketches | None
) -> list[Finding]:
    learned = sketches(row.text for row in known)
    learned = learned if remembered is None else np.concatenate([learned, remembered])
    if not len(learned):
        return []
    seen = seen_in(sketches(row.text for row in rows), learned)
    found = [_finding("overlap", [rows[at]], 1) for at in np.flatnonzero(seen).tolist()]
    named = {(row.doc, row.title) for row in known if row.title}
    shared = Counter((row.doc, row.title) for row in rows if (row.doc, row.title) in named)
    return found + [Finding("shared_articles", n, title, (doc,)) for (doc, title), n in shared.items()]


def _finding(kind: str, rows: Sequence[LabelledParagraph], count: int) -> Finding:
    return Finding(
        kind, count, rows[0].text[:40], tuple(map(place, rows)), tuple(tuple(row.labels) for row in rows)
    )


def place(row: LabelledParagraph) -> str:
    """Where a paragraph stands, for people: file, article, paragraph."""
    return _("{article} paragraph {number}", article=row.group, number=row.para)
