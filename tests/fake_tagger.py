"""A tagger whose answers a test decides beforehand, and paragraphs to ask it about."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from civictag.datamodel import Label, LabelledParagraph, ModelInfo

LABELS = tuple(Label(i, n) for i, n in (("a", "甲"), ("b", "乙"), ("c", "丙")))
IDS = tuple(label.id for label in LABELS)


@dataclass
class FakeTagger:
    """Answers the n-th paragraph with row n; gives a label from 0.5, asks for review within 0.1 of it."""

    answers: np.ndarray
    labels: tuple = LABELS
    name: str = "fake"

    @property
    def info(self):
        return ModelInfo(self.name, "1", "0" * 64, {})

    def probabilities(self, texts, titles):
        assert len(texts) == len(titles) == len(self.answers)
        return self.answers

    def decide(self, probabilities):
        return probabilities >= 0.5

    def review_mask(self, probabilities):
        return (abs(probabilities - 0.5) < 0.1).any(axis=1)


def paragraphs(truth: np.ndarray, docs=None, source="") -> list[LabelledParagraph]:
    """One paragraph per row of ``truth``; ``docs`` names the articles (default: five paragraphs each)."""
    docs = [str(i // 5) for i in range(len(truth))] if docs is None else docs
    return [
        LabelledParagraph(
            doc=doc, para=i, text=f"第{i}段", title=f"第{doc}篇", source=source,
            labels=tuple(label for label, given in zip(IDS, row, strict=True) if given),
        )
        for i, (doc, row) in enumerate(zip(docs, truth, strict=True))
    ]  # fmt: skip


def invent(n: int, seed: int, noise: float = 1.5) -> tuple[np.ndarray, np.ndarray]:
    """Truth (n, 3) and rounded probabilities (so that some tie) of a model that errs by ``noise`` logits."""
    rng = np.random.default_rng(seed)
    truth = rng.random((n, 3)) < [0.4, 0.2, 0.1]
    logits = np.where(truth, 1.5, -1.5) + rng.normal(0, noise, truth.shape)
    return truth, np.round(1 / (1 + np.exp(-logits)), 2)


def write_rain(path):
    """A corpus of 36 paragraphs in nine articles, every second one ``rain``: enough for a cue rule."""
    rows = [
        {"doc": f"d{i % 9}", "para": i, "text": f"第{i}天下了大雨。" if i % 2 else f"第{i}天晒谷子。",
         "labels": ["rain"] if i % 2 else []}
        for i in range(36)
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
