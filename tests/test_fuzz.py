"""A short run of the fuzzing targets (fuzz/), with coverage to guide it; the long one is in SECURITY.md."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.parametrize("target", ["readers", "bundles", "kernel"])
def test_a_short_run_finds_nothing(target, tmp_path, tally):
    pytest.importorskip("atheris", reason="pip install atheris")
    command = [
        sys.executable,
        ROOT / "fuzz" / "fuzz_civictag.py",
        target,
        "-max_total_time=20",
        "-timeout=20",
    ]
    env = {**os.environ, "CIVICTAG_STATE": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=300, env=env, check=False)
    told = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, told[-3000:]
    (runs,) = re.findall(r"Done (\d+) runs", told)
    tally("fuzz cases without a finding", int(runs), int(runs))
    assert int(runs) > 0
