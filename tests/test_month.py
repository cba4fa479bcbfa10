"""A month's report: which articles it counts, its sentences, the Word file, and that the workbook agrees."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from writers_data import LABELS, MODEL, article, plain_row

from civictag import i18n
from civictag.cli.month import _month_named
from civictag.datamodel import Article, NotCounted
from civictag.errors import CivictagError
from civictag.reports.month import Month, month_of_articles
from civictag.reports.phrases import certainty, change, month_name, overview, percent
from civictag.reports.word import word_report

docx = pytest.importorskip("docx")
pytest.importorskip("docxtpl")


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CIVICTAG_LANG", "zh")  # --lang sets it; the tests after this one want English
    i18n.use("zh")
    yield
    i18n.use(None)


def page(name: str, date: str = "2024-04-09", unit: str = "北苑社区") -> Article:
    return replace(article(name), date=date, unit=unit)


def row(name: str, chance: float, date: str) -> Article:
    return replace(plain_row(name, f"住户{name}轮流清扫楼前的院子和花坛。", chance), date=date, extra={})


APRIL = [page("a"), page("b", unit="河西镇"), row("1", 0.9, ""), row("2", 0.1, "2024-03-30")]
MARCH = [page("c", "2024-03-02"), row("3", 0.1, "2024-03-05")]


def april() -> Month:
    return month_of_articles(APRIL, MARCH, LABELS, None)


def test_a_folder_is_its_month_whatever_the_dates() -> None:
    month = april()
    assert (month.name, len(month.articles), len(month.earlier)) == ("2024-04", 4, 2)
    assert (month.undated, month.other, month.not_counted) == (1, 1, [])
    now, before = month.now(), month.before()
    assert before is not None
    assert (now.n_articles, now.n_body, now.paragraphs) == (4, 8, [5, 2, 0])
    assert (before.n_articles, before.n_body, before.paragraphs) == (2, 4, [2, 1, 0])


def test_a_month_is_taken_out_of_a_table_of_many() -> None:
    old = page("z", "2023-12-01")
    month = month_of_articles([*APRIL, *MARCH, old], [], LABELS, "2024-04")
    assert [a.source for a in month.articles] == ["a", "b", "rows.csv#1"]
    assert [a.source for a in month.earlier] == ["rows.csv#2", "c", "rows.csv#3"]
    assert [(one.why, one.source) for one in month.not_counted] == [("other_month", "z")]


@pytest.mark.parametrize(
    ("articles", "message"), [([], "no article could be read"), ([row("1", 0.9, "")], r"--month 2024-04")]
)
def test_without_a_month_there_is_no_report(articles: list[Article], message: str) -> None:
    with pytest.raises(CivictagError, match=message):
        month_of_articles(articles, [], LABELS, None)


def test_the_sentences_that_such_a_report_has(chinese: Any) -> None:
    first, second, third = overview(april())
    assert first == (
        "2024年4月共收稿 4 篇、8 段，其中环境清洁 5 段，占 62.5%；邻里互助 2 段，占 25.0%；"
        "信息公开 0 段，占 0.0%；"
        "不涉及上述各项的 3 段，占 37.5%。一段可以涉及多项，各项相加可能大于总段数。"
    )
    assert second == (
        "与2024年3月（2 篇、4 段）相比，收稿增加 2 篇，段落增加 4 段；"
        "环境清洁增加 3 段（占比上升 12.5 个百分点）；"
        "邻里互助增加 1 段（占比持平）；信息公开持平（占比持平）。"
    )
    assert third == "来稿较多的单位：北苑社区 1 篇、3 段；河西镇 1 篇、3 段；未注明单位 2 篇、2 段。"
    told = certainty(april(), MODEL)
    assert told[0].startswith("标签由程序给出，2 段（占 25.0%）把握不大，标为“待复核”；已由人工核对 0 段。")
    assert told[1:3] == ["1 篇没有注明日期，按本月计。", "1 篇的日期不在本月，按收稿计入本月。"]


def test_without_the_month_before_nothing_is_compared(chinese: Any) -> None:
    told = overview(month_of_articles(APRIL, [], LABELS, None))
    assert len(told) == 2
    assert "相比" not in "".join(told)


def test_in_english_too() -> None:
    first, second, _ = overview(april())
    assert first.startswith("Articles in 2024-04: 4, with paragraphs: 8; of these Cleanliness 5 (62.5%);")
    assert "articles +2, paragraphs +4; Cleanliness +3 (share +12.5 points)" in second


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(1, 16, "6.3%"), (1, 3, "33.3%"), (0, 5, "0.0%"), (0, 0, "–"), (5, 5, "100.0%")],
)
def test_percentages_are_rounded_as_in_the_workbook(part: int, whole: int, shown: str) -> None:
    assert percent(part, whole) == shown


def test_small_words(chinese: Any) -> None:
    assert (month_name("2024-11"), change(3, 5, "段"), change(5, 5)) == ("2024年11月", "减少 2 段", "持平")


def text_of(data: bytes, tmp_path: Path) -> str:
    (tmp_path / "a.docx").write_bytes(data)
    document = docx.Document(str(tmp_path / "a.docx"))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_word_report(chinese: Any, tmp_path: Path) -> None:
    month = april()
    month.not_counted.append(NotCounted("unread", detail="图片.jpg：不是可读的格式"))
    text = text_of(word_report(month, model=MODEL), tmp_path)
    assert text.startswith("2024年4月稿件情况月报\n一、总体情况\n2024年4月共收稿 4 篇")
    assert "图片.jpg：不是可读的格式" in text
    assert "《柳树巷的一天》；依据：清扫" in text
    assert "{" not in text
    tables = docx.Document(str(tmp_path / "a.docx")).tables
    assert [[c.text for c in row.cells] for row in tables[0].rows] == [
        ["环境清洁", "█" * 24, "5"], ["邻里互助", "█" * 9 + "▋", "2"], ["信息公开", "", "0"],
    ]  # fmt: skip
    assert [c.text for c in tables[1].rows[1].cells] == [
        "环境清洁", "5", "62.5%", "3", "2", "增加 3", "上升 12.5 个百分点",
    ]  # fmt: skip
    assert [c.text for c in tables[2].rows[0].cells][3:6] == ["环境清洁", "邻里互助", "信息公开"]
    assert [c.text for c in tables[2].rows[-1].cells] == ["合计", "4", "8", "5", "2", "0", "3", "2"]


def test_an_article_s_text_is_no_markup(tmp_path: Path) -> None:
    odd = replace(row("1", 0.9, "2024-04-01"), title="<b>{{ 1/0 }} & 信</b>")
    text = text_of(word_report(month_of_articles([odd], [], LABELS, None), model=MODEL), tmp_path)
    assert "<b>{{ 1/0 }} & 信</b>" in text


def test_an_office_has_its_own_template(tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("某某办 {{ month }}：{{ articles }} 篇")
    own.save(str(tmp_path / "own.docx"))
    data = word_report(april(), model=MODEL, template=str(tmp_path / "own.docx"))
    assert text_of(data, tmp_path) == "某某办 2024-04：4 篇"


@pytest.mark.parametrize(
    "line", ["{{ month ", "{{ ''.__class__.__mro__ }}", "{% for x in %}", "{{ 1 + '1' }}"]
)
def test_a_mistake_in_a_template_is_a_message(line: str, tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph(line)
    own.save(str(tmp_path / "own.docx"))
    with pytest.raises(CivictagError, match=r"own\.docx: mistake in the template"):
        word_report(april(), model=MODEL, template=str(tmp_path / "own.docx"))


@pytest.mark.parametrize("data", [b"text", b"PK\x03\x04text", None])
def test_no_template_is_a_message(data: bytes | None, tmp_path: Path) -> None:
    own = tmp_path / "own.docx"
    if data is None:  # a package whose parts are none of Word's
        with zipfile.ZipFile(own, "w") as package:
            package.writestr("[Content_Types].xml", "<Types/>")
            package.writestr("word/document.xml", "<w:document")
    else:
        own.write_bytes(data)
    with pytest.raises(CivictagError, match=r"own\.docx: not a Word file that can be read"):
        word_report(april(), model=MODEL, template=str(own))
    with pytest.raises(CivictagError, match=r"other\.docx: no such file"):
        word_report(april(), model=MODEL, template=str(tmp_path / "other.docx"))


TEXT = "居民把楼道里的垃圾清扫干净了。\n邻居借来一把梯子，修好了门灯。\n河里的水涨了三寸，桥下不能走了。\n"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CIVICTAG_STATE", str(tmp_path / "state"))
    for folder, rows in (("三月", ["2024-03-01,北苑"]), ("四月", ["2024-04-01,北苑", "2024-04-09,河西"])):
        (tmp_path / folder).mkdir()
        for number, row in enumerate(rows):
            body = TEXT.replace("桥", f"{folder}{number}桥").replace("\n", "。")
            (tmp_path / folder / f"{number}.csv").write_text(
                f"text,日期,单位\n{body},{row}\n", encoding="utf-8"
            )
    return tmp_path


def handed_in_otherwise(april: Path) -> None:
    """What a report says in its last section: a copy, a row without text, odd dates, files that fail."""
    text = (april / "0.csv").read_text("utf-8")
    (april / "转载.csv").write_text(text, encoding="utf-8")
    rows = (
        "无日期：居民把院子清扫了一遍。,,北苑\n补报：邻里把楼道清扫了。,2024-03-28,河西\n,2024-04-11,河西\n"
    )
    (april / "补.csv").write_text("text,日期,单位\n" + rows, encoding="utf-8")
    (april / "空.txt").write_bytes(b"")
    (april / "图.jpg").write_bytes(b"\xff\xd8")


def test_every_figure_of_the_report_is_in_the_workbook(folders: Path, small_model: str, chinese: Any) -> None:
    from civictag.cli import run

    handed_in_otherwise(folders / "四月")
    assert run(["--lang", "zh", "month", "三月", "-m", small_model, "-o", "三月.xlsx"]) == 0
    asked = ["--lang", "zh", "month", "四月", "--previous", "三月.xlsx", "-m", small_model]
    assert run([*asked, "-o", "四月.docx", "-o", "四月.xlsx", "-o", "四月.html"]) == 3
    i18n.use("zh")
    report = docx.Document("四月.docx")
    counted = {month: Counted("四月.xlsx", month) for month in ("2024-03", "2024-04")}
    bars, by_label, by_unit = ([[c.text for c in row.cells] for row in t.rows] for t in report.tables)
    now, before = counted["2024-04"], counted["2024-03"]
    assert [row[0] for row in by_label[1:]] == now.names
    for (name, *shown), (bar_name, _bar, n) in zip(by_label[1:], bars, strict=True):
        mine, earlier = now.paragraphs[name], before.paragraphs[name]
        points = 100 * (mine / now.n_paragraphs - earlier / before.n_paragraphs)
        moved = "持平" if mine == earlier else f"{'增加' if mine > earlier else '减少'} {abs(mine - earlier)}"
        assert (bar_name, n) == (name, str(mine))
        assert shown[:5] == [str(mine), f"{100 * mine / now.n_paragraphs + 1e-9:.1f}%",
                             str(now.articles[name]), str(earlier), moved]  # fmt: skip
        assert shown[5] == _moved(points)
    assert by_unit[1:] == [*sorted(now.units, key=by_unit.index), now.row("合计")]
    told = "\n".join(p.text for p in report.paragraphs)
    assert set(re.findall(r"[0-9.]+%?", told.split("二、")[0])) <= now.figures(before)
    assert "四月" in Path("四月.html").read_text("utf-8")
    examples, rest = told.split("四、")[1].split("五、")
    unread, notes = rest.split("六、")
    for example in examples.splitlines()[1:]:
        now.shows(example)
    assert unread.splitlines()[1:] == now.not_counted("未读入")
    assert len(now.not_counted("未读入")) == 2
    assert notes.splitlines()[1:-1] == now.notes()
    assert notes.count("1 篇") == 4


def test_intervals_are_those_of_the_workbook(folders: Path, small_model: str, chinese: Any) -> None:
    """Who asks ``stats`` for the intervals of the filed workbook gets those of the report."""
    from civictag.cli import run

    asked = ["--lang", "zh", "month", "四月", "-m", small_model, "--intervals"]
    assert run([*asked, "-o", "四月.docx", "-o", "四月.xlsx"]) == 0
    assert run(["stats", "四月.xlsx", "-m", small_model, "-f", "json", "-o", "a.json"]) == 0
    told = "\n".join(p.text for p in docx.Document("四月.docx").paragraphs)
    shares = json.loads(Path("a.json").read_text("utf-8"))["total"]["shares"].values()
    known = [f"{one['low']:.1%}–{one['high']:.1%}" for one in shares]
    assert re.findall(r"95% 区间 ([0-9.%–]+)", told) == known
    assert len(known) == 3


def test_a_workbook_of_reports_grows_month_by_month(folders: Path, small_model: str, chinese: Any) -> None:
    """Each month goes on into the next one's workbook, and is counted in its own month only."""
    from civictag.cli import run

    (folders / "五月").mkdir()
    text = TEXT.replace("桥", "五月的桥").replace("\n", "。")
    rows = f"{text},2024-05-06,北苑\n{(folders / '三月/0.csv').read_text('utf-8').splitlines()[1]}\n"
    (folders / "五月" / "0.csv").write_text("text,日期,单位\n" + rows, encoding="utf-8")
    asked = ["--lang", "zh", "month", "-m", small_model]
    assert run([*asked, "三月", "-o", "三月.xlsx"]) == 0
    assert run([*asked, "四月", "--previous", "三月.xlsx", "-o", "四月.xlsx"]) == 0
    assert run([*asked, "五月", "--previous", "四月.xlsx", "-o", "五月.xlsx", "-o", "五月.docx"]) == 0
    counted = [Counted("五月.xlsx", f"2024-0{n}").n_articles for n in (3, 4, 5)]
    assert counted == [1, 2, 1], "the article of March that May sent again is counted once"
    told = "\n".join(p.text for p in docx.Document("五月.docx").paragraphs)
    assert "与2024年4月（2 篇、2 段）相比" in told
    assert run([*asked, "五月.xlsx", "-o", "again.docx"]) == 0
    assert run(["--lang", "zh", "tag", "五月", "-m", small_model, "-o", "t.xlsx", "--review", "r.csv"]) == 0
    review = Path("r.csv").read_text("utf-8-sig").splitlines()
    at = review[0].split(",").index("核对")
    cells = review[1].split(",")
    Path("r.csv").write_text("\n".join([review[0], ",".join([*cells[:at], "√", *cells[at + 1 :]])]), "utf-8")
    assert run(["--lang", "zh", "apply", "r.csv", "--to", "五月.xlsx", "-m", small_model]) == 0
    assert Counted("五月.xlsx", "2024-05").not_counted("转载重复"), "what is not counted stays listed"
    again = "\n".join(p.text for p in docx.Document("again.docx").paragraphs)
    assert again == told, "a report made anew from its workbook is the same report"


