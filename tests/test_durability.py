"""Nothing half, nothing mixed, nothing lost: every verb that writes, disturbed at each of its operations.

The quick ones kill every verb at one operation and disturb every third one there in one other way, by turns;
the slow ones
do all of it at a dozen operations:
``python -m pytest -m slow tests/test_durability.py``, a quarter of an hour; with ``EVERY_OPERATION=1`` in the
environment at all of them, which takes hours.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess

import pytest
from durability import VERBS, Scene, contents, fault, litter, told, write_inputs

from civictag.errors import CivictagError
from civictag.text import backend  # noqa: F401 - loaded before the forks


@pytest.fixture(scope="module")
def inputs(tmp_path_factory, small_model, tiny_labels):
    folder = tmp_path_factory.mktemp("durable") / "in"
    write_inputs(folder, small_model, tiny_labels)
    return folder


@pytest.fixture(params=VERBS, scope="module")
def scene(request, tmp_path_factory, inputs, small_model):
    folder = tmp_path_factory.mktemp("scene")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CIVICTAG_STATE", str(folder / "state"))
        yield Scene(folder / "scene", inputs, small_model, VERBS[request.param])


def moments(scene: Scene, count: int | None) -> list[int]:
    """Operations to disturb, of 1 … n; ``count`` None: all."""
    everything = range(1, scene.operations + 1)
    dice = random.Random(" ".join(scene.verb.outputs))
    return list(everything) if count is None else sorted(dice.sample(everything, count))


def check_kill(scene: Scene, at: int) -> None:
    scene.restore()
    _, outcome = scene.disturbed("SIGKILL", at)
    assert (outcome[0], fault(scene)) == (-signal.SIGKILL, "")
    _, outcome = scene.disturbed(None)  # the next run puts everything right
    if "never overwritten" in outcome[1]:  # a key that is there stays
        return
    assert (outcome[0], fault(scene), litter(scene)) == (scene.verb.code, "", []), outcome


def check_signal(scene: Scene, name: str, code: int, at: int) -> None:
    scene.restore()
    _, outcome = scene.disturbed(name, at)
    assert outcome[0] in (code, scene.verb.code)  # the last operations may be past the work
    assert (told(outcome), fault(scene), litter(scene)) == ("", "", [])


def check_broken_disk(scene: Scene, at: int) -> None:
    scene.restore()
    _, outcome = scene.disturbed("EIO", at)
    assert (told(outcome), fault(scene)) == ("", "")
    assert outcome[0] != 0 or contents(scene.place).keys() >= set(scene.verb.outputs)


OTHERWISE = (
    lambda scene, at: check_signal(scene, "SIGTERM", 143, at),
    lambda scene, at: check_signal(scene, "SIGINT", 130, at),
    check_broken_disk,
)


def disturb(scene: Scene, count: int | None) -> int:
    """All four kinds; how many disturbances were survived."""
    for at in moments(scene, count):
        for check in (check_kill, *OTHERWISE):
            check(scene, at)
    return 4 * len(moments(scene, count))


def number(scene: Scene) -> int:
    """Of the verb."""
    return list(VERBS.values()).index(scene.verb)


def test_disturbed_once(scene, tally):
    assert scene.operations >= 3
    (at,) = moments(scene, 1)
    check_kill(scene, at)
    turn, rest = divmod(number(scene), 3)
    if rest == 0:
        OTHERWISE[turn % len(OTHERWISE)](scene, at)
    tally("kills, signals and broken disks survived", *[1 + (rest == 0)] * 2)


@pytest.mark.slow
def test_disturbed_at_a_dozen_operations(scene, tally):
    count = None if os.environ.get("EVERY_OPERATION") else min(12, scene.operations)
    tally("kills, signals and broken disks survived", *[disturb(scene, count)] * 2)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 2 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("all_verbs", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_full_disk_leaves_the_old_output(scene, small_disk, monkeypatch, tally, all_verbs):
    """Filled up to the last page: what is there stays, a sentence is said, nothing hidden is left."""
    if not all_verbs and number(scene) % 2:
        pytest.skip("every second verb; all of them are slow")
    scene.restore()
    shutil.copytree(scene.place, small_disk, dirs_exist_ok=True)
    monkeypatch.setattr(scene, "place", small_disk)
    with contextlib.suppress(OSError), open(small_disk / "filler", "wb", buffering=0) as filler:
        while filler.write(bytes(4096)):
            pass
    _, outcome = scene.disturbed(None)
    (small_disk / "filler").unlink()
    assert (outcome[0], told(outcome), litter(scene)) == (1, "", [])
    assert "No space left" in outcome[1]
    left = {name: held for name, held in contents(small_disk).items() if name not in scene.verb.more}
    assert left == {name: held for name, held in scene.old.items() if name not in scene.verb.more}
    tally("full disks survived", 1, 1)


def test_a_full_disk_takes_no_decision_back(small_disk, tiny_corpus, tiny_labels, tally):
    """The labelling desk: what was answered stays, what cannot be kept is refused, and later goes on."""
    pytest.importorskip("fastapi", reason="pip install civictag[web]")
    from civictag.web.desk.project import Wish, open_project
    from civictag.web.desk.store import Decision

    path = str(small_disk / "l.db")
    project = open_project(path, [tiny_corpus], Wish(tiny_labels, model=""))
    given = [Decision(item, "甲", ("tidy",), False, f"{item:08}", False) for item in range(1, 19)]
    kept = [project.store.decide(decision) for decision in given[:10]]
    with contextlib.suppress(OSError), open(small_disk / "filler", "wb", buffering=0) as filler:
        while filler.write(bytes(4096)):
            pass
    for decision in given[10:]:  # some find room in what the file has already
        with contextlib.suppress(CivictagError):
            kept.append(project.store.decide(decision))
    assert 10 <= len(kept) < 18
    assert [row["seq"] for row in project.store.standing()] == kept
    with pytest.raises(CivictagError, match="full"):
        open_project(str(small_disk / "new.db"), [tiny_corpus], Wish(tiny_labels, model=""))
    (small_disk / "filler").unlink()
    assert [project.store.decide(decision) for decision in given] == [*kept, *range(len(kept) + 1, 19)]
    assert project.store.data.value("PRAGMA integrity_check") == "ok"
    project.close()
    tally("full disks survived", 1, 1)
