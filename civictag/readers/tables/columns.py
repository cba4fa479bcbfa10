"""Which column of a table holds the text, the title, the id, the date and the unit: found by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from civictag.i18n import _, listed, mark
from civictag.readers.options import Reading
from civictag.readers.tables.traditional import simplified
from civictag.util.dates import DATE_COLUMNS
from civictag.util.patterns import lazy

# What such tables call them, the likelier first: when a table has two of a kind, the first is taken.
TEXT = (
    "text", "正文", "内容", "全文", "content", "文本", "正文内容", "文章内容", "新闻内容", "稿件内容",
    "信息内容", "文本内容", "段落内容", "段落文本", "段落正文", "文章正文", "稿件正文", "工作内容",
    "主要内容", "活动内容", "主要做法", "内文", "本文", "body", "article", "fulltext",
)  # fmt: skip
TITLE = (
    "title", "标题", "题目", "文章标题", "新闻标题", "稿件标题", "信息标题", "稿件题目", "题名", "篇名",
    "headline",
)  # fmt: skip
ID = (
    "id", "编号", "稿件编号", "文章编号", "信息编号", "唯一编号", "流水号", "序号", "docid", "uid",
    "no", "no.",
)  # fmt: skip
UNIT = (
    "unit", "单位", "报送单位", "供稿单位", "发布单位", "来稿单位", "责任单位", "单位名称", "部门",
    "报送部门", "科室", "区县", "县区", "县市区", "镇街", "街道", "乡镇", "department", "district", "来源",
    "信息来源", "source",
)  # fmt: skip
_USUAL = {"text": TEXT, "title": TITLE, "id": ID, "date": DATE_COLUMNS, "unit": UNIT}
# How such names end where none of the usual ones is there: 「留言内容」, 「工单编号」. Not of
# what is a part or stands beside it: 「小标题」, 「备注内容」.
ENDS = {
    "text": lazy(r"(?!备注|说明|摘要|回复|答复|标签|审核|附件).{1,6}(?:正文|内容|全文|原文|文本)"),
    "title": lazy(r".{1,6}(?<![小副次子分])(?:标题|题目)"),
    "id": lazy(r"(?!段|单位|部门|证|身份证|邮政|区划|标签).{1,6}编号"),
    "date": lazy(r"(?!出生|入职|截止|截至|有效|到期).{1,6}日期"),
}
_CALLED = {
    "text": mark("the text"), "title": mark("title"), "id": mark("id"),
    "date": mark("date"), "unit": mark("unit"),
}  # fmt: skip
_REMARK = lazy(r"(?<=.)\(.*\)$")  # brackets are half-width in a key
_SHOWN = 300  # characters of a header in a message: a file without one shows its first row there


class Columns(NamedTuple):
    """The names, as the table writes them, of the columns that are taken; None where there is none."""

    text: str | None
    title: str | None
    id: str | None
    date: str | None
    unit: str | None

    def note(self, by_end: bool = False) -> str:
        """What was taken for what, where a name had to be recognised; "" where all names are ours.

        Args:
            by_end: only of names that were recognised by their end.
        """
        pairs = [pair for pair in self._asdict().items() if not by_end or _is_by_end(*pair)]
        called = [(ours, _(_CALLED[ours]), name) for ours, name in pairs]
        found = [f"{word} = {name}" for ours, word, name in called if name not in (None, ours, word)]
        return _("columns taken: {columns}", columns=listed(found)) if found else ""


def choose(header: Iterable[str], reading: Reading, usual: bool = False) -> Columns:
    """The columns of a table with this ``header``; a name that the user gave is taken as it is.

    Args:
        header: the names.
        reading: what the user gave.
        usual: whether only the usual names count, for what may be no table of articles: 「检查内容」 heads
            one of tasks in a document.
    """
    names = list(header)
    known: dict[str, str] = {}
    for key in (_key, _bare):
        for name in names:
            known.setdefault(key(name), name)

    def column(what: str, named: str | None) -> str | None:
        """The user's, a usual one, or one that ends so."""
        found = _one(names, known, named, _USUAL[what])
        return found or (None if usual or what not in ENDS else ending(names, what))

    return Columns(
        column("text", reading.text_column),
        column("title", reading.title_column),
        column("id", reading.id_column),
        column("date", reading.date_column),
        column("unit", reading.unit_column),
    )


def shown_names(names: Iterable[str]) -> str:
    """The columns of a table for a message, cut where they are many."""
    text = listed(map(str, names)) or _("none")
    return text if len(text) <= _SHOWN else text[:_SHOWN] + " …"


def _one(names: list[str], known: dict[str, str], named: str | None, usual: tuple[str, ...]) -> str | None:
    if named is not None:
        return named if named in names else known.get(_key(named), named)
    return next((known[name] for name in usual if name in known), None)


def ending(names: Iterable[str], what: str) -> str | None:
    """The one column whose name ends as such names do; None where there is none, or several."""
    found = [name for name in names if ENDS[what].fullmatch(_bare(name))]
    return found[0] if len(found) == 1 else None


def _is_by_end(what: str, name: str | None) -> bool:
    """Whether a name is none of the usual ones for what it was taken for."""
    if not name or what not in ENDS or not ENDS[what].fullmatch(_bare(name)):
        return False
    return not {_key(name), _bare(name)} & {*_USUAL[what]}


def _key(name: str) -> str:
    """The name, Simplified, without case, width, blanks and the byte-order mark that programs leave in it."""
    short = unicodedata.normalize("NFKC", name).replace("\ufeff", "").casefold()
    return simplified("".join(short.split()).strip("\"'"))


def _bare(name: str) -> str:
    """The name without a remark in brackets behind it: 「正文（必填）」."""
    return _REMARK.sub("", _key(name))
