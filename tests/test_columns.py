"""Columns by the names that people give them, and what the user says instead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from civictag.datamodel import Document
from civictag.readers import Reading, read_documents
from civictag.readers.articles import read_articles
from civictag.readers.tables.columns import choose
from civictag.util.origin import placed

TEXT = "社区组织保洁员清扫背街小巷，清运积存垃圾三车，路面干净了许多。"
HEADERS = [
    ("id,title,text,date,unit", ("text", "title", "id", "date", "unit")),
    ("编号,标题,正文,日期,单位", ("正文", "标题", "编号", "日期", "单位")),
    ("序号,题目,内容,发布时间,部门", ("内容", "题目", "序号", "发布时间", "部门")),
    ("ID,Title,Text,Date,District", ("Text", "Title", "ID", "Date", "District")),
    (" 标 题 ,全　文, 区县 ", ("全　文", " 标 题 ", None, None, " 区县 ")),
    ("\ufeffｔｅｘｔ,来源", ("\ufeffｔｅｘｔ", None, None, None, "来源")),
    ("内容,正文,text", ("text", None, None, None, None)),
    ("备注", (None, None, None, None, None)),
    (
        "编号(必填),正文（必填）,发布时间（年-月-日）",
        ("正文（必填）", None, "编号(必填)", "发布时间（年-月-日）", None),
    ),
    ("标题（副）,标题,正文", ("正文", "标题", None, None, None)),
    ("編號,篇名,文本內容,發佈日期,報送單位", ("文本內容", "篇名", "編號", "發佈日期", "報送單位")),
    ("流水號,題目,內文（必填）,時間,區縣", ("內文（必填）", "題目", "流水號", "時間", "區縣")),
    ("留言编号,留言标题,留言内容,登记日期", ("留言内容", "留言标题", "留言编号", "登记日期", None)),
    ("工單編號,訴求內容（必填）", ("訴求內容（必填）", None, "工單編號", None, None)),
    ("诉求内容,回复内容", ("诉求内容", None, None, None, None)),  # the reply is beside it
    ("诉求内容,处理内容,受理日期,办结日期", (None, None, None, None, None)),  # which one cannot be told
    ("小标题,备注内容,段落编号,出生日期", (None, None, None, None, None)),
    ("（正文）", (None, None, None, None, None)),
]


@pytest.mark.parametrize(("header", "taken"), HEADERS, ids=[header for header, _ in HEADERS])
def test_columns_are_found_by_name(header: str, taken: tuple[str | None, ...]) -> None:
    assert tuple(choose(header.split(","), Reading())) == taken


def test_what_may_be_no_table_of_articles_is_asked_for_the_usual_names_alone() -> None:
    assert choose(["序号", "检查内容"], Reading()).text == "检查内容"
    assert choose(["序号", "检查内容"], Reading(), usual=True).text is None


def test_what_the_user_says_goes_before_what_is_found() -> None:
    columns = choose(["text", "摘要", "文号"], Reading("摘要", id_column="文号"))
    assert (columns.text, columns.id) == ("摘要", "文号")


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_row_brings_its_date_and_unit_and_what_was_taken_is_said_once(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"2024年台账.{suffix}"
    rows = [("7", "小巷", TEXT, "2024年3月5日", "柳溪街道"), ("8", "沟渠", TEXT, "4月10日", "")]
    if suffix == "csv":
        lines = ["编号,标题,正文,日期,单位", *map(",".join, rows)]
    else:
        names = ("编号", "标题", "正文", "日期", "单位")
        lines = [json.dumps(dict(zip(names, row, strict=True))) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    first, second = read_documents(str(path))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.id, first.title, first.text) == ("7", "小巷", TEXT)
    assert (first.date, first.date_from, first.unit, first.unit_from) == (
        "2024-03-05", "column", "柳溪街道", "column",
    )  # fmt: skip
    assert (second.date, second.unit, second.unit_from) == ("2024-04-10", "", "")
    assert dict(first.extra) == {"日期": "2024年3月5日", "单位": "柳溪街道"}
    assert first.warnings == (
        "columns taken: the text = 正文, title = 标题, id = 编号, date = 日期, unit = 单位",
    )
    assert second.warnings == ()


@pytest.mark.parametrize(
    ("value", "message"), [("05/03/2024", "day or month first"), ("年初", "not understood")]
)
def test_a_date_that_is_not_used_is_named(tmp_path: Path, value: str, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"text,date\n{TEXT},{value}\n", encoding="utf-8")
    (document,) = read_documents(str(path))
    assert isinstance(document, Document)
    assert document.date == ""
    assert value in document.warnings[0]
    assert message in document.warnings[0]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a#1.csv", "a.xlsx"])
@pytest.mark.parametrize("id", ["7", None])
def test_what_is_said_of_a_file_names_the_file_and_what_is_said_of_a_row_the_row(
    tmp_path: Path, name: str, id: str | None
) -> None:
    row = {"正文": "", "标题": "小巷", **({"编号": id} if id else {})}
    if name.endswith(".xlsx"):
        book = pytest.importorskip("openpyxl").Workbook()
        for line in (list(row), list(row.values())):
            book.active.append(line)
        book.save(tmp_path / name)
    elif name.endswith(".csv"):
        (tmp_path / name).write_text(f"{','.join(row)}\n{','.join(row.values())}\n", "utf-8")
    else:
        (tmp_path / name).write_text(json.dumps(row) + "\n", "utf-8")
    (article,) = read_articles([str(tmp_path / name)], lambda error: pytest.fail(str(error)), Reading())
    told = [placed(article, warning) for warning in article.warnings]
    assert told[0].startswith(f"{tmp_path / name}: columns taken: the text = 正文")
    assert told[-1] == f"{tmp_path / name}#{id or 1}: the row has no text"
