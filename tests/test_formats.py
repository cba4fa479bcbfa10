"""Labelled paragraphs as people have them: every format gives the same rows."""

import csv
import json

import pytest
import writers_data
from writers_data import MODEL, article

from civictag.corpus.files import read_corpus
from civictag.corpus.formats import columns
from civictag.datamodel import Label
from civictag.errors import CorpusError
from civictag.readers.tables import columns as articles
from civictag.readers.tables.traditional import simplified
from civictag.readers.tables.yes_no import NO, YES
from civictag.text.normalize import normalize
from civictag.util.dates import DATE_COLUMNS
from civictag.writers import Options, open_writer

LABELS = (
    Label("traffic", "交通秩序", "Traffic order"),
    Label("culture", "文化活动", "Culture"),
    Label("minors", "关爱未成年人、少儿", "Minors"),
)
PATROL = "交警在学校门口护送学生过马路。"
CHOIR = "社区合唱团在广场演出了两场。"
TRADITIONAL = "志願者在公園門口派發環保袋。"
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


@pytest.mark.parametrize(
    "head",
    [
        "文章編號,段號,標題,內容,標籤",
        "文件編號,段落編號,篇名,文本內容,類別",
        "文檔,段落號,題目,內文,主題標籤",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "big5"])
def test_columns_in_traditional_characters(tmp_path, head, encoding):
    rows = rows_of(save(tmp_path, "c.csv", f"{head}\nw1,1,題,{TRADITIONAL},traffic\n", encoding))
    assert [(r.doc, r.para, r.title, r.text, r.labels) for r in rows] == [
        ("w1", 1, "題", TRADITIONAL, ("traffic",))
    ]


def test_keys_in_traditional_characters(tmp_path):
    path = save(tmp_path, "c.jsonl", json.dumps({"內容": TRADITIONAL, "標籤": ["traffic"]}))
    assert rows_of(path)[0].labels == ("traffic",)


def test_the_characters_of_every_list_of_headings_are_known_in_traditional():
    lists = [columns.LABELS, columns.DOC, columns.PARA, columns.SOURCE, columns.TEXT, YES, NO]
    lists += [articles.TEXT, articles.TITLE, articles.ID, articles.UNIT, DATE_COLUMNS]
    known = set("".join(name for names in lists for name in names) + "核对复审校是否已人工过未没暂")
    folded = {chr(code): normalize(chr(code)) for code in range(0x4E00, 0x9FA6)}
    wanted = {a: b for a, b in folded.items() if a != b and b in known}
    rare = set("彆髮錶寀埰")  # the other character of a Simplified one: 髮 is hair, no 发 of 发布
    assert {a: simplified(a) for a in wanted if a not in rare} == {
        a: b for a, b in wanted.items() if a not in rare
    }


@pytest.mark.parametrize("yes", ["1", "√", "是", "TRUE", "1.0", "對"])
@pytest.mark.parametrize("no", ["0", "", "否", "無", "沒有"])
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
    (note,) = [note for note in notes if "name no article" in note]
    assert "2 paragraphs" in note
    assert "too good" in note


