"""A batch that is stopped at any moment goes on, and its bytes are those of an undisturbed run."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from test_batch import write_folder, write_rows

from civictag.batch import resuming
from civictag.batch.store import NAME, Store, folder_of
from civictag.cli import run

FORK = multiprocessing.get_context("fork")  # the model is loaded once, and a kill costs no start-up
ROWS = 12_000  # so many that a run of its own lasts some seconds
KILLED = -signal.SIGKILL


def command(folder: Path, model: str, out: Path, *more: str) -> list[str]:
    return ["tag", str(folder), "-m", model, "-f", "jsonl", "-o", str(out), "--resume", *more]


def left(out: Path) -> list[str]:
    """What a finished batch leaves beside its output."""
    return sorted(path.name for path in out.parent.iterdir() if path.name.startswith((out.name, ".")))


def finished_parts(out: Path) -> set[int]:
    """Parts that a run would use again; none where there is no store."""
    if not Path(folder_of(str(out))).is_dir():
        return set()
    with Store(str(out)) as store:
        return set(store.done)


def under_way(out: Path) -> bool:
    """Whether a run has so much on disk that a part must be there."""
    folder = Path(folder_of(str(out)))
    return folder.is_dir() and sum(path.stat().st_size for path in folder.iterdir()) > 400_000


class Batch:
    """Inputs, good and bad, in some forty parts, and what an undisturbed run makes of them."""

    def __init__(self, folder: Path, model: str) -> None:
        self.inputs = write_folder(folder / "in")
        write_rows(self.inputs / "z.jsonl", 300)
        self.model = model
        self.undisturbed(folder / "first")  # loads the model; the second one is timed
        self.wanted = self.undisturbed(folder / "wanted")
        self.out = folder / "work" / "out"
        self.out.parent.mkdir()

    def undisturbed(self, out: Path) -> tuple[bytes, bytes]:
        began = time.monotonic()
        assert run(command(self.inputs, self.model, out)) == 3
        self.seconds = time.monotonic() - began
        return self.bytes(out)

    def bytes(self, out: Path | None = None) -> tuple[bytes, bytes]:
        out = out or self.out
        return out.read_bytes(), Path(f"{out}.errors.jsonl").read_bytes()

    def run(self, *more: str) -> int:
        return run(command(self.inputs, self.model, self.out, *more))

    def child(self, before=lambda: None):
        """The command in a process of its own; ``before`` runs in it first."""

        def target():
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            before()
            os._exit(self.run())

        process = FORK.Process(target=target)
        process.start()
        return process

    def finish(self) -> None:
        """Run to the end and compare."""
        assert self.run() == 3
        assert self.bytes() == self.wanted
        assert left(self.out) == ["out", "out.errors.jsonl"]
        self.clear()

    def clear(self) -> None:
        """Make room for the next time."""
        self.out.unlink()
        Path(f"{self.out}.errors.jsonl").unlink()

    @property
    def parts(self) -> Path:
        return Path(folder_of(str(self.out)))


@pytest.fixture(scope="module")
def batch(tmp_path_factory, small_model):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resuming, "PART", 5_000)
        yield Batch(tmp_path_factory.mktemp("resume"), small_model)


def noting(log: Path):
    """Note after each finished part its number, and how much of the store's log is on disk by then."""
    add = Store.add
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def noted(store: Store, done) -> None:
        add(store, done)
        wal = Path(store.folder) / f"{NAME}-wal"
        os.write(handle, f"{done.number} {wal.stat().st_size}\n".encode())

    Store.add = noted  # in a process that ends soon


def killed_at_random(batch: Batch, kills: int, dice: random.Random, cut_power: bool) -> int:
    """Kill until ``kills`` runs were really ended; how many went on from finished parts.

    What a run had finished when it was killed, the next one uses again: every part of it.
    """
    ended = resumed = 0
    log = batch.out.parent / "log"
    while ended < kills:
        log.write_bytes(b"")
        process = batch.child(partial(noting, log))
        time.sleep(dice.uniform(0, batch.seconds))
        process.kill()
        process.join()
        if process.exitcode != KILLED:  # it was faster
            assert batch.bytes() == batch.wanted
            batch.clear()
            continue
        ended += 1
        parts = [tuple(map(int, line.split())) for line in log.read_text().splitlines()]
        if cut_power and parts:
            lose_power(batch.parts, parts[-1][1], dice)
        there = finished_parts(batch.out)
        assert {number for number, _ in parts} <= there or batch.out.exists()
        resumed += bool(there)
        if dice.random() < 0.15:
            batch.finish()
    log.unlink()
    batch.finish()
    return resumed


