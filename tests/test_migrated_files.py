"""Label files and outputs of tag under new labels."""

import csv
import io
import json
import re

import pytest
from commands import ARTICLES, Command, wrong

from civictag.labels.label_set import read_taxonomy

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
name = "帮手"
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
        ("neat", "整洁"), ("give", "帮手 (give)"), ("loan", "帮手 (loan)"),
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
    assert f"lend → give, loan: {before[0]['summary']['lend']} paragraphs" in err


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


def test_what_cannot_be_migrated_together_or_at_all(room, tmp_path, small_model):
    folder, call = room
    corpus = folder / "c.jsonl"
    corpus.write_text('{"text": "早上打扫了晒场。", "labels": ["tidy"]}\n', "utf-8")
    code, _out, err = call(
        "labels", "migrate", folder / "m.toml", corpus, folder / "old.csv", "-o", folder / "x"
    )
    assert (code, "alone" in err) == (2, True)
    book = folder / "tags.xlsx"
    assert call("tag", folder / "n.txt", "-m", small_model, "-o", book)[0] == 0
    code, _out, err = call("labels", "migrate", folder / "m.toml", book, "-o", folder / "x.xlsx")
    assert (code, "workbook of tags" in err) == (1, True)


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
