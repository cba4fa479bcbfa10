"""The reference path: the features' definition written a second time, with other people's tools.

Words are jieba's own, counts and character n-grams are scikit-learn's, sentences and numbers are
regular expressions, cues are looked for one by one. Slow, and independent of what it judges.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import jieba
import numpy as np
from scipy.special import expit
from sklearn.feature_extraction.text import CountVectorizer

from civictag.text.normalize import normalize

SENTENCE = re.compile(r"[^。!?;]*[。!?;][。!?;\"')\]>》]*|[^。!?;]+$")
CLAUSE = re.compile(r"[^。!?;,]*[。!?;,][。!?;,\"')\]>》]*|[^。!?;,]+$")
PHRASE_BREAKS = re.compile(r"[。!?;,:\"')\]>》(\[<《、…·~\-/|]")
CLAUSE_BREAKS = re.compile(r"[。!?;,:]")
NUMBER = re.compile(r"[0-9][0-9.]*")
NUMBER_WORD = re.compile(r"[0-9.%]*[0-9][0-9.%]*")


class Judge:
    """A bundle, read by hand."""

    def __init__(self, folder: str) -> None:
        path = Path(folder)
        self.manifest = json.loads((path / "manifest.json").read_text("utf-8"))
        self.labels = [label["id"] for label in self.manifest["labels"]]
        names = (path / "vocabulary.txt").read_text("utf-8").split("\n")[:-1]
        self.weights = np.fromfile(path / "weights.f32", "<f4").reshape(len(names), -1).astype(float)
        offsets = self.manifest.get("other_sentences_offsets", dict.fromkeys(self.labels, 1.0))
        self.offsets = np.array([offsets[label] for label in self.labels])
        self.whole = np.zeros_like(self.weights)
        if (path / "paragraph.f32").exists():
            last = np.fromfile(path / "paragraph.f32", "<f4").reshape(-1, len(self.labels))
            self.whole[len(names) - len(last) :] = last
        self.counter = CountVectorizer(analyzer=iter, vocabulary={n: i for i, n in enumerate(names)})
        settings = self.manifest["features"]
        self.shortest, self.gap = settings["sentence_min"], settings["cue_gap"]
        self.clauses = settings.get("clauses", 0)
        grams = (settings["char_min"], settings["char_max"])
        self.grams = CountVectorizer(analyzer="char", ngram_range=grams, lowercase=False).build_analyzer()
        self.cues = Cues(patterns(json.loads((path / "taxonomy.json").read_text("utf-8"))))
        self.tokenizer = tokenizer(path / "words.txt", self.manifest["jieba_total"])

    def probabilities(self, texts, titles):
        """Shape (n_texts, n_labels)."""
        raw = np.array([self.raw(text, title) for text, title in zip(texts, titles, strict=True)])
        sigmoids = [self.manifest["calibration"][label] for label in self.labels]
        slopes, intercepts = (np.array([s[k] for s in sigmoids]) for k in ("slope", "intercept"))
        return expit(slopes * raw + intercepts)

    def raw(self, text, title):
        """Best sentence, a share of the others, and what counts wherever it stands."""
        biases = np.array([self.manifest["biases"][label] for label in self.labels])
        head = normalize(title)
        title = [*self.words("t", head), *self.hits("T", head)]
        bags = [
            [*self.sentence(s), *title] for s in sentences(normalize(text), self.shortest, self.clauses)
        ] or [[]]
        counts = self.counter.transform(bags).toarray().astype(float)
        damped = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0)
        scores = np.sort(damped @ self.weights + biases, axis=0)
        others = (scores[:-1] + self.offsets).sum(axis=0)
        return scores[-1] + self.manifest["company"] * others + (damped @ self.whole).sum(axis=0)

    def sentence(self, text):
        """Names of everything in a sentence, as often as it is there."""
        phrases = [NUMBER.sub("0", phrase) for phrase in PHRASE_BREAKS.split(text)]
        grams = [f"c:{gram}" for phrase in phrases if phrase for gram in self.grams(phrase)]
        return [*self.words("w", text), *grams, *self.hits("k", text), *self.pairs(text)]

    def words(self, prefix, text):
        """jieba's words, numbers as one, marks left out."""
        words = ["0" if NUMBER_WORD.fullmatch(word) else word for word in self.tokenizer.cut(text)]
        return [f"{prefix}:{word}" for word in words if any(char.isalnum() for char in word)]

    def hits(self, prefix, text):
        """Cue classes, once per clause."""
        return [f"{prefix}:{name}" for clause in CLAUSE_BREAKS.split(text) for name in self.classes(clause)]

    def pairs(self, text):
        """A label's class beside context or another label's class, once per clause."""
        found = [self.classes(clause) for clause in CLAUSE_BREAKS.split(text)]
        return [
            f"p:{one}&{other}"
            for names in found
            for one in names
            for other in names
            if one.split(".")[0] and one.split(".")[0] != other.split(".")[0]
        ]

    def classes(self, clause):
        """The set of classes hit in a clause."""
        return hit_classes(self.cues.near(clause), clause, self.gap)


