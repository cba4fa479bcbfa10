"""How fast, beside what a reader would write instead: one run, rounds interleaved, ratios with their spread.

    python bench/speed.py [--rounds 5] [-o speed.json]

Every contender is a program that reads a file and prints tags: ``civictag tag``, the textbook script
(``textbook.py``), fastText fed by jieba and by rjieba (``fasttext_tag.py``). *Cold* is one article;
*throughput* is paragraphs per second of a large file, the cold time taken off: what one paragraph more
costs, reading and writing included: *on one core* with ``-j 1``, *as it comes* without ``-j``, when civictag
takes the cores that there are. *In memory* is texts to labels in one process, without files.
Trains the peers first, on corpus/civic (a minute). Give it a machine with nothing else to do.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the checkout beside this file, installed or not
CORPUS = ROOT / "corpus" / "civic"
# Each peer and the modules that it needs; one that is not installed is left out, and said so.
NEEDS = {
    "textbook": ("jieba", "sklearn", "joblib"),
    "fasttext+jieba": ("jieba", "fasttext"),
    "fasttext+rjieba": ("rjieba", "fasttext"),
}
POOL = """
import sys, time, civictag
from civictag.batch.executors import processes
civictag.load(sys.argv[1])
begun = time.perf_counter()
list(processes(2, None)(abs, range(2)))
print(time.perf_counter() - begun)
"""
PEERS = [peer for peer, modules in NEEDS.items() if all(map(find_spec, modules))]


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options)
        measured = {
            "machine": machine,
            "not installed": lambda: ", ".join(peer for peer in NEEDS if peer not in PEERS) or "none",
            "characters per paragraph": lambda: bench.mean_length,
            "programs": bench.programs,
            "two processes": bench.two_processes,
            "input size": bench.input_sizes,
            # Last: a child's peak memory counts from its parent's size at the fork.
            "in memory": bench.in_memory,
        } | ({"model size": bench.model_sizes} if options.models else {})
        results = {}
        for name, measure in measured.items():
            results[name] = measure()
            show({name: results[name]})
    if options.output:
        Path(options.output).write_text(
            json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", default="civic", help="a shipped name or a folder")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--models", action="store_true", help="also train models of other sizes (minutes)")
    parser.add_argument("-o", "--output", help="write the results as JSON")
    return parser.parse_args()


class Bench:
    """The files, the peers' models, and the measurements."""

    def __init__(self, folder, options):
        self.folder, self.options = folder, options
        self.rows = long_rows()
        self.mean_length = statistics.mean(len(row["text"]) for row in self.rows)
        self.article = str(ROOT / "corpus" / "samples" / "songping-street.txt")
        self.train_peers()

    def train_peers(self):
        trained = {"textbook": ("textbook.py", "textbook.joblib")}
        trained |= dict.fromkeys(("fasttext+jieba", "fasttext+rjieba"), ("fasttext_tag.py", "fasttext.bin"))
        for script, name in {trained[peer] for peer in PEERS}:
            run([sys.executable, str(ROOT / "bench" / script), "train", str(CORPUS), str(self.folder / name)])

    def command(self, contender, source, model=None, jobs=None):
        model = model or self.options.model
        words = {
            "civictag": f"-m civictag tag {source} -m {model} -f jsonl" + (f" -j {jobs}" if jobs else ""),
            "textbook": f"{ROOT}/bench/textbook.py tag {self.folder}/textbook.joblib {source}",
            "fasttext+jieba": f"{ROOT}/bench/fasttext_tag.py tag-jieba {self.folder}/fasttext.bin {source}",
            "fasttext+rjieba": f"{ROOT}/bench/fasttext_tag.py tag-rjieba {self.folder}/fasttext.bin {source}",
        }
        return [sys.executable, *words[contender].split()]

    def table(self, size):
        path = self.folder / f"{size}.jsonl"
        if not path.exists():
            with path.open("w", encoding="utf-8") as file:
                for i in range(size):
                    print(json.dumps(self.rows[i % len(self.rows)], ensure_ascii=False), file=file)
        return str(path)

    def programs(self):
        """Cold time, throughput and memory of every program, the rounds interleaved."""
        # Enough for seconds of work each; the fast ones get more.
        sizes = {"civictag": 30_000, "textbook": 3_000, "fasttext+jieba": 3_000, "fasttext+rjieba": 20_000}
        sizes = {name: size for name, size in sizes.items() if name == "civictag" or name in PEERS}
        rounds = []
        for _ in range(self.options.rounds):
            rounds.append({name: self.program(name, size) for name, size in sizes.items()})
        return {
            "rounds": rounds,
            "cold s": {n: spread([r[n]["cold"] for r in rounds]) for n in sizes},
            "paragraphs/s": {n: spread([r[n]["rate"] for r in rounds]) for n in sizes},
            "peak MiB": {n: max(r[n]["peak"] for r in rounds) for n in sizes},
            "cold: civictag is faster by": {
                n: spread([r[n]["cold"] / r["civictag"]["cold"] for r in rounds]) for n in PEERS
            },
            "throughput on one core: civictag is faster by": {
                n: spread([r["civictag"]["rate"] / r[n]["rate"] for r in rounds]) for n in PEERS
            },
            "throughput as it comes: civictag is faster by": {
                n: spread([r["civictag"]["all cores"] / r[n]["rate"] for r in rounds]) for n in PEERS
            },
        }

    def program(self, name, size):
        cold, warm = run(self.command(name, self.article)), run(self.command(name, self.table(size), jobs=1))
        found = {"cold": cold.seconds, "rate": size / (warm.seconds - cold.seconds), "peak": warm.peak}
        if name == "civictag":
            free = run(self.command(name, self.table(size)))
            found["all cores"] = size / (free.seconds - cold.seconds)
        return found

    def in_memory(self):
        """Texts to labels, without files; the same texts for both, the rounds interleaved."""
        import civictag

        tagger = civictag.load(self.options.model)
        texts, titles = [row["text"] for row in self.rows], [row["title"] for row in self.rows]
        ways = {
            "civictag": lambda: list(tagger.tag_many(texts, titles)),
            "its backend alone": lambda: tagger.model.scores(texts, titles),
        }
        if "textbook" in PEERS:
            ways["textbook"] = self.textbook(texts)
        if "fasttext+rjieba" in PEERS:
            ways["fasttext+rjieba"] = self.fasttext(texts)
        rounds = [{n: len(texts) / timed(way) for n, way in ways.items()} for _ in range(self.options.rounds)]
        peers = [name for name in ("textbook", "fasttext+rjieba") if name in ways]
        return {
            "paragraphs/s": {n: spread([r[n] for r in rounds]) for n in ways},
            "civictag is faster by": {n: spread([r["civictag"] / r[n] for r in rounds]) for n in peers},
            "its backend is faster by": {
                n: spread([r["its backend alone"] / r[n] for r in rounds]) for n in peers
            },
        }

    def textbook(self, texts):
        import joblib
        import textbook

        import __main__

        __main__.cut = textbook.cut  # where the pickle looks for it
        model, labels = joblib.load(self.folder / "textbook.joblib")
        return lambda: labels.inverse_transform(model.predict(texts))

    def fasttext(self, texts):
        import fasttext
        import rjieba

        predict = fasttext.load_model(str(self.folder / "fasttext.bin")).f.predict
        return lambda: [predict(" ".join(rjieba.cut(t)) + "\n", -1, 0.5, "strict") for t in texts]

    def two_processes(self):
        """A table with one process and with two; how long two are in coming, the model being loaded."""
        ratios = {size: [] for size in (20_000, max(self.options.sizes))}
        starts = []
        for _ in range(self.options.rounds):
            for size, found in ratios.items():
                one = run(self.command("civictag", self.table(size), jobs=1))
                two = run(self.command("civictag", self.table(size), jobs=2))
                found.append(one.seconds / two.seconds)
            child = [sys.executable, "-c", POOL, self.options.model]
            starts.append(float(subprocess.run(child, check=True, cwd=ROOT, capture_output=True).stdout))
        faster = {f"{size:,} rows: faster by": spread(found) for size, found in ratios.items()}
        return faster | {"pool of two, begun and ended, s": spread(starts)}

    def input_sizes(self):
        found = {}
        for size in self.options.sizes:
            used = run(self.command("civictag", self.table(size), jobs=1))
            found[size] = {"seconds": used.seconds, "peak MiB": used.peak}
        return found

    def model_sizes(self):
        """Models with more and with fewer names: the floor below which a name is no feature is moved."""
        from dataclasses import replace

        from civictag.settings import TrainSettings
        from civictag.training.train import train

        found = {}
        for factor in (10, 1, 0):
            base = TrainSettings()
            families = {k: replace(f, floor=max(1, f.floor * factor)) for k, f in base.families.items()}
            folder = str(self.folder / f"model-{factor}")
            train([str(CORPUS)], folder, "civic", options=replace(base, families=families))
            cold = run(self.command("civictag", self.article, folder))
            warm = run(self.command("civictag", self.table(30_000), folder, jobs=1))
            size = sum(file.stat().st_size for file in Path(folder).iterdir())
            names = len((Path(folder) / "vocabulary.txt").read_text("utf-8").splitlines())
            rate = 30_000 / (warm.seconds - cold.seconds)
            found[names] = {
                "bundle MiB": size / 2**20,
                "cold s": cold.seconds,
                "paragraphs/s": rate,
                "peak MiB": warm.peak,
            }
        return found


