"""Workbooks and Word files as offices keep them: nothing of them is lost without a word."""

from __future__ import annotations

import copy
import datetime
import os
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from commands import Command
from xlsb_files import xlsb

from civictag.cli.doctor import _office
from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.readers import Reading, read_documents
from civictag.readers.documents import convert

TEXT = "社区组织保洁员清扫背街小巷，清运积存垃圾三车，路面干净了许多。"
MORE = "镇里给每个村配了分类垃圾亭，聘请村民当监督员，每月评比一次。"


def documents(path: Path) -> list[Document]:
    found = list(read_documents(str(path)))
    assert not [item for item in found if isinstance(item, InputError)]
    return [item for item in found if isinstance(item, Document)]


def workbook(path: Path) -> Path:
    """A title over the header, merged units, numbers with zeros, dates, two months, a sheet of notes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "三月"
    sheet.append(["柳溪街道2024年信息报送台账"])
    sheet.merge_cells("A1:E1")
    sheet.append(["编号", "标题", "正文", "日期", "单位"])
    sheet.append([7, "小巷", TEXT, datetime.datetime(2024, 3, 5), "柳溪街道"])
    sheet["A3"].number_format = "00000"
    sheet.append([8, "沟渠", MORE, "4月10日", None])
    sheet.append([12345678901234567, "算式", '=A3&"。"', 45356, None])
    sheet.merge_cells("E3:E5")
    second = book.create_sheet("四月")
    second.append(["编号", "标题", "正文"])
    second.append(["00123", "广场", TEXT])
    book.create_sheet("说明").append(["填表说明"])
    book.save(path)
    return path


def changed(source: Path, target: Path, change: re.Pattern[bytes], by: bytes) -> Path:
    """A copy whose first sheet's XML is another."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("worksheets/sheet1.xml"):
                data, count = change.subn(by, data)
                assert count
            new.writestr(name, data)
    return target


def test_all_sheets_with_the_columns_and_what_else_there_is_is_said(tmp_path: Path) -> None:
    first, second, third, april = documents(workbook(tmp_path / "a.xlsx"))
    assert [d.id for d in (first, second, third, april)] == ["00007", "8", "12345678901234570", "00123"]
    assert [d.title for d in (first, second, april)] == ["小巷", "沟渠", "广场"]
    assert [d.date for d in (first, second, third, april)] == ["2024-03-05", "2024-04-10", "2024-03-05", ""]
    assert [d.unit for d in (first, second, third, april)] == ["柳溪街道"] * 3 + [""]
    assert [first.source, april.source] == [
        f"{tmp_path / 'a.xlsx'}[三月]#00007",
        f"{tmp_path / 'a.xlsx'}[四月]#00123",
    ]
    told = "\n".join(first.warnings)
    for part in ("not read: 说明", "1 formula has no stored value", "more than 15 digits", "text = 正文"):
        assert part in told


SHEETS: dict[str, list[list[object]]] = {
    "三月": [
        ["柳溪街道三月信息台账", None, None, None],
        ["编号", "标题", "正文", "日期"],
        [7.0, "小巷", TEXT, 45356.0],
        ["0008", "沟渠", MORE, "2024年3月10日"],
        [None, None, None, None],
    ],
    "四月": [["编号", "标题", "正文", "日期"], [123.0, "广场", TEXT + MORE, None]],
    "说明": [["填表说明"], ["每月五日前报送"]],
}


def test_a_row_that_explains_a_column_is_no_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["列名", "代码", "说明"], ["正文", "text"], ["标题", "title"]):
        book.active.append(row)
    book.create_sheet("台账").append(["标题", "正文"])
    book["台账"].append(["小巷", TEXT])
    book.save(path := tmp_path / "a.xlsx")
    assert [d.text for d in documents(path)] == [TEXT]


