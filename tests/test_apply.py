"""Corrections on their way into tables: every format read back, and the command from list to statistics."""

from __future__ import annotations

import csv
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from commands import Command
from writers_data import LABELS, MODEL, article, plain_row

from civictag import i18n
from civictag.datamodel import Article, Label, LabelledParagraph
from civictag.errors import CivictagError
from civictag.review.apply import Corrector
from civictag.review.corrections import read_review
from civictag.review.tagged_table import open_tagged
from civictag.writers import Options, open_writer

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")

PAGES = [
    replace(article("甲.txt"), unit="北苑社区", date="2024-04-03"),
    replace(article("乙.txt", title=""), extra={"备注": "=急"}),
    replace(plain_row("3", "=住户种花。", 0.1), date="2024-05"),
]


def written(path: Path, articles: list[Article] = PAGES, headings: str | None = None) -> str:
    options = Options(all_scores=True, headings=headings)
    with open_writer(path.suffix[1:], path, labels=LABELS, model=MODEL, options=options) as writer:
        for item in articles:
            writer.write(item)
    return str(path)


def seen(found: Article) -> Any:
    """What any table keeps of an article."""
    bodies = [p for p in found.paragraphs if p.kind == "body"]
    rows = [(p.index, p.text, {t.label for t in p.tags}, p.review, p.checked) for p in bodies]
    return found.source, found.title, found.unit, found.date, rows


TABLES = [
    ("a.xlsx", "zh"), ("a.xlsx", "en"), ("a.xlsx", "ids"), ("a.csv", "zh"), ("a.csv", "en"), ("a.csv", None),
    ("a.jsonl", None), ("a.json", None), ("a.parquet", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "headings"), TABLES)
def test_tables_of_tags_are_read_back(name: str, headings: str | None, tmp_path: Path) -> None:
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    table = open_tagged(written(tmp_path / name, headings=headings), LABELS)
    assert table is not None
    found = list(table.articles)
    assert [seen(page) for page in found] == [seen(page) for page in PAGES]
    if not name.endswith(".csv"):  # the header is the first article's
        assert headings != "zh" or table.model["name"] == "toy"
    scores = next(p for p in found[0].paragraphs if p.kind == "body").scores
    assert scores is not None
    assert scores["clean"] == pytest.approx(0.93, abs=5e-4)


def test_further_columns_come_along(tmp_path: Path) -> None:
    table = open_tagged(written(tmp_path / "a.csv", [PAGES[1]], "zh"), LABELS)
    assert table is not None
    assert next(iter(table.articles)).extra == {"备注": "=急"}


def test_a_chinese_workbook_tells_its_model(tmp_path: Path) -> None:
    i18n.use("zh")
    try:
        table = open_tagged(written(tmp_path / "a.xlsx"), LABELS)
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["编号"]
    finally:
        i18n.use(None)
    assert table is not None
    assert table.model == MODEL
    assert [cell.value for cell in sheet[1]] == ["列标题", "编号", "说明"]
    assert "模型名称" in [cell.value for cell in sheet["A"]]


