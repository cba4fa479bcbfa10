"""Hostile bundles: each refused with one message, or of one answer in both backends; nothing else happens.

Everything runs in a child process under an audit hook, which counts what was opened outside the
bundle, imported, started, unpickled or connected.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hostile_bundles import manifest_with, of_files, of_kinds, of_manifest, of_shipped, seal

from civictag.text import backend

CHILD = r"""
import json, os, pickle, resource, sys, time
if "libasan" not in os.environ.get("LD_PRELOAD", ""):  # its shadow of all memory does not fit
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
import civictag
from civictag.errors import ModelError
from civictag.model import bundle
from civictag.util import outputs, terminal
good, room = sys.argv[1:3]
tagger = civictag.load(good)                    # whatever is loaded late is loaded now
tagger.tag("他拿扫帚打扫晒场。", explain=True); bundle.heaviest(good, 1)
from civictag.model import check_tables
check_tables.check_whole(bundle.read(good)); terminal.harmless("a\x7fb")
TEXTS = ["他拿扫帚打扫晒场,帮邻居收了稻子,不收工钱。", "补墙换瓦。", "扫帚" * 30]
watched, allowed = [], (room, os.environ["CIVICTAG_STATE"], os.path.dirname(civictag.__file__),
                        os.path.join(os.path.dirname(os.path.dirname(civictag.__file__)), "models"))
BAD = ("exec", "compile", "subprocess", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.fork",
       "socket", "pickle", "marshal.load", "import", "ctypes", "shutil", "urllib", "os.remove", "os.rename")
on = False
def hook(event, arguments):
    if not on:
        return
    if event == "open":
        path = os.fsdecode(arguments[0]) if isinstance(arguments[0], (str, bytes)) else ""
        if os.path.isabs(path) and not path.startswith(allowed):
            watched.append([event, path])
    elif event.startswith(BAD):
        watched.append([event, repr(arguments)[:100]])
sys.addaudithook(hook)
results = []
for name in sorted(os.listdir(room), key=int):
    folder, began = os.path.join(room, name), time.process_time()
    on = True
    try:
        found = bundle.load(folder)
        rows = [[round(score, 9) for score in found.model.scores([text], [""])[0]] for text in TEXTS]
        result = ["loaded", rows]
    except ModelError as error:
        result = ["refused", str(error)]
    except BaseException as error:
        result = ["traceback", type(error).__name__ + ": " + str(error)[:200]]
    on = False
    results.append([*result, time.process_time() - began])
