"""Batches: the same bytes however the inputs are cut, whoever works, and whatever goes wrong on the way."""

from __future__ import annotations

import csv
import gzip
import json
import pickle
import random
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from civictag.batch import streaming
from civictag.batch.chunks import Failure, Files, Groups, Lines, Rows, cut, documents
from civictag.batch.executors import here, in_order, processes
from civictag.batch.plain import Job
from civictag.batch.streaming import stream
from civictag.batch.survive import survive
from civictag.datamodel import Document
from civictag.errors import InputError, MissingExtra
from civictag.readers import Reading, read_documents
from civictag.readers.articles import read_articles
from civictag.writers import WITH_SCORES, open_writer

WORDS = [
    "环卫工人",
    "清理",
    "垃圾",
    "志愿者",
    "走进",
    "小区",
    "宣讲",
    "借用",
    "工具",
    "修理",
    "桌椅",
    "楼道",
    "干净",
]


def sentence(dice: random.Random) -> str:
    return "".join(dice.choices(WORDS, k=dice.randint(4, 14))) + "。"


def write_rows(path: Path, count: int, seed: int = 0) -> Path:
    dice = random.Random(seed)
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            row = {"id": f"r{number}", "title": "旧物", "text": sentence(dice), "outlet": number % 3}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def write_folder(folder: Path) -> Path:
    """Articles, tables, and every kind of failure among them, in the order of their names."""
    dice = random.Random(1)
    folder.mkdir()
    for number in range(150):
        text = "\n".join(sentence(dice) for _ in range(3))
        encoding = ("utf-8", "gb18030", "utf-16")[number % 3]
        (folder / f"a{number:03}.txt").write_text(text, encoding=encoding)
    (folder / "a050.txt").write_bytes(b"")
    (folder / "a051.pdf").write_bytes(b"%PDF-1.4 broken")
    write_rows(folder / "b.jsonl", 300)
    with open(folder / "c.jsonl", "w", encoding="utf-8") as file:
        file.write(
            "\n\u3000\u3000\n{broken\n" + json.dumps({"text": "借用工具。"}) + "\n[]\n" + '{"title": "x"}\n'
        )
        file.writelines(json.dumps({"text": sentence(dice)}) + "\n\n" for _ in range(200))
    with open(folder / "d.csv", "w", encoding="gb18030", newline="") as file:
        rows = csv.writer(file)
        rows.writerows(
            [["id", "text", "far"], *([i, sentence(dice) + "\n" + sentence(dice), "y"] for i in range(99))]
        )
    with gzip.open(folder / "e.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": sentence(dice)}) + "\n" for _ in range(50))
    (folder / "f.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    return folder


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.failures: list[Failure] = []
        self.warnings: list[str] = []
        self.entries: list[object] = []
        self.numbers: list[int] = []
        self.size = 0
        self.count = 0

    def resumed(self, entries):
        self.entries += entries

    def failed(self, failure):
        self.failures.append(failure)

    def warned(self, warning):
        self.warnings.append(warning)

    def advanced(self, done):
        self.numbers.append(done.number)
        self.size += done.size
        self.count += done.count


def job(tagger, model: str, form: str, **more) -> Job:
    return Job(model, tagger.info.sha256, form, scores=form in WITH_SCORES, **more)


def plainly(tagger, paths, form: str, target: str) -> list[Failure]:
    """The output as reader, tagger and writer give it without any of the batch's machinery."""
    failures: list[Failure] = []
    articles = read_articles(paths, lambda error: failures.append(Failure.of(error)))
    with open_writer(form, target, labels=tagger.labels, model=tagger.info.as_dict()) as writer:
        for article in tagger.tag_articles(articles, all_scores=form in WITH_SCORES):
            writer.write(article)
    return failures


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "html", "parquet", "table"])
def test_the_bytes_are_those_of_reader_tagger_and_writer(
    tmp_path, small_tagger, small_model, monkeypatch, form
):
    """Small chunks, so that every kind of cut is there; names of rows without id count on across cuts."""
    monkeypatch.setattr(streaming, "CHUNK", 700)
    folder = write_folder(tmp_path / "in")
    wanted = plainly(small_tagger, [str(folder)], form, str(tmp_path / "plain"))
    heard = Heard()
    stream(job(small_tagger, small_model, form), [str(folder)], str(tmp_path / "out"), here, heard)
    assert (tmp_path / "out").read_bytes() == (tmp_path / "plain").read_bytes()
    assert heard.failures == wanted
    assert len(wanted) == 6
    assert heard.numbers == list(range(len(heard.numbers)))
    assert len(heard.numbers) > 100
    assert heard.size == sum(path.stat().st_size for path in folder.iterdir())


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_nothing_read_is_an_empty_output(tmp_path, small_tagger, small_model, form):
    (tmp_path / "a.txt").write_bytes(b"")
    plainly(small_tagger, [str(tmp_path / "a.txt")], form, str(tmp_path / "plain"))
    stream(
        job(small_tagger, small_model, form), [str(tmp_path / "a.txt")], str(tmp_path / "out"), here, Heard()
    )
    assert (tmp_path / "out").read_bytes() == (tmp_path / "plain").read_bytes()


