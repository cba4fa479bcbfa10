"""Hostile inputs through the command line: a clear message or a right answer, in bounded memory and time."""

from __future__ import annotations

import json
import os
import random
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from test_hostile import bomb, mutated, originals, sparse

from civictag.cli import run
from civictag.readers.limits import MIB

TEXT = "志愿者清理楼道垃圾，修理公用的桌椅。"


def tag(model: str, *arguments: str | Path) -> int:
    return run(["tag", "-m", model, "-f", "jsonl", *map(str, arguments)])


def limited(model: str, *arguments: str | Path, memory: int) -> tuple[int, str]:
    """Exit code and messages of a process that may not have more than ``memory`` bytes of address space."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    command = [sys.executable, "-m", "civictag", "tag", "-m", model, "-f", "jsonl", *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, preexec_fn=limit, errors="replace", timeout=120
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def rows(out: Path) -> list[dict]:
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


HUGE = {
    "a.txt": "larger than 64 MiB",
    "a.html": "larger than 64 MiB",
    "a.pdf": "larger than 64 MiB",
    "a.jsonl": "not a text file",
    "a.csv": "not a text file",
    "a.docx": "not a .docx file",
    "a.xlsx": "not a .xlsx file",
    "a.parquet": "not a Parquet file",
}


@pytest.fixture(scope="module")
def huge(tmp_path_factory, small_model):
    """Files of 2 GiB, ZIP bombs and a good file in one batch that may have 1 GiB.

    Exit code, problems by name, sources that were tagged.
    """
    folder = tmp_path_factory.mktemp("huge")
    (folder / "in").mkdir()
    for name in HUGE:
        sparse(folder / "in" / name, 2 << 30)
    bomb(folder / "in" / "b.docx", "word/document.xml", 100 * MIB)
    bomb(folder / "in" / "b.xlsx", "xl/sharedStrings.xml", 100 * MIB)
    (folder / "in" / "z.txt").write_text(TEXT, encoding="utf-8")
    out = folder / "out"
    code, _ = limited(small_model, folder / "in", "-o", out, "--resume", memory=1 << 30)
    problems = {Path(row["source"]).name: row["problem"] for row in rows(Path(f"{out}.errors.jsonl"))}
    return code, problems, [Path(row["source"]).name for row in rows(out)]


@pytest.mark.parametrize("name", HUGE)
def test_two_gibibytes(huge, name):
    code, problems, tagged = huge
    assert code == 3
    assert HUGE[name] in problems[name]
    assert tagged == ["z.txt"]


@pytest.mark.parametrize("name", ["b.docx", "b.xlsx"])
def test_zip_bombs(huge, name):
    assert "ZIP bomb" in huge[1][name]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("a.txt", "", ""), ("a.jsonl", '{"text": "', '"}\n'), ("a.csv", "text\n", "\n")],
)
@pytest.mark.parametrize("size", [2 * MIB, pytest.param(50 * MIB, marks=pytest.mark.slow)])
def test_one_line_of_many_megabytes(tmp_path, small_model, name, before, after, size):
    text = TEXT * (size // len(TEXT.encode()))
    (tmp_path / name).write_text(before + text + after, encoding="utf-8")
    code, _ = limited(small_model, tmp_path / name, "-o", tmp_path / "out", memory=6 << 30)
    assert code == 0
    (row,) = rows(tmp_path / "out")
    assert row["text"] == text


CASES = {
    "nul.txt": (("清理\0垃圾。" * 9).encode(), "NUL byte at offset 6"),
    "empty.txt": (b"", "empty"),
    "blank.jsonl": (b"\n \n", "empty"),
    "lone.jsonl": (b'{"text": "\\ud83d"}\n', "line 1: half a character (U+D83D)"),
    "number.jsonl": (b'{"text": ' + b"9" * 10_000 + b"}\n", "line 1"),
    "deep.jsonl": (b'{"text": ' + b"[" * 100_000 + b"\n", "line 1"),
    "broken.jsonl": (b'{"text": "a"', "line 1: not JSON at column"),
    "no-column.csv": (b"a,b\n1,2\n", 'no column "text"'),
    "image.txt": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9, "not a text file"),
    "broken.pdf": (b"%PDF-1.7\n%%EOF", "PDF"),
    "broken.docx": (b"PK\x03\x04" + b"\0" * 99, "not a .docx file"),
    "broken.xlsx": (b"PK\x03\x04" + b"\0" * 99, "not a .xlsx file"),
    "broken.parquet": (b"PAR1" + b"\0" * 99 + b"PAR1", "Parquet"),
    "broken.jsonl.gz": (b"\x1f\x8b\x08\0garbage", "damaged"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_named_and_the_rest_is_done(tmp_path, small_model, capfd, name):
    data, said = CASES[name]
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    out = tmp_path / "out"
    assert tag(small_model, tmp_path / name, tmp_path / "good.txt", "-o", out, "--resume") == 3
    message = capfd.readouterr().err
    assert said in message
    assert name in message
    assert len(rows(out)) == 1
    (failure,) = rows(Path(f"{out}.errors.jsonl"))
    assert failure["source"] == str(tmp_path / name)
    assert tag(small_model, tmp_path / name, "-o", out) == 1


@pytest.mark.parametrize(
    "name", [b"a\nb.txt", b"\xff\xfe.txt", b"a\x1b[31m.txt", "甲 乙.txt".encode(), b"-f.txt"]
)
def test_names_of_every_kind(tmp_path, small_model, capfd, name):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / os.fsdecode(name)).write_text(TEXT, encoding="utf-8")
    (folder / os.fsdecode(b"\xfe" + name)).write_bytes(b"")
    assert tag(small_model, folder, "-o", tmp_path / "out", "--resume") == 3
    message, _conclusion = capfd.readouterr().err.splitlines()
    assert message.isprintable()
    (row,) = rows(tmp_path / "out")
    assert row["source"].isprintable()
    assert row["text"] == TEXT


def test_links_in_circles(tmp_path, small_model, capfd):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "in" / "deep" / "up").symlink_to("..")
    (tmp_path / "in" / "self").symlink_to("self")
    (tmp_path / "in" / "self.txt").symlink_to("self.txt")
    (tmp_path / "in" / "gone.txt").symlink_to("nowhere.txt")
    assert tag(small_model, tmp_path / "in", "-o", tmp_path / "out") == 3
    message = capfd.readouterr().err
    assert "self.txt: cannot be read: too many levels of symbolic links" in message
    assert "gone.txt: cannot be read: no such file" in message
    assert len(rows(tmp_path / "out")) == 1


def test_pipes_sockets_and_devices_in_a_folder_are_passed_over(tmp_path, small_model):
    """A pipe that nobody writes to would be waited for."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    pipes = ("b.txt", "c.csv", "d.xlsx", "e.zip", "f.eml", "g.pdf", "h.jsonl.gz", "i.html", "j.json", "k.md")
    for name in pipes:
        os.mkfifo(folder / name)
    for name, device in {"zero.txt": "/dev/zero", "tty.csv": "/dev/tty", "full.html": "/dev/full"}.items():
        (folder / name).symlink_to(device)
    before = os.getcwd()
    os.chdir(folder)  # a socket's name may not be long
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.txt")
    os.chdir(before)
    code, message = limited(small_model, folder, "-o", tmp_path / "out", memory=1 << 30)
    assert code == 3
    assert f"passed over: pipe {len(pipes) + 4} (" in message
    assert [row["text"] for row in rows(tmp_path / "out")] == [TEXT]


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_many_tiny_files(tmp_path, small_model, count):
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05}.txt").write_text(TEXT, encoding="utf-8")
    code, _ = limited(small_model, folder, "-o", tmp_path / "out", memory=1 << 30)
    assert code == 0
    numbers = [row["source"][-9:-4] for row in rows(tmp_path / "out")]
    assert numbers == [f"{number:05}" for number in range(count)]


