"""Every format to Documents, and what each says about a file that it cannot read."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.paragraphs import split
from civictag.readers import Reading, find_inputs, read_documents
from civictag.util.origin import placed

TEXT = "社区组织保洁员清扫背街小巷，清运积存垃圾三车，路面干净了许多。"
MORE = "镇里给每个村配了分类垃圾亭，聘请村民当监督员，每月评比一次。"


def read(path: Path | str, **options: object) -> list[Document | InputError]:
    return list(read_documents(str(path), Reading(**options)))  # type: ignore[arg-type]


def one(path: Path | str, **options: object) -> Document:
    (document,) = read(path, **options)
    assert isinstance(document, Document)
    return document


def error(path: Path | str, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        read(path, **options)
    return str(caught.value)


# ---- one article per file ------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_text_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(f"{TEXT}\n{MORE}".encode(encoding))
    document = one(path)
    assert document.text == f"{TEXT}\n{MORE}"
    assert document.encoding == encoding
    assert not document.is_row


PAGE = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=CHARSET">
<title>松坪镇：小积分兑出大文明_云溪文明网</title></head><body><form>
<div class="nav"><a href="/">首页</a> <a href="/x">文明播报</a> <a href="/y">志愿服务</a></div>
<div>当前位置：<a href="/">首页</a> &gt; <a href="/a">文明创建</a> &gt; 正文</div>
<h1>松坪镇：小积分兑出大文明</h1><div class="info">发布时间：2024-03-05 来源：云溪日报</div>
<div id="content"><p>　　{TEXT}</p><p><strong>积分有账</strong></p>
<p>　　社区把志愿服务折成积分，<b>清扫</b>一次楼道记2分，照看一次独居老人记3分。<br>　　{MORE}</p></div>
<div>责任编辑：王芳</div>
<div class="rel"><h3>相关阅读</h3><ul><li><a href="1">云溪区召开推进会</a></li></ul></div></form>
<div class="footer">版权所有 云溪文明网 赣ICP备12345678号</div><script>var 垃圾 = 1;</script></body></html>"""


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("utf-8", "utf-8"),
        ("gb2312", "gb18030"),
        ("big5", "gb18030"),
        ("gbk", "utf-8"),
        ("nonsense", "gb18030"),
    ],
)
def test_html_body_is_kept_and_the_rest_is_not(tmp_path: Path, declared: str, real: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(PAGE.replace("CHARSET", declared).encode(real))
    document = one(path)
    assert document.title == "松坪镇：小积分兑出大文明"
    assert document.encoding == real
    article = split(document)
    assert [p.text for p in article.paragraphs if p.kind == "body"] == [
        TEXT,
        "社区把志愿服务折成积分，清扫一次楼道记2分，照看一次独居老人记3分。",
        MORE,
    ]
    assert "积分有账" in [p.text for p in article.paragraphs if p.kind == "heading"]


def test_html_in_which_the_extractor_finds_nothing_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.htm"
    path.write_text(f"<td>短讯<br>{TEXT}<br>{MORE}", encoding="utf-8")
    article = split(one(path))
    assert [p.text for p in article.paragraphs if p.kind == "body"] == [TEXT, MORE]


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("小巷变了样_中国文明网", "小巷变了样"),
        ("小巷变了样-云溪日报", "小巷变了样"),
        ("小巷变了样 - 要闻 - 云溪区人民政府", "小巷变了样"),
        ("小巷变了样|社区|云溪", "小巷变了样"),
        ("小巷变了样——记老旧小区改造", "小巷变了样——记老旧小区改造"),
        ("“1+1”小巷-大变样", "“1+1”小巷-大变样"),
    ],
)
def test_html_title_loses_the_name_of_the_site(tmp_path: Path, title: str, clean: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<title>{title}</title><p>{TEXT}</p><p>{MORE}</p>", encoding="utf-8")
    assert one(path).title == clean


SAMPLES = {
    "songping-street.txt": (9, "utf-8"),
    "qinghe-letter.txt": (7, "utf-8"),
    "nanpu-homes.html": (7, "gb18030"),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_read_and_split(name: str) -> None:
    path = Path(__file__).parents[1] / "corpus" / "samples" / name
    document = one(path)
    found = [p.text for p in split(document).paragraphs if p.kind == "body"]
    assert (len(found), document.encoding) == SAMPLES[name]
    assert not [text for text in found if "责任编辑" in text or "转载" in text or "云溪市" in text]


def test_markdown_marks_go_and_words_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        f"---\ntitle: 小巷变了样\n---\n# 小巷变了样\n\n## 一、路面\n\n**{TEXT}**\n\n> {MORE}\n\n- 见[通知](http://a.b/c)\n"
        "- 2*3=6 个\n\n![图](x.png)\n\n| 项目 | 数量 |\n|---|---|\n| 垃圾桶 | 40 |\n",
        encoding="utf-8",
    )
    document = one(path)
    assert document.title == "小巷变了样"
    lines = [line.strip() for line in document.text.splitlines() if line.strip()]
    assert lines == ["小巷变了样", "一、路面", TEXT, MORE, "见通知", "2*3=6 个", "项目 数量", "垃圾桶 40"]


def test_docx_paragraphs_and_tables(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    file = docx.Document()
    file.add_paragraph("小巷变了样了吗")
    file.add_paragraph(TEXT)
    table = file.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "垃圾桶", "40"
    file.add_paragraph(MORE)
    file.save(str(tmp_path / "a.docx"))
    assert one(tmp_path / "a.docx").text.split("\n") == ["小巷变了样了吗", TEXT, "垃圾桶\t40", MORE]


def pdf(text: bytes) -> bytes:
    """The smallest PDF that shows one line of ASCII."""
    stream = b"BT /F1 12 Tf 72 700 Td (" + text + b") Tj ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (
            table,
            len(out),
        )
    )


