"""What should be mended in a corpus before it is learned from or measured with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from civictag.corpus.copies import Group, contradicting, near_copies, reprinted, rows_twice
from civictag.corpus.formats.columns import plain
from civictag.datamodel import LabelledParagraph
from civictag.i18n import _, mark
from civictag.text.shingles import Sketches, clusters, seen_in, sketches

LEAST = 20  # examples from which a label's figures begin to mean something; one alone is not learned

KINDS = {
    "no_example": (
        mark("labels without an example"),
        mark("label paragraphs that have them, or take them out of the label set"),
    ),
    "few_examples": (
        mark("labels with few examples"),
        mark("label more paragraphs that have them: with fewer than 20 their figures mean little"),
    ),
    "every_row": (
        mark("labels in every paragraph"),
        mark("add paragraphs without them: what all have cannot be learned"),
    ),
    "alike_labels": (
        mark("labels that differ only in case, width or blanks"),
        mark("write each one way, or give the label set with -l"),
    ),
    "alike_articles": (
        mark("articles whose names differ only in case, width or blanks"),
        mark("write each one way: they count as different articles"),
    ),
    "rows_twice": (mark("rows that stand twice in one article"), mark("leave out the second of them")),
    "numbers_twice": (
        mark("paragraph numbers that stand twice in one article"),
        mark("number the paragraphs anew, or tell apart the articles that have one name"),
    ),
    "copies": (
        mark("nearly the same paragraph in several articles"),
        mark("corpus split and train keep such articles together; cut by hand, they flatter a test"),
    ),
    "contradictions": (
        mark("nearly the same text with different labels"),
        mark("decide which labels are right"),
    ),
    "overlap": (
        mark("paragraphs of the test set that stand in the training corpus too"),
        mark("take them out of one of the two: they make figures too good"),
    ),
    "shared_articles": (
        mark("articles of the test set that stand in the training corpus too"),
        mark("take them out of one of the two: they make figures too good"),
    ),
}
"""Kind of finding -> what it is called, and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    Attributes:
        kind: a key of ``KINDS``.
        count: paragraphs (of ``rows_twice``, ``numbers_twice``, ``overlap``: those too many) or examples.
        what: the label, the beginning of the text, or the name of an article.
        places: where: ``file/article#paragraph`` of each that is concerned, or an article's name.
        labels: of each place, the labels it carries; empty where ``places`` names no paragraphs.
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
    names = [*_alike("alike_labels", dict.fromkeys(ids)), *_alike_articles(rows)]
    numbers = _numbers_twice(rows)
    return [
        *_labels(rows, ids),
        *names,
        *twice,
        *numbers,
        *_copies(copies),
        *_shared(rows, known, remembered),
    ]


def _alike_articles(rows: Sequence[LabelledParagraph]) -> list[Finding]:
    articles: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        articles[row.file][row.doc] = None
    return [finding for docs in articles.values() for finding in _alike("alike_articles", docs)]


def _alike(kind: str, names: Iterable[str]) -> list[Finding]:
    """Names that a person takes for the same."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[plain(name)].append(name)
    return [Finding(kind, len(alike), alike[0], tuple(alike)) for alike in found.values() if len(alike) > 1]


def _labels(rows: Sequence[LabelledParagraph], ids: Sequence[str]) -> list[Finding]:
    counts = Counter(label for row in rows for label in row.labels)
    found = [Finding("no_example", 0, label) for label in ids if not counts[label]]
    found += [Finding("few_examples", counts[x], x) for x in ids if 0 < counts[x] < LEAST]
    return found + [Finding("every_row", len(rows), x) for x in ids if len(rows) == counts[x] > 0]


def _numbers_twice(rows: Sequence[LabelledParagraph]) -> list[Finding]:
    """Different texts under one number of one article: two articles of one name, or a slip of the hand."""
    found: dict[tuple[str, int], dict[str, LabelledParagraph]] = defaultdict(dict)
    for row in rows:
        found[row.group, row.para].setdefault(row.text, row)
    groups = [list(texts.values()) for texts in found.values() if len(texts) > 1]
    return [_finding("numbers_twice", group, len(group) - 1) for group in groups]


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
    places = tuple(f"{row.group}#{row.para}" for row in rows)
    return Finding(kind, count, rows[0].text[:40], places, tuple(tuple(row.labels) for row in rows))


def place(row: LabelledParagraph) -> str:
    """Where a paragraph stands, for people: file, article, paragraph."""
    return _("{article} paragraph {number}", article=row.group, number=row.para)
