"""What prose looks like: points for the shape of a line, without looking at its words."""

from __future__ import annotations

import re

# Points by length in characters: a heading has under 20, a menu word under 6.
_LENGTHS = ((20, 1), (40, 2), (80, 3), (150, 4))
PROSE = 3  # from here on a line is taken for a paragraph of the article
_CLOSERS = "”’」』》）)】\"'〉］]"
_STOPS = "。！？!?…；;"
_PAUSES = ("，", ",", "、")
_SENTENCE = 22
_SHORT_CALL = 16  # 「人人参与!」 is a heading or a slogan, a longer line that calls is a paragraph
# 一、(一) 1. 1、(1) ① • – the mark itself is the key: items of one list share it.
ENUMERATOR = re.compile(
    r"(?P<han>[一二三四五六七八九十]{1,3}[、.．])|(?P<hanbracket>[(（][一二三四五六七八九十]{1,3}[)）])"
    r"|(?P<digit>\d{1,2}[、.．](?!\d))|(?P<digitbracket>[(（]\d{1,2}[)）]|\d{1,2}[)）])|(?P<circle>[①-⑳❶-❿])"
    r"|(?P<bullet>[•●◆■▪·★☆※➤►✓◇○□*-]\s*)|(?P<part>第[一二三四五六七八九十]{1,3}[、章节部分条,，])"
)


def prose_points(text: str, size: int) -> int:
    """0 to 9: how much a line looks like a sentence or more; ``size`` is its length without blanks."""
    points = 0
    for length, worth in _LENGTHS:
        if size >= length:
            points = worth
    points += any(pause in text for pause in _PAUSES)
    tail = text.rstrip(_CLOSERS)[-1:]
    if tail == "。" or (tail == "." and size >= 20):
        return points + 3
    if tail and tail in _STOPS:
        return points + (1 if size < _SHORT_CALL and "。" not in text else 2)
    return points + ("。" in text or "；" in text or text.endswith((":", "：")))


def is_complete(text: str) -> bool:
    """Whether the line ends as sentences do (closing quotation marks and brackets aside)."""
    tail = text.rstrip(_CLOSERS)[-1:]
    return tail != "" and (tail in _STOPS or tail in "：:~～.")


def is_sentence(text: str, size: int) -> bool:
    """Whether it is a full sentence at least, long enough to say something."""
    return size >= _SENTENCE and text.rstrip(_CLOSERS).endswith("。")


def enumerator(text: str) -> str:
    """The kind of mark that an item of a list begins with (``han``, ``digit``, ``circle`` …); "" if none."""
    found = ENUMERATOR.match(text)
    return found.lastgroup or "" if found else ""


def has_words(text: str) -> bool:
    """Whether there is any letter or Chinese character in it."""
    return any(c.isalpha() for c in text)
