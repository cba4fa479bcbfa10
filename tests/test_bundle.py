"""Bundles: whole, or refused with a reason; replaced whole, or not at all."""

import hashlib
import json
import os
import shutil
import sys
import threading
from pathlib import Path

import pytest

from civictag.errors import ModelError
from civictag.model import bundle, replacing

TEXTS = ["阿福提水冲洗水井的台阶。", "石头帮他收了稻子，不收工钱。", "何老师补墙，换瓦。"]


@pytest.fixture
def copy(small_model, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(small_model, folder)
    return folder


def contents(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_the_manifest_says_everything(small_model):
    manifest = json.loads(Path(small_model, "manifest.json").read_text("utf-8"))
    assert manifest["format"] == 1
    assert set(manifest["label_set"]) == {"name", "version", "sha256"}
    assert {"sha256", "paragraphs", "articles"} <= set(manifest["corpus"])
    assert (manifest["corpus"]["paragraphs"], manifest["corpus"]["articles"]) == (60, 12)
    assert set(manifest["libraries"]) == {"jieba", "numpy", "scikit-learn", "scipy", "civictag"}
    assert set(manifest["calibration"]) == set(manifest["biases"]) == {"tidy", "lend", "mend"}
    assert manifest["training"]["seed"] == 0
    assert set(manifest["out_of_fold"]) == {"tidy", "lend", "mend", "micro", "macro"}
    others = {name: hashlib.sha256(data).hexdigest() for name, data in contents(small_model).items()}
    own = others.pop("manifest.json")
    assert manifest["files"] == others
    assert bundle.load(small_model).info.sha256 == own


def test_nothing_in_a_bundle_can_be_executed(small_model):
    """Text, and two tables of numbers that begin like no pickle, no archive and no program."""
    found = contents(small_model)
    assert set(found) == {*bundle.FILES, "fingerprints.u32", "manifest.json"}
    for name in ("manifest.json", "taxonomy.json", "vocabulary.txt", "words.txt"):
        assert found[name].decode("utf-8").isprintable() or "\n" in found[name].decode("utf-8")
    for data in found.values():
        assert not data.startswith((b"\x80", b"PK", b"\x7fELF", b"#!", b"\x93NUMPY"))


def test_no_path_and_no_time_enters_a_file(small_model):
    here = str(Path(small_model).parent).encode()
    assert [name for name, data in contents(small_model).items() if here in data] == []


def test_saved_elsewhere_it_is_the_same(small_tagger, small_model, tmp_path):
    folder = tmp_path / "deep" / "copy"
    bundle.save(small_tagger, str(folder))
    assert contents(folder) == contents(small_model)
    again = bundle.load(str(folder))
    assert again.info.as_dict() == small_tagger.info.as_dict()
    assert (again.probabilities(TEXTS) == small_tagger.probabilities(TEXTS)).all()
    bundle.save(again, str(folder))  # onto itself
    assert contents(folder) == contents(small_model)


def test_what_changed_since_it_was_loaded_is_not_saved(copy, tmp_path):
    tagger = bundle.load(str(copy))
    change_manifest(copy, lambda m: m.update(name="other"))
    with pytest.raises(ModelError, match="changed since it was loaded"):
        bundle.save(tagger, str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def change_manifest(folder, change):
    path = folder / "manifest.json"
    data = json.loads(path.read_text("utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


DAMAGE = {
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "it has no manifest.json"),
    "manifest no json": (lambda f: (f / "manifest.json").write_text("{"), "cannot be read"),
    "manifest too deep": (lambda f: (f / "manifest.json").write_text("[" * 100_000), "cannot be read"),
    "manifest a list": (lambda f: (f / "manifest.json").write_text("[]"), "not a civictag manifest"),
    "manifest of another program": (lambda f: (f / "manifest.json").write_text('{"a": 1}'), "not a civictag"),
    "manifest not utf-8": (lambda f: (f / "manifest.json").write_bytes(b'{"\xff": 1}'), "cannot be read"),
    "format of tomorrow": (lambda f: change_manifest(f, lambda m: m.update(format=99)), "is of format 99"),
    "unknown setting": (
        lambda f: change_manifest(f, lambda m: m["features"].update(emoji=1)),
        "settings that this version does not know: emoji",
    ),
    "no calibration": (lambda f: change_manifest(f, lambda m: m["calibration"].pop("lend")), "lacks 'lend'"),
    "calibration no number": (
        lambda f: change_manifest(f, lambda m: m["calibration"]["lend"].update(slope="x")),
        "is not a number",
    ),
    "no labels": (lambda f: change_manifest(f, lambda m: m.pop("labels")), "lacks 'labels'"),
    "labels of another kind": (
        lambda f: change_manifest(f, lambda m: m.update(labels=[{"x": 1}])),
        "is not a label",
    ),
    "company no number": (lambda f: change_manifest(f, lambda m: m.update(company="x")), "is not a number"),
    "a label too many": (
        lambda f: change_manifest(f, lambda m: m["biases"].update(more=1)),
        "is not that of the labels",
    ),
    **{
        f"{name} gone": (lambda f, n=name: (f / n).unlink(), "cannot be read: No such")
        for name in bundle.FILES
    },
    **{
        f"{name} longer": (
            lambda f, n=name: (f / n).write_bytes((f / n).read_bytes() + b"x"),
            "does not match",
        )
        for name in bundle.FILES
    },
    "a bit of the weights": (lambda f: flip(f / "weights.f32"), "does not match the manifest"),
    "a bit of the words": (lambda f: flip(f / "vocabulary.txt"), "does not match the manifest"),
}


@pytest.mark.parametrize(("damage", "problem"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_told(copy, damage, problem):
    damage(copy)
    with pytest.raises(ModelError) as caught:
        bundle.load(str(copy))
    assert problem in str(caught.value)
    assert str(copy) in str(caught.value) or "manifest.json" in str(caught.value)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda p: None, "no such model"),
        (lambda p: p.write_text("x"), "is a file, not a model folder"),
        (lambda p: p.mkdir(), "it has no manifest.json"),
    ],
    ids=["nothing", "a file", "an empty folder"],
)
def test_what_is_no_model(tmp_path, make, problem):
    make(tmp_path / "m")
    with pytest.raises(ModelError, match=problem):
        bundle.load(str(tmp_path / "m"))


def test_a_folder_that_is_no_model_does_not_hide_a_shipped_one(tmp_path, monkeypatch):
    monkeypatch.setattr("civictag.util.resources.names", lambda kind, suffix="": ["civic"])
    (tmp_path / "civic").mkdir()
    monkeypatch.chdir(tmp_path)
    assert bundle.find("civic") != "civic"
    (tmp_path / "civic" / "manifest.json").touch()
    assert bundle.find("civic") == "civic"


def test_only_a_model_is_replaced(copy, small_tagger, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("precious")
    for target in (tmp_path / "thesis", tmp_path / "thesis" / "chapter.txt"):
        with pytest.raises(ModelError, match="exists and is not a model"):
            bundle.save(small_tagger, str(target))
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "precious"
    (copy / "notes.txt").write_text("old")
    bundle.save(small_tagger, str(copy))
    assert not (copy / "notes.txt").exists()


@pytest.mark.parametrize("call", ["fsync", "rename"])
@pytest.mark.parametrize("nth", range(1, 10))
def test_when_writing_fails_the_old_model_stays(copy, small_tagger, monkeypatch, call, nth):
    """Where a system cannot exchange two folders in one step, too."""
    monkeypatch.setattr(replacing, "_exchange", lambda one, other: False)
    before, beside = contents(copy), sorted(os.listdir(copy.parent))
    real, calls = getattr(os, call), []

    def failing(*arguments):
        calls.append(arguments)
        if len(calls) == nth:
            raise OSError(28, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(os, call, failing)
    if (call, nth) in {("fsync", 8), ("fsync", 9)} or (call == "rename" and nth > 2):
        bundle.save(small_tagger, str(copy))  # it does not call that often
        assert len(calls) <= min(nth, 8)
    else:
        with pytest.raises(ModelError, match="No space left"):
            bundle.save(small_tagger, str(copy))
    monkeypatch.undo()
    assert contents(copy) == before
    assert sorted(os.listdir(copy.parent)) == beside


def test_a_model_is_replaced_in_one_step(copy, small_tagger, monkeypatch):
    if sys.platform not in ("linux", "darwin"):
        pytest.skip("this system cannot exchange folders")
    monkeypatch.setattr(os, "rename", None)
    number = os.stat(copy).st_ino
    bundle.save(small_tagger, str(copy))
    assert os.stat(copy).st_ino != number
    assert os.listdir(copy.parent) == ["model"]


def test_what_a_killed_run_left_is_cleared_away_and_its_old_model_put_back(copy, small_tagger, small_model):
    """Killed between the two renames of a system that needs two: only the hidden folder has the old model."""
    room = copy.parent / ".civictag-model-0123456789ab"
    room.mkdir()
    copy.rename(room / "old")
    bundle.check_target(str(copy))
    assert contents(copy) == contents(small_model)
    assert os.listdir(copy.parent) == ["model"]


def test_a_running_writer_is_left_alone(copy, small_tagger):
    with replacing._room(str(copy)) as room:
        bundle.save(small_tagger, str(copy))
        assert os.path.isdir(room)


def test_whoever_loads_while_a_model_is_replaced_gets_the_one_or_the_other(copy, small_tagger, tmp_path):
    """100 loads under a writer in a loop; the two models differ in their version."""
    other = tmp_path / "other"
    shutil.copytree(copy, other)
    change_manifest(other, lambda m: m.update(version="2"))
    taggers = [small_tagger, bundle.load(str(other))]
    wanted = {tagger.info.sha256 for tagger in taggers}
    stop = threading.Event()

    def write():
        while not stop.is_set():
            for tagger in taggers:
                bundle.save(tagger, str(copy))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = {bundle.load(str(copy)).info.sha256 for _ in range(100)}
    finally:
        stop.set()
        writer.join()
    assert seen <= wanted


def test_a_model_may_change_on_disk_under_a_run(copy, small_tagger):
    """It did end in SIGBUS when the files were mapped."""
    tagger = bundle.load(str(copy))
    for path in copy.iterdir():
        os.truncate(path, 0)
    assert (tagger.probabilities(TEXTS) == small_tagger.probabilities(TEXTS)).all()


def test_a_model_that_is_copied_over_meanwhile_is_read_when_that_is_done(copy, small_tagger, monkeypatch):
    """Files written in place, one after the other, as ``cp new/* model/`` does."""
    path, whole = copy / "weights.f32", (copy / "weights.f32").read_bytes()
    path.write_bytes(whole[:10])
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        path.write_bytes(whole[: 10 * len(pauses)] if len(pauses) < 4 else whole)

    monkeypatch.setattr("civictag.model.bundle_files.time.sleep", pause)
    assert bundle.load(str(copy)).info.sha256 == small_tagger.info.sha256
    assert len(pauses) == 4


def test_a_model_that_is_changed_without_end_is_not_called_damaged(copy, monkeypatch):
    path, pauses = copy / "weights.f32", []

    def pause(seconds):
        pauses.append(seconds)
        path.write_bytes(b"x" * len(pauses))

    pause(0)
    monkeypatch.setattr("civictag.model.bundle_files.time.sleep", pause)
    with pytest.raises(ModelError, match="is being changed: does not match the manifest") as refused:
        bundle.load(str(copy))
    assert "whoever copies it" in str(refused.value)
    assert 3 < len(pauses) < 20


def test_times_that_are_copied_too_hide_no_change(copy, monkeypatch):
    """``rsync --times`` and ``cp -p`` set them back; the numbers of files are given out again."""
    path, pauses = copy / "weights.f32", []

    def pause(seconds):
        pauses.append(seconds)
        before = path.stat()
        while path.stat().st_ctime_ns == before.st_ctime_ns:  # clocks of file systems tick coarsely
            path.write_bytes(b"xxx")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    pause(0)
    monkeypatch.setattr("civictag.model.bundle_files.time.sleep", pause)
    with pytest.raises(ModelError, match="is being changed: does not match the manifest"):
        bundle.load(str(copy))


def test_whoever_copies_may_rest_for_a_moment(copy, small_tagger, monkeypatch):
    path, whole = copy / "weights.f32", (copy / "weights.f32").read_bytes()
    path.write_bytes(whole[:10])
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 2:
            path.write_bytes(whole)

    monkeypatch.setattr("civictag.model.bundle_files.time.sleep", pause)
    assert bundle.load(str(copy)).info.sha256 == small_tagger.info.sha256


def test_an_interruption_leaves_the_old_model(copy, small_tagger, monkeypatch):
    before = contents(copy)
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        bundle.save(small_tagger, str(copy))
    assert contents(copy) == before
    assert os.listdir(copy.parent) == ["model"]


def test_the_heaviest_features_are_those_of_the_arrays(small_model):
    found = bundle.heaviest(small_model, 3)
    assert list(found) == ["tidy", "lend", "mend"]
    assert all(len(names) == 3 for names in found.values())
    assert "k:mend.strong" in found["mend"]


def test_a_model_without_offsets_is_of_the_format_that_older_versions_read(small_model_of_format_2, tmp_path):
    tagger = bundle.load(small_model_of_format_2)
    bundle.save(tagger, str(tmp_path / "copy"))
    assert contents(tmp_path / "copy") == contents(Path(small_model_of_format_2))
    assert tagger.info.manifest["format"] == 2


def test_the_shipped_model_is_small(civic_model):
    assert sum(map(len, contents(civic_model).values())) <= 5 * 1024 * 1024