class Counted:
    """A month added up from nothing but the ticks of the workbook's sheet of paragraphs."""

    def __init__(self, path: str, month: str) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.load_workbook(path, data_only=True)
        head, *rows = book["段落"].iter_rows(values_only=True)
        listed = [*book["未计入"].iter_rows(values_only=True)] if "未计入" in book.sheetnames else []
        self._left_out, self._month = listed[1:], month
        at = {name: place for place, name in enumerate(head)}
        self._at = at
        self._rows = [row for row in rows if row[at["月份"]] == month]
        self.names = list(head[at["标签"] + 1 : at["待复核"]])
        self.n_paragraphs = len(self._rows)
        self.n_articles = len({row[at["来源"]] for row in self._rows})
        self.paragraphs = {name: sum(row[at[name]] == "√" for row in self._rows) for name in self.names}
        ticked = {name: [row for row in self._rows if row[at[name]] == "√"] for name in self.names}
        self.articles = {name: len({row[at["来源"]] for row in ticked[name]}) for name in self.names}
        self.units = [self.row(unit) for unit in {row[at["单位"]] for row in self._rows}]

    def row(self, unit: str) -> list[str]:
        """What the table of units says of one; 合计: of all."""
        at = self._at
        rows = [row for row in self._rows if unit in ("合计", row[at["单位"]])]
        ticks = [sum(row[at[name]] == "√" for row in rows) for name in self.names]
        none = sum(all(row[at[name]] != "√" for name in self.names) for row in rows)
        doubtful = sum(row[at["待复核"]] == "√" for row in rows)
        articles = len({row[at["来源"]] for row in rows})
        return [unit, *map(str, (articles, len(rows), *ticks, none, doubtful))]

    def not_counted(self, why: str) -> list[str]:
        """What stands in the last column for each thing that was left out for this reason."""
        return [row[4] for row in self._left_out if row[0] == why]

    def shows(self, example: str) -> None:
        """An example of the report is a row with that tick, title, unit and reason."""
        found = re.fullmatch(r"【(.+?)】(.+?)（(?:(.+?)，)?《(.+?)》(?:；依据：(.+))?）", example)
        assert found, example
        label, text, unit, title, evidence = found.groups()
        (row,) = [row for row in self._rows if row[self._at["段落"]] == text]
        assert row[self._at[label]] == "√"
        assert row[self._at["单位"]] == (unit or "未注明")
        assert (row[self._at["标题"]] or row[self._at["来源"]].rpartition("/")[2]) == title
        assert f"{label}：{evidence}" in row[self._at["理由"]]

    def notes(self) -> list[str]:
        """The last section but for the model."""
        at, n = self._at, self.n_paragraphs
        doubtful = sum(row[at["待复核"]] == "√" for row in self._rows)
        checked = sum(row[at["核对"]] == "√" for row in self._rows)
        days = {row[at["来源"]]: row[at["日期"]] for row in self._rows}
        undated = sum(day is None for day in days.values())
        other = sum(day is not None and f"{day:%Y-%m}" != self._month for day in days.values())
        return [
            f"标签由程序给出，{doubtful} 段（占 {100 * doubtful / n + 1e-9:.1f}%）把握不大，标为“待复核”；"
            f"已由人工核对 {checked} 段。占比按正文段落计算。标签只说明写了什么，不代表内容属实。",
            f"{undated} 篇没有注明日期，按本月计。",
            f"{other} 篇的日期不在本月，按收稿计入本月。",
            f"另有 {len(self.not_counted('转载重复'))} 篇与上月或本月其他来稿重复，只计一次。",
            f"另有 {len(self.not_counted('没有正文'))} 篇没有正文，未计入。",
        ]

    def figures(self, before: Counted) -> set[str]:
        """Every figure that the sentences may name."""
        none = int(self.row("合计")[-2])
        own = [self.n_articles, self.n_paragraphs, none, *self.paragraphs.values()]
        own += [int(n) for unit in self.units for n in unit[1:3]]
        pairs = [(self.paragraphs[x], before.paragraphs[x]) for x in self.names]
        pairs += [(self.n_articles, before.n_articles), (self.n_paragraphs, before.n_paragraphs)]
        own += [before.n_articles, before.n_paragraphs, *(abs(a - b) for a, b in pairs)]
        parts = [*self.paragraphs.values(), none]
        shares = [f"{100 * part / self.n_paragraphs + 1e-9:.1f}%" for part in parts]
        points = [100 * (a / self.n_paragraphs - b / before.n_paragraphs) for a, b in pairs]
        moved = [f"{abs(point) + 1e-9:.1f}" for point in points]
        return {"2024", "4", "3", *map(str, own), *shares, *moved}


