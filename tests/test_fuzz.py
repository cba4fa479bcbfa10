"""Short runs of the fuzzing targets (fuzz/), with coverage to guide them; the long one is in SECURITY.md."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


TARGETS = ("readers", "bundles", "kernel")


def fuzz(target, limit, place, tally):
    """Run a target within a limit of libFuzzer's; how many cases went by without a finding."""
    pytest.importorskip("atheris", reason="fuzzing needs atheris, which has wheels for Linux on x86-64 alone")
    command = [sys.executable, ROOT / "fuzz" / "fuzz_civictag.py", target, limit, "-timeout=20"]
    env = {**os.environ, "CIVICTAG_STATE": str(place)}
    done = subprocess.run(command, cwd=place, capture_output=True, timeout=300, env=env, check=False)
    told = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, told[-3000:]
    (runs,) = re.findall(r"Done (\d+) runs", told)
    tally("fuzz cases without a finding", int(runs), int(runs))
    return int(runs)


@pytest.mark.parametrize("target", TARGETS)
def test_some_cases_find_nothing(target, tmp_path, tally):
    assert fuzz(target, "-runs=200", tmp_path, tally) >= 200


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_a_short_run_finds_nothing(target, tmp_path, tally):
    assert fuzz(target, "-max_total_time=20", tmp_path, tally) > 0