@pytest.mark.parametrize(
    "form", ["html", *(pytest.param(f, marks=pytest.mark.slow) for f in ("jsonl", "csv"))]
)
def test_two_processes_give_the_same(tmp_path, small_tagger, small_model, monkeypatch, form):
    monkeypatch.setattr(streaming, "CHUNK", 5_000)
    folder = write_folder(tmp_path / "in")
    both = [Heard(), Heard()]
    for name, executor, heard in zip(
        ("one", "two"), (here, processes(2, partial(survive, Reading()))), both, strict=True
    ):
        stream(job(small_tagger, small_model, form), [str(folder)], str(tmp_path / name), executor, heard)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert both[0].failures == both[1].failures
    assert both[0].numbers == both[1].numbers


def test_cuts_cover_every_byte_and_every_line(tmp_path):
    path = write_rows(tmp_path / "a.jsonl", 500)
    chunks = list(cut([str(path)], Reading(), 1_000))
    assert all(isinstance(chunk, Lines) for chunk in chunks)
    assert [chunk.start for chunk in chunks[1:]] == [chunk.stop for chunk in chunks[:-1]]
    assert chunks[-1].stop == path.stat().st_size
    read = [document for chunk in chunks for document in documents(chunk, Reading())]
    assert [document.id for document in read] == [f"r{number}" for number in range(500)]


@pytest.mark.parametrize(
    ("encoding", "kind"), [("utf-8", Lines), ("utf-8-sig", Lines), ("gb18030", Lines), ("utf-16", Rows)]
)
def test_lines_are_cut_in_any_encoding(tmp_path, encoding, kind):
    rows = [json.dumps({"text": f"第{n}次清理楼道垃圾。"}, ensure_ascii=False) for n in range(60)]
    (tmp_path / "a.jsonl").write_text("\n".join(rows), encoding=encoding)
    chunks = list(cut([str(tmp_path / "a.jsonl")], Reading(), 300))
    assert len(chunks) >= 3
    assert {type(chunk) for chunk in chunks} == {kind}
    read = [d for chunk in chunks for d in documents(chunk, Reading())]
    assert [d.text for d in read] == [json.loads(row)["text"] for row in rows]
    assert [d.source.rpartition("#")[2] for d in read] == [str(n) for n in range(1, 61)]


def test_a_line_longer_than_any_article_is_one_failure(tmp_path, monkeypatch):
    from civictag.readers.encodings import line_stream as lines
    from civictag.readers.tables import table_chunks

    monkeypatch.setattr(table_chunks, "ARTICLE_BYTES", 2_000)
    monkeypatch.setattr(
        lines.open_lines, "__kwdefaults__", {**lines.open_lines.__kwdefaults__, "limit": 2_000}
    )
    texts = ["甲" * 10, "乙" * 50_000, "丙" * 10]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": t}) for t in texts), encoding="utf-8")
    read = [
        d for chunk in cut([str(tmp_path / "a.jsonl")], Reading(), 100) for d in documents(chunk, Reading())
    ]
    first, long, last = read
    assert isinstance(first, Document)
    assert isinstance(long, Failure)
    assert long.line == 2
    assert last.source.endswith("#2")


def test_ten_thousand_tiny_files_are_a_few_hundred_pieces(tmp_path):
    for number in range(1_000):
        (tmp_path / f"{number}.txt").touch()
    chunks = list(cut([str(tmp_path)], Reading(), 1 << 20))
    assert len(chunks) == 16
    assert all(isinstance(chunk, Files) for chunk in chunks)


class Later:
    def __init__(self, value):
        self.value = value

    def result(self):
        return self.value


def test_few_items_are_under_way_when_nobody_takes_the_results():
    submitted = []
    results = in_order(lambda item: submitted.append(item) or Later(item), iter(range(1_000)), 6)
    assert next(results) == 0
    assert len(submitted) == 6
    assert list(results) == list(range(1, 1_000))


# Between the tests and what is measured: a process counts the memory of the one that started it as its own.
LAUNCH = """
import os, sys
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ)
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss)
sys.exit(status != 0)
"""


