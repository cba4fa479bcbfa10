"""Where the article is on its page: what stands above it, what follows it, and which lines head it."""

from __future__ import annotations

import re

from civictag.paragraphs.blocks import Block
from civictag.paragraphs.prose_features import PROSE, enumerator, is_complete, is_sentence
from civictag.paragraphs.scoring import is_body_like

_TITLE = (5, 60)  # characters of a headline, its blanks left out
_PROMINENT = 8  # a menu word has fewer
_WALLS = ("list", "legal", "end")
_FULL = 40  # characters of a paragraph that no teaser list would show unshortened
_HEADING = 45  # characters: no heading is longer, a line without a stop that is longer is prose
_ITEMS = 2  # neighbours with the same kind of mark make a list, one alone is a numbered heading
_LEAD = 3  # paragraphs within which a byline is the article's, not a credit at its end


_SUBTITLE = re.compile('——|--|[（(]|[记写][在“"‘]')


def classify(blocks: list[Block], title: str) -> Block | None:
    """Give every block its kind; returns the block that is the headline, if one is on the page.

    Args:
        blocks: weighed blocks (``evidence.weigh``), in order; their ``kind`` is set.
        title: the title if it is known from elsewhere (a column, ``<title>``), else "".
    """
    headline = _headline(blocks, title)
    begin = blocks.index(headline) if headline else _below_breadcrumbs(blocks)
    for block in blocks[:begin]:
        block.kind = "furniture"
    if headline:
        headline.kind = "heading"
    _judge(blocks, begin)
    _close_walls(blocks, begin)
    _items_to_body(blocks)
    _headings_need_body(blocks)
    _rescue(blocks, headline)
    return headline


def _judge(blocks: list[Block], begin: int) -> None:
    for block in blocks[begin:]:
        if block.kind:
            continue
        if block.furniture and block.furniture >= block.prose:
            block.kind = "furniture"
        else:
            block.kind = "body" if block.prose >= PROSE or _unpunctuated(block) else "heading"


def _unpunctuated(block: Block) -> bool:
    """A paragraph of a careless writer: too long for a heading, and no row of menu words."""
    return block.size > _HEADING and len(block.text.split()) <= 3


# ---- the headline ------------------------------------------------------------------------------


def _headline(blocks: list[Block], title: str) -> Block | None:
    lead = _lead(blocks)
    if title:
        return next((b for b in lead if _same(b, title)), None)
    top = _below_breadcrumbs(blocks)
    for number, block in enumerate(lead[top:], top):
        if is_sentence(block.text, block.size):  # the text has begun: a date further down is not the byline
            break
        if "byline" in block.zones and (found := _above(lead, number, top)):
            return found
    return _first_prominent(lead, top)


def _lead(blocks: list[Block]) -> list[Block]:
    """The blocks down to the paragraph after which no headline is looked for any more."""
    seen = 0
    for number, block in enumerate(blocks):
        seen += is_body_like(block) and block.size >= _FULL
        if seen == _LEAD:
            return blocks[:number]
    return blocks


def _same(block: Block, title: str) -> bool:
    key, wanted = _letters(block.text), _letters(title)
    return bool(key) and (key == wanted or (key in wanted and 2 * len(key) > len(wanted)))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _below_breadcrumbs(blocks: list[Block]) -> int:
    """How many blocks stand above the article: the last breadcrumb with at most one paragraph before it."""
    below = paragraphs = 0
    for number, block in enumerate(blocks):
        if "top" in block.zones:
            below = number + 1
        paragraphs += is_body_like(block) and block.size >= _FULL
        if paragraphs > 1:
            break
    return below


def _could_head(block: Block) -> bool:
    low, high = _TITLE
    return (
        not block.furniture
        and low <= block.size <= high
        and not block.text.endswith(("。", "，", ",", "：", ":"))
    )


def _above(lead: list[Block], byline: int, top: int) -> Block | None:
    """The headline over a byline: right above it, over other bylines or over its 「——」 subtitle."""
    for block in reversed(lead[top:byline]):
        if _could_head(block) and not (_SUBTITLE.match(block.text) and _over(lead, block)):
            return block
        if not _could_head(block) and not block.furniture:
            return None
    return None


