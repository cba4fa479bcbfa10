"""``doctor``: what is there is said, and what is missing with the way to get it."""

import json
from importlib import metadata
from pathlib import Path

import pytest
from commands import Command

from civictag import errors
from civictag.cli import doctor
from civictag.text import backend


@pytest.fixture
def command(capfdbinary):
    return Command(capfdbinary)


def test_it_says_what_there_is(command):
    code, out, err = command("doctor", "--json")
    assert (code, err) == (0, "")
    found = {finding["what"]: finding for finding in json.loads(out)["findings"]}
    assert found["backend"]["detail"] in ("compiled", "pure Python")
    assert len(found) > 12


def test_what_is_missing_has_its_remedy(command, monkeypatch):
    monkeypatch.setattr(doctor, "find_spec", lambda name: None if name == "pyarrow" else object())
    _, out, _ = command("doctor")
    (line,) = [line for line in out.splitlines() if "Parquet" in line]
    assert line.startswith("–")
    assert line.endswith('[parquet]"')


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ImportError("_kernel.abi3.so: file too short"), "_kernel.abi3.so: file too short"),
        (ModuleNotFoundError("no civictag._kernel", name="civictag._kernel"), ""),
        (None, ""),
    ],
    ids=["broken", "not built", "built"],
)
def test_a_kernel_that_cannot_be_loaded_is_told_from_one_that_was_not_built(error, said, monkeypatch):
    def load(name, *_rest):
        if name == "civictag._kernel" and error:
            raise error

    monkeypatch.setattr("builtins.__import__", load)
    found = backend.broken()
    monkeypatch.undo()
    assert found == said
    monkeypatch.setattr(backend, "broken", lambda: said)
    details = {finding.what: finding.detail for finding in doctor.findings()}
    assert details.get("compiled backend", "") == said


@pytest.mark.parametrize(
    ("told", "here", "command"),
    [
        ("file", True, 'pip install ".[web]"'),
        ("file", False, 'pip install "{folder}[web]"'),
        ("gone", False, 'pip install "civictag[web]"'),
        ("wheel", False, 'pip install "civictag[web]"'),
        ("none", False, 'pip install "{root}[web]"'),
    ],
)
def test_what_installs_an_extra_works_from_where_it_was_installed(told, here, command, monkeypatch, tmp_path):
    folder = tmp_path / "项目 1"
    folder.mkdir()
    if told != "gone":
        (folder / "setup.cfg").touch()
    url = json.dumps({"url": folder.as_uri(), "dir_info": {}})
    monkeypatch.chdir(folder if here else tmp_path)

    class Installed:
        def read_text(self, name):
            return None if told == "wheel" else url

    def distribution(name):
        if told == "none":
            raise metadata.PackageNotFoundError(name)
        return Installed()

    monkeypatch.setattr(metadata, "distribution", distribution)
    assert errors.install_command("web") == command.format(folder=folder, root=Path(__file__).parents[1])


def test_the_pure_backend_is_named(command, monkeypatch):
    from civictag.text import backend

    monkeypatch.delenv("CIVICTAG_PURE", raising=False)
    monkeypatch.setattr(backend, "is_compiled", lambda: False)
    _, out, _ = command("doctor", "--json")
    (found,) = [f for f in json.loads(out)["findings"] if f["what"] == "backend"]
    assert (found["ok"], found["detail"]) == (False, "pure Python")
    assert "C compiler" in found["hint"]
