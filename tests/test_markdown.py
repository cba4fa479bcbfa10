"""Markdown as its readers see it: marks go, words and lines stay, whatever is written."""

from __future__ import annotations

import pytest

from civictag.datamodel import Document
from civictag.readers.pages.markdown import read_markdown

A = "石桥镇四月起给每条小巷配了保洁员，天亮前清扫一遍，傍晚再巡一遍。"
B = "居民钱大爷每天早饭后在巷口转一圈，看见烟头就捡起来。"


def lines(text: str) -> list[str]:
    return read_markdown(Document("a.md", text)).text.split("\n")


@pytest.mark.parametrize(
    "text",
    [
        f"{A}\n\n{B}",
        f"{A}\n{B}",
        f"**{A}**\n\n> {B}",
        f"1. {A}\n2. {B}",
        f"- {A}\n- {B}",
        f"    {A}\n    {B}",
        f"　　{A}\n\n　　{B}",
        f"{A}\n\n<audio controls src='a.mp3'>Your browser does not support the audio tag.</audio>\n\n{B}",
        f"<div align='center'>{A}</div>\n\n<p>{B}</p>",
        f"{A}<br>{B}",
        f"{A}\n\n```python\nprint('垃圾')\n```\n\n{B}",
        f"{A}\n\n~~~\n清理垃圾\n~~~\n{B}",
        f"{A}\n\n<!-- 草稿 -->\n\n{B}",
        f"{A}\n\n![图](a.png)\n\n{B}",
        f"{A}\n\n---\n\n{B}\n\n<script>var 垃圾</script>",
        f"{A}\n\n<p style='display:none'>草稿</p>\n\n{B}",
    ],
)
def test_what_is_read(text: str) -> None:
    assert [line for line in lines(text) if line] == [A, B]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f'---\ntitle: "小巷"\ndate: 2023\n---\n{A}', "小巷"),
        (f"# 小巷 #\n\n{A}", "小巷"),
        (f"小巷\n===\n\n{A}", "小巷"),
        (f"## 一\n\n{A}", ""),
        (f"# **小巷**变了样\n\n{A}", "小巷变了样"),
    ],
)
def test_title(text: str, title: str) -> None:
    assert read_markdown(Document("a.md", text)).title == title


def test_code_left_out_is_told() -> None:
    assert read_markdown(Document("a.md", f"{A}\n\n```\na\n```\n")).warnings == (
        "1 block of code is left out",
    )


@pytest.mark.parametrize(
    "mark", ["[", "![", "__a ", "**a ", "~~a ", "<p ", "<https:", "[a](", "> ", "- ", "<!--"]
)
def test_repeated_marks_are_read_at_once(mark: str) -> None:
    """Backtracking patterns took minutes for a page of these."""
    assert A in read_markdown(Document("a.md", f"{A}\n\n{mark * 4_000}")).text


def test_a_heading_of_blanks() -> None:
    assert lines("# 一" + " " * 100_000 + "二") == ["一 二"]
