"""Pipes, sockets, devices, folders and links to themselves, given wherever a verb takes a file's name."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from special_files import FILES, SPECIAL, TEXTS, Place, attempt, named, places

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no such files")
PLACES = [place for place in places() if place.is_path or place.name in FILES]
OUTPUTS = {"train": "", "month": ".docx", "apply": ".xlsx", "labels new": ".toml", "corpus convert": ".jsonl",
           "corpus merge": ".jsonl", "corpus split": ".jsonl", "labels migrate": ".jsonl"}  # fmt: skip
# What the other options of a verb are, where the usual one would not do.
USUAL = {
    "paths": "a.txt", "corpus": "CORPUS", "--model": "MODEL", "--labels": "LABELS", "migration": "move.toml",
    "--to": "tags.csv", "review": "review.csv", "--store": "store.db",
    "--test": "test.jsonl",
    "name": "MODEL", "--key": "key.pem", "--tls-key": "key.pem", "--tls-cert": "key.pem",
    "path": "new.pem", "file": "new.toml", "--previous": "a.txt",
}  # fmt: skip
FURTHER = {
    "annotate": ["--no-browser"], "page": ["--no-browser"], "evaluate": ["--resamples", "9"],
    "compare": ["--resamples", "9", "-m", "MODEL"], "month": ["--month", "2024-04"],
    "corpus agreement": ["other.jsonl"],
}  # fmt: skip
ONE_OF_BOTH = {"apply", "month", "stats"}  # take the labels of a model or of a file, not both
VERBS = {"corpus agreement": "many.jsonl", "corpus split": "many.jsonl", "corpus check": "many.jsonl"}


def ident(place: Place) -> str:
    return " ".join((*place.verb, place.name))


def test_every_option_that_is_a_text_is_known_to_name_a_file_or_none():
    texts = {place.name for place in places() if not place.is_path}
    assert texts == (FILES | TEXTS) & texts
    assert not FILES & TEXTS


@pytest.fixture(scope="module")
def scene(tmp_path_factory, small_model, tiny_corpus, tiny_labels):
    """A folder with what the verbs read, and the arguments of each name."""
    from civictag.cli import run

    folder = tmp_path_factory.mktemp("scene")
    (folder / "a.txt").write_text("阿福打扫了晒场。", "utf-8")
    (folder / "move.toml").write_text('[merge]\nlend = ["lend", "mend"]\n', "utf-8")
    made = ["-o", folder / "tags.csv", "--review", folder / "review.csv"]
    assert run(list(map(str, ["tag", folder / "a.txt", "-m", small_model, *made]))) == 0
    sheet = (folder / "review.csv").read_text("utf-8-sig")
    (folder / "review.csv").write_text(sheet.replace(",,,,", ",√,√,√,", 1), "utf-8-sig")
    for name in ("many.jsonl", "other.jsonl"):
        (folder / name).write_text("".join(map(unlike, range(60))), "utf-8")
    assert run(["models", "new-key", str(folder / "key.pem")]) == 0
    usual = {"MODEL": small_model, "CORPUS": tiny_corpus, "LABELS": tiny_labels}
    return folder, {**usual, **{name: usual.get(value, value) for name, value in USUAL.items()}}


def unlike(number: int) -> str:
    """A labelled paragraph of characters that no other has."""
    text = "".join(chr(0x4E00 + 40 * number + at) for at in range(40))
    row = {"doc": f"d{number}", "text": text, "labels": [("tidy", "lend", "mend")[number % 3]]}
    return json.dumps(row, ensure_ascii=False) + "\n"


def arguments(place: Place, odd: Path, usual: dict[str, str], room: Path) -> list[str]:
    """The command with the odd file in its place and what it needs besides."""
    given = list(place.verb)
    for other in places():
        if other.verb != place.verb or not (other == place or other.needed or other.name in _wanted(place)):
            continue
        value = str(odd) if other == place else _usual(other, usual)
        if other != place and not os.path.isabs(value):
            value = str(room / value)
        given += [other.name, value] if other.is_option else [value]
    for value in FURTHER.get(" ".join(place.verb), []):
        given.append(str(room / value) if value.endswith(".jsonl") else _named(value, usual))
    return given


def _usual(place: Place, usual: dict[str, str]) -> str:
    """What stands in a place that is not the odd one."""
    verb = " ".join(place.verb)
    if place.name == "corpus" and verb in VERBS:
        return _named(VERBS[verb], usual)
    return usual.get(place.name) or f"made{_suffix(place)}"


def _named(value: str, usual: dict[str, str]) -> str:
    """A path whose first part may stand for a fixture's."""
    first, *rest = value.split("/")
    return str(Path(usual[first], *rest)) if first in ("MODEL", "CORPUS", "LABELS") else value


