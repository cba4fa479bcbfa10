"""Labelled paragraphs to a model: analyse once, learn, score out of fold, write the bundle.

Folds and labels are learned in parallel. The same corpus, label set and settings give the same
bytes, whatever the number of processes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from civictag.corpus.files import corpus_files, corpus_sha256, read_corpus
from civictag.corpus.finding import file_names, once
from civictag.datamodel import Label, LabelledParagraph
from civictag.features.count_corpus import Lookups, count_corpus, lookups
from civictag.i18n import _, ngettext
from civictag.labels.label_set import Taxonomy, read_taxonomy
from civictag.model import bundle, calibration
from civictag.model.compile_tables import build_tables
from civictag.model.tagger import Tagger
from civictag.settings import FeatureSettings, TrainSettings
from civictag.text.shingles import clusters, sketches
from civictag.training.guards import notes
from civictag.training.learn import Learned, learn, summary
from civictag.training.material import Material, article_numbers, truth_of
from civictag.training.oof_scores import held_figures, write_oof
from civictag.training.sampling import sample
from civictag.version import __version__

LEAST_OWN = 30  # paragraphs of one's own from which their weight can be learned


def train(
    corpus: Sequence[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    labels: str | os.PathLike[str] = "civic",
    *,
    corrections: Sequence[LabelledParagraph] = (),
    own: Sequence[str | os.PathLike[str]] = (),
    oof: str | os.PathLike[str] | None = None,
    name: str | None = None,
    options: TrainSettings | None = None,
    jobs: int = 1,
    cache: str | os.PathLike[str] | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Tagger:
    """Learn a model, write its bundle, and load it; ``info.manifest["out_of_fold"]`` has its scores.

    Args:
        corpus: files of labelled paragraphs, or folders of them, as ``read_corpus`` reads them.
        folder: where the bundle goes; an older bundle there is replaced at the end.
        labels: a shipped label set's name, or the path of a TOML file.
        corrections: further paragraphs, from ``civictag.review.corrections.read_corrections``.
        own: further such files, one's own text: how often it (and the corrections) count is learned.
        oof: a CSV file for every paragraph's out-of-fold probabilities, or None.
        name: the model's; the label set's by default.
        cache: a folder for analysed corpora, or None to analyse anew.
        progress: is told each step's name as it begins, and what should be known of the corpus.

    Raises:
        CorpusError, TaxonomyError, ModelError: as their readers and writers say.
    """
    bundle.check_target(folder := os.fspath(folder))
    options, taxonomy = options or TrainSettings(), read_taxonomy(os.fspath(labels))
    rows, mine = _rows(corpus, own, corrections, taxonomy.labels, progress)
    known = lookups(taxonomy, options.clauses)
    material = _material(rows, mine, taxonomy, known, options, jobs, os.fspath(cache or "") or None, progress)
    learned = _learned(material, options, jobs, progress)
    if oof is not None:
        write_oof(material.rows, taxonomy.ids, learned.choice, os.fspath(oof))
    progress(_("writing"))
    return _written(learned, material, rows, taxonomy, known, options, name, folder)


def _learned(
    material: Material, options: TrainSettings, jobs: int, progress: Callable[[str], None]
) -> Learned:
    from threadpoolctl import threadpool_limits

    progress(_("learning, and scoring out of fold"))
    # Products of short vectors: threads that wait for each other took a quarter of a small training's time.
    with threadpool_limits(1, "blas"):
        learned = learn(material, options, jobs, progress)
    for note in summary(learned):
        progress(note)
    return learned


def _rows(
    corpus: Sequence[str | os.PathLike[str]],
    own: Sequence[str | os.PathLike[str]],
    corrections: Sequence[LabelledParagraph],
    labels: Sequence[Label],
    tell: Callable[[str], None],
) -> tuple[list[LabelledParagraph], list[bool]]:
    """All labelled paragraphs, and which are the user's own."""
    own_files, files = corpus_files(own), corpus_files(corpus)  # refuse one path where a list is meant
    paths = [*corpus, *own]
    rows = read_corpus(paths, labels, tell) if paths else []
    kept = once([*files, *own_files])
    names = file_names(kept.values())
    mine = {names[kept[os.path.realpath(file)]] for file in own_files}
    return [*rows, *corrections], [row.file in mine for row in rows] + [True] * len(corrections)


def _written(
    learned: Learned,
    material: Material,
    rows: Sequence[LabelledParagraph],
    taxonomy: Taxonomy,
    known: Lookups,
    options: TrainSettings,
    name: str | None,
    folder: str,
) -> Tagger:
    """The bundle, written and loaded."""
    final = replace(known, features=_features(learned.weights.every_name(), known))
    title = {"name": name or taxonomy.name}
    manifest = title | _manifest(learned, taxonomy, material, rows, options, final)
    bundle.write(_files(learned, taxonomy, final, material.rows), manifest, folder)
    return bundle.load(folder)


