"""The model in pure Python over the bundle's plain files: the readable definition of a score.

A sentence's score is the sum of ``(1 + ln count) * weight`` over its features and its title's, plus
the bias. The raw score of a label is ``best + share * sum(other + offset) + whole`` over the scores
of the paragraph's sentences (``civictag.model.pooling``), where ``whole`` is the sum of ``(1 + ln
count) * paragraph weight`` over all sentences: words for or against the label wherever they stand.
The compiled backend does the same faster; the tests hold the two equal.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from civictag.errors import ModelError
from civictag.features.extract import Analyser, Analysis, Occurrence
from civictag.i18n import _
from civictag.model.attribution import Reason, merge, spread
from civictag.model.bundle_files import SHIPPED_WEIGHTS, SHIPPED_WORDS, BundleFiles, every_name
from civictag.model.pooling import PARAGRAPH, offsets_of, pool
from civictag.settings import features_from_data
from civictag.text.normalize import normalize_with_offsets
from civictag.text.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class _Seen:
    """A paragraph, analysed: what was seen where, and where normalized characters stood in the text."""

    analysis: Analysis
    words: Sequence[tuple[int, int]]
    offsets: Sequence[int]


class PureModel:
    """Pure Python over the bundle's plain files."""

    def __init__(self, files: BundleFiles) -> None:
        from civictag.labels import label_set as taxonomy
        from civictag.labels.cue_matcher import cue_table

        manifest = files.manifest
        features = features_from_data(manifest["features"])
        self._biases = list(manifest["biases"].values())
        self._other_sentences_weight = float(manifest["company"])
        own, shipped = _lines(files, "vocabulary.txt"), _lines(files, SHIPPED_WORDS)
        labels = len(self._biases)
        names = every_name(own, shipped)
        self._rows = {name: row for row, name in enumerate(names) if name}
        self._weights = _floats(files, "weights.f32", len(own) * labels)
        self._weights += _floats(files, SHIPPED_WEIGHTS, len(shipped) * labels)
        self._offsets = offsets_of(manifest)
        self._paragraph = _last_weights(files, len(names), labels)
        self._paragraph_first = len(names) - len(self._paragraph) // labels
        raw = json.loads(files.contents["taxonomy.json"])
        self._analyser = Analyser(cue_table(taxonomy.from_data(raw, files.folder).cues), features)
        words = (line.rsplit(" ", 1) for line in _lines(files, "words.txt"))
        self._segmenter = Tokenizer({word: int(n) for word, n in words}, int(manifest["jieba_total"]))

    def scores(self, texts: Sequence[str], titles: Sequence[str]) -> list[list[float]]:
        """Raw scores, shape (n_texts, n_labels)."""
        return [self._score(text, title) for text, title in zip(texts, titles, strict=True)]

    def reasons(self, text: str, title: str, labels: Sequence[int]) -> list[Reason]:
        """Why, for each of the label columns asked for; offsets into ``text``."""
        seen = self._see(text, title)
        return [self._reason(seen, label) for label in labels]

    def _see(self, text: str, title: str) -> _Seen:
        normalized, offsets = normalize_with_offsets(text)
        head, _ = normalize_with_offsets(title)
        spans, head_spans = self._segmenter.spans(normalized), self._segmenter.spans(head)
        return _Seen(self._analyser.analyse(normalized, spans, head, head_spans), spans, offsets)

    def _score(self, text: str, title: str) -> list[float]:
        analysis = self._see(text, title).analysis
        sentences = [self._sums(seen, analysis.title_features) for seen in analysis.seen] or [self._biases]
        wholes = list(map(self._whole, analysis.seen))
        return [
            pool(
                [row[label] for row in sentences],
                self._other_sentences_weight,
                offset,
                sum(row[label] for row in wholes),
            )
            for label, offset in enumerate(self._offsets)
        ]

    def _whole(self, seen: Iterable[Occurrence]) -> list[float]:
        """What one sentence's words count for the paragraph wherever they stand, per label."""
        damped = self._damped(seen).items()
        labels = range(len(self._biases))
        return [sum(value * self._paragraph_weight(row, label) for row, value in damped) for label in labels]

    def _paragraph_weight(self, row: int, label: int) -> float:
        at = (row - self._paragraph_first) * len(self._biases) + label
        return self._paragraph[at] if row >= self._paragraph_first else 0.0

    def _sums(self, seen: Iterable[Occurrence], title_features: Iterable[Occurrence]) -> list[float]:
        """Scores of one sentence, one per label."""
        labels = len(self._biases)
        sums = list(self._biases)
        for row, damped in self._damped(seen, title_features).items():
            for label, weight in enumerate(self._weights[row * labels : (row + 1) * labels]):
                sums[label] += damped * weight
        return sums

    def _damped(self, *groups: Iterable[Occurrence]) -> dict[int, float]:
        """Vocabulary row -> 1 + ln of how often it was seen."""
        counts = Counter(self._rows.get(seen.name, -1) for group in groups for seen in group)
        counts.pop(-1, None)
        return {row: 1.0 + log(number) for row, number in counts.items()}

    def _reason(self, seen: _Seen, label: int) -> Reason:
        analysis = seen.analysis
        sentences = [self._parts(found, label) for found in analysis.seen]
        title = sum(part[2] for part in self._parts(analysis.title_features, label))
        fixed = self._biases[label] + title
        totals = [sum(part[2] for part in parts) for parts in sentences]
        shares = self._shares(totals)
        parts = [
            (start, end, weight * share + whole)
            for found, share in zip(sentences, shares, strict=True)
            for start, end, weight, whole in found
        ]
        weights = spread(parts, len(seen.offsets))
        others = self._other_sentences_weight * (len(shares) - 1) * (fixed + self._offsets[label])
        outside = fixed + others if shares else self._biases[label]
        spans = merge(weights, seen.words, seen.offsets, (start for start, _ in analysis.sentences))
        return Reason(spans, outside)

    def _shares(self, totals: Sequence[float]) -> list[float]:
        """How much of each sentence's sum goes into the paragraph's: 1 for the best (the first of equals)."""
        best = totals.index(max(totals)) if totals else -1
        return [1.0 if at == best else self._other_sentences_weight for at in range(len(totals))]

    def _parts(self, seen: Sequence[Occurrence], label: int) -> list[tuple[int, int, float, float]]:
        """(start, end, weight, paragraph weight) of every occurrence of a known feature."""
        counts = Counter(occurrence.name for occurrence in seen)
        parts = []
        for name, start, end in seen:
            row = self._rows.get(name)
            if row is not None:
                number = counts[name]
                share = (1.0 + log(number)) / number
                weight = self._weights[row * len(self._biases) + label]
                parts.append((start, end, share * weight, share * self._paragraph_weight(row, label)))
        return parts


def _lines(files: BundleFiles, name: str) -> list[str]:
    return files.contents.get(name, b"").decode("utf-8").splitlines()


def _last_weights(files: BundleFiles, names: int, labels: int) -> array[float]:
    """Of the vocabulary's last names, what they count wherever they stand; none in a model of format 1."""
    rows = len(files.contents.get(PARAGRAPH, b"")) // (4 * labels)
    if rows > names:
        raise ModelError(
            _("has {rows} rows for {names} names", rows=rows, names=names), where=files.place(PARAGRAPH)
        )
    return _floats(files, PARAGRAPH, rows * labels)


def _floats(files: BundleFiles, name: str, size: int) -> array[float]:
    import sys

    numbers = array("f")
    data = files.contents.get(name, b"")
    if len(data) != size * numbers.itemsize:
        found = len(data) / numbers.itemsize
        raise ModelError(
            _("has {found:g} numbers, not {size}", found=found, size=size), where=files.place(name)
        )
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
