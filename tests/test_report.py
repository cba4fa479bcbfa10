"""The HTML report: safe, whole in itself, marked where the evidence is, and usable in a real browser."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writers_data import LABELS, MODEL, article, evidence, paragraph, plain_row, tag

from civictag import i18n
from civictag.datamodel import Article, Evidence
from civictag.util.label_counts import count_labels
from civictag.util.palette import label_colors, tint
from civictag.writers import Options, open_writer
from civictag.writers.html_batch import MOST_COLUMNS, BatchSums
from civictag.writers.marking import LEVELS, pieces

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module", autouse=True)
def chinese():
    """The page as the office reads it."""
    i18n.use("zh")
    yield
    i18n.use(None)


def report(articles: Sequence[Article], options: Options | None = None) -> str:
    stream = io.BytesIO()
    with open_writer("html", stream, labels=LABELS, model=MODEL, options=options) as writer:
        for item in articles:
            writer.write(item)
    return stream.getvalue().decode()


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def having(self, tag: str, name: str) -> list[str]:
        return [values[name] or "" for found, values in self.found if found == tag and name in values]


def test_marks_lie_where_the_evidence_is() -> None:
    page = report([article()], Options(explain=True))
    assert '<mark class="a0-5 a1-1" title="环境清洁 +1.00；邻里互助 +0.20">清扫</mark>' in page
    assert '<mark class="c0-1" title="环境清洁 −0.25">晚会</mark>' in page
    assert "<b>反证</b>：晚会 −0.25" in page


def test_without_explain_nothing_is_marked() -> None:
    page = report([article()])
    assert "<mark" not in page
    assert "依据" not in page


def test_furniture_is_shown_only_when_asked() -> None:
    assert "责任编辑" not in report([article()])
    assert "责任编辑" in report([article()], Options(keep_furniture=True))


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.floats(-3, 3)), max_size=6))
def test_pieces_add_up_to_the_text(spans: list[tuple[int, int, float]]) -> None:
    text = "甲乙丙丁戊己庚辛壬癸"
    found = tuple(Evidence(text[a:b], 5 + a, 5 + b, weight) for a, b, weight in spans)
    body = paragraph(0, text, (tag("clean", 0.9, *found),), start=5)
    item = Article("a", "", "utf-8", "-----" + text, (body,))
    assert "".join(piece.text for piece in pieces(item, body)) == text
    assert all(1 <= level <= LEVELS for piece in pieces(item, body) for level in piece.levels.values())


@pytest.mark.parametrize(
    ("source", "joined", "spans", "word"),
    [
        ("得到很大改\n善。", "得到很大改善。", ((0, 5), (6, 8)), "改\n善"),
        ("use Git\nHub now", "use Git Hub now", ((0, 7), (8, 15)), "Git\nHub"),
    ],
)
def test_evidence_across_a_page_break(
    source: str, joined: str, spans: tuple[tuple[int, int], ...], word: str
) -> None:
    body = paragraph(0, joined, (tag("clean", 0.9, evidence(source, word, 1.0)),))
    body = replace(body, end=len(source), pieces=spans)
    marked = [p.text for p in pieces(Article("a", "", "utf-8", source, (body,)), body) if p.weights]
    assert "".join(marked) == word.replace("\n", "")


def test_the_page_asks_for_nothing_from_outside() -> None:
    page = report([article(), plain_row()], Options(explain=True))
    tags = Tags(page)
    assert not tags.having("script", "src") + tags.having("link", "href") + tags.having("img", "src")
    assert all(link.startswith("#") for link in tags.having("a", "href"))
    assert not re.search(r"@import|url\((?!#)", page)
    assert not tags.having("p", "style"), "the policy forbids style attributes"


def test_the_policy_names_the_very_style_and_script() -> None:
    page = report([article()])
    (policy,) = [text for text in Tags(page).having("meta", "content") if "default-src" in text]
    assert policy.startswith("default-src 'none'; ")
    for name in ("style", "script"):
        (text,) = re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy


NASTY = '</script><img src=x onerror=alert(1)>"\' onfocus=alert(1) x="${title}$$<!-- articles -->'


def test_text_is_never_markup() -> None:
    body = paragraph(0, NASTY, (tag("clean", 0.9, evidence(NASTY, "alert", 1.0)),))
    item = Article(NASTY, NASTY, "utf-8", NASTY, (body,), NASTY, {NASTY: NASTY})
    tags = Tags(report([item, item], Options(explain=True)))
    assert not [name for name, _ in tags.found if name == "img"]
    assert not [key for _, values in tags.found for key in values if key.startswith("on")]
    assert len([name for name, _ in tags.found if name == "article"]) == 2


def test_past_the_limit_articles_are_only_counted_and_the_page_says_so() -> None:
    stream = io.BytesIO()
    with open_writer("html", stream, labels=LABELS, model=MODEL, options=Options(html_limit=4)) as writer:
        for _ in range(5):
            writer.write(article())
    page = stream.getvalue().decode()
    assert page.count("<article") == 2
    assert "共 5 篇，正文 15 段" in page
    assert "前 2 篇（6 段）；其余 3 篇（9 段）只计入统计" in page
    (warning,) = writer.warnings
    assert "只收录前 2 篇的正文，其余 3 篇只计入统计" in warning


def test_dates_give_a_chart_over_time_with_its_gaps() -> None:
    rows = [plain_row(date=day) for day in ("2023年1月5日", "2023-04-09", "2023/4/20", "n/a")]
    page = report(rows)
    assert "按日期" in page
    assert "1 篇没有日期" in page
    for month in ("2023-01", "2023-02", "2023-03", "2023-04"):
        assert f"<title>{month}: " in page
        assert (f'<th scope="row">{month}' in page) == (month in ("2023-01", "2023-04"))
    assert "按日期" not in report([plain_row(date="2023-01-05")])


@pytest.mark.parametrize("n", [1, 5, 2 * MOST_COLUMNS, 2 * MOST_COLUMNS + 1, 1000])
def test_the_chart_loses_no_article_and_stays_small(n: int) -> None:
    sums = BatchSums(len(LABELS))
    for _ in range(n):
        sums.add(count_labels(article(), [label.id for label in LABELS]), "t", None)
    columns = sums.over_articles()
    assert sum(column.counts.n_articles for column in columns) == n == sums.total.n_articles
    assert min(n, MOST_COLUMNS) <= len(columns) <= 2 * MOST_COLUMNS


def test_a_title_is_not_repeated_as_a_heading() -> None:
    assert "<h3>一、扫干净</h3>" in report([article()])
    assert "<h3>" not in report([article(title="一、扫干净")])


@pytest.mark.parametrize(
    ("source", "shown"), [("a/b/c.txt", "c.txt"), ("C:\\a\\b.txt", "b.txt"), ("rows.csv#7", "rows.csv#7")]
)
def test_an_article_without_title_has_its_files_name(source: str, shown: str) -> None:
    assert f"<h2>{shown}</h2>" in report([article(source, title="")])


def test_without_any_label_there_is_no_chart() -> None:
    bare = replace(article(), paragraphs=tuple(replace(p, tags=()) for p in article().paragraphs))
    assert "最高的柱" not in report([bare, bare])
    assert "最高的柱 = 67%" in report([article(), bare])


def test_an_empty_batch_is_a_page() -> None:
    assert "没有文章" in report([])


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_have_contrast() -> None:
    for color in label_colors(LABELS * 3):
        assert contrast(color, "#ffffff") >= 3, "a bar beside white (WCAG 1.4.11)"
        assert contrast("#1b1b1b", tint(color, 0.1 + 0.09 * LEVELS)) >= 4.5, "text on the strongest mark"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def visible(page: Any) -> list[str]:
    texts: list[str] = page.locator(".p:visible .text").all_inner_texts()
    return [text[:4] for text in texts]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_a_click_filters_and_nothing_leaves_the_page(
    browser: Any, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "report.html"
    path.write_text(report([article(), plain_row()], Options(explain=True)), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    requests: list[str] = []
    trouble: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(path.as_uri())
    assert visible(page) == ["周六上午", "午后又把", "会议研究", "住户轮流"]
    page.get_by_role("button", name="邻里互助").click()
    assert visible(page) == ["周六上午"]
    assert page.get_by_role("status").inner_text() == "显示 1 / 4 段"
    assert page.get_by_role("button", name="邻里互助").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="全部").click()
    page.get_by_role("button", name="待复核").focus()
    page.keyboard.press("Enter")
    assert visible(page) == ["午后又把"]
    assert page.locator("article:visible").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "no sideways scrolling"
    assert requests == [path.as_uri()]
    assert trouble == []
    page.close()


@pytest.mark.browser
def test_under_a_filter_only_its_evidence_is_marked(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(report([article()], Options(explain=True)), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    shown = "getComputedStyle(document.querySelector('article mark.a0-5')).backgroundColor"
    both = page.evaluate(shown)
    page.get_by_role("button", name="邻里互助").click()
    other = page.evaluate(shown)
    page.get_by_role("button", name="邻里互助").click()
    page.get_by_role("button", name="信息公开").click()
    colors = label_colors(LABELS)
    assert [both, other] == [rgb(tint(colors[0], 0.55)), rgb(tint(colors[1], 0.19))]
    page.close()


def rgb(color: str) -> str:
    return f"rgb({', '.join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))})"


@pytest.mark.browser
def test_it_prints(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(report([article()] * 3, Options(explain=True)), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    assert page.locator(".filters").is_hidden()
    assert page.locator(".p").first.is_visible()
    assert page.pdf()[:5] == b"%PDF-"
    page.close()


def test_the_page_tells_units_period_and_shares_in_words() -> None:
    pages = [
        replace(article(str(n)), unit=unit, date=f"2024-04-{n + 1:02}")
        for n, unit in enumerate(["北苑社区", "河西镇", "河西镇", ""])
    ]
    page = report(pages, Options(title="某市四月情况"))
    assert "<h1>某市四月情况</h1>" in page
    assert "2024-04-01 至 2024-04-04" in page
    assert "环境清洁 8（66.7%）" in page
    rows = re.findall(r'<tr><th scope="row">(河西镇|北苑社区|未注明单位)</th><td>(\d+)</td><td>(\d+)', page)
    assert rows == [("河西镇", "2", "6"), ("北苑社区", "1", "3"), ("未注明单位", "1", "3")]
    assert page.count("一段可以有多个标签") == 1


def test_many_units_are_put_together_and_sources_are_none() -> None:
    def units(n: int) -> list[Any]:
        sums = BatchSums(len(LABELS))
        for at in range(n):
            sums.add(count_labels(article(), [label.id for label in LABELS]), "t", None, f"单位{at:05}")
        return [(column.name, column.counts.n_articles) for column in sums.by_unit()]

    assert units(1) == []
    assert len(units(2)) == 2
    assert units(50)[-1] == ("其余 30 个单位", 30)
    assert units(5000) == []


def test_single_paragraphs_make_no_chart_of_articles() -> None:
    assert "按输入顺序" not in report([plain_row(str(n)) for n in range(5)])
    assert "按输入顺序" in report([article(str(n)) for n in range(5)])
