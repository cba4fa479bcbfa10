"""A batch on a real Dask cluster: a scheduler in a thread and two worker processes on this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from test_batch import Heard, write_folder, write_rows

from civictag.batch import cluster, resuming
from civictag.batch.chunks import Files
from civictag.batch.plain import Job
from civictag.batch.resuming import resume
from civictag.batch.store import folder_of
from civictag.batch.worker import Task, work
from civictag.cli import run
from civictag.errors import CivictagError, ModelError

# Looked for, not imported: it takes a second in each process that only collects the tests.
if find_spec("distributed") is None:
    pytest.skip('no Dask: pip install "civictag[cluster]"', allow_module_level=True)

ROOT = str(Path(__file__).parents[1])


class Cluster:
    """A scheduler, and the workers that this test started, and ends."""

    def __init__(self, folder: Path) -> None:
        from distributed import LocalCluster

        self.folder = folder
        self.processes: list[subprocess.Popen] = []
        self.scheduler = LocalCluster(
            n_workers=0, processes=False, protocol="tcp://", host="127.0.0.1", dashboard_address=":0"
        )
        self.address = self.scheduler.scheduler_address

    def start(self) -> None:
        """One more worker, without Dask's nanny: who starts workers anew is not ours."""
        here = ["--nthreads", "1", "--local-directory", str(self.folder), "--death-timeout", "60"]
        command = [
            sys.executable,
            "-m",
            "dask",
            "worker",
            self.address,
            *here,
            "--no-nanny",
            "--no-dashboard",
        ]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([ROOT, os.environ.get("PYTHONPATH", "")])}
        log = (self.folder / f"log{len(self.processes)}").open("wb")
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        log.close()
        self.processes.append(process)

    def workers(self, count: int) -> None:
        """So many that run; those that were killed are replaced."""
        for _ in range(count - sum(process.poll() is None for process in self.processes)):
            self.start()
        with self.client() as client:
            client.wait_for_workers(count, timeout=90)

    def client(self):
        from distributed import Client

        return Client(self.address, set_as_default=False)

    def wait(self, found, seconds: float = 90):
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError):
                if answer := found():
                    return answer
            assert time.monotonic() < end, (self.folder / "log0").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        self.scheduler.close()
        for process in reversed(self.processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(15)


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    started = Cluster(tmp_path_factory.mktemp("dask"))
    try:
        started.workers(2)
        yield started
    finally:
        started.stop()


def command(inputs: Path, model: str, out: Path, *more: str) -> list[str]:
    return ["tag", str(inputs), "-m", model, "-f", "jsonl", "-o", str(out), *more]


def test_the_cluster_gives_the_same_bytes(dask, tmp_path, small_model, monkeypatch):
    monkeypatch.setattr(resuming, "PART", 3_000)
    inputs = write_folder(tmp_path / "in")
    assert run(command(inputs, small_model, tmp_path / "here", "--resume")) == 3
    assert run(command(inputs, small_model, tmp_path / "there", "--cluster", dask.address)) == 3
    for end in ("", ".errors.jsonl"):
        assert Path(f"{tmp_path}/there{end}").read_bytes() == Path(f"{tmp_path}/here{end}").read_bytes()
    assert not list(tmp_path.glob(".there*"))


def test_a_killed_worker_costs_nothing_but_time(dask, tmp_path, small_model, monkeypatch):
    monkeypatch.setattr(resuming, "PART", 4_000)
    inputs = write_rows(tmp_path / "a.jsonl", 3_000)
    dask.workers(2)
    with dask.client() as client:
        victim = next(iter(client.run(os.getpid).values()))
    killed = []

    def kill():
        folder = Path(folder_of(str(tmp_path / "there")))
        dask.wait(lambda: sum(path.stat().st_size for path in folder.iterdir()) > 100_000)
        os.kill(victim, signal.SIGKILL)
        killed.append(not (tmp_path / "there").exists())

    killer = threading.Thread(target=kill)
    killer.start()
    assert run(command(inputs, small_model, tmp_path / "there", "--cluster", dask.address)) == 0
    killer.join()
    assert killed == [True]  # while the batch was under way
    assert run(command(inputs, small_model, tmp_path / "here")) == 0
    assert (tmp_path / "there").read_bytes() == (tmp_path / "here").read_bytes()


def test_begun_here_and_finished_there(dask, tmp_path, small_tagger, small_model, monkeypatch):
    """Who does the parts is no part of what a batch is."""
    monkeypatch.setattr(resuming, "PART", 4_000)
    inputs = write_rows(tmp_path / "a.jsonl", 500)
    job = Job(small_model, small_tagger.info.sha256, "jsonl")

    def tired(function, items):
        for number, item in enumerate(items):
            if number == 7:
                raise KeyboardInterrupt
            yield function(item)

    with pytest.raises(KeyboardInterrupt):
        resume(job, [str(inputs)], str(tmp_path / "out"), tired, Heard())
    heard = Heard()
    with cluster.cluster(dask.address, small_model, job.sha256, [str(inputs)]) as executor:
        resume(job, [str(inputs)], str(tmp_path / "out"), executor, heard)
    assert len(heard.entries) == 7
    assert run(command(inputs, small_model, tmp_path / "here")) == 0
    assert (tmp_path / "out").read_bytes() == (tmp_path / "here").read_bytes()


def test_duplicates_are_marked_by_the_cluster_too(dask, tmp_path, small_model):
    inputs = write_rows(tmp_path / "a.jsonl", 200)
    with inputs.open("a", encoding="utf-8") as file:
        file.write(inputs.read_text(encoding="utf-8").replace('"id": "', '"id": "again-'))
    marks = ["--mark-duplicates", "--similarity", "1"]
    assert run(command(inputs, small_model, tmp_path / "here", *marks)) == 0
    assert run(command(inputs, small_model, tmp_path / "there", *marks, "--cluster", dask.address)) == 0
    assert (tmp_path / "there").read_bytes() == (tmp_path / "here").read_bytes()
    assert (tmp_path / "there").read_text(encoding="utf-8").count('"duplicate_of": "') >= 200


def refused(dask, tmp_path, small_model, capfd) -> str:
    inputs = write_rows(tmp_path / "a.jsonl", 3)
    assert run(command(inputs, small_model, tmp_path / "out", "--cluster", dask.address)) == 1
    assert not (tmp_path / "out").exists()
    return capfd.readouterr().err


def test_a_worker_with_another_version_is_named(dask, tmp_path, small_model, monkeypatch, capfd):
    monkeypatch.setattr(cluster, "__version__", "9.9")
    said = refused(dask, tmp_path, small_model, capfd)
    assert "worker tcp://127.0.0.1:" in said
    assert "not 9.9" in said
    assert "pip install civictag==9.9" in said


def test_a_worker_that_sees_other_folders_is_named(dask, tmp_path, small_model, monkeypatch, capfd):
    monkeypatch.setattr(cluster, "_SEEN", lambda path: False)
    said = refused(dask, tmp_path, small_model, capfd)
    assert "does not see" in said
    assert "share" in said


def test_a_cluster_without_workers_and_no_cluster_at_all(tmp_path, small_model, monkeypatch, capfd):
    empty = Cluster(tmp_path)
    try:
        assert "dask worker" in refused(empty, tmp_path, small_model, capfd)
    finally:
        empty.stop()
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    assert "no Dask scheduler answers" in refused(empty, tmp_path, small_model, capfd)


def test_without_dask_the_extra_is_named(tmp_path, small_model, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "distributed", None)
    arguments = command(write_rows(tmp_path / "a.jsonl", 3), small_model, tmp_path / "out")
    assert run([*arguments, "--cluster", "tcp://127.0.0.1:1"]) == 1
    assert '[cluster]"' in capfd.readouterr().err


@pytest.mark.parametrize("path", ["a.txt", "-"])
def test_workers_need_whole_paths(small_model, capfd, path):
    assert (
        run(["tag", path, "-m", small_model, "-f", "jsonl", "-o", "x", "--cluster", "tcp://127.0.0.1:1"]) == 2
    )
    assert "--cluster" in capfd.readouterr().err


@pytest.mark.parametrize("more", [{"sha256": "0" * 64}, {"version": "9.9"}])
def test_a_worker_refuses_another_model_or_version(small_model, small_tagger, more):
    """Whoever joins after the check is caught by the first chunk."""
    job = Job(**({"model": small_model, "sha256": small_tagger.info.sha256, "form": "jsonl"} | more))
    with pytest.raises(ModelError, match="begun with"):
        work(job, Task(0, Files((), 0)))


def test_a_model_is_sent_whole(small_model, small_tagger, tmp_path):
    files = cluster.packed(small_model)
    with pytest.raises(CivictagError):
        cluster.receive(files | {"weights.f32": b""}, "1" * 64, str(tmp_path))
    with pytest.raises(ModelError, match="begun with"):
        cluster.receive(files, "1" * 64, str(tmp_path))
