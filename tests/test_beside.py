"""What a table says beside the columns that are read: another opinion, crosses, what nobody sees."""

import pytest

from civictag.corpus.files import read_corpus
from civictag.datamodel import Label
from civictag.errors import CorpusError

LABELS = (Label("ferry", "轮渡"), Label("dike", "堤防"))
BOAT, WALL = "早班船载了三十人过江。", "堤上新铺了块石。"

TABLES = {  # header, rows; the labels that are read; what is told, or ""
    "ticks beside a column of labels": (
        "正文,标签,轮渡,其他", [f"{BOAT},堤防,1,a", f"{WALL},堤防,0,b"],
        [("dike",), ("dike",)], "labels are read from 标签; 轮渡 says otherwise in 1 row (line 2)",
    ),
    "labels beside columns of ticks": (
        "正文,标签,轮渡,堤防", [f"{BOAT},轮渡,1,0", f"{WALL},轮渡,0,1"],
        [("ferry",), ("dike",)], "labels are read from 轮渡, 堤防; 标签 says otherwise in 1 row (line 3)",
    ),
    "two columns of labels": (
        "正文,labels,标签", [f"{BOAT},轮渡,堤防", f"{WALL},堤防,轮渡"],
        [("ferry",), ("dike",)], "标签 says otherwise in 2 rows (first in line 2)",
    ),
    "a second coder under a name of his own": (
        "正文,标签,小李", [f"{BOAT},轮渡,轮渡", f"{WALL},堤防,轮渡；堤防"],
        [("ferry",), ("dike",)], "小李 says otherwise in 1 row (line 3)",
    ),
    "they agree": ("正文,labels,标签", [f"{BOAT},轮渡,ferry", f"{WALL},堤防,"], [("ferry",), ("dike",)], ""),
    "another column is no label": (
        "正文,类型,标签", [f"{BOAT},消息,轮渡", f"{WALL},通讯,堤防"], [("ferry",), ("dike",)], "",
    ),
    "two texts": (
        "text,正文,labels", [f"{BOAT},略,ferry"], [("ferry",)], "could be the text too, kept beside it: 正文",
    ),
    "articles named in their first row alone": (
        "文章编号,正文,标签", [f"a,{BOAT},ferry", f",{WALL},dike", f"b,{BOAT},ferry"],
        [("ferry",), ("dike",), ("ferry",)], "1 of 3 paragraphs names no article (doc)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLES)
def test_another_opinion_is_told(tmp_path, kind):
    header, rows, labels, told = TABLES[kind]
    (tmp_path / "c.csv").write_text("\n".join([header, *rows]), "utf-8")
    notes = []
    assert [row.labels for row in read_corpus([tmp_path / "c.csv"], LABELS, notes.append)] == labels
    assert any(told in note for note in notes) if told else not any("otherwise" in note for note in notes)


@pytest.mark.parametrize(
    ("mark", "read"), [("x", False), ("X", False), ("×", False), ("x|√", True), ("x|1", True)]
)
def test_crosses_alone_may_mean_yes_or_no(tmp_path, mark, read):
    one, _bar, other = mark.partition("|")
    (tmp_path / "c.csv").write_text(f"正文,轮渡,堤防\n{BOAT},{one},{other}\n{WALL},,{one}\n", "utf-8")
    if read:
        assert [row.labels for row in read_corpus([tmp_path / "c.csv"], LABELS)] == [("dike",), ()]
        return
    with pytest.raises(CorpusError, match="a cross, which may mean yes or no"):
        read_corpus([tmp_path / "c.csv"], LABELS)


def book(path, sheets):
    openpyxl = pytest.importorskip("openpyxl")
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return made, made.save(path)


HEAD = ["文章编号", "正文", "标签"]


def test_what_nobody_sees_in_a_workbook_is_told(tmp_path):
    path = tmp_path / "c.xlsx"
    made, _saved = book(path, {
        "甲": [[*HEAD, None], ["1", BOAT, "轮渡", "记号"], ["2", WALL, "#N/A"]],
        "乙": [HEAD, ["1", WALL, "堤防"]],
    })  # fmt: skip
    made["乙"].sheet_state = "hidden"
    made["甲"].row_dimensions[2].hidden = True
    made["甲"]["C3"].data_type = "e"
    made.save(path)
    notes = []
    rows = read_corpus([path], LABELS, notes.append)
    assert [(row.doc, row.labels) for row in rows] == [("1", ("ferry",)), ("2", ()), ("1", ("dike",))]
    for told in (
        "hidden sheets are read too: 乙",
        "1 hidden row is read too",
        "1 cell holds an error (such as #N/A)",
        "1 cell stands in a column without a heading and is left out",
        "1 article stands in several sheets and counts as one: 1",
    ):
        assert any(told in note for note in notes), told


def test_a_file_given_twice_is_read_once(tmp_path):
    for name in ("b.csv", "a.csv"):
        (tmp_path / name).write_text(f"text,labels\n{BOAT},ferry\n", "utf-8")
    notes = []
    rows = read_corpus([tmp_path / "b.csv", tmp_path], LABELS, notes.append)
    assert [row.file for row in rows] == ["b", "a"]
    assert any("given twice and read once" in note and "b.csv" in note for note in notes)
