"""Two runs that write to one place: the second is told so before its work, and the first is left alone.

And a place where nothing may be written: told before the work, too.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess

import pytest
from commands import start
from durability import VERBS, Scene, contents, told, write_inputs

from civictag.cli import run
from civictag.errors import CivictagError
from civictag.text import backend  # noqa: F401 - loaded before the forks
from civictag.util.unfinished import claimed, create, forget, tidy

# A key that is there is never written again, by nobody; of the two trainings the one with three outputs.
WRITING = {name: verb for name, verb in VERBS.items() if name not in ("models new-key", "train")}


@contextlib.contextmanager
def another_run(target):
    """What a run of another process holds while it is at work on a target."""
    file, mark = create(os.path.dirname(target), os.path.basename(target))
    forget(mark)
    yield
    file.close()


@pytest.fixture(scope="module")
def inputs(tmp_path_factory, small_model, tiny_labels):
    folder = tmp_path_factory.mktemp("two") / "in"
    write_inputs(folder, small_model, tiny_labels)
    return folder


@pytest.fixture(params=WRITING, scope="module")
def scene(request, tmp_path_factory, inputs, small_model):
    folder = tmp_path_factory.mktemp("scene")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CIVICTAG_STATE", str(folder / "state"))
        scene = Scene(folder / "scene", inputs, small_model, WRITING[request.param])
        scene.restore()
        yield scene


def no_work(monkeypatch):
    """Whoever begins the work that a verb is for fails the test."""
    for place in (
        "civictag.model.bundle.load",
        "civictag.training.train.train",
        "civictag.corpus.files.read_corpus",
        "civictag.corpus.export.export",
    ):
        monkeypatch.setattr(place, lambda *_, **__: pytest.fail("worked first"))


def test_the_second_of_two_writers_is_refused_before_its_work(scene, capfd, monkeypatch, tally):
    for output in scene.verb.outputs:
        with monkeypatch.context() as patched, another_run(str(scene.place / output)):
            no_work(patched)
            assert run(scene.arguments()) == 1
        assert "another run" in capfd.readouterr().err
        left = {name: what for name, what in contents(scene.place).items() if not name.startswith(".")}
        assert left == scene.old
    with claimed(str(scene.place / output) for output in scene.verb.outputs):
        pass  # what a killed run left hinders nobody, and goes
    assert not [name for name in contents(scene.place) if name.startswith(".")]
    tally("second writers refused", *[len(scene.verb.outputs)] * 2)


@pytest.mark.parametrize("more", [[], ["--resume"]])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_two_processes_tag_into_one_file(tmp_path, small_model, capfd, more, jobs):
    """The first waits for its input; the second is refused meanwhile, with --resume or without."""
    (tmp_path / "a.txt").write_text("小满扫了院子。", "utf-8")
    out = tmp_path / "out.jsonl"
    arguments = ["tag", "-", "-m", small_model, "-f", "jsonl", "-o", out, "-j", jobs]
    first = start(*arguments, stdin=subprocess.PIPE)
    while not any(name.startswith(".out.jsonl.") for name in os.listdir(tmp_path)):
        assert first.poll() is None
    while not tidy(str(tmp_path), out.name):  # it is locked now
        assert first.poll() is None
    second = ["tag", str(tmp_path / "a.txt"), "-m", small_model, "-f", "jsonl", "-o", str(out), *more]
    assert run(second) == 1
    assert "another run" in capfd.readouterr().err
    first.communicate("何老师修桌子。".encode(), timeout=60)
    assert first.returncode == 0
    (line,) = out.read_text("utf-8").splitlines()
    assert "修桌子" in line
    assert json.loads(line)
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "out.jsonl"]


def test_a_second_desk_on_one_project_is_refused(tmp_path, tiny_corpus, capfd):
    pytest.importorskip("fastapi", reason="pip install civictag[web]")
    store = tmp_path / "labels.db"
    with another_run(str(store)):
        assert run(["annotate", f"{tiny_corpus}/river.jsonl", "--store", str(store), "--no-browser"]) == 1
    assert "another run" in capfd.readouterr().err
    assert not store.exists()


def test_a_second_service_on_one_folder_of_jobs_is_refused(tmp_path, small_model, capfd, monkeypatch):
    pytest.importorskip("fastapi", reason="pip install civictag[web]")
    (tmp_path / "jobs").mkdir()
    monkeypatch.setattr("civictag.web.engine.load", lambda *_: pytest.fail("worked first"))
    with another_run(str(tmp_path / "jobs" / "page.db")):
        assert run(["serve", "-m", small_model, "--work", str(tmp_path)]) == 1
    assert "another run" in capfd.readouterr().err


def test_claims_are_by_the_whole_name(tmp_path):
    """A long name is cut for the hidden file; two that begin alike are two outputs all the same."""
    long = "社区志愿服务活动新闻稿" * 6
    one, other = (str(tmp_path / f"{long}{number}.csv") for number in (1, 2))
    with another_run(one):
        with claimed([other, str(tmp_path / "b")]):
            pass
        with pytest.raises(CivictagError, match="another run"), claimed([other, one]):
            pytest.fail("both went on")
    with claimed([one]), claimed([one]):  # one run may say it twice
        pass
    assert os.listdir(tmp_path) == []


@contextlib.contextmanager
def locked_away(content, empty):
    """A copy of a folder where nobody may write, root neither."""
    if os.geteuid():
        content.chmod(0o555)
        try:
            yield content
        finally:
            content.chmod(0o755)
        return
    empty.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "none", str(empty)], capture_output=True).returncode:
        pytest.skip("root may write anywhere, and here it may not mount")
    try:
        shutil.copytree(content, empty, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", str(empty)], check=True)
        yield empty
    finally:
        subprocess.run(["umount", "-l", str(empty)], check=True)


@pytest.fixture
def read_only(scene, tmp_path):
    """The scene, its place locked away."""
    here = scene.place
    try:
        with locked_away(here, tmp_path / "disk") as scene.place:
            yield scene
    finally:
        scene.place = here


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_a_folder_that_may_not_be_written_is_told_before_the_work(read_only, capfd, monkeypatch, tally):
    no_work(monkeypatch)
    assert run(read_only.arguments()) == 1
    err = capfd.readouterr().err
    assert "cannot write" in err
    assert told((1, err)) == ""
    assert contents(read_only.place) == read_only.old
    tally("read-only folders told before the work", 1, 1)


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
@pytest.mark.parametrize(
    "more",
    [["annotate", "{corpus}", "-l", "{labels}", "--store", "{place}/new.db"], ["annotate", "--store",
     "{place}/l.db"], ["serve", "--work", "{place}/new"], ["serve", "--work", "{place}"]],
)  # fmt: skip
def test_a_service_that_may_not_write_says_so_before_its_work(
    more, tmp_path, tiny_corpus, tiny_labels, small_model, capfd, monkeypatch, tally
):
    pytest.importorskip("fastapi", reason="pip install civictag[web]")
    from civictag.web.desk.project import Wish, open_project
    from civictag.web.page.store import jobs_in

    given = tmp_path / "given"
    open_project(str(given / "l.db"), [tiny_corpus], Wish(tiny_labels, model="")).close()
    jobs_in(str(given)).close()
    for place in ("civictag.web.engine.load", "civictag.web.desk.project.load"):
        monkeypatch.setattr(place, lambda *_: pytest.fail("worked first"))
    with locked_away(given, tmp_path / "disk") as place:
        line = [part.format(corpus=tiny_corpus, labels=tiny_labels, place=place) for part in more]
        assert run([*line, "-m", small_model]) == 1
    err = capfd.readouterr().err
    assert "cannot be used" in err
    assert told((1, err)) == ""
    tally("read-only folders told before the work", 1, 1)
