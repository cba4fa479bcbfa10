"""Workbook and Parquet, read back by other programs' libraries, and by LibreOffice."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from writers_data import LABELS, MODEL, article, paragraph, plain_row

from civictag.datamodel import Article
from civictag.errors import CivictagError, MissingExtra
from civictag.writers import Options, as_parquet, as_xlsx, open_writer
from civictag.writers.rows import guard

NASTY = (
    "=1+1", "+cmd|' /C calc'!A0", "http://a.example/", "0012", "a\x0b\x1bb", "x_x0041_y",
    "\udc80", "两行\n文字",
)  # fmt: skip


def written(
    format: str, target: Path, articles: Sequence[Article], options: Options | None = None
) -> list[str]:
    with open_writer(format, target, labels=LABELS, model=MODEL, options=options) as writer:
        for item in articles:
            writer.write(item)
    return writer.warnings


def sheets(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    pytest.importorskip("xlsxwriter")
    path = tmp_path / "a.xlsx"
    written("xlsx", path, [replace(plain_row(), title="t"), article()], Options(explain=True))
    return path


def test_the_workbook_has_three_sheets(workbook: Path) -> None:
    found = sheets(workbook)
    assert list(found) == ["paragraphs", "articles", "summary"]
    head, *rows = found["paragraphs"]
    assert head[:9] == ("source", "id", "title", "index", "start", "end", "text", "tags", "review")
    first, second = dict(zip(head, rows[0], strict=True)), dict(zip(head, rows[1], strict=True))
    assert (first["district"], first["id"], first["clean"], first["help"]) == ("河东", "7", 1, 0)
    assert (second["p_clean"], second["evidence_clean"]) == (0.93, "清扫 +1.00; 晚会 −0.25")
    assert found["articles"][2][:10] == ("samples/a.txt", None, "柳树巷的一天", "utf-8", 3, 2, 1, 0, 1, 1)
    assert found["summary"][1] == ("clean", "环境清洁", "Cleanliness", 3, 0.75, 2)
    assert ("model version", "1.2", None, None, None, None) in found["summary"]


def test_the_workbook_is_ready_to_use(workbook: Path) -> None:
    sheet = pytest.importorskip("openpyxl").load_workbook(workbook)["paragraphs"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:T5"
    assert sheet["G2"].alignment.wrap_text
    assert sheet.column_dimensions["G"].width > 60


@pytest.mark.parametrize(
    ("text", "height"), [("短。", 15), ("路" * 100, 45), ("一\n二\n三\n四", 60), ("路" * 9999, 408.75)]
)
def test_a_row_is_as_high_as_its_text(text: str, height: int, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    written("xlsx", tmp_path / "a.xlsx", [replace(plain_row(), paragraphs=(paragraph(0, text, ()),))])
    sheet = pytest.importorskip("openpyxl").load_workbook(tmp_path / "a.xlsx")["paragraphs"]
    assert (sheet.row_dimensions[2].height or 15) == height, "15 is the default"


def test_every_text_stays_a_text(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    rows = [replace(plain_row(str(i)), paragraphs=(paragraph(0, t, ()),)) for i, t in enumerate(NASTY)]
    written("xlsx", tmp_path / "a.xlsx", rows)
    sheet = pytest.importorskip("openpyxl").load_workbook(tmp_path / "a.xlsx")["paragraphs"]
    cells = [sheet.cell(row, 7) for row in range(2, 2 + len(NASTY))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert [cell.value for cell in cells[:4]] == list(NASTY[:4])
    assert [cell.value for cell in cells[6:]] == ["\\udc80", "两行\n文字"]


def test_a_cell_too_long_is_cut_and_that_is_said(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    long = replace(plain_row(), paragraphs=(paragraph(0, "路" * 40_000, ()),))
    (warning,) = written("xlsx", tmp_path / "a.xlsx", [long])
    assert warning.startswith("1 cells were cut at 32767")
    assert len(sheets(tmp_path / "a.xlsx")["paragraphs"][1][6]) == 32_767


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xlsxwriter")
    monkeypatch.setattr(as_xlsx, "MOST_ROWS", 3)
    with pytest.raises(CivictagError, match=r"a spreadsheet holds 3 paragraphs.*csv"):
        written("xlsx", tmp_path / "a.xlsx", [plain_row()] * 4)
    assert os.listdir(tmp_path) == []


def test_a_workbook_without_articles(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    written("xlsx", tmp_path / "a.xlsx", [])
    assert [len(rows) for rows in sheets(tmp_path / "a.xlsx").values()] == [1, 1, 11]


def test_parquet_is_typed_and_complete(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    written("parquet", path, [article(), plain_row()], Options(explain=True))
    table = parquet.read_table(path)
    assert str(table.schema.field("p_clean").type) == "double"
    assert str(table.schema.field("clean").type) == "bool"
    rows = table.to_pylist()
    assert [row["index"] for row in rows] == [1, 2, 3, 0]
    strongest = rows[0]["tags"][0]["evidence"][0]
    assert (strongest["text"], strongest["weight"]) == ("清扫", 1.0000000001234567)
    assert article().text[strongest["start"] : strongest["end"]] == "清扫"
    assert [rows[1][key] for key in ("clean", "help", "p_help", "review")] == [True, False, 0.05, True]
    assert json.loads(rows[3]["extra"]) == {"district": "河东", "date": "2023-04-05"}
    assert json.loads(table.schema.metadata[b"civictag.model.scorer"]) == MODEL


def test_parquet_is_written_in_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(as_parquet, "ROW_GROUP", 3)
    rows = [replace(plain_row(str(i)), source=NASTY[6]) for i in range(7)]
    written("parquet", tmp_path / "a.parquet", rows)
    file = parquet.ParquetFile(tmp_path / "a.parquet")
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [3, 3, 1]
    assert file.read()["id"].to_pylist() == list("0123456")
    assert file.read()["source"][0].as_py() == "\\udc80"


def test_parquet_without_articles(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    written("parquet", tmp_path / "a.parquet", [])
    table = parquet.read_table(tmp_path / "a.parquet")
    assert (table.num_rows, table.column_names[:2]) == (0, ["source", "id"])


@pytest.mark.parametrize(
    ("format", "library", "extra"), [("xlsx", "xlsxwriter", "office"), ("parquet", "pyarrow", "parquet")]
)
def test_a_missing_library_names_its_extra(
    format: str, library: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(MissingExtra, match=rf"civictag\[{extra}\]"):
        open_writer(format, tmp_path / "a", labels=LABELS, model=MODEL)
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("format", ["xlsx", "parquet"])
def test_a_full_disk_is_a_message(format: str) -> None:
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("pyarrow")
    with pytest.raises(CivictagError, match="No space left"):
        written(format, Path("/dev/full"), [article()] * 200)


def shown_by_libreoffice(path: Path) -> list[dict[str, str]]:
    """The rows of a spreadsheet (its first sheet) as LibreOffice's own CSV export has them."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("no LibreOffice on this machine")
    out = path.parent / "out"
    command = [soffice, f"-env:UserInstallation={(path.parent / 'home').as_uri()}", "--headless"]
    # 76 is UTF-8: without a window to ask in, LibreOffice takes any CSV for Windows-1252, BOM or not.
    command += ["--infilter=CSV:44,34,76,1"] if path.suffix == ".csv" else []
    export = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"
    command += ["--convert-to", export]
    subprocess.run([*command, "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=120)
    (found,) = out.iterdir()
    return list(csv.DictReader(io.StringIO(found.read_text("utf-8-sig"), newline="")))


@pytest.mark.slow
@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_libreoffice_shows_every_cell(format: str, tmp_path: Path) -> None:
    # A CSV cannot say that 0012 is no number, and XML has no form for most control characters.
    texts = [text for text in NASTY if text not in ("0012", "a\x0b\x1bb")]
    path = tmp_path / f"a.{format}"
    written(format, path, [replace(plain_row(text=text), title=f"第{text}") for text in texts])
    shown = shown_by_libreoffice(path)
    stored = [text.encode("utf-8", "backslashreplace").decode() for text in texts]
    assert [row["title"] for row in shown] == [f"第{text}" for text in stored]
    assert [row["text"] for row in shown] == [str(guard(t)) if format == "csv" else t for t in stored]
    assert [row["clean"] for row in shown] == ["1"] * len(texts)
    assert {row["district"] for row in shown} == {"河东"}
