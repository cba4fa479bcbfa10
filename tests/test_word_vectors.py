"""The shipped word vectors: what is in the table, how it is made, and what a model keeps of it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import jieba
import numpy as np
import pytest

from civictag.errors import ModelError
from civictag.features.build_word_vectors import NAMES, build
from civictag.features.vocabulary import count, is_common_character
from civictag.features.word_vectors import WordVectors, save, word_vectors
from civictag.model import bundle
from civictag.model.bundle_files import SHIPPED_WEIGHTS, SHIPPED_WORDS
from civictag.model.check_tables import check_whole
from civictag.model.pure_python import PureModel
from civictag.settings import Learner, TrainSettings
from civictag.training.learners.fit import design, fit
from civictag.training.train import train

WITH = Learner("paragraph", 4.0, balanced=True, word_vectors=1.0)
# 「拥堵」 and 「租金」 stand in the table, and in no paragraph of this corpus.
JAM, PARK = "早高峰路口堵车排起长队", "地下车库的车位租给业主"


def nearness(one, other):
    """Cosine of two words' vectors."""
    table = word_vectors()
    a, b = (table.vectors[np.searchsorted(table.names, f"w:{word}")] for word in (one, other))
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def test_the_table_holds_words_of_the_dictionary_and_common_characters_and_no_names():
    table = word_vectors()
    assert table.names.tolist() == sorted({*table.names.tolist()})
    assert len(table.names) == len(table.vectors) > 10_000
    lines = (line.split() for line in jieba.dt.get_dict_file().read().decode("utf-8").splitlines())
    tags = {word: tag for word, _number, tag in lines}
    odd = [
        name
        for name in table.names.tolist()
        if not (is_common_character(name) or (name[:2] == "w:" and not tags[name[2:]].startswith(NAMES)))
    ]
    assert odd == []


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [("堵车", "拥堵", "图书"), ("医院", "患者", "树木"), ("垃圾", "清运", "语文"), ("学生", "老师", "停车")],
)
def test_words_of_one_subject_are_near(one, near, far):
    assert nearness(one, near) > nearness(one, far) + 0.2


def test_a_table_is_read_as_it_was_saved(tmp_path, monkeypatch):
    made = WordVectors(np.array(["c:水", "w:堵车"]), np.array([[0.5, -1.0], [2.0, 0.0]]))
    save(made, str(tmp_path / "small.npz"))
    save(made, str(tmp_path / "again.npz"))
    assert (tmp_path / "small.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()
    monkeypatch.setattr("civictag.features.word_vectors.VECTORS", str(tmp_path / "small.npz"))
    word_vectors.cache_clear()
    try:
        read = word_vectors()
    finally:
        word_vectors.cache_clear()
    assert read.names.tolist() == made.names.tolist()
    assert read.vectors == pytest.approx(made.vectors, abs=2.0 / 254)


def test_the_table_is_made_of_what_stands_together(tmp_path, monkeypatch):
    """Two subjects that never meet; a person's name and a rare word stay outside."""
    for name, value in (("SIZE", 4), ("COMMON", 1.0)):
        monkeypatch.setattr(f"civictag.features.build_word_vectors.{name}", value)
    traffic = ["路口堵车，交警疏导车辆。", "车辆在路口堵车，交警来了。"]
    reading = ["图书馆里读者借阅图书。", "读者在图书馆借阅，图书很多。"]
    texts = (traffic + reading) * 6 + ["李大钊在图书馆。"] * 6 + ["蜻蜓飞过。"]
    lines = (json.dumps({"text": text}, ensure_ascii=False) for text in texts)
    (tmp_path / "texts.jsonl").write_text("\n".join(lines), "utf-8")
    table = build([str(tmp_path)])
    at = dict(zip(table.names.tolist(), table.vectors, strict=True))
    assert {"w:堵车", "w:交警", "w:借阅", "w:读者", "c:路"} <= {*at}
    assert not {"w:李大钊", "w:蜻蜓"} & {*at}
    assert at["w:堵车"] @ at["w:交警"] > 0.5 > at["w:堵车"] @ at["w:借阅"]


def two_subjects(paragraphs=12):
    """Each paragraph an article; its words are jieba's."""
    texts = [JAM if number % 2 else PARK for number in range(paragraphs)]
    return count([[f"w:{word}" for word in jieba.cut(text)]] for text in texts)


def test_a_word_that_the_corpus_does_not_have_gets_its_neighbours_weight():
    truth = (np.arange(12) % 2 == 1).reshape(-1, 1)
    seen = design(two_subjects(), WITH, ["jam"], np.arange(12), TrainSettings())
    model = fit(seen, np.arange(12), truth, np.ones(12))
    weights = dict(zip(seen.vocabulary.names, model.weights[:, 0] * seen.vocabulary.scales, strict=True))
    assert weights["w:拥堵"] > 0.05 > -0.05 > weights["w:租金"]
    without = design(two_subjects(), replace(WITH, word_vectors=0.0), ["jam"], np.arange(12), TrainSettings())
    assert "w:拥堵" not in without.vocabulary.names


def test_sentences_add_up_to_what_was_learned_of_paragraphs():
    """One sentence per paragraph, all of one length: a paragraph scores what the SVM gave it."""
    truth = (np.arange(12) % 2 == 1).reshape(-1, 1)
    seen = design(two_subjects(), replace(WITH, cue_weight=0.1), ["jam"], np.arange(12), TrainSettings())
    model = fit(seen, np.arange(12), truth, np.ones(12))
    scores = model.scores(seen.bags, 1.0)[:, 0]
    assert scores[truth[:, 0]].min() > 0 > scores[~truth[:, 0]].max()


def test_the_shipped_words_are_the_same_whatever_the_corpus(meaning_model, tiny_labels, tmp_path):
    rows = [
        {"doc": f"d{n}", "text": text, "labels": [label]}
        for n in range(6)
        for text, label in ((JAM, "tidy"), (PARK, "lend"))
    ]
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "rows.jsonl").write_text("\n".join(lines), "utf-8")
    options = TrainSettings(learners=(WITH,))
    train([str(tmp_path / "rows.jsonl")], str(tmp_path / "model"), tiny_labels, options=options)
    words = [
        (Path(folder) / SHIPPED_WORDS).read_text("utf-8") for folder in (meaning_model, tmp_path / "model")
    ]
    assert words[0] == words[1] == "".join(f"{name}\n" for name in word_vectors().names)