def inputs(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "in" / "b.csv").write_text(f"text\n{TEXT}\n", encoding="utf-8")
    return tmp_path / "in"


@pytest.mark.parametrize("more", [[], ["--resume"]])
@pytest.mark.parametrize("link", [False, True])
def test_an_input_is_never_overwritten(tmp_path, small_model, capfd, more, link):
    folder = inputs(tmp_path)
    out = folder / "b.csv"
    before = out.read_bytes()
    if link:
        out = tmp_path / "link"
        out.symlink_to(folder / "b.csv")
    assert tag(small_model, folder, "-o", out, *more) == 1
    assert "b.csv: is an input and would be overwritten" in capfd.readouterr().err
    assert (folder / "b.csv").read_bytes() == before
    assert not list(tmp_path.rglob("*.parts"))


def test_neither_is_the_list_of_failures_or_the_review(tmp_path, small_model, capfd):
    folder = inputs(tmp_path)
    (folder / "out.errors.jsonl").write_text('{"text": "x"}\n', encoding="utf-8")
    assert tag(small_model, folder, "-o", folder / "out", "--resume") == 1
    assert "out.errors.jsonl: is an input" in capfd.readouterr().err
    assert tag(small_model, folder, "-o", tmp_path / "out", "--review", folder / "b.csv") == 1
    assert "b.csv: is an input" in capfd.readouterr().err


