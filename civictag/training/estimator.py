"""civictag as a scikit-learn estimator: lists of texts in, labels and probabilities out."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from civictag.model import bundle
from civictag.model.tagger import Tagger
from civictag.settings import TrainSettings
from civictag.training.train import train

LISTS = (
    "y holds lists of labels; give a table of 0 and 1, one column per label:"
    " sklearn.preprocessing.MultiLabelBinarizer().fit_transform(y)"
)


class CivictagClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Learns from texts and labels; works in ``Pipeline``, ``cross_val_predict`` and ``GridSearchCV``.

    Args:
        jobs: processes of a training.
        seed: of the solver and the folds.
        folds: of the choice out of fold.

    Attributes:
        classes_: the labels, sorted; for a table of 0 and 1, its column numbers.
        manifest_: what the training says of itself, as in a bundle's ``manifest.json``.
    """

    def __init__(self, *, jobs: int = 1, seed: int = 0, folds: int = 5) -> None:
        self.jobs = jobs
        self.seed = seed
        self.folds = folds

    def fit(self, X: Sequence[str], y: Any, groups: Sequence[object] | None = None) -> CivictagClassifier:
        """Learn.

        Args:
            X: texts, one paragraph each.
            y: one label per text, shape (n,), or a table of 0 and 1, shape (n, n_labels).
            groups: the article of each text; each is an article of its own by default.

        Raises:
            ValueError: X is one text or empty, y is missing or holds no labels, or the lengths differ.
            TypeError: X holds something that is no text.
            CorpusError: the texts are too few to learn from.
        """
        texts, truth = _texts(X), _targets(y)
        if len(texts) != len(truth) or (groups is not None and len(groups) != len(texts)):
            raise ValueError("X, y and groups have different lengths")
        self.multilabel_ = truth.ndim == 2
        self.classes_ = np.arange(truth.shape[1]) if self.multilabel_ else np.unique(truth)
        table = truth.astype(bool) if self.multilabel_ else truth[:, None] == self.classes_
        articles = range(len(texts)) if groups is None else groups
        with tempfile.TemporaryDirectory(prefix="civictag-") as room:
            self._write(room, texts, table, articles)
            options = TrainSettings(seed=self.seed, folds=self.folds)
            folder = os.path.join(room, "model")
            paths = os.path.join(room, "corpus.jsonl"), os.path.join(room, "labels.toml")
            tagger = train([paths[0]], folder, paths[1], options=options, jobs=self.jobs)
            self.manifest_ = dict(tagger.info.manifest)
            self.files_ = {name: _bytes(os.path.join(folder, name)) for name in sorted(os.listdir(folder))}
        self._tagger: Tagger | None = None
        self._model()  # predicting changes nothing of the estimator
        return self

    def predict(self, X: Sequence[str]) -> NDArray[Any]:
        """Labels: shape (n,), or (n, n_labels) of 0 and 1 when fitted to such a table."""
        probable = self.predict_proba(X)
        if self.multilabel_:
            return self._model().decide(probable).astype(int)
        return np.asarray(self.classes_[probable.argmax(axis=1)])

    def predict_proba(self, X: Sequence[str]) -> NDArray[np.float64]:
        """Probabilities, shape (n, n_labels); rows add up to 1 when texts have one label each."""
        check_is_fitted(self, "files_")
        probable = self._model().probabilities(_texts(X))
        if self.multilabel_:
            return probable
        return np.asarray(probable / probable.sum(axis=1, keepdims=True))

    def decision_function(self, X: Sequence[str]) -> NDArray[np.float64]:
        """ln(p / (1 - p)) of each label, shape (n, n_labels); (n,), of the second, when there are two."""
        check_is_fitted(self, "files_")
        probable = np.clip(self._model().probabilities(_texts(X)), 1e-12, 1 - 1e-12)
        logits: NDArray[np.float64] = np.log(probable) - np.log1p(-probable)
        two = not self.multilabel_ and len(self.classes_) == 2
        return logits[:, 1] - logits[:, 0] if two else logits

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn may hand in: texts, one label each or several."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        tags.classifier_tags.multi_label = True
        return tags

    def _more_tags(self) -> dict[str, Any]:
        """The same for scikit-learn before 1.6."""
        return {"X_types": ["string"], "multilabel": True}

    def __getstate__(self) -> dict[str, Any]:
        """The bytes of the model travel, not the open model."""
        return {**super().__getstate__(), "_tagger": None}

    def _model(self) -> Tagger:
        if self._tagger is None:
            with tempfile.TemporaryDirectory(prefix="civictag-", ignore_cleanup_errors=True) as room:
                for name, data in self.files_.items():
                    with open(os.path.join(room, name), "wb") as file:
                        file.write(data)
                self._tagger = bundle.load(room)
        return self._tagger

    def _write(
        self, room: str, texts: Sequence[str], table: NDArray[np.bool_], articles: Sequence[object] | range
    ) -> None:
        """The corpus and the label set as files: a training is the same from the command line."""
        with open(os.path.join(room, "corpus.jsonl"), "w", encoding="utf-8") as file:
            for number, (text, row, article) in enumerate(zip(texts, table, articles, strict=True)):
                labels = [f"l{at}" for at in np.flatnonzero(row)]
                line = {"doc": str(article), "para": number, "text": text, "labels": labels}
                file.write(json.dumps(line) + "\n")
        with open(os.path.join(room, "labels.toml"), "w", encoding="utf-8") as file:
            file.write('format = 1\nname = "labels"\n')
            for at, name in enumerate(self.classes_):
                shown = json.dumps(str(name), ensure_ascii=False)
                file.write(f'[[labels]]\nid = "l{at}"\nname = {shown}\n')


def _texts(X: Sequence[str]) -> list[str]:
    if isinstance(X, str):
        raise ValueError("X is one text; give a list of texts")
    if hasattr(X, "tocsr"):
        raise TypeError("X is a sparse matrix; give a list of texts")
    if not len(X):
        raise ValueError("X is empty: 0 sample(s) where at least one text is needed")
    for number, text in enumerate(X):
        # A column of a table (shape (n, 1)) made "['…']" of every text, a missing one "nan".
        if not isinstance(text, str):
            kind = type(text).__name__
            raise TypeError(f"X: argument must be a string, not a number or {kind} (paragraph {number})")
    return [str(text) for text in X]


def _targets(y: Any) -> NDArray[Any]:
    """``y`` as an array, if it names labels."""
    from sklearn.utils.multiclass import check_classification_targets

    if y is None:
        raise ValueError("CivictagClassifier requires y to be passed, but the target y is None")
    try:
        truth = np.asarray(y)
    except ValueError:  # rows of different lengths
        raise ValueError(LISTS) from None
    if truth.dtype.kind == "O" and any(isinstance(row, list | tuple | set | frozenset) for row in truth.flat):
        raise ValueError(LISTS)
    if truth.ndim == 2 and truth.dtype.kind in "OUS":
        raise ValueError(LISTS)
    if truth.dtype.kind == "f" and not np.isfinite(truth).all():
        raise ValueError("Input y contains NaN or infinity")
    check_classification_targets(truth)
    return truth


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
