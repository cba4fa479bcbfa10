"""What may be written where: no output is an input, none is two, and nothing of the user's goes unasked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import environment

from civictag.cli import run
from civictag.util import outputs

TEXT = "志愿者在巷口修好了三张旧桌椅。"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of inputs as the working folder, and records of its own."""
    monkeypatch.setenv("CIVICTAG_STATE", str(tmp_path / "state"))
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "a.txt").write_text(TEXT, "utf-8")
    (inside / "t.csv").write_text(f"id,text\n1,{TEXT}\n", "utf-8")
    rows = [{"doc": f"d{n}", "para": 0, "text": TEXT + "甲乙丙丁"[n], "labels": ["mend"]} for n in range(4)]
    (inside / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    monkeypatch.chdir(inside)
    return inside


VERBS = {
    "tag": ["tag", "t.csv"],
    "stats": ["stats", "t.csv"],
    "evaluate": ["evaluate", "c.jsonl", "--resamples", "0"],
    "compare": ["compare", "c.jsonl", "--resamples", "1"],
}


def command(verb: str, model: str, output: object, *more: str) -> list[str]:
    models = ["-m", model] * (2 if verb == "compare" else 1)
    return [*VERBS[verb], *models, "-o", str(output), *more]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", ["path", "dots", "symlink", "hardlink"])
@pytest.mark.parametrize("more", [[], ["--force"]])
def test_no_verb_writes_over_its_input(folder, small_model, capfd, verb, name, more):
    source = folder / VERBS[verb][1]
    before = source.read_bytes()
    alias = {"path": source, "dots": Path("..", "in", source.name)}.get(name, folder / "alias.json")
    if name == "symlink":
        alias.symlink_to(source)
    elif name == "hardlink":
        os.link(source, alias)
    assert run(command(verb, small_model, alias, "-f", "json", *more)) == 1
    assert "is an input" in capfd.readouterr().err
    assert source.read_bytes() == before


READ_TOO = {
    "rates": ["stats", "t.csv", "--rates"],
    "labels": ["tag", "t.csv", "-f", "json", "-l"],
    "labels of stats": ["stats", "t.csv", "-f", "json", "-l"],
    "check": ["corpus", "check", "c.jsonl", "--json", "-l"],
    "convert": ["corpus", "convert", "c.jsonl", "-f", "jsonl", "-l"],
}


@pytest.mark.parametrize("arguments", READ_TOO.values(), ids=READ_TOO)
def test_what_is_read_beside_the_inputs_is_not_written_over(folder, tiny_labels, capfd, arguments):
    """Even where civictag made it (labels new, evaluate -o) and nobody changed it."""
    path = folder / "read.toml"
    shutil.copy(tiny_labels, path)
    if "--rates" in arguments:
        path.write_text('{"model": {"sha256": ""}, "paragraphs": 0, "labels": []}', "utf-8")
    before = path.read_bytes()
    outputs.remember(str(path))
    assert run([*arguments, path.name, "-o", path.name]) == 1
    assert "is an input" in capfd.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_writes_over_the_model_that_it_reads(folder, small_model, capfd, verb):
    shutil.copytree(small_model, "mine")
    manifest = Path("mine", "manifest.json")
    before = manifest.read_bytes()
    assert run(command(verb, "mine", manifest, "-f", "json", "--force")) == 1
    assert "is an input" in capfd.readouterr().err
    assert manifest.read_bytes() == before


@pytest.mark.parametrize("verb", VERBS)
def test_a_strangers_file_stays_unless_forced_and_ours_is_replaced(folder, small_model, capfd, verb):
    out = folder.parent / "out.json"
    out.write_text("my notes", "utf-8")
    assert run(command(verb, small_model, out)) == 1
    assert "--force" in capfd.readouterr().err
    assert out.read_text("utf-8") == "my notes"
    assert run(command(verb, small_model, out, "--force")) == 0
    made = out.read_bytes()
    assert run(command(verb, small_model, out)) == 0  # ours, unchanged
    assert out.read_bytes() == made
    out.write_bytes(made + b" ")  # a person's hand
    assert run(command(verb, small_model, out)) == 1


@pytest.mark.parametrize("verb", VERBS)
def test_a_place_that_cannot_be_written_is_told_before_the_work(
    folder, small_model, capfd, verb, monkeypatch
):
    monkeypatch.setattr("civictag.model.bundle.load", lambda name: pytest.fail("worked first"))
    assert run(command(verb, small_model, folder / "no such" / "out.json")) == 1
    assert "cannot write" in capfd.readouterr().err


def test_an_empty_file_may_be_filled(folder, small_model):
    out = folder.parent / "out.json"
    out.touch()
    assert run(command("tag", small_model, out)) == 0
    assert out.stat().st_size


def test_two_outputs_are_two_files(folder, small_model, capfd):
    out = folder.parent / "o.csv"
    assert run(command("tag", small_model, out, "--review", "../in/../o.csv")) == 1
    assert "two outputs" in capfd.readouterr().err
    assert not out.exists()


FORMS = ["json", "jsonl", "csv", "html", "xlsx", "parquet"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("known", [True, False])
def test_own_outputs_among_the_inputs_are_left_out(folder, small_model, monkeypatch, capfd, form, known):
    """Those that nobody changed by their record; text formats also without one, as on another computer."""
    pytest.importorskip({"xlsx": "xlsxwriter", "parquet": "pyarrow"}.get(form, "json"))
    (folder / "t.csv").unlink()
    (folder / "c.jsonl").unlink()
    out = folder / f"tags.{form}"
    assert run(["tag", ".", "-m", small_model, "-o", str(out), "--review", "review.csv"]) == 0
    if not known:
        if form in ("xlsx", "parquet"):
            pytest.skip("known by the record alone")
        monkeypatch.setenv("CIVICTAG_STATE", str(folder.parent / "another"))
    assert run(["tag", ".", "-m", small_model, "-o", "../again.json"]) == 0
    assert "left out: files that civictag wrote 2" in capfd.readouterr().err
    again = json.loads((folder.parent / "again.json").read_text("utf-8"))
    assert [article["source"] for article in again] == [os.path.join(".", "a.txt")]
    if form in ("csv", "jsonl"):  # named by the user, it is read
        assert run(["tag", str(out), "-m", small_model, "-o", "../named.json"]) == 0
        assert json.loads((folder.parent / "named.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.json", b"[\n{"),
        ("a.jsonl", b'{"source"'),
        ("a.csv", b"\xef\xbb\xbfsource"),
        ("a.HTML", b"<!doctype"),
    ],
)
def test_the_format_follows_the_suffix(folder, small_model, name, begins):
    assert run(["tag", "a.txt", "-m", small_model, "-o", f"../{name}"]) == 0
    assert (folder.parent / name).read_bytes().lower().startswith(begins.lower())


def test_a_format_that_is_given_wins_and_a_foreign_suffix_is_refused(folder, small_model, capfd):
    assert run(["tag", "a.txt", "-m", small_model, "-o", "../a.csv", "-f", "json"]) == 0
    assert (folder.parent / "a.csv").read_bytes().startswith(b"[")
    for name in ("../a.xls", "../a.docx", "../a.png"):
        assert run(["tag", "a.txt", "-m", small_model, "-o", name]) == 2
        assert "known formats" in capfd.readouterr().err
    assert run(["stats", "t.csv", "-m", small_model, "-o", "../s.json"]) == 0
    assert json.loads((folder.parent / "s.json").read_text("utf-8"))


def test_standard_output_into_an_input_folder_is_refused(folder, small_model):
    """``civictag tag . > out.jsonl``: the shell has made the file, and the search would find it."""
    with open("out.jsonl", "wb") as out:
        line = [sys.executable, "-m", "civictag", "tag", ".", "-m", small_model, "-f", "jsonl"]
        done = subprocess.run(line, stdout=out, stderr=subprocess.PIPE, env=environment(), timeout=120)
    assert done.returncode == 1
    assert b"is an input" in done.stderr
    assert Path("out.jsonl").read_bytes() == b""


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="no such names on this system")
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "-"])
def test_standard_output_by_its_names_is_appended_to(folder, small_model, name):
    log = folder.parent / "log"
    log.write_bytes(b"before\n")
    with open(log, "ab") as out:
        line = [
            sys.executable,
            "-m",
            "civictag",
            "tag",
            "a.txt",
            "-m",
            small_model,
            "-f",
            "jsonl",
            "-o",
            name,
        ]
        assert subprocess.run(line, stdout=out, env=environment(), timeout=120).returncode == 0
    assert log.read_bytes().startswith(b'before\n{"source"')


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_named_pipe_is_written_to(folder, small_model):
    os.mkfifo("pipe")
    line = [sys.executable, "-m", "civictag", "tag", "a.txt", "-m", small_model, "-f", "jsonl", "-o", "pipe"]
    process = subprocess.Popen(line, env=environment())
    assert Path("pipe").read_bytes().startswith(b'{"source"')
    assert process.wait(60) == 0