def lose_power(parts: Path, on_disk: int, dice: random.Random) -> None:
    """What came after the last part that SQLite waited for: cut off, zeros, or something else."""
    wal = parts / f"{NAME}-wal"
    if not wal.exists():  # it was about to remove the folder
        return
    rest = max(0, wal.stat().st_size - on_disk)
    with wal.open("r+b") as file:
        file.truncate(on_disk)
        file.seek(on_disk)
        file.write(dice.choice([b"", bytes(rest), dice.randbytes(rest), dice.randbytes(50_000)]))


@pytest.mark.parametrize("cut_power", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_killed_at_random_moments(batch, cut_power):
    assert killed_at_random(batch, 4, random.Random(7), cut_power) > 1


@pytest.mark.slow
@pytest.mark.parametrize("cut_power", [False, True])
def test_killed_at_two_hundred_random_moments(batch, cut_power):
    assert killed_at_random(batch, 200, random.Random(9), cut_power) > 40


def at_statement(number: int, what, set_name=setattr):
    """Before the ``number``-th statement to the store from now on, and before each later one, do ``what``."""
    connect = sqlite3.connect
    left_over = [number]

    class Watched(sqlite3.Connection):
        def execute(self, *arguments):
            left_over[0] -= 1
            if left_over[0] <= 0:
                what(sqlite3.OperationalError("database or disk is full"))
            return super().execute(*arguments)

    set_name(sqlite3, "connect", partial(connect, factory=Watched))
    real = os.replace, os.unlink

    def watched(operation):
        def run_or_stop(*arguments, **named):
            left_over[0] -= 1
            return (
                what(OSError(errno.ENOSPC, "disk is full"))
                if left_over[0] <= 0
                else operation(*arguments, **named)
            )

        return run_or_stop

    for name, operation in zip(("replace", "unlink"), real, strict=True):
        set_name(os, name, watched(operation))


def disk_full(error):
    raise error


def power_off(error):
    os._exit(9)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """A file that nobody changes."""
    return write_rows(tmp_path_factory.mktemp("rows") / "a.jsonl", ROWS)


@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("what", "code"), [(power_off, 9), (disk_full, 1)])
def test_stopped_at_its_operations_on_the_disk(tmp_path, small_model, monkeypatch, what, code, every):
    """One operation after the other is the last one (as by kill -9), or finds the disk full."""
    monkeypatch.setattr(resuming, "PART", 20_000)
    small = Batch.__new__(Batch)
    small.inputs, small.model, small.out = (
        write_rows(tmp_path / "a.jsonl", 400),
        small_model,
        tmp_path / "out",
    )
    assert small.run() == 0
    wanted = small.out.read_bytes()
    codes = []
    for number in range(1, 200, every):
        small.out.unlink()
        process = small.child(lambda number=number: at_statement(number, what))
        process.join()
        codes.append(process.exitcode)
        assert small.run() == 0
        assert small.out.read_bytes() == wanted
        assert left(small.out) == ["out"]
        if process.exitcode == 0 and number > 20 and codes[-3:] == [0, 0, 0]:
            break
    assert codes[-1] == 0  # past the last operation
    assert codes.count(code) > (10 if every == 1 else 3)
    assert set(codes) <= {0, code}


def test_a_full_disk_is_told_with_the_way_out(batch, monkeypatch, capfd):
    with monkeypatch.context() as patch:
        at_statement(60, disk_full, patch.setattr)
        assert batch.run() == 1
    said = capfd.readouterr().err
    assert "disk is full" in said
    assert "run the same command again" in said
    batch.finish()


def start(arguments: list[str]) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "civictag", *arguments],
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


@pytest.mark.parametrize("jobs", ["2", pytest.param("1", marks=pytest.mark.slow)])
def test_interrupted_from_the_keyboard(tmp_path, small_model, rows, jobs):
    """Ctrl-C reaches every process of the terminal's group: 130, one line, nothing left running."""
    out = tmp_path / "out"
    arguments = command(rows, small_model, out, "-j", jobs)
    process = start(arguments)
    wait_for(lambda: under_way(out))
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.strip().splitlines()[-1] == "civictag: interrupted"
    assert "Traceback" not in said
    assert not out.exists()
    wait_for(lambda: not alive(process.pid))
    finished = start(arguments)
    finished.communicate(timeout=120)
    assert finished.returncode == 0
    assert run(["tag", str(rows), "-m", small_model, "-f", "jsonl", "-o", str(tmp_path / "plain")]) == 0
    assert out.read_bytes() == (tmp_path / "plain").read_bytes()


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_that_dies_costs_nothing(tmp_path, small_model, rows):
    out = tmp_path / "out"
    process = start(command(rows, small_model, out, "-j", "2"))
    wait_for(lambda: under_way(out))
    workers = workers_of(process.pid)
    assert workers
    os.kill(workers[0], signal.SIGKILL)
    _, said = process.communicate(timeout=120)
    assert (process.returncode, said) == (0, f"civictag: 1 file read, {ROWS} articles\n")
    assert out.read_bytes().count(b"\n") == ROWS


