"""What a reader would try instead of civictag, each trained as its own documentation shows.

Every peer answers like a tagger (``labels``, ``info``, ``probabilities``, ``decide``,
``review_mask``), so one ruler measures them all. They get the same tokens, jieba's.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from functools import cache

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from civictag.datamodel import ModelInfo

NONE = "none"
FOLDS = 3
#: Characters between two parts of a cue, as labels/README.md promises.
GAP = 8


@cache
def tokens(text: str) -> list[str]:
    """jieba's tokens without the blanks; cut once, as all peers but the cue list want them."""
    import jieba

    jieba.setLogLevel("WARNING")
    return [token for token in jieba.lcut(text) if token.strip()]


def truth_of(paragraphs, labels) -> np.ndarray:
    return np.array([[label in p.labels for label in labels] for p in paragraphs])


class Peer:
    """The common half: a label set, a name, no review band; a label is given from ``cuts`` on."""

    name = ""
    cuts: np.ndarray | float = 0.5

    def __init__(self, taxonomy) -> None:
        self.taxonomy = taxonomy
        self.labels = taxonomy.labels
        self.info = ModelInfo(self.name, "", "", {})

    def decide(self, probabilities):
        return probabilities >= self.cuts

    def review_mask(self, probabilities):
        return np.zeros(len(probabilities), bool)


class CueList(Peer):
    """A label is given when one of its cues occurs; which classes of cue count is chosen on the corpus."""

    name = "cue list"

    def fit(self, paragraphs):
        hits, truth = self._hits([p.text for p in paragraphs]), truth_of(paragraphs, self.taxonomy.ids)
        kinds = sorted({kind for label, kind in self.classes if label and kind != "against"})
        sets = [s for n in range(1, len(kinds) + 1) for s in itertools.combinations(kinds, n)]
        self.kinds = max(sets, key=lambda s: f1_score(truth, self._given(hits, s), average="micro"))
        return self

    def probabilities(self, texts, titles):
        return self._given(self._hits(texts), self.kinds).astype(float)

    def _hits(self, texts) -> np.ndarray:
        """Shape (n, classes): which classes of cue occur."""
        from civictag.labels.cue_matcher import CueMatcher, cue_table
        from civictag.text.normalize import normalize
        from civictag.text.sentences import clause_spans

        table = cue_table(self.taxonomy.cues)
        matcher = CueMatcher(table, GAP)
        self.classes = [tuple(name.split(".")) for name in table.classes]
        found = np.zeros((len(texts), len(self.classes)), bool)
        for row, text in enumerate(map(normalize, texts)):
            for start, end in clause_spans(text, 0, len(text)):
                found[row, [hit[0] for hit in matcher.match(text[start:end])]] = True
        return found

    def _given(self, hits, kinds):
        columns = [
            [i for i, (label, kind) in enumerate(self.classes) if label == wanted and kind in kinds]
            for wanted in self.taxonomy.ids
        ]
        return np.column_stack([hits[:, c].any(axis=1) for c in columns])


class Linear(Peer):
    """scikit-learn's textbook chain: jieba's words as vectors, one classifier per label."""

    def __init__(self, taxonomy, name, vectorizer, estimator) -> None:
        self.name = name
        super().__init__(taxonomy)
        self._vectorizer = vectorizer
        self._estimator = estimator

    def fit(self, paragraphs):
        from sklearn.multiclass import OneVsRestClassifier
        from sklearn.pipeline import make_pipeline

        vectors = self._vectorizer(tokenizer=tokens, token_pattern=None, lowercase=False)
        self._model = make_pipeline(vectors, OneVsRestClassifier(self._estimator))
        self._model.fit([p.text for p in paragraphs], truth_of(paragraphs, self.taxonomy.ids))
        return self

    def probabilities(self, texts, titles):
        if hasattr(self._model, "predict_proba"):
            return self._model.predict_proba(texts)
        # LinearSVC decides at 0; the sigmoid only keeps its order on a scale from 0 to 1.
        return 1 / (1 + np.exp(-self._model.decision_function(texts)))


class FastText(Peer):
    """fastText, one-vs-all, its settings and cuts chosen on out-of-fold scores grouped by article.

    A line without label would be skipped by fastText, and with it all that it could learn of what is
    no label; so unlabelled paragraphs get a label of their own, whose score is then left aside.
    """

    name = "fastText"
    #: lr, epoch, wordNgrams.
    GRID = tuple(itertools.product((0.25, 0.5, 1.0), (15, 40), (1, 2)))

    def fit(self, paragraphs):
        truth = truth_of(paragraphs, self.taxonomy.ids)
        groups = [p.group for p in paragraphs]
        folds = list(GroupKFold(FOLDS).split(truth, groups=groups))
        trials = [(self._trial(paragraphs, truth, folds, setting), setting) for setting in self.GRID]
        (_, self.cuts), self.setting = max(trials, key=lambda trial: trial[0][0])
        self._model = self._train(paragraphs, self.setting)
        return self

    def probabilities(self, texts, titles):
        return self._scores(self._model, texts)

    def _trial(self, paragraphs, truth, folds, setting):
        """Micro-F1 out of fold at the best cut of each label, and those cuts."""
        scores = np.zeros(truth.shape)
        for train, test in folds:
            model = self._train([paragraphs[i] for i in train], setting)
            scores[test] = self._scores(model, [paragraphs[i].text for i in test])
        cuts = np.array([best_cut(t, s) for t, s in zip(truth.T, scores.T, strict=True)])
        return f1_score(truth, scores >= cuts, average="micro"), cuts

    @staticmethod
    def _train(paragraphs, setting):
        import fasttext

        lr, epoch, ngrams = setting
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8", delete=False) as file:
            for p in paragraphs:
                labels = " ".join(f"__label__{label}" for label in p.labels or (NONE,))
                file.write(f"{labels} {' '.join(tokens(p.text))}\n")
        try:
            return fasttext.train_supervised(
                file.name, loss="ova", lr=lr, epoch=epoch, wordNgrams=ngrams, dim=50, bucket=200_000,
                thread=1, seed=0, verbose=0,
            )  # fmt: skip
        finally:
            os.unlink(file.name)

    def _scores(self, model, texts):
        # The binding itself: ``model.predict`` breaks on NumPy 2 when it gets one text, and for a list
        # of texts it repeats the best label's probability for all labels.
        scores = np.zeros((len(texts), len(self.labels)))
        column = {f"__label__{label}": i for i, label in enumerate(self.taxonomy.ids)}
        for row, text in enumerate(texts):
            for value, name in model.f.predict(" ".join(tokens(text)) + "\n", -1, 0.0, "strict"):
                if name in column:
                    scores[row, column[name]] = value
        return scores


def best_cut(truth, scores) -> float:
    """The score from which giving the label has the best F1."""
    from sklearn.metrics import precision_recall_curve

    precision, recall, cuts = precision_recall_curve(truth, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(cuts[np.argmax(f1[:-1])])


def all_peers(taxonomy) -> list:
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import ComplementNB
    from sklearn.svm import LinearSVC

    return [
        CueList(taxonomy),
        Linear(taxonomy, "TF-IDF + LinearSVC", TfidfVectorizer, LinearSVC(random_state=0)),
        Linear(taxonomy, "TF-IDF + LogisticRegression", TfidfVectorizer, LogisticRegression(max_iter=1000)),
        # On counts: on TF-IDF it finds almost nothing one-vs-rest (micro-F1 0.19 against 0.56).
        Linear(taxonomy, "complement naive Bayes", CountVectorizer, ComplementNB()),
        FastText(taxonomy),
    ]
