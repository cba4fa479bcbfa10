"""No process that a verb started outlives it, however it ends; and the next run leaves nothing hidden."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

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


def ended(process: subprocess.Popen, number: int, code: int | None = None) -> bytes:
    """End it by a signal (Ctrl-C reaches what it started, too); all that it started goes. What it said."""
    (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
    _, said = process.communicate(timeout=60)
    usual = -9 if number == signal.SIGKILL else 128 + number
    assert process.returncode == (usual if code is None else code)
    assert b"Traceback" not in said
    try:
        wait_for(lambda: not alive(process.pid), SECONDS)
    finally:
        if alive(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
    return said


@pytest.mark.parametrize("number", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_trainings_workers(tmp_path, tiny_labels, number):
    rows = [
        {
            "doc": f"d{n % 60}",
            "para": n,
            "text": f"{n}日，{TEXTS[n % 3]}",
            "labels": [["tidy", "lend"][n % 2]],
        }
        for n in range(1_500)
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


@pytest.mark.parametrize(
    ("verb", "number"),
    [
        ("tag", signal.SIGKILL),
        ("month", signal.SIGTERM),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in (
                ("tag", signal.SIGTERM),
                ("stats", signal.SIGTERM),
                ("stats", signal.SIGKILL),
                ("month", signal.SIGKILL),
            )
        ),
    ],
)
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


@pytest.fixture
def desk(tmp_path, tiny_corpus, tiny_labels):
    """The command of a labelling desk that has enough to learn from."""
    pytest.importorskip("fastapi", reason="pip install civictag[web]")
    from civictag.web.desk.loading import Plan
    from civictag.web.desk.project import Wish, open_project
    from civictag.web.desk.store import Decision

    project = open_project(
        str(tmp_path / "l.db"), [tiny_corpus], Wish(tiny_labels, model="", plan=Plan(apart=0))
    )
    for item in range(1, 46):
        project.store.decide(Decision(item, "甲", (("tidy", "lend")[item % 2],), False, f"{item:08}", False))
    project.close()
    return ["annotate", "--store", tmp_path / "l.db", "--no-browser"]


def served(line, **options) -> tuple[subprocess.Popen, str]:
    """A service that has said where it is, and the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = start(*line, "--port", port, start_new_session=True, **options)
    assert b"http" in process.stderr.readline()
    return process, f"http://127.0.0.1:{port}"


def asked(address: str, body: bytes = b"{}", kind: str = "application/json") -> dict:
    request = urllib.request.Request(address, body, {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


ENDS = [  # exit codes: a service that is told to end by SIGTERM has done its work
    pytest.param(signal.SIGKILL, -9, marks=pytest.mark.slow),
    (signal.SIGTERM, 0),
    pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_the_desk_s_training(tmp_path, desk, small_model, number, code):
    """It ends with the desk, at once, and the next desk learns where it did not."""
    process, address = served([*desk, "-m", small_model])
    assert asked(address + "/desk/train")["state"] == "running"
    wait_for(lambda: of_group(process.pid, b"spawn_main") or process.poll() is not None)
    ended(process, number, code)
    with claimed([str(tmp_path / "l.db"), str(tmp_path / "l.db.models" / "0001")]):  # as the next desk does
        pass
    left = {name for _, folders, files in os.walk(tmp_path) for name in (*folders, *files)}
    assert left - {"l.db-wal", "l.db-shm"} == {"l.db", "l.db.models", "labelled.jsonl", "labels.toml"}


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_the_reader_of_files_that_a_page_was_given(tmp_path, small_model, number, code):
    """Its child and its room for files go; with ``kill -9`` the room may stay until somebody tidies it."""
    pytest.importorskip("fastapi", reason="pip install civictag[web]")
    docx = pytest.importorskip("docx")
    docx.Document().save(tmp_path / "a.docx")
    room = tmp_path / "room"
    room.mkdir()
    process, address = served(["serve", "-m", small_model], env={"TMPDIR": str(room)})
    job = asked(address + "/page/jobs")["id"]
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.docx"\r\n\r\n'
    asked(f"{address}/page/jobs/{job}/files", head + (tmp_path / "a.docx").read_bytes() + b"\r\n--b--\r\n",
          "multipart/form-data; boundary=b")  # fmt: skip
    wait_for(lambda: of_group(process.pid, b"child_main") or process.poll() is not None)
    ended(process, number, code)
    assert number == signal.SIGKILL or os.listdir(room) == []


def test_two_ctrl_c_end_a_service_that_waits_for_a_request(tmp_path, small_model):
    pytest.importorskip("fastapi", reason="pip install civictag[web]")
    process, address = served(["serve", "-m", small_model, "--max-seconds", "600"])
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as client:
        head = b"POST /v1/tag HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 99\r\n"
        client.sendall(head + b"Content-Type: application/json\r\n\r\n")
        assert client.recv(100)  # the request is under way
        process.send_signal(signal.SIGINT)
        wait_for(lambda: closed(address))
        said = ended(process, signal.SIGINT)
    assert said == b"civictag: interrupted\n"


def closed(address: str) -> bool:
    """Whether nobody listens there any more."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", int(address.rpartition(":")[2]))) != 0


def test_of_itself_nothing_happens():
    end_with(os.getpid())


def test_a_worker_that_loops_ends_with_a_parent_that_is_gone():
    code = (
        "import os; from civictag.util.orphans import end_with; end_with(os.getppid() + 1)\nwhile True: pass"
    )
    assert subprocess.run([sys.executable, "-c", code], env=environment(), timeout=SECONDS).returncode == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_conversion_that_does_not_end(tmp_path, small_model, number):
    """LibreOffice has a session of its own, so no signal that ends the run reaches it."""
    office, began = tmp_path / "bin" / "soffice", tmp_path / "began"
    office.parent.mkdir()
    office.write_text(
        f"#!/bin/sh\nsleep 600 &\necho $$ > {began}.new; mv {began}.new {began}; wait\n", "utf-8"
    )
    office.chmod(0o755)
    (tmp_path / "a.rtf").write_text("{\\rtf1 a}", "utf-8")
    path = f"{office.parent}{os.pathsep}{os.environ['PATH']}"
    line = ["tag", tmp_path / "a.rtf", "-m", small_model, "-o", tmp_path / "out.json"]
    process = start(*line, start_new_session=True, env=environment(PATH=path))
    wait_for(lambda: began.exists() or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    ended(process, number)
    wait_for(lambda: not alive(int(began.read_text())), SECONDS)
