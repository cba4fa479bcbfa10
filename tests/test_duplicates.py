"""Copies are found by what their bodies say, in the order of the inputs, at any number of workers."""

from __future__ import annotations

import csv
import json
import random
import sys
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pytest
from test_batch import sentence

from civictag.batch import resuming, streaming
from civictag.batch.duplicates import SHINGLE, Originals, find, signature
from civictag.batch.executors import here
from civictag.batch.plain import Job
from civictag.cli import run
from civictag.datamodel import Article, Document, Paragraph
from civictag.paragraphs import split


def article(source: str, text: str) -> Article:
    return split(Document(source, text, is_row=True))


def text_of(seed: int, sentences: int = 12) -> str:
    dice = random.Random(seed)
    return "".join(
        "".join(chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(30)) + "。" for _ in range(sentences)
    )


def shingles(text: str) -> set[str]:
    return {text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1)}


FIRST = text_of(0)


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        (FIRST, True),
        (FIRST.replace("。", "．"), True),  # another width
        (FIRST.replace("。", "。\n　　"), True),  # other line breaks
        ("  " + FIRST, True),
        (FIRST[:-1], False),
        (FIRST + "完。", False),
        (text_of(1), False),
    ],
)
def test_exact_copies(text, copy):
    originals = Originals(1)
    assert originals.first_copy(signature(article("a", FIRST), near=False)) is None
    assert originals.first_copy(signature(article("b", text), near=False)) == ("a" if copy else None)


def test_an_article_that_cannot_be_cut_costs_no_other(tmp_path, monkeypatch):
    from civictag.batch import duplicates, worker

    def cut(document):
        if "坏" in document.text:
            raise ValueError("no way")
        return split(document)

    for module in (duplicates, worker):
        monkeypatch.setattr(module, "split", cut)
    texts = ["坏", "社区清扫了楼道里的杂物。", "志愿者修好了旧桌椅。", "社区清扫了楼道里的杂物。"]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    (tmp_path / "a.jsonl").write_text(lines, "utf-8")
    job = Job("", "", "jsonl", marks=1.0)
    found = find(job, [str(tmp_path / "a.jsonl")], 1 << 20, here, Mock())
    first, copy = (f"{tmp_path / 'a.jsonl'}#{number}" for number in (2, 4))
    assert found == {0: {(copy, 0): first}}


def test_copies_are_known_by_what_names_them_whatever_is_left_out(tmp_path, monkeypatch, small_model):
    """The first reading had memory for all, the second not for the first row: the third is a copy still."""
    from civictag.batch import worker
    from civictag.batch.chunks import cut
    from civictag.batch.survive import spared
    from civictag.batch.worker import tasks, work
    from civictag.model.bundle import load

    texts = ["太大", "社区清扫了楼道里的杂物。", "志愿者修好了旧桌椅。", "社区清扫了楼道里的杂物。"]
    rows = [{"text": text} for text in texts]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    tagger, paths = load(small_model), [str(tmp_path / "a.jsonl")]
    job = Job(small_model, tagger.info.sha256, "jsonl", marks=1.0)
    copies = find(job, paths, 1 << 20, here, Mock())

    def whole(document):
        if document.text == "太大":
            raise MemoryError
        return split(document)

    monkeypatch.setattr(worker, "split", Mock(side_effect=whole))
    monkeypatch.setattr(worker, "unexpected", Mock(side_effect=MemoryError))
    (done,) = (
        spared(job.reading, partial(work, job), task)
        for task in tasks(cut(paths, job.reading, 1 << 20), copies)
    )
    found = [json.loads(line)["extra"]["duplicate_of"] for line in done.body.splitlines()]
    assert [bool(first) for first in found] == [False, False, True]
    assert len(done.failures) == 1


def test_articles_without_body_are_no_copies():
    empty = [Article(name, "", "utf-8", "", (Paragraph(0, "furniture", 0, 2, "首页"),)) for name in "ab"]
    originals = Originals(1)
    assert [originals.first_copy(signature(each, near=False)) for each in empty] == [None, None]


@pytest.mark.parametrize(("changed", "copy"), [(0, True), (1, True), (5, False), (12, False)])
def test_reprints_with_changed_sentences(changed, copy):
    """One sentence of twelve changed leaves 0.85 of the shingles in common, five leave 0.4."""
    pytest.importorskip("datasketch")
    sentences, others = FIRST.split("。"), text_of(5).split("。")
    reprint = "。".join(others[:changed] + sentences[changed:])
    both = shingles(FIRST), shingles(reprint)
    alike = len(both[0] & both[1]) / len(both[0] | both[1])
    assert (alike > 0.83) == copy
    assert copy or alike < 0.7
    originals = Originals(0.75)
    assert originals.first_copy(signature(article("a", FIRST), near=True)) is None
    assert originals.first_copy(signature(article("b", reprint), near=True)) == ("a" if copy else None)


