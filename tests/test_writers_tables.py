"""Parquet, read back by pyarrow; CSV and the workbook, by LibreOffice."""

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

import pytest
from writers_data import LABELS, MODEL, article, plain_row

from civictag.datamodel import Article, Label
from civictag.errors import CivictagError, MissingExtra
from civictag.readers.tables.raw_table import read_sheets
from civictag.review.tagged_table import open_tagged
from civictag.writers import Options, as_parquet, open_writer
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


@pytest.mark.parametrize("headings", [None, "zh"])
def test_numbers_of_the_input_keep_their_digits(headings: str | None, tmp_path: Path) -> None:
    row = plain_row(phone=13800138000.0, code=20240405, share=0.123456789, lost=float("nan"), big=1e300)
    written("csv", tmp_path / "a.csv", [row], Options(headings=headings))
    cells = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))[1]
    assert {"13800138000", "20240405", "0.123456789", "1e+300"} <= set(cells)
    assert "nan" not in cells


@pytest.mark.parametrize("headings", [None, "zh"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_lists_and_objects_of_the_input_are_json(form: str, headings: str | None, tmp_path: Path) -> None:
    values = {"a": [float("nan"), None, "甲"], "b": {"c": (1, float("inf"))}, "d": float("-inf"), "e": [[]]}
    written(form, tmp_path / f"a.{form}", [plain_row(**values)], Options(headings=headings))
    (sheet, *_rest) = read_sheets(str(tmp_path / f"a.{form}"))
    row = dict(zip(sheet.head, next(sheet.rows), strict=False))
    assert [row[name] for name in "abe"] == ['[null, null, "甲"]', '{"c": [1, null]}', "[[]]"]
    assert row.get("d") in (None, "")


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="open files are listed on Linux alone")
def test_a_workbook_that_was_read_is_closed(tmp_path: Path) -> None:
    """On Windows it could be neither replaced nor removed; collecting garbage is not closing."""
    path = tmp_path / "a.xlsx"
    written("xlsx", path, [plain_row()])
    kept = []
    for sheet in read_sheets(str(path)):
        kept.append((sheet, list(sheet.rows)))
    assert str(path) not in {
        os.path.realpath(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")
    }


@pytest.mark.parametrize("headings", ["en", "zh", "ids"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_labels_called_like_columns_of_other_labels_are_read_back(
    form: str, headings: str, tmp_path: Path
) -> None:
    labels = tuple(Label(id, f"名{id}") for id in ("note", "p_note", "evidence_note", "reason"))
    path = tmp_path / f"a.{form}"
    row = plain_row(note="甲", p_note="乙")
    scores = dict.fromkeys(("note", "p_note", "evidence_note", "reason"), 0.25)
    row = replace(row, paragraphs=tuple(replace(p, tags=(), scores=scores) for p in row.paragraphs))
    options = Options(headings=headings)
    with open_writer(form, path, labels=labels, model=MODEL, options=options) as writer:
        writer.write(row)
    table = open_tagged(str(path), labels)
    assert table is not None
    (found,) = table.articles
    assert found.paragraphs[0].scores == scores
    assert {"甲", "乙"} <= set(map(str, found.extra.values()))


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
    assert json.loads(table.schema.metadata[b"civictag.model"]) == MODEL


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


@pytest.mark.parametrize(("format", "library", "extra"), [("parquet", "pyarrow", "parquet")])
def test_a_missing_library_names_its_extra(
    format: str, library: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(MissingExtra, match=rf"\[{extra}\]"):
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
    articles = [replace(plain_row(text=text), title=f"第{text}") for text in texts]
    written(format, path, articles, Options(headings="ids"))
    shown = shown_by_libreoffice(path)
    stored = [text.encode("utf-8", "backslashreplace").decode() for text in texts]
    assert [row["title"] for row in shown] == [f"第{text}" for text in stored]
    assert [row["text"] for row in shown] == [str(guard(t)) if format == "csv" else t for t in stored]
    assert [row["clean"] for row in shown] == ["1"] * len(texts)
    assert {row["district"] for row in shown} == {"河东"}
