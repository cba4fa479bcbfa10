"""Headlines of invented pages, kind by kind; ``bench/titles.py`` compares them with another extractor's."""

from __future__ import annotations

import pytest
from title_pages import PAGES

from civictag.paragraphs import split
from civictag.readers.pages.html import read_html


@pytest.mark.parametrize(("markup", "headline"), [page for _, page in PAGES], ids=[kind for kind, _ in PAGES])
def test_headlines(markup: str, headline: str) -> None:
    assert split(read_html(f"<meta charset=utf-8>{markup}".encode(), "a.html")).title == headline


@pytest.mark.parametrize("title", ["石桥新闻网", "首页", "通知公告-石桥县人民政府", ""])
def test_names_of_the_site_alone_are_no_headline(title: str) -> None:
    body = "<p>石桥镇四月起给每条小巷配了保洁员，天亮前清扫一遍，傍晚再巡一遍。</p>" * 3
    assert read_html(f"<meta charset=utf-8><title>{title}</title>{body}".encode(), "a.html").title == ""
