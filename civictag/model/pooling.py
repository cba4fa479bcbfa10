"""Sentence scores to the paragraph's: what a bundle says of it, and the definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

PARAGRAPH = "paragraph.f32"


def offsets_of(manifest: Mapping[str, Any]) -> list[float]:
    """What is added to every other sentence's score, one number per label.

    A model of format 1 has none: 1, because its sentences that say nothing of a label score -1.

    Raises:
        ValueError: they are not those of the labels.
    """
    labels = list(manifest["biases"])
    offsets = manifest.get("other_sentences_offsets", dict.fromkeys(labels, 1.0))
    if list(offsets) != labels:
        raise ValueError("its offsets of other sentences are not those of its labels")
    return [float(offset) for offset in offsets.values()]


def pool(scores: Sequence[float], share: float, offset: float, whole: float) -> float:
    """A paragraph's score: the best sentence's, a share of the others', and its words' wherever they stand.

    Args:
        scores: of the sentences, at least one.
        share: of the other sentences.
        offset: added to each of the others.
        whole: what the paragraph's words count wherever they stand.
    """
    best = max(scores)
    return best + share * (sum(scores) - best + offset * (len(scores) - 1)) + whole
