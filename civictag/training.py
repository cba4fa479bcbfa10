"""Labelled paragraphs to a model: analyse once, learn, score out of fold, write the bundle.

The analysis (folding, jieba, cues, n-grams) is cached between trainings by joblib, and folds and
labels are learned in parallel. The same corpus, label set and settings give the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civictag import bundle, calibration
from civictag.calibration import Calibration
from civictag.corpus_io import corpus_sha256, read_corpus
from civictag.cues import CueTable, cue_table
from civictag.features import Analyser
from civictag.folding import fold
from civictag.learning import Bags, calibrate, fit_label, out_of_fold
from civictag.records import LabelledParagraph
from civictag.segmenter import Segmenter, user_dictionary
from civictag.settings import FeatureSettings, TrainSettings
from civictag.tables import build_tables
from civictag.tagger import Tagger
from civictag.taxonomy import Taxonomy, read_taxonomy
from civictag.version import __version__
from civictag.vocabulary import Counted, Vocabulary, count, learn_vocabulary

CHUNK = 500  # paragraphs a parallel piece of work
Words = tuple[dict[str, int], int]  # user words with frequencies, and jieba's total


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything that goes into a bundle."""

    vocabulary: Vocabulary
    weights: NDArray[np.float32]
    biases: list[float]
    calibrations: list[Calibration]
    held_scores: NDArray[np.float64]


def train(
    corpus: Sequence[str],
    folder: str,
    labels: str = "civic",
    *,
    name: str | None = None,
    options: TrainSettings | None = None,
    jobs: int = 1,
    cache: str | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Tagger:
    """Learn a model from labelled paragraphs, write its bundle, and load it.

    Args:
        corpus: ``.jsonl`` files or folders of them.
        folder: where the bundle goes; an older bundle there is replaced at the end.
        labels: a shipped label set's name, or the path of a TOML file.
        name: the model's name; the folder's by default.
        cache: a folder for analysed corpora, or None to analyse anew.
        progress: is told each step's name as it begins.

    Returns:
        The tagger; ``info.manifest["out_of_fold"]`` holds its scores.

    Raises:
        CorpusError, TaxonomyError, ModelError: as their readers and writers say.
    """
    options = options or TrainSettings()
    taxonomy = read_taxonomy(labels)
    rows = read_corpus(corpus, taxonomy.ids)
    features = FeatureSettings()
    table = cue_table(taxonomy.cues)
    progress(f"analysing {len(rows)} paragraphs")
    words = user_dictionary(user_words(taxonomy))
    counted = _counted(rows, table, words, features, jobs, cache)
    truth = truth_of(rows, taxonomy.ids)
    progress("learning, and scoring out of fold")
    learned = _learn(counted, truth, style_groups(rows, options.folds), options, jobs)
    progress("writing")
    files = _files(learned, taxonomy, table, words, features)
    manifest = _manifest(learned, taxonomy, rows, truth, options, features, words)
    title = name or os.path.basename(os.path.abspath(folder))
    bundle.save(files, {"name": title, **manifest}, folder)
    return bundle.load(folder)


def user_words(taxonomy: Taxonomy) -> list[str]:
    """Cues that jieba should keep whole: one-part literals of 2 to 6 Chinese characters."""
    literals = (cue.parts[0] for cue in taxonomy.cues if len(cue.parts) == 1 and cue.label)
    whole = (word for part in literals for word in part if 2 <= len(word) <= 6)
    return sorted({word for word in whole if all("\u4e00" <= char <= "\u9fd5" for char in word)})


def truth_of(rows: Sequence[LabelledParagraph], ids: Sequence[str]) -> NDArray[np.bool_]:
    """Labels as a table, shape (n_paragraphs, n_labels)."""
    return np.array([[label in row.labels for label in ids] for row in rows], dtype=bool)


def style_groups(rows: Sequence[LabelledParagraph], folds: int) -> list[str]:
    """What a fold holds out: whole files where the corpus has enough, else whole articles.

    A file is one author's or one outlet's style. Scores of a model that never saw the style are
    lower, as they are on the user's text: thresholds learned on seen styles cost 0.02 of F1 on
    real articles (docs/quality.md).
    """
    files = {row.file for row in rows}
    return [row.file if len(files) >= folds else row.group for row in rows]


def _counted(
    rows: Sequence[LabelledParagraph], table: CueTable, words: Words,
    features: FeatureSettings, jobs: int, cache: str | None,
) -> Counted:
    from joblib import Memory

    texts = [(row.text, row.title) for row in rows]
    analyse = Memory(cache, verbose=0).cache(_count_all, ignore=["jobs"])
    counted: Counted = analyse(texts, table, words, features, __version__, jobs=jobs)
    return counted


def _count_all(
    texts: list[tuple[str, str]], table: CueTable, words: Words,
    features: FeatureSettings, version: str, *, jobs: int,
) -> Counted:
    from joblib import Parallel, delayed

    chunks = (texts[at : at + CHUNK] for at in range(0, len(texts), CHUNK))
    work = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(name_features)(chunk, table, words, features) for chunk in chunks
    )
    return count(paragraph for chunk in work for paragraph in chunk)


