"""Labelled paragraphs to a model: analyse once, learn, score out of fold, write the bundle.

Folds and labels are learned in parallel. The same corpus, label set and settings give the same
bytes, whatever the number of processes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civictag.datamodel import LabelledParagraph
from civictag.features.count_corpus import Lookups, count_corpus, lookups
from civictag.features.vocabulary import Counted, Vocabulary, learn_vocabulary
from civictag.labels.label_set import Taxonomy, read_taxonomy
from civictag.model import bundle, calibration
from civictag.model.calibration import Calibration
from civictag.model.compile_tables import build_tables
from civictag.model.tagger import Tagger
from civictag.settings import TrainSettings
from civictag.training.corpus import corpus_sha256, read_corpus
from civictag.training.mi_svm import calibrate, fit_label, out_of_fold
from civictag.training.oof_scores import held_figures
from civictag.version import __version__


@dataclass(frozen=True, slots=True)
class Learned:
    """What learning adds to the label set.

    Attributes:
        vocabulary: the feature names.
        weights: shape (n_names, n_labels), the vocabulary's scales multiplied in.
        biases, calibrations: one a label.
        held_scores: raw scores out of fold, shape (n_paragraphs, n_labels).
    """

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
    corrections: Sequence[LabelledParagraph] = (),
    name: str | None = None,
    options: TrainSettings | None = None,
    jobs: int = 1,
    cache: str | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Tagger:
    """Learn a model, write its bundle, and load it; ``info.manifest["out_of_fold"]`` has its scores.

    Args:
        corpus: ``.jsonl`` files or folders of them.
        folder: where the bundle goes; an older bundle there is replaced at the end.
        labels: a shipped label set's name, or the path of a TOML file.
        corrections: further paragraphs, from ``civictag.review.selection.read_corrections``.
        name: the model's name; the folder's by default.
        cache: a folder for analysed corpora, or None to analyse anew.
        progress: is told each step's name as it begins.

    Raises:
        CorpusError, TaxonomyError, ModelError: as their readers and writers say.
    """
    bundle.check_target(folder)
    options = options or TrainSettings()
    taxonomy = read_taxonomy(labels)
    rows = [*read_corpus(corpus, taxonomy.ids), *corrections]
    progress(f"analysing {len(rows)} paragraphs")
    known = lookups(taxonomy)
    counted = count_corpus(rows, known, jobs, cache)
    progress("learning, and scoring out of fold")
    learned = _learn(counted, rows, taxonomy.ids, options, jobs)
    progress("writing")
    title = {"name": name or os.path.basename(os.path.abspath(folder))}
    manifest = title | _manifest(learned, taxonomy, rows, options, known)
    bundle.write(_files(learned, taxonomy, known), manifest, folder)
    return bundle.load(folder)


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


def _learn(
    counted: Counted,
    rows: Sequence[LabelledParagraph],
    ids: Sequence[str],
    options: TrainSettings,
    jobs: int,
) -> Learned:
    from joblib import Parallel, delayed

    truth = truth_of(rows, ids)
    vocabulary, bags = learn_vocabulary(counted, options)
    held = out_of_fold(bags, truth, style_groups(rows, options.folds), options, jobs)
    fitted: list[tuple[NDArray[np.float64], float]] = Parallel(n_jobs=jobs)(
        delayed(fit_label)(bags, column, options) for column in truth.T
    )
    weights = np.stack([vocabulary.scales * column for column, _ in fitted], axis=1)
    return Learned(
        vocabulary,
        np.ascontiguousarray(weights, dtype="<f4"),
        [bias for _, bias in fitted],
        calibrate(held, truth, options),
        held,
    )


def _files(learned: Learned, taxonomy: Taxonomy, known: Lookups) -> dict[str, bytes]:
    names = learned.vocabulary.names
    return {
        "taxonomy.json": bundle.json_bytes(taxonomy.raw),
        "words.txt": "".join(f"{word} {number}\n" for word, number in known.words.items()).encode(),
        "vocabulary.txt": "".join(f"{name}\n" for name in names).encode(),
        "weights.f32": learned.weights.tobytes(),
        "tables.bin": build_tables(names, known.table, (known.words, known.total), known.features),
    }


def _manifest(
    learned: Learned,
    taxonomy: Taxonomy,
    rows: Sequence[LabelledParagraph],
    options: TrainSettings,
    known: Lookups,
) -> dict[str, Any]:
    ids = taxonomy.ids
    return {
        "version": taxonomy.version,
        "label_set": {"name": taxonomy.name, "version": taxonomy.version, "sha256": taxonomy.sha256},
        "labels": [asdict(label) for label in taxonomy.labels],
        "features": asdict(known.features),
        "training": asdict(options),
        "jieba_total": known.total,
        "company": options.other_sentences_weight,
        "biases": dict(zip(ids, learned.biases, strict=True)),
        "calibration": {i: calibration.to_data(c) for i, c in zip(ids, learned.calibrations, strict=True)},
        "corpus": {
            "sha256": corpus_sha256(rows),
            "paragraphs": len(rows),
            "articles": len({row.group for row in rows}),
            "files": dict(sorted(Counter(row.file for row in rows).items())),
            "corrections": sum(row.source == "corrections" for row in rows),
        },
        "out_of_fold": held_figures(learned.held_scores, truth_of(rows, ids), learned.calibrations, ids),
        "libraries": _libraries(),
    }


def _libraries() -> dict[str, str]:
    from importlib.metadata import version

    found = {name: version(name) for name in ("jieba", "numpy", "scikit-learn", "scipy")}
    return found | {"civictag": __version__}