@pytest.mark.parametrize(
    ("formula", "lost"),
    [
        (b'<c r="C5"><f>A3</f><v></v></c>', True),
        (b'<c r="C5" s="1"><f>A3</f><v/></c>', True),
        (b'<c r="C5" t="str"><f>A3</f><v></v></c>', False),
        (b'<c r="C5" s="1" t="str"><f aca="false">A3</f><v></v></c>', False),
    ],
)
def test_an_empty_text_is_the_stored_value_of_a_formula(tmp_path: Path, formula: bytes, lost: bool) -> None:
    source = workbook(tmp_path / "a.xlsx")
    path = changed(source, tmp_path / "b.xlsx", re.compile(rb'<c r="C5".*?</c>'), formula)
    assert ("no stored value" in "".join(documents(path)[0].warnings)) is lost


def test_a_binary_workbook_with_its_sheets(tmp_path: Path) -> None:
    found = documents(xlsb(tmp_path / "a.xlsb", SHEETS))
    assert [(d.id, d.title, d.text, d.date) for d in found] == [
        ("7", "小巷", TEXT, "2024-03-05"),
        ("0008", "沟渠", MORE, "2024-03-10"),
        ("123", "广场", TEXT + MORE, ""),
    ]
    told = "\n".join(found[0].warnings)
    for part in ("not read: 说明", "an .xlsb does not tell the zeros", "text = 正文"):
        assert part in told


