"""Label files and outputs of tag under new labels."""

import csv
import io
import json
import re

import pytest
from commands import Command
from judged_schemas import ARTICLES, wrong

from civictag.corpus.export import export
from civictag.corpus.files import read_corpus
from civictag.curation import migration
from civictag.datamodel import LabelledParagraph
from civictag.labels.label_file import read_toml
from civictag.labels.label_set import read_taxonomy
from civictag.review.relabelled import labels_of
from civictag.review.tagged_table import open_tagged

STEPS = 'retire = ["mend"]\n[rename]\ntidy = "neat"\n[split]\nlend = ["give", "loan"]\n'
MERGE = '[merge]\nhelp = ["lend", "mend"]\n'
FILE = """# What we label.
format = 1
name = "t"
[[labels]]
id = "tidy"  # kept
name = "整洁"
[labels.cues]
strong = ["打扫"]  # as said in March
[[labels]]
id = "lend"
name = "相助"
[labels.cues]
strong = ["搭把手"]
[[labels]]
id = "mend"
name = "修补"
[labels.cues]
strong = ["补墙", "搭把手"]
weak = ["瓦"]
"""
NEWS = "早上阿福打扫了晒场，地面干净得能照人。\n石头给张家搭把手，帮他收了稻子。\n何老师补墙，换瓦四十片。\n"


@pytest.fixture
def room(tmp_path, capfdbinary, small_model):
    """The migration, the label file, an article, and a way to run a verb."""
    call = Command(capfdbinary)
    for name, text in (("m.toml", STEPS), ("merge.toml", MERGE), ("l.toml", FILE), ("n.txt", NEWS)):
        (tmp_path / name).write_text(text, "utf-8")
    for form in ("json", "jsonl", "csv"):
        options = ("-m", small_model, "--all-scores", "--explain", "-o", tmp_path / f"old.{form}")
        assert call("tag", tmp_path / "n.txt", *options)[0] == 0
    return tmp_path, call


def migrate(room, old, new, steps="m.toml"):
    folder, call = room
    code, _out, err = call("labels", "migrate", folder / steps, folder / old, "-o", folder / new)
    assert code == 0, err
    return (folder / new).read_text("utf-8-sig"), err


def test_a_label_file_keeps_its_comments(room):
    text, err = migrate(room, "l.toml", "new.toml")
    found = read_taxonomy(str(room[0] / "new.toml"))
    assert [(label.id, label.name) for label in found.labels] == [
        ("neat", "整洁"), ("give", "相助 (give)"), ("loan", "相助 (loan)"),
    ]  # fmt: skip
    assert all(comment in text for comment in ("# What we label.", "# kept", "# as said in March"))
    assert "look at them" in err
    assert (room[0] / "l.toml").read_text("utf-8") == FILE


def test_cues_of_merged_labels_stand_together(room):
    migrate(room, "l.toml", "new.toml", "merge.toml")
    found = read_taxonomy(str(room[0] / "new.toml"))
    assert found.ids == ("tidy", "help")
    cues = [(cue.kind, cue.pattern) for cue in found.cues if cue.label == "help"]
    assert sorted(cues) == [("strong", "搭把手"), ("strong", "补墙"), ("weak", "瓦")]


