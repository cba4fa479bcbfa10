"""The short way: a row that comes in goes out, one bad input costs nobody else, the bytes are the same."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import product

import pytest
from commands import environment
from test_batch import write_folder, write_rows

from civictag.cli import run
from civictag.model.tagger import groups
from civictag.paragraphs import splitting
from civictag.readers.articles import article_from_text


def in_json(number: int, text: str) -> str:
    return json.dumps({"text": text}) + "\n"


def in_csv(number: int, text: str) -> str:
    return ("" if number else "id,text\n") + f"{number},{text}\n"


def talk(process, message: str) -> str:
    """The line that answers a row; a CSV's heading stands before the first."""
    process.stdin.write(message.encode("utf-8"))
    process.stdin.flush()
    line = process.stdout.readline().decode("utf-8")
    return process.stdout.readline().decode("utf-8") if line.startswith("\ufeff") else line


def ways():
    """Every row, form and option; two workers with each row and each form once, the rest of them slow."""
    for row, form in product((in_json, in_csv), ("jsonl", "csv")):
        for more in ([], ["--explain"], ["-j", "2"]):
            crossed = more[:1] == ["-j"] and (row is in_json) != (form == "jsonl")
            yield pytest.param(row, form, more, marks=[pytest.mark.slow] * crossed)


@pytest.mark.parametrize(("row", "form", "more"), list(ways()))
def test_a_row_is_answered_before_the_next_one_is_sent(small_model, row, form, more):
    """Who waits for each answer before going on would wait for ever if rows were collected."""
    command = [sys.executable, "-m", "civictag", "tag", "-", "-m", small_model, "-f", form, *more]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    ) as process:
        for number in range(5):
            text = f"第{number}天，志愿者修好了{number}张旧桌椅。"
            assert text in talk(process, row(number, text))
        process.stdin.close()
        assert process.wait(60) == 0


def test_tag_articles_answers_a_generator_as_it_goes(small_tagger):
    answered = []
    lines = [f"第{n}天，志愿者修好了{n}张旧桌椅，摆在小区门口请居民坐。" for n in range(3)]
    texts = [lines[0], "", lines[1], lines[2]]

    def articles():
        for number, text in enumerate(texts):
            assert len(answered) == number  # nothing is asked for ahead of its answer
            yield article_from_text(text)

    for article in small_tagger.tag_articles(articles()):
        answered.append(article)
    assert answered == list(small_tagger.tag_articles([article_from_text(text) for text in texts]))


def test_tag_many_answers_a_generator_as_it_goes(small_tagger):
    answered = []

    def texts():
        for number in range(4):
            assert len(answered) == number  # nothing is asked for ahead of its answer
            yield f"第{number}天，志愿者修好了旧桌椅。"

    for explain in (False, True):
        answered.clear()
        for tags in small_tagger.tag_many(texts(), explain=explain):
            answered.append(tags)
        assert len(answered) == 4
    wanted = list(small_tagger.tag_many([f"第{n}天，志愿者修好了旧桌椅。" for n in range(4)], explain=True))
    assert answered == wanted


@pytest.mark.parametrize(
    "form", ["json", *(pytest.param(f, marks=pytest.mark.slow) for f in ("csv", "jsonl"))]
)
def test_the_short_way_and_two_workers_give_the_same(tmp_path, small_model, form):
    folder = write_folder(tmp_path / "in")
    for name, jobs in (("one", "1"), ("two", "2")):
        arguments = ["tag", str(folder), "-m", small_model, "-f", form, "-o", str(tmp_path / name)]
        assert run([*arguments, "-j", jobs]) == 3
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("more", [[], ["-j", "2"], ["--resume"]])
def test_any_other_exception_of_an_input_is_its_own(tmp_path, small_model, monkeypatch, capfd, more):
    """Splitting one text fails in a way that nobody foresaw: it is named, the others are tagged."""
    if more == ["-j", "2"]:
        monkeypatch.setattr("civictag.batch.executors.processes", lambda jobs, lost, **_slow: map)
    real = splitting.split

    def split(document):
        if "坏" in document.text:
            raise ZeroDivisionError("division by zero")
        return real(document)

    for where in ("civictag.paragraphs", "civictag.batch.worker"):
        monkeypatch.setattr(f"{where}.split", split)
    for name in ("a", "坏", "c"):
        (tmp_path / f"{name}.txt").write_text(f"志愿者修好了{name}桌椅。", "utf-8")
    out = tmp_path / "out.jsonl"
    assert run(["tag", str(tmp_path), "-m", small_model, "-o", str(out), *more]) == 3
    said = capfd.readouterr().err
    assert "坏.txt: cannot be read (ZeroDivisionError: division by zero)" in said
    assert len(out.read_bytes().splitlines()) == 2


def test_an_article_that_cannot_be_tagged_is_named_and_the_rest_is_done(
    tmp_path, small_model, monkeypatch, capfd
):
    from civictag.model.compiled import CompiledModel

    real = CompiledModel.scores

    def scores(self, texts, titles):
        if any("坏" in text for text in texts):
            raise MemoryError
        return real(self, texts, titles)

    monkeypatch.setattr(CompiledModel, "scores", scores)
    rows = write_rows(tmp_path / "a.jsonl", 20)
    with rows.open("a", encoding="utf-8") as file:
        file.write(
            json.dumps({"text": "志愿者修好了坏桌椅。"}) + "\n" + json.dumps({"text": "清理垃圾。"}) + "\n"
        )
    out = tmp_path / "out.jsonl"
    assert run(["tag", str(rows), "-m", small_model, "-o", str(out)]) == 3
    assert "a.jsonl#21: out of memory" in capfd.readouterr().err
    assert len(out.read_bytes().splitlines()) == 21


def test_what_is_refused_is_told_in_order_however_many_are_read_ahead(tmp_path, small_model, capfd):
    rows = write_rows(tmp_path / "a.jsonl", 900)
    lines = rows.read_text("utf-8").splitlines(keepends=True)
    for number in (100, 300, 600):
        lines[number] = json.dumps({"text": number}) + "\n"
    rows.write_text("".join([*lines, "{"]), "utf-8")
    told = []
    for jobs in ("1", "2"):
        arguments = ["tag", str(rows), "-m", small_model, "-o", str(tmp_path / f"{jobs}.jsonl"), "-j", jobs]
        assert run(arguments) == 3
        told.append(capfd.readouterr().err)
    assert [f"a.jsonl, line {line}" in told[0] for line in (101, 301, 601, 901)] == [True] * 4
    assert told[0] == told[1]
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_long_articles_are_few_in_a_group():
    articles = [article_from_text("长" * size) for size in (1 << 20, 5, 200_000, 200_000, 9)]
    assert [len(group) for group in groups(articles, 256)] == [1, 3, 1]
    assert [len(group) for group in groups(articles[1:2] * 5, 2)] == [2, 2, 1]
