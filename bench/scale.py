"""How batches scale: processes, parts, Dask workers, memory. Prints a table; ``--json`` keeps the figures.

    python bench/scale.py --rows 100000 --rounds 3
    python bench/scale.py --rows 6400 --files --no-cluster    # many small parts: 64 files in each

Rows are the project's corpus over and over, one article per row. Rounds are interleaved, the median is
given with the lowest and the highest: other work on the machine then hits all alike.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PYTHON = [sys.executable, "-m"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def write_rows(path: Path, count: int) -> None:
    """JSON lines from ``corpus/civic``, repeated up to ``count`` rows."""
    corpus = [line for file in sorted((ROOT / "corpus/civic").glob("*.jsonl")) for line in file.open("rb")]
    fields = [{key: json.loads(line)[key] for key in ("title", "text")} for line in corpus]
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(islice(cycle(fields), count)):
            file.write(json.dumps({"id": str(number), **row}, ensure_ascii=False) + "\n")


def write_files(folder: Path, count: int) -> None:
    """The same as text files, a paragraph in each."""
    rows = folder.with_suffix(".jsonl")
    write_rows(rows, count)
    folder.mkdir()
    for number, line in enumerate(rows.open(encoding="utf-8")):
        (folder / f"{number:07}.txt").write_text(json.loads(line)["text"], encoding="utf-8")


# Between the bench and what is measured: a process counts the memory of the one that started it as its own.
LAUNCH = """
import os, sys, time
began = time.perf_counter()
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
sys.exit(status != 0)
"""


class Run(NamedTuple):
    """One measurement: seconds, processor seconds with all workers (0: unknown), peak MiB."""

    wall: float
    processor: float
    memory: float


def measured(command: list[str]) -> Run:
    """A command of its own."""
    launched = [sys.executable, "-S", "-c", LAUNCH, "-m", *command]
    done = subprocess.run(launched, env=ENVIRONMENT, check=True, capture_output=True, text=True)
    return Run(*map(float, done.stdout.split()[-3:]))


def tag(rows: Path, out: Path, *more: str) -> list[str]:
    return ["civictag", "tag", str(rows), "-f", "jsonl", "-o", str(out), *more]


@contextlib.contextmanager
def dask(folder: Path, workers: int) -> Iterator[str]:
    """A scheduler and workers on this machine; the scheduler's address."""
    from distributed import Client

    file = folder / f"scheduler{workers}.json"
    place = ["--local-directory", str(folder), "--nthreads", "1"]
    commands = [["scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)]]
    commands += [["worker", "--scheduler-file", str(file), *place]] * workers
    quiet = {"env": ENVIRONMENT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [
        subprocess.Popen([*PYTHON, "dask", *c, "--no-dashboard"], start_new_session=True, **quiet)
        for c in commands
    ]
    try:
        while not file.exists():
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
        yield address
    finally:
        for process in reversed(running):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def compare_dask(address: str, rows: Path, folder: Path) -> dict[str, Callable[[], object]]:
    """The same chunks by the three ways that Dask offers, each as a call that does them all."""
    import dask.bag
    import distributed
    import joblib

    from civictag.batch import cluster
    from civictag.batch.chunks import cut
    from civictag.batch.executors import AHEAD, in_order
    from civictag.batch.plain import Job
    from civictag.batch.resuming import PART
    from civictag.batch.worker import tasks, work
    from civictag.model.bundle import find, load
    from civictag.readers import Reading

    model = find("civic")
    folder.mkdir(exist_ok=True)
    job = Job(model, load(model).info.sha256, "jsonl")
    do = partial(work, job)
    todo = list(tasks(cut([str(rows)], Reading(), PART), None))
    client = distributed.Client(address, set_as_default=False)
    client.register_plugin(cluster._model_plugin(model, job.sha256))
    threads = sum(client.nthreads().values())

    def futures() -> None:
        submit = partial(client.submit, do, pure=False)
        assert len(list(in_order(submit, todo, AHEAD * max(2, threads)))) == len(todo)

    def by_joblib() -> None:
        with joblib.parallel_config(backend="dask", client=client):
            done = joblib.Parallel(n_jobs=-1, batch_size=1)(joblib.delayed(do)(task) for task in todo)
        assert len(done) == len(todo)

    def bag() -> None:
        with client.as_current():
            done = dask.bag.from_sequence(todo, npartitions=len(todo)).map(do).compute(scheduler=client)
        assert len(done) == len(todo)

    return {"futures": futures, "joblib's backend": by_joblib, "dask.bag": bag}


def timed(call: Callable[[], object]) -> Run:
    """A call in this process, whose work is done elsewhere."""
    began = time.perf_counter()
    call()
    return Run(time.perf_counter() - began, 0.0, 0.0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", action="store_true", help="text files instead of rows of one file")
    parser.add_argument("--no-cluster", action="store_true", help="processes on this machine only")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if given.files and not given.no_cluster:
        parser.error("--files measures processes on this machine: add --no-cluster")
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        rows = folder / "rows.jsonl"
        if given.files:
            rows = folder / "files"
        (write_files if given.files else write_rows)(rows, given.rows)
        plain = partial(tag, rows, folder / "out")
        commands = {
            "-j 1": plain("-j", "1"),
            "-j 2": plain("-j", "2"),
            "-j 1 --resume": plain("-j", "1", "--resume"),
            "-j 2 --resume": plain("-j", "2", "--resume"),
        }
        ways: dict[str, Callable[[], Run]] = {}
        if not given.no_cluster:
            one, two = (stack.enter_context(dask(folder, count)) for count in (1, 2))
            commands["--cluster, 1 worker"] = plain("--cluster", one)
            commands["--cluster, 2 workers"] = plain("--cluster", two)
            for label, call in compare_dask(two, rows, folder / "compare").items():
                ways[f"2 workers, {label}, work alone"] = partial(timed, call)
        ways = {way: partial(measured, command) for way, command in commands.items()} | ways
        results: dict[str, list[Run]] = {way: [] for way in ways}
        for _ in range(given.rounds):
            for way, measure in ways.items():
                results[way].append(measure())
    show(given.rows, results, given.json)


def show(rows: int, results: dict[str, list[Run]], target: Path | None) -> None:
    print(f"{rows:,} rows, a paragraph each; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    print(f"{'':36}{'rows/s':>9}{'lowest':>9}{'highest':>9}{'µs CPU/row':>12}{'MiB':>6}")
    figures = {}
    for way, runs in results.items():
        speeds = sorted(rows / run.wall for run in runs)
        cost = min(run.processor for run in runs) / rows * 1e6
        memory = max(run.memory for run in runs)
        figures[way] = {"rows_per_second": speeds, "processor_us_per_row": cost, "peak_mib": memory}
        middle = statistics.median(speeds)
        print(f"{way:36}{middle:9,.0f}{speeds[0]:9,.0f}{speeds[-1]:9,.0f}{cost:12.1f}{memory:6.0f}")
    if target:
        target.write_text(json.dumps({"rows": rows, "figures": figures}, indent=1))


if __name__ == "__main__":
    main()