def test_outputs_of_tag(room):
    before = json.loads((room[0] / "old.json").read_text("utf-8"))
    articles = json.loads(migrate(room, "old.json", "new.json")[0])
    assert wrong(ARTICLES, articles) == []
    assert list(articles[0]["summary"]) == ["neat", "give", "loan"]
    assert (
        before[0]["summary"]["lend"] == articles[0]["summary"]["give"] == articles[0]["summary"]["loan"] > 0
    )
    lines = [json.loads(line) for line in migrate(room, "old.jsonl", "new.jsonl")[0].splitlines()]
    bodies = [p for p in articles[0]["paragraphs"] if p["kind"] == "body"]
    assert [line["tags"] for line in lines] == [p["tags"] for p in bodies]
    text, err = migrate(room, "old.csv", "new.csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["tags"].split() for row in rows] == [[tag["label"] for tag in p["tags"]] for p in bodies]
    assert {"neat", "p_give", "evidence_loan"} <= set(rows[0])
    assert not {"tidy", "p_mend", "lend"} & set(rows[0])
    assert all(row["review"] == "1" for row in rows if "give" in row["tags"])
    assert f"lend → give, loan: {before[0]['summary']['lend']} paragraph" in err


def test_merged_labels_take_the_larger_probability(room):
    text, _err = migrate(room, "old.csv", "new.csv", "merge.toml")
    with open(room[0] / "old.csv", encoding="utf-8-sig", newline="") as file:
        pairs = list(zip(csv.DictReader(file), csv.DictReader(io.StringIO(text)), strict=True))
    assert len(pairs) == 3
    for old, new in pairs:
        assert float(new["p_help"]) == max(float(old["p_lend"]), float(old["p_mend"]))
        assert int(new["help"]) == max(int(old["lend"]), int(old["mend"]))


@pytest.mark.parametrize(
    ("old", "change", "message"),
    [
        ("old.csv", lambda text: text.replace(",", ',"x', 30), "old.csv, line 2: a quotation mark"),
        ("old.jsonl", lambda text: text[:-20], "old.jsonl: is no output of tag"),
        ("l.toml", lambda text: text.replace("id =", "ident ="), "l.toml: its labels are not [[labels]]"),
    ],
)
def test_what_is_damaged_is_named(room, old, change, message):
    folder, call = room
    text = (folder / old).read_text("utf-8-sig")
    changed = text[: text.index("\n") + 1] + change(text[text.index("\n") + 1 :])
    (folder / old).write_text(changed, "utf-8")
    code, _out, err = call("labels", "migrate", folder / "m.toml", folder / old, "-o", folder / f"new-{old}")
    assert (code, message in err) == (1, True), err


def test_a_long_cell_comes_along(room):
    text = (room[0] / "old.csv").read_text("utf-8-sig")
    head, row, *_rest = text.splitlines(keepends=True)
    (room[0] / "old.csv").write_text(head + row.replace(row.split(",")[8], "长" * 200_000), "utf-8")
    assert "长" * 200_000 in migrate(room, "old.csv", "new.csv")[0]


def test_nothing_is_overwritten_and_no_suffix_changed(room):
    folder, call = room
    (folder / "mine.toml").write_text("# mine", "utf-8")
    assert call("labels", "migrate", folder / "m.toml", folder / "l.toml", "-o", folder / "mine.toml")[0] == 1
    assert (folder / "mine.toml").read_text("utf-8") == "# mine"
    assert call("labels", "migrate", folder / "m.toml", folder / "l.toml", "-o", folder / "x.csv")[0] == 2


def test_several_files_go_into_a_folder(room):
    folder, call = room
    (folder / "old.jsonl").rename(folder / "older.ndjson")
    files = [folder / name for name in ("l.toml", "older.ndjson", "old.csv")]
    code, _out, err = call("labels", "migrate", folder / "m.toml", *files, "-o", folder / "new")
    assert code == 0, err
    assert sorted(path.name for path in (folder / "new").iterdir()) == ["l.toml", "old.csv", "older.ndjson"]
    for path in (folder / "new").iterdir():
        assert "neat" in path.read_text("utf-8")
        assert "tidy" not in path.read_text("utf-8").replace("neat", "")


def test_what_cannot_be_migrated_together(room):
    folder, call = room
    corpus = folder / "c.jsonl"
    corpus.write_text('{"text": "早上打扫了晒场。", "labels": ["tidy"]}\n', "utf-8")
    code, _out, err = call(
        "labels", "migrate", folder / "m.toml", corpus, folder / "old.csv", "-o", folder / "x"
    )
    assert (code, "alone" in err) == (2, True)


def tag(room, small_model, name, *options):
    folder, call = room
    assert call("tag", folder / "n.txt", "-m", small_model, "-o", folder / name, *options)[0] == 0


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "zh.csv"])
def test_tables_of_tags_come_along_with_what_they_say(room, small_model, kind):
    """What stats counts of the migrated table is what it counts of the migrated CSV."""
    folder, call = room
    name = f"tags.{kind}"
    tag(room, small_model, name, *(("--headings", "zh") if kind == "zh.csv" else ()))
    new = folder / name.replace("tags", "moved")
    given = (folder / "merge.toml", folder / name, "-o", new)
    migrate(room, "l.toml", "l2.toml", "merge.toml")
    if kind == "zh.csv":
        code, _out, err = call("labels", "migrate", *given)
        assert (code, "Give that label set with --from" in err) == (1, True), err
        given = (*given, "--from", folder / "l.toml")
    code, _out, err = call("labels", "migrate", *given, "-l", folder / "l2.toml")
    assert code == 0, err
    labels = read_taxonomy(str(folder / "l2.toml")).labels
    moved = open_tagged(str(new), labels)
    csv_file = folder / "flat.csv"
    assert call("labels", "migrate", folder / "merge.toml", folder / "old.csv", "-o", csv_file)[0] == 0
    flat = open_tagged(str(csv_file), labels)
    told = [
        [[(tag.label, tag.name) for tag in p.tags] for a in table.articles for p in a.paragraphs]
        for table in (moved, flat)
    ]
    assert told[0] == told[1]
    if kind != "zh.csv":
        assert moved.model["sha256"]