def test_pdf_text_layer_or_a_word_that_there_is_none(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    (tmp_path / "a.pdf").write_bytes(pdf(b"Clean streets"))
    assert one(tmp_path / "a.pdf").text.strip() == "Clean streets"
    (tmp_path / "b.pdf").write_bytes(pdf(b""))
    assert "no text layer" in error(tmp_path / "b.pdf")


# ---- one article per row -------------------------------------------------------------------------

ROWS = [
    {"id": "r1", "title": "小巷", "text": TEXT, "区": "城东"},
    {"id": "r2", "title": "", "text": MORE, "区": "城西"},
]


def write_csv(path: Path, encoding: str = "utf-8", separator: str = ",") -> Path:
    lines = [separator.join(ROWS[0]), *(separator.join(f'"{v}"' for v in row.values()) for row in ROWS)]
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def write_jsonl(path: Path, encoding: str = "utf-8") -> Path:
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode(encoding)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_xlsx(path: Path) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["无关"])
    sheet = book.create_sheet("稿件")
    sheet.append(list(ROWS[0]))
    for row in ROWS:
        sheet.append(list(row.values()))
    book.save(path)
    return path


def write_parquet(path: Path) -> Path:
    pytest.importorskip("pyarrow")
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(ROWS), path)
    return path


TABLES = {
    "a.jsonl": write_jsonl,
    "a.jsonl.gz": write_jsonl,
    "a.csv": write_csv,
    "gb.csv": lambda path: write_csv(path, "gb18030"),
    "bom.csv": lambda path: write_csv(path, "utf-8-sig"),
    "wide.csv": lambda path: write_csv(path, "utf-16"),
    "semicolon.csv": lambda path: write_csv(path, "utf-8", ";"),
    "a.tsv": lambda path: write_csv(path, "utf-8", "\t"),
    "gb.jsonl": lambda path: write_jsonl(path, "gb18030"),
    "a.xlsx": write_xlsx,
    "a.parquet": write_parquet,
}


@pytest.mark.parametrize("name", TABLES)
def test_rows_of_every_table(tmp_path: Path, name: str) -> None:
    path = TABLES[name](tmp_path / name)
    first, second = read(path)
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.text, first.id, first.title, dict(first.extra)) == (TEXT, "r1", "小巷", {"区": "城东"})
    assert (second.text, second.title or "", second.source) == (MORE, "", f"{path}#r2")
    assert first.is_row
    assert second.is_row


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_the_text_column_names_those_it_has(tmp_path: Path, name: str) -> None:
    path = TABLES[name](tmp_path / name)
    try:
        results = read(path, text_column="正文")
    except InputError as problem:
        results = [problem]
    message = str(results[0])
    assert 'no column "正文"' in message
    assert "title" in message
    assert "--text-column" in message


def test_rows_without_an_id_are_named_by_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "{TEXT}"}}\n\n{{"text": "{MORE}", "id": 7}}\n', encoding="utf-8")
    assert [d.source for d in read(path) if isinstance(d, Document)] == [f"{path}#1", f"{path}#7"]