WRONG = {
    "unknown label": ("c.csv", f"text,labels\n{PATROL},交通\n", "unknown label", 2, "labels"),
    "no text column": ("c.csv", "a,b\n1,2\n", "the columns are: a, b", None, None),
    "all columns called otherwise": (
        "c.csv",
        "a,b\n1,2\n",
        "Call the column with the paragraphs",
        None,
        None,
    ),
    "an empty label": ("c.jsonl", '{"text": "文", "labels": ["culture", ""]}', "empty label", 1, "labels"),
    "tags of a machine": ("c.jsonl", '{"text": "文", "tags": []}', "a machine gave", 1, "labels"),
    "nothing checked": ("c.csv", f"text,labels,核对\n{PATROL},culture,\n", "marked as checked", None, None),
    "unknown number": ("c.csv", f"text,labels\n{PATROL},7\n", "unknown label '7'", 2, "labels"),
    "no label column": ("c.csv", f"text,b\n{PATROL},2\n", "no column of labels", None, None),
    "empty text": ("c.csv", f"text,labels\n{PATROL},\n ,traffic\n", "missing or empty", 3, "text"),
    "no array": ("c.json", '{"a": 1}', "not an array", None, None),
    "lines in .json": ("c.json", '{"a": 1}\n{"a": 2}\n', "not valid JSON", None, None),
    "no fastText": ("c.txt", PATROL, "not fastText", None, None),
    "spans": ("c.jsonl", '{"text": "文", "label": [[0, 1, "a"]]}', "spans", 1, "label"),
    "a number for labels": ("c.jsonl", '{"text": "文", "labels": 3}', "not a list", 1, "labels"),
    "JSON lines in a table": (
        "c.csv",
        '{"text": "文", "labels": []}\n',
        "let its name end in .jsonl",
        None,
        None,
    ),
    "a table in a workbook": ("c.xlsx", "text,labels\n文,culture\n", "let its name end in .csv", None, None),
    "a workbook in a table": ("c.csv", "PK\x03\x04\0\0", "let its name end in .xlsx", None, None),
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


GIVEN = {  # what people's tables say of PATROL and NOTHING: ("traffic", "culture") and ()
    "one column": [["正文", "标签"], [PATROL, "交通秩序、文化活动"], [NOTHING, "无"]],
    "two columns": [["正文", "标签1", "标签2"], [PATROL, "交通秩序", "文化活动"], [NOTHING, None, None]],
    "a first and a second": [
        ["正文", "主标签", "次标签"],
        [PATROL, "交通秩序", "culture"],
        [NOTHING, "", ""],
    ],
    "a remark in the heading": [["段落", "标签（可多选）"], [PATROL, "交通秩序/文化活动"], [NOTHING, None]],
    "and": [["段落内容", "分类结果"], [PATROL, "交通秩序和文化活动"], [NOTHING, ""]],
    "ticks beside another class": [
        ["正文", "类别", "交通秩序", "文化活动"],
        [PATROL, "新闻", 1, "√"],
        [NOTHING, "通知", 0, None],
    ],
    "ticks corrected in an output of tag": [
        ["text", "tags", "traffic", "culture", "minors"],
        [PATROL, "traffic", 1, 1, 0],
        [NOTHING, "culture", 0, 0, 0],
    ],
    "rows without anything": [
        ["段落", "标签"],
        [PATROL, "traffic,culture"],
        [" ", "　"],
        [NOTHING, "无"],
        ["", "", "合计 2 段"],
    ],
}


@pytest.mark.parametrize("kind", GIVEN)
def test_labels_wherever_a_workbook_has_them(tmp_path, kind):
    found = rows_of(workbook(tmp_path / "c.xlsx", GIVEN[kind]))
    assert [(row.text, row.labels) for row in found] == [(PATROL, ("traffic", "culture")), (NOTHING, ())]


@pytest.mark.parametrize("kind", [kind for kind in GIVEN if "rows" not in kind])
def test_labels_wherever_a_csv_has_them(tmp_path, kind):
    path = tmp_path / "c.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(GIVEN[kind])
    assert [row.labels for row in rows_of(str(path))] == [("traffic", "culture"), ()]


def test_an_empty_cell_is_not_a_label_without_an_english_name(tmp_path):
    labels = (Label("pest", "病虫防治"), Label("water", "灌溉用水"))
    path = workbook(tmp_path / "c.xlsx", [["正文", "标签"], [PATROL, None], [CHOIR, "灌溉用水"]])
    assert [row.labels for row in read_corpus([path], labels)] == [(), ("water",)]


def test_numbers_may_be_labels(tmp_path):
    path = workbook(tmp_path / "c.xlsx", [["正文", "标签"], [PATROL, 1.0], [CHOIR, 2]])
    assert [row.labels for row in read_corpus([path], (Label("1", "一"), Label("2", "二")))] == [
        ("1",),
        ("2",),
    ]


def test_each_sheet_has_columns_of_its_own(tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    sheets = {
        "甲": [["文章编号", "正文", "标签"], ["a", PATROL, "交通秩序"]],
        "乙": [["稿件", "内容", "类别"], ["b", CHOIR, "文化活动"]],
        "说明": [["内容"], ["每段至多三个标签。"]],
        "封面": [["标注表"], ["二〇二五年"]],
    }
    path = tmp_path / "c.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    notes = []
    assert [(r.doc, r.text, r.labels) for r in rows_of(str(path), notes)] == [
        ("a", PATROL, ("traffic",)),
        ("b", CHOIR, ("culture",)),
    ]
    assert any("without a column of labels" in note and "说明" in note for note in notes)
    assert any("封面" in note for note in notes)


TOLD = {
    "no label said": (
        f"doc,text,labels\na,{PATROL},\na,{NOTHING},\na,{CHOIR},culture\n",
        "2 paragraphs have nothing",
    ),
    "a label without column": (
        f"doc,text,traffic\na,{PATROL},1\na,{NOTHING},0\n",
        "no column for the labels 文化活动",
    ),
    "a misspelt column": (f"doc,text,traffic,文化活动了\na,{PATROL},1,0\n", "no label: 文化活动了"),
    "not checked": (
        f"doc,text,labels,核对\na,{PATROL},traffic,√\na,{CHOIR},culture,\n",
        "1 paragraph that is not",
    ),
    "ids that several rows share": (
        "编号,正文,标签\n" + "".join(f"{n // 3},{PATROL},traffic\n" for n in range(6)),
        "编号 names the articles",
    ),
}


@pytest.mark.parametrize("kind", TOLD)
def test_what_was_taken_for_granted_is_told(tmp_path, kind):
    text, said = TOLD[kind]
    notes = []
    rows_of(save(tmp_path, "c.csv", text), notes)
    assert any(said in note for note in notes)


COLUMNS_OF_CHECKS = [
    "核对",
    "checked",
    "use",
    "已核对",
    "复核",
    "是否审核",
    "核对人",
    "校对（签名）",
    "Verified?",
    "is_checked",
    "複核人",
    "覆核",
    "是否審核",
    "已核對",
]


@pytest.mark.parametrize("mark", ["√", "张三", "2025-03-02"])
@pytest.mark.parametrize("column", COLUMNS_OF_CHECKS)
def test_rows_that_nobody_checked_are_no_truth(tmp_path, mark, column):
    text = f"text,labels,{column}\n{PATROL},traffic,{mark}\n{CHOIR},culture,\n{NOTHING},culture,0\n"
    assert [row.text for row in rows_of(save(tmp_path, "c.csv", text))] == [PATROL]


@pytest.mark.parametrize(
    "mark", ["待核对", "没看", "尚未", "？", "TODO", "N/A", "不用", "×", "☐", "0.0", "否"]
)
def test_a_word_for_not_yet_is_no_check(tmp_path, mark):
    text = f"text,labels,核对\n{PATROL},traffic,√\n{CHOIR},culture,{mark}\n"
    notes = []
    assert [row.text for row in rows_of(save(tmp_path, "c.csv", text), notes)] == [PATROL]
    assert any("1 paragraph that is not marked as checked" in note for note in notes)


def test_what_was_taken_for_a_check_is_told(tmp_path):
    marks = ["√", "张三", "张三", "2025-03-02", ""]
    text = "text,labels,核对\n" + "".join(f"{PATROL},traffic,{mark}\n" for mark in marks)
    notes = []
    assert len(rows_of(save(tmp_path, "c.csv", text), notes)) == 4
    assert any("taken as looked at by a person: 张三 (2), 2025-03-02 (1)" in note for note in notes)


@pytest.mark.parametrize("column", ["核实", "使用", "状态", "review", "待复核"])
def test_other_columns_say_nothing_of_checks(tmp_path, column):
    text = f"text,labels,{column}\n{PATROL},traffic,\n{CHOIR},culture,1\n"
    assert len(rows_of(save(tmp_path, "c.csv", text))) == 2


def test_rows_that_nobody_checked_in_json(tmp_path):
    rows = [{"text": PATROL, "labels": [], "checked": mark} for mark in (None, False, 0, "", True)]
    path = save(tmp_path, "c.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert [row.extra["checked"] for row in rows_of(path)] == [True]


def test_an_output_of_tag_names_its_articles(tmp_path):
    head = "source,id,title,index,start,text,tags,traffic,culture,minors,checked"
    rows = [f"x.csv,{n // 2},,{n},0,{PATROL},traffic,1,0,0,1" for n in range(4)]
    found = rows_of(save(tmp_path, "c.csv", "\n".join([head, *rows])))
    assert [row.doc for row in found] == ["x.csv#0", "x.csv#0", "x.csv#1", "x.csv#1"]


@pytest.mark.parametrize("para", ["3", "3.0", "第3段", "3段", "第 3 自然段", "３"])
def test_paragraph_numbers_as_people_write_them(tmp_path, para):
    assert rows_of(save(tmp_path, "c.csv", f"text,labels,段号\n{PATROL},,{para}\n"))[0].para == 3


@pytest.mark.parametrize("heading", ["段落", "句子"])
def test_the_sheet_with_labels_is_read_where_another_has_a_text_too(tmp_path, heading):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "原文"
    book.active.append(["标题", "正文"])
    book.active.append(["开学", PATROL + CHOIR])
    sheet = book.create_sheet("标注")
    for row in ([heading, "标签"], [PATROL, "交通秩序"], [CHOIR, "文化活动"]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    notes = []
    rows = rows_of(str(tmp_path / "a.xlsx"), notes)
    assert [row.labels for row in rows] == [("traffic",), ("culture",)]
    assert "原文" in "".join(notes)


@pytest.mark.parametrize("headings", ["zh", "en"])
def test_a_workbook_of_tags_is_read_as_it_was_ticked(tmp_path, headings):
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "a.xlsx"
    options = Options(headings=headings)
    with open_writer("xlsx", path, labels=writers_data.LABELS, model=MODEL, options=options) as writer:
        writer.write(article())
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    for row in range(2, sheet.max_row):  # all but the last
        sheet.cell(row, names.index("核对" if headings == "zh" else "Checked") + 1).value = "√"
    book.save(path)
    rows = read_corpus([path], writers_data.LABELS)
    assert [row.labels for row in rows] == [("clean", "help"), ("clean",)]


def test_headings_that_end_as_such_names_do(tmp_path):
    rows = [
        f"留言00{number // 2},{number % 2 + 1},{text},交通秩序"
        for number, text in enumerate([PATROL, CHOIR] * 3)
    ]
    path = save(tmp_path, "a.csv", "\n".join(["留言编号,第几段,留言内容,主题", *rows]))
    notes = []
    found = rows_of(path, notes)
    assert [(row.doc, row.para) for row in found[:3]] == [("留言000", 1), ("留言000", 2), ("留言001", 1)]
    assert "留言内容" in "".join(notes)
    assert "留言编号" in "".join(notes)


def test_what_a_migration_left_to_check_is_no_other_word_on_the_labels(tmp_path):
    path = save(tmp_path, "a.csv", f"text,labels,check\n{PATROL},traffic;minors,traffic\n{CHOIR},culture,\n")
    notes = []
    assert len(rows_of(path, notes)) == 2
    assert "otherwise" not in "".join(notes)