def test_a_split_label_asks_for_a_look_in_a_workbook(room, small_model):
    tag(room, small_model, "tags.xlsx")
    code, _out, err = room[1](
        "labels", "migrate", room[0] / "m.toml", room[0] / "tags.xlsx", "-o", room[0] / "new.xlsx"
    )
    assert code == 0, err
    table = open_tagged(str(room[0] / "new.xlsx"), labels_of(str(room[0] / "new.xlsx")))
    paragraphs = [p for article in table.articles for p in article.paragraphs]
    assert any(p.tags for p in paragraphs)
    for paragraph in paragraphs:
        ids = [tag.label for tag in paragraph.tags]
        assert ("give" in ids) == ("loan" in ids)
        assert paragraph.review >= ("give" in ids)
        assert set(paragraph.scores) == {"neat", "give", "loan"}


ROWS = [("早上打扫了晒场。", "整洁"), ("给张家搭把手。", "相助；整洁"), ("开会。", "")]


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "json", "parquet"])
def test_a_corpus_that_calls_labels_by_name(room, suffix):
    """Without the old label set no name is met, which is told; with it they come out as the new ids."""
    folder, call = room
    rows = [
        LabelledParagraph("a", n, text, tuple(filter(None, names.split("；"))))
        for n, (text, names) in enumerate(ROWS)
    ]
    old, new = folder / f"c.{suffix}", folder / f"d.{suffix}"
    old.write_bytes(export(rows, suffix))
    given = ("labels", "migrate", folder / "m.toml", old, "-o", new)
    code, _out, err = call(*given)
    assert (code, "Its labels are: 整洁, 相助. Where these are names, give" in err) == (1, True), err
    assert not new.exists()
    code, _out, err = call(*given, "--from", folder / "l.toml")
    assert code == 0, err
    assert [row.labels for row in read_corpus([new])] == [("neat",), ("give", "loan", "neat"), ()]
    assert "tidy → neat: 2 paragraphs" in err


def test_a_migration_may_call_labels_by_name_too(room):
    folder, call = room
    (folder / "names.toml").write_text('[rename]\n"整洁" = "neat"\n', "utf-8")
    (folder / "c.csv").write_text("text,labels\n早上打扫了晒场。,整洁\n", "utf-8")
    given = ("labels", "migrate", folder / "names.toml", folder / "c.csv", "-o", folder / "d.jsonl")
    assert call(*given, "--from", folder / "l.toml")[0] == 0
    assert [row.labels for row in read_corpus([folder / "d.jsonl"])] == [("neat",)]
    (folder / "names.toml").write_text('[rename]\n"整齐" = "neat"\n', "utf-8")
    code, _out, err = call(*given, "--from", folder / "l.toml")
    assert (code, "unknown label '整齐'" in err) == (1, True), err


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_files_that_windows_saved(room, encoding):
    folder, _call = room
    for name in ("l.toml", "old.csv"):
        (folder / name).write_bytes((folder / name).read_text("utf-8-sig").encode(encoding))
        assert "neat" in migrate(room, name, f"new-{name}")[0]


def test_the_migration_is_read_once(room, monkeypatch):
    folder, call = room
    read = []
    monkeypatch.setattr(migration, "read_toml", lambda path: read.append(path) or read_toml(path))
    files = [folder / name for name in ("l.toml", "old.jsonl", "old.csv")]
    assert call("labels", "migrate", folder / "m.toml", *files, "-o", folder / "new")[0] == 0
    assert read == [str(folder / "m.toml")]


def test_a_corpus_goes_into_a_format_that_is_known(room):
    folder, call = room
    (folder / "c.csv").write_text("text,labels\n早上打扫了晒场。,tidy\n", "utf-8")
    code, _out, err = call("labels", "migrate", folder / "m.toml", folder / "c.csv", "-o", folder / "d.doc")
    assert (code, "which format to write" in err) == (2, True), err


HOSTILE = {
    "a line of its own": ('[rename]\ntidy = "x\\"\\n[evil]\\ny = \\"1"\n', "control characters|has the id"),
    "a reference of re": ('[rename]\ntidy = "\\\\g<0>"\n', "has the id"),
    "a reference to nothing": ('[rename]\ntidy = "\\\\g<none>"\n', "has the id"),
    "a path": ('[rename]\ntidy = "../../x"\n', "has the id"),
    "lists in lists": (f"retire = {'[' * 5000}{']' * 5000}\n", "nested too deep"),
    "a number of many digits": (f"retire = 1{'0' * 6000}\n", "cannot be read"),
}


@pytest.mark.parametrize(("steps", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_migration_that_means_harm_writes_nothing(tmp_path, capfdbinary, steps, said):
    (tmp_path / "m.toml").write_text(steps, "utf-8")
    (tmp_path / "l.toml").write_text(FILE, "utf-8")
    command = ("labels", "migrate", tmp_path / "m.toml", tmp_path / "l.toml", "-o", tmp_path / "new.toml")
    code, _out, err = Command(capfdbinary)(*command)
    assert code == 1
    assert re.search(said, err)
    assert not (tmp_path / "new.toml").exists()
