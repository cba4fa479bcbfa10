"""The headline of a page: what its ``<title>``, its headings and its metadata agree on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from civictag.paragraphs.blocks import Block
from civictag.paragraphs.scoring import weigh
from civictag.readers.pages.lines import Line, PageLines, flat
from civictag.readers.pages.region import lines_above

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# What sites put between a headline and their own name: 「…_中国文明网」, 「… - 某某日报」, 「…|政务」.
_BREAK = re.compile(r"\s*[_|｜»]+\s*|\s*(?<![-–—])[-–—]{1,2}(?![-–—])\s*|\s+")
_STRAY = re.compile(
    r"\s*(?:无标题(?:文档|页|网页)?|Untitled(?: Document)?|New Document|[-|_]?\s*Powered by.{0,40})\s*$", re.I
)
_BRACKETED = re.compile(r"^[【\[]([^】\]]{2,20})[】\]]\s*")
_NAMES = (
    "网|网站|[日晚早时晨]报|报社|报业|杂志|在线|门户|平台|频道|政府|客户端|融媒体?(?:中心)?|发布|电视台|广播电台|委员会|办公室|办事处"
    "|医院|学院|大学|中学|小学|研究院|研究所|协会|学会|集团|公司|传媒|中心|[^\\W\\d_]局|[^\\W\\d_]厅|检察院|法院|社区|街道"
)
_SITE = re.compile(
    rf"(?:{_NAMES})(?:官方?网站?|门户网站?|首页|网站?)?$|^(?:首页|文章|.{{0,4}}(?:正文|详情|内容)页?|今日头条|凤凰|[^，。：]{{0,8}}"
    r"(?:新闻|动态|公告|要闻|资讯|专栏|专题|公开|民生|社会|文化|时政|国内|国际|财经|科技|教育|公示|文件|通知|风采|简报|信息))$"
)
_NOT_OF_PAGE = frozenset({"svg", "symbol", "noscript", "template", "iframe", "object"})
_LEAST = 5  # letters of a headline
_SHORT = 3  # of one that a heading shows, or that stands before the name of an office: 倡议书
_LONGEST = 60
_NAME = 20  # characters of the longest names of offices: 青禾县住房和城乡建设局网站
_OFFICE = 8  # letters: a line longer than 青禾县城市管理局 that the site's name follows is the headline
_SAYS = re.compile("[，,！!？?：:；。“”]")
_COLUMN = 4  # letters
_READ = 2000  # characters of a <title> that are: some pages put the article there, to be found by it
_METAS = "meta[name='ArticleTitle' i]", "meta[property='og:title']", "meta[name='twitter:title']"
_TOP = "h1, h2, h3"


def page_title(tree: LexborHTMLParser, page: PageLines) -> str:
    """The headline of a page; "" if nothing but names of the site and its columns is found.

    A line of the page that is the title, or its beginning, is the surest sign of where the headline ends;
    where the page shows none, names of sites and columns are taken off. Where the title is no more than
    such a name (「通知公告 - 青禾网」), the line that stands over the article is the headline.
    """
    named = _bare(_first(tree, "title")[:_READ])
    headings = [text for text in map(_text, tree.css(_TOP)) if len(_letters(text)) >= _SHORT]
    part = _shown_part(named, headings, page) or _heading_in(named, headings)
    if part:
        return part
    whole = [_bare(_attribute(tree, selector)[:_READ]) for selector in _METAS]
    stripped = [(text, _without_site(text)) for text in (*whole, named)]
    for _, bare in stripped:
        if bare and not _is_site(bare):
            return bare
    return _over_article(page, set(map(_letters, headings))) or next(
        (bare for text, bare in stripped if bare != text and len(_letters(bare)) > _OFFICE), ""
    )


def _bare(title: str) -> str:
    """Without what no headline has: 「无标题文档」 at the end, 「【青禾网】」 at the beginning."""
    title = _STRAY.sub("", title)
    bracketed = _BRACKETED.match(title)
    return title[bracketed.end() :] if bracketed and _is_site(bracketed[1]) else title


def _shown_part(named: str, headings: list[str], page: PageLines) -> str:
    """The longest part of the title that is a line of the page, with nothing but names left out."""
    headed = set(map(_letters, headings))
    parts = [(part, _letters(part), left_out) for part, left_out in _parts(named)]
    parts = [p for p in parts if len(p[1]) >= (_SHORT if p[1] in headed else _LEAST)]
    begun = {letters[0] for _part, letters, _left in parts}
    # Only the lines that begin like a part: the letters of all lines are a fifth of the work on a page.
    lines = [(line, _letters(line.text)) for line in page.lines if _first_letter(line.text) in begun]
    shown = {letters for _line, letters in lines} | headed
    linked = {letters for line, letters in lines if 2 * line.linked > len(line.text)}
    for part, letters, left_out in parts:
        if letters not in shown:
            continue
        is_long = len(letters) > _OFFICE and letters not in linked and _is_site(left_out)
        if is_long or not _is_site(part):
            return part
    return ""


def _parts(named: str) -> list[tuple[str, str]]:
    """The title, its beginnings from the longest, its ends behind a site's name; what each leaves out.

    「三星 Galaxy S20 发布」 is no headline 「三星 Galaxy S20」: a blank is a weak break.
    """
    breaks = [(b, named[b.end() :]) for b in _BREAK.finditer(named)]
    first = next((b for b, _ in breaks if not b[0].isspace()), None)
    behind = named[first.end() :] if first and _is_site(named[: first.start()]) else ""
    cut = [(named[: b.start()], after) for b, after in reversed(breaks) if _may_break(b[0], after)]
    return [(named, ""), *cut, *([(behind, named[: first.start()])] if first and behind else [])]


def _may_break(mark: str, after: str) -> bool:
    return not mark.isspace() or _is_site(after)


def _heading_in(named: str, headings: list[str]) -> str:
    """The heading that stands in the title, or goes on where a system cut it: 「小巷变了样 保洁员…」."""
    letters = _letters(named)
    begun = _letters(named.split("…")[0].split("...")[0])
    for heading in headings:
        own = _letters(heading)
        goes_on = len(begun) >= _LEAST and begun != letters and own.startswith(begun)
        if len(own) >= _LEAST and (own in letters or goes_on) and not _is_site(heading):
            return heading
    return ""


def _over_article(page: PageLines, headed: set[str]) -> str:
    """The headline among the lines over the first paragraph: a heading, else the line next to the byline."""
    lines = [line for line in lines_above(page) if _could_head(line)]
    blocks = [Block(0, line.text, 0, 0) for line in lines]
    weigh(blocks)
    left = [block.text for block in blocks if not block.furniture]
    if len(left) > 1 and left[-1].startswith(("——", "--", "（", "(")):
        left.pop()
    tops = [text for text in left if _letters(text) in headed]
    return (tops or [text for text in left if len(_letters(text)) >= _LEAST] or [""])[-1]


def _could_head(line: Line) -> bool:
    text = line.text
    return (
        3 * line.linked <= len(text)
        and _SHORT <= len(_letters(text)) <= _LONGEST
        and not text.endswith(tuple("。，,：:"))
        and not _is_site(text)
    )


def _without_site(title: str) -> str:
    """The title up to the first name of a site or column that nothing but such names follows.

    A site's name that stands first is taken off as well: 「青禾文明网_小巷变了样」.
    """
    kept = title
    breaks = list(_BREAK.finditer(title))
    end, named = len(title), False
    for number in range(len(breaks) - 1, -1, -1):
        part = title[breaks[number].end() : end]
        left = title[: breaks[number].start()]
        is_site = _is_site(part)
        bar = any(mark in breaks[number][0] for mark in "_|｜»")
        column = (named or bar) and not breaks[number][0].isspace() and _could_be_column(part)
        if len(_letters(left)) < (_SHORT if is_site else _LEAST) or not (is_site or column):
            break
        kept = left
        end, named = breaks[number].start(), named or is_site
    return _behind_site(kept.strip())


def _behind_site(title: str) -> str:
    first = next((b for b in _BREAK.finditer(title) if not b[0].isspace()), None)
    if first is None or not _is_site(title[: first.start()]) or len(_letters(title[first.end() :])) < _LEAST:
        return title
    return title[first.end() :]


def _could_be_column(text: str) -> bool:
    """「社区」, 「社会·民生」: beside a site's name; 「志愿者在行动」 is the rest of a headline."""
    return len(_letters(text)) <= _COLUMN or "·" in text


def _is_site(text: str) -> bool:
    """Whether it is the name of a site, an office or a column; 「把治理重心放到社区」 is too long for one."""
    return len(text) <= _NAME and not _SAYS.search(text) and bool(_SITE.search(text))


def _first(tree: LexborHTMLParser, selector: str) -> str:
    """The text of the first element, but for those of pictures (``<svg><title>``) and what is not shown."""
    for node in tree.css(selector):
        above = node.parent
        while above is not None and above.tag not in _NOT_OF_PAGE:
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


def _first_letter(text: str) -> str:
    return next(filter(str.isalnum, text), "")