def workers_of(group: int) -> list[int]:
    return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and is_worker(pid, group)]


def is_worker(pid: str, group: int) -> bool:
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        return os.getpgid(int(pid)) == group and int(pid) != group and b"resource_tracker" not in line
    except OSError:
        return False


@pytest.mark.parametrize("more", [["--resume"], pytest.param([], marks=pytest.mark.slow)])
def test_workers_do_not_outlive_a_parent_that_is_killed(tmp_path, small_model, rows, more):
    out = tmp_path / "out.jsonl"
    process = start(["tag", str(rows), "-m", small_model, "-o", str(out), "-j", "2", *more])
    wait_for(lambda: len(workers_of(process.pid)) == 2)
    process.kill()
    process.communicate(timeout=30)
    wait_for(lambda: not alive(process.pid), 15)
    again = start(["tag", str(rows), "-m", small_model, "-o", str(out), *more])
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert left(out) == ["out.jsonl"]  # what the killed run left is tidied


# ---- another batch in the same place ------------------------------------------------------------


def stopped(batch: Batch) -> None:
    """Leave parts of an unfinished run."""
    process = batch.child(lambda: at_statement(60, power_off))
    process.join()
    assert process.exitcode == 9


def test_other_options_do_not_go_on(batch, capfd):
    stopped(batch)
    others = {"options": ["--explain"], "reading": ["--text-column", "t"], "output format": ["-f", "csv"]}
    for said, more in others.items():
        assert batch.run(*more) == 1
        message = capfd.readouterr().err
        assert f"not the same: {said}" in message
        assert "remove the folder" in message
    batch.finish()


def test_changed_inputs_are_named(batch, capfd):
    stopped(batch)
    path = batch.inputs / "a007.txt"
    status = path.stat()
    path.touch()
    assert batch.run() == 1
    assert "a007.txt has changed" in capfd.readouterr().err
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    (batch.inputs / "a0070.txt").write_text("新来的。", encoding="utf-8")
    assert batch.run() == 1
    assert "a0070.txt" in capfd.readouterr().err
    (batch.inputs / "a0070.txt").unlink()
    batch.finish()


def test_another_run_in_the_same_place_is_refused(batch, capfd):
    stopped(batch)
    with Store(str(batch.out)):
        assert batch.run() == 1
    assert "another run is at work" in capfd.readouterr().err
    batch.finish()


def test_what_failed_is_listed(batch):
    listed = [json.loads(line) for line in batch.wanted[1].splitlines()]
    assert len(listed) == 6
    assert all(entry["source"] and entry["problem"] for entry in listed)
    assert {"source", "line", "problem", "hint"} <= set(listed[0])
    broken = next(entry for entry in listed if entry["source"].endswith("c.jsonl"))
    assert broken["line"] == 3


def test_the_list_of_an_earlier_batch_is_taken_away(tmp_path, small_model):
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_text("清理垃圾。", encoding="utf-8")
    out = tmp_path / "out"
    assert run(command(tmp_path / "a.txt", small_model, out)) == 1
    assert left(out) == ["out", "out.errors.jsonl"]
    assert run(command(tmp_path / "b.txt", small_model, out)) == 0
    assert left(out) == ["out"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["a.txt", "--resume"], "-o OUT"),
        (["-", "--resume", "-o", "x"], "standard input"),
        (["a.txt", "--resume", "-o", "x", "-f", "html"], "not html"),
        (["a.txt", "--resume", "-o", "x", "--review", "r.csv"], "--review"),
    ],
)
def test_wrong_usage(small_model, capfd, more, said):
    assert run(["tag", "-m", small_model, *more]) == 2
    assert said in capfd.readouterr().err


