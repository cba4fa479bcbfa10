"""The workbook as openpyxl reads it: sheets, headings in each language, ticks, formulas, print set-up."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from writers_data import LABELS, MODEL, article, paragraph, plain_row, tag

from civictag.datamodel import Article, Label
from civictag.errors import CivictagError
from civictag.writers import Options, as_xlsx, open_writer
from civictag.writers.sheets import workbook
from civictag.writers.sheets.formulas import quoted
from civictag.writers.sheets.headings import HEADINGS

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")
NASTY = (
    "=1+1", "+cmd|' /C calc'!A0", "http://a.example/", "0012", "a\x0b\x1bb", "x_x0041_y",
    "\udc80", "两行\n文字",
)  # fmt: skip


def written(
    path: Path, articles: Sequence[Article], options: Options | None = None, labels: Sequence[Label] = LABELS
) -> list[str]:
    with open_writer("xlsx", path, labels=labels, model=MODEL, options=options) as writer:
        for item in articles:
            writer.write(item)
    return writer.warnings


def sheets(path: Path, values: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(path, data_only=values)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def records(rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture
def filed(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    row = replace(plain_row(note="急"), unit="河东", date="2023-04-05")
    written(path, [replace(row, title="t"), article()], Options(explain=True, headings="zh"))
    return path


def test_the_sheets_are_in_chinese(filed: Path) -> None:
    found = sheets(filed)
    assert list(found) == ["段落", "文章", "汇总", "单位与月份", "编号"]
    first, second, *_ = records(found["段落"])
    assert list(first)[:9] == [
        "段落", "标签", "环境清洁", "邻里互助", "信息公开", "待复核", "核对", "理由", "标题",
    ]  # fmt: skip
    assert (first["标签"], first["环境清洁"], first["邻里互助"]) == ("环境清洁", "√", None)
    assert (first["单位"], first["日期"]) == ("河东", datetime.datetime(2023, 4, 5))
    assert (first["note"], first["原编号"], first["月份"]) == ("急", "7", "2023-04")
    assert second["标签"] == "环境清洁、邻里互助"
    assert second["理由"] == "环境清洁：清扫；邻里互助：住户、住户清扫门前"
    assert (second["单位"], second["环境清洁（概率）"]) == ("未注明", 0.93)
    assert not any("logit" in str(name) or "依据" in str(name) for name in first)


def test_an_article_has_a_row_and_the_sums_agree(filed: Path) -> None:
    found = sheets(filed)
    _, page = records(found["文章"])
    assert [page[n] for n in ("标题", "段数", "环境清洁", "邻里互助", "信息公开", "无标签", "待复核")] == [
        "柳树巷的一天", 3, 2, 1, 0, 1, 1,
    ]  # fmt: skip
    totals = {row[0]: row[1:5] for row in found["汇总"] if row[0]}
    assert totals["环境清洁"] == (3, 0.75, 2, 1)
    assert totals["无标签"][:2] == (1, 0.25)
    assert totals["合计"][:3] == (4, None, 2)
    assert totals["2023-04"][:3] == (1, 1, 1)
    assert totals["河东"][:3] == (1, 1, 1)


def monthly(month: int, unit: str, given: int, of: int) -> list[Article]:
    rows = [plain_row(f"{unit}{month}{i}", probability=0.9 if i < given else 0.1) for i in range(of)]
    return [replace(row, unit=unit, date=f"2024-{month:02d}-03") for row in rows]


@pytest.mark.parametrize("headings", HEADINGS)
def test_every_unit_and_month_with_the_change_to_the_month_before(headings: str, tmp_path: Path) -> None:
    articles = [
        *monthly(3, "甲", 1, 4),
        *monthly(4, "甲", 3, 4),
        *monthly(6, "甲", 1, 1),
        *monthly(4, "乙", 1, 2),
    ]
    written(tmp_path / "a.xlsx", articles, Options(headings=headings))
    rows = list(sheets(tmp_path / "a.xlsx").values())[3][1:]
    name = {"zh": "环境清洁", "en": "Cleanliness", "ids": "clean"}[headings]
    found = {(r[0], r[1]): r[3:] for r in rows if r[2] == name}
    assert found["甲", "2024-03"] == (1, 4, 0.25, 1, None, None)
    assert found["甲", "2024-04"] == (3, 4, 0.75, 3, 2, 50.0)
    assert found["甲", "2024-06"][4:] == (None, None), "May has nothing to compare with"
    everything = {"zh": "全部单位", "en": "All units", "ids": "all_units"}[headings]
    assert found[everything, "2024-04"][:2] == (4, 6)


def test_sums_are_formulas_over_the_ticks(filed: Path) -> None:
    cells = sheets(filed, values=False)
    row = cells["段落"][1]
    assert row[1].startswith('=MID(IF(C2="√","、环境清洁","")&IF(D2="√"')
    (clean,) = (row for row in cells["汇总"] if row[0] == "环境清洁")
    assert clean[1] == "=SUMPRODUCT(('段落'!$C$2:$C$5=\"√\")*1)"
    (page,) = (row for row in cells["文章"] if row[0] == "柳树巷的一天")
    assert page[5].endswith('"samples/a.txt")*(\'段落\'!$C$2:$C$5="√"))')


@pytest.mark.slow
def test_a_changed_tick_changes_the_sums(filed: Path) -> None:
    """LibreOffice reckons a workbook in which one tick was taken away and one set."""
    if (soffice := shutil.which("soffice")) is None:
        pytest.skip("no LibreOffice on this machine")
    book = openpyxl.load_workbook(filed)
    book["段落"]["C2"], book["段落"]["E3"] = None, "√"
    book.save(filed)
    command = [soffice, f"-env:UserInstallation={(filed.parent / 'home').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(filed.parent / "out"), str(filed)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found = sheets(filed.parent / "out" / filed.name)
    assert [row[1] for row in found["段落"][1:3]] == [None, "环境清洁、邻里互助、信息公开"]
    totals = {row[0]: row[1:3] for row in found["汇总"] if row[0]}
    assert (totals["环境清洁"], totals["信息公开"], totals["无标签"]) == ((2, 0.5), (1, 0.25), (2, 0.5))
    (page,) = (row for row in found["文章"] if row[0] == "柳树巷的一天")
    assert page[5:9] == (2, 1, 1, 1)


def test_ids_serve_programs(tmp_path: Path) -> None:
    written(tmp_path / "a.xlsx", [article()], Options(explain=True, headings="ids"))
    found = sheets(tmp_path / "a.xlsx", values=False)
    assert list(found) == ["paragraphs", "articles", "summary", "by_unit_and_month", "ids"]
    first = records(found["paragraphs"])[0]
    assert [first[n] for n in ("tags", "clean", "news", "review", "index", "p_help")] == [
        "clean help", 1, 0, 0, 1, 0.71,
    ]  # fmt: skip
    assert first["evidence_clean"] == "清扫 +1.00; 晚会 −0.25"


def test_the_ids_stand_in_a_sheet_of_their_own(filed: Path) -> None:
    rows = {row[0]: row[1] for row in sheets(filed)["编号"] if row[0]}
    assert (rows["环境清洁"], rows["段号"], rows["机器标签"]) == ("clean", "index", "suggested")
    assert ("model version", "1.2") in [row[1:3] for row in sheets(filed)["编号"]]


def test_names_that_clash_are_told_apart(tmp_path: Path) -> None:
    labels = [Label("text", "标题"), Label("unit", "单位"), Label("p_text", "备注")]
    body = paragraph(0, "住户清扫。", (tag("clean", 0.9),))
    tagged = replace(body, tags=tuple(replace(body.tags[0], label=x.id) for x in labels), scores={})
    row = replace(plain_row(**{"标题": "甲", "标签": "乙"}), title="丙", paragraphs=(tagged,))
    written(tmp_path / "a.xlsx", [row], Options(headings="zh"), labels)
    found = sheets(tmp_path / "a.xlsx")
    names = found["段落"][0]
    assert len(set(names)) == len(names)
    record = records(found["段落"])[0]
    assert (record["标题"], record["标题 (2)"], record["标题 (3)"], record["标签 (2)"]) == (
        "丙",
        "√",
        "甲",
        "乙",
    )
    assert record["标签"] == "标题、单位、备注"


def test_it_is_ready_to_use_and_to_print(filed: Path) -> None:
    sheet = openpyxl.load_workbook(filed)["段落"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet["A2"].alignment.wrap_text
    assert sheet.column_dimensions["A"].width > 60
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$1"
    ticks = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert ticks["C2:C5"] == '"√"'
    heads = {cell.value: cell.column_letter for cell in sheet[1]}
    assert sheet.column_dimensions[heads["月份"]].hidden
    assert sheet[f"{heads['环境清洁（概率）']}2"].number_format == "0.0%"
    assert sheet[f"{heads['日期']}2"].number_format == "yyyy-mm-dd"
    assert len(openpyxl.load_workbook(filed)["汇总"]._charts) == 1


@pytest.mark.parametrize(
    ("text", "height"), [("短。", 16.5), ("路" * 100, 66), ("一\n二\n三\n四", 66), ("路" * 9999, 408.75)]
)
def test_a_row_is_as_high_as_its_text(text: str, height: float, tmp_path: Path) -> None:
    written(tmp_path / "a.xlsx", [replace(plain_row(), paragraphs=(paragraph(0, text, ()),))])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert sheet.row_dimensions[2].height == height


def test_what_a_person_ticks_stands_where_ticks_stand(tmp_path: Path) -> None:
    """An empty cell takes the column's format: a tick chosen in it stood at the lower left before."""
    written(tmp_path / "a.xlsx", [plain_row()])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    place = {cell.value: cell.column for cell in sheet[1]}
    for name, horizontal in (("Checked", "center"), ("Title", None)):
        (its,) = [d for d in sheet.column_dimensions.values() if d.min <= place[name] <= d.max]
        assert (its.alignment.horizontal, its.alignment.vertical) == (horizontal, "top")