def long_rows(characters=200):
    """Paragraphs of the corpus, joined within an article until they are as long as real ones: 223 characters
    on average in the real articles that the project was measured on."""
    rows, doc = [], None
    for file in sorted(CORPUS.glob("*.jsonl")):
        for row in map(json.loads, file.read_text("utf-8").splitlines()):
            if row["doc"] == doc and len(rows[-1]["text"]) < characters:
                rows[-1]["text"] += row["text"]
            else:
                rows.append({"text": row["text"], "title": row["title"]})
            doc = row["doc"]
    return rows


class Used(NamedTuple):
    """What a program took: by the clock, and at most of memory (MiB)."""

    seconds: float
    peak: float


def run(command):
    """Run a program, its output thrown away."""
    start = time.perf_counter()
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)}\n{errors.decode(errors='replace')}")
    return Used(time.perf_counter() - start, usage.ru_maxrss / 1024)


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def spread(values):
    return {"median": statistics.median(values), "low": min(values), "high": max(values)}


def machine():
    import platform

    return {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}


def show(results, indent=0):
    for key, value in results.items():
        head = f"{' ' * indent}{key!s:<30}"
        if isinstance(value, dict) and "median" in value:
            print(
                f"{head}{value['median']:>12,.3g}   ({value['low']:,.3g} to {value['high']:,.3g})", flush=True
            )
        elif isinstance(value, dict):
            print(head)
            show(value, indent + 2)
        elif value is not None and key != "rounds":
            print(head, f"{value:,.4g}" if isinstance(value, float) else value)


if __name__ == "__main__":
    main()
