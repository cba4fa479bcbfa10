"""No verb opens a connection: an audit hook in a child process sees every socket and address look-up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = r"""
import json, os, sys
from contextlib import nullcontext
from unittest.mock import patch
seen = []
def hook(event, arguments):
    # AF_UNIX pairs are how a pool talks to its own workers; they lead nowhere.
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname",
                 "socket.sendto", "socket.sendmsg", "urllib.Request", "http.client.connect"):
        address = arguments[-1] if event in ("socket.connect", "socket.bind") else arguments
        if not isinstance(address, (str, bytes)):
            seen.append([event, repr(arguments)[:200]])
sys.addaudithook(hook)
from civictag.cli import run
from civictag.settings import Learner
found = {}
# A training that tries two ways to learn opens what one opens that tries eight.
ways = [Learner("cue"), Learner("sentence", 1.0)]
for verb, arguments in json.loads(sys.argv[2]).items():
    seen.clear()
    fewer = patch("civictag.training.select.worth_trying", lambda *_: ways)
    with fewer if verb == "train" else nullcontext():
        found[verb] = [run(arguments), list(seen)]
with open(sys.argv[1], "w") as file:
    json.dump(found, file)
"""
TEXT = "他拿扫帚打扫晒场，帮邻居收了稻子，不收工钱。\n补墙换瓦，电话13812345678，网址http://example.com/a。\n"
VERBS = {
    "tag": ["tag", "a.txt", "-m", "MODEL", "-o", "a.json"],
    "tag html": ["tag", "a.html", "-m", "MODEL", "-f", "html", "-o", "a2.html", "--explain"],
    "tag xlsx": ["tag", "a.txt", "-m", "MODEL", "-o", "a.xlsx", "--mask-names"],
    "tag parquet": ["tag", "a.txt", "-m", "MODEL", "-o", "a.parquet"],
    "tag -j 2": ["tag", "a.txt", "a.html", "-m", "MODEL", "-o", "j.csv", "-j", "2"],
    "tag --resume": ["tag", "a.txt", "-m", "MODEL", "-o", "r.jsonl", "--resume"],
    "train": ["train", "CORPUS", "-l", "LABELS", "-o", "made"],
    "evaluate": ["evaluate", "CORPUS", "-m", "MODEL", "--resamples", "9"],
    "compare": ["compare", "CORPUS", "-m", "MODEL", "-m", "MODEL", "--resamples", "9"],
    "labels": ["labels", "LABELS"],
    "models": ["models", "MODEL"],
    "models verify": ["models", "verify", "MODEL"],
    "doctor": ["doctor"],
}
PAGE = (
    '<html><head><link rel="stylesheet" href="http://127.0.0.1:9/x.css"><script src="http://127.0.0.1:9/x.js">'
    '</script></head><body><img src="http://127.0.0.1:9/x.png"><p>' + TEXT + "</p></body></html>"
)


def watched(folder, commands, code=CHILD):
    """Exit code and connections of each command, all run in one process; and what it said."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code, "seen.json", json.dumps(commands)],
        cwd=folder, env=env, capture_output=True, timeout=300, check=True,
    )  # fmt: skip
    return json.loads((folder / "seen.json").read_text("utf-8")), done.stderr.decode()


@pytest.fixture(scope="module")
def found(tmp_path_factory, small_model, tiny_corpus, tiny_labels):
    folder = tmp_path_factory.mktemp("watched")
    (folder / "a.txt").write_text(TEXT, "utf-8")
    (folder / "a.html").write_text(PAGE, "utf-8")
    places = {"MODEL": small_model, "CORPUS": tiny_corpus, "LABELS": tiny_labels}
    return watched(folder, {verb: [places.get(a, a) for a in arguments] for verb, arguments in VERBS.items()})


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_opens_a_connection(found, verb, tally):
    tally("verbs without a connection", 1, 1)
    code, seen = found[0][verb]
    assert seen == []
    assert code in (0, 3), found[1][-500:]


def test_the_hook_sees_a_connection(tmp_path):
    """Or the test above could not fail."""
    spy = CHILD.replace("run(arguments)", "__import__('socket').socket().connect_ex(('127.0.0.1', 9))")
    assert spy != CHILD
    assert watched(tmp_path, {"any": []}, spy)[0]["any"][1] != []
