"""Own labels, few paragraphs: civictag beside a textbook and the label file's own cue list.

    python bench/own_labels.py [--seeds 3] [--only TEXT]

Written code books (bench/codebooks, invented) and corpus/civic with its cues taken away, in the shapes
that people keep them in; whole articles are held back. ``printed`` is the micro-F1 that training
claims, out of fold, and ``within`` the share of splits whose printed interval held the test's figure.
The textbook: character 1-3-gram TF-IDF and a balanced LinearSVC, its one cut chosen
out of fold. The cue list: its classes chosen on the same paragraphs (bench/peers.py).
"""

import argparse
import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from peers import CueList
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from civictag.corpus.files import read_corpus, write_corpus
from civictag.labels.label_set import read_taxonomy
from civictag.training.material import truth_of
from civictag.training.train import train

ROOT = Path(__file__).parents[1]
BOOKS = ROOT / "bench" / "codebooks"
EVERY = 10**6
#: What is learned from, how it is kept, and how many paragraphs.
ROWS = (
    ("hotline", "cues", EVERY),
    ("hotline", "misleading cues", EVERY),
    ("village", "cues", EVERY),
    ("village", "one article", EVERY),
    ("traffic", "cues", EVERY),
    ("campus", "no cues", EVERY),
    ("campus", "two labels as one", EVERY),
    ("library", "cues", EVERY),
    ("library", "no cues", EVERY),
    ("library", "misleading cues", EVERY),
    ("library", "two labels as one", EVERY),
    ("sports", "cues", EVERY),
    ("sports", "no cues", EVERY),
    ("clinic", "cues", EVERY),
    ("clinic", "no cues", EVERY),
    ("traffic", "no cues", EVERY),
    ("parks", "no cues", EVERY),
    ("classgroup", "no cues", EVERY),
    ("eldercare", "no cues", EVERY),
    ("scenic", "no cues", EVERY),
    ("tickets", "no cues", 60),
    ("farm", "no cues", 100),
    ("canteen", "no cues", EVERY),
    ("stall", "misleading cues", EVERY),
    ("civic", "no cues", 100),
    ("civic", "no cues", 150),
    ("civic", "no cues", 300),
    ("civic", "file per label", 600),
    ("civic", "file per label", 1600),
    ("civic", "1:100", 1000),
)


def split(rows, count, seed):
    """Rows to learn from, and those of other articles: 300, or three tenths of a code book's."""
    articles = sorted({row.group for row in rows})
    order = np.random.default_rng(seed).permutation(len(articles))
    held_back = min(300, max(3, round(len(articles) * 0.3)))
    held = {articles[i] for i in order[:held_back]}
    learn = []
    for i in order[held_back:]:
        if len(learn) >= count:
            break
        learn += [row for row in rows if row.group == articles[i]]
    return learn, [row for row in rows if row.group in held]


