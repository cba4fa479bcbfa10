"""Points for every block: what its signs and its shape say, before its neighbours are asked."""

from __future__ import annotations

import re
from functools import cache

from civictag.paragraphs.blocks import Block
from civictag.paragraphs.boilerplate import MENU_WORDS, OPENING, SIGNS, SURE, Sign
from civictag.paragraphs.openings import enumerator
from civictag.paragraphs.prose_features import (
    PROSE,
    has_words,
    is_sentence,
    is_statement,
    prose_points,
)
from civictag.util.patterns import lazy

# Only the characters that occur in the signs, so that 責任編輯:, 來源: are known in Traditional pages.
_TRADITIONAL = (
    "來責編輯發佈時間瀏覽閱讀點擊關閉鏈轉載權聲稱說明標題圖攝記訊員審監製總錄傳視頻參與論評網熱門報導導讀專題"
)
_SIMPLIFIED_ = (
    "来责编辑发布时间浏览阅读点击关闭链转载权声称说明标题图摄记讯员审监制总录传视频参与论评网热门报导导读专题"
)
_FOLD = str.maketrans(_TRADITIONAL, _SIMPLIFIED_)
_MARKERS = frozenset(_TRADITIONAL) - frozenset(_SIMPLIFIED_)
_OF_SENTENCES = tuple(sign for sign in SIGNS if sign.sentences)
_REACH = max(sign.reach for sign in SIGNS)
_NARROW = tuple(zip("：（）【】｜，‹«›»", ":()[]|,<<>>", strict=True))
_MENU_REACH = 90  # characters of a row of menu words
_SEPARATORS = lazy(r"[\W\d]+")
_REPEATS = 3  # a short line that stands on three pages of a PDF is the head or foot of the page


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def weigh(blocks: list[Block]) -> None:
    """Fill in ``squeezed``, ``size``, ``prose``, ``furniture`` and ``zones`` of each block."""
    for block in blocks:
        block.squeezed = _squeezed(block.text)
        block.size = len(block.squeezed)
        block.prose = prose_points(block.text, block.size)
    labels = [block for block in blocks if not is_sentence(block.text, block.size)]
    sentences = [block for block in blocks if is_sentence(block.text, block.size)]
    _apply_all(labels, SIGNS)
    _apply_all(sentences, _OF_SENTENCES)
    _mark_repeated(blocks)


def is_body_like(block: Block) -> bool:
    """Whether its own evidence says prose."""
    return block.prose >= PROSE and block.prose > block.furniture


def _squeezed(text: str) -> str:
    if len(text) > 2 * _REACH:  # no sign reaches that far
        return text
    bare = "".join(text.split())
    for wide, narrow in _NARROW:
        bare = bare.replace(wide, narrow)
    return bare if _MARKERS.isdisjoint(bare) else bare.translate(_FOLD)


def _apply_all(blocks: list[Block], signs: tuple[Sign, ...]) -> None:
    near = [block for block in blocks if block.size <= _REACH]
    if not near:
        return
    page = "\n".join([block.squeezed for block in near])
    active = [sign for sign in signs if _has_any(page, sign.cues)]
    for block in near:
        _apply(block, active)


def _has_any(text: str, cues: tuple[str, ...]) -> bool:
    for cue in cues:  # not any(): its generator would be a third of the time of a page
        if cue in text:
            return True
    return not cues


def _apply(block: Block, active: list[Sign]) -> None:
    if not has_words(block.squeezed[:40]):
        _add(block, SURE, "page")
    elif block.size <= _MENU_REACH and _is_menu(block.text):
        _add(block, SURE, "")  # nothing but menu words
    squeezed = block.squeezed
    bare = squeezed.lstrip(OPENING)
    found = [
        sign
        for sign in active
        if block.size <= sign.reach
        and _has_any(squeezed, sign.cues)
        and (not sign.starts or bare.startswith(sign.starts))
        and _compiled(sign.pattern).search(squeezed)
    ]
    if _says_more(block, found):
        found = []
    for sign in found:
        _add(block, sign.weight, sign.zone)
    if block.furniture and enumerator(block.text) == "bullet":
        block.furniture += 1


def _says_more(block: Block, found: list[Sign]) -> bool:
    """Whether a statement only uses one word of a footer: then it is no footer."""
    if not found or any(sign.alone for sign in found) or len({sign.why for sign in found}) > 1:
        return False
    return is_statement(block.text, block.size)


def _is_menu(text: str) -> bool:
    """Whether nothing but menu words is left when separators and counts are taken out."""
    words = [word for word in _SEPARATORS.split(text) if word]
    return bool(words) and all(word in MENU_WORDS for word in words)


def _add(block: Block, weight: int, zone: str) -> None:
    block.furniture += weight
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
                _add(block, SURE, "page")
