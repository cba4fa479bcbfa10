"""A label that was not learned: no probability, and named wherever figures stand."""

import csv
import io
import json
import shutil

import pytest
from commands import Command
from fake_tagger import write_rain

from civictag import read_article
from civictag.corpus.files import read_corpus
from civictag.evaluation.evaluate import evaluate
from civictag.readers.tables.raw_table import parquet_rows, read_sheets
from civictag.settings import Learner, TrainSettings
from civictag.training.train import train
from civictag.writers.as_json import article_record, paragraph_rows
from civictag.writers.base import Options
from civictag.writers.rows import Columns

LABELS = """
format = 1
[[labels]]
id = "rain"
[labels.cues]
strong = ["大雨"]
[[labels]]
id = "snow"
"""
ASK = Options(all_scores=True)


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """A tagger of a label with a cue, and of one without a cue or an example; and its corpus."""
    room = tmp_path_factory.mktemp("unlearned")
    (room / "labels.toml").write_text(LABELS, "utf-8")
    write_rain(room / "rows.jsonl")
    (room / "new.txt").write_text("山里下了大雨。\n", "utf-8")
    given = [str(room / "rows.jsonl")], str(room / "model"), str(room / "labels.toml")
    return train(*given, options=TrainSettings(learners=(Learner("cue"),))), room


def test_it_has_no_probability_in_any_output(taught):
    tagger, room = taught
    assert (tagger.info.not_learned, tagger.info.always_given) == (("snow",), ())
    article = tagger.tag_article(read_article(str(room / "new.txt")), all_scores=True)
    ids = [label.id for label in tagger.labels]
    (line,) = paragraph_rows(article, ids, ASK)
    (whole,) = article_record(article, ids, tagger.info.as_dict(), ASK)["paragraphs"]
    for record in (line, whole):
        assert record["scores"]["snow"] is None
        assert record["scores"]["rain"] > 0.5
    columns = Columns(tuple(ids), explain=False)
    (cells,) = columns.rows(article)
    assert dict(zip(columns.names(), cells, strict=True))["p_snow"] is None


def test_an_evaluation_names_it(taught):
    tagger, room = taught
    notes = evaluate(tagger, read_corpus([str(room / "rows.jsonl")]), resamples=0).notes
    assert sum("has not learned snow" in note for note in notes) == 1


@pytest.fixture
def command(capfdbinary):
    return Command(capfdbinary)


def test_tag_and_month_name_it_once(taught, tmp_path, command):
    _tagger, room = taught
    code, _out, err = command("tag", room / "new.txt", room / "new.txt", "-m", room / "model", "-f", "csv")
    assert (code, err.count("has not learned snow")) == (0, 1)
    _code, _out, err = command("month", room / "new.txt", "-m", room / "model", "-o", tmp_path / "m.html")
    assert err.count("has not learned snow") == 1


def test_a_label_that_every_paragraph_gets_is_named(taught, tmp_path, command):
    _tagger, room = taught
    folder = tmp_path / "blind"
    shutil.copytree(room / "model", folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["chosen"]["every_label_given"] = True
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    _code, _out, err = command("tag", room / "new.txt", "-m", folder, "-f", "json")
    assert err.count("gives rain to every paragraph") == 1


@pytest.mark.parametrize(("by_cues", "more"), [(True, ["model"]), (False, [])])
def test_tags_by_cues_alone_are_marked(taught, command, by_cues, more):
    _tagger, room = taught
    by = ("-l", room / "labels.toml") if by_cues else ("-m", room / "model")
    _code, out, _err = command("tag", room / "new.txt", *by, "-f", "csv")
    (row,) = csv.DictReader(io.StringIO(out.removeprefix("\ufeff")))
    assert [name for name in row if name == "model"] == more
    assert row.get("model", "cues") == "cues"
    _code, table, _err = command("tag", room / "new.txt", *by, "-f", "table")
    assert ("by cues alone" in table) is by_cues
    _code, found, _err = command("tag", room / "new.txt", *by, "-f", "json")
    assert (json.loads(found)[0]["model"]["name"] == "cues") is by_cues
    _code, line, _err = command("tag", room / "new.txt", *by, "-f", "jsonl")
    assert (json.loads(line).get("model") == "cues") is by_cues
    _code, page, _err = command("tag", room / "new.txt", *by, "-f", "html")
    assert ("by cues alone" in page) is by_cues


@pytest.mark.parametrize(
    ("headings", "head", "said"), [("zh", "模型", "只按线索词"), ("en", "Model", "Cues alone")]
)
def test_tables_for_people_mark_cues_too_and_are_read_back(taught, command, tmp_path, headings, head, said):
    _tagger, room = taught
    by = ("-l", room / "labels.toml", "--headings", headings)
    _code, out, _err = command("tag", room / "new.txt", *by, "-f", "csv")
    (row,) = csv.DictReader(io.StringIO(out.removeprefix("\ufeff")))
    assert row[head] == said
    assert head not in command("tag", room / "new.txt", "-m", room / "model", *by[2:], "-f", "csv")[1]
    path = tmp_path / "t.xlsx"
    assert command("tag", room / "new.txt", *by, "-o", path)[0] == 0
    sheet = next(sheet for sheet in read_sheets(str(path)) if sheet.head[0] in ("段落", "Text"))
    (cells,) = sheet.rows
    assert cells[sheet.head.index(head)] == said
    assert command("stats", path, "-m", room / "model", "-f", "json")[0] == 0


def test_a_parquet_of_cues_says_so_in_every_row(taught, command, tmp_path):
    pytest.importorskip("pyarrow")
    _tagger, room = taught
    path = tmp_path / "t.parquet"
    assert command("tag", room / "new.txt", "-l", room / "labels.toml", "-o", path)[0] == 0
    assert [row["model"] for row in parquet_rows(str(path))] == ["cues"]
    assert command("stats", path, "-m", room / "model", "-f", "json")[0] == 0
