"""Cut normalized text into sentences, and sentences into clauses.

A paragraph carries a label because of one clause, so evidence is summed within a sentence and
the paragraph takes its strongest sentence. Both cuts are plain scans: the compiled kernel does
the same (``tests/test_kernel.py`` holds them equal).
"""

from __future__ import annotations

SENTENCE_ENDS = frozenset("。!?;")
# What may follow a sentence's end and still belongs to it: 「“……多干净!”她说」 keeps its quote.
CLOSERS = frozenset("\"')]>》")
CLAUSE_BREAKS = SENTENCE_ENDS | frozenset(",:")
# Characters no n-gram crosses: what stands on their two sides was not written as one phrase.
GRAM_BREAKS = CLAUSE_BREAKS | CLOSERS | frozenset("([<《、…·~-/|")

Span = tuple[int, int]


def sentence_ends(clauses: int) -> frozenset[str]:
    """What ends a sentence, or with ``clauses`` a part of one that is scored on its own."""
    return SENTENCE_ENDS | {","} if clauses else SENTENCE_ENDS


def sentence_spans(normalized: str, shortest: int, ends: frozenset[str] = SENTENCE_ENDS) -> list[Span]:
    """Spans of the sentences; a piece shorter than ``shortest`` joins the one before it.

    A short first piece stays alone until the next joins it: 「好!」 + 「他说…」 is one sentence.
    Spans are in order, touch each other and cover the text; an empty text has none.
    """
    spans: list[Span] = []
    start = 0
    for end in _ends(normalized, ends):
        if spans and (end - start < shortest or spans[-1][1] - spans[-1][0] < shortest):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        start = end
    return spans


def _ends(normalized: str, marks: frozenset[str]) -> list[int]:
    ends = []
    at, size = 0, len(normalized)
    while at < size:
        if normalized[at] in marks:
            while at + 1 < size and (normalized[at + 1] in marks or normalized[at + 1] in CLOSERS):
                at += 1
            ends.append(at + 1)
        at += 1
    if size and (not ends or ends[-1] < size):
        ends.append(size)
    return ends


def clause_spans(normalized: str, start: int, end: int) -> list[Span]:
    """Spans of the clauses of ``normalized[start:end]``, breaks left out, empty ones left out."""
    return _runs(normalized, start, end, CLAUSE_BREAKS)


def gram_spans(normalized: str, start: int, end: int) -> list[Span]:
    """Spans of ``normalized[start:end]`` that hold no character of ``GRAM_BREAKS``."""
    return _runs(normalized, start, end, GRAM_BREAKS)


def _runs(normalized: str, start: int, end: int, breaks: frozenset[str]) -> list[Span]:
    spans = []
    first = start
    for at in range(start, end):
        if normalized[at] in breaks:
            if at > first:
                spans.append((first, at))
            first = at + 1
    if end > first:
        spans.append((first, end))
    return spans
