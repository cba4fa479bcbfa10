"""What a model keeps of its corpus: no word that stands in one article only.

Models of small corpora keep common characters of one article, each by itself: 「的」 is no word of anybody's.
"""

import json
from pathlib import Path

import pytest

from civictag.corpus.files import read_corpus
from civictag.errors import CorpusError
from civictag.features.count_corpus import lookups, name_features
from civictag.features.vocabulary import LEAST_ARTICLES, WORD_FAMILIES, is_common_character
from civictag.labels.label_set import read_taxonomy
from civictag.settings import Learner, TrainSettings
from civictag.training.train import train

# The tiny corpus is told what to learn: by choice it would take the cue list, which holds no word of it.
WORDS = TrainSettings(learners=(Learner("sentence", 1.0),), folds=2)


def words_of(model):
    """The names of a model that are words of its corpus, neither its label set's nor single characters."""
    names = (Path(model) / "vocabulary.txt").read_text("utf-8").splitlines()
    return [name for name in names if name[0] in WORD_FAMILIES and not is_common_character(name)]


def of_one_article(model, corpus, labels):
    """Words of a model in fewer than two articles of its corpus, seen by the Python description.

    One pass: each paragraph is analysed as the training analysed it, and of its names those are looked at
    that the model holds.
    """
    clauses = json.loads((Path(model) / "manifest.json").read_text("utf-8"))["features"]["clauses"]
    known = lookups(read_taxonomy(labels), bool(clauses))
    articles = {name: set() for name in words_of(model)}
    rows = read_corpus(corpus)
    analysed = name_features([(row.text, row.title) for row in rows], known)
    for row, sentences in zip(rows, analysed, strict=True):
        for name in articles.keys() & set().union(*sentences):
            articles[name].add(row.group)
    return sorted(name for name, found in articles.items() if len(found) < 2)


def rows_of(corpus):
    """The lines of the tiny corpus."""
    lines = [line for path in sorted(Path(corpus).glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    return [json.loads(line) for line in lines]


def written(rows, path):
    """A corpus file of these lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return str(path)


def test_a_trained_model_holds_no_word_of_one_article_only(small_model, tiny_corpus, tiny_labels):
    assert LEAST_ARTICLES == 2
    assert len(words_of(small_model)) > 10
    assert of_one_article(small_model, [tiny_corpus], tiny_labels) == []


def test_a_secret_said_three_times_in_one_article_is_not_in_the_model(tiny_corpus, tiny_labels, tmp_path):
    """In each family: a name in text and title, often enough for every floor."""
    secret = "欧阳青禾"
    told = {"doc": "told", "title": f"{secret}的信", "labels": ["tidy"]}
    rows = rows_of(tiny_corpus) + [
        {**told, "para": n, "text": f"{secret}打扫了院子。{secret}说好。"} for n in range(6)
    ]
    corpus = written(rows, tmp_path / "told.jsonl")
    train([corpus], str(tmp_path / "model"), tiny_labels, options=WORDS)
    assert len(words_of(tmp_path / "model")) > 10
    assert of_one_article(tmp_path / "model", [corpus], tiny_labels) == []
    assert not any(part in name for name in words_of(tmp_path / "model") for part in ("欧阳", "青禾"))


def test_without_articles_a_row_is_one(tiny_corpus, tiny_labels, tmp_path):
    rows = [{"text": row["text"], "labels": row["labels"]} for row in rows_of(tiny_corpus)]
    corpus = written(rows, tmp_path / "rows.jsonl")
    train([corpus], str(tmp_path / "model"), tiny_labels, options=WORDS)
    assert len(words_of(tmp_path / "model")) > 10
    assert of_one_article(tmp_path / "model", [corpus], tiny_labels) == []


def test_of_a_single_article_no_word_is_learned_and_that_is_said(tiny_corpus, tiny_labels, tmp_path):
    rows = [{**row, "doc": "one"} for row in rows_of(tiny_corpus)]
    told = []
    corpus = written(rows, tmp_path / "one.jsonl")
    train([corpus], str(tmp_path / "model"), tiny_labels, options=WORDS, progress=told.append)
    assert words_of(tmp_path / "model") == []
    assert any("none of its words is learned" in line for line in told)


@pytest.mark.usefixtures("few_ways")
def test_of_a_single_article_and_no_cue_only_characters_are_learned(tiny_corpus, tmp_path):
    labels = tmp_path / "bare.toml"
    bare = "".join(f'[[labels]]\nid = "{i}"\nname = "{i}"\n' for i in ("tidy", "lend", "mend"))
    labels.write_text(f'format = 1\nname = "bare"\nversion = "1"\n{bare}', "utf-8")
    rows = [{**row, "doc": "one"} for row in rows_of(tiny_corpus)]
    few = TrainSettings(folds=2)
    train([written(rows, tmp_path / "one.jsonl")], str(tmp_path / "model"), str(labels), options=few)
    assert words_of(tmp_path / "model") == []
    assert (tmp_path / "model" / "vocabulary.txt").read_text("utf-8").startswith("c:")
    rows = [{**row, "text": "喆犇淼！"} for row in rows]  # no common character: nothing to learn from
    with pytest.raises(CorpusError, match="two articles"):
        train([written(rows, tmp_path / "odd.jsonl")], str(tmp_path / "model"), str(labels))


@pytest.mark.parametrize(
    ("name", "common"),
    [
        ("c:的", True), ("c:齄", False), ("c:座", True), ("c:亍", False), ("c:喆", False), ("c:0", False),
        ("c:a", False), ("c:𠀀", False), ("c:的确", False), ("w:的", False), ("t:的", False), ("k:的", False),
    ],
)  # fmt: skip
def test_a_common_character(name, common):
    assert is_common_character(name) is common


@pytest.mark.slow
def test_the_shipped_model_holds_none(civic_model, tally):
    root = Path(__file__).parents[1]
    assert len(words_of(civic_model)) > 10_000
    missing = of_one_article(civic_model, [str(root / "corpus" / "civic")], str(root / "labels/civic.toml"))
    tally("words of the shipped model in two articles or more", len(words_of(civic_model)) - len(missing),
          len(words_of(civic_model)))  # fmt: skip
    assert missing == []