def _moved(points: float) -> str:
    shown = f"{abs(points) + 1e-9:.1f}"
    return "持平" if shown == "0.0" else f"{'上升' if points > 0 else '下降'} {shown} 个百分点"


def test_a_reprint_is_counted_once_over_both_months(folders: Path, small_model: str, capsys: Any) -> None:
    from civictag.cli import run

    (folders / "四月" / "copy.csv").write_bytes((folders / "三月" / "0.csv").read_bytes())
    arguments = ["--lang", "en", "month", "四月", "--previous", "三月", "-m", small_model, "-o", "四月.docx"]
    assert run(arguments) == 0
    assert "1 reprinted article was left out" in capsys.readouterr().err
    text = "\n".join(p.text for p in docx.Document("四月.docx").paragraphs)
    assert re.search(r"Reprinted articles, counted once over both months: 1\.", text)
    assert "Articles in 2024-04: 2, with" in text


def test_a_month_of_nothing_but_reprints_is_told(folders: Path, small_model: str, capsys: Any) -> None:
    from civictag.cli import run

    arguments = ["--lang", "en", "month", "三月", "--previous", "三月", "-m", small_model, "-o", "a.docx"]
    assert run(arguments) == 1
    assert "every article is a reprint that is counted already" in capsys.readouterr().err
    assert not Path("a.docx").exists()


