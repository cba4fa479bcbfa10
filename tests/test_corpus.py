"""Corpora: every line checked, every message with its line, written back as they came."""

import gzip
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civictag.corpus.files import corpus_sha256, read_corpus, write_corpus
from civictag.datamodel import LabelledParagraph
from civictag.errors import CorpusError

LINE = '{"doc": "d1", "para": 2, "title": "题", "text": "文", "labels": ["a"], "genre": "消息"}'


def write(tmp_path, *lines, name="c.jsonl"):
    path = tmp_path / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def test_a_line_becomes_a_paragraph(tmp_path):
    assert read_corpus([write(tmp_path, LINE)]) == [
        LabelledParagraph("d1", 2, "文", ("a",), "题", "", {"genre": "消息"}, "c")
    ]


def test_what_may_be_left_out(tmp_path):
    (row,) = read_corpus([write(tmp_path, "", '{"text": "文", "labels": []}')])
    assert (row.doc, row.para, row.labels, row.title) == ("2", 2, (), "")


@pytest.mark.parametrize("para", ["2", "2.0", '"2"', '"2.0"', '" 2 "'])
def test_a_number_may_be_written_as_data_frames_and_cells_do(tmp_path, para):
    path = write(tmp_path, f'{{"text": "文", "labels": [], "para": {para}}}')
    assert [row.para for row in read_corpus([path], ["a"])] == [2]


def test_a_label_said_twice_counts_once(tmp_path):
    (row,) = read_corpus([write(tmp_path, '{"text": "文", "labels": ["a", "b", "a"]}')], ["a", "b"])
    assert row.labels == ("a", "b")


WRONG = {
    "no json": ("{", "not valid JSON", None),
    "deep json": ('{"text":' + "[" * 100_000, "not valid JSON", None),
    "no object": ("[1]", "not a JSON object", None),
    "no text": ('{"labels": []}', "missing or empty", "text"),
    "blank text": ('{"text": " ", "labels": []}', "missing or empty", "text"),
    "text no string": ('{"text": 3, "labels": []}', "missing or empty", "text"),
    "half a character": ('{"text": "文\\ud800", "labels": []}', "half a character", "text"),
    "half in title": ('{"text": "文", "title": "\\udfff", "labels": []}', "half a character", "title"),
    "half in doc": ('{"text": "文", "doc": "\\ud800", "labels": []}', "half a character", "doc"),
    "half elsewhere": ('{"text": "文", "x": ["\\ud800"], "labels": []}', "half a character", "x"),
    "no labels": ('{"text": "文"}', "is missing; the line has: text", "labels"),
    "labels misspelt": ('{"text": "文", "lables": []}', "is missing; the line has: text, lables", "labels"),
    "a key twice": ('{"text": "文", "labels": ["a"], "labels": []}', 'the key "labels" stands twice', None),
    "spans": ('{"text": "文", "labels": [[0, 1, "a"]]}', "spans", "labels"),
    "spans elsewhere": ('{"text": "文", "entities": []}', "spans", "entities"),
    "of another tool": ('{"text": "文", "annotations": [{"label": 2}]}', "without a result", "annotations"),
    "labels no list": ('{"text": "文", "labels": 3}', "not a list of label ids", "labels"),
    "labels no strings": ('{"text": "文", "labels": [1]}', "not a list of label ids", "labels"),
    "unknown label": ('{"text": "文", "labels": ["a", "z"]}', "unknown label 'z'", "labels"),
    "para no number": ('{"text": "文", "labels": [], "para": "x"}', "not a whole number", "para"),
    "para in between": ('{"text": "文", "labels": [], "para": 1.5}', "not a whole number", "para"),
    "para without end": ('{"text": "文", "labels": [], "para": "inf"}', "not a whole number", "para"),
    "para true": ('{"text": "文", "labels": [], "para": true}', "not a whole number", "para"),
    "para a list": ('{"text": "文", "labels": [], "para": [1]}', "not a whole number", "para"),
}


@pytest.mark.parametrize(("line", "problem", "field"), WRONG.values(), ids=WRONG)
def test_mistakes_are_named_with_their_line(tmp_path, line, problem, field):
    path = write(tmp_path, LINE, "", line)
    with pytest.raises(CorpusError) as caught:
        read_corpus([path], ["a", "b"])
    error = caught.value
    assert problem in error.problem
    assert (error.where, error.line, error.field) == (path, 3, field)


def test_an_unknown_label_names_the_known_ones(tmp_path):
    with pytest.raises(CorpusError, match="The label set has: b, c"):
        read_corpus([write(tmp_path, LINE)], ["b", "c"])


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda tmp: str(tmp / "none.jsonl"), "no such file"),
        (lambda tmp: str(tmp), "holds no file of labelled paragraphs"),
        (lambda tmp: write(tmp, "", "  "), "has no paragraphs"),
    ],
    ids=["missing", "empty folder", "empty file"],
)
def test_nothing_to_read(tmp_path, make, problem):
    with pytest.raises(CorpusError, match=problem):
        read_corpus([make(tmp_path)])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_another_encoding(tmp_path, encoding):
    utf8 = read_corpus([write(tmp_path, LINE)])
    (tmp_path / "c.jsonl").write_bytes(LINE.encode(encoding))
    assert read_corpus([str(tmp_path / "c.jsonl")]) == utf8