def test_a_changed_tick_counts_as_checked(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", headings="zh")
    book = openpyxl.load_workbook(path)
    book["段落"]["E4"] = "√"
    book.save(path)
    table = open_tagged(path, LABELS)
    assert table is not None
    changed = [p for page in table.articles for p in page.paragraphs if p.checked]
    assert [([t.label for t in p.tags], p.suggested, p.review) for p in changed] == [(["news"], (), False)]


def test_a_sorted_workbook_is_put_together_again(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", headings="zh")
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["段落"]
    rows = sorted(sheet.iter_rows(min_row=2, values_only=True), key=lambda row: row[0])
    for at, row in enumerate(rows, 2):
        for column, cell in enumerate(row, 1):
            sheet.cell(at, column).value = cell
    book.save(path)
    table = open_tagged(path, LABELS)
    assert table is not None
    assert sorted(len(page.paragraphs) for page in table.articles) == [1, 3, 3]


def test_a_scattered_csv_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", [PAGES[0], PAGES[1], PAGES[0]])
    table = open_tagged(path, LABELS)
    assert table is not None
    with pytest.raises(CivictagError, match=r"甲\.txt do not stand together.*Sort"):
        list(table.articles)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "text,district\n住户种花。,河东\n"),
        ("a.csv", ""),
        ("a.jsonl", '{"text": "住户种花。"}\n'),
        ("a.jsonl", "住户种花。\n"),
        ("a.json", "[]"),
        ("a.json", "[1]"),
        ("a.txt", "住户种花。"),
    ],
)
def test_other_tables_are_not_taken_for_tags(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert open_tagged(str(tmp_path / name), LABELS) is None


@pytest.mark.parametrize(("name", "headings"), [t for t in TABLES if t[0] not in ("a.json",)])
def test_other_labels_are_an_error(name: str, headings: str | None, tmp_path: Path) -> None:
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    labels = [LABELS[0], Label("road", "道路"), LABELS[2]]
    with pytest.raises(CivictagError, match=r"other labels than the model's: (road|help)"):
        list(open_tagged(written(tmp_path / name, headings=headings), labels).articles)  # type: ignore[union-attr]


def test_json_comes_back_whole(tmp_path: Path) -> None:
    """Headings, furniture, the encoding, where a date was found, the evidence of labels not given."""
    page = replace(article(), encoding="gb18030", date="2024-04-03", date_from="byline", unit="某社区")
    explained = tuple(replace(p, reasons=p.tags) for p in page.paragraphs)
    pages = [replace(page, paragraphs=explained, unit_from="signature"), plain_row()]
    options = Options(explain=True, all_scores=True, keep_furniture=True)

    def write(articles: Any) -> bytes:
        path = tmp_path / "a.json"
        with open_writer("json", path, labels=LABELS, model=MODEL, options=options) as writer:
            for item in articles:
                writer.write(item)
        return path.read_bytes()

    first = write(pages)
    table = open_tagged(str(tmp_path / "a.json"), LABELS)
    assert table is not None
    assert table.model == MODEL
    assert write(list(table.articles)) == first


@pytest.mark.parametrize("headings", ["zh", "en"])
def test_names_that_hold_a_separator_or_one_another(headings: str, tmp_path: Path) -> None:
    """Read as two names, or as the other's, an untouched table was full of a person's corrections."""
    labels = [Label("clean", "环境、绿化：水", "Youth"), Label("help", "环境", "Youth help"), LABELS[2]]
    options = Options(all_scores=True, headings=headings, explain=True)
    path = tmp_path / "a.xlsx"
    with open_writer("xlsx", path, labels=labels, model=MODEL, options=options) as writer:
        writer.write(article())
    found = list(open_tagged(str(path), labels).articles)  # type: ignore[union-attr]
    bodies = [(p.checked, {t.label: t.evidence_text for t in p.tags}) for p in found[0].paragraphs]
    assert bodies == [
        (False, {"clean": "清扫", "help": "住户、住户清扫门前"}), (False, {"clean": "塑料袋"}), (False, {})
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.jsonl"])
def test_the_users_own_columns_called_like_ours(name: str, tmp_path: Path) -> None:
    page = plain_row(p_id="x1", evidence_of="y")
    table = open_tagged(written(tmp_path / name, [page]), LABELS)
    assert table is not None
    assert [dict(found.extra) for found in table.articles] == [{"p_id": "x1", "evidence_of": "y"}]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.jsonl", "a.json"])
def test_rows_of_one_id_are_articles_of_their_own(name: str, tmp_path: Path) -> None:
    rows = [plain_row(id, text) for id, text in [("1", "甲。"), ("1", "乙。"), ("2", "丙。"), ("1", "丁。")]]
    table = open_tagged(written(tmp_path / name, rows), LABELS)
    assert table is not None
    assert [[p.text for p in found.paragraphs] for found in table.articles] == [
        ["甲。"],
        ["乙。"],
        ["丙。"],
        ["丁。"],
    ]


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("a.csv", lambda text: text.replace("周六", '"周六', 1), r"a\.csv, line 2: a quotation mark"),
        ("a.jsonl", lambda text: text[:-40], r"a\.jsonl, line 7: not valid JSON"),
    ],
)
def test_a_table_that_was_damaged_loses_no_row_unsaid(
    name: str, change: Any, message: str, tmp_path: Path
) -> None:
    path = Path(written(tmp_path / name))
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    table = open_tagged(str(path), LABELS)
    assert table is not None
    with pytest.raises(CivictagError, match=message):
        list(table.articles)


