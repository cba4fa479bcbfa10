"""Streams that are closed or of another encoding, and signals: one sentence, no litter, no orphans."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from commands import environment, start
from test_batch import write_rows
from test_batch_resume import alive, wait_for, workers_of


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """So many that tagging them has not ended when the signal comes."""
    return write_rows(tmp_path_factory.mktemp("rows") / "a.jsonl", 30_000)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_signal_leaves_neither_litter_nor_workers(tmp_path, small_model, rows, number, code, jobs):
    out = tmp_path / "out.jsonl"
    command = ["tag", str(rows), "-m", small_model, "-o", str(out), "-j", jobs]
    process = subprocess.Popen(
        [sys.executable, "-m", "civictag", *command],
        start_new_session=True, stderr=subprocess.PIPE, env=environment(), text=True,
    )  # fmt: skip
    wait_for(
        lambda: list(tmp_path.glob(".out.jsonl.*")) and (jobs == "1" or len(workers_of(process.pid)) == 2)
    )
    os.kill(process.pid, number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert len(said.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
    wait_for(lambda: not alive(process.pid), 15)


@pytest.mark.parametrize("arguments", [("labels", "civic"), ("models",), ("-h",), ("tag", "-h"), ("doctor",)])
def test_another_encoding_is_no_traceback(arguments):
    process = start(*arguments, env={"PYTHONIOENCODING": "cp1252"})
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


@pytest.mark.parametrize(
    "arguments", [("doctor",), ("labels", "civic"), ("-h",), ("tag", "-h"), ("tag",), ("tga",)]
)
def test_a_gbk_console_shows_chinese_and_signs_of_its_own(arguments):
    """As a Chinese Windows has it: every sign is GBK's, none is written as an escape."""
    process = start(*arguments, env={"PYTHONIOENCODING": "gbk", "CIVICTAG_LANG": "zh"})
    out, err = process.communicate(timeout=60)
    told = out.decode("gbk") + err.decode("gbk")
    assert process.returncode in (0, 2)
    assert "\\u" not in told
    assert "Traceback" not in told
    assert "√" in told or "：" in told


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell closes streams")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(tmp_path, small_model, closed):
    (tmp_path / "a.txt").write_text("清理垃圾。", "utf-8")
    line = f'"{sys.executable}" -m civictag tag a.txt -m "{small_model}" -o out.json {closed}'
    done = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path, env=environment(), capture_output=True, timeout=60
    )
    assert done.returncode == 0
    assert (tmp_path / "out.json").read_bytes().startswith(b"[")