def _wanted(place: Place) -> set[str]:
    """Names of what goes with a place, where the verb has it."""
    if place.name == "--write-template":
        return set()
    if place.verb == ("tag",):
        return {"paths", *(["--model"] if place.name != "--labels" else [])}
    labels = set() if " ".join(place.verb) in ONE_OF_BOTH and place.name == "--model" else {"--labels"}
    model = set() if " ".join(place.verb) in ONE_OF_BOTH and labels else {"--model"}
    together = {"--tls-cert": {"--tls-key"}, "--tls-key": {"--tls-cert"}}.get(place.name, set())
    output = {"--output"} if place.verb == ("month",) else set()
    return {"paths", "corpus", *labels, *model, *output, *together}


def _suffix(place: Place) -> str:
    """What the name of such a file ends in."""
    if place.name == "--output":
        return OUTPUTS.get(" ".join(place.verb), ".json")
    return {"--template": ".docx", "--write-template": ".docx", "file": ".toml", "migration": ".toml",
            "--review": ".csv", "--oof": ".csv", "--cache": "", "--work": "", "--store": ".db"}.get(
        place.name, "" if place.name in FILES else ".jsonl")  # fmt: skip


def check(place: Place, kind: str, scene, tmp_path: Path) -> None:
    folder, usual = scene
    room = tmp_path / "room"
    shutil.copytree(folder, room)
    os.chdir(tmp_path)
    odd = named(kind, tmp_path, _suffix(place))
    code, said = attempt(arguments(place, odd, usual, room), tmp_path)
    assert code is not None, f"it waits for ever: {said[-500:]}"
    assert code in (0, 1, 2, 3), (code, said[-1000:])
    assert "Traceback" not in said, said[-1500:]
    if code and kind != "a folder":  # of which nothing was read
        assert "odd" in said or "长" in said or "plain" in said, said[-600:]
    assert not [p for p in tmp_path.rglob("*") if p.name.endswith(".part")]


@pytest.mark.parametrize("place", PLACES[::9], ids=ident)
def test_a_file_that_is_none_is_told(place, scene, tmp_path, monkeypatch):
    """Every ninth place; each with every kind is slow."""
    monkeypatch.chdir(tmp_path)
    kinds = list(SPECIAL)
    check(place, kinds[PLACES.index(place) % len(kinds)], scene, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("verb", sorted({place.verb for place in PLACES}), ids=" ".join)
def test_each_verb_does_its_work_without_an_odd_file(verb, scene, tmp_path, monkeypatch):
    """Where the usual files were refused, no odd one would be come to."""
    folder, usual = scene
    shutil.copytree(folder, tmp_path / "room")
    monkeypatch.chdir(tmp_path)
    none = Place(verb, "", False, False, False, False)
    code, said = attempt(arguments(none, tmp_path, usual, tmp_path / "room"), tmp_path)
    assert code == 0, said


@pytest.mark.slow
@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("place", PLACES, ids=ident)
def test_each_special_file_in_each_place_is_told(place, kind, scene, tmp_path, monkeypatch, tally):
    monkeypatch.chdir(tmp_path)
    check(place, kind, scene, tmp_path)
    tally("special files told", 1, 1)
