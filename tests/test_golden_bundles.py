"""Bundles of every format that was released: each is loaded, and scores as it did when it was written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from civictag.model import bundle

TEXT, TITLE = "阿福拿扫帚把晒场打扫干净。隔壁借来梯子,补好了祠堂的墙。", "晒场和祠堂"
# Format 2 has offsets per label and words that count wherever they stand; clauses are scored on their own.
GOLDEN = {
    "format1": (1, 0, (-0.2732741428718334, -0.4422929088562209, -0.35430314708117544)),
    "format2": (2, 0, (-1.4458999833877233, -1.0759945414651653, 0.6302702999671831)),
    "clauses": (1, 1, (0.24871798080324325, -0.7112883359137724, -0.6428860703748671)),
}
PORTABLE = """
import json, sys
from civictag.model import bundle
text, title, *folders = sys.argv[1:]
print(json.dumps([bundle.load(folder).model.scores([text], [title])[0] for folder in folders]))
"""


def folder(name):
    return Path(__file__).parent / "data" / name


@pytest.mark.parametrize("name", GOLDEN)
def test_a_bundle_of_each_format_scores_as_it_did(name, tally):
    number, clauses, scores = GOLDEN[name]
    manifest = json.loads((folder(name) / "manifest.json").read_text("utf-8"))
    assert (manifest["format"], manifest["features"].get("clauses", 0)) == (number, clauses)
    assert bundle.load(str(folder(name))).model.scores([TEXT], [TITLE])[0] == pytest.approx(scores, abs=1e-9)
    tally("golden bundles of released formats that score as they did", 1, 1)


def test_without_the_compiled_kernel_too():
    env = {**os.environ, "CIVICTAG_PURE": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", PORTABLE, TEXT, TITLE, *map(folder, GOLDEN)]
    done = subprocess.run(command, capture_output=True, env=env, check=True)
    for found, (_, _, scores) in zip(json.loads(done.stdout), GOLDEN.values(), strict=True):
        assert found == pytest.approx(scores, abs=1e-9)
