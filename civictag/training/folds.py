"""Which paragraphs are held out together, and from which ones their models may learn.

An article is never cut, and a model never learns from a near copy of what it is scored on. Whole
files (an author's or an outlet's style) are held out where the corpus has enough of them and none
carries most of a label: kept as one file per label, a fold would hold out the label itself.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civictag.datamodel import LabelledParagraph
from civictag.i18n import _

SMALL = 600  # paragraphs; below, ten folds: nine tenths of little are more like all of it than four fifths
MOST = 0.5  # share of a label's positives from which a file carries the label
MOST_COPIES = 0.25  # of a corpus; where more are copies, hardly anything would be left to learn from
RUN = 5  # paragraphs in a row that are held out together where there is one article only

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Folds:
    """How a corpus is cut.

    Attributes:
        parts: (learned from, scored), row numbers ascending; every row is scored once.
        by: what is held out whole: ``file``, ``article``, or ``run`` of paragraphs of the one article.
        left_out: rows that a fold's models do not learn from, near copies of what they score; summed
            over the folds.
        flatters: so much of the corpus is near copies that they had to be learned from.
    """

    parts: tuple[tuple[Rows, Rows], ...]
    by: str
    left_out: int
    flatters: bool = False

    def summary(self) -> str:
        """One sentence for the person who trains."""
        held = {
            "file": _("whole files (styles) are held out"),
            "article": _("whole articles are held out"),
            "run": _("one article only: runs of its paragraphs are held out, so the figures flatter"),
        }[self.by]
        summary = _("{count} folds; {held}", count=len(self.parts), held=held)
        if self.flatters:
            summary += _("; most paragraphs are near copies of others, so the figures flatter")
        return summary


def make_folds(
    rows: Sequence[LabelledParagraph],
    truth: NDArray[np.bool_],
    copies: NDArray[np.int64],
    folds: int,
    seed: int,
) -> Folds:
    """Cut a corpus into folds; the same rows and seed give the same folds.

    Args:
        rows: the corpus.
        truth: shape (n_paragraphs, n_labels).
        copies: a number per paragraph, the same for near copies (``civictag.text.shingles.clusters``).
        folds: how many; twice as many below ``SMALL`` paragraphs, fewer where there are fewer groups.
        seed: of the order of the groups.
    """
    by, groups = _groups(rows, truth, folds)
    wanted = folds if by == "file" or len(rows) >= SMALL else 2 * folds
    codes = np.unique(groups, return_inverse=True)[1]
    count = min(wanted, int(codes.max()) + 1)
    if count < 2:
        everything = np.arange(len(rows))
        return Folds(((everything, everything),), "run", 0)
    whole = _cut(truth, codes, count, seed)
    parts = [_without_copies(train, test, copies) for train, test in whole]
    left_out = sum(len(rows) - len(train) - len(test) for train, test in parts)
    if left_out > MOST_COPIES * len(rows) * (count - 1):
        return Folds(tuple(whole), by, 0, flatters=True)
    return Folds(tuple(parts), by, left_out)


def _groups(rows: Sequence[LabelledParagraph], truth: NDArray[np.bool_], folds: int) -> tuple[str, list[str]]:
    files = np.unique([row.file for row in rows], return_inverse=True)[1]
    if files.max() + 1 >= folds and not _carries_a_label(files, truth):
        return "file", [row.file for row in rows]
    if len({row.group for row in rows}) > 1:
        return "article", [row.group for row in rows]
    return "run", [str(number // RUN) for number in range(len(rows))]


def _carries_a_label(files: Rows, truth: NDArray[np.bool_]) -> bool:
    """Whether holding out one file would hold out most of a label."""
    counts = np.array([np.bincount(files, weights=column) for column in truth.T])
    totals = counts.sum(axis=1)
    return bool((counts.max(axis=1)[totals > 0] > MOST * totals[totals > 0]).any())


def _cut(truth: NDArray[np.bool_], codes: Rows, count: int, seed: int) -> list[tuple[Rows, Rows]]:
    """scikit-learn's folds; shares of the rarest labels are kept equal."""
    from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

    frequency = np.where(truth, truth.sum(axis=0), len(truth) + 1)
    rarest = np.where(truth.any(axis=1), frequency.argmin(axis=1), truth.shape[1])
    # The stratified cut tries every group in every fold; and it refuses where every label is rarer
    # than there are folds: twelve labels on forty paragraphs.
    if len(truth) > 20_000 or np.bincount(rarest).max() < count:
        return list(GroupKFold(count, shuffle=True, random_state=seed).split(truth, groups=codes))
    with warnings.catch_warnings():  # of labels with fewer paragraphs than folds; train names them itself
        warnings.simplefilter("ignore", UserWarning)
        cut = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
        return list(cut.split(truth, rarest, groups=codes))


def _without_copies(train: Rows, test: Rows, copies: NDArray[np.int64]) -> tuple[Rows, Rows]:
    return train[~np.isin(copies[train], copies[test])], test
