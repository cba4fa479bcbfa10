"""civictag against what a reader would try instead: same corpus, same test files, one run.

    python bench/quality.py --train corpus/civic --test FILE… [--model civic] [-o quality.json]

Without ``--model``, civictag is trained on the training corpus like its peers. Intervals and paired
differences come from the same bootstrap over articles as ``civictag evaluate`` and ``compare``.
Needs the extra ``[bench]``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict

from peers import all_peers

from civictag.corpus.files import read_corpus
from civictag.evaluation.compare import compare
from civictag.evaluation.evaluate import evaluate
from civictag.evaluation.report_text import show
from civictag.labels.label_set import read_taxonomy
from civictag.util.terminal import table as align

TITLES = ["", "micro F1", "macro F1", "exact match", "civictag − it, micro F1", "macro F1", "train s"]


def main() -> None:
    options = arguments()
    taxonomy = read_taxonomy(options.labels)
    train, test = read_corpus(options.train, taxonomy.ids), read_corpus(options.test, taxonomy.ids)
    ours = None
    if not options.peers_only:
        ours = timed("civictag", lambda: our_tagger(options))
    rows = [measure(ours, None, test)] if ours else []
    for peer in all_peers(taxonomy):
        rows.append(measure(timed(peer.name, lambda peer=peer: peer.fit(train)), ours, test))
    print(f"trained on {len(train)} paragraphs, tested on {len(test)}; 95 % intervals over articles\n")
    print(align([TITLES, *map(cells, rows)]))
    if options.output:
        found = {"train": len(train), "test": len(test), "rows": rows}
        with open(options.output, "w", encoding="utf-8") as file:
            json.dump(found, file, ensure_ascii=False, indent=1)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", nargs="+", required=True, help="labelled paragraphs to train on")
    parser.add_argument("--test", nargs="+", required=True, help="labelled paragraphs to score on")
    parser.add_argument("--labels", default="civic", help="label set (default: civic)")
    parser.add_argument("--model", help="a trained civictag model, instead of training one")
    parser.add_argument("--peers-only", action="store_true", help="leave civictag out")
    parser.add_argument("-o", "--output", help="write the figures as JSON")
    return parser.parse_args()


def our_tagger(options):
    from civictag.model import bundle
    from civictag.training.train import train as training

    if options.model:
        return bundle.load(options.model)
    with tempfile.TemporaryDirectory() as folder:
        return training.train(options.train, os.path.join(folder, "civictag"), options.labels)


def timed(name, make):
    """The tagger that ``make`` makes, and the seconds it took."""
    print(f"{name} …", file=sys.stderr)
    start = time.perf_counter()
    return make(), time.perf_counter() - start


def measure(peer, ours, test) -> dict:
    """One row: the peer's figures, and how much better ours is on the same draws of articles."""
    tagger, seconds = peer
    scores = evaluate(tagger, test).scores
    row = {
        "name": tagger.info.name,
        "seconds": seconds,
        "figures": {name: asdict(figure) for name, figure in scores.figures.items()},
        "f1": {s.label: asdict(s.figures["f1"]) for s in (*scores.labels, scores.none)},
        "chosen": str(getattr(tagger, "kinds", getattr(tagger, "setting", ""))),
    }
    if ours:
        row["lead"] = asdict(compare(tagger, ours[0], test))
    return row


def cells(row) -> list[str]:
    from civictag.util.bootstrap import Interval

    figures = [show(Interval(**row["figures"][name])) for name in ("micro_f1", "macro_f1", "exact_match")]
    leads = ["–", "–"]
    if "lead" in row:
        leads = [show(Interval(**row["lead"][name]["difference"])) for name in ("micro_f1", "macro_f1")]
    return [row["name"], *figures, *leads, f"{row['seconds']:.1f}"]


if __name__ == "__main__":
    main()