def _over(lead: list[Block], block: Block) -> bool:
    """Whether the line right above could be the headline to this subtitle."""
    number = lead.index(block)
    return number > 0 and _could_head(lead[number - 1])


def _first_prominent(lead: list[Block], top: int) -> Block | None:
    """Without a byline: the first line that could be a headline, if prose follows and none stands before."""
    for block, after in zip(lead[top:], [*lead[top + 1 :], None], strict=False):
        beside_text = after is not None and is_body_like(after)
        if _could_head(block) and "。" not in block.text and (block.size >= _PROMINENT or beside_text):
            return block if len(lead) > 1 else None
        if is_body_like(block):
            return None
    return None


# ---- what follows the article ------------------------------------------------------------------


def _close_walls(blocks: list[Block], begin: int) -> None:
    """After 相关阅读, 版权声明 and the like all is furniture, unless the article plainly goes on."""
    number = begin
    while number < len(blocks):
        wall = next((zone for zone in _WALLS if zone in blocks[number].zones), "")
        if wall and blocks[number].kind == "furniture":
            resumed = _resumes(blocks, begin, number, wall)
            for block in blocks[number:resumed]:
                block.kind = "furniture"
            number = max(resumed, number + 1)
        else:
            number += 1


def _resumes(blocks: list[Block], begin: int, wall: int, kind: str) -> int:
    """Index of the block where the article goes on after a wall; ``len(blocks)`` if it does not.

    A list that stands above the article ends at its first full paragraph; one in the middle where two
    full paragraphs follow each other (teasers alternate with their headlines); the site's terms are
    paragraphs themselves, so more full text must follow than went before; after comments comes nothing.
    """
    before = sum(b.size for b in blocks[begin:wall] if _is_full(b))
    full = [n for n in range(wall + 1, len(blocks)) if _is_full(blocks[n])]
    if not full or (kind == "end" and before):
        return len(blocks)
    if not before:
        return _with_heading(blocks, full[0], wall)
    if kind == "legal" and sum(blocks[n].size for n in full) <= 2 * before:
        return len(blocks)
    pairs = [n for n in full if n + 1 < len(blocks) and _is_full(blocks[n + 1])]
    return _with_heading(blocks, pairs[0], wall) if pairs else len(blocks)


def _is_full(block: Block) -> bool:
    return (
        is_body_like(block)
        and not block.furniture
        and block.size >= _FULL
        and is_complete(block.text)
        and enumerator(block.text) != "bullet"
        and not block.text.endswith(("...", "…"))
    )


def _with_heading(blocks: list[Block], number: int, wall: int) -> int:
    """From the heading right above a paragraph, if there is one set off by a blank line."""
    above = number - 1
    ok = above > wall and blocks[above].gap > 0 and blocks[above].kind == "heading"
    return above if ok else number


# ---- lines that only their neighbours explain --------------------------------------------------


def _items_to_body(blocks: list[Block]) -> None:
    """Numbered lines that follow one another are a list, and its items are text; one alone is a heading."""
    run: list[Block] = []
    for block in [*blocks, None]:
        mark = enumerator(block.text) if block else ""
        if (
            block
            and mark
            and (not run or enumerator(run[-1].text) == mark)
            and block.kind in ("heading", "body")
        ):
            run.append(block)
            continue
        _settle(run)
        run = [block] if block and mark and block.kind in ("heading", "body") else []


def _settle(run: list[Block]) -> None:
    prose = any(block.kind == "body" for block in run)
    numbered = len(run) > _ITEMS and enumerator(run[0].text) != "bullet"  # bullets alone may be a menu
    if len(run) >= _ITEMS and (prose or numbered):
        for block in run:
            block.kind = "body"


def _headings_need_body(blocks: list[Block]) -> None:
    """A short line with no paragraph after it heads nothing: a signature, a slogan, the site's name."""
    for block in reversed(blocks):
        if block.kind == "body":
            return
        block.kind = "furniture"


def _rescue(blocks: list[Block], headline: Block | None) -> None:
    """A note of one or two lines has no paragraph by shape; then its lines are the paragraphs."""
    if any(block.kind == "body" for block in blocks):
        return
    lines = [b for b in blocks if not b.furniture and b.size >= 4]
    if 0 < len(lines) <= 3:
        rest = [b for b in lines if b is not headline] or lines
        for block in rest:
            block.kind = "body"
