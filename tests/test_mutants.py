"""The tests of a few modules notice nearly every change of the code."""

import importlib.util
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "bench" / "mutants.py"


def load():
    spec = importlib.util.spec_from_file_location("mutants", BENCH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_score_is_the_share_that_was_noticed():
    counts = {"killed": 6, "timeout": 1, "segfault": 0, "suspicious": 0, "survived": 2, "no_tests": 1}
    assert load().score(counts | {"skipped": 2, "total": 12}) == 0.7


@pytest.mark.slow
def test_nine_of_ten_changes_are_noticed():
    pytest.importorskip("mutmut", reason="mutmut is not installed: pip install 'civictag[dev]'")
    assert load().main() == 0
