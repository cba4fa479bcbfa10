"""What the model sees of a paragraph: named features, each with the places it was seen at.

This is the one description of the features. The pure Python backend runs it as it stands,
training counts its names, and the compiled kernel is held equal to it by the tests.

Families (a name is ``prefix:text``):

=====  ============================================================  =====================
w:     a word, jieba's token; digits fold to ``w:0``                  a sentence
c:     characters, n-grams within a phrase; a digit run is one ``0``  a sentence
k:     a cue class was hit in a clause                                a sentence
p:     two cue classes were hit in the same clause                    a sentence
t:     a word of the article's title                                  the title
T:     a cue class was hit in a clause of the title                   the title
=====  ============================================================  =====================

A sentence's score is the sum of its own features and the title's; the paragraph takes its best
sentence and a share of the others (``civictag.model.pooling``). Cue classes are
paired within a clause only: 「志愿者」 beside 「清理」 in one clause is a deed, two sentences apart they
speak of two matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from civictag.labels.cue_matcher import CueMatcher, CueTable
from civictag.settings import FeatureSettings
from civictag.text.sentences import Span, clause_spans, gram_spans, sentence_ends, sentence_spans

SENTENCE_FAMILIES = ("w", "c", "k", "p")
DIGITS = frozenset("0123456789")


class Occurrence(NamedTuple):
    """A feature seen at ``normalized[start:end]``; the span of a title's feature is (0, 0)."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """A paragraph's features: one list per sentence, and one for the title.

    ``sentences`` are spans of the normalized text, ``seen[i]`` what was seen in ``sentences[i]``.
    """

    sentences: list[Span]
    seen: list[list[Occurrence]]
    title_features: list[Occurrence]


class Analyser:
    """Turns normalized text and its words into features; built once per model."""

    def __init__(self, table: CueTable, settings: FeatureSettings) -> None:
        self._matcher = CueMatcher(table, settings.cue_gap)
        self._classes = table.classes
        self._settings = settings
        self._ends = sentence_ends(settings.clauses)

    def analyse(
        self, normalized: str, words: Sequence[Span], title: str = "", title_words: Sequence[Span] = ()
    ) -> Analysis:
        """Find every feature of one paragraph.

        Args:
            normalized: the paragraph, normalized; ``words``: the spans of its tokens, in order.
            title: the article's title, normalized; ``title_words``: the spans of its tokens.
        """
        sentences = sentence_spans(normalized, self._settings.sentence_min, self._ends)
        seen: list[list[Occurrence]] = []
        word = 0
        for start, end in sentences:
            first = word
            while word < len(words) and words[word][0] < end:
                word += 1
            clauses = [self._clause(normalized, *span) for span in clause_spans(normalized, start, end)]
            seen.append(
                [
                    *_words("w", normalized, words[first:word]),
                    *_grams(normalized, start, end, self._settings),
                    *self._cues("k", clauses),
                    *self._pairs(clauses),
                ]
            )
        return Analysis(sentences, seen, self._title(title, title_words))

    def _clause(self, normalized: str, start: int, end: int) -> dict[int, Span]:
        """Cue class -> its first hit in the clause, as a span of the text; in order of class."""
        first: dict[int, Span] = {}
        for cue, s, e in self._matcher.match(normalized[start:end]):
            first.setdefault(cue, (start + s, start + e))
        return dict(sorted(first.items()))

    def _cues(self, prefix: str, clauses: Sequence[dict[int, Span]]) -> Iterator[Occurrence]:
        for hits in clauses:
            for cue, span in hits.items():
                yield Occurrence(f"{prefix}:{self._classes[cue]}", *span)

    def _pairs(self, clauses: Sequence[dict[int, Span]]) -> Iterator[Occurrence]:
        for hits in clauses:
            for one, span in hits.items():
                for other in hits:
                    if self._is_pair(one, other):
                        yield Occurrence(f"p:{self._classes[one]}&{self._classes[other]}", *span)

    def _is_pair(self, one: int, other: int) -> bool:
        """A label's class beside context, or beside a class of another label."""
        label = self._classes[one].split(".")[0]
        return bool(label) and label != self._classes[other].split(".")[0]

    def _title(self, title: str, words: Sequence[Span]) -> list[Occurrence]:
        clauses = [self._clause(title, *span) for span in clause_spans(title, 0, len(title))]
        found = [*_words("t", title, words), *self._cues("T", clauses)]
        return [Occurrence(name, 0, 0) for name, _, _ in found]


def _words(prefix: str, text: str, spans: Sequence[Span]) -> Iterator[Occurrence]:
    for start, end in spans:
        word = text[start:end]
        if DIGITS.issuperset(word.replace(".", "").replace("%", "") or "x"):
            yield Occurrence(f"{prefix}:0", start, end)
        elif any(char.isalnum() for char in word):
            yield Occurrence(f"{prefix}:{word}", start, end)


def _grams(normalized: str, start: int, end: int, settings: FeatureSettings) -> Iterator[Occurrence]:
    for first, last in gram_spans(normalized, start, end):
        marks = _marks(normalized, first, last)
        for size in range(settings.char_min, settings.char_max + 1):
            for at in range(len(marks) - size + 1):
                gram = "".join(mark for mark, _, _ in marks[at : at + size])
                yield Occurrence(f"c:{gram}", marks[at][1], marks[at + size - 1][2])


def _marks(normalized: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """The characters of a phrase with their spans; a run of digits (and points) is one ``0``.

    「清理垃圾30吨」 and 「清理垃圾120.5吨」 are the same phrase to a reader who files it.
    """
    marks: list[tuple[str, int, int]] = []
    for at in range(start, end):
        char = normalized[at]
        number = char in DIGITS or (char == "." and bool(marks) and marks[-1][0] == "0")
        if number and marks and marks[-1][0] == "0":
            marks[-1] = ("0", marks[-1][1], at + 1)
        else:
            marks.append(("0" if number else char, at, at + 1))
    return marks
