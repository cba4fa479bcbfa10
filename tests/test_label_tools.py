"""Exports of Label Studio, doccano and fastText of several versions: read rightly, or told."""

import json

import pytest

from civictag.corpus.files import read_corpus
from civictag.datamodel import Label
from civictag.errors import CorpusError

LABELS = (Label("ferry", "轮渡"), Label("dike", "堤防"))
BOAT, WALL, TEA = "早班船载了三十人过江。", "堤上新铺了块石。", "茶馆照常开门。"


def choices(*labels, control="labels"):
    return {"type": "choices", "from_name": control, "value": {"choices": list(labels)}}


def task(*annotations, text=BOAT, **more):
    made = [{"result": list(results)} for results in annotations]
    return {"id": 1, "data": {"text": text, "doc": "a"}, "annotations": made, **more}


def read(tmp_path, name, data, notes):
    lines = name.endswith(".jsonl") and isinstance(data, list)
    text = "".join(json.dumps(x) + "\n" for x in data) if lines else data
    (tmp_path / name).write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
    return [row.labels for row in read_corpus([tmp_path / name], LABELS, notes.append)]


READ = {  # what is read: (file, labels of each row, a part of what is told, or "")
    "one task alone": ("c.json", task([choices("ferry")]), [("ferry",)], ""),
    "tasks, one per line": ("c.jsonl", [task([choices("ferry")]), task([])], [("ferry",), ()], ""),
    "completions of old versions": (
        "c.json",
        [{"data": {"text": BOAT}, "completions": [{"result": [choices("轮渡")]}]}],
        [("ferry",)],
        "",
    ),
    "two people disagree": (
        "c.json",
        [task([choices("ferry")], [choices("dike")]), task([choices("dike")])],
        [("ferry",), ("dike",)],
        "1 task has several annotations, of which the first counts; with other labels in the others: 1",
    ),
    "two people agree": (
        "c.json",
        [task([choices("ferry")], [choices("ferry")])],
        [("ferry",)],
        "in the others: 0",
    ),
    "two controls": (
        "c.json",
        [task([choices("ferry"), choices("dike", control="place")])],
        [("ferry", "dike")],
        "several controls together: labels, place",
    ),
    "a taxonomy": (
        "c.json",
        [task([{"type": "taxonomy", "value": {"taxonomy": [["水上", "轮渡"], ["岸上", "堤防"]]}}])],
        [("ferry", "dike")],
        "",
    ),
    "a rating beside": ("c.json", [task([choices("dike"), {"value": {"rating": 4}}])], [("dike",)], ""),
    "a rating alone": (
        "c.json",
        [task([{"value": {"rating": 4}}]), task([choices("dike")])],
        [("dike",)],
        "1 paragraph that nobody has labelled",
    ),
    "predictions alone": (
        "c.json",
        [{"data": {"text": BOAT}, "predictions": [{"result": [choices("dike")]}]}, task([])],
        [()],
        "1 paragraph that nobody has labelled",
    ),
    "the short form, one or several": (
        "c.json",
        [
            {"text": BOAT, "topic": {"choices": ["ferry", "dike"]}},
            {"text": WALL, "topic": "dike"},
            {"text": TEA},
        ],
        [("ferry", "dike"), ("dike",), ()],
        "",
    ),
    "another name for the text": (
        "c.json",
        [{"data": {"段落": BOAT}, "annotations": [{"result": [choices("ferry")]}]}],
        [("ferry",)],
        "",
    ),
    "the CSV of Label Studio": (
        "c.csv",
        f'id,labels,text\n1,"{{""choices"":[""ferry"",""dike""]}}",{BOAT}\n2,dike,{WALL}\n',
        [("ferry", "dike"), ("dike",)],
        "",
    ),
    "doccano": ("c.jsonl", [{"id": 1, "text": BOAT, "label": ["轮渡"], "Comments": []}], [("ferry",)], ""),
    "doccano of late": ("c.jsonl", [{"id": 1, "data": BOAT, "label": ["轮渡"]}], [("ferry",)], ""),
    "doccano, not all done": (
        "c.jsonl",
        [{"text": BOAT, "label": ["轮渡"]}, {"text": TEA, "label": []}],
        [("ferry",), ()],
        "1 paragraph has nothing in the place of its labels",
    ),
    "doccano, not all approved": (
        "c.jsonl",
        [{"text": BOAT, "label": ["轮渡"], "is_confirmed": x} for x in (True, False)],
        [("ferry",)],
        "1 paragraph that is not marked as checked",
    ),
    "the CSV of doccano": (
        "c.csv",
        f"id,data,label\n1,{BOAT},ferry#dike\n2,{WALL},dike\n",
        [("ferry", "dike"), ("dike",)],
        "",
    ),
    "label beside labels": (
        "c.jsonl",
        [{"text": BOAT, "labels": ["ferry"], "label": ["dike"]}],
        [("ferry",)],
        '1 line has "label" beside "labels"',
    ),
    "keys as columns are called": (
        "c.jsonl",
        [{"text": BOAT, "标签": "轮渡；堤防"}, {"正文": TEA, "Labels": []}],
        [("ferry", "dike"), ()],
        "",
    ),
    "NaN for nothing": (
        "c.jsonl",
        '{"doc": NaN, "text": "x", "labels": ["dike"]}\n{"doc": NaN, "text": "y", "labels": NaN}\n',
        [("dike",)],
        "1 paragraph that nobody has labelled",
    ),
    "fastText with blanks": (
        "c.txt",
        f"__label__ferry\t {BOAT}\n__label__ferry,__label__dike, {WALL}\n",
        [("ferry",), ("ferry", "dike")],
        "",
    ),
    "fastText with a prefix of one's own": (
        "c.txt",
        f"__class__ferry __class__dike {BOAT}\n{TEA}\n__class__dike {WALL}\n",
        [("ferry", "dike"), (), ("dike",)],
        "labels are what begins with __class__",
    ),
}