def correction(text: str, *labels: str) -> LabelledParagraph:
    return LabelledParagraph("d", 0, text, labels)


def test_a_correction_holds_wherever_the_text_stands() -> None:
    rows = [correction("会议 研究了下一步的安排。", "news"), correction("无此段。")]
    corrector = Corrector(rows, LABELS)
    pages = list(corrector.correct(PAGES))
    assert [[t.label for t in p.paragraphs[3].tags] for p in pages[:2]] == [["news"], ["news"]]
    body = pages[0].paragraphs[3]
    assert (body.checked, body.review, body.suggested, body.tags[0].probability) == (True, False, (), 0.05)
    assert (corrector.applied.checked, corrector.applied.changed, corrector.applied.unfound) == (2, 2, 1)
    assert corrector.applied.message() == (
        "2 paragraphs are marked as checked, 2 of them got other labels; corrections not found: 1"
    )


def test_two_corrections_of_a_text_that_differ_are_told() -> None:
    rows = [
        correction("会议。", "news"),
        correction("会 议。", "help"),
        correction("散会。"),
        correction("散会。"),
    ]
    applied = Corrector(rows, LABELS).applied
    assert (applied.unfound, applied.differing) == (2, 1)
    assert applied.message().endswith("texts that were corrected twice and differently: 1; the last counts")


def test_a_changed_tick_in_the_machines_csv_is_a_correction(tmp_path: Path) -> None:
    path = Path(written(tmp_path / "a.csv"))
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    rows[1][rows[0].index("news")] = "1"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    found = read_review(str(path), LABELS)
    assert [row.labels for row in found.rows] == [("clean", "help", "news")]


def test_a_confirmed_label_keeps_its_evidence() -> None:
    rows = [correction(PAGES[0].paragraphs[1].text, "clean")]
    body = next(iter(Corrector(rows, LABELS).correct(PAGES))).paragraphs[1]
    assert body.tags == PAGES[0].paragraphs[1].tags[:1]
    assert body.suggested == ("clean", "help")


TEXT = "居民把楼道里的垃圾清扫干净了。\n邻居借来一把梯子，修好了门灯。\n河里的水涨了三寸，桥下不能走了。\n"


