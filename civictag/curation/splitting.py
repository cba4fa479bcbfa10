"""A corpus in two parts, to learn from and to test with: articles and reprints whole, label shares kept."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civictag.datamodel import LabelledParagraph
from civictag.errors import CorpusError
from civictag.i18n import _
from civictag.text.shingles import clusters, sketches

_TRIES = 10  # orders of the articles that are tried; the parts with the likest label shares are taken


@dataclass(frozen=True, slots=True)
class Split:
    """A corpus in two.

    Attributes:
        train, test: row numbers, ascending.
        shares: label -> its share of the paragraphs in both parts.
        groups: what was kept whole: articles, those that share reprints counted as one.
        naive_f1, f1: micro-F1 of a textbook classifier (character TF-IDF, linear SVM), cross-validated by
            single paragraphs, and by the groups; None where no label has examples enough.
    """

    train: NDArray[np.int64]
    test: NDArray[np.int64]
    shares: dict[str, tuple[float, float]]
    groups: int
    naive_f1: float | None
    f1: float | None


def split(rows: Sequence[LabelledParagraph], ids: Sequence[str], share: float = 0.2, seed: int = 0) -> Split:
    """Cut a corpus; the same rows and seed give the same parts.

    scikit-learn's StratifiedGroupKFold on the rarest label of each paragraph, in several orders; of all
    its parts the one is taken whose label shares and size come nearest.

    Args:
        share: of the paragraphs that go into the test part, above 0 and below 1.

    Raises:
        CorpusError: all paragraphs belong together, as one article or by near copies.
    """
    groups = whole_groups(rows)
    if not groups.max():
        raise CorpusError(
            _("cannot be cut: all its paragraphs are of one article, or of articles with near copies"),
            where=rows[0].file or None,
            hint=_("Name the article of each paragraph in the column doc, or add other articles"),
        )
    truth = np.array([[label in row.labels for label in ids] for row in rows], dtype=bool)
    parts = list(_parts(truth, groups, share, seed))
    test = min(parts, key=lambda rows: _distance(truth, rows, share))
    train = np.setdiff1d(np.arange(len(rows)), test)
    shares = {x: (float(truth[train, i].mean()), float(truth[test, i].mean())) for i, x in enumerate(ids)}
    naive, honest = _claims([row.text for row in rows], truth, groups, seed)
    return Split(train, test, shares, int(groups.max()) + 1, naive, honest)


def whole_groups(rows: Sequence[LabelledParagraph]) -> NDArray[np.int64]:
    """A number per paragraph: the same for paragraphs of an article and of articles with near copies."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    articles = np.unique([row.group for row in rows], return_inverse=True)[1]
    copies = clusters(sketches(row.text for row in rows))
    size = int(articles.max()) + 1
    links = coo_matrix((np.ones(len(rows)), (articles, size + copies)), shape=(size + len(rows),) * 2)
    numbers = connected_components(links, directed=False)[1][articles]
    return np.unique(numbers, return_inverse=True)[1].astype(np.int64)


def _parts(
    truth: NDArray[np.bool_], groups: NDArray[np.int64], share: float, seed: int
) -> Iterator[NDArray[np.int64]]:
    from sklearn.model_selection import StratifiedGroupKFold

    count = min(max(2, round(1 / min(share, 1 - share))), int(groups.max()) + 1)
    rarest = _rarest(truth)
    if np.bincount(rarest).max() < count:  # scikit-learn refuses each label in fewer than there are parts
        rarest = np.zeros_like(rarest)
    for turn in range(_TRIES):
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # of labels with few paragraphs
            cut = StratifiedGroupKFold(count, shuffle=True, random_state=seed + turn)
            for train, test in cut.split(truth, rarest, groups):
                yield test if share <= 0.5 else train


def _rarest(truth: NDArray[np.bool_]) -> NDArray[np.int64]:
    if not truth.shape[1]:  # nobody has labelled it yet: it is cut by size
        return np.zeros(len(truth), np.int64)
    frequency = np.where(truth, truth.sum(axis=0), len(truth) + 1)
    return np.asarray(np.where(truth.any(axis=1), frequency.argmin(axis=1), truth.shape[1]))


def _distance(truth: NDArray[np.bool_], test: NDArray[np.int64], share: float) -> float:
    """How far the part is from ``share`` of every label and of the paragraphs, in the worst case."""
    totals = np.append(truth.sum(axis=0), len(truth))
    part = np.append(truth[test].sum(axis=0), len(test))
    return float(np.abs(part / np.maximum(totals, 1) - share)[totals > 0].max(initial=0.0))


def _claims(
    texts: Sequence[str], truth: NDArray[np.bool_], groups: NDArray[np.int64], seed: int
) -> tuple[float | None, float | None]:
    from sklearn.model_selection import GroupKFold, KFold

    kept = truth[:, (truth.sum(axis=0) >= 5) & ((~truth).sum(axis=0) >= 5)]
    count = min(5, int(groups.max()) + 1)
    if not kept.shape[1] or count < 2:
        return None, None
    naive = KFold(count, shuffle=True, random_state=seed).split(kept)
    honest = GroupKFold(count, shuffle=True, random_state=seed).split(kept, groups=groups)
    return _f1(texts, kept, list(naive)), _f1(texts, kept, list(honest))


def _f1(
    texts: Sequence[str],
    truth: NDArray[np.bool_],
    parts: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]],
) -> float | None:
    """F1 of a textbook tagger; None where no two texts share a piece to learn from."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import f1_score
    from sklearn.svm import LinearSVC

    pieces = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2)
    try:
        rows = pieces.fit_transform(texts)
    except ValueError:  # what it raises where nothing is left to count
        return None
    predicted = np.zeros_like(truth)
    for train, test in parts:
        for label in range(truth.shape[1]):
            if len(set(truth[train, label])) == 2:
                model = LinearSVC(class_weight="balanced").fit(rows[train], truth[train, label])
                predicted[test, label] = model.predict(rows[test])
    return float(f1_score(truth.ravel(), predicted.ravel(), zero_division=0))
