"""What the style sheets of a page hide, and where they keep its line breaks.

Of a cascade only what matters here is followed: rules in order, the later over the earlier, no specificity;
what is said for print or narrow screens (``@media``) is left aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_OF_INTEREST = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|white-space\s*:\s*(?:pre|break)", re.I)
_HIDES = frozenset((("display", "none"), ("visibility", "hidden"), ("visibility", "collapse")))
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
    for selector, name, value in (rule for sheet in sheets for rule in _rules(sheet)):
        found = _matched(tree, selector)
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


def _matched(tree: LexborHTMLParser, selector: str) -> set[int]:
    from selectolax.lexbor import SelectolaxError

    if (
        ":" in selector
    ):  # 「a:hover」, 「li:not(.on)」: what a browser shows then depends on more than the page
        return set()
    try:
        return {node.mem_id for node in tree.css(selector)}
    except SelectolaxError:
        return set()
