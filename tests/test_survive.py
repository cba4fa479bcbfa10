"""An input that ends the process that works on it is named, and the rest is done."""

from __future__ import annotations

import json
import pkgutil
from functools import partial

import pytest
from commands import Command
from deadly_work import deadly, echo

from civictag.batch.chunks import Failure, Files, Rows
from civictag.batch.executors import processes
from civictag.batch.survive import survive
from civictag.batch.worker import Task
from civictag.datamodel import Document
from civictag.readers.options import Reading
from civictag.readers.tables.table_chunks import Lines


def chunks(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in ("u", "bad 2", "v")), "utf-8")
    yield Files(("a.txt", "b.txt"), 2), []
    yield Files(("c.txt", "bad1.txt", "d.txt"), 3), ["bad1.txt"]
    yield (
        Rows(tuple(Document(f"t#{n}", text, "utf-8") for n, text in enumerate(["x", "bad", "y"])), 4),
        ["t#1"],
    )
    yield Lines(str(path), 0, path.stat().st_size, 1, 0, "utf-8", (), 5), [f"{path}#2"]
    yield Files(("e.txt",), 6), []


def test_killers_are_named_and_the_others_are_done(tmp_path):
    given = list(chunks(tmp_path))
    tasks = [Task(number, chunk) for number, (chunk, _) in enumerate(given)]
    done = list(processes(2, partial(survive, Reading()))(deadly, tasks))
    assert [d.number for d in done] == list(range(len(given)))
    assert [d.body for d in done] == [b"a.txt b.txt", b"c.txt d.txt", b"x y", b"u v", b"e.txt"]
    assert [[failure.source for failure in d.failures] for d in done] == [killers for _, killers in given]
    assert [d.size for d in done] == [chunk.size for chunk, _ in given]
    assert all("ended the process" in failure.problem for d in done for failure in d.failures)


def test_a_failure_among_the_rows_stays_one():
    failure = Failure("t", 3, None, "bad row", None)
    task = Task(0, Rows((failure, Document("t#1", "x", "utf-8")), 9))
    assert survive(Reading(), echo, task).failures == [failure]


def wants_too_much(step):
    """A step of the work that has no memory for an article that says 过量."""

    def replaced(*given, **named):
        parts = [part for one in given for part in (one if isinstance(one, list) else [one])]
        if any("过量" in str(getattr(part, "text", "")) for part in parts):
            raise MemoryError
        return step(*given, **named)

    return replaced


STEPS = {
    "reading": "civictag.readers.encodings.mojibake.checked",
    "splitting": "civictag.paragraphs.splitting._article",
    "tagging": "civictag.model.tagger.Tagger.tag_articles",
    "jsonl": "civictag.writers.as_json.paragraph_rows",
    "json": "civictag.writers.as_json.article_record",
    "csv": "civictag.writers.as_csv.CsvWriter.write",
}
WAYS = {"plain": ["-j", 1], "in chunks": ["--mark-duplicates", "--similarity", 1], "resumable": ["--resume"]}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("step", STEPS)
def test_what_there_is_no_memory_for_is_named_alone(
    way, step, tmp_path, small_model, monkeypatch, capfdbinary
):
    names = ("a.txt", "b.txt", "c.jsonl", "d.txt")
    for name, text in zip(names, ("张三扫街。", "过量。", "", "李四补墙。"), strict=True):
        (tmp_path / name).write_text(text, "utf-8")
    rows = [json.dumps({"id": word, "text": word}) + "\n" for word in ("王五借书。", "过量。", "赵六扫楼。")]
    (tmp_path / "c.jsonl").write_text("".join(rows), "utf-8")
    form = step if step in ("json", "csv") else "jsonl"
    place, _, name = STEPS[step].rpartition(".")
    owner = pkgutil.resolve_name(place)
    monkeypatch.setattr(owner, name, wants_too_much(getattr(owner, name)))
    inputs = [tmp_path / name for name in names]
    code, _out, said = Command(capfdbinary)(
        "tag", *inputs, "-m", small_model, "-f", form, "-o", tmp_path / "o", *WAYS[way]
    )
    assert (code, said.count("out of memory")) == (3, 2), said
    assert all(f"{tmp_path}/{name}: out of memory" in said for name in ("b.txt", "c.jsonl#过量。")), said
    written = (tmp_path / "o").read_text("utf-8-sig")
    assert all(word in written for word in ("张三扫街", "李四补墙", "王五借书", "赵六扫楼"))
    assert "过量" not in written
