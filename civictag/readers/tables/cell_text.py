r"""The text of a table's cell → its lines: markup and written-out breaks in it are what they stand for.

A crawl's column holds ``<p>…</p>`` as the page had it, an exported one ``\n`` as two characters, ``&nbsp;``,
``_x000D_``. A cell that only mentions ``<`` (「温度<38℃」) or a path (``C:\new``) is left as it stands.
"""

from __future__ import annotations

import html
import re

from civictag.util.patterns import lazy

# What nearly no cell has: looking for each of them is a tenth of the work of one search for all, and for
# one character a quarter of that for several.
_RARE = ("<", "&", "|", "¶", "↵", "⏎", "\\")
_SUSPECT = lazy(r"[<&|¶↵⏎]|\\+[nrtux]|_x000[AaDd]_")
_TAG = lazy(
    r"</?(?P<name>p|div|br|span|section|article|li|ul|ol|td|tr|th|table|tbody|h[1-6]|blockquote|pre|center|font"
    r"|strong|b|i|u|s|em|a|img|sup|sub|small|mark|hr|figure|figcaption|dl|dt|dd|video|iframe|o:p|script|style)"
    r"(?P<rest>\s[^<>]*|\s*/)?>",
    re.I,
)
_BREAKS = frozenset(
    [
        "p",
        "div",
        "br",
        "section",
        "article",
        "li",
        "td",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "hr",
    ]
)
_INLINE = frozenset(
    [
        "span",
        "font",
        "strong",
        "b",
        "i",
        "u",
        "s",
        "em",
        "a",
        "sup",
        "sub",
        "small",
        "mark",
        "o:p",
        "br",
        "hr",
        "img",
    ]
)
_LETTER = lazy("[A-Za-z0-9_]")
_ENTITY = lazy(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# 「\n」 as two characters (or three, escaped twice) is no line end in C:\new, \neq: a small letter goes on
# with the word, unless a sentence ended before it.
_ESCAPED = lazy(r"(?:(?<=[。！？”…；：])|(?<![A-Za-z]:)(?=\\+[nr](?![a-z])))\\+(?:r\\+n|[nr])")
_ESCAPED_TAB = lazy(r"\\+t(?![a-z])")
_ESCAPED_BLANK = lazy(r"\\+(?:u3000|u00[aA]0|x[aA]0)")
_EXCEL = lazy(r"(?:_x000[Dd]_)?(?:_x000[Aa]_|\r?\n)|_x000[Dd]_")
# A bar between sentences is what an export put in the place of a line end; in 「甲|乙」 it is the writer's.
_BAR = lazy(r"(?<=[。！？”…；])[ \u3000\xa0]*(?:\\?\|{1,3}|[¶↵⏎])[ \u3000\xa0]*(?=\S)|[¶↵⏎]$")
_STOPPED = lazy(r"(?<=[。！？”…；：])[ \t]*\r?\n")
_DEPTH = 3  # 「&amp;lt;p&amp;gt;」: markup escaped once more at each of a few stations


def cell_text(text: str) -> str:
    """``text`` with its markup laid out in lines, its written-out breaks made real; itself if it has none."""
    for mark in _RARE:  # not any(): its generator would be most of the time
        if mark in text:
            break
    else:
        if "_" not in text or "_x000" not in text:
            return text
    if not _SUSPECT.search(text):
        return text
    for _ in range(_DEPTH):
        plain = _laid_out(text) if _is_markup(text) else _ENTITY.sub(_decoded, text)
        if plain == text:
            break
        text = plain
    return _with_breaks(text)


def _with_breaks(text: str) -> str:
    if "_x000" in text:
        text = _EXCEL.sub("\n", text)
    if "\\" in text:
        text = _ESCAPED_BLANK.sub(_blank, text)
    if "\\" in text and _ESCAPED.search(text):
        text = _ESCAPED_TAB.sub(" ", _ESCAPED.sub("\n", text))
    return _BAR.sub("\n", text)


def _blank(escaped: re.Match[str]) -> str:
    return "\u3000" if escaped[0].endswith("3000") else "\xa0"


def _decoded(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


def _is_markup(text: str) -> bool:
    """Whether there is a tag that can be nothing else: closed, with attributes, or between sentences."""
    return any(_is_tag(tag, text) for tag in _TAG.finditer(text))


def _is_tag(tag: re.Match[str], text: str) -> bool:
    """「x<p>y」 and 「list<b>」 are no tags; 「</p>」, 「<p class="a">」 and 「……。<p>」 are."""
    name = tag["name"].lower()
    if tag[0].startswith("</") or name == "br" or "=" in (tag["rest"] or ""):
        return True
    before, after = text[max(0, tag.start() - 1) : tag.start()], text[tag.end() : tag.end() + 1]
    return name in _BREAKS and not (_LETTER.match(before) and _LETTER.match(after))


def _laid_out(text: str) -> str:
    """The lines that a browser shows. Where no block is marked up, the cell's own lines are lines."""
    from civictag.readers.pages.lines import lines_of

    names = {tag["name"].lower() for tag in _TAG.finditer(text)}
    if names <= _INLINE:
        text = text.replace("\r\n", "\n").replace("\n", "<br>")
    else:  # text before the first block may have lines of its own, which end in a stop
        text = _STOPPED.sub("<br>", text)
    lines = lines_of(f"<body>{text}")
    return "\n".join(line.text for line in [line for line in lines if not line.hidden] or lines)
