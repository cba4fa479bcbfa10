"""A model without training: the label set's cues alone, with a probability for each class of cue.

The probabilities are set, not measured; whoever tags so is told, and every output names the model
``cues``. A few hundred labelled paragraphs give better ones (``civictag train``).
"""

from __future__ import annotations

from dataclasses import asdict
from math import log
from typing import Any

import numpy as np

from civictag.corpus.files import corpus_sha256
from civictag.errors import TaxonomyError
from civictag.features.count_corpus import Lookups, lookups
from civictag.i18n import _
from civictag.labels.label_set import Taxonomy
from civictag.model import bundle, calibration
from civictag.model.calibration import Calibration
from civictag.model.compile_tables import build_tables
from civictag.settings import FeatureSettings, TrainSettings
from civictag.training.not_learned import cue_names
from civictag.version import __version__

NAME = "cues"
PROBABILITIES = {"strong": 0.9, "weak": 0.3}
"""Of a label in a paragraph with one cue of that class; cues of several classes add up in logits."""
OTHERWISE, WITHOUT = 0.7, 0.03  # any other class; no cue
_GIVEN, _DOUBTFUL = 0.5, (0.15, 0.65)


def write_cue_model(taxonomy: Taxonomy, folder: str) -> None:
    """Write the bundle of a model that knows the cues and nothing else.

    Raises:
        TaxonomyError: no label has a cue.
        ModelError: the folder cannot be written.
    """
    known = lookups(taxonomy)
    names = sorted(name for label in taxonomy.ids for name in cue_names(label, known.table))
    if not names:
        raise TaxonomyError(
            _("no label has a cue, so nothing can be tagged without training"),
            where=taxonomy.name,
            hint=_('Write words under [labels.cues], such as strong = ["…"]'),
        )
    files = {
        "taxonomy.json": bundle.json_bytes(taxonomy.raw),
        "words.txt": "".join(f"{word} {number}\n" for word, number in known.words.items()).encode(),
        "vocabulary.txt": "".join(f"{name}\n" for name in names).encode(),
        "weights.f32": _weights(names, taxonomy.ids).tobytes(),
        "tables.bin": build_tables(names, known.table, (known.words, known.total), FeatureSettings()),
    }
    bundle.write(files, _manifest(taxonomy, known), folder)


def _weights(names: list[str], ids: tuple[str, ...]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Logits above those of no cue, shape (n_names, n_labels)."""
    table = np.zeros((len(names), len(ids)), dtype="<f4")
    for row, name in enumerate(names):
        label, _dot, kind = name.removeprefix("k:").partition(".")
        table[row, ids.index(label)] = _logit(PROBABILITIES.get(kind, OTHERWISE)) - _logit(WITHOUT)
    return table


def _logit(probability: float) -> float:
    return log(probability / (1 - probability))


def _manifest(taxonomy: Taxonomy, known: Lookups) -> dict[str, Any]:
    ids = taxonomy.ids
    line = calibration.to_data(Calibration(1.0, 0.0, _GIVEN, *_DOUBTFUL))
    return {
        "name": NAME,
        "version": taxonomy.version,
        "label_set": {"name": taxonomy.name, "version": taxonomy.version, "sha256": taxonomy.sha256},
        "labels": [asdict(label) for label in taxonomy.labels],
        "features": asdict(FeatureSettings()),
        "training": asdict(TrainSettings()),
        "jieba_total": known.total,
        "company": 0.0,
        "biases": dict.fromkeys(ids, _logit(WITHOUT)),
        "calibration": dict.fromkeys(ids, line),
        "corpus": {
            "sha256": corpus_sha256(()),
            "paragraphs": 0,
            "articles": 0,
            "files": {},
            "corrections": 0,
        },
        "out_of_fold": {},
        "libraries": {"civictag": __version__},
    }