def test_what_is_known_and_what_is_not(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVICTAG_STATE", str(tmp_path / "state"))
    path = tmp_path / "a"
    path.write_bytes(b"one")
    assert not outputs.is_made(str(path))
    outputs.remember(str(path))
    assert outputs.is_made(str(path))
    (tmp_path / "moved").write_bytes(b"one")
    assert outputs.is_made(str(tmp_path / "moved"))  # known by contents, not by name
    path.write_bytes(b"two")
    assert not outputs.is_made(str(path))
    path.write_bytes(b"")
    outputs.remember(str(path))
    assert not outputs.is_made(str(path))  # an empty file is nobody's


def test_the_oldest_records_go_first(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVICTAG_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(outputs, "_KEPT", 20)
    paths = []
    for number in range(30):
        path = tmp_path / str(number)
        path.write_text(f"{number:04}", "utf-8")
        outputs.remember(str(path))
        paths.append(path)
        for record in (tmp_path / "state" / "outputs").iterdir():
            os.utime(record, ns=(0, os.stat(record).st_mtime_ns - 10**9))
    assert len(list((tmp_path / "state" / "outputs").iterdir())) <= 20
    assert outputs.is_made(str(paths[-1]))
    assert not outputs.is_made(str(paths[0]))


def test_no_place_for_records_is_no_fault(tmp_path, monkeypatch):
    (tmp_path / "state").write_text("a file", "utf-8")
    monkeypatch.setenv("CIVICTAG_STATE", str(tmp_path / "state"))
    (tmp_path / "a").write_bytes(b"one")
    with outputs.guarded([str(tmp_path / "b")]):
        (tmp_path / "b").write_bytes(b"two")
    assert not outputs.is_made(str(tmp_path / "b"))


def test_training_into_a_place_that_cannot_be_written_is_told_first(folder, capfd, monkeypatch):
    monkeypatch.setattr("civictag.training.train.train", lambda *_, **__: pytest.fail("worked first"))
    assert run(["train", "c.jsonl", "-o", "no such/model"]) == 1
    assert "cannot write" in capfd.readouterr().err


def test_unfinished_files_of_killed_runs_are_tidied_and_others_stay(folder, small_model):
    from civictag.util.atomic_file import FileSink

    out = folder.parent / "o.json"
    stale = folder.parent / ".o.json.0123456789ab.part"
    strange = folder.parent / ".o.json.notes.part"
    busy = FileSink(out)  # another run is writing
    for path in (stale, strange):
        path.write_text("x", "utf-8")
    assert run(command("tag", small_model, out)) == 0
    assert not stale.exists()
    assert strange.exists()
    assert os.path.exists(busy.temporary)
    busy.abort()