def test_warnings_of_an_earlier_run_are_told_again(tmp_path, small_model, monkeypatch, capfd):
    """The last run's words are those that are kept: what was guessed in all inputs, not in the last ones."""
    monkeypatch.setattr(resuming, "PART", 3_000)
    (tmp_path / "in").mkdir()
    for number in range(6):
        lines = f'{{"text": "阿福打扫了晒场{number}。", "text": "补墙{number}"}}\n' * 60
        (tmp_path / "in" / f"{number}.jsonl").write_text(lines, "utf-8")
    arguments = [*command(tmp_path / "in", small_model, tmp_path / "out")]
    assert run([*command(tmp_path / "in", small_model, tmp_path / "whole")]) == 0
    whole = capfd.readouterr().err
    stopped = FORK.Process(target=lambda: (at_statement(60, power_off), os._exit(run(arguments))))
    stopped.start()
    stopped.join()
    assert stopped.exitcode == 9
    capfd.readouterr()
    assert run(arguments) == 0
    going, *said = capfd.readouterr().err.splitlines()
    assert "going on:" in going
    assert said == whole.splitlines()
    assert (tmp_path / "out").read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_resumed_and_streamed_are_one(tmp_path, small_model, monkeypatch, form):
    monkeypatch.setattr(resuming, "PART", 3_000)
    inputs = write_folder(tmp_path / "in")
    assert run([*command(inputs, small_model, tmp_path / "parts"), "-f", form]) == 3
    assert run(["tag", str(inputs), "-m", small_model, "-f", form, "-o", str(tmp_path / "plain")]) == 3
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "plain").read_bytes()


def test_parquet_parts_become_one_file(tmp_path, small_model, monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(resuming, "PART", 3_000)
    inputs = write_folder(tmp_path / "in")
    arguments = ["tag", str(inputs), "-m", small_model, "-f", "parquet", "-o"]
    assert run([*arguments, str(tmp_path / "plain")]) == 3
    assert run([*arguments, str(tmp_path / "whole"), "--resume"]) == 3
    stopped = FORK.Process(
        target=lambda: (
            at_statement(60, power_off),
            os._exit(run([*arguments, str(tmp_path / "out"), "--resume"])),
        )
    )
    stopped.start()
    stopped.join()
    assert stopped.exitcode == 9
    assert run([*arguments, str(tmp_path / "out"), "--resume"]) == 3
    assert (tmp_path / "out").read_bytes() == (tmp_path / "whole").read_bytes()
    plain, parts = (parquet.read_table(tmp_path / name) for name in ("plain", "out"))
    assert parts.equals(plain)
    assert parts.schema.equals(plain.schema, check_metadata=True)


def test_no_input_at_all_is_an_empty_output(tmp_path, small_model):
    (tmp_path / "in").mkdir()
    for form in ("jsonl", "json", "csv", "parquet"):
        arguments = ["tag", str(tmp_path / "in"), "-m", small_model, "-f", form, "-o"]
        assert run([*arguments, str(tmp_path / "plain")]) == 1  # nothing was read
        assert run([*arguments, str(tmp_path / "out"), "--resume"]) == 1
        assert (tmp_path / "out").read_bytes() == (tmp_path / "plain").read_bytes(), form


# ---- the work folder ----------------------------------------------------------------------------


def test_the_output_may_lie_beside_its_inputs(tmp_path, small_model, monkeypatch, capfd):
    """Neither the work folder nor the output is read, also by a run that goes on."""
    monkeypatch.setattr(resuming, "PART", 20)
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"清理垃圾，第{name}处。", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    arguments = ["tag", ".", "-m", small_model, "-o", "out.jsonl", "--resume"]
    process = FORK.Process(target=lambda: (at_statement(40, power_off), os._exit(run(arguments))))
    process.start()
    process.join()
    assert process.exitcode == 9
    assert Path(folder_of("out.jsonl")).is_dir()
    assert run(arguments) == 0
    lines = [json.loads(line) for line in Path("out.jsonl").read_text("utf-8").splitlines()]
    assert [line["source"] for line in lines] == [os.path.join(".", f"{name}.txt") for name in "abc"]
    assert run(arguments) == 0  # with its own output among the inputs
    assert len(Path("out.jsonl").read_bytes().splitlines()) == 3


def test_a_folder_of_somebody_elses_is_refused_and_left_alone(batch, capfd):
    batch.parts.mkdir()
    (batch.parts / "notes.txt").write_text("mine", "utf-8")
    assert batch.run() == 1
    assert "civictag did not make it" in capfd.readouterr().err
    assert (batch.parts / "notes.txt").read_text("utf-8") == "mine"
    (batch.parts / "notes.txt").unlink()
    batch.finish()  # an empty folder is taken


def test_what_somebody_put_into_our_folder_stays(batch):
    stopped(batch)
    (batch.parts / "notes.txt").write_text("mine", "utf-8")
    assert batch.run() == 3
    assert [path.name for path in batch.parts.iterdir()] == ["notes.txt"]
    (batch.parts / "notes.txt").unlink()
    batch.parts.rmdir()
    batch.finish()


def test_the_window_may_be_another_one(batch, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    stopped(batch)
    assert finished_parts(batch.out)
    monkeypatch.setenv("COLUMNS", "70")
    batch.finish()
