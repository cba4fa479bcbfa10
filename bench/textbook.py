"""The tagger of the textbooks, as a user would write it: jieba, TfidfVectorizer, one LinearSVC a label.

python bench/textbook.py train corpus/civic model.joblib
python bench/textbook.py tag model.joblib article.txt      (or a file.jsonl with "text" in each row)
"""

import json
import sys
from pathlib import Path

import jieba
import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.svm import LinearSVC


def cut(text):
    return jieba.lcut(text)


def train(folder, path):
    rows = [
        json.loads(line)
        for file in sorted(Path(folder).glob("*.jsonl"))
        for line in file.open(encoding="utf-8")
    ]
    labels = MultiLabelBinarizer()
    truth = labels.fit_transform([row["labels"] for row in rows])
    words = TfidfVectorizer(
        tokenizer=cut, token_pattern=None, ngram_range=(1, 2), min_df=2, sublinear_tf=True
    )
    model = make_pipeline(words, OneVsRestClassifier(LinearSVC()))
    joblib.dump((model.fit([row["text"] for row in rows], truth), labels), path)


def tag(path, source):
    model, labels = joblib.load(path)
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    texts = [
        json.loads(line)["text"] if source.endswith(".jsonl") else line for line in lines if line.strip()
    ]
    for text, found in zip(texts, labels.inverse_transform(model.predict(texts)), strict=True):
        print(json.dumps({"text": text, "labels": found}, ensure_ascii=False))


if __name__ == "__main__":
    {"train": train, "tag": tag}[sys.argv[1]](*sys.argv[2:])
