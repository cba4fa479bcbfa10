"""Points for every block: what its signs and its shape say, before its neighbours are asked."""

from __future__ import annotations

import re
from functools import cache

from civictag.paragraphs.blocks import Block
from civictag.paragraphs.shapes import PROSE, enumerator, has_words, prose_points
from civictag.paragraphs.signs import MENU_WORDS, SIGNS, SURE, Sign

# Only the characters that occur in the signs, so that 責任編輯:, 來源: are known in Traditional pages.
_TRADITIONAL = (
    "來責編輯發佈時間瀏覽閱讀點擊關閉鏈轉載權聲稱說明標題圖攝記訊員審監製總錄傳視頻參與論評網熱門報導導讀專題"
)
_SIMPLIFIED_ = (
    "来责编辑发布时间浏览阅读点击关闭链转载权声称说明标题图摄记讯员审监制总录传视频参与论评网热门报导导读专题"
)
_FOLD = str.maketrans(_TRADITIONAL, _SIMPLIFIED_)
_MARKERS = ("來", "責", "發", "關", "權", "聲", "編")
_NARROW = (("：", ":"), ("（", "("), ("）", ")"), ("｜", "|"), ("，", ","))
_MENU_REACH = 90  # characters of a row of menu words
_SEPARATORS = re.compile(r"[\W\d]+")
_REPEATS = 3  # a short line that stands on three pages of a PDF is the head or foot of the page


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def weigh(blocks: list[Block]) -> None:
    """Fill in ``squeezed``, ``size``, ``prose``, ``furniture``, ``zones`` and ``why`` of each block."""
    for block in blocks:
        block.squeezed = _squeezed(block.text)
        block.size = len(block.squeezed)
        block.prose = prose_points(block.text, block.size)
    page = "\n".join(block.squeezed for block in blocks)
    active = [sign for sign in SIGNS if not sign.cues or any(cue in page for cue in sign.cues)]
    for block in blocks:
        _apply(block, active)
    _mark_repeated(blocks)


def is_body_like(block: Block) -> bool:
    """Whether its own evidence says prose."""
    return block.prose >= PROSE and block.prose > block.furniture


def _squeezed(text: str) -> str:
    if len(text) > 600:  # no sign reaches that far
        return text
    bare = "".join(text.split())
    for wide, narrow in _NARROW:
        bare = bare.replace(wide, narrow)
    return bare.translate(_FOLD) if any(c in bare for c in _MARKERS) else bare


def _apply(block: Block, active: list[Sign]) -> None:
    if not has_words(block.squeezed[:40]):
        _add(block, "no words", SURE, "page")
    elif block.size <= _MENU_REACH and _is_menu(block.text):
        _add(block, "menu words", SURE, "")
    for sign in active:
        if block.size > sign.reach or (sign.cues and not any(cue in block.squeezed for cue in sign.cues)):
            continue
        if _compiled(sign.pattern).search(block.squeezed):
            _add(block, sign.why, sign.weight, sign.zone)
    if block.furniture and enumerator(block.text) == "bullet":
        block.furniture += 1


def _is_menu(text: str) -> bool:
    """Whether nothing but menu words is left when separators and counts are taken out."""
    words = [word for word in _SEPARATORS.split(text) if word]
    return bool(words) and all(word in MENU_WORDS for word in words)


def _add(block: Block, why: str, weight: int, zone: str) -> None:
    block.furniture += weight
    block.why += (why,)
    if zone:
        block.zones += (zone,)


def _mark_repeated(blocks: list[Block]) -> None:
    seen: dict[str, list[Block]] = {}
    for block in blocks:
        if block.size <= 40:
            seen.setdefault(block.squeezed, []).append(block)
    for group in seen.values():
        if len(group) >= _REPEATS and group[0].prose < PROSE:
            for block in group:
                _add(block, "repeated", SURE, "page")