@pytest.mark.parametrize("more", [[], ["--resume"]])
@pytest.mark.parametrize(
    ("out", "said"),
    [("no/such/out", "No such file"), ("in", "it is a folder"), ("in/a.txt/out", "Not a directory")],
)
def test_an_output_that_cannot_be_is_told_before_the_work(tmp_path, small_model, capfd, out, said, more):
    folder = inputs(tmp_path)
    assert tag(small_model, folder, "-o", tmp_path / out, *more) == 1
    assert said in capfd.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("more", [[], ["--resume"]])
def test_a_folder_that_may_not_be_written(tmp_path, small_model, capfd, more):
    folder = inputs(tmp_path)
    folder.chmod(0o500)
    assert tag(small_model, folder, "-o", folder / "out", *more) == 1
    assert "Permission denied" in capfd.readouterr().err


def test_a_full_device(tmp_path, small_model, capfd):
    assert tag(small_model, inputs(tmp_path), "-o", "/dev/full") == 1
    assert "/dev/full: cannot write: No space left on device" in capfd.readouterr().err


def mutants(folder: Path, rounds: int, seed: int) -> int:
    """Damaged copies of a good file of every format; how many."""
    dice = random.Random(seed)
    sound = folder / "sound"
    sound.mkdir(parents=True)
    (folder / "in").mkdir()
    made = 0
    for original in originals(sound):
        data = original.read_bytes()
        for number in range(rounds):
            damaged = data
            for _ in range(dice.randint(1, 3)):
                damaged = mutated(damaged, dice) if damaged else damaged
            suffixes = "".join(original.suffixes)
            (folder / "in" / f"{original.name.partition('.')[0]}-{number:04}{suffixes}").write_bytes(damaged)
            made += 1
    return made


def check_mutants(folder: Path, model: str, capfd, rounds: int, seed: int) -> int:
    made = mutants(folder, rounds, seed)
    assert tag(model, folder / "in", "-o", folder / "out", "--resume") == 3
    said = capfd.readouterr().err
    assert "Traceback" not in said
    assert all(line.startswith("civictag: ") for line in said.splitlines())
    tagged = rows(folder / "out")
    failures = rows(Path(f"{folder}/out.errors.jsonl"))
    files = {str(path) for path in (folder / "in").iterdir()}
    known = {row["source"].partition("#")[0] for row in tagged} | {entry["source"] for entry in failures}
    assert known <= files
    assert all(entry["problem"] for entry in failures)
    assert len(files - known) < made * 0.02  # those whose text is all furniture, or has no body
    if any("\ufffd" in row["text"] for row in tagged):  # alike messages are said three times and counted
        assert "marked \ufffd" in said or "are lost" in said
    assert len({row["source"].partition("#")[0] for row in tagged}) > made * 0.2
    assert len(failures) > made * 0.1
    return made


def test_some_hundred_mutants_in_one_batch(tmp_path, small_model, capfd, tally):
    made = check_mutants(tmp_path, small_model, capfd, 20, seed=11)
    tally("damaged files read or named", made, made)
    assert made >= 350


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_ten_thousand_mutants(tmp_path, small_model, capfd, seed):
    assert check_mutants(tmp_path, small_model, capfd, 110, seed=100 + seed) >= 2_000
