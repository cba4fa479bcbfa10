"""Tags that no page of a person has: nested so deep, or so many, that parsing takes all time or memory.

By the rules of HTML5 a parser looks through all open elements at each tag, and opens each unclosed ``<b>``
and ``<font>`` again in every paragraph that follows: 100,000 open ``<div>`` took 48 seconds, 3,000 paragraphs
with an unclosed ``<font>`` each would make 4 million elements. Browsers stop nesting at 512; so is it here.
"""

from __future__ import annotations

import re

from civictag.errors import InputError
from civictag.i18n import _, ngettext

MOST_TAGS = 1_000_000
_LOOKED_AT = 2_000  # tags from which a page could hold enough to be slow
_DEEPEST = 1_000  # elements inside one another; what is deeper stands side by side
_OPEN_FONTS = 8  # formatting elements that are open at once; more change nothing that is read
_ROOTS = frozenset(("html", "body"))  # each one more hands its attributes to the first, compared with all
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_SENTENCE = 10  # Chinese characters: fewer are no text that is missed
_VOID_TAGS = "area base br col embed hr img input link meta param source track wbr"
_ENDING_TAGS = "p li dt dd option optgroup tr td th tbody thead tfoot colgroup head"  # end by themselves
_FORMATTING_TAGS = "a b big code em font i nobr s small strike strong tt u"
_NO_DEPTH = frozenset(f"{_VOID_TAGS} {_ENDING_TAGS}".split())
_FORMATTING = frozenset(_FORMATTING_TAGS.split())


def bounded(markup: str, source: str) -> str:
    """As ``shallow``, of a whole page.

    Raises:
        InputError: it has more than ``MOST_TAGS`` tags.
    """
    if markup.count("<") > MOST_TAGS:
        raise InputError(
            _("more than {count} tags", count=MOST_TAGS),
            where=source,
            hint=_("Many articles in one file belong in .jsonl, .csv or .parquet, one per row"),
        )
    return shallow(markup)


def shallow(markup: str) -> str:
    """``markup`` with each tag that opens too deep, and its end, as ``<br>`` or ``<wbr>``; all text stays."""
    return _TAG.sub(_Depth().kept, markup) if markup.count("<") > _LOOKED_AT else markup


def cut_off(markup: str) -> tuple[str, ...]:
    """A warning where a comment that is never closed hides the rest of a page, as it does in a browser."""
    begin = markup.find("<!--", markup.rfind("-->") + 1)
    if begin < 0:
        begin = next(
            (at for mark in ("<!", "<?") if (at := markup.find(mark, markup.rfind(">") + 1)) >= 0), -1
        )
    hidden = sum(map(_is_chinese, markup[begin:])) if begin >= 0 else 0
    if hidden < _SENTENCE or "</script" in markup[begin:].lower():
        return ()
    warning = ngettext(
        "a comment that is not closed hides {count} Chinese character at the end",
        "a comment that is not closed hides {count} Chinese characters at the end",
        hidden,
    )
    return (warning,)


def _is_chinese(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


class _Kind:
    """Elements that are counted together: how many may be open, and are."""

    def __init__(self, most: int, instead: str) -> None:
        self.most, self.instead = most, instead
        self.open = self.dropped = 0


class _Depth:
    """What is open, as far as the tags tell."""

    def __init__(self) -> None:
        self._blocks = _Kind(_DEEPEST, "br")
        self._fonts = _Kind(_OPEN_FONTS, "wbr")
        self._roots = _Kind(2 * len(_ROOTS), "wbr")

    def kept(self, tag: re.Match[str]) -> str:
        """The beginning of a tag, with the name of an element that holds nothing where it is too deep."""
        name = tag[2].lower()
        if name in _NO_DEPTH:
            return tag[0]
        kind = self._fonts if name in _FORMATTING else self._roots if name in _ROOTS else self._blocks
        if not tag[1]:
            if kind.open < kind.most:
                kind.open += 1
                return tag[0]
            kind.dropped += 1
        elif kind.dropped:
            kind.dropped -= 1
        else:
            kind.open = max(0, kind.open - 1)
            return tag[0]
        return f"<{tag[1]}{kind.instead}"