def name_features(
    texts: Sequence[tuple[str, str]], table: CueTable, words: Words, features: FeatureSettings
) -> list[list[list[str]]]:
    """Feature names of each (text, title): a list of sentences, each a list of names."""
    analyser = Analyser(table, features)
    segmenter = Segmenter(*words)

    def sentences(text: str, title: str) -> Iterator[list[str]]:
        folded, head = fold(text), fold(title)
        found = analyser.analyse(folded, segmenter.spans(folded), head, segmenter.spans(head))
        around = [seen.name for seen in found.around]
        for sentence in found.seen:
            yield [seen.name for seen in sentence] + around

    return [list(sentences(text, title)) for text, title in texts]


def _learn(
    counted: Counted, truth: NDArray[np.bool_], groups: Sequence[str], options: TrainSettings, jobs: int
) -> Learned:
    from joblib import Parallel, delayed

    vocabulary, bags = learn_vocabulary(counted, options)
    held = out_of_fold(bags, truth, groups, options, jobs)
    fitted: list[tuple[NDArray[np.float64], float]] = Parallel(n_jobs=jobs)(
        delayed(fit_label)(bags, column, options) for column in truth.T
    )
    weights = np.stack([vocabulary.scales * column for column, _ in fitted], axis=1)
    return Learned(
        vocabulary,
        np.ascontiguousarray(weights, dtype="<f4"),
        [bias for _, bias in fitted],
        [calibrate(held[:, i], truth[:, i], options) for i in range(truth.shape[1])],
        held,
    )


def _files(
    learned: Learned, taxonomy: Taxonomy, table: CueTable, words: Words, features: FeatureSettings
) -> dict[str, bytes]:
    names = learned.vocabulary.names
    return {
        "taxonomy.json": bundle.json_bytes(taxonomy.raw),
        "words.txt": "".join(f"{word} {number}\n" for word, number in words[0].items()).encode(),
        "vocabulary.txt": "".join(f"{name}\n" for name in names).encode(),
        "weights.f32": learned.weights.tobytes(),
        "tables.bin": build_tables(names, table, words, features),
    }


def _manifest(
    learned: Learned, taxonomy: Taxonomy, rows: Sequence[LabelledParagraph], truth: NDArray[np.bool_],
    options: TrainSettings, features: FeatureSettings, words: Words,
) -> dict[str, Any]:
    ids = taxonomy.ids
    return {
        "version": taxonomy.version,
        "label_set": {"name": taxonomy.name, "version": taxonomy.version, "sha256": taxonomy.sha256},
        "labels": [asdict(label) for label in taxonomy.labels],
        "features": asdict(features),
        "training": asdict(options),
        "jieba_total": words[1],
        "company": options.company,
        "biases": dict(zip(ids, learned.biases, strict=True)),
        "calibration": {i: calibration.to_data(c) for i, c in zip(ids, learned.calibrations, strict=True)},
        "corpus": {"sha256": corpus_sha256(rows), "paragraphs": len(rows),
                   "articles": len({row.group for row in rows})},
        "out_of_fold": held_figures(learned.held_scores, truth, learned.calibrations, ids),
        "libraries": _libraries(),
    }


def held_figures(
    scores: NDArray[np.float64], truth: NDArray[np.bool_], calibrations: Sequence[Calibration], ids: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Out-of-fold figures by label: counts of right and wrong, precision, recall, F1; micro, macro."""
    from sklearn.metrics import precision_recall_fscore_support as prf

    given = np.array([[c.probability(s) >= c.threshold for c, s in zip(calibrations, row, strict=True)]
                      for row in scores])
    figures = {}
    for i, label in enumerate(ids):
        p, r, f, _ = prf(truth[:, i], given[:, i], average="binary", zero_division=0)
        figures[label] = {"precision": p, "recall": r, "f1": f, **_confusion(truth[:, i], given[:, i])}
    for average in ("micro", "macro"):
        p, r, f, _ = prf(truth, given, average=average, zero_division=0)
        figures[average] = {"precision": p, "recall": r, "f1": f}
    return {key: {k: round(float(v), 6) for k, v in row.items()} for key, row in figures.items()}


def _confusion(truth: NDArray[np.bool_], given: NDArray[np.bool_]) -> dict[str, int]:
    """Counts from which ``civictag stats`` takes the label's error rates."""
    return {
        "true_positives": int((truth & given).sum()),
        "false_positives": int((~truth & given).sum()),
        "false_negatives": int((truth & ~given).sum()),
        "true_negatives": int((~truth & ~given).sum()),
    }


def _libraries() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("jieba", "numpy", "scikit-learn", "scipy")} | {"civictag": __version__}
