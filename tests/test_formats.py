"""Labelled paragraphs as people have them: every format gives the same rows."""

import csv
import json

import pytest

from civictag.corpus.files import read_corpus
from civictag.datamodel import Label
from civictag.errors import CorpusError

LABELS = (
    Label("traffic", "交通秩序", "Traffic order"),
    Label("culture", "文化活动", "Culture"),
    Label("minors", "关爱未成年人、少儿", "Minors"),
)
PATROL = "交警在学校门口护送学生过马路。"
CHOIR = "社区合唱团在广场演出了两场。"
NOTHING = "会议传达了上级文件精神。"


def save(tmp_path, name, text, encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return str(path)


def rows_of(path, notes=None):
    return read_corpus([path], LABELS, notes.append if notes is not None else lambda note: None)


SEPARATORS = [";", "；", "、", ",", "，", "|", " ", "； "]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("names", [("traffic", "culture"), ("交通秩序", "文化活动"), ("TRAFFIC", "Ｃulture")])
def test_one_cell_lists_labels_by_id_or_name(tmp_path, separator, names):
    path = tmp_path / "c.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["doc", "text", "labels"], ["a", PATROL, separator.join(names)], ["a", NOTHING, ""]]
        )
    assert [row.labels for row in rows_of(str(path))] == [("traffic", "culture"), ()]


@pytest.mark.parametrize("cell", ["关爱未成年人、少儿", "minors", "Minors"])
def test_a_name_may_hold_a_separator(tmp_path, cell):
    path = save(tmp_path, "c.csv", f"text,labels\n{PATROL},{cell}\n")
    assert rows_of(path)[0].labels == ("minors",)


@pytest.mark.parametrize("cell", ["", "无", "无标签", "none", "-", "—"])
def test_a_cell_may_say_that_there_is_no_label(tmp_path, cell):
    assert rows_of(save(tmp_path, "c.csv", f"text,labels\n{PATROL},{cell}\n"))[0].labels == ()


CHINESE = f"文章编号,段号,标题,正文,标签\nw1,1,题,{PATROL},交通秩序\nw1,2,题,{CHOIR},文化活动\n"


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("c.csv", CHINESE, "utf-8-sig"),
        ("c.csv", CHINESE, "gb18030"),
        ("c.csv", CHINESE.replace(",", ";"), "utf-8"),
        ("c.tsv", CHINESE.replace(",", "\t"), "utf-8"),
        ("c.tsv", CHINESE.replace(",", "\t"), "utf-16"),
    ],
)
def test_columns_in_chinese_whatever_the_dialect(tmp_path, name, text, encoding):
    notes = []
    rows = rows_of(save(tmp_path, name, text, encoding), notes)
    assert [(r.doc, r.para, r.title, r.text, r.labels) for r in rows] == [
        ("w1", 1, "题", PATROL, ("traffic",)),
        ("w1", 2, "题", CHOIR, ("culture",)),
    ]
    assert not any("article" in note for note in notes)


@pytest.mark.parametrize("yes", ["1", "√", "是", "TRUE", "1.0"])
@pytest.mark.parametrize("no", ["0", "", "否"])
def test_a_column_of_ticks_for_each_label(tmp_path, yes, no):
    text = f"doc,text,交通秩序,culture,备注\na,{PATROL},{yes},{no},1\na,{CHOIR},{no},{yes},0\n"
    rows = rows_of(save(tmp_path, "c.csv", text))
    assert [row.labels for row in rows] == [("traffic",), ("culture",)]
    assert rows[0].extra == {"备注": "1"}


def test_a_tick_that_is_neither_yes_nor_no_is_told_by_its_place(tmp_path):
    path = save(tmp_path, "c.csv", f"text,traffic\n{PATROL},1\n{CHOIR},2\n")
    with pytest.raises(CorpusError) as caught:
        rows_of(path)
    assert (caught.value.where, caught.value.line, caught.value.field) == (path, 3, "traffic")


def workbook(path, rows):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return str(path)


def test_a_workbook_with_a_line_above_its_header(tmp_path):
    rows = [
        ["某区段落标注表"],
        ["稿件编号", "正文", "类别"],
        [7, PATROL, "交通秩序；文化活动"],
        [7, NOTHING, ""],
    ]
    found = rows_of(workbook(tmp_path / "c.xlsx", rows))
    assert [(r.doc, r.text, r.labels) for r in found] == [
        ("7", PATROL, ("traffic", "culture")),
        ("7", NOTHING, ()),
    ]


def test_the_line_is_the_one_that_the_program_shows(tmp_path):
    rows = [
        ["某区段落标注表"],
        [],
        ["文章编号", "正文", "交通秩序"],
        ["a", PATROL, "√"],
        [],
        ["a", CHOIR, "对不对"],
    ]
    with pytest.raises(CorpusError) as caught:
        rows_of(workbook(tmp_path / "c.xlsx", rows))
    assert (caught.value.line, caught.value.field) == (6, "交通秩序")


def test_parquet_with_lists(tmp_path):
    pytest.importorskip("pyarrow")
    import pyarrow
    from pyarrow import parquet

    table = pyarrow.table({"doc": ["a", "a"], "text": [PATROL, CHOIR], "labels": [["traffic"], []]})
    parquet.write_table(table, tmp_path / "c.parquet")
    assert [row.labels for row in rows_of(str(tmp_path / "c.parquet"))] == [("traffic",), ()]


