"""Corpora in every format: written, read and written again they are the same bytes."""

import json

import pytest
from commands import Command
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from civictag.corpus.export import FORMATS, export
from civictag.corpus.files import read_corpus
from civictag.datamodel import LabelledParagraph
from civictag.errors import CorpusError

SUFFIX = {"doccano": "jsonl", "label-studio": "json", "fasttext": "txt"}
CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Cf"))
TEXT = st.text(CHARACTERS | st.sampled_from("\n\t=+-@'\"；,|_ 　文明¶↵⏎<&>\\nxp;/"), min_size=1).filter(
    lambda text: text.strip() and not text.startswith("__label__")
)
ROWS = st.builds(
    LabelledParagraph,
    doc=TEXT.map(str.strip),
    para=st.integers(0, 9999),
    text=TEXT,
    labels=st.lists(st.sampled_from(["traffic", "交通秩序", "b2"]), unique=True).map(tuple),
    title=st.just("") | TEXT,
    source=st.sampled_from(["", "报", "网站"]),
    extra=st.dictionaries(
        st.sampled_from(["genre", "备注"]),
        st.integers(0, 99) | st.just("") | TEXT | st.just([1, "二"]),
        max_size=2,
    ),
)


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "xlsx"])
@settings(max_examples=15, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_there_and_back_it_is_the_same(form, rows, tmp_path_factory):
    if form == "parquet":
        pytest.importorskip("pyarrow")
    _there_and_back(form, rows, tmp_path_factory.mktemp("round"))


@settings(max_examples=4, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_there_and_back_in_a_workbook(rows, tmp_path_factory):
    pytest.importorskip("xlsxwriter")
    _there_and_back("xlsx", rows, tmp_path_factory.mktemp("round"))


def _there_and_back(form, rows, folder):
    assume(form != "fasttext" or any(row.labels for row in rows))
    first = export(rows, form)
    path = folder / f"c.{SUFFIX.get(form, form)}"
    path.write_bytes(first)
    again = read_corpus([path])
    assert export(again, form) == first
    assert [row.labels for row in again] == [row.labels for row in rows]


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "json", "doccano", "label-studio"])
def test_nothing_of_the_corpus_format_is_lost(form, tmp_path):
    row = LabelledParagraph(
        "d1", 3, "清晨，\n志愿者 上路。", ("traffic",), "题", "报", {"genre": "消息"}, "c"
    )
    path = tmp_path / f"c.{SUFFIX.get(form, form)}"
    path.write_bytes(export([row], form))
    assert read_corpus([path]) == [row]


@pytest.mark.parametrize(
    ("form", "labels", "text"),
    [
        ("csv", ("a;b",), "文"),
        ("xlsx", ("甲、乙",), "文"),
        ("fasttext", ("a b",), "文"),
        ("fasttext", (), "文"),
        ("fasttext", ("a",), "__label__x 文"),
        ("xlsx", (), "文" * 32_768),
    ],
)
def test_what_a_format_cannot_hold_is_refused(form, labels, text):
    with pytest.raises(CorpusError):
        export([LabelledParagraph("d", 1, text, labels)], form)


CORPUS = [
    {"doc": "a", "para": 1, "title": "题", "text": "交警护送学生过马路。", "labels": ["traffic"]},
    {"doc": "a", "para": 2, "title": "题", "text": "广场上有合唱演出。", "labels": []},
]


def lines(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_convert_by_suffix_and_by_name(tmp_path, capfdbinary):
    run = Command(capfdbinary)
    source = lines(tmp_path / "c.jsonl", CORPUS)
    for target in ("c.csv", "c.tsv", "c2.json"):
        assert run("corpus", "convert", source, "-o", tmp_path / target)[0] == 0
        assert [row.labels for row in read_corpus([tmp_path / target])] == [("traffic",), ()]
    code, out, _ = run("corpus", "convert", source, "-f", "doccano", "-o", "-")
    assert code == 0
    assert json.loads(out.splitlines()[0])["label"] == ["traffic"]
    assert run("corpus", "convert", source, "-o", tmp_path / "c.docx")[0] == 2


def test_convert_does_not_overwrite_what_is_not_its_own(tmp_path, capfdbinary):
    source = lines(tmp_path / "c.jsonl", CORPUS)
    (tmp_path / "mine.csv").write_text("mine")
    assert Command(capfdbinary)("corpus", "convert", source, "-o", tmp_path / "mine.csv")[0] == 1
    assert (tmp_path / "mine.csv").read_text() == "mine"


def test_merge_keeps_a_row_once_and_articles_apart(tmp_path, capfdbinary):
    one = lines(tmp_path / "one.jsonl", CORPUS)
    two = lines(tmp_path / "two.jsonl", [CORPUS[0], {**CORPUS[1], "doc": "b"}, {**CORPUS[0], "labels": []}])
    code, _, err = Command(capfdbinary)("corpus", "merge", one, two, "-o", tmp_path / "all.jsonl")
    assert code == 0
    assert "1 row that stands there already" in err
    assert "1 row has the same text" in err
    assert [row.doc for row in read_corpus([tmp_path / "all.jsonl"])] == ["one/a", "one/a", "two/b", "two/a"]
