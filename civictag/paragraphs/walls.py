"""What follows the article: lists of links, the site's terms, comments; and where the text goes on."""

from __future__ import annotations

from civictag.paragraphs.blocks import Block
from civictag.paragraphs.boilerplate.site_footer import OWN_VOICE
from civictag.paragraphs.headline import FULL
from civictag.paragraphs.openings import enumerator
from civictag.paragraphs.prose_features import is_complete
from civictag.paragraphs.scoring import is_body_like
from civictag.util.patterns import lazy

_WALLS = ("list", "legal", "end")
_SAYS = 30  # characters from which a paragraph that is not about the site is the article's again
_OWN = lazy(OWN_VOICE)


def close_walls(blocks: list[Block], begin: int) -> None:
    """After 相关阅读, 版权声明 and the like all is furniture, unless the article plainly goes on."""
    rest = _Rest(blocks, begin)
    number = begin
    while number < len(blocks):
        wall = next((zone for zone in _WALLS if zone in blocks[number].zones), "")
        if wall and blocks[number].kind == "furniture":
            resumed = _resumes(blocks, rest, number, wall)
            for block in blocks[number:resumed]:
                block.kind = "furniture"
            number = max(resumed, number + 1)
        else:
            number += 1


class _Rest:
    """What follows each place of a page, counted once from its end: a page of walls asks at every one.

    Attributes:
        before: characters of full paragraphs from ``begin`` up to each block.
        full, pair, text: index of the next full paragraph from a block on, of the next two on end, and of the
            next two on end that do not speak of the site; ``len(blocks)`` if there are none.
    """

    def __init__(self, blocks: list[Block], begin: int) -> None:
        end = len(blocks)
        flags = [_is_full(block) for block in blocks]
        self.before = [0] * (begin + 1)
        for number in range(begin, end):
            self.before.append(self.before[-1] + (blocks[number].size if flags[number] else 0))
        self.full, self.pair, self.text = [end] * (end + 2), [end] * (end + 2), [end] * (end + 2)
        own = [_is_full(block, _SAYS) and not _OWN.search(block.squeezed) for block in blocks]
        for number in range(end - 1, -1, -1):
            paired = flags[number] and number + 1 < end and flags[number + 1]
            spoken = own[number] and number + 1 < end and own[number + 1]
            self.full[number] = number if flags[number] else self.full[number + 1]
            self.pair[number] = number if paired else self.pair[number + 1]
            self.text[number] = number if spoken else self.text[number + 1]


def _resumes(blocks: list[Block], rest: _Rest, wall: int, kind: str) -> int:
    """Index of the block where the article goes on after a wall; ``len(blocks)`` if it does not.

    A list that stands above the article ends at its first full paragraph; one in the middle where two
    full paragraphs follow each other (teasers alternate with their headlines); the site's terms are
    paragraphs themselves, so two must follow that say nothing of the site; after comments comes nothing.
    """
    before = rest.before[wall]
    if kind == "end" and before:
        return len(blocks)
    following = rest.full if not before else rest.text if kind == "legal" else rest.pair
    found = following[wall + 1]
    return _with_heading(blocks, found, wall) if found < len(blocks) else found


def _is_full(block: Block, least: int = FULL) -> bool:
    return (
        is_body_like(block)
        and not block.furniture
        and block.size >= least
        and is_complete(block.text)
        and enumerator(block.text) != "bullet"
        and not block.text.endswith(("...", "…"))
    )


def _with_heading(blocks: list[Block], number: int, wall: int) -> int:
    """From the heading right above a paragraph, if there is one set off by a blank line."""
    above = number - 1
    ok = above > wall and blocks[above].gap > 0 and blocks[above].kind == "heading"
    return above if ok else number
