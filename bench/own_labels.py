"""Own labels, few paragraphs: civictag beside character TF-IDF and a balanced LinearSVC.

    python bench/own_labels.py [--seeds 3]

From corpus/civic with its cues taken away: so many paragraphs to learn from, whole articles, the
articles of 300 others to be measured on. ``file per label``: the paragraphs kept as one file per label.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from civictag.labels.label_set import read_taxonomy
from civictag.training.corpus import read_corpus, write_corpus
from civictag.training.material import truth_of
from civictag.training.train import train

ROOT = Path(__file__).parents[1]
ROWS = (
    ("one file", 100),
    ("one file", 150),
    ("one file", 300),
    ("file per label", 600),
    ("file per label", 1600),
)


def split(rows, count, seed):
    """Rows to learn from, and those of 300 other articles."""
    articles = sorted({row.group for row in rows})
    order = np.random.default_rng(seed).permutation(len(articles))
    held = {articles[i] for i in order[:300]}
    learn = []
    for i in order[300:]:
        if len(learn) >= count:
            break
        learn += [row for row in rows if row.group == articles[i]]
    return learn, [row for row in rows if row.group in held]


def textbook(learn, test, ids):
    """Micro-F1 of the textbook, its one cut chosen out of fold."""
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    seen, new = vectors.fit_transform(r.text for r in learn), vectors.transform(r.text for r in test)
    truth = truth_of(learn, ids)

    def scores(rows, to):
        """Of every label, learned from some rows."""
        columns = []
        for column in truth[rows].T:
            if not column.any():
                columns.append(np.full(to.shape[0], -1.0))
                continue
            svm = LinearSVC(class_weight="balanced", random_state=0)
            columns.append(svm.fit(seen[rows], column).decision_function(to))
        return np.stack(columns, axis=1)

    held = np.zeros(truth.shape)
    for a, b in GroupKFold(5).split(truth, groups=[r.group for r in learn]):
        held[b] = scores(a, seen[b])
    cuts = np.linspace(held.min(), held.max(), 200)
    cut = max(cuts, key=lambda c: f1_score(truth, held >= c, average="micro", zero_division=0))
    given = scores(np.arange(len(learn)), new) >= cut
    return f1_score(truth_of(test, ids), given, average="micro")


def ours(learn, test, labels, how, room):
    """Micro-F1 of civictag on the test, and the one that its training printed."""
    for row in learn:
        kept = (row.labels or ("none",))[0] if how == "file per label" else "all"
        doc = json.loads(next(iter(write_corpus([row]))))
        doc["doc"] = row.group
        with open(Path(room) / f"{kept}.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps(doc, ensure_ascii=False) + "\n")
    tagger = train([room], str(Path(room) / "model"), labels)
    given = tagger.decide(tagger.probabilities([r.text for r in test], [r.title for r in test]))
    f1 = f1_score(truth_of(test, [label.id for label in tagger.labels]), given, average="micro")
    return f1, tagger.info.manifest["out_of_fold"]["micro"]["f1"]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    rows, ids = read_corpus([ROOT / "corpus" / "civic"]), read_taxonomy("civic").ids
    print(f"{'kept as':16}{'paragraphs':>11}{'civictag':>10}{'(printed)':>10}{'textbook':>10}")
    for how, count in ROWS:
        found = []
        for seed in range(seeds):
            learn, test = split(rows, count, seed)
            with tempfile.TemporaryDirectory() as room:
                labels = Path(room) / "labels.toml"
                labels.write_text("format = 1\n" + "".join(f'[[labels]]\nid = "{i}"\n' for i in ids), "utf-8")
                found.append((*ours(learn, test, str(labels), how, room), textbook(learn, test, ids)))
        mean = np.mean(found, axis=0)
        print(f"{how:16}{count:11}{mean[0]:10.3f}{mean[1]:10.3f}{mean[2]:10.3f}", flush=True)


if __name__ == "__main__":
    main()
