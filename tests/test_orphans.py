"""No process that a verb started outlives it, however it ends; and the next run leaves nothing hidden."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from commands import environment, start
from durability import TEXTS
from test_batch_resume import alive, wait_for

from civictag.util.orphans import end_with
from civictag.util.unfinished import claimed

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="processes are found in /proc")
SECONDS = 15  # that a process may live on without the one that started it


def of_group(group: int, mark: bytes) -> list[int]:
    """The processes of a group whose command line holds ``mark``."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                if os.getpgid(int(name)) == group and mark in file.read():
                    found.append(int(name))
        except OSError:  # it ended meanwhile
            continue
    return found


def ended(process: subprocess.Popen, number: int) -> None:
    """End it by a signal; all that it started goes."""
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == (-9 if number == signal.SIGKILL else 128 + number)
    try:
        wait_for(lambda: not alive(process.pid), SECONDS)
    finally:
        if alive(process.pid):
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_trainings_workers(tmp_path, tiny_labels, number):
    rows = [
        {
            "doc": f"d{n % 60}",
            "para": n,
            "text": f"{n}日，{TEXTS[n % 3]}",
            "labels": [["tidy", "lend"][n % 2]],
        }
        for n in range(6_000)
    ]
    corpus = tmp_path / "c.jsonl"
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    process = start(
        "train", corpus, "-l", tiny_labels, "-o", tmp_path / "model", "-j", 2, start_new_session=True
    )
    wait_for(lambda: len(of_group(process.pid, b"popen_loky")) == 2 or process.poll() is not None)
    assert process.poll() is None
    ended(process, number)
    with claimed([str(tmp_path / "model")]):  # as the next training does
        pass
    assert os.listdir(tmp_path) == ["c.jsonl"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("verb", ["tag", "stats", "month"])
def test_the_reader_of_office_files(tmp_path, small_model, verb, number):
    """It waits for the next file while the run reads standard input, which does not come."""
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph(TEXTS[0])
    document.save(tmp_path / "a.docx")
    out = tmp_path / ("m.html" if verb == "month" else "out.json")
    more = ["--month", "2024-04"] if verb == "month" else []
    line = [verb, tmp_path / "a.docx", "-m", small_model, "-o", out, *more]
    process = start(*line, "-", start_new_session=True, stdin=subprocess.PIPE)
    wait_for(lambda: of_group(process.pid, b"child_main") or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    ended(process, number)
    process = start(*line)
    said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert sorted(os.listdir(tmp_path)) == ["a.docx", out.name]


def test_of_itself_nothing_happens():
    end_with(os.getpid())


def test_a_worker_that_loops_ends_with_a_parent_that_is_gone():
    code = (
        "import os; from civictag.util.orphans import end_with; end_with(os.getppid() + 1)\nwhile True: pass"
    )
    assert subprocess.run([sys.executable, "-c", code], env=environment(), timeout=SECONDS).returncode == 1
