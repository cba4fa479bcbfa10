"""HTML → the lines of its article. Trafilatura finds the article; nothing of its body is let go.

Trafilatura now and then loses a paragraph in the middle (a ``<div>`` among ``<p>``s, a pasted table,
text after ``<br>``). So the page's own lines are read too, and when whole sentences are missing between
the first and the last line that trafilatura kept, the page's lines from the one to the other are taken
instead; telling furniture from body line by line is ``civictag.paragraphs``' business anyway.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.readers.codecs import Decoded
from civictag.readers.encoding import decode

_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")  # lxml refuses a str that still names an encoding
_UNSEEN = "head script style noscript template svg iframe select textarea button nav"
_WITHIN_LINES = (
    "a abbr b bdi bdo big cite code del em font i img ins kbd label mark q s small span strike strong sub sup"
    " td th tt u wbr"
)
_SKIPPED = frozenset(_UNSEEN.split())
_INLINE = frozenset(_WITHIN_LINES.split())
# What sites put between a headline and their own name: 「…_中国文明网」, 「… - 某某日报」, 「…|政务」.
_SITE_SUFFIX = re.compile(
    r"\s*(?:[_|｜]+|\s[-–—]{1,2}\s?|[-–—]{1,2}(?=[^-–—]{2,12}(?:网|报|在线|门户|平台|频道|政府)$)).*$"
)
_TELLING = 8  # letters: a shorter line may be in the article by chance
_SENTENCE = 25  # characters that make a line with a full stop worth missing


def read_html(data: bytes, source: str, encoding: str | None = None) -> Document:
    """The article of a page, one block a line, with its title freed of the site's name.

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
    from lxml import html

    markup = _DECLARATION.sub("", decoded.text).replace("\0", "")
    try:
        tree = html.document_fromstring(markup, parser=html.HTMLParser(huge_tree=True))
    except (ValueError, html.etree.LxmlError) as error:
        raise InputError("no HTML with any text in it", where=source) from error
    page = [line for line in _page_lines(tree) if line]
    text = "\n".join(_article(markup, page))
    if not text.strip():
        raise InputError(
            "the page holds no text",
            where=source,
            hint="If a browser shows some, a script puts it there: save the page from the browser",
        )
    return Document(source, text, decoded.encoding, title=_title(tree), warnings=decoded.warnings)


def _article(markup: str, page: list[str]) -> list[str]:
    found = _extractor()(markup, include_comments=False, include_tables=True) or ""
    known = _key(found)
    marks = [n for n, line in enumerate(page) if len(_key(line)) >= _TELLING and _key(line) in known]
    if not marks:
        return found.splitlines() or page
    region = page[marks[0] : marks[-1] + 1]
    if any(_is_sentence(line) and _key(line) not in known for line in region):
        return region
    return [line for line in region if _key(line) in known]


@cache
def _extractor() -> Callable[..., str | None]:
    import logging

    from trafilatura import extract

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # else it writes to stderr itself
    return extract


def _key(line: str) -> str:
    """Letters only: the extractor writes cells with bars, we with blanks."""
    return "".join(filter(str.isalnum, line))


def _is_sentence(line: str) -> bool:
    return len(line) >= _SENTENCE and "。" in line


def _page_lines(tree: Any) -> Iterator[str]:
    """The page's visible text, a line for each block element and ``<br>``."""
    from lxml import etree

    held: list[str] = []
    skipping = 0
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            skipping += tag in _SKIPPED
            text = element.text
        else:
            skipping -= event == "end" and tag in _SKIPPED
            text = element.tail
        if tag and tag not in _INLINE:
            yield _flat(held)
            held = []
        if tag in ("td", "th"):
            held.append(" ")
        if text and not skipping:
            held.append(text)
    yield _flat(held)


def _flat(pieces: list[str]) -> str:
    return " ".join("".join(pieces).split())


def _title(tree: Any) -> str:
    """The headline: an ``<h1>`` that ``<title>`` contains, else ``<title>`` without the site's name."""
    page = _flat(tree.xpath("//title//text()"))
    shared = _flat(tree.xpath("//meta[@property='og:title'][1]/@content"))
    headline = _flat(tree.xpath("(//h1)[1]//text()"))
    if headline and headline in page:
        return headline
    return _SITE_SUFFIX.sub("", shared or page).strip() or headline