json.dump({"results": results, "watched": watched}, sys.stdout)
"""


def run(good: str, room: Path, state: Path, *, pure: bool) -> dict[str, list[list[object]]]:
    env = {**os.environ, "CIVICTAG_STATE": str(state), "PYTHONPATH": str(Path(__file__).parents[1])}
    env |= {"CIVICTAG_PURE": "1"} if pure else {}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, good, str(room)], capture_output=True, env=env, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:].decode()
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def spoiled(good: str, room: Path, every: int) -> tuple[list[str], list[str]]:
    """Names of the bundles laid into ``room``, as folders 0, 1, …; and of those with hashes that fit.

    Of each kind every so many; those that are another model (``HARMLESS``) all.
    """
    names, fitting = [], []
    kinds = [(of_manifest, True), (of_files, True), (of_files, False), (of_kinds, False)]
    for make, fits in kinds:
        made = make() if make is of_kinds else make(Path(good))  # type: ignore[operator]
        for at, (name, change) in enumerate(made):
            if at % every and f"{name} (fits)" not in HARMLESS:
                continue
            folder = room / str(len(names))
            shutil.copytree(good, folder)
            change(folder)
            if fits and make is of_files:
                seal(folder)
            names.append(f"{name} ({'fits' if fits else 'does not fit'})")
            fitting += [name] * fits
    return names, fitting


# Other weights are another model, which nobody can tell from a good one; both backends give its answer.
# Bytes in reverse are such weights too, where all of them happen to be moderate numbers.
HARMLESS = {f"weights.f32 {change} (fits)" for change in ("zeros", "a bit", "reversed")}


@pytest.mark.parametrize(("first", "every"), [(2, 6), pytest.param(1, 1, marks=pytest.mark.slow)])
def test_hostile_bundles_are_refused_and_nothing_happens(small_model, tmp_path, tally, first, every):
    """Every second one with the backend in use, every sixth with the other; all is a slow test."""
    room = tmp_path / "room"
    room.mkdir()
    names, fitting = spoiled(small_model, room, first)
    runs = [run(small_model, room, tmp_path / "state", pure=not backend.is_compiled())]
    chosen = [list(range(len(names)))]
    if backend.is_compiled():  # the other backend: those that are valid in any case
        loaded = [at for at, found in enumerate(runs[0]["results"]) if found[0] == "loaded"]
        chosen.append(sorted({*range(0, len(names), every // first), *loaded}))
        for at in set(chosen[0]).difference(chosen[1]):
            shutil.rmtree(room / str(at))
        runs.append(run(small_model, room, tmp_path / "pure", pure=True))
    for at, found in zip(chosen, runs, strict=True):
        assert found["watched"][:5] == []
        rows = list(zip([names[n] for n in at], found["results"], strict=True))
        assert [(n, r[1]) for n, r in rows if r[0] == "traceback"] == []
        assert "; ".join(n for n, r in rows if r[0] == "loaded" and n not in HARMLESS) == ""
        assert [n for n, r in rows if r[0] == "refused" and len(str(r[1]).splitlines()) != 1] == []
        assert [(n, r[2]) for n, r in rows if float(str(r[2])) > 10] == []
    assert not Path("/tmp/civictag-was-here").exists()
    answers = [
        {n: r[:2] if r[0] == "loaded" else r[:1] for n, r in zip(at, found["results"], strict=True)}
        for at, found in zip(chosen, runs, strict=True)
    ]
    assert answers[-1] == {n: answers[0][n] for n in chosen[-1]}
    refused = sum(r[0] == "refused" for r in runs[0]["results"])
    valid = len(names) - refused
    tally("damaged bundles refused", refused, len(names) - valid)
    tally("bundles of other weights, valid and of one answer in both backends", valid, valid)
    tally("bundles with which nothing was executed, imported, connected or opened outside", *[len(names)] * 2)
    assert 2 <= valid <= len(HARMLESS)
    assert len(names) * first >= 200
    assert len(fitting) * first >= 150


def test_hostile_bundles_of_shipped_words_are_refused(meaning_model, tmp_path, tally):
    """Files that only a model of format 3 has, each with hashes that fit."""
    names = []
    for name, change in of_shipped(meaning_model):
        folder = tmp_path / "room" / str(len(names))
        shutil.copytree(meaning_model, folder)
        change(folder)
        seal(folder)
        names.append(name)
    for pure in [False, True] if backend.is_compiled() else [True]:
        found = run(str(meaning_model), tmp_path / "room", tmp_path / f"state{pure}", pure=pure)
        assert found["watched"][:5] == []
        wrong = [(n, *r) for n, r in zip(names, found["results"], strict=True) if r[0] != "refused"]
        assert wrong == []
    tally("damaged bundles refused", len(names), len(names))


def test_a_format_that_an_older_version_would_read_otherwise_is_refused(small_model_of_format_2, tmp_path):
    """Format 1 knows no offsets: one sha256 would have two answers, by version."""
    room = tmp_path / "room"
    for at, changes in enumerate(({"format": 1}, {"format": 1, "other_sentences_offsets": ...})):
        shutil.copytree(small_model_of_format_2, room / str(at))
        for place, value in changes.items():
            manifest_with(place, value)(room / str(at))
    found = run(small_model_of_format_2, room, tmp_path / "state", pure=False)
    assert [(r[0], "later formats" in str(r[1])) for r in found["results"]] == [("refused", True)] * 2


def test_the_good_bundle_is_loaded_by_the_same_child(small_model, tmp_path):
    """Or the test above would pass for a loader that refuses everything."""
    room = tmp_path / "room"
    shutil.copytree(small_model, room / "0")
    found = run(small_model, room, tmp_path / "state", pure=False)
    assert [row[0] for row in found["results"]] == ["loaded"]


def test_the_hook_sees_what_it_must(small_model, tmp_path):
    """A loader that opened, imported or started something would be seen."""
    room = tmp_path / "room"
    shutil.copytree(small_model, room / "0")
    spy = CHILD.replace(
        "found = bundle.load(folder)", "open('/etc/hostname'); import wave; os.system('true')"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", spy, small_model, str(room)], capture_output=True, env=env)
    seen = {event for event, _ in json.loads(done.stdout)["watched"]}
    assert {"open", "import", "os.system"} <= seen


@pytest.mark.parametrize("pure", [False, True])
def test_a_chain_of_slots_cannot_slow_a_text(small_model, tmp_path, pure):
    """The tables are made again from the names, so a trie that no names make is refused."""
    from hostile_bundles import bytes_of, chain

    room = tmp_path / "room"
    shutil.copytree(small_model, room / "0")
    bytes_of("tables.bin", chain)(room / "0")
    seal(room / "0")
    ((kind, message, _),) = run(small_model, room, tmp_path / "state", pure=pure)["results"]
    assert (kind, "does not say what" in str(message)) == ("refused", True)
