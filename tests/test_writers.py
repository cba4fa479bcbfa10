"""Writers: the contract's JSON, safe CSV, the table, and files that appear whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writers_data import LABELS, MODEL, article, paragraph, plain_row

from civictag import i18n
from civictag.datamodel import Article
from civictag.errors import CivictagError
from civictag.util.terminal import printable, width_of, wrap
from civictag.writers import FORMATS, Options, open_writer
from civictag.writers.rows import guard, unguard

TEXT_FORMATS = ("json", "jsonl", "csv", "table", "html")


def written(format: str, articles: Sequence[Article], options: Options | None = None) -> bytes:
    stream = io.BytesIO()
    with open_writer(format, stream, labels=LABELS, model=MODEL, options=options) as writer:
        for item in articles:
            writer.write(item)
    return stream.getvalue()


def test_json_is_the_contract_to_the_key() -> None:
    (record,) = json.loads(written("json", [article()]))
    assert list(record) == ["source", "title", "encoding", "model", "paragraphs", "summary"]
    assert record["model"] == MODEL
    assert record["summary"] == {"clean": 2, "help": 1, "news": 0}
    kinds = [p["kind"] for p in record["paragraphs"]]
    assert kinds == ["heading", "body", "body", "body"], "headings stay, furniture is left out"
    assert list(record["paragraphs"][1]) == ["index", "kind", "start", "end", "text", "tags", "review"]
    assert [list(tag) for tag in record["paragraphs"][1]["tags"]] == [["label", "name", "probability"]] * 2


@pytest.mark.parametrize(
    ("options", "key", "there"),
    [
        (Options(), "evidence", False),
        (Options(explain=True), "evidence", True),
        (Options(), "scores", False),
        (Options(all_scores=True), "scores", True),
        (Options(), '"kind": "furniture"', False),
        (Options(keep_furniture=True), '"kind": "furniture"', True),
    ],
)
def test_json_holds_what_was_asked_for(options: Options, key: str, there: bool) -> None:
    assert (key in written("json", [article()], options).decode()) is there


def test_evidence_keeps_every_digit() -> None:
    (record,) = json.loads(written("json", [article()], Options(explain=True)))
    evidence = record["paragraphs"][1]["tags"][0]["evidence"]
    assert [list(piece) for piece in evidence] == [["text", "start", "end", "weight"]] * 2
    assert evidence[0]["weight"] == 1.0000000001234567
    text = article().text
    assert all(text[piece["start"] : piece["end"]] == piece["text"] for piece in evidence)


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("indent", [None, 2])
def test_json_is_valid_for_any_number_of_articles(n: int, indent: int | None) -> None:
    assert len(json.loads(written("json", [article()] * n, Options(indent=indent)))) == n


def test_json_lines_are_body_paragraphs() -> None:
    rows = [json.loads(line) for line in written("jsonl", [article(), plain_row()]).splitlines()]
    assert [row["index"] for row in rows] == [1, 2, 3, 0]
    assert list(rows[0]) == ["source", "title", "index", "start", "end", "text", "tags", "review"]
    assert list(rows[3])[:3] == ["source", "id", "title"]
    assert rows[3]["extra"] == {"district": "河东", "date": "2023-04-05"}


def test_json_lines_are_written_as_the_input_is_read() -> None:
    stream = io.BytesIO()
    writer = open_writer("jsonl", stream, labels=LABELS, model=MODEL)
    writer.write(plain_row())
    assert stream.getvalue().count(b"\n") == 1, "before close"
    writer.close()


def test_a_lone_surrogate_survives_json() -> None:
    odd = replace(plain_row(), source="a\udcff.txt")
    data = written("jsonl", [odd])
    assert json.loads(data)["source"] == "a\udcff.txt"


@pytest.mark.parametrize("format", TEXT_FORMATS)
def test_nothing_in_the_text_makes_a_writer_fail(format: str) -> None:
    nasty = "a\udc80\x00\x1b[31m</script><b onload=x>&\"'\u2028=1+1\r\n"
    item = replace(plain_row(), title=nasty, paragraphs=(paragraph(0, nasty, ()),), text=nasty)
    data = written(format, [item], Options(explain=True, all_scores=True, keep_furniture=True))
    assert data.decode("utf-8")


def parsed(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_has_a_row_a_paragraph_and_a_column_a_label() -> None:
    rows = parsed(written("csv", [article()]))
    assert [row["index"] for row in rows] == ["1", "2", "3"]
    assert [(row["clean"], row["help"], row["news"]) for row in rows] == [
        ("1", "1", "0"),
        ("1", "0", "0"),
        ("0", "0", "0"),
    ]
    assert rows[0]["p_clean"] == "0.93"
    assert rows[0]["tags"] == "clean help"
    assert "evidence_clean" not in rows[0]


def test_csv_names_the_evidence_when_asked() -> None:
    rows = parsed(written("csv", [article()], Options(explain=True)))
    assert rows[0]["evidence_clean"] == "清扫 +1.00; 晚会 −0.25"
    assert rows[1]["evidence_help"] == ""


@pytest.mark.parametrize("start", list("=+-@＝＋－＠\t\n'"))
def test_csv_has_no_formula_cells(start: str) -> None:
    nasty = start + "cmd|' /C calc'!A0"
    item = replace(plain_row(), title=nasty, id=nasty, extra={start + "x": nasty})
    for row in csv.reader(io.StringIO(written("csv", [item]).decode("utf-8-sig"), newline="")):
        assert not [cell for cell in row if cell[:1] and cell[0] in "=+-@＝＋－＠\t\r\n"]


@given(st.text())
def test_the_guard_can_be_taken_away(text: str) -> None:
    assert unguard(str(guard(text))) == text


def test_csv_carries_further_columns_and_says_which_it_could_not() -> None:
    later = replace(plain_row(), extra={"district": "河西", "outlet": "日报", "text": "x"})
    stream = io.BytesIO()
    with open_writer("csv", stream, labels=LABELS, model=MODEL) as writer:
        writer.write(replace(plain_row(), extra={"district": "河东", "index": 7}))
        writer.write(later)
    rows = parsed(stream.getvalue())
    assert [(row["district"], row["extra.index"], row["index"]) for row in rows] == [
        ("河东", "7", "0"),
        ("河西", "", "0"),
    ]
    assert writer.warnings == ["columns that the first article lacks are left out: outlet, text"]


def test_csv_without_articles_has_its_header() -> None:
    header = written("csv", []).decode("utf-8-sig")
    assert header.startswith(
        "source,id,title,date,unit,index,start,end,text,tags,review,clean,help,news,p_clean"
    )
    assert header.count("\n") == 1


def test_table_shows_labels_probability_and_review() -> None:
    text = written("table", [article()], Options(width=60)).decode()
    assert "Cleanliness 93%  Neighbours 71%" in text
    assert "[for review]" in text
    assert "no label" in text
    assert "\x1b" not in text
    assert "\x1b[" in written("table", [article()], Options(color=True)).decode()
    assert "Articles:" not in text, "one article needs no second summary"
    assert "Articles: 2; body paragraphs: 4." in written("table", [article(), plain_row()]).decode()


def test_table_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_chosen", "zh")
    text = written("table", [article(), plain_row()], Options(width=60, explain=True)).decode()
    assert "[待复核]" in text
    assert "无标签" in text
    assert "共 2 篇，正文 4 段。" in text
    assert "环境清洁 93%  邻里互助 71%" in text
    assert "; " not in text


@pytest.mark.parametrize("width", [20, 41, 80, 200])
def test_table_keeps_to_the_width(width: int) -> None:
    data = written("table", [article(), plain_row()], Options(width=width, explain=True))
    lines = data.decode().splitlines()
    # Label marks and the sums' three number columns are not wrapped.
    text = [line for line in lines if line.startswith("     ") and not line.strip().startswith("paragraphs")]
    assert max(map(width_of, text)) <= width


def test_a_terminal_never_sees_escape_sequences_of_the_article() -> None:
    item = replace(plain_row(), paragraphs=(paragraph(0, "清扫\x1b]0;x\x07街道\u202e", ()),))
    text = written("table", [item]).decode()
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\\x1b]0;x\\x07" in text


@given(st.text(alphabet=st.sampled_from("路a 1，。“é́\u200b😀,"), max_size=80), st.integers(2, 30))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert all(width_of(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("街道，小区", 4, ["街", "道，", "小区"]),
        ("上 GitHub 看", 6, ["上", "GitHub", "看"]),
        ("", 10, [""]),
    ],
)
def test_punctuation_does_not_begin_a_line(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_printable_keeps_chinese_and_drops_what_has_no_width() -> None:
    assert printable("清\u200b扫　街道\n") == "清扫 街道"


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_appears_whole_or_not_at_all(format: str, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("pyarrow")
    target = tmp_path / "out"
    target.write_bytes(b"before")
    broken_off = open_writer(format, target, labels=LABELS, model=MODEL)
    broken_off.write(article())
    broken_off.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert target.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["out"], "no unfinished file is left behind"
    with open_writer(format, target, labels=LABELS, model=MODEL) as writer:
        writer.write(article())
        assert target.read_bytes() == b"before"
    assert len(target.read_bytes()) > 100
    assert os.listdir(tmp_path) == ["out"]


def test_a_link_and_the_rights_of_the_target_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("x")
    real.chmod(0o640)
    link.symlink_to(real)
    with open_writer("json", link, labels=LABELS, model=MODEL):
        pass
    assert link.is_symlink()
    assert real.read_text() == "[]\n"
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("format", "target", "message"),
    [
        ("json", "no/such/folder/x.json", "cannot write: No such file"),
        ("json", ".", "it is a folder"),
        ("pdf", "x.pdf", 'no format "pdf"'),
    ],
)
def test_what_cannot_be_written_is_said(format: str, target: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CivictagError, match=message):
        open_writer(format, tmp_path / target, labels=LABELS, model=MODEL)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("format", TEXT_FORMATS)
def test_a_full_disk_is_a_message(format: str) -> None:
    with (
        pytest.raises(CivictagError, match="No space left"),
        open_writer(format, "/dev/full", labels=LABELS, model=MODEL) as writer,
    ):
        writer.write(article())


@pytest.mark.parametrize("whole", [False, True])
def test_json_lines_are_the_standard_librarys_to_the_byte(
    whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One encoder serves all records; where a Python has none, or another one, its ``encode`` does."""
    if whole:
        monkeypatch.setattr(json.encoder, "c_make_encoder", None)
    odd = {
        "a": [1, 2.5, None, True, {"引": '"\\\n\x7f\u2028'}],
        "b": 1e-7,
        "c": 10**20,
        "日": date(2024, 4, 15),
    }
    line = written("jsonl", [replace(plain_row(), extra=odd)]).decode()
    record = json.loads(line)
    assert record["extra"] == {**odd, "日": "2024-04-15"}
    assert line == json.dumps(record, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_what_json_has_no_form_for_becomes_null(format: str) -> None:
    item = plain_row(score=float("nan"), n=float("inf"), ok=1.5, deep=[{"x": [float("nan"), 1.0]}])
    text = written(format, [item]).decode()
    assert "NaN" not in text
    assert "Infinity" not in text
    row = json.loads(text.splitlines()[0] if format == "jsonl" else text)
    extra = (row if format == "jsonl" else row[0])["extra"]
    assert (extra["score"], extra["n"], extra["ok"]) == (None, None, 1.5)
