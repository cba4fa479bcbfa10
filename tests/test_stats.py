"""Shares of labels: counts, intervals with the coverage they promise, correction, tables and charts."""

from __future__ import annotations

import datetime
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from writers_data import LABELS, article, plain_row

from civictag.datamodel import Article, ModelInfo, Paragraph, Tag
from civictag.errors import CivictagError, MissingExtra
from civictag.prevalence.estimators import (
    Rates,
    corrected,
    effective_size,
    plain,
    rates_from,
    rates_of,
    unlearned,
    wilson,
)
from civictag.prevalence.report_text import shares_json, shares_table
from civictag.prevalence.share_sheets import shares_csv, shares_workbook
from civictag.prevalence.shares import ShareTable, shares
from civictag.util.dates import date_in, parse_date, period_before, periods, unit_for

GOOD = Rates(tp=900, fn=100, fp=40, tn=3960)


def manifest(tp: int, fn: int, fp: int, tn: int) -> dict[str, object]:
    counts = {"true_positives": tp, "false_negatives": fn, "false_positives": fp, "true_negatives": tn}
    return {"out_of_fold": {"clean": {"f1": 0.9, **counts}, "micro": {"f1": 0.9}}}


def row(probability: float, **extra: object) -> Article:
    return plain_row(probability=probability, **(extra or {"n": 1}))


def by_value(table: ShareTable) -> dict[str, tuple[int, int, int]]:
    """Group → articles, paragraphs, paragraphs with the first label."""
    return {g.value: (g.articles, g.paragraphs, g.shares[0].paragraphs) for g in table.groups}


def test_counts_by_column() -> None:
    rows = [row(0.9, district="河东"), row(0.1, district="河东"), row(0.9, district="河西"), row(0.9, n=1)]
    table = shares([*rows, article()], LABELS, "district")
    assert by_value(table) == {"河东": (2, 2, 1), "河西": (1, 1, 1), "": (2, 4, 3)}
    assert [group.value for group in table.groups] == ["河东", "河西", ""], "no value comes last"
    assert (table.total.articles, table.total.paragraphs) == (5, 7)
    assert [share.paragraphs for share in table.total.shares] == [5, 1, 0]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("date", ["2023-01-05", "2023-02-01", "2024-01-01"]),
        ("date:month", ["2023-01", "2023-02", "2024-01"]),
        ("date:year", ["2023", "2024"]),
        ("日期:month", ["2023-01", "2023-02", "2024-01"]),
        ("date:quarter", ["2023-Q1", "2024-Q1"]),
        ("date:week", ["2023-W01", "2023-W05", "2024-W01"]),
    ],
)
def test_dates_are_grouped_and_in_order(by: str, expected: list[str]) -> None:
    days = ["2024-01-01", "2023-02-01", "2023-01-05", "2023-02-01"]
    assert [g.value for g in shares([row(0.9, date=d) for d in days], LABELS, by).groups] == expected


def test_without_a_column_there_is_the_total_alone() -> None:
    table = shares([article()], LABELS)
    assert table.groups == ()
    assert table.total.shares[0].share.value == 2 / 3
    assert table.total.shares[0].share.low is None, "one article says nothing of others"


def test_the_file_is_a_column_too() -> None:
    table = shares([article("a"), article("b")], LABELS, "source")
    assert by_value(table) == {"a": (1, 3, 2), "b": (1, 3, 2)}


def test_a_row_s_file_is_its_source() -> None:
    table = shares([plain_row("1"), plain_row("2"), article("单位/四月/a#b.txt")], LABELS, "source")
    assert {g.value: g.articles for g in table.groups} == {"rows.csv": 2, "单位/四月/a#b.txt": 1}
    assert [g.value for g in shares([article("单位/四月/a.txt")], LABELS, "folder").groups] == ["四月"]


def test_a_column_called_source_is_within_reach() -> None:
    rows = [row(0.9, source="甲网"), row(0.1, source="乙网"), row(0.9, source="甲网")]
    assert by_value(shares(rows, LABELS, "extra.source")) == {"甲网": (2, 2, 2), "乙网": (1, 1, 0)}