JSON_KINDS = {
    "own keys": ("c.json", [{"doc": "a", "text": PATROL, "labels": ["traffic"]}]),
    "chinese keys": ("c.json", [{"文章": "a", "正文": PATROL, "标签": "交通秩序"}]),
    "label studio": (
        "c.json",
        [
            {
                "id": 1,
                "data": {"text": PATROL, "doc": "a"},
                "annotations": [
                    {"was_cancelled": True, "result": []},
                    {"result": [{"type": "choices", "value": {"choices": ["交通秩序"]}}]},
                ],
            }
        ],
    ),
    "label studio, short": ("c.json", [{"text": PATROL, "doc": "a", "topic": {"choices": ["traffic"]}}]),
    "doccano": ("c.jsonl", {"id": 3, "text": PATROL, "label": ["交通秩序"], "doc": "a"}),
    "chinese keys in lines": ("c.jsonl", {"文章": "a", "内容": PATROL, "标签": ["交通秩序"]}),
    "a cell in lines": ("c.jsonl", {"doc": "a", "text": PATROL, "labels": "交通秩序"}),
}


@pytest.mark.parametrize("kind", JSON_KINDS)
def test_json_of_every_kind(tmp_path, kind):
    name, data = JSON_KINDS[kind]
    (row,) = rows_of(save(tmp_path, name, json.dumps(data, ensure_ascii=False)))
    assert (row.doc, row.text, row.labels) == ("a", PATROL, ("traffic",))


def test_tasks_that_nobody_labelled_are_left_out_and_counted(tmp_path):
    done = {"data": {"text": PATROL, "doc": "a"}, "annotations": [{"result": []}]}
    open_ = {"data": {"text": CHOIR, "doc": "a"}, "annotations": []}
    notes = []
    rows = rows_of(save(tmp_path, "c.json", json.dumps([done, open_, open_])), notes)
    assert [row.text for row in rows] == [PATROL]
    assert any("2 paragraphs that nobody has labelled" in note for note in notes)


def test_fasttext(tmp_path):
    text = f"__label__交通秩序 __label__culture {PATROL}\n\n{NOTHING}\n"
    rows = rows_of(save(tmp_path, "c.txt", text))
    assert [(r.text, r.labels) for r in rows] == [(PATROL, ("traffic", "culture")), (NOTHING, ())]


def test_without_doc_it_is_said_what_that_means(tmp_path):
    notes = []
    rows = rows_of(save(tmp_path, "c.csv", f"text,labels\n{PATROL},traffic\n{CHOIR},\n"), notes)
    assert len({row.group for row in rows}) == 2
    (note,) = notes
    assert "2 paragraphs name no article" in note
    assert "too good" in note


WRONG = {
    "unknown label": ("c.csv", f"text,labels\n{PATROL},交通\n", "unknown label", 2, "labels"),
    "no text column": ("c.csv", "a,b\n1,2\n", "the columns are: a, b", None, None),
    "no label column": ("c.csv", f"text,b\n{PATROL},2\n", "no column of labels", None, None),
    "empty text": ("c.csv", f"text,labels\n{PATROL},\n ,traffic\n", "missing or empty", 3, "text"),
    "no array": ("c.json", '{"a": 1}', "not an array", None, None),
    "lines in .json": ("c.json", '{"a": 1}\n{"a": 2}\n', "not valid JSON", None, None),
    "no fastText": ("c.txt", PATROL, "not fastText", None, None),
    "spans": ("c.jsonl", '{"text": "文", "label": [[0, 1, "a"]]}', "spans", 1, "label"),
    "a number for labels": ("c.jsonl", '{"text": "文", "labels": 3}', "not a list", 1, "labels"),
    "no workbook": ("c.xlsx", "text,labels", "not a .xlsx file", None, None),
}


@pytest.mark.parametrize(("name", "text", "problem", "line", "field"), WRONG.values(), ids=WRONG)
def test_mistakes_name_file_line_and_field(tmp_path, name, text, problem, line, field):
    path = save(tmp_path, name, text)
    with pytest.raises(CorpusError) as caught:
        rows_of(path)
    error = caught.value
    assert problem in str(error)
    assert error.where.startswith(path)
    assert (error.line, error.field) == (line, field)


def test_the_label_set_is_shown_with_its_names(tmp_path):
    with pytest.raises(CorpusError, match=r"traffic \(交通秩序\)"):
        rows_of(save(tmp_path, "c.csv", f"text,labels\n{PATROL},交通\n"))


def test_a_folder_takes_every_kind(tmp_path):
    save(tmp_path, "a.csv", f"text,labels\n{PATROL},\n")
    save(tmp_path, "b.jsonl", json.dumps({"text": CHOIR, "labels": []}))
    save(tmp_path, "c.json", json.dumps([{"text": NOTHING, "labels": []}]))
    save(tmp_path, "readme.txt", "no corpus")
    save(tmp_path, "~$a.csv", "a lock of Excel's")
    assert [row.text for row in read_corpus([str(tmp_path)])] == [PATROL, CHOIR, NOTHING]
