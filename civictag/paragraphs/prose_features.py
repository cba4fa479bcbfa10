"""What prose looks like: points for the shape of a line, without looking at its words."""

from __future__ import annotations

from civictag.util.patterns import lazy

# Points by length in characters: a heading has under 20, a menu word under 6.
_LENGTHS = ((20, 1), (40, 2), (80, 3), (150, 4))
PROSE = 3  # from here on a line is taken for a paragraph of the article
_CLOSERS = "”’」』》）)】\"'〉］]"
_STOPS = "。！？!?…；;～~"
_PAUSES = ("，", ",", "、")
_SENTENCE = 22
_STATEMENT = 26  # characters of a line with neither stop nor pause that still says something
_SHORT_CALL = 16  # 「人人参与!」 is a heading or a slogan, a longer line that calls is a paragraph
# Words that build clauses; lists of names, addresses, licences and menus do without them.
_GRAMMAR = frozenset("的了着过把被将给让在对从向就都也还并又才很已正会能可是我你您他她们这那每后地得到边")
# 「沙漠变绿了：…」 「…来了→」 「…｜…」 stand in headlines; a headline also calls and asks in its middle.
_HEADLINE_MARKS = lazy("[：:|｜丨→！!？?【…]")
_EMOJI = (("\u2600", "\u2793"), ("\U0001f300", "\U0001faff"), ("\ufe0f", "\ufe0f"), ("\u200d", "\u200d"))
_OPENING, _CLOSING = "（([【", "）)]】"
_DATED = lazy(r"(?:19|20)\d\d[年.-]\d{1,2}[月.-]\d{1,2}日?\s*$")
_NOTE = (2, 30)  # characters of a note in brackets
# A photographer's name ends a caption, a bracket with a note in it ends what it is a note to.
_CREDIT = lazy(
    r"(?:摄|供图|摄影|[文图][/／][^，。]{1,12}|图源[:：].{1,12}|资料图|[（(][^（()）]{3,40}[)）])[)）]?\s*$"
)


def prose_points(text: str, size: int) -> int:
    """0 to 9: how much a line looks like a sentence or more; ``size`` is its length without blanks."""
    points = 0
    for length, worth in _LENGTHS:
        if size >= length:
            points = worth
    points += any(pause in text for pause in _PAUSES)
    tail = _tail(text)
    if tail == "。" or (tail == "." and size >= 20):
        return points + 3
    if tail and tail in _STOPS:
        return points + (1 if size < _SHORT_CALL and "。" not in text else 2)
    return points + ("。" in text or "；" in text or text.endswith((":", "：")))


def _tail(text: str) -> str:
    """The character that ends the sentence: what stands before closing marks, emoji, a note in brackets."""
    tail = text.rstrip(_CLOSERS)[-1:]
    if tail in _STOPS:
        return tail
    if any(low <= text[-1:] <= high for low, high in _EMOJI):
        return "～"
    before = text[: _note(text)].rstrip(_CLOSERS)[-1:]
    return before if before and before in _STOPS else tail


def _note(text: str) -> int:
    """Where the note in brackets or the date begins that ends the line; its length if there is none."""
    bare = text.rstrip()
    if bare[-1:].isdecimal() or bare.endswith("日"):
        found = _DATED.search(text[-34:])
        return len(text) - len(found[0]) if found else len(text)
    if not bare or bare[-1] not in _CLOSING:
        return len(text)
    at = max(map(bare[:-1].rfind, _OPENING + _CLOSING))
    low, high = _NOTE
    is_note = at >= max(0, len(text) - 34) and bare[at] in _OPENING and low <= len(bare) - at - 2 <= high
    return at if is_note else len(text)


def is_complete(text: str) -> bool:
    """Whether the line ends as sentences do (closing marks, emoji and a note in brackets aside)."""
    tail = _tail(text)
    return tail != "" and (tail in _STOPS or tail in "：:.")


def is_finished(text: str) -> bool:
    """Whether nothing goes on from it: it is complete, or a caption with its credit, or ends in a note."""
    return is_complete(text) or bool(_CREDIT.search(text[-48:]))


def is_sentence(text: str, size: int) -> bool:
    """Whether it is a full sentence at least, long enough to say something."""
    return size >= _SENTENCE and text.rstrip(_CLOSERS).endswith("。")


def is_statement(text: str, size: int) -> bool:
    """Whether it says something, though its writer may have left out the stop.

    Clauses are built with words like 的 了 把 也: two different ones in a line with a pause or a stop, or
    in one that is longer than a headline, make a statement; 「网站标识码：… 主办：…办公室」 has none.
    """
    if is_sentence(text, size):
        return True
    if size < _SENTENCE or not _has_clauses(text):
        return False
    return _tail(text) in _STOPS or (size >= _STATEMENT and not _HEADLINE_MARKS.search(text))


def _has_clauses(text: str) -> bool:
    return len(_GRAMMAR.intersection(text)) > 1


def is_lead_in(text: str, size: int) -> bool:
    """Whether a line that ends in a colon opens what follows (「应当符合以下条件：」), and heads nothing.

    A salutation (「各街道办事处：」) and a label (「活动时间：」) are headings.
    """
    if not text.endswith((":", "：")) or _SALUTATION.search(text):
        return False
    return bool(_LEADS_IN.search(text)) or (size >= _LEAD_IN and _has_clauses(text))


_LEAD_IN = 12  # characters; a label with a colon is shorter
_LEADS_IN = lazy("下列|以下|如下|应当|应该|包括|分别|主要有|需要|必须|可以")
_SALUTATION = lazy(
    "^(?:尊敬|亲爱|敬爱|各位|各[^，,]{0,40}[局办处室会府校院司镇乡街道位][:：]$)|(?:们|朋友|同志|先生|女士|单位)[:：]$"
)


def has_words(text: str) -> bool:
    """Whether there is any letter or Chinese character in it."""
    return any(c.isalpha() for c in text)
