"""How workers are started: forked where nothing can be copied half-way, spawned elsewhere; how they end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from commands import environment, finish, start
from durability import TEXTS
from test_batch_resume import alive, wait_for, workers_of

from civictag.batch.executors import beside, processes

linux = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")

# Prints how the two workers came to be, and what they have of the one that started them.
CHILD = """
import signal, sys, threading
from multiprocessing import current_process
from civictag.batch.executors import beside, processes

def told(number):
    ends = [signal.getsignal(known) for known in (signal.SIGTERM, signal.SIGHUP)]
    return type(current_process()).__name__, ends == [signal.SIG_DFL] * 2, signal.pthread_sigmask(0, ())

if __name__ == "__main__":
    from civictag.cli.common.process import prepare
    prepare()
    {before}
    for kind, usual, blocked in processes(2, None)(told, range(4)):
        print(kind, usual, [number.name for number in blocked])
"""


HALF = """
import os, signal
from multiprocessing.connection import Connection
from civictag.batch.executors import processes

def half(connection, message, *_):
    os.write(connection.fileno(), bytes(message[: len(message) // 2]))
    os.kill(os.getpid(), signal.SIGKILL)

def work(number):
    if number == 1:
        Connection._send = half
    return -number

if __name__ == "__main__":
    {before}
    print(list(processes(2, lambda _, number: number * 10)(work, range(4))))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="other pipes")
@pytest.mark.parametrize("before", ["pass", "import sqlite3"], ids=["forked", "spawned"])
def test_a_worker_that_dies_within_its_answer_is_told(tmp_path, before):
    script = tmp_path / "child.py"
    script.write_text(HALF.replace("{before}", before), "utf-8")
    run = [sys.executable, script]
    done = subprocess.run(run, env=environment(), capture_output=True, text=True, timeout=60, check=True)
    found = json.loads(done.stdout)
    assert found[1] == 10
    assert [abs(number) % 9 for number in found] == [0, 1, 2, 3]


@linux
@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ("pass", "ForkProcess"),
        ("import sqlite3", "SpawnProcess"),
        ("threading.Thread(target=threading.Event().wait, daemon=True).start()", "SpawnProcess"),
        ("sys.platform = 'darwin'", "SpawnProcess"),
        # After a pool that ended, and after one whose workers died, no thread is left of it.
        ("list(processes(2, None)(abs, range(4)))", "ForkProcess"),
        (
            "list(processes(2, lambda _, number: number)(signal.raise_signal, [signal.SIGKILL] * 4))",
            "ForkProcess",
        ),
    ],
)
def test_forked_where_nothing_is_copied_half_way(tmp_path, before, kind):
    script = tmp_path / "child.py"
    script.write_text(CHILD.replace("{before}", before), "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", script], env=environment(), capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [f"{kind} True ['SIGINT']"] * 4


def test_one_item_is_done_here():
    assert list(processes(4, None)(lambda _: os.getpid(), [1])) == [os.getpid()]


def test_beside_reads_one_item_ahead_and_leaves_no_thread():
    asked = []
    results = beside(lambda number: (threading.current_thread(), -number), map(noted(asked), range(5)))
    thread, first = next(results)
    assert (first, asked) == (0, [0, 1])
    assert thread is not threading.main_thread()
    assert [number for _, number in results] == [-1, -2, -3, -4]
    assert not thread.is_alive()


def test_beside_raises_what_was_raised():
    results = beside(lambda number: 1 // number, [1, 0, 1])
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


def noted(asked):
    return lambda number: asked.append(number) or number


def open_files(pid: int) -> list[str]:
    found = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # it was closed meanwhile
            found.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    return found


@linux
def test_a_killed_run_s_locks_go_with_it(tmp_path, small_model):
    """Workers look for their parent every other second: what they still held would refuse the next run."""
    rows, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
    rows.write_text("".join(json.dumps({"text": TEXTS[n % 3] * 9}) + "\n" for n in range(60_000)), "utf-8")
    process = start("tag", rows, "-m", small_model, "-o", out, "-j", 2, start_new_session=True)
    wait_for(lambda: len(workers_of(process.pid)) == 2 or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    stopped = workers_of(process.pid)
    wait_for(lambda: not any(held.endswith(".part") for worker in stopped for held in open_files(worker)))
    for worker in stopped:
        os.kill(worker, signal.SIGSTOP)
    process.kill()
    process.wait(30)
    try:
        (tmp_path / "b.txt").write_text(TEXTS[0], "utf-8")
        again = start("tag", tmp_path / "b.txt", "-m", small_model, "-o", out)
        said = again.communicate(timeout=60)
        assert again.returncode == 0, said
    finally:
        for worker in stopped:
            os.kill(worker, signal.SIGCONT)
    wait_for(lambda: not alive(process.pid), 15)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.txt", "out.jsonl"]


@linux
def test_a_worker_tidies_the_room_that_it_had_for_office_files(tmp_path):
    office, room = tmp_path / "bin" / "soffice", tmp_path / "room"
    for folder in (office.parent, room):
        folder.mkdir()
    office.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    office.chmod(0o755)
    names = [tmp_path / f"{number}.rtf" for number in range(2)]
    for name in names:
        name.write_text("{\\rtf1 a}", "utf-8")
    code = """
import os, sys
from civictag.batch.executors import beside, processes
from civictag.readers.documents.convert import convert
def had(name):
    convert([name])
    return len(os.listdir(os.environ["TMPDIR"]))
print(*processes(2, None)(had, sys.argv[1:]))
"""
    path = f"{office.parent}{os.pathsep}{os.environ['PATH']}"
    status, out, said = finish(*names, code=code, env={"PATH": path, "TMPDIR": str(room)})
    assert (status, said) == (0, "")
    assert all(int(count) >= 1 for count in out.split())
    assert os.listdir(room) == []
