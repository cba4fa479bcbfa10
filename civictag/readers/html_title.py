"""The headline of a page: what its ``<title>``, its headings and its metadata agree on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from civictag.readers.html_lines import PageLines, flat

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# What sites put between a headline and their own name: 「…_中国文明网」, 「… - 某某日报」, 「…|政务」.
_BREAK = re.compile(r"\s*[_|｜»]+\s*|\s*(?<![-–—])[-–—]{1,2}(?![-–—])\s*|\s+")
_STRAY = re.compile(r"\s*(?:无标题(?:文档|页|网页)?|Untitled(?: Document)?|New Document)\s*$", re.I)
_NAMES = (
    "网|网站|[日晚早时晨]报|报社|报业|杂志|在线|门户|平台|频道|政府|客户端|融媒体?(?:中心)?|发布|电视台|广播电台|委员会|办公室|办事处"
    "|医院|学院|大学|中学|小学|研究院|研究所|协会|学会|集团|公司|传媒|中心|[^\\W\\d_]局|[^\\W\\d_]厅|检察院|法院|社区|街道"
)
_SITE = re.compile(
    rf"(?:{_NAMES})(?:官方?网站?|门户网站?|首页|网站?)?$|^(?:首页|正文|详情|内容|文章|今日头条|凤凰|[^，。：]{{0,8}}"
    r"(?:新闻|动态|公告|要闻|资讯|专栏|专题|公开|民生|社会|文化|时政|国内|国际|财经|科技|教育|公示|文件|通知|风采|简报|信息))$"
)
_LEAST = 5  # letters of a headline
_NAME = 20  # characters of the longest names of offices: 青禾县住房和城乡建设局网站
_SAYS = re.compile("[，,！!？?：:；。“”]")
_COLUMN = 4  # letters


def page_title(tree: LexborHTMLParser, page: PageLines) -> str:
    """The headline of a page; "" if its ``<title>`` names the site only and no heading says more.

    A line of the page that is the title, or its beginning, is the surest sign of where the headline ends;
    where the page shows none, names of sites and columns are taken off from the end.
    """
    named = _STRAY.sub("", _first(tree, "title"))
    headings = [text for text in map(_text, tree.css("h1, h2")) if len(_letters(text)) >= _LEAST]
    shown = {_letters(line.text) for line in page.lines} | set(map(_letters, headings))
    breaks = reversed(list(_BREAK.finditer(named)))
    # 「三星 Galaxy S20 发布」 is no headline 「三星 Galaxy S20」: a blank is a weak break.
    beginnings = [
        named,
        *(named[: b.start()] for b in breaks if not b[0].isspace() or _is_site(named[b.end() :])),
    ]
    for part in beginnings:
        if len(_letters(part)) >= _LEAST and _letters(part) in shown and not _is_site(part):
            return part
    for heading in headings:
        if _letters(heading) in _letters(named) and not _is_site(heading):
            return heading
    shared = _STRAY.sub("", _attribute(tree, "meta[property='og:title']"))
    for text in (shared, named):
        bare = _without_site(text)
        if bare and not _is_site(bare):
            return bare
    return next((text for text in headings if not _is_site(text)), "")


def _without_site(title: str) -> str:
    """The title up to the first name of a site or column that nothing but such names follows."""
    parts = [title]
    breaks = list(_BREAK.finditer(title))
    end, named = len(title), False
    for number in range(len(breaks) - 1, -1, -1):
        part = title[breaks[number].end() : end]
        left = title[: breaks[number].start()]
        is_site = _is_site(part)
        bar = any(mark in breaks[number][0] for mark in "_|｜»")
        column = (named or bar) and not breaks[number][0].isspace() and _could_be_column(part)
        if len(_letters(left)) < _LEAST or not (is_site or column):
            break
        parts.append(left)
        end, named = breaks[number].start(), named or is_site
    return parts[-1].strip()


def _could_be_column(text: str) -> bool:
    """「社区」, 「社会·民生」: beside a site's name; 「志愿者在行动」 is the rest of a headline."""
    return len(_letters(text)) <= _COLUMN or "·" in text


def _is_site(text: str) -> bool:
    """Whether it is the name of a site, an office or a column; 「把治理重心放到社区」 is too long for one."""
    return len(text) <= _NAME and not _SAYS.search(text) and bool(_SITE.search(text))


def _first(tree: LexborHTMLParser, selector: str) -> str:
    """The text of the first element, but for those of pictures (``<svg><title>``)."""
    for node in tree.css(selector):
        above = node.parent
        while above is not None and above.tag != "svg":
            above = above.parent
        if above is None and (text := _text(node)):
            return text
    return ""


def _text(node: LexborNode) -> str:
    return " ".join(flat(node.text(deep=True) or "").split())


def _attribute(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    return " ".join((node.attributes.get("content") or "").split()) if node else ""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