def test_every_text_stays_a_text(tmp_path: Path) -> None:
    rows = [replace(plain_row(str(i)), paragraphs=(paragraph(0, t, ()),)) for i, t in enumerate(NASTY)]
    written(tmp_path / "a.xlsx", rows)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    cells = [sheet.cell(row, 1) for row in range(2, 2 + len(NASTY))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert [cell.value for cell in cells[:4]] == list(NASTY[:4])
    assert [cell.value for cell in cells[6:]] == ["\\udc80", "两行\n文字"]


def test_a_label_name_is_no_formula(tmp_path: Path) -> None:
    label = Label("clean", '环"&1/0&"境')
    written(tmp_path / "a.xlsx", [plain_row()], Options(headings="zh"), [label])
    assert '"、环""&1/0&""境"' in sheets(tmp_path / "a.xlsx", values=False)["段落"][1][1]


def test_a_cell_too_long_is_cut_and_that_is_said(tmp_path: Path) -> None:
    long = replace(plain_row(), paragraphs=(paragraph(0, "路" * 40_000, ()),))
    (warning,) = written(tmp_path / "a.xlsx", [long])
    assert warning.startswith("1 cell was cut at 32767")
    assert len(sheets(tmp_path / "a.xlsx")["Paragraphs"][1][0]) == 32_767


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    with pytest.raises(CivictagError, match=r"a spreadsheet holds 3 paragraphs.*csv"):
        written(tmp_path / "a.xlsx", [plain_row()] * 4)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("河东", '"河东"'),
        ("甲\x0b乙", '"甲"&CHAR(11)&"乙"'),  # a control character ends an XML file
        ("长" * 250, f'"{"长" * 120}"&"{"长" * 120}"&"{"长" * 10}"'),  # Excel: 255 characters at most
        ('说"好"', '"说""好"""'),
        ("", '""'),
        ("\ud800", '"\\ud800"'),
    ],
)
def test_any_text_can_stand_in_a_formula(text: str, formula: str, tmp_path: Path) -> None:
    assert quoted(text) == formula
    path = tmp_path / "a.xlsx"
    written(path, [replace(plain_row(), unit=text, source=f"a{text}.csv#1")])
    assert sheets(path)


