"""A label set begun, tagged with at once, and labels under new names."""

import csv
import io
import json
import re

import pytest
from commands import Command

from civictag.corpus.files import read_corpus
from civictag.curation.migration import CHECK, migrated, read_migration
from civictag.datamodel import LabelledParagraph
from civictag.errors import TaxonomyError
from civictag.labels.label_set import read_taxonomy
from civictag.model import bundle
from civictag.training.cue_model import PROBABILITIES, WITHOUT, write_cue_model

PATROL = "护学岗的老师在校门口疏导上学车流。"
LABELS = """
format = 1
name = "two"
[[labels]]
id = "traffic"
name = "交通秩序"
[labels.cues]
strong = ["疏导…车流"]
weak = ["头盔"]
other = ["斑马线"]
against = ["头盔厂"]
[[labels]]
id = "bare"
name = "没有线索"
"""


@pytest.fixture(scope="module")
def tagger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cues")
    (folder / "two.toml").write_text(LABELS, encoding="utf-8")
    write_cue_model(read_taxonomy(str(folder / "two.toml")), str(folder / "model"))
    return bundle.load(str(folder / "model"))


@pytest.mark.parametrize(
    ("text", "probability"),
    [
        (PATROL, PROBABILITIES["strong"]),
        ("他骑车上班从来都戴着头盔。", PROBABILITIES["weak"]),
        ("行人都走在斑马线上。", 0.7),
        ("镇上的头盔厂开了工，订单排到年底。", WITHOUT),
        ("会议研究了经费安排的问题。", WITHOUT),
    ],
)
def test_the_probability_is_that_of_the_class_of_cue(tagger, text, probability):
    traffic, bare = next(iter(tagger.probabilities([text])))
    assert traffic == pytest.approx(probability, abs=1e-3)
    assert bare == pytest.approx(WITHOUT, abs=1e-3)


def test_the_evidence_is_the_cue(tagger):
    (tag,) = tagger.tag(PATROL, explain=True)
    assert [piece.text for piece in tag.evidence if piece.weight > 0] == ["疏导上学车流"]


def test_a_label_set_without_any_cue(tmp_path):
    bare = re.sub(r"\[labels.cues\](\n\w+ = .*)+", "", LABELS)
    (tmp_path / "bare.toml").write_text(bare, encoding="utf-8")
    with pytest.raises(TaxonomyError, match="no label has a cue"):
        write_cue_model(read_taxonomy(str(tmp_path / "bare.toml")), str(tmp_path / "model"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_nothing_to_tags(tmp_path, capfdbinary, language):
    run = Command(capfdbinary)
    labels, article = tmp_path / "my.toml", tmp_path / "a.txt"
    article.write_text(f"护学\n\n{PATROL}\n\n会议研究了下一步的经费安排。\n", encoding="utf-8")
    assert run("labels", "new", labels, "--lang", language)[0] == 0
    assert labels.read_text(encoding="utf-8").count("#") > 8
    assert run("labels", labels)[1].count("strong") == 2
    code, out, err = run("tag", article, "-l", labels, "-f", "json")
    assert code == 0
    assert "cues alone" in err
    (found,) = json.loads(out)
    assert found["model"]["name"] == "cues"
    assert [[t["label"] for t in p["tags"]] for p in found["paragraphs"] if p["kind"] == "body"] == [
        ["traffic"],
        [],
    ]
    code, out, _ = run("tag", article, "-l", labels, "-f", "csv", "-j", "2")
    assert [row["traffic"] for row in csv.DictReader(io.StringIO(out))] == ["1", "0"]


def test_a_label_file_of_the_users_is_not_overwritten(tmp_path, capfdbinary):
    (tmp_path / "my.toml").write_text("mine")
    assert Command(capfdbinary)("labels", "new", tmp_path / "my.toml")[0] == 1
    assert (tmp_path / "my.toml").read_text() == "mine"


def test_a_model_and_a_label_set_do_not_go_together(tmp_path, capfdbinary):
    assert Command(capfdbinary)("tag", "-", "-l", "civic", "-m", "other")[0] == 2


def test_the_verbs_do_not_hide_label_sets(capfdbinary):
    run = Command(capfdbinary)
    assert run("labels")[1].startswith("civic\t")
    assert run("labels", "civic")[1].startswith("civic ")
    assert "清" in run("labels", "civic", "--cues")[1]
    assert run("labels", "nothing.toml")[0] == 1


MIGRATION = """
retire = ["old"]
[rename]
traffic = "roads"
[merge]
stage = ["choir", "opera"]
[split]
minors = ["schools", "children"]
"""


def test_labels_are_renamed_merged_split_and_retired(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text(MIGRATION, encoding="utf-8-sig")
    given = [("traffic", "old"), ("choir", "opera"), ("minors", "kept"), ()]
    rows, counts = migrated(
        [LabelledParagraph("d", n, "文", x) for n, x in enumerate(given)], read_migration(path)
    )
    assert [row.labels for row in rows] == [("roads",), ("stage",), ("schools", "children", "kept"), ()]
    assert [row.extra.get(CHECK) for row in rows] == [None, None, "schools;children", None]
    assert counts == {"traffic": 1, "old": 1, "choir": 1, "opera": 1, "minors": 1}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[renam]\na = 'b'", "not known"),
        ("[rename]\na = 'b'\n[merge]\nc = ['a']", "two things"),
        ("[rename]\na = 3", "not a list"),
        ("retire = 'a'", "not a list"),
        ("rename = 'a'", "not a table"),
        ("", "nothing of any label"),
        ("[rename", "not valid TOML"),
    ],
)
def test_a_migration_file_that_is_wrong(tmp_path, text, problem):
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(TaxonomyError, match=problem):
        read_migration(str(tmp_path / "m.toml"))


def test_a_corpus_is_migrated_and_the_old_one_stays(tmp_path, capfdbinary):
    run = Command(capfdbinary)
    (tmp_path / "m.toml").write_text(MIGRATION, encoding="utf-8")
    old = tmp_path / "old.csv"
    old.write_text(f"doc,text,labels\na,{PATROL},traffic;minors\n", encoding="utf-8")
    before = old.read_bytes()
    code, _, err = run("labels", "migrate", tmp_path / "m.toml", old, "-o", tmp_path / "new.jsonl")
    assert code == 0
    assert "traffic → roads: 1 paragraph" in err
    assert "1 paragraph of a label that was split" in err
    assert read_corpus([tmp_path / "new.jsonl"])[0].labels == ("roads", "schools", "children")
    assert old.read_bytes() == before
    code, _, err = run("labels", "migrate", tmp_path / "m.toml", old, "-o", tmp_path / "n.csv", "-l", "civic")
    assert code == 1
    assert "unknown label 'roads'" in err
