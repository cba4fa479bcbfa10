"""HTML → the lines of its article, as a browser would show them.

The page is parsed by the rules of HTML5 (lexbor): what follows a first ``</html>`` belongs to it, nesting has
no limit. ``lines`` lays it out in lines, ``region`` finds those of the article, ``title``
frees the title of the site's name.
"""

from __future__ import annotations

import re
import sys

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.i18n import _, ngettext
from civictag.readers.encodings.codecs import Decoded
from civictag.readers.encodings.decoding import decode

_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
# A parser compares each attribute with all before it: 55,000 of them take seconds.
_LONG_TAG = re.compile(r"<([A-Za-z][\w:-]*)([^<>]{8000,}+)>")
_ATTRIBUTES = 1000
_REFERENCE = re.compile("&#([xX][0-9A-Fa-f]+|[0-9]+)")


def read_html(data: bytes, source: str, encoding: str | None = None) -> Document:
    """The article of a page, one block per line, with its title freed of the site's name.

    Raises:
        InputError: it cannot be decoded, or holds no text.
    """
    declared = _CHARSET.search(data[:4096])
    decoded = decode(
        data, source, encoding=encoding, declared=declared[1].decode("ascii") if declared else None
    )
    return html_document(decoded, source)


def html_document(decoded: Decoded, source: str) -> Document:
    """As ``read_html``, for a page that is decoded already."""
    from selectolax.lexbor import LexborHTMLParser

    from civictag.readers.pages.lines import PageLines
    from civictag.readers.pages.region import article_lines
    from civictag.readers.pages.style_sheet import styled
    from civictag.readers.pages.tag_limits import bounded, cut_off
    from civictag.readers.pages.title import page_title

    markup = _LONG_TAG.sub(_without_attributes, decoded.text.replace("\0", ""))
    tree = LexborHTMLParser(bounded(markup, source))
    page = PageLines(tree.root, styled(tree)) if tree.root else None
    if page is None or not page.lines:
        raise InputError(
            _("the page holds no text"),
            where=source,
            hint=_("If a browser shows some, a script puts it there: save the page from the browser"),
        )
    title = page_title(tree, page)
    text = "\n".join(article_lines(page, title))
    return Document(
        source,
        text,
        decoded.encoding,
        title=title,
        warnings=(*_warnings(decoded, text + title), *cut_off(markup)),
    )


def _without_attributes(tag: re.Match[str]) -> str:
    return f"<{tag[1]}>" if tag[2].count("=") + tag[2].count(" ") > _ATTRIBUTES else tag[0]


def _is_void(reference: re.Match[str]) -> bool:
    """Whether a numeric reference stands for no character: NUL, half a surrogate pair, beyond Unicode."""
    digits = reference[1].lstrip("0xX") or "0"
    code = int(digits, 16 if reference[1][0] in "xX" else 10) if len(digits) < 9 else sys.maxunicode + 1
    return code in (0, 0xFFFD) or 0xD800 <= code < 0xE000 or code > sys.maxunicode


def _warnings(decoded: Decoded, text: str) -> tuple[str, ...]:
    """The decoder's warnings, and one for numbers that stand for no character (``&#0;``, ``&#xD800;``)."""
    lost = sum(map(_is_void, _REFERENCE.finditer(decoded.text))) if "\ufffd" in text else 0
    if not lost:
        return decoded.warnings
    warning = ngettext(
        "{count} character reference of the page stands for no character (U+FFFD is in its place)",
        "{count} character references of the page stand for no character (U+FFFD is in their place)",
        lost,
    )
    return (*decoded.warnings, warning)