def test_the_first_is_named_and_chains_do_not_drift():
    pytest.importorskip("datasketch")
    sentences, others = FIRST.split("。"), text_of(7).split("。")
    originals = Originals(0.75)
    named = []
    for changed in range(13):  # each like the one before it, the last unlike the first
        text = "。".join(others[:changed] + sentences[changed:])
        named.append(originals.first_copy(signature(article(str(changed), text), near=True)))
    assert named[:2] == [None, "0"]
    assert named.count(None) >= 3
    originals_named = {int(name) for name in named if name}
    assert all(named[number] is None for number in originals_named)
    assert originals.first_copy(signature(article("again", "。".join(sentences)), near=True)) == "0"


def test_short_texts_are_compared_exactly():
    pytest.importorskip("datasketch")
    originals = Originals(0.5)
    texts = ["收到。", "收悉。", "收到。", "", "已办。"]
    named = [originals.first_copy(signature(article(str(n), t), near=True)) for n, t in enumerate(texts)]
    assert named == [None, None, "0", None, None]


def test_without_the_library_exact_copies_are_found_and_near_ones_ask_for_it(
    monkeypatch, tmp_path, small_model, capfd
):
    monkeypatch.setitem(sys.modules, "datasketch", None)
    path = reprints(tmp_path / "a.jsonl")
    out = str(tmp_path / "out")
    assert run(["tag", str(path), "-m", small_model, "-f", "jsonl", "-o", out, "--mark-duplicates"]) == 1
    assert '[dedup]"; or take exact copies only: --similarity 1' in capfd.readouterr().err
    arguments = ["tag", str(path), "-m", small_model, "-f", "jsonl", "-o", out, "--mark-duplicates"]
    assert run([*arguments, "--similarity", "1"]) == 0
    assert any(copies(Path(out)).values())


def reprints(path: Path, count: int = 240) -> Path:
    """Every third row is new; the others repeat an earlier one, as it is or with a sentence changed."""
    dice = random.Random(3)
    texts: list[str] = []
    for number in range(count):
        if number % 3 == 0:
            texts.append("".join(sentence(dice) for _ in range(15)))
        else:
            earlier = texts[dice.randrange(len(texts))]
            texts.append(earlier if number % 3 == 1 else earlier + sentence(dice)[:6])
    rows = [json.dumps({"id": f"r{n}", "text": text}, ensure_ascii=False) for n, text in enumerate(texts)]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def copies(out: Path) -> dict[str, str | None]:
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return {row["id"]: row["extra"]["duplicate_of"] for row in rows}


def test_marks_do_not_depend_on_workers_or_on_resuming(tmp_path, small_model, monkeypatch):
    pytest.importorskip("datasketch")
    monkeypatch.setattr(streaming, "CHUNK", 5_000)
    monkeypatch.setattr(resuming, "PART", 8_000)
    path = reprints(tmp_path / "a.jsonl")
    found = []
    for name, more in (("one", []), ("two", ["-j", "2"]), ("parts", ["--resume"])):
        out = tmp_path / name
        arguments = ["tag", str(path), "-m", small_model, "-f", "jsonl", "-o", str(out), "--mark-duplicates"]
        assert run([*arguments, *more]) == 0
        found.append(out.read_bytes())
    assert found[0] == found[1] == found[2]
    marks = copies(tmp_path / "one")
    assert marks["r0"] is None
    assert marks["r1"] == f"{path}#r0"
    assert sum(mark is not None for mark in marks.values()) >= 160
    assert all(marks[mark.rpartition("#")[2]] is None for mark in marks.values() if mark)


def test_csv_has_the_column(tmp_path, small_model):
    path = reprints(tmp_path / "a.jsonl", 6)
    out = tmp_path / "out.csv"
    arguments = ["tag", str(path), "-m", small_model, "-f", "csv", "-o", str(out)]
    assert run([*arguments, "--mark-duplicates", "--similarity", "1"]) == 0
    head, first, second = out.read_text(encoding="utf-8-sig").splitlines()[:3]
    assert head.endswith(",duplicate_of")
    assert first.endswith(",")
    assert second.endswith("#r0")


def test_standard_input_cannot_be_read_twice(small_model, capfd):
    assert run(["tag", "-", "-m", small_model, "--mark-duplicates"]) == 2
    assert "standard input" in capfd.readouterr().err


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("more", [(), ("--resume",), ("-j", "2")])
def test_a_column_of_the_users_with_that_name_is_kept_and_said(tmp_path, small_model, capfd, form, more):
    rows = [{"id": f"r{n}", "text": "清理垃圾三吨。", "duplicate_of": f"网{n}", "x": n} for n in range(3)]
    path, out = tmp_path / "a.jsonl", tmp_path / "out"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    arguments = ["tag", str(path), "-m", small_model, "-f", form, "-o", str(out), "--mark-duplicates"]
    assert run([*arguments, "--similarity", "1", *more]) == 0
    assert (
        'a column "duplicate_of" of its own; it is written as "duplicate_of_input"' in capfd.readouterr().err
    )
    if form == "csv":
        found = list(csv.DictReader(out.open(encoding="utf-8-sig", newline="")))
    else:
        found = [json.loads(line)["extra"] for line in out.read_text("utf-8").splitlines()]
    assert [row["duplicate_of_input"] for row in found] == ["网0", "网1", "网2"]
    assert [row["duplicate_of"] or None for row in found] == [None, f"{path}#r0", f"{path}#r0"]