@pytest.mark.parametrize(("unit", "expected"), [("year", ["2024"]), ("month", [""]), ("day", [""])])
def test_a_date_is_no_more_exact_than_it_is_known(unit: str, expected: list[str]) -> None:
    pages = [replace(article("a"), date="2024"), replace(article("b"), date="2023-05-06")]
    found = [g.value for g in shares(pages, LABELS, f"date:{unit}").groups]
    assert found[1:] == expected


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ("town", r'no article has a value in the column "town".*source, folder, unit, date, title, district'),
        ("date:fortnight", r'no period "fortnight".*day, week, month, quarter, year'),
        ("日期:weak", r'no period "weak"'),
        ("district:month", r'no article has a date in "district".*COLUMN:month'),
    ],
)
def test_what_cannot_be_grouped_by_is_told_with_what_can(by: str, message: str) -> None:
    with pytest.raises(CivictagError, match=message):
        shares([plain_row()], LABELS, by)


def unit_month() -> ShareTable:
    pages = []
    for unit, month, chances in (
        ("甲", 1, [0.9, 0.1]), ("甲", 2, [0.9, 0.9, 0.1]), ("甲", 4, [0.9]), ("乙", 2, [0.9])
    ):  # fmt: skip
        for p in chances:
            pages.append(replace(row(p), unit=unit, date=f"2024-{month:02d}-09"))
    return shares(pages, LABELS, ["unit", "date:month"])


def test_two_columns_at_once_with_the_change_to_the_month_before() -> None:
    table = unit_month()
    found = {
        g.values: (g.shares[0].paragraphs, g.shares[0].articles, g.shares[0].change) for g in table.groups
    }
    assert found == {
        ("甲", "2024-01"): (1, 1, None),
        ("甲", "2024-02"): (2, 2, 1),
        ("甲", "2024-04"): (1, 1, None),
        ("乙", "2024-02"): (1, 1, None),
    }
    assert next(iter(found)) == ("甲", "2024-01"), "the larger unit first, then by time"
    assert table.groups[1].shares[0].change_points == pytest.approx(100 * (2 / 3 - 1 / 2))
    record = json.loads(shares_json(table))
    assert (record["by"], record["groups"][1]["value"]) == (["unit", "date:month"], ["甲", "2024-02"])
    assert record["groups"][1]["shares"]["clean"]["change"] == 1
    assert "甲 · 2024-02 (3 paragraphs in 3 articles)" in shares_table(table)


@pytest.mark.parametrize(
    ("name", "unit", "expected"),
    [
        ("2024-01", "month", "2023-12"), ("2024", "year", "2023"), ("2024-03-01", "day", "2024-02-29"),
        ("2024-W01", "week", "2023-W52"), ("2021-W01", "week", "2020-W53"), ("2024-Q1", "quarter", "2023-Q4"),
        ("2024-Q3", "quarter", "2024-Q2"),
    ],
)  # fmt: skip
def test_the_period_before(name: str, unit: str, expected: str) -> None:
    assert period_before(name, unit) == expected


def info(manifest: dict[str, object]) -> ModelInfo:
    return ModelInfo("m", "1", "0" * 64, manifest)


def test_labels_not_learned_are_no_zero() -> None:
    assert unlearned(info(manifest(0, 10, 0, 90))) == ["clean"]
    table = shares([row(0.1, n=1)], LABELS, unlearned=["clean", "nothing"])
    text = shares_table(table)
    assert "not learned" in next(line for line in text.split("\n") if line.startswith("环境清洁"))
    assert "has not learned 环境清洁" in text
    assert json.loads(shares_json(table))["total"]["shares"]["clean"]["learned"] is False
    given = shares([row(0.9, n=1)], LABELS, unlearned=["clean"])
    assert "not learned" not in shares_table(given)
    named = {"not_learned": {"clean": {"by_cues": False}, "help": {"by_cues": True}}}
    assert unlearned(info(named)) == ["clean"]  # the other is counted: its cues decide


def test_labels_given_to_every_paragraph_are_no_share() -> None:
    blind = {"chosen": {"every_label_given": True}, "labels": [{"id": "clean"}, {"id": "few"}]}
    blind |= {"not_learned": {"few": {"by_cues": True}}}
    assert info(blind).always_given == ("clean",)
    assert info(manifest(10, 0, 90, 0)).always_given == ()
    table = shares([row(0.9, n=1), row(0.9, n=2)], LABELS, always_given=info(blind).always_given)
    assert "100.0%" not in shares_table(table)
    assert "has not learned 环境清洁" in shares_table(table)
    assert json.loads(shares_json(table))["total"]["shares"]["clean"]["learned"] is False
    ticked = shares([row(0.9, n=1), row(0.1, n=2)], LABELS, always_given=["clean"])
    assert "not learned" not in shares_table(ticked)  # a person took one away