def peak(*arguments: str) -> int:
    """Peak memory of ``civictag`` with these arguments, in KiB."""
    command = [sys.executable, "-S", "-c", LAUNCH, "-m", "civictag", *arguments]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def grown(rows: int, folder: Path, model: str) -> tuple[int, int]:
    """Peak memory in KiB of tagging so many rows, and paragraphs written."""
    path, out = folder / f"{rows}.jsonl", folder / f"{rows}.out"
    dice = random.Random(2)
    texts = [json.dumps({"text": sentence(dice)}, ensure_ascii=False) for _ in range(1_000)]
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(texts[number % 1_000] + "\n" for number in range(rows))
    memory = peak("tag", str(path), "-m", model, "-f", "jsonl", "-o", str(out))
    with open(out, "rb") as file:
        written = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    path.unlink()
    out.unlink()
    return memory, written


@pytest.mark.parametrize("rows", [30_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_memory_is_flat_however_many_paragraphs(tmp_path, small_model, rows):
    few, _ = grown(5_000, tmp_path, small_model)
    many, written = grown(rows, tmp_path, small_model)
    assert written == rows
    assert peak("--version") < few < many + 20 * 1024
    assert many < few + 20 * 1024
    assert many < 100 * 1024


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["jsonl", "txt"])
def test_a_row_of_64_mib_takes_less_than_600(tmp_path, small_model, kind):
    """The longest text there may be; all its features held at once would take two gigabytes."""
    dice = random.Random(3)
    text = "".join(sentence(dice) for _ in range(2_000))
    text *= 63 * 2**20 // len(text.encode())
    path = tmp_path / f"one.{kind}"
    path.write_text(json.dumps({"text": text}, ensure_ascii=False) if kind == "jsonl" else text, "utf-8")
    assert path.stat().st_size > 60 * 2**20
    assert peak("tag", str(path), "-m", small_model, "-f", "jsonl", "-o", str(tmp_path / "out")) < 600 * 1024


def write_parquet(path: Path, rows: int, group: int) -> list[str]:
    arrow = pytest.importorskip("pyarrow")
    import pyarrow.parquet as parquet

    dice = random.Random(4)
    texts = [sentence(dice) for _ in range(rows)]
    table = arrow.table({"text": texts, "outlet": [n % 3 for n in range(rows)]})
    parquet.write_table(table, path, row_group_size=group)
    return texts


@pytest.mark.parametrize(("group", "kind"), [(20, Groups), (300, Rows)])
def test_parquet_is_cut_by_its_row_groups_unless_they_are_huge(tmp_path, group, kind):
    texts = write_parquet(tmp_path / "a.parquet", 300, group)
    chunks = list(cut([str(tmp_path / "a.parquet")], Reading(), 1_000))
    assert {type(chunk) for chunk in chunks} == {kind}
    assert len(chunks) > 5
    read = [d for chunk in chunks for d in documents(chunk, Reading())]
    assert [d.text for d in read] == texts
    assert [d.source.rpartition("#")[2] for d in read] == [str(n) for n in range(1, 301)]
    assert read[7].extra == {"outlet": 1}


def broken_rows(path: Path) -> None:
    """Rows that were read in a wrong encoding before they were saved, as lines or as Parquet."""
    texts = [f"{number}号楼的楼道打扫干净了，居民都说好。".encode().decode("latin-1") for number in range(9)]
    if path.suffix == ".parquet":
        arrow = pytest.importorskip("pyarrow")
        import pyarrow.parquet as parquet

        parquet.write_table(arrow.table({"text": texts}), path, row_group_size=3)
    else:
        path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")


@pytest.mark.parametrize("fix", [True, False])
@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_rows_are_mended_however_they_are_cut(tmp_path, name, fix):
    path = tmp_path / name
    broken_rows(path)
    reading = Reading(fix_text=fix)
    cuts = list(cut([str(path)], reading, 100))
    assert len(cuts) > 1
    told = [document for chunk in cuts for document in documents(chunk, reading)]
    assert told == list(read_documents(str(path), reading))
    assert all(("号楼" in document.text) == fix and document.warnings for document in told)


def test_a_parquet_file_without_rows_or_column(tmp_path):
    write_parquet(tmp_path / "a.parquet", 0, 10)
    none = "holds no article: the table has no rows"
    for text_column, wanted in (
        ("text", [none]),
        ("body", ['no column "body"; the columns are: text, outlet']),
    ):
        reading = Reading(text_column)
        chunks = list(cut([str(tmp_path / "a.parquet")], reading, 1_000))
        assert len(chunks) == 1
        assert [d.problem for chunk in chunks for d in documents(chunk, reading)] == wanted


@pytest.mark.parametrize(
    "error", [MissingExtra("Reading .x", "parquet", where="a.x"), InputError("bad", line=3)]
)
def test_errors_cross_processes(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
