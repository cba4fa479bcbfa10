"""Scores: the reference path with jieba and scikit-learn is the judge."""

import importlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from judge import Judge

from civictag.errors import ModelError
from civictag.model import bundle
from civictag.text.backend import is_compiled

CORPUS = Path(__file__).parents[1] / "corpus" / "civic"
ODD = [
    "",
    "！",
    "好！",
    "。。。",
    "打扫",
    "他拿扫帚。她补墙！",
    "２０２４年３．５万人次，ＬＥＤ 屏",
    "幫鄰居收了稻子,不收工錢",
    "打 扫 晒 场",
    "扫帚" * 40,
]


def sample(step):
    rows = [
        json.loads(line) for file in sorted(CORPUS.glob("*.jsonl")) for line in file.open(encoding="utf-8")
    ]
    assert len(rows) > 6000
    return [row["text"] for row in rows[::step]] + ODD, [row["title"] for row in rows[::step]] + [""] * len(
        ODD
    )


def tiny_rows(tiny_corpus):
    lines = [
        line for file in sorted(Path(tiny_corpus).glob("*.jsonl")) for line in file.open(encoding="utf-8")
    ]
    rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows], [row["title"] for row in rows]


def changed(folder, contents):
    files = bundle.read(folder)
    return files._replace(contents={**files.contents, **contents})


def largest_difference(tagger, folder, texts, titles):
    ours = tagger.probabilities(texts, titles)
    assert ours.shape == (len(texts), len(tagger.labels))
    return np.abs(ours - Judge(folder).probabilities(texts, titles)).max()


# Rows of the corpus between two that are scored: the reference path is slow.
STEPS = [500, pytest.param(30, marks=pytest.mark.slow)]


@pytest.mark.parametrize("step", STEPS)
def test_small_model_scores_as_the_reference_does(small_tagger, small_model, tiny_corpus, step):
    texts, titles = tiny_rows(tiny_corpus)
    more, heads = sample(step)
    assert largest_difference(small_tagger, small_model, texts + more, titles + heads) < 1e-6


def test_words_that_count_wherever_they_stand_are_scored_as_the_reference_does(
    small_model_of_format_2, small_tagger, tiny_corpus
):
    texts, titles = tiny_rows(tiny_corpus)
    more, heads = sample(500)
    tagger = bundle.load(small_model_of_format_2)
    assert largest_difference(tagger, small_model_of_format_2, texts + more, titles + heads) < 1e-6
    assert np.abs(tagger.probabilities(texts, titles) - small_tagger.probabilities(texts, titles)).max() > 0.1


@pytest.mark.parametrize("cut", [1, 4, 12])
def test_paragraph_weights_of_another_size_are_refused(small_model_of_format_2, tmp_path, cut):
    folder = tmp_path / "model"
    shutil.copytree(small_model_of_format_2, folder)
    whole = folder / "paragraph.f32"
    whole.write_bytes(whole.read_bytes()[:-cut])
    with pytest.raises(ModelError, match="does not match the manifest"):
        bundle.load(str(folder))
    contents = {"paragraph.f32": whole.read_bytes()}
    for module, name in (("pure_python", "PureModel"), ("compiled", "CompiledModel")):
        if cut % 12 == 0 or (module == "compiled" and not is_compiled()):
            continue  # one row fewer is another model, and only its hash can tell
        made = getattr(importlib.import_module(f"civictag.model.{module}"), name)
        with pytest.raises(ModelError):
            made(changed(small_model_of_format_2, contents))


@pytest.mark.parametrize("step", STEPS)
def test_shipped_model_scores_as_the_reference_does(civic_tagger, civic_model, step):
    assert largest_difference(civic_tagger, civic_model, *sample(step)) < 1e-6


def test_the_portable_engine_scores_as_the_one_in_use(small_model, small_tagger, tiny_corpus):
    from civictag.model.pure_python import PureModel

    texts, titles = tiny_rows(tiny_corpus)
    pure = PureModel(bundle.read(small_model))
    ours = np.array(small_tagger.model.scores(texts, titles))
    assert np.abs(ours - np.array(pure.scores(texts, titles))).max() < 1e-9


def test_a_text_without_anything_scores_its_biases(small_tagger):
    biases = list(small_tagger.info.manifest["biases"].values())
    for nothing in ("", "\u200b", " \n"):
        assert list(small_tagger.model.scores([nothing], ["晒场和祠堂"])[0]) == pytest.approx(
            biases, abs=1e-12
        )


def test_the_title_is_context(small_tagger):
    names = (Path(small_tagger.info.folder) / "vocabulary.txt").read_text("utf-8").splitlines()
    assert any(name.startswith("t:") for name in names)
    with_title, without = small_tagger.probabilities(["阿福出了门。"] * 2, ["晒场和祠堂", ""])
    assert np.abs(with_title - without).max() > 1e-4


@pytest.mark.parametrize(
    ("backend", "cut"),
    [(backend, cut) for backend in ("pure_python.PureModel", "compiled.CompiledModel") for cut in (1, 4)]
    + [("pure_python.PureModel", 12)],
)
def test_weights_of_another_size_are_refused(small_model, backend, cut):
    module, name = backend.split(".")
    if module == "compiled":
        pytest.importorskip("civictag._kernel", reason="the kernel is not compiled")
    made = getattr(importlib.import_module(f"civictag.model.{module}"), name)
    weights = Path(small_model, "weights.f32").read_bytes()[:-cut]
    with pytest.raises(ModelError):
        made(changed(small_model, {"weights.f32": weights}))