def _material(
    rows: Sequence[LabelledParagraph],
    own: Sequence[bool],
    taxonomy: Taxonomy,
    known: Lookups,
    options: TrainSettings,
    jobs: int,
    cache: str | None,
    progress: Callable[[str], None],
) -> Material:
    """The rows that are learned from, checked and analysed."""
    truth = truth_of(rows, taxonomy.ids)
    kept, weights = sample(article_numbers(rows), truth, options.most, options.seed)
    if len(kept) < len(rows):
        message = _("learning from {count} of {total} paragraphs, whole articles drawn at random;"
                 " more would change little", count=len(kept), total=len(rows))  # fmt: skip
        progress(message)
    rows, truth, mine = [rows[row] for row in kept], truth[kept], np.array(own)[kept]
    progress(ngettext("analysing {count} paragraph", "analysing {count} paragraphs", len(rows)))
    copies = clusters(sketches(row.text for row in rows))
    for note in notes(rows, copies):
        progress(note)
    counted = count_corpus(rows, known, jobs, cache)
    beside = np.flatnonzero(mine) if LEAST_OWN <= mine.sum() < len(rows) / 2 else np.array([], np.int64)
    return Material(
        counted, rows, truth, taxonomy.ids, article_numbers(rows), copies, weights, beside, known.table
    )  # fmt: skip


def _features(names: Sequence[str], known: Lookups) -> FeatureSettings:
    """The settings of analysis for a model: characters alone only if it knows one."""
    alone = any(name.startswith("c:") and len(name) == 3 for name in names)
    return replace(known.features, char_min=1 if alone else FeatureSettings().char_min)


def _files(
    learned: Learned, taxonomy: Taxonomy, known: Lookups, rows: Sequence[LabelledParagraph]
) -> dict[str, bytes]:
    names = learned.weights.every_name()
    return {
        **learned.weights.files(),
        "taxonomy.json": bundle.json_bytes(taxonomy.raw),
        "words.txt": "".join(f"{word} {number}\n" for word, number in known.words.items()).encode(),
        "fingerprints.u32": sketches(row.text for row in rows).astype("<u4").tobytes(),
        "tables.bin": build_tables(names, known.table, (known.words, known.total), known.features),
    }


def _manifest(
    learned: Learned,
    taxonomy: Taxonomy,
    material: Material,
    rows: Sequence[LabelledParagraph],
    options: TrainSettings,
    known: Lookups,
) -> dict[str, Any]:
    ids, best = taxonomy.ids, learned.choice.best
    return {
        "version": taxonomy.version,
        "label_set": {"name": taxonomy.name, "version": taxonomy.version, "sha256": taxonomy.sha256},
        "labels": [asdict(label) for label in taxonomy.labels],
        "features": asdict(known.features),
        "training": asdict(options),
        "chosen": _chosen(learned),
        "not_learned": {label: asdict(missing) for label, missing in learned.missing.items()},
        "hardly_learned": list(learned.hardly),
        "jieba_total": known.total,
        "company": best.other_sentences_weight,
        "biases": dict(zip(ids, learned.biases, strict=True)),
        **_offsets(learned, ids),
        "calibration": {i: calibration.to_data(c) for i, c in zip(ids, learned.calibrations, strict=True)},
        "corpus": {
            "sha256": corpus_sha256(rows),
            "paragraphs": len(rows),
            "articles": len({row.group for row in rows}),
            "files": dict(sorted(Counter(row.file for row in rows).items())),
            "corrections": sum(row.source == "corrections" for row in rows),
            "learned_from": len(material.rows),
        },
        "out_of_fold": held_figures(
            learned.choice.decisions, material.truth, ids, learned.missing, material.articles
        ),
        "libraries": _libraries(),
    }


def _offsets(learned: Learned, ids: Sequence[str]) -> dict[str, dict[str, float]]:
    """Left out where all are 1: such a model is of format 1."""
    same = not learned.weights.whole.size and set(learned.offsets) == {1.0}
    return {} if same else {"other_sentences_offsets": dict(zip(ids, learned.offsets, strict=True))}


def _chosen(learned: Learned) -> dict[str, Any]:
    best, own = learned.choice.best, learned.own
    return {
        **asdict(best.learner),
        "other_sentences_weight": best.other_sentences_weight,
        "every_label_given": learned.blind,
        "folds": len(learned.folds.parts),
        "held_out": learned.folds.by,
        "own": own and {"weight": own.weight, "micro_f1": own.gained, "micro_f1_without": own.without},
        "tried": [{**asdict(learner), "f1": round(f1, 6)} for learner, f1 in learned.choice.tried],
    }


def _libraries() -> dict[str, str]:
    from importlib.metadata import version

    found = {name: version(name) for name in ("jieba", "numpy", "scikit-learn", "scipy")}
    return found | {"civictag": __version__}
