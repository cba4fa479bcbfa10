"""The mutation score of chosen modules: how many small changes of the code do their tests notice?

    python bench/mutants.py        (or: make mutants; some seven minutes of processor time)

mutmut changes one thing at a time (``>`` to ``>=``, a number, a name) in the modules that setup.cfg names
under ``[mutmut]``, and runs the tests named there. Prints the changes that no test noticed, and the share
that one did; ends with 1 where that share is below ``FLOOR``. What survives for good changes nothing that
can be seen (``astype`` of what is of that type already).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK = ROOT / "mutants"
FLOOR = 0.92
_NOTICED = ("killed", "timeout", "segfault", "suspicious")


def run() -> dict[str, int]:
    """Counts by outcome of all mutants (``killed``, ``survived``, ``no_tests``, ``total`` …)."""
    subprocess.run([sys.executable, "-m", "mutmut", "run"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    subprocess.run([sys.executable, "-m", "mutmut", "export-cicd-stats"], cwd=ROOT, check=True)
    counts: dict[str, int] = json.loads((WORK / "mutmut-cicd-stats.json").read_text("utf-8"))
    return counts


def score(counts: dict[str, int]) -> float:
    """The share of the mutants that a test noticed, 0 to 1."""
    return sum(counts[name] for name in _NOTICED) / (counts["total"] - counts["skipped"])


def main() -> int:
    """Print the survivors and the score."""
    counts = run()
    subprocess.run([sys.executable, "-m", "mutmut", "results"], cwd=ROOT, check=True)
    found = score(counts)
    print(
        f"{sum(counts[name] for name in _NOTICED)} of {counts['total']} noticed: {found:.3f} (floor {FLOOR})"
    )
    return int(found < FLOOR)


if __name__ == "__main__":
    sys.exit(main())
