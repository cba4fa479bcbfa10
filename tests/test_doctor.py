"""``doctor``: what is there is said, and what is missing with the way to get it."""

import json

import pytest
from commands import Command

from civictag.cli import doctor


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
    assert line.endswith('pip install "civictag[parquet]"')


def test_the_pure_backend_is_named(command, monkeypatch):
    from civictag.text import backend

    monkeypatch.delenv("CIVICTAG_PURE", raising=False)
    monkeypatch.setattr(backend, "native", lambda: False)
    _, out, _ = command("doctor", "--json")
    (found,) = [f for f in json.loads(out)["findings"] if f["what"] == "backend"]
    assert (found["ok"], found["detail"]) == (False, "pure Python")
    assert "C compiler" in found["hint"]
