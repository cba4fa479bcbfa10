"""Floors under the shipped model: figures that were reached once, and must not be lost unseen."""

from dataclasses import replace
from functools import cache

import numpy as np
import opencc
import pytest

from civictag.corpus.files import corpus_sha256, read_corpus
from civictag.evaluation.evaluate import evaluate
from civictag.labels.label_set import read_taxonomy
from civictag.util import resources as shipped

# On the 214 real paragraphs that the project measures on, text as single rows with their titles.
MICRO, MACRO = 0.855, 0.868
CALIBRATION_ERROR = 0.04
FOLDING_LOSS = 0.01
REVIEWED, ERRORS_REVIEWED = 0.20, 0.5  # at most so many paragraphs hold at least so many of the errors
# Text that nobody chose for being about a campaign: 241 paragraphs, two thirds without a label.
UNCHOSEN_MICRO, UNCHOSEN_MACRO, UNCHOSEN_ERROR = 0.78, 0.78, 0.02
SURE = 0.95  # of what is given above 0.9 so much is right, on either text
# Out of fold on the project's own corpus, whole files held out, learner and cut chosen on the other folds: a
# written text is far easier. The cut gives up two points of it for real text, which scores lower.
WRITTEN_MICRO, WRITTEN_LABEL = 0.87, 0.84

HALF = str.maketrans("，。！？：；（）％　０１２３４５６７８９", ",.!?:;()% 0123456789")


@cache
def to_traditional():
    return opencc.OpenCC("s2t").convert


CHANGES = {
    "half-width": lambda text: text.translate(HALF),
    "full-width": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "traditional": lambda text: to_traditional()(text),
    "spaced": " ".join,
    "lines broken": lambda text: "\n".join(text[at : at + 30] for at in range(0, len(text), 30)),
}


@pytest.fixture(scope="module")
def gold(shared):
    return read_corpus([str(shared / "gold" / "dev.jsonl"), str(shared / "gold" / "seeds.jsonl")])


@pytest.fixture(scope="module")
def figures(civic_tagger, gold):
    return {name: f.value for name, f in evaluate(civic_tagger, gold, resamples=0).scores.figures.items()}


def test_the_real_paragraphs(figures, gold):
    assert len(gold) == 214
    assert figures["micro_f1"] >= MICRO
    assert figures["macro_f1"] >= MACRO


def test_text_that_nobody_chose(civic_tagger, shared):
    """Floors, not the goal: 0.80 is wanted, and what stands in the way is in docs/quality.md."""
    rows = read_corpus([str(shared / "gold" / "dev2.jsonl")])
    assert len(rows) == 241
    found = evaluate(civic_tagger, rows, resamples=0).scores.figures
    assert found["micro_f1"].value >= UNCHOSEN_MICRO
    assert found["macro_f1"].value >= UNCHOSEN_MACRO
    assert found["calibration_error"].value <= UNCHOSEN_ERROR


def test_the_review_band_holds_half_of_the_errors(civic_tagger, gold, shared):
    """On both sets together; on the campaign text alone it holds less (docs/quality.md)."""
    rows = [*gold, *read_corpus([str(shared / "gold" / "dev2.jsonl")])]
    reviewed, held = _reviewed(civic_tagger, rows)
    assert reviewed <= REVIEWED
    assert held >= ERRORS_REVIEWED


@pytest.mark.parametrize("files", [["dev.jsonl", "seeds.jsonl"], ["dev2.jsonl"]])
def test_what_is_sure_is_right(civic_tagger, shared, files):
    rows = read_corpus([str(shared / "gold" / file) for file in files])
    sure = civic_tagger.probabilities([row.text for row in rows], [row.title for row in rows]) >= 0.9
    truth = np.array([[label.id in row.labels for label in civic_tagger.labels] for row in rows])
    assert sure.sum() > 30
    assert (sure & truth).sum() / sure.sum() >= SURE


def test_probabilities_mean_what_they_say(figures):
    assert figures["calibration_error"] <= CALIBRATION_ERROR


def _reviewed(tagger, rows):
    """Share of the paragraphs in the review band, and share of the wrong ones that it holds."""
    p = tagger.probabilities([row.text for row in rows], [row.title for row in rows])
    truth = [[label.id in row.labels for label in tagger.labels] for row in rows]
    wrong = (tagger.decide(p) != truth).any(axis=1)
    doubt = tagger.review_mask(p)
    return doubt.mean(), (wrong & doubt).sum() / wrong.sum()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_width_script_and_spaces_do_not_matter(civic_tagger, gold, figures, change):
    changed = [replace(row, text=change(row.text), title=change(row.title)) for row in gold]
    assert sum(a.text != b.text for a, b in zip(changed, gold, strict=True)) > 20
    scores = evaluate(civic_tagger, changed, resamples=0).scores
    assert scores.figures["micro_f1"].value >= figures["micro_f1"] - FOLDING_LOSS


def test_written_text_of_unseen_files(civic_tagger):
    """The manifest's figures were made at training; they cannot be had better by changing this test."""
    held = civic_tagger.info.manifest["out_of_fold"]
    assert held["micro"]["f1"] >= WRITTEN_MICRO
    assert {
        label.id: held[label.id]["f1"]
        for label in civic_tagger.labels
        if held[label.id]["f1"] < WRITTEN_LABEL
    } == {}


def test_the_model_is_of_the_label_set_and_corpus_beside_it(civic_tagger):
    manifest = civic_tagger.info.manifest
    assert manifest["label_set"]["sha256"] == read_taxonomy("civic").sha256, "run: make model"
    corpus = read_corpus([f"{shipped.folder('corpus')}/civic"])
    assert manifest["corpus"]["sha256"] == corpus_sha256(corpus), "run: make model"
