"""Whether a test set was seen in training: near copies of paragraphs that the model remembers as hashes."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from civictag.datamodel import LabelledParagraph
from civictag.i18n import Said, said
from civictag.text.shingles import SKETCH, Sketches, seen_in, sketches

FINGERPRINTS = "fingerprints.u32"


def remembered(folder: str) -> Sketches:
    """Sketches of the paragraphs that a model learned from, shape (n, SKETCH); n is 0 where none were kept.

    Args:
        folder: the model's; models of before version 0.1 keep no fingerprints.
    """
    path = os.path.join(folder, FINGERPRINTS)
    if not folder or not os.path.isfile(path):
        return np.empty((0, SKETCH), np.uint32)
    return np.fromfile(path, dtype="<u4").reshape(-1, SKETCH)


def leak_notes(folder: str, paragraphs: Sequence[LabelledParagraph]) -> tuple[Said, ...]:
    """A note with the count of paragraphs that are in the training corpus; () when none is known to be.

    Args:
        folder: the model's.
        paragraphs: the test set.
    """
    known = remembered(folder)
    if not len(known):
        return ()
    seen = seen_in(sketches(p.text for p in paragraphs), known)
    if not seen.any():
        return ()
    articles = {p.group for p, copy in zip(paragraphs, seen, strict=True) if copy}
    return (
        said(
            "(nearly) in the corpus that the model learned from: paragraphs {count} of {total}, articles"
            " {articles}; these figures flatter: evaluate on articles that it has not seen",
            count=int(seen.sum()),
            total=len(seen),
            articles=len(articles),
        ),
    )
