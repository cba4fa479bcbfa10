"""Markdown → the lines a reader would see. Marks go, words and line order stay.

Done by hand in some twenty patterns: a parser would give HTML, which then had to be taken apart again,
and the offsets that evidence points to should stay close to the file's own lines.
"""

from __future__ import annotations

import re

from civictag.datamodel import Document

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_FRONT_TITLE = re.compile(r"^title:[ \t]*[\"']?(.*?)[\"']?[ \t]*\r?$", re.M)
_HEADLINE = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.M)
_MARKS = tuple(
    (re.compile(pattern, re.M), kept)
    for pattern, kept in (
        (r"<!--[\s\S]{0,10000}?-->", ""),
        (r"^[ \t]*(?:```|~~~).*$", ""),  # the fence; what it fences stays
        (r"^[ \t]*(?:[-*_][ \t]*){3,}$", ""),  # a rule
        (r"^[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t:-]*$", ""),  # a table's rule
        (r"^[ \t]*={3,}[ \t]*$", ""),  # underlined headings
        (r"^[ \t]*#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", r"\1"),
        (r"^[ \t]*(?:>[ \t]?)+", ""),
        (r"^([ \t]*)[-*+][ \t]+", r"\1"),
        (r"^[ \t]*\|(.*)\|[ \t]*$", r"\1"),
        (r"!\[[^\]\n]*\]\([^)\n]*\)", ""),
        (r"\[([^\]\n]+)\]\([^)\n]*\)", r"\1"),
        (r"<((?:https?|mailto):[^>\s]+)>", r"\1"),
        (r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1", r"\2"),
        (r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])", r"\1"),
        (r"`([^`\n]+)`", r"\1"),
        (r"</?(?:br|p|div|span|b|i|u|strong|em|font|center|sub|sup)\b[^>\n]*>", ""),
        (r"\\([\\`*_{}\[\]()#+.!|~>-])", r"\1"),
    )
)


def read_markdown(document: Document) -> Document:
    """``document`` with its marks taken off; the title from the front matter or the first ``#`` line."""
    front = _FRONT.match(document.text)
    text = document.text[front.end() :] if front else document.text
    named = _FRONT_TITLE.search(front[1]) if front else None
    headline = _HEADLINE.search(text)
    title = named[1] if named else _plain(headline[1]) if headline else ""
    return Document(document.source, _plain(text), document.encoding, title=title, warnings=document.warnings)


def _plain(text: str) -> str:
    for pattern, kept in _MARKS:
        text = pattern.sub(kept, text)
    return text
