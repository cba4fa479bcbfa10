"""Rows of tables as other programs leave them: whatever is odd is read or named, and costs no neighbour."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from civictag.batch.chunks import Failure, cut, documents
from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.readers import Reading, read_documents

A = "石桥镇四月起给每条小巷配了保洁员，天亮前清扫一遍，傍晚再巡一遍，路边的杂物没有了踪影。"
B = "居民钱大爷每天早饭后在巷口转一圈，看见烟头就捡起来，邻居们笑他是不领工资的监督员。"
ROWS = [{"text": A}, {"text": B}]
MIB = 1 << 20

ONE_VALUE = {
    "an array": json.dumps(ROWS),
    "a laid-out array": json.dumps(ROWS, indent=2),
    "an array over lines": "[\n" + ",\n".join(map(json.dumps, ROWS)) + "\n]\n",
    "with a mark and blanks": "\ufeff\n  " + json.dumps(ROWS, indent=1),
    "an object that holds one": json.dumps({"code": 0, "data": ROWS}, indent=4),
    "lines after all": "\n".join(map(json.dumps, ROWS)),
    "many blank lines": "\n" * 2 * MIB + "\n".join(map(json.dumps, ROWS)),
    "many blank lines of Windows": "\r\n" * MIB + "\r\n".join(map(json.dumps, ROWS)),
}


@pytest.mark.parametrize("suffix", ["jsonl", "ndjson", "jsonl.gz"])
@pytest.mark.parametrize("name", ONE_VALUE)
def test_json_under_the_name_of_lines(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    data = ONE_VALUE[name].encode()
    path.write_bytes(gzip.compress(data) if suffix.endswith("gz") else data)
    alone = list(read_documents(str(path)))
    assert [item.text for item in alone if isinstance(item, Document)] == [A, B]
    pieces = [item for piece in cut([str(path)], Reading(), 4096) for item in documents(piece, Reading())]
    assert pieces == alone


def test_blank_lines_count_as_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n" * 2 * MIB + f"id,text\n1,{A}\n2\n", encoding="utf-8")
    first, second = read_documents(str(tmp_path / "a.csv"))
    assert isinstance(first, Document)
    assert isinstance(second, InputError)
    assert (first.line, second.line) == (2 * MIB + 2, 2 * MIB + 3)
    (tmp_path / "b.csv").write_text("\n" * 2 * MIB, encoding="utf-8")
    with pytest.raises(InputError, match="the file is empty"):
        list(read_documents(str(tmp_path / "b.csv")))


HEADERS = {
    "a heading over two lines": (f'编号,"正文\n（必填）",单位\n1,{A},甲镇\n', 2),
    "the first heading over two lines, semicolons": (f'"正文\n（必填）";编号\n{A};1\n', 2),
    "two lines, of Windows, after sep=": (f'sep=;\r\n"正文\r\n（必填）";编号\r\n{A};1\r\n', 3),
    "doubled marks": (f'"正文",编号,"注 ""甲"""\n{A},1,\n', 1),
}


@pytest.mark.parametrize("name", HEADERS)
def test_the_cells_of_a_csv_header_may_go_over_lines(tmp_path: Path, name: str) -> None:
    text, lines = HEADERS[name]
    (tmp_path / "a.csv").write_bytes(text.encode())
    (row,) = read_documents(str(tmp_path / "a.csv"))
    assert isinstance(row, Document)
    assert (row.text, row.id) == (A, "1")
    assert row.line == lines + 1


@pytest.mark.parametrize("header", ['id,"text', 'id,"te"xt', '"id,text'])
@pytest.mark.parametrize("rows", [1, 500])
def test_a_header_with_an_open_quotation_mark_is_refused_at_its_line(
    tmp_path: Path, header: str, rows: int
) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\n" + f"1,{A}\n" * rows, encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv, line 1: a quotation mark is not closed"):
        list(read_documents(str(tmp_path / "a.csv")))


