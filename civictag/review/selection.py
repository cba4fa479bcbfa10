"""The paragraphs most worth a person's look: chosen from a batch, written to a table, read back corrected."""

from __future__ import annotations

import csv
import heapq
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from civictag.datamodel import Article, Label, LabelledParagraph, Paragraph
from civictag.errors import CorpusError
from civictag.util.atomic_file import deliver
from civictag.writers.as_csv import BOM, csv_lines
from civictag.writers.base import ModelInfo
from civictag.writers.rows import unguard

_BEFORE = ("source", "id", "index", "title", "text", "probabilities", "suggested")
_AFTER = ("use", "note", "model", "date")

# What people type into a yes/no cell, and what spreadsheet programs make of it.
_YES = frozenset({"1", "1.0", "true", "yes", "y", "是", "√", "✓"})
_NO = frozenset({"", "0", "0.0", "false", "no", "n", "否", "×"})


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
    """Keeps the best candidates while tagged articles pass, in memory for ``capacity`` a label.

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
        light = Article(article.source, article.title, article.encoding, "", (), article.id)
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
    """The ``size`` candidates of smallest margin, one a text; the first seen wins a tie."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[float, int, Candidate]] = []  # the worst on top
        self._texts: set[str] = set()
        self._seen = 0

    def offer(self, candidate: Candidate) -> None:
        """Keep the candidate if it is better than the worst kept."""
        self._seen += 1
        entry = (-candidate.margin, -self._seen, candidate)
        if len(self._heap) == self._size and entry[:2] < self._heap[0][:2]:
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
        return [entry[2] for entry in sorted(self._heap, key=lambda entry: entry[:2], reverse=True)]


def _popping(queue: list[Candidate]) -> Iterator[Candidate]:
    while queue:
        yield queue.pop(0)


def _key(text: str) -> str:
    return "".join(text.split())


def write_review(
    candidates: Sequence[Candidate],
    target: BinaryIO | str | os.PathLike[str],
    *,
    labels: Sequence[Label],
    model: ModelInfo,
    date: str,
) -> None:
    """Write the list as CSV for a spreadsheet program: one editable 1/0 column a label.

    Args:
        candidates: from ``ReviewList.chosen``.
        target: a path (written whole or not at all) or an open binary stream.
        labels: the model's label set.
        model: what gave the suggestions; kept with each row, as is ``date``.
        date: of the suggestions, ``YYYY-MM-DD``.
    """
    by = f"{model.get('name', '')} {model.get('version', '')} {model.get('sha256', '')[:12]}".strip()
    head = [*_BEFORE, *(label.id for label in labels), *_AFTER]
    rows = [[*_row(candidate, labels), 1, "", by, date] for candidate in candidates]
    deliver(BOM + csv_lines([head, *rows]), target)


def _row(candidate: Candidate, labels: Sequence[Label]) -> list[object]:
    article, paragraph = candidate.article, candidate.paragraph
    scores = paragraph.scores or {}
    given = {tag.label for tag in paragraph.tags}
    told = "; ".join(f"{label.name} {scores[label.id]:.2f}" for label in labels if label.id in scores)
    row: list[object] = [article.source, article.id, paragraph.index, article.title, paragraph.text, told]
    row.append(" ".join(label.id for label in labels if label.id in given))
    return row + [int(label.id in given) for label in labels]


def read_corrections(path: str, labels: Sequence[Label]) -> list[LabelledParagraph]:
    """Read a corrected list back, ready for training.

    A label's column may be headed by its id or its Chinese name. Rows whose ``use`` is 0 are left out.
    ``extra`` keeps the provenance: ``model``, ``date``, ``original_labels`` and ``note``.

    Raises:
        InputError: the file cannot be decoded.
        CorpusError: a column is missing, a cell of a label is neither yes nor no, or no row is left.
    """
    rows = _table(path)
    columns = _columns(path, rows[0] if rows else [], labels)
    found = []
    for number, cells in enumerate(rows[1:], 2):
        row = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
        if any(row.values()) and _yes(row.get("use", "1") or "0", path, number, "use"):
            found.append(_corrected(row, path, number, labels))
    if not found:
        raise CorpusError("has no corrected rows", where=path, hint="Rows with 1 in the column use count")
    return found


def _table(path: str) -> list[list[str]]:
    from civictag.readers import decode

    try:
        with open(path, "rb") as file:
            text = decode(file.read(), path)[0]
    except OSError as error:
        raise CorpusError(f"cannot be read: {error.strerror}", where=path) from error
    text = text.removeprefix("\ufeff")
    # Excel writes semicolons where the comma is the decimal sign, and tabs as "Unicode text".
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _columns(path: str, head: Iterable[str], labels: Sequence[Label]) -> dict[str, int]:
    """Column name (label id for a label's) → its place."""
    ids = {label.name: label.id for label in labels}
    places = {ids.get(name.strip(), name.strip()): at for at, name in enumerate(head)}
    for name in ("text", *(label.id for label in labels)):
        if name not in places:
            raise CorpusError(
                f'the column "{name}" is missing', where=path, line=1,
                hint="Keep the header that tag --review wrote",
            )  # fmt: skip
    wanted = {*_BEFORE, *_AFTER, *ids.values()}
    return {name: at for name, at in places.items() if name in wanted}


def _corrected(row: Mapping[str, str], path: str, number: int, labels: Sequence[Label]) -> LabelledParagraph:
    text = unguard(row["text"])
    if not text:
        raise CorpusError("is empty", where=path, line=number, field="text")
    index = row.get("index", "")
    kept = ("id", "model", "date", "note")
    provenance: dict[str, object] = {key: unguard(row.get(key, "")) for key in kept}
    provenance["original_labels"] = row.get("suggested", "").split()
    return LabelledParagraph(
        doc=unguard(row.get("source", "")) or f"row {number}",
        para=int(float(index)) if index.replace(".", "", 1).isdecimal() else number,
        text=text,
        labels=tuple(label.id for label in labels if _yes(row[label.id], path, number, label.id)),
        title=unguard(row.get("title", "")),
        source="corrections",
        extra={key: value for key, value in provenance.items() if value or key == "original_labels"},
        file=os.path.splitext(os.path.basename(path))[0],
    )


def _yes(cell: str, path: str, number: int, column: str) -> bool:
    value = cell.lower()
    if value not in _YES | _NO:
        raise CorpusError(f'"{cell}" is neither 1 nor 0', where=path, line=number, field=column)
    return value in _YES