def test_a_packed_corpus(tmp_path):
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(LINE.encode()))
    assert [row.doc for row in read_corpus([str(tmp_path / "c.jsonl.gz")])] == ["d1"]


def test_a_line_that_is_damaged_is_named(tmp_path):
    (tmp_path / "c.jsonl").write_bytes(
        LINE.encode() + b"\n" + LINE.encode().replace("消".encode(), b"\xe6\x98")
    )
    with pytest.raises(CorpusError, match=r"c\.jsonl, line 2: is not utf-8"):
        read_corpus([str(tmp_path / "c.jsonl")])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no such files")
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "清扫了楼道。", "labels": []}\n', "utf-8")
    os.mkfifo(tmp_path / "b.jsonl")
    told = []
    assert len(read_corpus([tmp_path], None, told.append)) == 1
    assert "1 file or folder in it is not read: b.jsonl" in told[-1]


def test_a_folder_is_read_in_order_and_files_keep_their_articles_apart(tmp_path):
    for name in ("b.jsonl", "a.jsonl", "notes.txt"):
        write(tmp_path, LINE, name=name)
    assert [row.group for row in read_corpus([str(tmp_path)])] == ["a/d1", "b/d1"]


def test_files_of_one_name_keep_their_articles_apart(tmp_path):
    for folder in ("一", "二"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, LINE, name="c.jsonl")
        write(tmp_path / folder, LINE, name="c.ndjson")
    write(tmp_path, LINE, name="d.jsonl")
    paths = [str(tmp_path / folder) for folder in ("一", "二")]
    found = [row.group for row in read_corpus([*paths, str(tmp_path / "d.jsonl")])]
    assert found == ["一/c.jsonl/d1", "一/c.ndjson/d1", "二/c.jsonl/d1", "二/c.ndjson/d1", "d/d1"]


def test_what_is_not_read_of_a_folder_is_told(tmp_path):
    for number, name in enumerate(("a.jsonl", "b.jsonl", "notes.txt", "~$a.csv", ".hidden", "Thumbs.db")):
        write(tmp_path, LINE.replace("d1", f"d{number}"), name=name)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(LINE.replace("d1", "d9").encode()))
    (tmp_path / "old").mkdir()
    notes = []
    assert len(read_corpus([str(tmp_path)], tell=notes.append)) == 3
    assert notes == [f"{tmp_path}: 2 files or folders in it are not read: notes.txt, old"]


ROWS = st.builds(
    LabelledParagraph,
    doc=st.text(st.characters(codec="utf-8"), min_size=1),
    para=st.integers(),
    text=st.text(st.characters(codec="utf-8")).filter(str.strip),
    labels=st.lists(st.sampled_from("abc"), unique=True).map(tuple),
    title=st.text(st.characters(codec="utf-8")),
    source=st.text("xy"),
    extra=st.dictionaries(st.sampled_from(["id", "genre"]), st.integers() | st.text("环卫"), max_size=2),
    file=st.just("c"),
)


@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_written_and_read_again_it_is_the_same(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("round") / "c.jsonl"
    path.write_text("".join(write_corpus(rows)), encoding="utf-8", newline="")
    assert read_corpus([str(path)]) == rows


def test_the_hash_is_of_what_training_sees(tmp_path):
    def digest(**change):
        line = json.dumps({**json.loads(LINE), **change})
        return corpus_sha256(read_corpus([write(tmp_path, line)]))

    same = digest()
    assert digest(genre="通讯", para=9) == same
    for change in ({"text": "章"}, {"labels": []}, {"doc": "d2"}, {"title": "目"}):
        assert digest(**change) != same


@pytest.mark.parametrize(
    ("docs", "title", "count"),
    [(("v1", "v2"), "", 2), (("1", "2"), "", 0), (("1", "2"), "开放日", 2), (("v1",), "", 1)],
)
def test_articles_of_one_name_in_several_files_are_told(tmp_path, docs, title, count):
    for file in "ab":
        lines = [
            json.dumps({"doc": doc, "para": 1, "title": title, "text": f"{file}{doc}", "labels": [file]})
            for doc in (*docs, f"own-{file}")
        ]
        (tmp_path / f"{file}.jsonl").write_text("\n".join(lines), "utf-8")
    notes = []
    read_corpus([tmp_path], None, notes.append)
    told = [note for note in notes if "in several files" in note]
    assert len(told) == bool(count)
    assert all(note.startswith(f"{count} article") for note in told)
