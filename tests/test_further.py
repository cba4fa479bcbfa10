"""Further columns of tables reach the header of CSV and workbooks, whichever input comes first."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from commands import Command

TEXT = "社区组织保洁员清扫背街小巷，清运积存垃圾三车，路面干净了许多。"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A text, a CSV, a workbook of two sheets and JSON lines, each with a column of its own."""
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "a.txt").write_text(TEXT, encoding="utf-8")
    (inside / "b.csv").write_text(f"正文,单位,备注\n{TEXT},城管科,好\n", encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.append(["正文", "批次"])
    book.active.append([TEXT, 7])
    sheet = book.create_sheet("二")
    sheet.append(["正文", "审核"])
    sheet.append([TEXT, "周小禾"])
    book.save(inside / "c.xlsx")
    rows = [{"text": TEXT, "渠道": "网站"}, {"text": TEXT, "晚到": 1}]
    (inside / "d.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return inside


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_csv_has_the_columns_of_every_table(
    capfdbinary: pytest.CaptureFixture[bytes], small_model: str, folder: Path, tmp_path: Path, jobs: str
) -> None:
    out = tmp_path / "out.csv"
    code, _, err = Command(capfdbinary)("tag", folder, "-m", small_model, "-f", "csv", "-o", out, "-j", jobs)
    assert code == 0
    rows = rows_of(out)
    names = ("单位", "备注", "批次", "审核", "渠道", "晚到")
    found = [{name: row[name] for name in names if row.get(name)} for row in rows]
    assert found == [
        {},
        {"单位": "城管科", "备注": "好"},
        {"批次": "7"},
        {"审核": "周小禾"},
        {"渠道": "网站"},
        {},
    ]
    assert "left out: 晚到" in err


def test_a_workbook_has_them_too_and_names_what_comes_too_late(
    capfdbinary: pytest.CaptureFixture[bytes], small_model: str, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    code, _, err = Command(capfdbinary)("tag", folder, "-m", small_model, "-f", "xlsx", "-o", out)
    assert code == 0
    head = [cell.value for cell in openpyxl.load_workbook(out).worksheets[0][1]]
    assert {"备注", "批次", "审核", "渠道"} <= set(head)
    assert "left out: 晚到" in err


def test_one_workbook_with_two_sheets(
    capfdbinary: pytest.CaptureFixture[bytes], small_model: str, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    command = Command(capfdbinary)
    assert command("tag", folder / "c.xlsx", "-m", small_model, "-f", "csv", "-o", out)[0] == 0
    assert {"批次", "审核"} <= set(rows_of(out)[0])


def test_a_csv_has_the_columns_of_the_tables_in_an_archive(
    capfdbinary: pytest.CaptureFixture[bytes], small_model: str, folder: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        for path in sorted(folder.iterdir()):
            package.write(path, path.name)
    out = tmp_path / "out.csv"
    code, _, err = Command(capfdbinary)("tag", tmp_path / "a.zip", "-m", small_model, "-f", "csv", "-o", out)
    assert code == 0
    rows = rows_of(out)
    assert {name for name in ("单位", "备注", "批次", "审核", "渠道", "晚到") if name in rows[0]} == {
        "单位", "备注", "批次", "审核", "渠道", "晚到",
    }  # fmt: skip
    assert "left out" not in err
