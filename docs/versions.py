"""The lowest or highest versions of the libraries, in a fresh environment: are the predictions the same?

    python docs/versions.py lowest [FOLDER]        (or: make test-lowest)
    python docs/versions.py highest [FOLDER]       (or: make test-highest)

Makes FOLDER (default: a temporary one), installs civictag with every requirement at its lower bound in
setup.cfg, or with every library, those of the extra ``dev`` too, as new as the index has it, and compares
the probabilities of the sample articles with those of the running environment, to 1e-9.
"""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHOW = """
import json, sys, civictag
tagger = civictag.load(sys.argv[1])
texts = [p.text for path in sys.argv[2:] for p in civictag.read_article(path).paragraphs]
print(json.dumps([[float(p) for p in row] for row in tagger.probabilities(texts)]))
"""


def constraints() -> list[str]:
    """``name==bound`` for every requirement of the base installation and of the extras that tag."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = config["options.extras_require"]
    lines = "\n".join([config["options"]["install_requires"], extras["parquet"], extras["sign"]]).splitlines()
    return [re.sub(r" *>= *", "==", line.strip()) for line in lines if ">=" in line]


def predictions(python: str, cwd: Path) -> list[list[float]]:
    """Probabilities of the samples' paragraphs by this interpreter."""
    samples = sorted(map(str, (ROOT / "corpus" / "samples").glob("*.txt")))
    command = [python, "-c", SHOW, str(ROOT / "models" / "civic"), *samples]
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=True)
    found: list[list[float]] = json.loads(done.stdout)
    return found


def wishes(which: str) -> list[str]:
    """What pip is asked to install."""
    if which == "highest":
        return ["--upgrade", "--upgrade-strategy", "eager", f"{ROOT}[dev]"]
    return [*constraints(), str(ROOT)]


def versions(python: str) -> list[str]:
    """``name==version`` of what an environment has."""
    command = [python, "-m", "pip", "list", "--format=freeze"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()


def main() -> int:
    """Exit code: 0 when they agree."""
    which = sys.argv[1] if len(sys.argv) > 1 else ""
    if which not in ("lowest", "highest"):
        print(__doc__)
        return 2
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix=f"civictag-{which}-"))
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", *wishes(which)], check=True)
    ours, theirs = predictions(sys.executable, ROOT), predictions(python, folder)
    far = max(
        abs(a - b) for one, other in zip(ours, theirs, strict=True) for a, b in zip(one, other, strict=True)
    )
    print(*versions(python), sep="\n")
    print(f"libraries at their {which}, {len(ours)} paragraphs: largest difference {far:.1e}")
    return int(far > 1e-9)


if __name__ == "__main__":
    sys.exit(main())