def shaped(learn, test, ids, how):
    """The same paragraphs in the shape asked for."""
    if how == "one article":
        learn = [replace(row, doc="one", para=number) for number, row in enumerate(learn, 1)]
    if how == "two labels as one":  # what has the first label has the second, and the other way round
        learn, test = ([_both(row, ids[:2]) for row in rows] for rows in (learn, test))
    if how == "1:100":
        rare = [row for row in learn if ids[0] in row.labels][: max(1, len(learn) // 100)]
        learn = [row for row in learn if ids[0] not in row.labels or row in rare]
    return learn, test


def _both(row, pair):
    """The row with both labels of a pair if it has one."""
    return replace(row, labels=tuple({*row.labels, *pair})) if {*pair} & {*row.labels} else row


def label_file(book, how, ids):
    """Text of the label file: with its cues, with none, or with each label's cues at the next one."""
    if how != "cues" and how not in ("misleading cues", "one article"):
        return "format = 1\n" + "".join(f'[[labels]]\nid = "{i}"\n' for i in ids)
    text = (BOOKS / f"{book}.toml").read_text("utf-8")
    if how == "misleading cues":
        lines = re.findall(r"^strong = .*$", text, re.M)
        turned = iter([*lines[1:], lines[0]])
        text = re.sub(r"^strong = .*$", lambda _: next(turned), text, flags=re.M)
    return text


def textbook(learn, test, ids):
    """Micro-F1 of the textbook, its one cut chosen out of fold."""
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    seen, new = vectors.fit_transform(r.text for r in learn), vectors.transform(r.text for r in test)
    truth = truth_of(learn, ids)

    def scores(rows, to):
        """Of every label, learned from some rows."""
        columns = []
        for column in truth[rows].T:
            if not column.any() or column.all():
                columns.append(np.full(to.shape[0], 1.0 if column.all() else -1.0))
                continue
            svm = LinearSVC(class_weight="balanced", random_state=0)
            columns.append(svm.fit(seen[rows], column).decision_function(to))
        return np.stack(columns, axis=1)

    held = np.zeros(truth.shape)
    groups = [r.group for r in learn]
    groups = groups if len(set(groups)) > 4 else range(len(learn))  # one article: every row by itself
    for a, b in GroupKFold(5).split(truth, groups=groups):
        held[b] = scores(a, seen[b])
    cuts = np.linspace(held.min(), held.max(), 200)
    cut = max(cuts, key=lambda c: f1_score(truth, held >= c, average="micro", zero_division=0))
    given = scores(np.arange(len(learn)), new) >= cut
    return f1_score(truth_of(test, ids), given, average="micro")


def cue_list(learn, test, taxonomy):
    """Micro-F1 of the label file's cues alone; not a number without cues."""
    if not taxonomy.cues:
        return np.nan
    given = CueList(taxonomy).fit(learn).probabilities([r.text for r in test], None) > 0.5
    return f1_score(truth_of(test, taxonomy.ids), given, average="micro", zero_division=0)


def ours(learn, test, labels, how, room):
    """Micro-F1 of civictag on the test, the one that training printed, and whether its interval holds."""
    for row in learn:
        kept = (row.labels or ("none",))[0] if how == "file per label" else "all"
        doc = json.loads(next(iter(write_corpus([row]))))
        doc["doc"] = row.doc if how == "one article" else row.group
        with open(Path(room) / f"{kept}.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps(doc, ensure_ascii=False) + "\n")
    tagger = train([room], str(Path(room) / "model"), labels)
    given = tagger.decide(tagger.probabilities([r.text for r in test], [r.title for r in test]))
    ids = [label.id for label in tagger.labels]
    f1 = f1_score(truth_of(test, ids), given, average="micro", zero_division=0)
    printed = tagger.info.manifest["out_of_fold"]["micro"]
    within = printed["f1_low"] <= f1 <= printed["f1_high"] if "f1_low" in printed else np.nan
    return f1, printed["f1"], within


def measured(book, how, count, seed):
    """The columns of one row, for one split."""
    home = ROOT / "corpus" / "civic" if book == "civic" else BOOKS / f"{book}.jsonl"
    rows = read_corpus([home])
    ids = read_taxonomy("civic" if book == "civic" else str(BOOKS / f"{book}.toml")).ids
    learn, test = shaped(*split(rows, count, seed), ids, how)
    with tempfile.TemporaryDirectory() as room:
        labels = Path(room) / "labels.toml"
        labels.write_text(label_file(book, how, ids), "utf-8")
        found = ours(learn, test, str(labels), how, room)
        return (
            len(learn),
            *found,
            textbook(learn, test, ids),
            cue_list(learn, test, read_taxonomy(str(labels))),
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="", help="rows whose name has this text")
    given = parser.parse_args()
    heads = ("civictag", "printed", "within", "textbook", "cue list")
    print(f"{'code book':28}{'paragraphs':>11}" + "".join(f"{head:>10}" for head in heads))
    for book, how, count in ROWS:
        if given.only in f"{book}, {how}":
            found = [measured(book, how, count, seed) for seed in range(given.seeds)]
            many, *f1 = np.mean(found, axis=0)
            columns = "".join(f"{'–' if np.isnan(value) else format(value, '.3f'):>10}" for value in f1)
            print(f"{f'{book}, {how}':28}{many:11.0f}{columns}", flush=True)


if __name__ == "__main__":
    main()
