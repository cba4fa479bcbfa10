"""What people read at the head of a sheet's columns, in either language, and the ids behind it.

The headings of a sheet are a file format: a list that was filed in Chinese is read back years later
by an installation in English. So both languages stand here, and not in the catalog of messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from civictag.datamodel import Label
from civictag.util.patterns import lazy
from civictag.writers.rows import label_column

HEADINGS = ("zh", "en", "ids")
"""Languages of headings; ``ids`` are the machine names of the CSV."""

TICK = "√"
"""A person's yes in a sheet; a no is an empty cell."""

_WORDS: dict[str, tuple[str, str]] = {
    # sheets
    "paragraphs": ("段落", "Paragraphs"),
    "articles": ("文章", "Articles"),
    "summary": ("汇总", "Summary"),
    "by_unit_and_month": ("单位与月份", "Units and months"),
    "ids": ("编号", "Ids"),
    "review_list": ("复核清单", "Review list"),
    "shares": ("占比", "Shares"),
    "not_counted": ("未计入", "Not counted"),
    # columns
    "text": ("段落", "Text"),
    "tags": ("标签", "Labels"),
    "review": ("待复核", "For review"),
    "checked": ("核对", "Checked"),
    "reason": ("理由", "Why"),
    "note": ("备注", "Note"),
    "title": ("标题", "Title"),
    "unit": ("单位", "Unit"),
    "date": ("日期", "Date"),
    "month": ("月份", "Month"),
    "source": ("来源", "Source"),
    "id": ("原编号", "Id"),
    "index": ("段号", "Paragraph"),
    "start": ("起", "Start"),
    "end": ("止", "End"),
    "suggested": ("机器标签", "Suggested"),
    "probabilities": ("各标签概率", "Probabilities"),
    "model": ("模型", "Model"),
    "made": ("生成日期", "Made on"),
    "by_cues": ("只按线索词", "Cues alone"),
    "encoding": ("编码", "Encoding"),
    "duplicate_of": ("重复于", "Duplicate of"),
    "n_body": ("段数", "Paragraphs"),
    "n_articles": ("篇数", "Articles"),
    "none": ("无标签", "No label"),
    "total": ("合计", "Total"),
    "whole": ("总段数", "All paragraphs"),
    "label": ("标签", "Label"),
    "share": ("占比", "Share"),
    "share_of_articles": ("占全部文章", "Share of articles"),
    "change": ("较上月增减（段）", "Change to last month"),
    "change_points": ("较上月（百分点）", "Change, points"),
    "change_period": ("较上期增减（段）", "Change to the period before"),
    "change_period_points": ("较上期（百分点）", "Change, points"),
    "low": ("区间下限", "Low"),
    "high": ("区间上限", "High"),
    "corrected": ("校正后占比", "Corrected share"),
    "corrected_low": ("校正后下限", "Corrected, low"),
    "corrected_high": ("校正后上限", "Corrected, high"),
    "label_articles": ("涉及篇数", "Articles with it"),
    "unlearned": ("未学会", "not learned"),
    "chart": ("图", "Chart"),
    "folder": ("文件夹", "Folder"),
    "all_units": ("全部单位", "All units"),
    "unknown": ("未注明", "Not known"),
    "copy": ("转载重复", "copy"),
    "other_month": ("其他月份", "other month"),
    "no_text": ("没有正文", "no text"),
    "unread": ("未读入", "not read"),
    "why": ("原因", "Reason"),
    "detail": ("详情", "Detail"),
    "report": ("月报月份", "Month of the report"),
    "heading": ("列标题", "Heading"),
    "id_of_it": ("编号", "Id"),
    "meaning": ("说明", "Meaning"),
    "model_name": ("模型名称", "Name of the model"),
    "model_version": ("模型版本", "Version of the model"),
    "model_sha256": ("模型校验值", "Checksum of the model"),
    "program": ("程序版本", "Version of the program"),
}

_NUMBERED = lazy(r"(.+) \((?:[2-9]|[1-9]\d+)\)")

PROBABILITY = ("{}（概率）", "{} (probability)", "p_{}")
EVIDENCE = ("{}（依据）", "{} (evidence)", "evidence_{}")


# To people two things, to programs one: a table's last row and the column that shares are of; the input's
# own id and what a program calls a column.
_IDS = {"whole": "total", "id_of_it": "id"}


def word(id: str, headings: str) -> str:
    """The word for ``id`` in the language ``headings``; the id itself for ``ids``."""
    return _IDS.get(id, id) if headings == "ids" else _WORDS[id][headings == "en"]


def label_word(label: Label, headings: str) -> str:
    """What a sheet calls a label: its Chinese name, its English one (the id where there is none), its id."""
    if headings == "ids":
        return label_column(label.id)
    return label.name if headings == "zh" else label.name_en or label.id


def label_headings(labels: Sequence[Label], headings: str) -> list[str]:
    """The labels' headings: none is a word that heads a column of ours, in whatever sheet."""
    own = () if headings == "ids" else [pair[headings == "en"] for pair in _WORDS.values()]
    return distinct((label_word(label, headings) for label in labels), own)


def of_label(pattern: tuple[str, str, str], label: Label, headings: str) -> str:
    """The heading ``PROBABILITY`` or ``EVIDENCE`` for a label."""
    if headings == "ids":
        return pattern[2].format(label.id)
    return pattern[headings == "en"].format(label_word(label, headings))


def distinct(names: Iterable[str], taken: Sequence[str] = ()) -> list[str]:
    """``names`` with a number behind each that was there already: a heading stands for one column."""
    seen = {name.casefold() for name in taken}
    found = []
    for name in names:
        fresh, number = name, 2
        while fresh.casefold() in seen:
            fresh, number = f"{name} ({number})", number + 1
        seen.add(fresh.casefold())
        found.append(fresh)
    return found


def as_given(headings: Sequence[str]) -> list[str]:
    """Headings as they were before ``distinct`` numbered them: 「来源 (2)」 beside 「来源」 was 「来源」.

    Written again it is numbered again; two of one name keep their numbers, as columns go by name.
    """
    bare = [match[1] if (match := _NUMBERED.fullmatch(name)) else name for name in headings]
    seen = {name.casefold() for name in headings}
    once = Counter(bare)
    return [
        plain if plain != name and plain.casefold() in seen and once[plain] <= 2 else name
        for plain, name in zip(bare, headings, strict=True)
    ]