def test_a_binary_workbook_that_breaks_off_is_named_and_the_last_line_counts_it(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], small_model: str
) -> None:
    data = xlsb(tmp_path / "a.xlsb", SHEETS).read_bytes()
    (tmp_path / "b.xlsb").write_bytes(data[: len(data) // 2])
    code, out, err = Command(capfdbinary)("tag", tmp_path, "-m", small_model, "-f", "jsonl")
    assert code == 3
    assert out.count("\n") == 3
    assert "b.xlsb: " in err
    assert err.splitlines()[-1] == "civictag: 1 file read, 3 articles, 1 file could not be read"


NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
ODS = f"""<office:document-content xmlns:office="{NAMESPACE}office:1.0" xmlns:table="{NAMESPACE}table:1.0"
 xmlns:text="{NAMESPACE}text:1.0"><office:body><office:spreadsheet>
<table:table table:name="三月"><table:table-row table:number-rows-repeated="2">
<table:table-cell table:number-columns-repeated="4"/></table:table-row>%s</table:table>
<table:table table:name="四月">%s</table:table>
</office:spreadsheet></office:body></office:document-content>""".replace(">\n", ">")


MANIFEST = f"""<manifest:manifest xmlns:manifest="{NAMESPACE}manifest:1.0">
<manifest:file-entry manifest:full-path="/"
 manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
</manifest:manifest>"""


def ods_row(*cells: str | tuple[str, str, str]) -> str:
    """A row of an .ods; a cell is its text, or (attributes, number, what is shown of it)."""
    made = ""
    for cell in cells:
        if isinstance(cell, str):
            given = f'office:value-type="string"><text:p>{cell}</text:p>' if cell else ">"
        else:
            kind = (
                f'office:value-type="float" office:value="{cell[1]}"'
                if cell[1]
                else 'office:value-type="string"'
            )
            given = f"{cell[0]} {kind}><text:p>{cell[2]}</text:p>"
        made += f"<table:table-cell {given}</table:table-cell>"
    return f"<table:table-row>{made}</table:table-row>"


def ods(path: Path) -> Path:
    """As ``workbook``: numbers with zeros, a unit over three rows, blank rows repeated, a second sheet."""
    head = ods_row("编号", "正文", "单位", "日期")
    unit = ('table:number-rows-spanned="3"', "", "柳溪街道")
    first = ods_row(("", "7", "00007"), TEXT, unit, "2024-03-05")
    covered = "<table:covered-table-cell/>"
    others = [
        ods_row(("", n, f"{n:0>5}"), MORE, "", "4月10日").replace(
            "<table:table-cell ></table:table-cell>", covered
        )
        for n in "89"
    ]
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", MANIFEST)
        package.writestr("content.xml", ODS % (head + first + "".join(others), head + first))
    return path


def test_an_ods_has_its_merged_cells_and_the_zeros_that_it_shows(tmp_path: Path) -> None:
    found = documents(ods(tmp_path / "2024年.ods"))
    assert [(d.id, d.unit) for d in found] == [
        ("00007", "柳溪街道"),
        ("00008", "柳溪街道"),
        ("00009", "柳溪街道"),
        ("00007", "柳溪街道"),
    ]
    assert [d.date for d in found] == ["2024-03-05", "2024-04-10", "2024-04-10", "2024-03-05"]


@pytest.mark.parametrize("suffix", [".xls", ".et"])
def test_an_old_workbook_has_the_zeros_that_it_shows(tmp_path: Path, suffix: str) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("三月")
    for at, name in enumerate(("编号", "正文", "单位")):
        sheet.write(0, at, name)
    zeros = xlwt.easyxf(num_format_str="00000")
    for row, (number, text) in enumerate([(7, TEXT), (8, MORE)], 1):
        sheet.write(row, 0, number, zeros)
        sheet.write(row, 1, text)
    sheet.write(3, 0, 9)
    sheet.write(3, 1, TEXT)
    sheet.write_merge(1, 3, 2, 2, "柳溪街道")
    with (tmp_path / f"a{suffix}").open("wb") as file:
        book.save(file)
    found = documents(tmp_path / f"a{suffix}")
    assert [(d.id, d.unit) for d in found] == [
        ("00007", "柳溪街道"),
        ("00008", "柳溪街道"),
        ("9", "柳溪街道"),
    ]


def test_an_xlsx_under_the_name_of_an_old_workbook(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx").rename(tmp_path / "a.xls")
    assert documents(tmp_path / "a.xls")[0].id == "00007"


CHANGES = {
    "wrong dimension": (rb'<dimension ref="[^"]*"\s*/>', b'<dimension ref="A1"/>'),
    "rows in another order": (rb'(<row r="3".*?</row>)(<row r="4".*?</row>)', rb"\2\1"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_sheet_that_is_written_oddly_is_read_the_same(tmp_path: Path, name: str) -> None:
    pattern, by = CHANGES[name]
    plain = workbook(tmp_path / "plain.xlsx")
    odd = changed(plain, tmp_path / "odd.xlsx", re.compile(pattern, re.S), by)
    assert [(d.id, d.text) for d in documents(odd)] == [(d.id, d.text) for d in documents(plain)]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "text", "text"])
    book.active.append([1, TEXT, MORE])
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "a.csv").write_text(f"id,text,text\n1,{TEXT},{MORE}\n", encoding="utf-8")
    for name in ("a.xlsx", "a.csv"):
        with pytest.raises(InputError, match="two columns are called"):
            list(read_documents(str(tmp_path / name)))


def test_a_row_number_of_a_thousand_million_is_refused_by_name_and_the_next_file_is_read(
    tmp_path: Path,
) -> None:
    plain = workbook(tmp_path / "plain.xlsx")
    hostile = changed(plain, tmp_path / "rows.xlsx", re.compile(rb'(r="[A-E]?)5"'), rb'\g<1>1000000000"')
    with pytest.raises(InputError, match=r"rows\.xlsx"):
        list(read_documents(str(hostile)))
    assert len(documents(plain)) == 4


WRAPPED = """<w:p><w:r><w:t>甲</w:t></w:r><w:ins w:id="1" w:author="x"><w:r><w:t>插入</w:t></w:r></w:ins>
<w:del w:id="2" w:author="x"><w:r><w:delText>删除</w:delText></w:r></w:del></w:p><w:sdt>
<w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt><w:p><w:sdt>
<w:sdtContent><w:r><w:t>行内</w:t></w:r></w:sdtContent></w:sdt><w:smartTag w:element="x"><w:r>
<w:t>标记</w:t></w:r></w:smartTag><w:customXml w:element="y"><w:r><w:t>自定</w:t></w:r>
</w:customXml><w:fldSimple w:instr="DATE"><w:r><w:t>域值</w:t></w:r></w:fldSimple>
<w:moveFrom w:id="5" w:author="x"><w:r><w:t>移走</w:t></w:r></w:moveFrom>
<w:moveTo w:id="6" w:author="x"><w:r><w:t>移来</w:t></w:r></w:moveTo><w:r><w:rPr><w:vanish/>
</w:rPr><w:t>隐藏</w:t></w:r></w:p><w:p><w:r><w:pict>
<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:t>框内
</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p><w:tbl><w:tr><w:tc>
<w:p><w:r><w:t>格一</w:t></w:r></w:p><w:p><w:r><w:t>格二</w:t></w:r></w:p></w:tc><w:tc><w:tcPr>
<w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>合并</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc>
<w:p><w:r><w:t>格三</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>
</w:tbl>"""
GRID = """<w:p><w:r><w:t>柳溪街道工作台账</w:t></w:r></w:p><w:tbl>%s</w:tbl>"""


def word(path: Path, body: str) -> Path:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    parts = "application/vnd.openxmlformats-package.relationships+xml"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{types}"><Default Extension="rels" ContentType="{parts}"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        )
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relations}">'
            f'<Relationship Id="r1" Type="{kind}" Target="word/document.xml"/></Relationships>',
        )
        package.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
    return path


