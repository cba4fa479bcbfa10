"""Where the article is on its page: what stands above it, what follows it, and which lines head it."""

from __future__ import annotations

from civictag.paragraphs.blocks import Block
from civictag.paragraphs.headline import FULL, article_begin, find_headline
from civictag.paragraphs.openings import enumerator
from civictag.paragraphs.prose_features import PROSE, is_lead_in, is_statement
from civictag.paragraphs.walls import close_walls
from civictag.util.patterns import lazy

_HEADING = 45  # characters: no heading is longer, a line without a stop that is longer is prose
_ITEMS = 2  # neighbours with the same kind of mark make a list, one alone is a numbered heading
_KEYWORDS = lazy(r"(?:[^\W_]{2,8}[、；;,/|]){4,}[^\W_]{2,8}")
_LISTED = 3  # headlines on end make a list


def classify(blocks: list[Block], title: str) -> Block | None:
    """Give every block its kind; returns the block that is the headline, if one is on the page.

    Args:
        blocks: weighed blocks (``scoring.weigh``), in order; their ``kind`` is set.
        title: the title if it is known from elsewhere (a column, ``<title>``), else "".
    """
    headline = find_headline(blocks, title)
    begin = article_begin(blocks, headline, title)
    for block in blocks[:begin]:
        block.kind = "furniture"
    if headline:
        headline.kind = "heading"
    _judge(blocks, begin)
    _unlist(blocks[begin:])
    _unlist_end(blocks[begin:])
    close_walls(blocks, begin)
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
            block.kind = "body" if _is_text(block) else "heading"


def _is_text(block: Block) -> bool:
    """Whether a line that is no furniture is a paragraph, not a heading."""
    mark = enumerator(block.text)
    if mark in ("chapter", "article"):  # 第二章 heads what follows, 第五条 says it, with or without a stop
        return mark == "article" or block.prose > PROSE or block.size > _HEADING
    numbered = mark in ("han", "hanbracket")  # 「一、成绩来之不易，我们的干劲更足了」 needs no stop
    return (
        block.prose >= PROSE
        or (not numbered and is_statement(block.text, block.size))
        or is_lead_in(block.text, block.size)
        or _unpunctuated(block)
    )


def _unlist(blocks: list[Block]) -> None:
    """Three and more short lines on end that only their words make text are headlines, a list of links."""
    run: list[Block] = []
    for block in [*blocks, None]:
        if block and block.kind == "body" and block.prose < PROSE and block.size < FULL:
            run.append(block)
            continue
        if len(run) >= _LISTED:
            for line in run:
                line.kind = "heading"
        run = []


def _unlist_end(blocks: list[Block]) -> None:
    """Keywords below the text, and three headlines on end of which most ask something: other articles."""
    left = [block for block in blocks if block.kind != "furniture"]
    while (
        left and sum(map(left[-1].squeezed.count, "、；;,/|")) > 3 and _KEYWORDS.fullmatch(left[-1].squeezed)
    ):
        left.pop().kind = "heading"
    run = 0
    while run < len(left) and _could_be_listed(left[-1 - run]):
        run += 1
    asked = sum(block.text.endswith(("？", "?")) for block in left[len(left) - run :])
    if run >= _LISTED and 2 * asked > run and run < len(left):
        for block in left[len(left) - run :]:
            block.kind = "heading"


def _could_be_listed(block: Block) -> bool:
    return block.size < FULL and "。" not in block.text and not enumerator(block.text)


def _unpunctuated(block: Block) -> bool:
    """A paragraph of a careless writer: too long for a heading, and no row of menu words."""
    return block.size > _HEADING and len(block.text.split()) <= 3


def _items_to_body(blocks: list[Block]) -> None:
    """Numbered lines that follow one another are a list, and its items are text; one alone is a heading."""
    run: list[Block] = []
    for block in [*blocks, None]:
        mark = enumerator(block.text) if block else ""
        mark = "" if mark == "chapter" else mark
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
    prose = any(block.kind == "body" or block.text.endswith(("；", ";")) for block in run)
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