BAD_LINES = [
    ("{oops", "not JSON"),
    ("[1, 2]", "expected a JSON object"),
    ('{"text": 5}', "expected text, found a number"),
    ('{"remark": "x"}', 'no column "text"'),
    ('{"text": "\\ud83d垃圾"}', "U+D83D"),
    ('{"text": "好", "note": "\\udc00"}', "U+DC00"),
    ("[" * 100000, "nested too deep"),
    ('{"text": "x", "n": ' + "9" * 5000 + "}", "4,300 digits"),
]


@pytest.mark.parametrize(("line", "message"), BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_bad_line_is_reported_and_the_rest_is_read(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "{TEXT}"}}\n{line}\n{{"text": "{MORE}"}}\n', encoding="utf-8")
    first, bad, last = read(path)
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert isinstance(bad, InputError)
    assert bad.line == 2
    assert message in str(bad)
    assert last.text == MORE


@pytest.mark.parametrize("encoding", [None, "utf-8"])
def test_a_line_in_another_encoding_is_reported(tmp_path: Path, encoding: str | None) -> None:
    path = tmp_path / "a.jsonl"
    rows = [json.dumps({"text": t}, ensure_ascii=False) for t in (TEXT, MORE, TEXT)]
    path.write_bytes(b"\n".join([rows[0].encode(), rows[1].encode("gb18030"), rows[2].encode()]))
    results = read(path, encoding=encoding)
    assert [type(r) for r in results] == [Document, InputError, Document]
    assert "not utf-8" in str(results[1])


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json"])
def test_while_a_long_row_is_worked_on_little_more_than_it_is_held(tmp_path: Path, name: str) -> None:
    """In sizes of its text: the bytes of the line, and four per character in the CSV parser, were kept."""
    long = "村" * (2 << 20)
    rows = [{"text": text} for text in (TEXT, long, f"他说“{MORE}”", MORE)]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    bodies = {
        "a.csv": "text\n" + "".join(f'"{row["text"]}"\n' for row in rows),
        "a.jsonl": "\n".join(lines),
        "a.json": f"[{','.join(lines)}]",
    }
    (tmp_path / name).write_text(bodies[name], "utf-8")
    del bodies, lines
    tracemalloc.start()
    try:
        found = read_documents(str(tmp_path / name))
        next(found)
        second = next(found)
        held, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(second, Document)
    assert second.text == long
    assert held < 3 * 2 * len(long)  # 3.5 to 5.9 before
    assert [item.text for item in found if isinstance(item, Document)] == [rows[2]["text"], MORE]


def test_csv_rows_of_the_wrong_width_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'id,text\n1,{TEXT}\n2\n3,"a\nb"\n4,x,y\n5,{MORE}\n', encoding="utf-8")
    results = read(path)
    lines = [r.line if isinstance(r, InputError) else r.id for r in results]
    assert lines == ["1", 3, "3", 6, "5"]


def test_empty_cells_are_rows_without_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"id,text\n1,\n2,{TEXT}\n", encoding="utf-8")
    empty, full = read(path)
    assert isinstance(empty, Document)
    assert empty.text == ""
    assert empty.warnings
    assert isinstance(full, Document)
    assert not full.warnings


# ---- standard input, folders, names ------------------------------------------------------------


class Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (TEXT.encode(), [TEXT]),
        (TEXT.encode("gb18030"), [TEXT]),
        (json.dumps({"text": TEXT}).encode() + b"\n" + json.dumps({"text": MORE}).encode(), [TEXT, MORE]),
        (b"\xef\xbb\xbf" + json.dumps({"text": TEXT}).encode(), [TEXT]),
        (f"<!DOCTYPE html><title>x</title><p>{TEXT}<p>{MORE}".encode(), [f"{TEXT}\n{MORE}"]),
    ],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes, texts: list[str]) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    documents = read("-")
    assert [d.text for d in documents if isinstance(d, Document)] == texts