@pytest.mark.parametrize("kind", READ)
def test_an_export_is_read_as_it_is_meant(tmp_path, kind):
    name, data, labels, told = READ[kind]
    notes = []
    assert read(tmp_path, name, data, notes) == labels
    assert not told or any(told in note for note in notes)


SPAN = {"value": {"start": 0, "end": 2, "labels": ["ferry"]}}
TOLD = {  # what cannot be read: a part of the message, and its line
    "spans of Label Studio": ("c.json", [task([choices("ferry")]), task([SPAN])], "labels of spans", 2),
    "spans of doccano": ("c.jsonl", [{"text": BOAT, "label": [[0, 2, "ferry"]]}], "labels of spans", 1),
    "spans of doccano, its other key": ("c.jsonl", [{"text": BOAT, "entities": []}], "labels of spans", 1),
    "annotations of another tool": (
        "c.json",
        [{"text": BOAT, "annotations": [{"label": 2}]}],
        "an annotation without a result",
        1,
    ),
    "a task without text": (
        "c.json",
        [{"data": {"$undefined$": BOAT}, "annotations": []}],
        "it has: \\$undefined\\$",
        1,
    ),
    "an array within an object": ("c.json", {"rows": [task([])]}, 'Save the list "rows" that is in it', None),
    "an array in .jsonl": ("c.jsonl", json.dumps([task([])]), "let its name end in .json", 1),
    "an array of several lines in .jsonl": ("c.jsonl", "[\n{}\n]", "let its name end in .json", 1),
    "a table in .jsonl": ("c.jsonl", "text,labels\nx,ferry\n", "let its name end in .csv", 1),
    "fastText under another name": ("c.train", "__label__ferry x\n", "let its name end in .txt", 1),
    "a label at the end": (
        "c.txt",
        f"__label__dike {WALL}\n{BOAT} __label__ferry\n",
        "a label stands within",
        2,
    ),
    "a label in capitals": (
        "c.txt",
        f"__label__dike {WALL}\n__Label__ferry {BOAT}\n",
        "a label stands within",
        2,
    ),
    "some lines without labels": (
        "c.jsonl",
        [{"text": BOAT, "labels": []}, {"text": TEA, "lables": []}],
        "the line has: text, lables",
        2,
    ),
}


@pytest.mark.parametrize("kind", TOLD)
def test_what_cannot_be_read_is_told_by_its_line(tmp_path, kind):
    name, data, told, line = TOLD[kind]
    with pytest.raises(CorpusError, match=told) as caught:
        read(tmp_path, name, data, [])
    assert (caught.value.where, caught.value.line) == (str(tmp_path / name), line)
