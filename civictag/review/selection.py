"""The paragraphs most worth a person's look, chosen from a batch."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from civictag.datamodel import Article, Paragraph


@dataclass(frozen=True, slots=True)
class Candidate:
    """One paragraph of the list.

    Attributes:
        article: its article; only source, id and title are used.
        paragraph: the paragraph, with the probability of every label in ``scores``.
        label: the label that it is in doubt about.
        margin: distance of that label's probability from its threshold, 0 (a toss-up) to 1.
    """

    article: Article = field(repr=False)
    paragraph: Paragraph
    label: str
    margin: float


class ReviewList:
    """Keeps the best candidates while tagged articles pass, in memory for ``capacity`` per label.

    A paragraph's worth is its smallest margin: where a probability lies closest to the threshold, a
    person's answer is least predictable (least-margin sampling: Lewis & Gale 1994; Settles 2009).
    Margins alone would fill the list with one doubtful label, so the labels take turns, each giving
    its closest paragraph. A text that stood in the list already is not asked for twice.

    Args:
        thresholds: label id → the probability from which the label is given, for every label.
        capacity: most paragraphs to choose, at least 1.
    """

    def __init__(self, thresholds: Mapping[str, float], capacity: int) -> None:
        self.capacity = capacity
        self._thresholds = dict(thresholds)
        self._nearest = {label: _Nearest(capacity) for label in thresholds}

    def add(self, article: Article) -> None:
        """Consider an article's body paragraphs; those without ``scores`` are passed over."""
        light = replace(article, text="", paragraphs=())
        for paragraph in article.paragraphs:
            if paragraph.kind == "body" and paragraph.scores is not None:
                self._consider(light, paragraph, paragraph.scores)

    def chosen(self) -> list[Candidate]:
        """The list, least certain first; the same articles in the same order give the same list."""
        queues = [nearest.sorted() for nearest in self._nearest.values()]
        taken: dict[str, Candidate] = {}
        while any(queues) and len(taken) < self.capacity:
            for queue in queues:
                fresh = next((c for c in _popping(queue) if _key(c.paragraph.text) not in taken), None)
                if fresh and len(taken) < self.capacity:
                    taken[_key(fresh.paragraph.text)] = fresh
        return sorted(taken.values(), key=lambda candidate: candidate.margin)

    def _consider(self, article: Article, paragraph: Paragraph, scores: Mapping[str, float]) -> None:
        for label, threshold in self._thresholds.items():
            if label in scores:
                margin = abs(scores[label] - threshold)
                self._nearest[label].offer(Candidate(article, paragraph, label, margin))


class _Nearest:
    """The ``size`` candidates of smallest margin, one per text; the first seen wins a tie."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[float, int, Candidate]] = []  # the worst on top; no two have one number
        self._texts: set[str] = set()
        self._seen = 0

    def offer(self, candidate: Candidate) -> None:
        """Keep the candidate if it is better than the worst kept."""
        self._seen += 1
        entry = (-candidate.margin, -self._seen, candidate)
        if len(self._heap) == self._size and entry < self._heap[0]:
            return
        text = _key(candidate.paragraph.text)
        if text in self._texts:
            return
        self._texts.add(text)
        heapq.heappush(self._heap, entry)
        if len(self._heap) > self._size:
            self._texts.discard(_key(heapq.heappop(self._heap)[2].paragraph.text))

    def sorted(self) -> list[Candidate]:
        """Smallest margin first."""
        return [entry[2] for entry in sorted(self._heap, reverse=True)]


def _popping(queue: list[Candidate]) -> Iterator[Candidate]:
    while queue:
        yield queue.pop(0)


def _key(text: str) -> str:
    return "".join(text.split())