def test_word_is_read_whole_whatever_wraps_the_text(tmp_path: Path) -> None:
    (document,) = documents(word(tmp_path / "a.docx", WRAPPED.replace("\n", "")))
    assert document.text.split("\n") == [
        "甲插入", "控件", "行内标记自定域值移来", "框内", "格一", "格二", "合并", "格三",
    ]  # fmt: skip


def test_the_rows_of_a_table_of_articles_in_word_are_articles(tmp_path: Path) -> None:
    rows = [
        ["序号", "日期", "工作内容", "责任单位"],
        ["1", "2024年5月3日", TEXT, "城管科"],
        ["2", "2024年5月4日", MORE, "环卫所"],
    ]
    cells = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>" for c in row) + "</w:tr>"
        for row in rows
    )
    first, second = documents(word(tmp_path / "a.docx", GRID % cells))
    assert (first.text, first.id, first.date, first.unit) == (TEXT, "1", "2024-05-03", "城管科")
    assert (second.text, second.unit, second.is_row) == (MORE, "环卫所", True)


def test_a_table_that_spans_ten_million_columns_does_no_harm(tmp_path: Path) -> None:
    span = '<w:tcPr><w:gridSpan w:val="10000000"/></w:tcPr>'
    cell = f"<w:tbl><w:tr><w:tc>{span}<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    (document,) = documents(word(tmp_path / "a.docx", cell))
    assert document.text == TEXT


@pytest.mark.skipif(shutil.which("soffice") is not None, reason="LibreOffice is installed")
def test_old_formats_without_libreoffice_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(InputError, match=r"Save it as \.docx, or install LibreOffice"):
        list(read_documents(str(tmp_path / "a.doc")))