def test_rates_come_from_an_evaluation(tmp_path: Path) -> None:
    labels = [
        {"label": "clean", "support": 10, "predicted": 12, "figures": {"recall": {"value": 0.9}}},
        {"label": "help", "support": 0, "predicted": 1, "figures": {"recall": {"value": None}}},
    ]
    path = tmp_path / "evaluation.json"
    path.write_text(json.dumps({"model": {"sha256": "ab"}, "paragraphs": 100, "labels": labels}))
    assert rates_from(str(path)) == ({"clean": Rates(9, 1, 3, 87), "help": Rates(0, 0, 1, 99)}, "ab")
    row = '{"label": "a", "support": %s, "predicted": %s, "figures": {"recall": {"value": %s}}}'
    whole = '{"model": {"sha256": ""}, "paragraphs": %s, "labels": [%s]}'
    wrong = [
        ("1e400", 1, 1),
        (5, 1, "1e400"),
        (5, 1, "NaN"),
        (5, -9, 1),
        (5, '"1"', 1),
        ("1" + "0" * 400, 1, 1),
    ]
    for text in [
        "[]",
        "[" * 90_000,
        *(whole % (10, row % figures) for figures in wrong),
        whole % ("2", row % (5, 5, 1)),
    ]:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CivictagError, match=r"is no evaluation.*civictag evaluate"):
            rates_from(str(path))


def test_a_csv_for_programs_and_a_workbook_for_people(tmp_path: Path) -> None:
    import csv
    import io

    rows = list(csv.DictReader(io.StringIO(shares_csv(unit_month(), LABELS).decode("utf-8-sig"))))
    assert len(rows) == 15
    second = rows[3]
    names = ("unit", "date:month", "n_articles", "total", "label", "n_body", "change_period")
    assert [second[n] for n in names] == [
        "甲", "2024-02", "3", "3", "clean", "2", "1",
    ]  # fmt: skip
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    book = openpyxl.load_workbook(io.BytesIO(shares_workbook(unit_month(), LABELS, "zh")))
    sheet = book["占比"]
    assert [cell.value for cell in sheet[1]][:7] == ["单位", "月份", "篇数", "总段数", "标签", "段数", "占比"]
    assert [cell.value for cell in sheet[5]][:6] == ["甲", "2024-02", 3, 3, "环境清洁", 2]
    assert sheet["G5"].number_format == "0.0%"
    (chart,) = book["图"]._charts
    assert chart.y_axis.scaling.min == 0  # bars that begin elsewhere mislead
    assert book["图"].page_setup.orientation == "landscape"


def test_intervals_are_given_on_request() -> None:
    table = shares([row(0.9, n=1), row(0.1, n=1)] * 9, LABELS)
    assert "interval" not in shares_table(table)
    assert "95 % interval" in shares_table(table, intervals=True)


@pytest.mark.parametrize("by", [None, "district"])
def test_nothing_at_all(by: str | None) -> None:
    table = shares([], LABELS, by)
    assert (table.total.paragraphs, table.total.shares[0].share.value) == (0, None)
    assert "–" in shares_table(table)


