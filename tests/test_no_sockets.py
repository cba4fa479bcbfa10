"""No verb opens a connection: an audit hook in a child process sees every socket and address look-up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = r"""
import json, os, sys
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
code = run(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    json.dump([code, seen], file)
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
    "evaluate": ["evaluate", "CORPUS", "-m", "MODEL"],
    "compare": ["compare", "CORPUS", "-m", "MODEL", "-m", "MODEL"],
    "labels": ["labels", "LABELS"],
    "models": ["models", "MODEL"],
    "models verify": ["models", "verify", "MODEL"],
    "doctor": ["doctor"],
}
PAGE = (
    '<html><head><link rel="stylesheet" href="http://127.0.0.1:9/x.css"><script src="http://127.0.0.1:9/x.js">'
    '</script></head><body><img src="http://127.0.0.1:9/x.png"><p>' + TEXT + "</p></body></html>"
)


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_opens_a_connection(verb, small_model, tiny_corpus, tiny_labels, tmp_path, tally):
    tally("verbs without a connection", 1, 1)
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "a.html").write_text(PAGE, "utf-8")
    places = {"MODEL": small_model, "CORPUS": tiny_corpus, "LABELS": tiny_labels}
    arguments = [places.get(argument, argument) for argument in VERBS[verb]]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, "seen.json", *arguments],
        cwd=tmp_path, env=env, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    code, seen = json.loads((tmp_path / "seen.json").read_text("utf-8"))
    assert seen == []
    assert code in (0, 3), done.stderr.decode()[-500:]


def test_the_hook_sees_a_connection(tmp_path):
    """Or the test above could not fail."""
    spy = CHILD.replace(
        "code = run(sys.argv[2:])",
        "import socket\ncode = socket.socket().connect_ex(('127.0.0.1', 9))",
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    subprocess.run([sys.executable, "-c", spy, "seen.json"], cwd=tmp_path, env=env, check=True, timeout=60)
    assert json.loads((tmp_path / "seen.json").read_text("utf-8"))[1] != []
