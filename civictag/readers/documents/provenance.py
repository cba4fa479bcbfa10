"""When a document was published and by whom: metadata, byline, signature block, file name, folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from civictag.datamodel import Document, Origin
from civictag.util.dates import Day, read_date, year_in
from civictag.util.patterns import lazy

_TOP, _END = 12, 8  # lines at either end that may be byline or signature block (落款)
_SHORT = 80  # characters of a byline; a sentence of the body that names a day is longer or ends in 。
_NUMERAL = "〇○零一二三四五六七八九十"
_NUMERALS = frozenset(_NUMERAL)
# Two patterns: Chinese numerals are rare, and dear to compile (``patterns.one_of``).
_DATE = lazy(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}\s*日?|月)?|(?<!\d)(?:19|20)\d{6}(?!\d)"
)
_CHINESE = lazy(rf"[二一][{_NUMERAL}]{{3}}年[{_NUMERAL}]{{1,3}}月(?:[{_NUMERAL}]{{1,3}}日)?")
_PART = lazy(rf"(?:\d{{1,2}}|[{_NUMERAL}]{{1,3}})月(?:份|(?:\d{{1,2}}|[{_NUMERAL}]{{1,3}})[日号])?")
_TIME = lazy(r"(?:时间|日期)\s*[:：]?\s*(\S)")
_BYLINE = ("来源", "作者", "编辑", "浏览", "阅读", "点击")  # words of a line that may hold a date
_SAYS_UNIT = ("来源", "供稿", "单位", "发布机构")  # what stands before the colon
_STOPS = "：:|｜，。；"  # no unit's name goes on behind them
_UNIT = (
    *(
        "局",
        "委",
        "办",
        "办公室",
        "办事处",
        "委员会",
        "街道",
        "镇",
        "乡",
        "区",
        "县",
        "市",
        "村",
        "社区",
        "中心",
        "公司",
        "大队",
    ),
    *(
        "中队",
        "支队",
        "学校",
        "中学",
        "小学",
        "学院",
        "大学",
        "医院",
        "所",
        "站",
        "科",
        "处",
        "部",
        "政府",
        "协会",
        "工会",
    ),
    *(
        "党支部",
        "党委",
        "文明办",
        "创建办",
        "居委会",
        "村委会",
        "业委会",
        "管委会",
        "理事会",
        "联合会",
        "妇联",
        "残联",
        "文联",
    ),
    *(
        "工商联",
        "团委",
        "公安",
        "法院",
        "检察院",
        "银行",
        "幼儿园",
        "图书馆",
        "文化馆",
        "博物馆",
        "报社",
        "日报",
        "电视台",
        "集团",
    ),
)
_LONGEST_UNIT = 24  # characters before such an ending
_META = lazy(rb"<meta\b[^>]{0,1000}>", re.I)
_NAME = lazy(rb"""\b(?:name|property|itemprop)\s*=\s*["']?([\w:.-]+)""", re.I)
_CONTENT = lazy(rb"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_DATES = (
    b"pubdate",
    b"publishdate",
    b"article:published_time",
    b"datepublished",
    b"pubtime",
    b"publish_time",
    b"og:pubdate",
)
_UNITS = (b"contentsource", b"source", b"article:author_unit", b"mediaid")


def dated(document: Document, path: str, head: bytes = b"") -> Document:
    """``document`` with its date and unit, and where each was found.

    Args:
        document: of a file, not of a row.
        path: its file; ``-`` has neither name nor folder.
        head: the first bytes of a web page, for its ``<meta>``.
    """
    lines = [line.strip() for line in document.text.splitlines() if line.strip()]
    date, date_from = _first(_dates(document, lines, path, head))
    unit, unit_from = _first(_units(document, lines, path, head))
    return replace(document, date=date, date_from=date_from, unit=unit, unit_from=unit_from)


def _first(found: Iterator[tuple[str, Origin]]) -> tuple[str, Origin]:
    return next(((value, origin) for value, origin in found if value), ("", ""))


