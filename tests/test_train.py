"""Training: the same bytes again, any labels, mistakes found before the work."""

import json
from pathlib import Path

import numpy as np
import pytest

from civictag.corpus.files import read_corpus
from civictag.datamodel import LabelledParagraph
from civictag.errors import CorpusError, ModelError, TaxonomyError
from civictag.features.count_corpus import count_corpus, lookups, name_features, user_words
from civictag.labels.label_set import from_data, read_taxonomy
from civictag.model import bundle
from civictag.settings import Learner, TrainSettings
from civictag.training.material import truth_of
from civictag.training.train import train

CIVIC = Path(__file__).parents[1] / "corpus" / "civic"
WEATHER = """
format = 1
name = "weather"
[[labels]]
id = "rain"
name = "雨"
[labels.cues]
strong = ["下…雨"]
[[labels]]
id = "wind_2"
"""


FEW_FOLDS = TrainSettings(folds=2)  # of a small corpus: four
pytestmark = pytest.mark.usefixtures("few_ways")


def contents(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@pytest.fixture(scope="module")
def first(tmp_path_factory, tiny_corpus, tiny_labels, few_ways):
    """A folder with a model of the tiny corpus, every unit tried; and the steps that were told."""
    folder, steps = tmp_path_factory.mktemp("first") / "other name", []
    train([tiny_corpus], str(folder), tiny_labels, options=FEW_FOLDS, progress=steps.append)
    return folder, steps


def test_the_same_corpus_and_seed_give_the_same_bytes(tmp_path, tiny_corpus, tiny_labels, first):
    """Whatever the number of processes, and from the cache."""
    for jobs in (2, 1):
        folder, cache = str(tmp_path / "small"), str(tmp_path / "cache")
        train([tiny_corpus], folder, tiny_labels, options=FEW_FOLDS, jobs=jobs, cache=cache)
        assert contents(folder) == contents(first[0])


def test_another_seed_or_setting_is_in_the_manifest(tmp_path, small_tagger, tiny_corpus, tiny_labels):
    other = train(
        [tiny_corpus],
        str(tmp_path / "m"),
        tiny_labels,
        options=TrainSettings(seed=7, learners=(Learner("sentence", 0.5),)),
    )
    assert other.info.manifest["training"]["seed"] == 7
    assert other.info.sha256 != small_tagger.info.sha256
    weights = [Path(t.info.folder, "weights.f32").read_bytes() for t in (other, small_tagger)]
    assert weights[0] != weights[1]


def weather(tmp_path):
    """Labels of another world: two of them, one without cues."""
    (tmp_path / "weather.toml").write_text(WEATHER, encoding="utf-8")
    patterns = [
        (["rain"], "昨夜下了大雨，田里积了水。第{}天还没有停。"),
        (["wind_2"], "北风刮了{}天，吹倒了篱笆。"),
        (["rain", "wind_2"], "下着雨又刮北风，船{}天没有出海。"),
        ([], "晴了{}天，晒谷子正好。"),
    ]
    lines = [
        json.dumps({"doc": f"d{i % 9}", "para": i, "text": text.format(i), "labels": labels})
        for i in range(12)
        for labels, text in patterns
    ]
    (tmp_path / "weather.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return str(tmp_path / "weather.jsonl"), str(tmp_path / "weather.toml")


def test_any_label_set_works_from_end_to_end(tmp_path):
    corpus, labels = weather(tmp_path)
    tagger = train([corpus], str(tmp_path / "model"), labels, options=FEW_FOLDS)
    assert [tag.label for tag in tagger.tag("昨夜下了大雨，天还没有停。")] == ["rain"]
    assert [(tag.label, tag.name) for tag in tagger.tag("北风刮了一天，吹倒了篱笆。")] == [
        ("wind_2", "wind_2")
    ]
    assert tagger.tag("晴了三天，晒谷子正好。") == []
    assert tagger.info.manifest["out_of_fold"]["micro"]["f1"] > 0.9


@pytest.mark.parametrize("given", [[], ["rain", "wind_2"]], ids=["none", "all"])
def test_labels_that_nobody_or_everybody_has_are_named_and_left_to_their_cues(tmp_path, given):
    corpus, labels = weather(tmp_path)
    rows = [json.loads(line) for line in Path(corpus).read_text("utf-8").splitlines()]
    Path(corpus).write_text("\n".join(json.dumps({**row, "labels": given}) for row in rows), encoding="utf-8")
    steps = []
    tagger = train([corpus], str(tmp_path / "model"), labels, options=FEW_FOLDS, progress=steps.append)
    assert sum("is not learned" in step for step in steps) == 2
    assert set(tagger.info.manifest["not_learned"]) == {"rain", "wind_2"}
    assert set(tagger.info.manifest["out_of_fold"]) == {"micro", "macro"}
    assert tagger.tag("晴了三天，晒谷子正好。") == []
    assert {tag.label for tag in tagger.tag("今早下起了雨。")} == ({"rain"} if given else set())


def test_texts_of_nothing_do_not_hurt(tmp_path):
    corpus, labels = weather(tmp_path)
    with open(corpus, "a", encoding="utf-8") as file:
        for i in range(5):
            file.write("\n" + json.dumps({"doc": f"d{i}", "para": 99, "text": "\u200b", "labels": []}))
    tagger = train([corpus], str(tmp_path / "model"), labels, options=FEW_FOLDS)
    assert np.isfinite(tagger.probabilities(["\u200b", "今早下起了雨。"])).all()
    assert all(np.isfinite(c.intercept) for c in tagger.calibrations)


def test_mistakes_are_found_before_the_work(tmp_path, tiny_corpus, tiny_labels, monkeypatch):
    monkeypatch.setattr("civictag.training.train.lookups", lambda taxonomy: pytest.fail("jieba was loaded"))
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").touch()
    for error, arguments in (
        (ModelError, ([tiny_corpus], str(tmp_path / "thesis"), tiny_labels)),
        (TaxonomyError, ([tiny_corpus], str(tmp_path / "m"), str(tmp_path / "none.toml"))),
        (CorpusError, ([str(tmp_path / "none.jsonl")], str(tmp_path / "m"), tiny_labels)),
        (CorpusError, ([tiny_corpus], str(tmp_path / "m"), "civic")),
    ):
        with pytest.raises(error):
            train(*arguments)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["thesis"]


def test_a_corpus_without_words(tmp_path, tiny_labels):
    texts = ["！！", "？？"] * 9
    lines = [json.dumps({"doc": str(i), "para": 1, "text": t, "labels": []}) for i, t in enumerate(texts)]
    (tmp_path / "c.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CorpusError, match="too small"):
        train([str(tmp_path / "c.jsonl")], str(tmp_path / "m"), tiny_labels)
    assert not (tmp_path / "m").exists()


def test_the_steps_are_told(first):
    _, steps = first
    kinds = (
        "analysing 60",
        "37 paragraphs stand, nearly",
        "learning,",
        "4 folds; whole articles",
        "chosen out",
    )
    told = [step for step in steps if "ways to learn" not in step]
    assert len(told) == len(kinds) + 1
    assert all(step.startswith(kind) for step, kind in zip(told, (*kinds, "writing"), strict=True))


def test_labels_as_a_table():
    rows = [LabelledParagraph("d", i, "文", labels) for i, labels in enumerate([("b",), (), ("a", "b")])]
    assert truth_of(rows, ["a", "b"]).tolist() == [[False, True], [False, False], [True, True]]


def test_user_words_are_whole_short_chinese_cues():
    cues = ["好人榜", "甲", "打扫…院子", "led屏", "最美家庭户主们", "一二三四五六七"]
    taxonomy = from_data(
        {"format": 1, "labels": [{"id": "a", "cues": {"strong": cues}}], "context": {"told": ["据说"]}}
    )
    assert user_words(taxonomy) == ["好人榜"]


def test_counting_does_not_depend_on_processes_or_cache(tmp_path, tiny_corpus, tiny_labels, monkeypatch):
    monkeypatch.setattr("civictag.features.count_corpus.CHUNK", 7)
    known = lookups(read_taxonomy(tiny_labels))
    rows = read_corpus([tiny_corpus])
    one = count_corpus(rows, known)
    for other in (count_corpus(rows, known, 2), *(count_corpus(rows, known, 1, str(tmp_path)) for _ in "ab")):
        assert list(other.names) == list(one.names)
        assert (other.counts != one.counts).nnz == 0
        assert (other.owner == one.owner).all()


def test_names_come_with_their_titles_in_every_sentence(tiny_labels):
    known = lookups(read_taxonomy(tiny_labels))
    ((first, second), nothing) = name_features(
        [("阿福提水冲洗水井的台阶。河里的水涨了三寸，渡船停了一天。", "祠堂"), ("\u200b", "祠堂")], known
    )
    assert "k:tidy.strong" in first
    assert "k:tidy.strong" not in second
    assert [name for name in first + second if name[0] == "t"] == ["t:祠堂", "t:祠堂"]
    assert nothing == [[]]


@pytest.mark.slow
def test_five_thousand_paragraphs(tmp_path):
    """Not timed here (bench/ does that): it ends, and what it learned is worth having."""
    rows = [line for file in sorted(CIVIC.glob("*.jsonl")) for line in file.open(encoding="utf-8")]
    (tmp_path / "c.jsonl").write_text("".join(rows[:5000]), encoding="utf-8")
    tagger = train([str(tmp_path / "c.jsonl")], str(tmp_path / "m"), "civic", jobs=2)
    assert tagger.info.manifest["out_of_fold"]["micro"]["f1"] > 0.75
    assert bundle.load(str(tmp_path / "m")).info.manifest["corpus"]["paragraphs"] == 5000