def test_old_formats_without_a_program_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    (tmp_path / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(InputError, match=r"Save it as \.docx, or install LibreOffice"):
        list(read_documents(str(tmp_path / "a.doc")))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_old_formats_by_libreoffice(tmp_path: Path) -> None:
    rtf = "".join(f"\\u{ord(c)}?" for c in TEXT)
    (tmp_path / "a.rtf").write_text("{\\rtf1\\ansi " + rtf + "\\par}", encoding="ascii")
    (document,) = documents(tmp_path / "a.rtf")
    assert (document.text, document.source) == (TEXT, str(tmp_path / "a.rtf"))


def test_a_web_page_under_the_name_of_a_word_file(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_text(f"<html><body><p>{TEXT}</p><p>{MORE}</p></body></html>", encoding="utf-8")
    (document,) = documents(tmp_path / "a.doc")
    assert document.text.split("\n") == [TEXT, MORE]


CSV = {
    "sep line": (f"sep=;\r\nid;text\r\n1;{TEXT}\r\n", [TEXT]),
    "bar": (f"id|text\n1|{TEXT}\n", [TEXT]),
    "full-width comma": ("id，text\n1，清扫小巷。\n", ["清扫小巷。"]),
    "old Mac": ("id,text\r1,清扫小巷。\r2,清运垃圾。\r", ["清扫小巷。", "清运垃圾。"]),
    "quoted newline": ('id,text\n1,"清扫\n小巷。"\n', ["清扫\n小巷。"]),
}


@pytest.mark.parametrize("name", CSV)
def test_dialects_of_csv(tmp_path: Path, name: str) -> None:
    content, texts = CSV[name]
    (tmp_path / "a.csv").write_bytes(content.encode())
    assert [d.text for d in documents(tmp_path / "a.csv")] == texts


OPEN = [
    ('id,text\n1,"甲乙\n2,丙丁\n3,戊己\n', [2], ["丙丁", "戊己"]),
    ('id,text\n1,"甲乙\n2,"丙丁"\n3,戊己\n', [2], ["丙丁", "戊己"]),
    ('id,text\n1,甲乙\n2,"他说"好"，走了"\n3,戊己\n', [3], ["甲乙", "戊己"]),
]


@pytest.mark.parametrize(("content", "lines", "texts"), OPEN)
def test_an_open_quotation_mark_swallows_no_row(
    tmp_path: Path, content: str, lines: list[int], texts: list[str]
) -> None:
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    found = list(read_documents(str(tmp_path / "a.csv")))
    assert [item.line for item in found if isinstance(item, InputError)] == lines
    assert [item.text for item in found if isinstance(item, Document)] == texts


JSON = [
    ("a.json", '[\n {"text": "清扫小巷。"},\n {"text": "清运垃圾。"}\n]'),
    ("a.json", '{"data": [{"text": "清扫小巷。"}, {"text": "清运垃圾。"}]}'),
    ("a.ndjson", '{"text": "清扫小巷。"}\n{"text": "清运垃圾。", "score": NaN}\n'),
]


@pytest.mark.parametrize(("name", "content"), JSON)
def test_arrays_and_lines_of_json(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = documents(tmp_path / name)
    assert [d.text for d in found] == ["清扫小巷。", "清运垃圾。"]
    assert dict(found[-1].extra) in ({}, {"score": None})
    assert list(read_documents(str(tmp_path / name), Reading()))


MAIL = (
    "Subject: =?utf-8?b?5bCP5be3?=\r\nDate: Tue, 05 Mar 2024 08:00:00 +0800\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=gbk\r\n'
    "Content-Transfer-Encoding: 8bit\r\n\r\n%s\r\n--b\r\nContent-Type: image/png\r\n"
    'Content-Disposition: attachment; filename="a.png"\r\n\r\nx\r\n--b--\r\n'
)


def test_a_mail_has_its_subject_and_date_and_attachments_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes((MAIL % TEXT).encode("gbk"))
    (document,) = documents(tmp_path / "a.eml")
    assert (document.text.strip(), document.title, document.date) == (TEXT, "小巷", "2024-03-05")
    assert document.warnings == ("attachments, not read: a.png",)


def test_a_page_saved_in_one_file(tmp_path: Path) -> None:
    page = f"<html><title>小巷</title><body><p>{TEXT}</p><p>{MORE}</p></body></html>"
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b; type=text/html\r\n\r\n--b\r\n"
    part = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    (tmp_path / "a.mht").write_bytes((head + part + page + "\r\n--b--\r\n").encode())
    (document,) = documents(tmp_path / "a.mht")
    assert (document.text.split("\n"), document.title) == ([TEXT, MORE], "小巷")


def test_an_archive_is_read_as_a_folder_and_what_it_holds_else_is_said(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        package.writestr("../小巷.txt", TEXT)
        package.writestr("照片.jpg", b"x")
        package.writestr("空.txt", b"")
    first, *others = read_documents(str(tmp_path / "a.zip"))
    assert isinstance(first, Document)
    assert (first.text, first.source) == (TEXT, f"{tmp_path / 'a.zip'}/../小巷.txt")
    assert [str(item).split(": ", 1)[1][:18] for item in others] == [
        "the file is empty",
        "passed over: .jpg ",
    ]
    assert not (tmp_path.parent / "小巷.txt").exists()


def test_a_members_name_and_folder_tell_its_date_and_unit(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        package.writestr("河东街道/2024-04-12简报.txt", TEXT)
        package.writestr("CON/nul.txt", TEXT)  # names that Windows keeps for itself
    first, second = read_documents(str(tmp_path / "a.zip"))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.date, first.date_from, first.unit, first.unit_from) == (
        "2024-04-12",
        "name",
        "河东街道",
        "folder",
    )
    assert second.source.endswith("a.zip/CON/nul.txt")


@pytest.mark.parametrize("on_path", [True, False])
def test_libreoffice_is_found_where_doctor_finds_it(
    on_path: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows it is seldom on the path: doctor saw it, and the readers did not."""
    found = tmp_path / "LibreOffice" / "program" / "soffice.exe"
    found.parent.mkdir(parents=True)
    found.touch()
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    monkeypatch.setattr(convert.shutil, "which", lambda name: "/here" if on_path else None)
    assert convert.program() == _office().detail == ("/here" if on_path else str(found))


def test_a_file_that_was_left_half_way_does_not_answer_for_the_next(tmp_path):
    names = ["一", "二", "三"]
    for name in names:
        word(tmp_path / f"{name}.docx", f"<w:p><w:r><w:t>{name}号楼的保洁员清扫了楼道。</w:t></w:r></w:p>")
    first = [next(iter(read_documents(str(tmp_path / f"{name}.docx")))).text[:1] for name in names]
    assert first == names  # each generator was left after its first document
    running = [iter(read_documents(str(tmp_path / f"{name}.docx"))) for name in names]
    assert [next(one).text[:1] for one in running] == names  # and here all are open at once
    assert [list(one) for one in running] == [[], [], []]


@pytest.mark.parametrize("more", [("-j", "2"), ("--resume",)], ids=" ".join)
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_documents_in_parts_are_all_there(tmp_path, capfdbinary, small_model, form, more):
    for name in "一二三":
        word(tmp_path / f"{name}.docx", f"<w:p><w:r><w:t>{name}号楼的保洁员清扫了楼道。</w:t></w:r></w:p>")
    out = tmp_path / f"out.{form}"
    code, _, err = Command(capfdbinary)("tag", tmp_path, "-m", small_model, "-o", out, *more)
    assert (code, "3 files read, 3 articles" in err) == (0, True)
    told = out.read_text("utf-8-sig")
    assert [f"{name}号楼" in told for name in "一二三"] == [True] * 3


def test_a_converted_file_without_text_is_named_as_the_original(tmp_path, monkeypatch):
    """Never by the name of the temporary file that LibreOffice made."""
    docx = pytest.importorskip("docx")
    made = tmp_path / "made.docx"
    docx.Document().save(str(made))
    original = tmp_path / "old.odt"
    original.write_bytes(b"PK\x03\x04")
    monkeypatch.setattr(convert, "converted", lambda path: str(made))
    monkeypatch.setattr(convert, "discard", lambda path: None)
    with pytest.raises(InputError, match="holds no text") as caught:
        list(read_documents(str(original)))
    assert caught.value.where == str(original)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A header that names sectors of 512 bytes and its directory in the first of them.
HEADER = (OLE + b"\0" * 22 + b"\x09\0" + b"\0" * 16 + b"\0\0\0\0").ljust(512, b"\0")
ROOT = ("Root Entry".encode("utf-16-le").ljust(66, b"\0") + b"\5").ljust(128, b"\0")
RUBBISH = {
    "junk.doc": OLE + bytes(range(1, 256)) * 9,
    "letters.doc": OLE + TEXT.encode("utf-16-le") * 40,
    "zeros.wps": OLE + bytes(5_000),
    "ends.doc": HEADER[:300],
    "no_root.doc": HEADER + b"\1" * 4_000,
    "no_document.doc": HEADER + ROOT + b"\0" * 4_000,
    "marked.rtf": OLE + b"{\\rtf1 " + bytes(range(1, 256)) * 9,
    "unmarked.doc": bytes(range(256)) * 9,
    "unmarked.odt": bytes(range(255, -1, -1)) * 9,
}


@pytest.fixture
def never_libreoffice(monkeypatch):
    """It seems to be installed; asked for, it makes the test fail."""
    monkeypatch.setattr(convert, "program", lambda: "soffice")
    monkeypatch.setattr(convert, "_run", lambda *_given: pytest.fail("LibreOffice was asked"))


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_is_not_read_as_an_article_by_libreoffice(tmp_path: Path, never_libreoffice, name) -> None:
    (tmp_path / name).write_bytes(RUBBISH[name])
    convert.convert([str(tmp_path / name)])
    with pytest.raises(InputError, match=r"not a Word file that can be read|not a text file"):
        list(read_documents(str(tmp_path / name)))


@pytest.mark.parametrize(("body", "told"), [("<text:p>扫", "lost its text"), ("<text:p/>", "no text")])
def test_text_that_libreoffice_lost_is_missed(tmp_path: Path, monkeypatch, body: str, told: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.odt", "w") as package:
        package.writestr("content.xml", f"<office:body><office:text>{body}</office:text></office:body>")
    word(tmp_path / "made.docx", "<w:p/>")
    monkeypatch.setattr(convert, "converted", lambda _path: str(tmp_path / "made.docx"))
    with pytest.raises(InputError, match=told):
        list(read_documents(str(tmp_path / "a.odt")))


def test_what_may_be_a_word_file_goes_to_libreoffice(tmp_path: Path, monkeypatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(convert, "program", lambda: "soffice")
    monkeypatch.setattr(convert, "_run", lambda _office, inputs, _folder: asked.extend(inputs))
    whole = HEADER + ROOT + "WordDocument".encode("utf-16-le").ljust(128, b"\0") + bytes(900)
    for name in ("a.doc", "b.wps"):
        (tmp_path / name).write_bytes(whole)
    convert.convert([str(tmp_path / name) for name in ("a.doc", "b.wps")])
    assert len(asked) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_text_under_the_name_of_a_word_file(tmp_path: Path, never_libreoffice, encoding) -> None:
    (tmp_path / "a.doc").write_bytes(f"{TEXT}\n{MORE}".encode(encoding))
    (document,) = documents(tmp_path / "a.doc")
    assert document.text == f"{TEXT}\n{MORE}"


def test_a_workbook_of_thousands_of_sheets_on_one_part_is_refused_by_name(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/workbook.xml":
                sheet = re.search(rb"<sheet [^>]*/>", data)[0]
                more = (re.sub(rb'name="[^"]*"', b'name="s%d"' % n, sheet) for n in range(2_000))
                data = data.replace(sheet, sheet + b"".join(more))
            new.writestr(name, data)
    with pytest.raises(InputError, match="more than 2000 sheets"):
        list(read_documents(str(tmp_path / "b.xlsx")))


def test_members_of_one_name_are_told_apart_and_archives_in_archives_are_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        package.writestr("小巷.txt", TEXT)
        with pytest.warns(UserWarning, match="Duplicate"):
            package.writestr("小巷.txt", MORE)
        package.writestr("内.zip", b"PK")
    first, second, told = read_documents(str(tmp_path / "a.zip"))
    assert (first.text, first.source) == (TEXT, f"{tmp_path}/a.zip/小巷.txt")
    assert (second.text, second.source) == (MORE, f"{tmp_path}/a.zip/小巷.txt (2)")
    assert "an archive in an archive; unpack it first" in str(told)


@pytest.mark.parametrize("suffix", [".zip", ".docx", ".xlsx"])
def test_parts_that_share_their_bytes_are_refused(tmp_path: Path, suffix: str) -> None:
    with zipfile.ZipFile(tmp_path / f"a{suffix}", "w") as package:
        package.writestr("0.txt", TEXT)
        for number in range(1, 9):
            again = copy.copy(package.filelist[0])
            again.filename = again.orig_filename = f"{number}.txt"
            package.filelist.append(again)
    with pytest.raises(InputError, match="share their bytes"):
        list(read_documents(str(tmp_path / f"a{suffix}")))
