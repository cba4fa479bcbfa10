"""Markdown → the lines a reader would see: parsed by markdown-it, laid out like a web page.

Raw HTML in it is read as a browser reads it. Fenced code is no text of an article and is left out; an indent
of four blanks is not taken for code: Chinese writers begin their paragraphs with it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from civictag.datamodel import Document
from civictag.i18n import _, ngettext

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_FRONT_TITLE = re.compile(r"^title:[ \t]*([^\r\n]*)", re.M)
# Levels of blocks inside one another; at them the parser leaves everything that follows. A person has six.
_LEVELS = 100
_INDENT = re.compile("^[ \t\u3000\xa0]{4,}(?=\\S)", re.M)


def read_markdown(document: Document) -> Document:
    """``document`` as its lines without marks; the title from the front matter or the first ``#`` line.

    Warnings tell how many fenced blocks of code were left out, and what an open comment hides.

    Raises:
        InputError: it makes more tags than a page may have.
    """
    from selectolax.lexbor import LexborHTMLParser

    from civictag.readers.pages.lines import PageLines
    from civictag.readers.pages.tag_limits import bounded, cut_off

    front = _FRONT.match(document.text)
    text = document.text[front.end() :] if front else document.text
    tokens = _parser().parse(_INDENT.sub("\u3000\u3000", text))
    if any(token.level >= _LEVELS - 2 for token in tokens):
        return _unparsed(document)
    markup = _parser().renderer.render([t for t in tokens if t.type != "fence"], _parser().options, {})
    tree = LexborHTMLParser(bounded(markup, document.source))
    page = PageLines(tree.root) if tree.root else None
    named = _FRONT_TITLE.search(front[1]) if front else None
    heading = tree.css_first("h1")
    title = named[1].strip().strip("\"'") if named else " ".join((heading.text() if heading else "").split())
    lines = [line.text for line in page.lines if not line.hidden] if page else []
    return Document(
        document.source,
        "\n".join(lines),
        document.encoding,
        title=title,
        warnings=(
            *document.warnings,
            *_left_out(sum(t.type == "fence" for t in tokens)),
            *cut_off(markup),
        ),
    )


def _unparsed(document: Document) -> Document:
    warning = _("nested too deep to be read as Markdown; its marks stay in the text")
    return replace(document, warnings=(*document.warnings, warning))


def _left_out(blocks: int) -> tuple[str, ...]:
    if not blocks:
        return ()
    return (ngettext("{count} block of code is left out", "{count} blocks of code are left out", blocks),)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True, "breaks": True, "maxNesting": _LEVELS})
    return parser.enable(["table", "strikethrough"]).disable("code")