def test_where_nothing_can_be_read_the_reason_is_said(folders: Path, small_model: str, capsys: Any) -> None:
    from civictag.cli import run

    Path("坏.docx").write_bytes(b"no document")
    assert run(["--lang", "en", "month", "坏.docx", "-m", small_model, "-o", "a.docx"]) == 1
    assert "坏.docx: not a .docx file" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["2024年4月", "2024/4", "202404", "2024-04"])
def test_the_month_as_people_write_it(name: str) -> None:
    assert _month_named(name) == "2024-04"


@pytest.mark.parametrize(
    "arguments",
    [["month", "四月"], ["month", "-o", "a.docx"], ["month", "四月", "-o", "a.pdf"],
     ["month", "四月", "-o", "a.docx", "--month", "四月"],
     ["month", "四月", "-o", "a.docx", "--month", "2024-04..05"]],
)  # fmt: skip
def test_wrong_usage(arguments: list[str], folders: Path) -> None:
    from civictag.cli import run

    assert run(arguments) == 2


def test_the_template_is_written_to_change_it(folders: Path) -> None:
    from civictag.cli import run

    assert run(["month", "--write-template", "own.docx"]) == 0
    assert "{{ title }}" in "\n".join(p.text for p in docx.Document("own.docx").paragraphs)
