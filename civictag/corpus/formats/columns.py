"""Which column of a table of labelled paragraphs is what: found by the names that people give them."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from civictag.corpus.formats import Known
from civictag.errors import CorpusError
from civictag.i18n import _, listed
from civictag.readers.tables.columns import ID, TITLE, ending
from civictag.readers.tables.traditional import simplified
from civictag.readers.tables.yes_no import NO, YES

Rows = Sequence[Mapping[str, Any]]

# What such tables call them, the likelier first; compared without case, width, blanks and brackets.
LABELS = (
    "labels", "label", "标签", "类别", "主题", "标注", "分类", "类目", "编码", "标签名", "标签名称", "tags",
    "tag", "category", "categories", "topic", "topics", "code", "codes", "class", "标签内容", "标签类别",
    "主题标签", "标注结果", "分类结果", "编码结果", "所属类别", "所属主题", "类型", "标记",
)  # fmt: skip
NOTHING_ELSE = frozenset({"labels", "label", "标签", "标注", "标签名", "标签名称", "tags", "tag"})
DOC = (
    "doc", "文章", "文章编号", "文章id", "稿件", "稿件编号", "篇", "篇号", "文档", "文档编号", "docid",
    "article", "articleid", "document", "documentid", "文章号", "稿件号", "所属文章", "文章名", "文章名称",
    "文件编号",
)  # fmt: skip
PARA = (
    "para", "段", "段号", "段落", "段落号", "段落编号", "段序", "段次", "段落序号", "第几段", "paragraph",
    "paragraphid", "index",
)  # fmt: skip
SOURCE = ("source", "来源", "单位", "unit")
TEXT = (
    "语段", "句子", "sentence", "段落", "paragraph", "data",
)  # fmt: skip
"""What the text is called in such tables alone; the last ones may be a number as well."""

CHECK = "check"  # what is split by a migration, for a person to look at
USUAL = {"doc": DOC, "para": PARA, "title": TITLE, "source": SOURCE}
_LOOKED = r"核对|复核|覆核|审核|校对"
_CHECKED = re.compile(  # 核实 alone may be a label's name
    rf"(?:是否|已|人工)*(?:{_LOOKED})(?:过|状态|情况|人|者|日期|时间|标记|否)?"
    r"|(?:是否|已|人工)+(?:核查|核实|确认|检查|使用|采用)(?:过|否)?"
    r"|(?:is_?)?(?:checked|reviewed|verified|confirmed|approved|used?)(?:_?by)?|reviewer"
)
_NOT_YET = re.compile(r"(?:尚|暂)?[未没待不].*|todo|\?+|n/?a|nan|null|none|pending|open|later|tbd")

_OWN = ({"source", "index", "start"}, {"来源", "段号", "起"}, {"source", "paragraph", "start"})
_SHARED = 0.7  # ids per row, at most, of a column that names articles; a few rows may be there twice
_NUMBER_AFTER = re.compile(r"(?<=.)[_.-]?[一二三四五六七八九\d]+$")  # 标签1, label_2
_NUMBER_BEFORE = re.compile(r"^(?:主|次|副|第[一二三四五六七八九\d]+)(?=.)")  # 主标签, 第二标签
_BRACKETS = re.compile(r"[(\[【〔].*[)\]】〕]$")


class Columns(NamedTuple):
    """Which column is what.

    Attributes:
        named: our key -> its column.
        labels: the columns that list labels: 标签, or 标签1 and 标签2.
        ticks: label -> its column of ticks; one of ``labels`` and ``ticks`` is empty.
        own: whether the table is an output of ``tag``, where source and id name the article.
    """

    named: dict[str, str]
    labels: tuple[str, ...]
    ticks: dict[str, str]
    own: bool = False


def columns_of(rows: Rows, names: Sequence[str], path: str, known: Known) -> Columns:
    """Find the columns of a table.

    Columns of ticks win over a column of labels where every label has one: in an output of ``tag`` it is
    the ticks that a person corrects. Some of them win over 「类别」, which beside them may be anything.

    Args:
        rows: its rows, with their ``text``.
        names: all its columns but the text's.
        path: for errors.
        known: the label set; None: any yes/no column is a label.

    Raises:
        CorpusError: no column of labels.
    """
    named = {key: found for key, usual in USUAL.items() if (found := one(names, usual))}
    by_label = label_columns(names, known)
    free = (name for name in names if name not in named.values())
    rest = [name for name in free if not is_of_checks(name) or name in by_label.values()]
    own = "doc" not in named and any(words <= set(map(head, names)) for words in _OWN)
    if "doc" not in named and (ids := _of_articles(rows, rest)):
        named["doc"] = ids
    ticks = label_columns(rest, known)
    listing = _listing(rest)
    enough = 2 if listing and head(listing[0]) not in NOTHING_ELSE else len(known or ())
    if known and len(ticks) >= enough and _are_ticks(rows, ticks.values()):
        return Columns(named, (), ticks, own)
    if listing:
        return Columns(named, listing, {}, own)
    ticks = ticks if known else {name: name for name in rest if is_ticks(rows, name)}
    if not ticks:
        raise CorpusError(
            _("has no column of labels; the columns are: {columns}", columns=listed(names)),
            where=path,
            hint=_(
                "Call a column labels (标签), or give each label a column of 1 and 0 (or √) under its name"
                " or id"
            ),
        )
    return Columns(named, (), ticks, own)


def strays(rows: Rows, names: Sequence[str], columns: Columns) -> list[str]:
    """Columns of ticks that are no label's: probably a label's name written otherwise."""
    taken = {*columns.named.values(), *columns.ticks.values()}
    rest = (name for name in names if name not in taken and not is_of_checks(name))
    return [name for name in rest if is_ticks(rows, name)]


def is_looked_at(row: Mapping[str, Any]) -> bool:
    """Whether a person looked at the row; where no column says so, it is taken for granted.

    A name or a date in the column says yes too: who checked, or when.
    """
    marks = [value for name, value in row.items() if is_of_checks(name)]
    return not marks or any(map(_says_yes, marks))


def unusual_marks(row: Mapping[str, Any]) -> list[str]:
    """What says in other words than √, 1 or 是 that a person looked at the row."""
    marks = [value for name, value in row.items() if is_of_checks(name)]
    return [as_text(mark) for mark in marks if _says_yes(mark) and plain(mark) not in YES]


@lru_cache(maxsize=1024)
def is_of_checks(name: str) -> bool:
    """Whether a column says whether a person has looked: 核对, checked …; our lists for review have one."""
    return bool(_CHECKED.fullmatch(head(name).rstrip("?")))


def _says_yes(mark: Any) -> bool:
    return plain(mark) not in NO and not _NOT_YET.fullmatch(plain(mark))


def one(names: Iterable[str], usual: tuple[str, ...]) -> str | None:
    """The column that has one of the usual names; the likelier first."""
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(head(name), name)
    return next((known[name] for name in usual if name in known), None)


def is_ticks(rows: Rows, name: str) -> bool:
    """Whether all cells of a column say yes or no, and some of them anything."""
    return _are_ticks(rows, (name,))


def _are_ticks(rows: Rows, names: Collection[str]) -> bool:
    """Whether all cells of some columns say yes or no, and some anything: a label may be given nowhere."""
    cells = {plain(row.get(name)) for name in names for row in rows}
    return cells <= YES | NO and bool(cells - {""})


def head(name: str) -> str:
    """The name of a column without case, width, blanks, and a remark in brackets: 标签（可多选）."""
    short = plain(name)
    return _BRACKETS.sub("", short) or short


def plain(value: Any) -> str:
    """A name or cell without case, width and blanks, its characters Simplified where our lists have them."""
    return simplified("".join(unicodedata.normalize("NFKC", as_text(value)).casefold().split()))


def as_text(value: Any) -> str:
    """A cell as text: whole numbers without ``.0``, truths as 1 and 0, what is nested as JSON."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and not math.isfinite(value):
        return ""  # NaN: how a data frame says that there is nothing
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def label_columns(names: Iterable[str], known: Known) -> dict[str, str]:
    """Label id -> the column that is called by its id or name, or ``label_<id>``; {} without a label set.

    「清洁」 goes before 「清洁（概率）」, which our workbook has too.
    """
    ids = {
        plain(text): label.id
        for label in known or ()
        for text in (label.name_en, label.name, f"label_{label.id}", label.id)
        if plain(text)
    }
    names = list(names)
    found: dict[str, str] = {}
    for key in (plain, head):
        for name in names:
            if label := ids.get(key(name)):
                found.setdefault(label, name)
    return found


def _of_articles(rows: Rows, names: Iterable[str]) -> str | None:
    """A column of ids (编号) that several rows share each: it names their articles, not the rows."""
    names = list(names)
    name = one(names, ID) or ending(names, "id")
    ids = {plain(row.get(name)) for row in rows} if name else {""}
    return name if "" not in ids and len(ids) <= _SHARED * len(rows) else None


def _listing(names: Sequence[str]) -> tuple[str, ...]:
    """The columns that list labels: those of the likeliest name, numbered ones with it."""
    exact = {head(name) for name in names}
    bases: dict[str, list[str]] = {}
    for name in names:
        short = head(name)
        base = short if short in LABELS else _NUMBER_AFTER.sub("", short)
        bases.setdefault(base if base in LABELS else _NUMBER_BEFORE.sub("", base), []).append(name)
    found = next((bases[base] for base in LABELS if base in exact), None)
    return tuple(found or next((bases[base] for base in LABELS if base in bases), ()))