def test_both_backends_score_with_shipped_words(meaning_model):
    files = bundle.read(str(meaning_model))
    check_whole(files)
    assert files.manifest["format"] == 3
    texts = ["邻居帮忙把楼道打扫干净。", "拥堵的路口，交警在疏导；图书馆闭馆了。", "", "鼾齉"]
    native = bundle.load(str(meaning_model)).model.scores(texts, [""] * 4)
    portable = PureModel(files).scores(texts, [""] * 4)
    assert np.array(native) == pytest.approx(np.array(portable), abs=1e-9)
    assert len({tuple(row) for row in portable[:3]}) == 3


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        (SHIPPED_WORDS, lambda data: data.replace("w:堵车\n".encode(), "w:堵塞了\n".encode()), "tables.bin"),
        (SHIPPED_WORDS, lambda data: data.replace("w:堵车\n".encode(), b""), SHIPPED_WEIGHTS),
        (SHIPPED_WORDS, lambda data: data + data[-40:].split(b"\n", 1)[1], SHIPPED_WORDS),
        (SHIPPED_WEIGHTS, lambda data: data[:-4], SHIPPED_WEIGHTS),
        (SHIPPED_WEIGHTS, lambda data: b"\xff" * 4 + data[4:], SHIPPED_WEIGHTS),
        (SHIPPED_WEIGHTS, None, SHIPPED_WORDS),
        (SHIPPED_WORDS, None, SHIPPED_WEIGHTS),
        ("paragraph.f32", lambda data: b"", "does not go with"),
    ],
)
def test_shipped_words_that_do_not_fit_are_refused(meaning_model, tmp_path, name, change, told):
    """Each with the manifest's hash of it put right, so that only the content speaks."""
    from civictag.model.bundle_files import read_bundle

    folder = tmp_path / "model"
    shutil.copytree(meaning_model, folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    path = folder / name
    if change is None:
        path.unlink()
        del manifest["files"][name]
    else:
        import hashlib

        path.write_bytes(change(path.read_bytes() if path.exists() else b""))
        manifest["files"][name] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    with pytest.raises(ModelError) as refused:
        check_whole(read_bundle(str(folder), bundle.FILES, bundle.FURTHER))
    assert told in str(refused.value)