def _dates(document: Document, lines: list[str], path: str, head: bytes) -> Iterator[tuple[str, Origin]]:
    yield document.date, document.date_from
    yield _iso(read_date(_meta(head, _DATES, document.encoding))), "metadata"
    for line in _above(lines):
        match = _date_in(line)
        if match and (match.start() == 0 or _says_date(line)):
            yield _iso(read_date(match[0])), "byline"
    for line in reversed(lines[-_END:]):
        match = _date_in(line)
        if match and len(line) <= len(match[0]) + 24 and _hyphened(line).endswith(match[0]):
            yield _iso(read_date(match[0])), "signature"
    if path != "-":
        name = os.path.splitext(os.path.basename(path))[0]
        yield _iso(_in_name(name, year_in(name) or year_in(os.path.basename(os.path.dirname(path))))), "name"
        yield _iso(_in_name(os.path.basename(os.path.dirname(os.path.abspath(path))), None)), "folder"


def _units(document: Document, lines: list[str], path: str, head: bytes) -> Iterator[tuple[str, Origin]]:
    yield document.unit, document.unit_from
    yield _meta(head, _UNITS, document.encoding).strip(), "metadata"
    for line in _above(lines):
        yield _unit_said(line), "byline"
    for above, line in zip(lines[-_END:], lines[-_END:][1:], strict=False):
        if _is_unit(above) and (date := _date_in(line)) and date[0] == _hyphened(line):
            yield above, "signature"
    if path != "-":
        folder = os.path.basename(os.path.dirname(os.path.abspath(path)))
        yield folder if _is_unit(folder) else "", "folder"


def _above(lines: list[str]) -> Iterator[str]:
    """The short lines above the first sentence."""
    for line in lines[:_TOP]:
        if len(line) > _SHORT or line.endswith(("。", "！", "？", "，", "；")):
            return
        yield line


def _meta(head: bytes, names: tuple[bytes, ...], encoding: str) -> str:
    """The content of the first ``<meta>`` with one of these names."""
    for tag in _META.findall(head):
        name, content = _NAME.search(tag), _CONTENT.search(tag)
        if name and content and name[1].lower() in names:
            return (content[1] or content[2] or b"").decode(encoding, "replace")
    return ""


def _in_name(name: str, year: int | None) -> Day | None:
    """The date in a name: 2024-04-22, 20240422, 二〇二四年四月; 四月 with the year from around it."""
    if found := _date_in(name):
        return read_date(found[0])
    match = _PART.search(name) if year and "月" in name else None
    return read_date(match[0], year=year) if match else None


def _date_in(text: str) -> re.Match[str] | None:
    """The first date with a year in it; 2024_04_22 is matched as 2024-04-22."""
    found = _DATE.search(_hyphened(text))
    if "年" not in text or "月" not in text or _NUMERALS.isdisjoint(text):
        return found
    chinese = _CHINESE.search(text)
    return min(filter(None, (found, chinese)), key=re.Match.start, default=None)


def _hyphened(text: str) -> str:
    return text.replace("_", "-")


def _says_date(line: str) -> bool:
    """Whether a line above the text speaks of its publication."""
    return any(word in line for word in _BYLINE) or any(c in "12二一" for c in _TIME.findall(line))


def _unit_said(line: str) -> str:
    """The unit that a line names as its source (「来源：青林街道办事处 浏览：12」); "" if it names none."""
    parts = line.replace("：", ":").split(":")
    for before, after in pairwise(parts):
        if before.rstrip().endswith(_SAYS_UNIT):
            for mark in _STOPS:
                after = after.partition(mark)[0]
            name = after.split(maxsplit=1)[:1]
            if name and len(name[0]) > 1:
                return name[0][:30]
    return ""


def _is_unit(text: str) -> bool:
    """Whether a text is nothing but the name of an office: Chinese, with an ending that says so."""
    return all("\u4e00" <= c <= "\u9fff" or c in "（）" for c in text) and any(
        text.endswith(end) and 0 < len(text) - len(end) <= _LONGEST_UNIT for end in _UNIT
    )


def _iso(day: Day | None) -> str:
    return day.iso() if day else ""