@pytest.fixture
def filed(tmp_path: Path, small_model: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    from civictag.cli import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CIVICTAG_STATE", str(tmp_path / "state"))
    (tmp_path / "四月").mkdir()
    (tmp_path / "四月" / "a.txt").write_text(TEXT, encoding="utf-8")
    arguments = [
        "tag",
        "四月",
        "-m",
        small_model,
        "-o",
        "结果.xlsx",
        "--review",
        "复核.xlsx",
        "--headings",
        "zh",
    ]
    assert run(arguments) == 0
    return tmp_path


def test_from_the_list_to_the_workbook_the_page_and_the_lines(filed: Path, small_model: str) -> None:
    from civictag.cli.apply import command

    book = openpyxl.load_workbook("复核.xlsx")
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for row in range(2, sheet.max_row + 1):
        for column in range(3, heads.index("核对") + 1):
            sheet.cell(row, column).value = None
        sheet.cell(row, heads.index("核对") + 1).value = "√"
    book.save("复核.xlsx")
    result = CliRunner().invoke(command, ["复核.xlsx", "--to", "结果.xlsx", "-m", small_model])
    assert result.exit_code == 0, result.output
    assert "3 paragraphs count as checked" in result.stderr
    assert "结果.before1.xlsx" in result.stderr
    table = openpyxl.load_workbook("结果.xlsx", data_only=True)
    rows = list(table["段落"].iter_rows(values_only=True))
    at = rows[0].index("核对")
    assert [row[1:at] for row in rows[1:]] == [(None,) * (at - 1)] * 3
    assert [row[at] for row in rows[1:]] == ["√"] * 3
    assert next(row[1] for row in table["汇总"].iter_rows(values_only=True) if row[0] == "无标签") == 3
    again = ["复核.xlsx", "--to", "结果.xlsx", "-m", small_model, "-o", "a.html", "-o", "a.jsonl"]
    assert CliRunner().invoke(command, again).exit_code == 0
    assert Path("a.html").read_text("utf-8").count("✓ checked") == 3
    assert Path("a.jsonl").read_text("utf-8").count('"checked": true') == 3
    assert not os.path.exists("结果.before2.xlsx")


@pytest.mark.parametrize("table", ["四月/a.txt", "复核.xlsx"])
def test_what_is_no_table_of_tags_is_refused(table: str, filed: Path, small_model: str) -> None:
    from civictag.cli.apply import command

    result = CliRunner().invoke(command, ["复核.xlsx", "--to", table, "-m", small_model])
    assert isinstance(result.exception, CivictagError)
    assert "is no table that civictag tag wrote" in str(result.exception)


EXPLAINED = [
    ("a.xlsx", "zh", "a.xlsx"), ("a.xlsx", "en", "a.xlsx"), ("a.xlsx", "ids", "a.xlsx"),
    ("a.csv", None, "a.csv"), ("a.csv", "zh", "a.csv"),
    ("a.xlsx", "zh", "b.html"), ("a.csv", None, "b.xlsx"), ("a.jsonl", None, "b.xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "headings", "output"), EXPLAINED)
def test_the_reasons_stay_when_a_table_is_written_anew(
    name: str, headings: str | None, output: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    options = Options(explain=True, all_scores=True, headings=headings)
    with open_writer(path.suffix[1:], path, labels=LABELS, model=MODEL, options=options) as writer:
        for item in PAGES[:2]:
            writer.write(item)
    table = open_tagged(str(path), LABELS)
    assert table is not None
    again = tmp_path / f"again-{output}"
    with open_writer(again.suffix[1:], again, labels=LABELS, model=MODEL, options=options) as writer:
        for item in table.articles:
            writer.write(item)
    if again.suffix == ".xlsx":
        sheets = [
            openpyxl.load_workbook(f, data_only=True).worksheets[0]
            for f in (again, path)
            if f.suffix == ".xlsx"
        ]
        rows = [[tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in sheets]
        assert rows[0] == rows[-1]
        assert "清扫" in str([cell for row in rows[0][1:] for cell in row[5:]])
    elif again.suffix == ".csv":
        assert again.read_bytes() == path.read_bytes()
    else:
        assert re.search("<details>.*清扫.*</details>", again.read_text("utf-8"))


ZOO = """format = 1
name = "zoo"
version = "1"
[[labels]]
id = "feed"
name = "投喂"
[labels.cues]
strong = ["投喂"]
[[labels]]
id = "ticket"
name = "票务"
[labels.cues]
strong = ["门票"]
"""


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "jsonl"])
def test_a_table_tagged_by_cues_is_corrected_and_counted_with_its_label_set(
    tmp_path, monkeypatch, capfdbinary, suffix
):
    monkeypatch.chdir(tmp_path)
    run, table = Command(capfdbinary), f"t.{suffix}"
    Path("zoo.toml").write_text(ZOO, "utf-8")
    text = "动物园开春\n\n门票当天卖光了三千张，门口排起了长队。\n\n饲养员请大家不要投喂猴子。\n"
    Path("a.txt").write_text(text, "utf-8")
    assert run("tag", "a.txt", "-l", "zoo.toml", "-o", table, "--review", "r.csv")[0] == 0
    with open("r.csv", encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    for cells in rows:
        cells[head.index("Checked")] = "1"
        if "投喂" in cells[head.index("Text")]:
            cells[head.index("ticket")] = "1"
    with open("r.csv", "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    code, _, told = run("apply", "r.csv", "--to", table)
    assert code == 1, told
    assert "label set with -l" in told
    code, _, told = run("apply", "r.csv", "--to", table, "-l", "zoo.toml")
    assert (code, "1 of them got other labels" in told) == (0, True), told
    code, counted, told = run("stats", table, "-l", "zoo.toml", "-f", "json")
    assert code == 0, told
    shares = json.loads(counted)["total"]["shares"]
    assert {label: row["paragraphs"] for label, row in shares.items()} == {"feed": 1, "ticket": 2}