def test_find_inputs_walks_folders_in_order(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a/z.html",
        "a/b.CSV",
        ".hidden/c.txt",
        "a/.d.txt",
        "a/picture.png",
        "c.jsonl.gz",
        "n\n1.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEXT, encoding="utf-8")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    odd = os.fsencode(tmp_path) + b"/\xb4\xb4.txt"
    with open(odd, "wb") as file:
        file.write(TEXT.encode())
    found = [os.path.relpath(p, tmp_path) for p in find_inputs([str(tmp_path), "missing.txt", "-"])]
    assert found[:5] == ["a/b.CSV", "a/z.html", "b.txt", "c.jsonl.gz", "n\n1.txt"]
    assert os.fsencode(found[5]) == b"\xb4\xb4.txt"
    assert [os.path.basename(p) for p in found[6:]] == ["missing.txt", "-"]


def test_odd_names_are_readable_and_printable(tmp_path: Path) -> None:
    for name in (b"\xb4\xb4.txt", b"n\n1.txt"):
        path = os.fsdecode(os.fsencode(tmp_path) + b"/" + name)
        with open(path, "wb") as file:
            file.write(TEXT.encode())
        document = one(path)
        assert document.text == TEXT
        assert document.source.isprintable()
        document.source.encode("utf-8")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", None, "cannot be read: no such file"),
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t ", "empty"),
        ("a.jsonl", b"", "empty"),
        ("a.csv", b"\n\n", "empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL byte at offset 8"),
        ("a.txt", b"%PDF-1.4\x00\xff\xfe", "NUL byte"),
        ("a.exe", b"MZ", "no reader for this suffix"),
        ("a.html", b"<html></html>", "no text"),
        ("a.docx", b"PK\x03\x04 broken", "not a .docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "before 2007"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.pdf", b"%PDF-1.4 nothing", "not a PDF"),
        ("a.parquet", b"PAR1 nothing", "not a Parquet file"),
        ("a.jsonl.gz", b"\x1f\x8b\x08 broken", "damaged"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, data: bytes | None, message: str) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    text = error(path)
    assert message in text
    assert str(path) in text


def test_a_folder_is_no_article(tmp_path: Path) -> None:
    assert "folder" in error(tmp_path)


def test_reading_text_loads_nothing_heavy(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{TEXT}\n{MORE}", encoding="utf-8")
    code = (
        "import sys; from civictag.readers import read_documents; from civictag.paragraphs import split;"
        "[split(d) for d in read_documents(sys.argv[1])]; print(*sys.modules)"
    )
    root = str(Path(__file__).parents[1])
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": root},
    )
    heavy = {"numpy", "selectolax", "charset_normalizer", "docx", "openpyxl", "pypdfium2", "pyarrow",
             "json", "csv", "gzip", "tomllib"}  # fmt: skip
    assert not heavy & set(ran.stdout.split())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "正文,x\n短\n垃圾清运了。,1\n又清扫了。,2\n"),
        ("a.jsonl", '{"正文": 3}\n{\n{"正文": "垃圾清运了。"}\n{"正文": "又清扫了。"}\n'),
        ("a.json", '[{"正文": 3}, 1, {"正文": "垃圾清运了。"}, {"正文": "又清扫了。"}]'),
    ],
)
def test_what_is_said_of_a_table_is_said_once_though_its_first_row_is_bad(
    name: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    found = [item for item in read_documents(str(tmp_path / name)) if isinstance(item, Document)]
    assert [len(document.warnings) for document in found] == [1, 0]
    told = placed(split(found[0]), found[0].warnings[0])
    assert told == f"{tmp_path / name}: columns taken: the text = 正文"


def test_values_that_no_program_can_hold_are_named_and_the_other_rows_are_read(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    far = pa.array([1, 9 * 10**18], pa.timestamp("us"))  # beyond the year 9999
    pq.write_table(
        pa.table({"text": [TEXT, MORE], "at": far, "n": [float("nan"), 1.0]}), tmp_path / "a.parquet"
    )
    parts = [None, pa.py_buffer(b"\0\0\0\0\3\0\0\0\6\0\0\0"), pa.py_buffer(b"abc\xff\xfe\xfd")]
    pq.write_table(pa.table({"text": pa.Array.from_buffers(pa.string(), 2, parts)}), tmp_path / "b.parquet")
    for name in ("a.parquet", "b.parquet"):
        good, bad = read(tmp_path / name)
        assert isinstance(good, Document)
        assert good.extra.get("n") is None
        assert isinstance(bad, InputError)
        assert bad.line == 2
        assert "a value cannot be read" in str(bad)


def test_a_cell_beyond_the_limit_is_refused_by_name(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": ["路" * 5000]}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match="rows of more than 9000 bytes"):
        read(tmp_path / "a.parquet", limit=9000)
    pq.write_table(pa.table({"text": ["路" * 5000, *["净"] * 9]}), tmp_path / "b.parquet")
    first, *others = read(tmp_path / "b.parquet", limit=9000)
    assert isinstance(first, InputError)
    assert "longer than 9000 bytes" in str(first)
    assert len(others) == 9