TOLD = [
    (f'{{"text": "。", "text": "{A}"}}', "keys that stand twice, of which the last is used: text"),
    (
        f'{{"id": 1, "id": 2, "n": "9:30", "n": 1, "text": "{A}"}}',
        "keys that stand twice, of which the last is used: id, n",
    ),
    (f'{{"text": "{A}", "title": "小巷&#0;晨光"}}', "1 character is lost in “title” (U+FFFD)"),
    (f'{{"text": "{A}", "备注": "一\ufffd二\ufffd"}}', "2 characters are lost in “备注” (U+FFFD)"),
    (f'{{"text": "{A[:9]}\\u0000{A[9:]}"}}', "1 NUL character is left out"),
]


@pytest.mark.parametrize(("line", "told"), TOLD, ids=range(len(TOLD)))
@pytest.mark.parametrize("suffix", ["jsonl", "json"])
def test_what_is_odd_in_a_row_is_said(tmp_path: Path, line: str, told: str, suffix: str) -> None:
    (tmp_path / f"a.{suffix}").write_text(line if suffix == "jsonl" else f"[{line}]", encoding="utf-8")
    (document,) = read_documents(str(tmp_path / f"a.{suffix}"))
    assert isinstance(document, Document)
    assert document.text == A
    assert document.warnings == (told,)


@pytest.mark.parametrize(
    "line",
    [
        f'{{"text": "{A}", "at": "9:30", "web": "http://a.example/"}}',
        f'{{"text": "{A}", "of": {{"text": 1, "a": {{"text": 2}}}}}}',
    ],
)
def test_nothing_is_said_of_a_row_without_a_fault(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    (document,) = read_documents(str(tmp_path / "a.jsonl"))
    assert isinstance(document, Document)
    assert document.warnings == ()


def test_a_number_too_long_is_named_in_our_words(tmp_path: Path) -> None:
    lines = [f'{{"text": "{A}", "n": {"9" * 4400}}}', json.dumps(ROWS[1])]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    first, second = read_documents(str(tmp_path / "a.jsonl"))
    assert isinstance(first, InputError)
    assert (first.line, "4,300 digits" in str(first), "sys." in str(first)) == (1, True, False)
    assert isinstance(second, Document)


@pytest.mark.parametrize("suffix", ["jsonl.gz", "csv.gz"])
def test_rows_before_a_damage_of_a_packed_file_are_kept(tmp_path: Path, suffix: str) -> None:
    lines = [json.dumps({"text": f"{A}{n * 7919}"}) for n in range(2000)]
    if suffix == "csv.gz":
        lines = ["text", *(f"{A}{n * 7919}" for n in range(2000))]
    (tmp_path / f"a.{suffix}").write_bytes(gzip.compress("\n".join(lines).encode())[:-2000])
    found = [
        item
        for piece in cut([str(tmp_path / f"a.{suffix}")], Reading(), 4096)
        for item in documents(piece, Reading())
    ]
    assert isinstance(found[-1], Failure)
    assert "damaged" in found[-1].problem
    assert [isinstance(item, Document) for item in found[:-1]] == [True] * (len(found) - 1)
    assert len(found) > 1000


def test_a_corpus_s_cells_are_given_as_they_stand(tmp_path: Path) -> None:
    cell = "<p>段¶一</p>\\n甲|乙&lt;_x000D_"
    (tmp_path / "a.csv").write_text(f'text\n"{cell}"\n', encoding="utf-8")
    (raw,) = read_documents(str(tmp_path / "a.csv"), Reading(raw_cells=True))
    (laid_out,) = read_documents(str(tmp_path / "a.csv"))
    assert isinstance(raw, Document)
    assert isinstance(laid_out, Document)
    assert raw.text == cell
    assert laid_out.text != cell


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("head", ["id,text", "text,标题"])
def test_files_put_one_behind_the_other_have_their_header_again(tmp_path: Path, head: str, mark: str) -> None:
    rows = f"{head}\nid,text 这两列说的是志愿者清理楼道。\n{mark}{head}\n乙,志愿者又来了一次。\n"
    (tmp_path / "a.csv").write_text("\ufeff" + rows, encoding="utf-8")
    found = list(read_documents(str(tmp_path / "a.csv")))
    assert [isinstance(item, Document) for item in found] == [True, False, True]
    assert isinstance(found[1], InputError)
    assert (found[1].line, "header" in found[1].problem) == (3, True)