def test_a_formula_too_long_for_excel_is_a_plain_sum(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    written(path, [replace(plain_row(), unit="甲" * 9000)], Options(headings="en"))
    rows = records(sheets(path, values=False)["Units and months"])
    assert [str(row["Paragraphs"])[:1] for row in rows if row["Label"] == "Cleanliness"] == ["=", "1"]


def test_the_overview_has_every_month(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    dates = [f"{2020 + n // 12}-{n % 12 + 1:02d}-05" for n in range(30)]
    written(path, [replace(plain_row(str(n)), date=day) for n, day in enumerate(dates)])
    assert {day[:7] for day in dates} <= {row[0] for row in sheets(path)["Summary"]}


def test_articles_without_a_month_have_no_month_before(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    written(path, [plain_row("1", note="急"), plain_row("2", note="急")])
    assert {row["Change to last month"] for row in records(sheets(path)["Units and months"])} == {None}


def test_a_column_of_the_users_called_like_the_month_of_a_report(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    written(path, [replace(plain_row("1", report_month="四月"), date="2024-04-02")])
    assert {row["Month"] for row in records(sheets(path)["Paragraphs"])} == {"2024-04"}


@pytest.mark.parametrize(
    ("further", "unit", "date", "kept"),
    [
        ({"单位": "甲局", "日期": "2024-04-05"}, "甲局", "2024-04-05", set()),
        ({"单位": "甲局", "部门": "乙科"}, "乙科", "", {"甲局", "乙科"}),  # the unit is another column's
        ({"日期": "上旬"}, "", "", {"上旬"}),  # not understood
        ({"report_month": "四月"}, "", "", {"四月"}),
    ],
)
def test_a_column_called_like_ours_that_says_something_else_is_kept(
    further: dict[str, object], unit: str, date: str, kept: set[str], tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    written(path, [replace(plain_row("1", **further), unit=unit, date=date)])
    (row,) = records(sheets(path)["Paragraphs"])
    assert {
        value for name, value in row.items() if name in further or name.removesuffix(" (2)") in further
    } == kept


def test_units_too_many_to_be_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    rows = [replace(plain_row(str(n)), unit=f"{n}号") for n in range(5)]
    monkeypatch.setattr(as_xlsx, "_MOST_LIVE_UNITS", 4)
    assert written(path, rows) == []
    assert not any(
        str(cell)[:1] == "=" for row in sheets(path, values=False)["Units and months"] for cell in row
    )
    monkeypatch.setattr(as_xlsx, "_MOST_UNITS", 4)
    assert written(path, rows) == [
        "5 units are too many to be counted one by one (the most is 4): the sums are of all units together"
    ]
    assert {row["Unit"] for row in records(sheets(path)["Units and months"])} == {"All units"}


def test_large_workbooks_have_plain_sums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_xlsx, "_MOST_LIVE", 3)
    written(tmp_path / "a.xlsx", [plain_row(str(i)) for i in range(6)], Options(headings="zh"))
    cells = sheets(tmp_path / "a.xlsx", values=False)
    assert len(cells["文章"]) == 7
    assert next(row[1] for row in cells["汇总"] if row[0] == "环境清洁") == 6


def test_a_workbook_without_articles(tmp_path: Path) -> None:
    written(tmp_path / "a.xlsx", [])
    found = sheets(tmp_path / "a.xlsx")
    assert [len(found[name]) for name in ("Paragraphs", "Articles", "Units and months")] == [1, 1, 1]
