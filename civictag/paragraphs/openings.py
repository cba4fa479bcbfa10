"""How a line opens: with the mark of a list's item, or with words that begin a paragraph.

By its first characters, not by patterns, which were the dearest of a page to compile (``patterns.one_of``).
"""

from __future__ import annotations

from civictag.util.patterns import lazy

_HAN = "一二三四五六七八九十"
_PAGE_NUMBERS = _HAN + "百零〇"
_ONE_MARK = {
    **dict.fromkeys("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳❶❷❸❹❺❻❼❽❾❿", "circle"),
    **dict.fromkeys("•●◆■▪·★☆※➤►✓◇○□*-", "bullet"),
}
# 「3.2人户」 is item 3 about households of two, 「3.2万元」 is an amount: only what is counted in whole
# numbers may follow the point.
_COUNTED = "年月日人户口名位个处条项次栋幢楼"

# Words that open a paragraph and hardly ever go on a sentence.
_WORDS = (
    "“", '"', "「", "《", "据", "近日", "近年", "近来", "近期", "今年", "去年", "目前",
    "如今", "同时", "此外", "另外",
    "随着", "截至", "下一步", "接下来", "其中", "其次", "首先", "最后", "与此",
    "不仅", "通过", "针对", "围绕",
    "当天", "当日", "一是", "二是", "三是", "四是", "五是", "六是",
)  # fmt: skip
_MORE_WORDS = lazy(r"为.{2}|在.{3}|自[^己]|\d{1,4}[年月]|(?:19|20)\d\d")


def enumerator(text: str) -> str:
    """The kind of mark that an item of a list begins with; "" if none. Items of one list share their kind.

    ``han`` 一、 ``hanbracket`` (一) ``digit`` 1. ``digitbracket`` (1) 1) ``circle`` ① ``bullet`` •
    ``ordinal`` 第一， ``chapter`` 第一章 ``article`` 第一条.
    """
    first = text[:1]
    if first in _ONE_MARK:
        return _ONE_MARK[first]
    if first == "第":
        return _ordinal(text[1:])
    if first and first in "(（":
        kind, rest = _numeral(text[1:])
        return f"{kind}bracket" if kind and rest and rest[0] in ")）" else ""
    kind, rest = _numeral(text)
    if not kind or not rest:
        return ""
    if kind == "han":
        return kind if rest[0] in "、.．" else ""
    if rest[0] in ")）":
        return "digitbracket"
    return kind if rest[0] == "、" or (rest[0] in ".．" and _is_item(rest[1:])) else ""


def opens_paragraph(text: str) -> bool:
    """Whether a line begins as paragraphs do and hardly ever the second half of a broken one."""
    if text.startswith(_WORDS) or _MORE_WORDS.match(text):
        return True
    numeral = text[1:] if text.startswith(("(", "（")) else text
    rest = numeral.lstrip(_HAN)
    return rest != numeral and rest.startswith(("、", ")", "）"))


def _numeral(text: str) -> tuple[str, str]:
    """The kind of the numeral that it begins with (three characters, or two digits, at most); the rest."""
    han = text[:4].lstrip(_HAN)
    if (size := len(text[:4]) - len(han)) and size < 4:
        return "han", text[size:]
    size = _digits(text[:3])
    return ("digit", text[size:]) if 0 < size < 3 else ("", text)


def _digits(text: str) -> int:
    """How many digits it begins with."""
    return next((at for at, char in enumerate(text) if not char.isdecimal()), len(text))


def _is_item(text: str) -> bool:
    """Whether what follows a number and a point is an item, not the number's decimals."""
    size = _digits(text)
    unit = text[size : size + 1]
    return not size or (unit != "" and (unit in _COUNTED or (size == 2 and unit == "岁")))


def _ordinal(text: str) -> str:
    """The kind of what begins with 第, by what follows it."""
    size = next((at for at, c in enumerate(text) if c not in _PAGE_NUMBERS and not c.isdecimal()), len(text))
    number, rest = text[:size], text[size:]
    if 0 < size < 4 and rest.startswith(("、", ",", "，")) and not number.strip(_HAN):
        return "ordinal"
    if not 0 < size < 6:
        return ""
    if rest.startswith(("编", "章", "篇", "部分")) or (rest.startswith("节") and not rest.startswith("节课")):
        return "chapter"
    after = rest[1:2] if rest.startswith("条") else ""
    return "article" if after and (after.isspace() or after in ":：【（(") else ""
