"""What the style sheets of a page hide, and where they keep its line breaks.

Of a cascade only what matters here is followed: rules in order, the later over the earlier, no specificity;
what is said for print or narrow screens (``@media``) is left aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from math import comb
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_OF_INTEREST = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|white-space\s*:\s*(?:pre|break)", re.I)
_HIDES = frozenset((("display", "none"), ("visibility", "hidden"), ("visibility", "collapse")))
_SIDEWAYS = re.compile(r"\s*([>+~])\s*")
_STEPS = 1_000_000_000  # of matching, about five seconds: what would take more hides nothing
_FOUND, _SEEN = 40, 10  # steps that a found element is worth, and one that is looked at
_LARGEST = 1 << 17  # characters of a sheet: frameworks that are saved into a page are larger, and hide menus


class Styled(NamedTuple):
    """Memory ids of elements.

    Attributes:
        hidden: those that a rule hides, and none after it shows.
        kept: those whose line breaks are shown.
    """

    hidden: frozenset[int]
    kept: frozenset[int]


PLAIN = Styled(frozenset(), frozenset())


def styled(tree: LexborHTMLParser) -> Styled:
    """What the ``<style>`` elements of a page say."""
    sheets = [node.text() or "" for node in tree.css("style")]
    sheets = [sheet for sheet in sheets if len(sheet) <= _LARGEST and _OF_INTEREST.search(sheet)]
    if not sheets:
        return PLAIN
    hidden: set[int] = set()
    kept: set[int] = set()
    matcher = _Matcher(tree)
    for selector, name, value in (rule for sheet in sheets for rule in _rules(sheet)):
        found = matcher.matched(selector)
        if (name, value) in _HIDES:
            hidden |= found
        elif name in ("display", "visibility"):
            hidden -= found
        elif value.startswith(("pre", "break-spaces")):
            kept |= found
        else:
            kept -= found
    return Styled(frozenset(hidden), frozenset(kept))


def _rules(sheet: str) -> Iterator[tuple[str, str, str]]:
    """(selector, property, value) of the rules that hide, show, or keep line breaks."""
    import tinycss2

    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        for said in tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True):
            if said.type == "declaration" and said.lower_name in ("display", "visibility", "white-space"):
                yield (
                    tinycss2.serialize(rule.prelude).strip(),
                    said.lower_name,
                    tinycss2.serialize(said.value).strip().lower(),
                )


class _Matcher:
    """Finds what selectors mean, as long as there are steps left.

    「.a div div div .z」 is matched by trying every choice of three ancestors: of 200 there are a million.
    The most that a selector can take is known from its parts and the page, so the answer is one everywhere.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree, self._left = tree, _STEPS
        self._known: dict[str, set[int]] = {}  # by selector: 30,000 sheets may all say the same

    def matched(self, selector: str) -> set[int]:
        """Memory ids of the elements; none where the page alone does not tell, or it would take too long."""
        if selector not in self._known:
            self._known[selector] = self._look(selector)
        return self._known[selector]

    def _look(self, selector: str) -> set[int]:
        from selectolax.lexbor import SelectolaxError

        if ":" in selector:  # 「a:hover」, 「li:not(.on)」: they depend on more than the page
            return set()
        most = sum(map(self._most, selector.split(",")))
        if most > self._left:
            return set()
        try:
            found = {node.mem_id for node in self._tree.css(selector)}
        except SelectolaxError:
            return set()
        self._left -= most + _FOUND * len(found)
        return found

    def _most(self, selector: str) -> int:
        """Steps that one selector can take: a choice of ancestors, or of what stands before, per element."""
        parts = _SIDEWAYS.sub(r"\1", selector.strip())
        size, depth, widest = self._shape
        choices = comb(depth, min(len(parts.split()) - 1, depth // 2, 50))
        return _SEEN * size + size * choices * int(widest ** min(parts.count("~"), 50))

    @cached_property
    def _shape(self) -> tuple[int, int, int]:
        """Number of elements, how many are inside one another at most, and side by side at most."""
        depths: dict[int, int] = {}
        beside: dict[int, int] = {}
        for node in self._tree.css("*"):
            above = node.parent.mem_id if node.parent is not None else 0
            depths[node.mem_id] = depths.get(above, 0) + 1
            beside[above] = beside.get(above, 0) + 1
        return len(depths), max(depths.values(), default=0), max(beside.values(), default=0)
