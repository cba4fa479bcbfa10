"""Reading and splitting take twice the steps for twice the text of any kind; steps are calls, not time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from civictag.datamodel import Document
from civictag.paragraphs import split
from civictag.readers.documents.mail import read_mail
from civictag.readers.pages.html import read_html
from civictag.readers.pages.markdown import read_markdown
from civictag.readers.tables.cell_text import cell_text

P = "石桥镇四月起给每条小巷配了保洁员，天亮前清扫一遍，傍晚再巡一遍，路边的杂物没有了踪影"
SMALL = 150  # lines
MOST = 2.3  # times the steps for twice the lines


def steps(work: Callable[[], object]) -> int:
    """Calls of functions, Python's and C's, while ``work`` runs."""
    count = 0

    def called(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.fixture(autouse=True)
def _counted(tally: Callable[[str, int, int], None]) -> None:
    tally("kinds of input whose steps grow evenly", 1, 1)


def grows_evenly(work: Callable[[int], object]) -> None:
    work(10)  # modules are loaded, patterns compiled
    small, large = (steps(lambda n=n: work(n)) for n in (SMALL, 2 * SMALL))  # type: ignore[misc]
    assert large <= MOST * small


LINES = {
    "paragraphs": P + "。",
    "walls": "相关阅读",
    "walls between paragraphs": f"相关阅读\n{P}。\n{P}。",
    "legal walls": f"版权声明：未经授权不得转载。\n{P}。",
    "ends in commas": P + "，",
    "unclosed quotes": "“" + P,
    "closing quotes": P + "”",
    "no punctuation": P.replace("，", ""),
    "bylines": "来源：石桥报　作者：钱小米　2023-04-05",
    "questions": "小巷里的路灯谁来修？",
    "keywords": "环境卫生、志愿服务、垃圾分类、石桥镇、保洁员",
    "items": f"（1）{P}；",
    "page numbers": f"{P}\n— 3 —",
    "headings": "一、小巷的清晨",
    "indents inside": f"{P}。\u3000\u3000" * 3,
}


@pytest.mark.parametrize("kind", LINES)
def test_splitting(kind: str) -> None:
    grows_evenly(lambda n: split(Document("a", f"{LINES[kind]}\n" * n)))


MARKUP = {
    "p": f"<p>{P}。",
    "li": f"<li>{P}。</li>",
    "br": f"{P}。<br>",
    "open divs": f"<div>{P}。",
    "links": f"<a href='/1'>{P}</a><p>",
    "linked items": f"<li><a href='/1'>{P}</a> 2023-04-05</li>",
    "headings": f"<h2>{P}</h2>",
    "attributes with angles": f"<p title='a<b>c' data-x='<p>'>{P}。</p>",
    "editors": f"<textarea>&lt;p&gt;{P}。</textarea>",
    "hidden": f"<p style='display:none'>{P}。</p>",
    "blanks": f"{P}。&nbsp;&nbsp;&nbsp;&nbsp;&emsp;",
}


@pytest.mark.parametrize("kind", MARKUP)
def test_pages(kind: str) -> None:
    def work(n: int) -> object:
        return split(read_html(f"<meta charset=utf-8>{MARKUP[kind] * n}".encode(), "a.html"))

    grows_evenly(work)


@pytest.mark.parametrize("mark", ["_", " - ", "|", " "])
def test_titles_of_many_parts(mark: str) -> None:
    def work(n: int) -> object:
        title = mark.join(f"小巷里的第{part}个清晨" for part in range(n))
        return read_html(f"<meta charset=utf-8><title>{title}</title><p>{P}。".encode(), "a.html")

    grows_evenly(work)


@pytest.mark.parametrize("line", [f"{P}。\n\n", f"- {P}。\n", f"> {P}\n", f"<b>{P}\n\n", "**_`[(\n"])
def test_markdown(line: str) -> None:
    grows_evenly(lambda n: read_markdown(Document("a", line * n)))


HEADS = ("Content-Disposition: inline", "Content-Type: text/plain; charset=utf-8", "Subject: x", "To: x",
         "Content-Transfer-Encoding: 8bit", "Date: x")  # fmt: skip
PARTS = (";", "; a*0*=b", '"', ": ", "(", "=?utf-8?B?5omr?= ")


# Each header with one part and each part in one header; every header with every part is slow.
@pytest.mark.parametrize(
    ("head", "part"),
    [
        pytest.param(h, p, marks=() if h == HEADS[0] or p == PARTS[0] else pytest.mark.slow)
        for h in HEADS
        for p in PARTS
    ],
)
def test_mail(head: str, part: str) -> None:
    """A header may be long: what says how a part is packed is cut, and the rest is read by steps."""

    def work(n: int) -> object:
        return read_mail(f"{head}{part * n * 4}\nX-End: 1\n\n{P}。".encode(), "a.eml")

    grows_evenly(work)


@pytest.mark.parametrize("part", ["--b\n", f"--b\nContent-Type: text/plain\n\n{P}\n", "X: y\n", "\n"])
def test_parts_of_a_mail(part: str) -> None:
    head = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n"
    grows_evenly(lambda n: read_mail(f"{head}{P}。\n{part * n}--b--\n".encode(), "a.eml"))


@pytest.mark.parametrize("part", [f"<p>{P}", f"{P}。|", f"{P}\\n", "<", "&lt;p&gt;", "<b ", "_x000D_"])
def test_cells(part: str) -> None:
    grows_evenly(lambda n: cell_text(part * n))
