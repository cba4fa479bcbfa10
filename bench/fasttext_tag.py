"""fastText as a tagger program, words from jieba or from rjieba, the fastest segmenter with a wheel.

python bench/fasttext_tag.py train corpus/civic model.bin
python bench/fasttext_tag.py tag-jieba|tag-rjieba model.bin article.txt      (or a file.jsonl)
"""

import json
import sys
import tempfile
from pathlib import Path

import fasttext

CUT = 0.5


def texts_of(source):
    lines = [line for line in Path(source).read_text(encoding="utf-8").splitlines() if line.strip()]
    return [json.loads(line)["text"] for line in lines] if source.endswith(".jsonl") else lines


def train(folder, path):
    import jieba

    rows = [
        json.loads(line)
        for file in sorted(Path(folder).glob("*.jsonl"))
        for line in file.open(encoding="utf-8")
    ]
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        for row in rows:
            labels = " ".join(f"__label__{label}" for label in row["labels"] or ["none"])
            print(labels, *jieba.cut(row["text"].replace("\n", " ")), file=file)
        file.flush()
        model = fasttext.train_supervised(
            file.name, loss="ova", epoch=25, lr=0.5, wordNgrams=2, thread=1, verbose=0
        )
    model.save_model(path)


def tag(cut, path, source):
    # model.predict breaks on numpy 2 (fasttext-wheel 0.9.2); what it wraps does not.
    predict = fasttext.load_model(path).f.predict
    for text in texts_of(source):
        found = predict(" ".join(cut(text.replace("\n", " "))) + "\n", -1, CUT, "strict")
        labels = [label.removeprefix("__label__") for _, label in found]
        print(json.dumps({"text": text, "labels": labels}, ensure_ascii=False))


def jieba_cut():
    import jieba

    return jieba.cut


def rjieba_cut():
    import rjieba

    return rjieba.cut


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    if verb == "train":
        train(*rest)
    else:
        tag({"tag-jieba": jieba_cut, "tag-rjieba": rjieba_cut}[verb](), *rest)