@given(st.integers(1, 400), st.data())
def test_wilson_is_scipys(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    expected = binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert wilson(k / n, n, 1.959963984540054) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(
    ("articles", "low", "high"),
    [
        ({(1, 0): 500, (1, 1): 500}, 980, 1000),  # single paragraphs: worth their number
        ({(10, 0): 50, (10, 10): 50}, 90, 100),  # whole articles with or without it: worth the articles
        ({(10, 5): 99, (10, 4): 1}, 950, 1000),  # never worth more than the paragraphs
        ({(10, 5): 100}, 90, 100),  # no variance to see: the careful end
        ({(10, 0): 100}, 90, 100),
        ({(10, 5): 1}, 0, 0),
        ({(10, 5): 1, (10, 4): 1}, 0, 1),  # two articles: next to nothing is known
    ],
)
def test_what_articles_are_worth(articles: dict[tuple[int, int], int], low: float, high: float) -> None:
    assert low <= effective_size(articles) <= high


@pytest.mark.parametrize(("m", "share"), [(5, 0.2), (10, 0.05), (30, 0.3)])
def test_intervals_cover_what_they_promise(m: int, share: float) -> None:
    """Simulated articles whose own share varies (beta with correlation 0.1), 400 samples each."""
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(400):
        sizes = 1 + rng.poisson(6, m)
        given = rng.binomial(sizes, rng.beta(share * 9, (1 - share) * 9, m))
        pairs = Counter(zip(sizes.tolist(), given.tolist(), strict=True))
        found = plain(given.sum() / sizes.sum(), effective_size(pairs))
        covered += found.low is not None and found.high is not None and found.low <= share <= found.high
    assert covered / 400 >= 0.92, "four standard errors of the simulation below 0.95 would be 0.91"


@pytest.mark.parametrize("share", [0.0, 0.05, 0.3, 1.0])
def test_correction_undoes_the_errors(share: float) -> None:
    tpr, fpr = 0.9, 0.01
    seen = share * tpr + (1 - share) * fpr
    found = corrected(seen, 500.0, GOOD, seed=0)
    assert found.value == pytest.approx(share, abs=1e-9)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= share <= found.high <= 1


def test_rates_from_few_paragraphs_widen_the_interval() -> None:
    few = Rates(tp=9, fn=1, fp=0, tn=40)
    wide, narrow = corrected(0.3, 1000.0, few, seed=0), corrected(0.3, 1000.0, GOOD, seed=0)
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.high is not None
    assert narrow.high is not None
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


@pytest.mark.parametrize("rates", [Rates(0, 0, 1, 9), Rates(5, 5, 5, 5), Rates(1, 9, 0, 0)])
def test_rates_that_tell_nothing_give_no_correction(rates: Rates) -> None:
    assert corrected(0.3, 100.0, rates, seed=0).value is None


def test_rates_come_from_the_manifest() -> None:
    assert rates_of(manifest(900, 100, 40, 3960)) == {"clean": GOOD}
    assert rates_of({}) == {}


def test_the_same_input_gives_the_same_figures() -> None:
    rows = [row(p, district="a") for p in (0.9, 0.1, 0.9)]
    rates = {"clean": GOOD}
    assert shares(rows, LABELS, "district", rates) == shares(rows, LABELS, "district", rates)


def test_json_and_table_say_the_same() -> None:
    rows = [row(0.9, district="河东"), row(0.1, district="河东")] * 20
    table = shares(rows, LABELS, "district", {"clean": GOOD})
    record = json.loads(shares_json(table))
    share = record["groups"][0]["shares"]["clean"]
    assert (record["groups"][0]["value"], share["paragraphs"], share["share"]) == ("河东", 20, 0.5)
    assert share["low"] < 0.5 < share["high"]
    assert share["corrected"]["share"] == pytest.approx(0.49 / 0.89)
    assert "corrected" not in record["groups"][0]["shares"]["help"]
    text = shares_table(table)
    assert "河东 (40 paragraphs in 40 articles)" in text
    assert "50.0%" in text
    assert "55.1%" in text


PAGES = [replace(article(f"{i}"), extra={"district": f"第{i % 40}区"}) for i in range(80)]


@pytest.mark.parametrize(("form", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_a_chart_is_drawn_and_is_reproducible(form: str, magic: bytes) -> None:
    pytest.importorskip("matplotlib")
    from civictag.prevalence.chart import chinese_font, draw

    table = shares(PAGES[:4], LABELS, "district")
    data, warnings = draw(table, form, LABELS)
    assert data.startswith(magic)
    assert draw(table, form, LABELS)[0] == data
    assert any("no Chinese font" in warning for warning in warnings) is (chinese_font() is None)


def test_a_chart_of_many_groups_says_that_it_shows_the_largest() -> None:
    pytest.importorskip("matplotlib")
    from civictag.prevalence.chart import draw

    _, warnings = draw(shares(PAGES, LABELS, "district"), "png", LABELS)
    assert any("30 largest of 40" in warning for warning in warnings)


def test_chinese_glyphs_are_in_the_chart(recwarn: pytest.WarningsRecorder) -> None:
    pytest.importorskip("matplotlib")
    from civictag.prevalence.chart import chinese_font, draw

    if chinese_font() is None:
        pytest.skip("no Chinese font on this machine")
    draw(shares(PAGES[:4], LABELS, "district"), "png", LABELS)
    assert not [w for w in recwarn if "missing from font" in str(w.message)]


def test_without_a_chinese_font_the_chart_says_so(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    pytest.importorskip("matplotlib")
    from civictag.prevalence import chart as shares_chart

    monkeypatch.setattr(shares_chart, "chinese_font", lambda: None)
    (warning,) = shares_chart.draw(shares([article()], LABELS), "png", LABELS)[1]
    assert "no Chinese font was found" in warning
    assert not recwarn, "said once, and not by matplotlib"


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from civictag.prevalence.chart import draw

    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"\[plot\]"):
        draw(shares([article()], LABELS), "png", LABELS)


class _Tagger:
    """Gives the first label to every paragraph that begins with 住户."""

    labels = LABELS
    info = ModelInfo("m", "1", "0" * 64, manifest(90, 10, 2, 98))

    def tag_articles(self, articles: Iterable[Article], **asked: bool) -> Iterator[Article]:
        for item in articles:
            yield replace(item, paragraphs=tuple(map(self._tagged, item.paragraphs)))

    def _tagged(self, body: Paragraph) -> Paragraph:
        given = body.kind == "body" and body.text.startswith("住户")
        return replace(body, tags=(Tag("clean", "环境清洁", 0.9),)) if given else body


@pytest.fixture
def stats(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """The command over a small CSV and a file that is not there."""
    from civictag.cli.stats import command

    monkeypatch.setitem(sys.modules, "civictag.model.bundle", SimpleNamespace(load=lambda name: _Tagger()))
    monkeypatch.setattr("civictag.model.bundle", sys.modules["civictag.model.bundle"], raising=False)
    table = tmp_path / "rows.csv"
    rows = ["text,district", "住户清扫院子。,河东", "会议开了一天。,河东", "住户种花。,河西"]
    table.write_text("\n".join(rows), encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(command, [str(table), *arguments])


def test_the_command_prints_shares_by_column(stats: Callable[..., Result]) -> None:
    result = stats("--by", "district", "-f", "json")
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    groups = {g["value"]: g["shares"]["clean"]["paragraphs"] for g in record["groups"]}
    assert groups == {"河东": 1, "河西": 1}
    assert "corrected" not in record["total"]["shares"]["clean"], "rates of another text correct nothing"


def test_what_cannot_be_read_is_named_and_the_rest_is_done(stats: Callable[..., Result]) -> None:
    result = stats("/no/such/file.txt")
    assert result.exit_code == 3
    assert "/no/such/file.txt" in result.stderr
    assert "3 paragraphs in 3 articles" in result.stdout


def test_the_command_draws_to_a_file(stats: Callable[..., Result], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    result = stats("-f", "svg", "-o", str(tmp_path / "a.svg"))
    assert result.exit_code == 0, result.output
    assert (tmp_path / "a.svg").read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-04-05", "2023-04-05"),
        ("2023-04-05T10:11:12Z", "2023-04-05"),
        ("2023/4/5 10:00", "2023-04-05"),
        ("2023年4月5日", "2023-04-05"),
        ("2023年4月", "2023-04-01"),
        ("2023.4", "2023-04-01"),
        ("20230405", "2023-04-05"),
        (20230405, "2023-04-05"),
        ("2023", "2023-01-01"),
        (datetime.datetime(2023, 4, 5, 6), "2023-04-05"),
        (datetime.date(2023, 4, 5), "2023-04-05"),
        ("2023-13-01", None),
        ("2023-06-31", None),
        ("12345678", None),
        ("河东", None),
        ("", None),
        (None, None),
        (3.5, None),
    ],
)
def test_dates_as_tables_write_them(value: object, expected: str | None) -> None:
    found = parse_date(value)
    assert (found.isoformat() if found else None) == expected


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ({"发布时间": "2023-04-05"}, None, "2023-04-05"),
        ({"date": "n/a", "日期": "2023-04-05"}, None, "2023-04-05"),
        ({"d": "2023-04-05"}, "d", "2023-04-05"),
        ({"date": "2023-04-05"}, "d", None),
        ({"district": "2023"}, None, None),
    ],
)
def test_where_a_row_keeps_its_date(row: dict[str, object], column: str | None, expected: str | None) -> None:
    found = date_in(row, column)
    assert (found.isoformat() if found else None) == expected


@pytest.mark.parametrize(
    ("last", "unit", "count"),
    [
        ("2023-01-31", "day", 31),
        ("2023-12-31", "week", 53),
        ("2024-12-31", "month", 24),
        ("2032-12-31", "year", 10),
    ],
)
def test_periods_leave_no_gap(last: str, unit: str, count: int) -> None:
    first, end = datetime.date(2023, 1, 1), datetime.date.fromisoformat(last)
    days = [first + datetime.timedelta(n) for n in range((end - first).days + 1)]
    assert unit_for(days) == unit
    assert len(periods(first, end, unit)) == count


@pytest.mark.parametrize(
    ("apart", "n", "unit"),
    [(1, 20, "day"), (3, 14, "day"), (5, 10, "week"), (30, 4, "month"), (300, 3, "month"), (900, 4, "year")],
)
def test_days_strewn_thinly_are_put_together(apart: int, n: int, unit: str) -> None:
    assert unit_for([datetime.date(2023, 1, 2) + datetime.timedelta(apart * i) for i in range(n)]) == unit


def test_rates_of_the_user_s_own_text_correct(stats: Callable[..., Result], tmp_path: Path) -> None:
    row = {"label": "clean", "support": 100, "predicted": 92, "figures": {"recall": {"value": 0.9}}}
    report = tmp_path / "evaluation.json"
    report.write_text(json.dumps({"model": {"sha256": "ab"}, "paragraphs": 200, "labels": [row]}))
    found = stats("-f", "json", "--rates", str(report))
    assert "is of another model (ab…, not " in found.stderr
    assert "holds no paragraph of " in found.stderr
    record = json.loads(found.stdout)
    assert record["total"]["shares"]["clean"]["corrected"]["share"] == pytest.approx((2 / 3 - 0.02) / 0.88)
    table = stats("--rates", str(report)).stdout
    assert "not corrected, since the evaluation cannot tell their error rates: " in table


def test_copies_are_counted_once_on_request(stats: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("text,district\n" + "住户清扫院子。,河东\n" * 3, encoding="utf-8")
    assert "(3 paragraphs in 3 articles)" in stats().stdout
    result = stats("--no-duplicates", "--similarity", "1")
    assert "(1 paragraph in 1 article)" in result.stdout
    assert "2 reprinted articles were left out" in result.stderr


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx", "t.jsonl", "t.parquet"])
def test_tables_of_tags_are_counted_and_not_tagged_again(
    name: str, stats: Callable[..., Result], tmp_path: Path
) -> None:
    from civictag.writers import Options, open_writer

    pytest.importorskip("pyarrow")
    pytest.importorskip("xlsxwriter")
    # The fake tagger would give the first label to none of these paragraphs.
    model = {"name": "m", "version": "1", "sha256": "0"}
    path = tmp_path / name
    with open_writer(name[2:], path, labels=LABELS, model=model, options=Options(headings="ids")) as writer:
        writer.write(article())
    if name == "t.csv":  # a person ticks 信息公开 in the third paragraph
        lines = path.read_bytes().decode("utf-8-sig").split("\r\n")
        at = lines[0].split(",").index("news")
        cells = lines[3].split(",")
        cells[at] = "1"
        lines[3] = ",".join(cells)
        path.write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    result = stats(str(path), "-f", "json")
    total = json.loads(result.stdout)["total"]
    assert (total["articles"], total["paragraphs"]) == (4, 6)
    counts = [total["shares"][label.id]["paragraphs"] for label in LABELS]
    assert counts == [4, 1, int(name == "t.csv")]
    assert "1 table of tags was counted as it is" in result.stderr


def test_three_columns_are_too_many(stats: Callable[..., Result]) -> None:
    result = stats("--by", "a", "--by", "b", "--by", "c")
    assert result.exit_code == 2
    assert "twice at most" in result.stderr
