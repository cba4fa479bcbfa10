"""A parsed page → its lines as a browser lays them out, each with the block element it stands in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from civictag.readers.pages.style_sheet import PLAIN, Styled

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_UNSEEN_TAGS = (
    "head script style noscript noframes template svg math iframe object select datalist button nav audio"
    " video canvas map textarea"
)
_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp"
    " small span strike strong sub sup td th time tt u var wbr"
)
_UNSEEN = frozenset(_UNSEEN_TAGS.split())
_INLINE = frozenset(_INLINE_TAGS.split())
_BESIDE_TAGS = frozenset(("aside", "footer"))
_BESIDE = re.compile(
    r"comment|pinglun|reply|recommend|related|relate|sidebar|side[-_]?bar|footer|copyright|rank|hot[-_]?(?:news|list)|guess"
    r"|disclaimer",
    re.I,
)
_PRE = frozenset(("pre", "xmp", "listing", "plaintext", "textarea"))
_GONE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|content-visibility\s*:\s*hidden)", re.I)
# These hide an element until one inside it says otherwise.
_VEILED = re.compile(r"(?:^|;)\s*(?:visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d]))", re.I)
_UNVEILED = re.compile(r"(?:^|;)\s*(?:visibility\s*:\s*visible|font-size\s*:\s*(?:0*[.1-9]|[a-z]))", re.I)
_SEEN, _VEIL, _AWAY = range(3)  # how an element is shown: yes; not, but what is in it may be; not at all
_SHOWN = re.compile(r"(?:^|;)\s*display\s*:", re.I)
_KEEPS_LINES = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
_AS_BLOCK = re.compile(r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|table(?!-cell)|list-item)", re.I)
_RUN = re.compile("[ \t\r\n\f\x0b\xa0\u3000\u2003]{2,}")
_BLANKS = re.compile(r"[ \t\r\n\f\x0b\xa0]+")
_MARKUP = re.compile(r"<(?:p|div|br|span|section)\b", re.I)


class Line:
    """A line of a page.

    Attributes:
        text: what stands in it without the blanks at its ends; those that indent a paragraph inside stay.
        linked: how many of its characters are links.
        block: number of the innermost block element around it, in document order.
        hidden: a browser does not show it.
        beside: it stands in comments, a sidebar or the foot of the page, by the name of its element.
        prose: how many of its characters are prose, once ``region.prose`` was asked; None before.
    """

    __slots__ = ("beside", "block", "hidden", "linked", "prose", "text")

    def __init__(self, text: str, linked: int, block: int, hidden: bool, beside: bool) -> None:
        self.text = text
        self.linked = linked
        self.block = block
        self.hidden = hidden
        self.beside = beside
        self.prose: int | None = None


class PageLines:
    """All lines of a page, in order, and the tree of its block elements.

    Attributes:
        lines: every line that is not blank.
        parents: for each block element the number of the one around it; the first is its own.
        is_p: for each block element whether it is a ``<p>``.
        article: what ``region`` found: the lines that count, and the half-open range of the article's blocks.
    """

    def __init__(self, root: LexborNode, styled: Styled = PLAIN, *, inside_editor: bool = False) -> None:
        self.lines: list[Line] = []
        self.article: tuple[list[Line], int, int] | None = None
        self._inside_editor = inside_editor
        self._styled = styled
        self.parents = [0]
        self.is_p = [False]
        self._beside = [False]
        self._held: tuple[list[str], list[str]] = (
            [],
            [],
        )  # what is seen of the line, and what is hidden in it
        self._linked = [0, 0]
        self._walk(root)

    def _walk(self, root: LexborNode) -> None:
        """Depth first without recursion: a page may be nested deeper than Python's stack."""
        # (node, block, hidden, linked, keeps lines); None in the place of the node: the block ends.
        stack: list[tuple[LexborNode | None, int, int, bool, bool]] = [(root, 0, _SEEN, False, False)]
        while stack:
            node, block, hidden, linked, keeps = stack.pop()
            if node is None:
                self._flush(block)
                continue
            following = node.next if node is not root else None
            if following is not None:
                stack.append((following, block, hidden, linked, keeps))
            if node.is_text_node:
                self._text(node.text_content or "", block, hidden, linked, keeps)
            elif node.is_element_node or node is root:
                self._element(node, stack, (block, hidden, linked, keeps))

    def _element(
        self,
        node: LexborNode,
        stack: list[tuple[LexborNode | None, int, int, bool, bool]],
        state: tuple[int, int, bool, bool],
    ) -> None:
        block, hidden, linked, keeps = state
        tag = node.tag or ""
        if tag in _UNSEEN:
            if tag == "textarea":
                self._editor(node, block)
            return
        attributes = node.attributes
        style = attributes.get("style") or ""
        inside = hidden
        if attributes or self._styled.hidden or tag == "dialog":
            inside = self._shown_as(node, attributes, style, hidden)
        is_block = tag not in _INLINE or bool(style and _AS_BLOCK.search(style))
        if is_block:
            self._flush(block)
            stack.append((None, block, inside, False, False))
        own = block
        if is_block and tag != "br":
            own = len(self.parents)
            self.parents.append(block)
            self.is_p.append(tag == "p")
            self._beside.append(self._beside[block] or tag in _BESIDE_TAGS or _is_beside(attributes))
        if tag in ("td", "th"):
            self._hold(" ", hidden, False)
        keeps = keeps or tag in _PRE or bool(style and _KEEPS_LINES.search(style))
        keeps = keeps or (bool(self._styled.kept) and node.mem_id in self._styled.kept)
        child = node.child
        if child is not None:
            if is_block:
                stack[-1] = (None, own, inside, False, False)
            stack.append((child, own, inside, linked or tag == "a", keeps))

    def _shown_as(
        self, node: LexborNode, attributes: Mapping[str, str | None], style: str, around: int
    ) -> int:
        if around == _AWAY or "hidden" in attributes or (style and _GONE.search(style)):
            return _AWAY
        if node.tag == "dialog" and "open" not in attributes:
            return _AWAY
        if self._styled.hidden and node.mem_id in self._styled.hidden and not _SHOWN.search(style):
            return _AWAY
        if not style:
            return around
        return _VEIL if _VEILED.search(style) else _SEEN if _UNVEILED.search(style) else around

    def _text(self, text: str, block: int, hidden: int, linked: bool, keeps: bool) -> None:
        first, *rest = text.splitlines() if keeps and text else [text]
        if keeps and text[:1] in "\r\n":
            self._flush(block)
        self._hold(first, hidden, linked)
        for line in rest:
            self._flush(block)
            self._hold(line, hidden, linked)
        if keeps and text[-1:] in ("\n", "\r"):
            self._flush(block)

    def _hold(self, text: str, hidden: int, linked: bool) -> None:
        self._held[hidden > _SEEN].append(text)
        if linked:
            self._linked[hidden > _SEEN] += len(text.strip())

    def _flush(self, block: int) -> None:
        """The line ends; what is hidden within it is a line of its own, and does not cut it in two."""
        if not self._held[False] and not self._held[True]:
            return
        for hidden in (False, True):
            if self._held[hidden]:
                text = flat("".join(self._held[hidden]))
                if text:
                    line = Line(text, self._linked[hidden], block, hidden, self._beside[block])
                    self.lines.append(line)
                self._held[hidden].clear()
                self._linked[hidden] = 0

    def _editor(self, node: LexborNode, block: int) -> None:
        """The text of a ``<textarea>``: some content systems keep the article in one, as markup.

        It counts as hidden, so that it is taken where the page says less without it: another is a form's.
        """
        text = node.text(deep=True) or ""
        if "。" not in text:
            return
        self._flush(block)
        if not self._inside_editor and _MARKUP.search(text):  # an editor in an editor is text
            self.lines.extend(
                Line(line.text, line.linked, block, True, self._beside[block])
                for line in lines_of(text, inside_editor=True)
            )
        else:
            self._text(text, block, _AWAY, False, True)
        self._flush(block)


def _is_beside(attributes: Mapping[str, str | None]) -> bool:
    names = (attributes.get("class"), attributes.get("id")) if attributes else ()
    return any(name and _BESIDE.search(name) for name in names)


def lines_of(markup: str, *, inside_editor: bool = False) -> list[Line]:
    """The lines of a piece of markup, hidden ones too; ``inside_editor``: what a ``<textarea>`` holds."""
    from selectolax.lexbor import LexborHTMLParser

    from civictag.readers.pages.tag_limits import shallow

    root = LexborHTMLParser(shallow(markup)).root
    return PageLines(root, inside_editor=inside_editor).lines if root else []


def flat(text: str) -> str:
    """Blanks folded as a browser does, but for those that stand for a paragraph's indent (two U+3000)."""
    if text.split() == [text]:  # a blank of any kind is rare in Chinese, and quickly looked for
        return text
    return _BLANKS.sub(" ", _RUN.sub(_folded, text)).strip(" \u3000\u2003")


def _folded(run: re.Match[str]) -> str:
    wide = run[0].count("\u3000") + run[0].count("\u2003")
    return "\u3000\u3000" if wide > 1 or run[0].count("\xa0") > 3 else "\u3000" if wide else " "