def tokenizer(path, total):
    """jieba itself, with a bundle's user words."""
    jieba.setLogLevel(logging.WARNING)
    judge = jieba.Tokenizer()
    judge.initialize()
    for line in path.read_text("utf-8").splitlines():
        word, number = line.split(" ")
        judge.add_word(word, int(number))
    judge.total = total
    return judge


def sentences(normalized, shortest, clauses=0):
    """As regular expression, short pieces joined to their neighbour."""
    joined = []
    for piece in (CLAUSE if clauses else SENTENCE).findall(normalized):
        if joined and min(len(piece), len(joined[-1])) < shortest:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def patterns(data):
    """(label, kind, parts) of every cue of a label set; a part is a list of normalized texts."""
    tables = [(label["id"], label.get("cues", {})) for label in data["labels"]]
    return [
        (label, kind, [options(piece, data.get("sets", {})) for piece in re.split(r"…|\.\.\.", pattern)])
        for label, table in [*tables, ("", data.get("context", {}))]
        for kind, lines in table.items()
        for pattern in lines
    ]


class Cues:
    """All cues, and which of them have a text of some part in a clause: the others need no look."""

    def __init__(self, cues):
        self.cues = cues
        self.by_text = {}
        for number, (_, _, parts) in enumerate(cues):
            for text in {text for part in parts for text in part}:
                self.by_text.setdefault(text, []).append(number)
        self.longest = max(map(len, self.by_text))

    def near(self, clause):
        """The cues worth a look, each part cut down to the texts that are there."""
        ends = [(start, end) for start in range(len(clause)) for end in range(start, start + self.longest)]
        there = {clause[start : end + 1] for start, end in ends} & self.by_text.keys()
        numbers = sorted({number for text in there for number in self.by_text[text]})
        cues = [self.cues[number] for number in numbers]
        return [(label, kind, [there.intersection(part) for part in parts]) for label, kind, parts in cues]


def options(piece, sets):
    """Every text that a piece of a pattern stands for."""
    found = re.search(r"<([^<>]*)>", piece)
    if not found:
        return [normalize(piece)]
    return [
        text
        for word in sets[found[1]]
        for text in options(piece[: found.start()] + word + piece[found.end() :], sets)
    ]


def hit_classes(cues, clause, gap):
    """Names ``label.kind`` that a clause announces, by looking for every cue in turn."""
    bars = {}
    for label, kind, parts in cues:
        if kind == "against":
            bars.setdefault(label, []).extend(spans(parts, clause, gap, ()))
    found = {f"{label}.against" for label, there in bars.items() if there}
    for label, kind, parts in cues:
        barred = bars.get(label, ()) if label else ()
        if kind != "against" and spans(parts, clause, gap, barred):
            found.add(f"{label}.{kind}")
    return found


def spans(parts, clause, gap, barred):
    """(begin, end) of a pattern, one for each place its last part is at; the latest begin counts."""
    places = [
        sorted(
            (found.start(), found.start() + len(text))
            for text in set(texts)
            for found in re.finditer(f"(?={re.escape(text)})", clause)
            if not any(s <= found.start() and found.start() + len(text) <= e for s, e in barred)
        )
        for texts in parts
    ]
    return [(b, end) for start, end in places[-1] if (b := begin(places[:-1], start, gap)) is not None]


def begin(before, start, gap):
    """Where a pattern began whose next part is at ``start``; None if it did not."""
    if not before:
        return start
    for s, e in reversed(before[-1]):
        if 0 <= start - e <= gap and (b := begin(before[:-1], s, gap)) is not None:
            return b
    return None
