"""What the parsers of JSON and TOML say of a text, in the reader's language: they speak English alone."""

from __future__ import annotations

import re

from civictag.i18n import _, mark

_KNOWN = (
    mark("Expecting value"),
    mark("Expecting ',' delimiter"),
    mark("Expecting ':' delimiter"),
    mark("Expecting property name enclosed in double quotes"),
    mark("Illegal trailing comma before end of object"),
    mark("Illegal trailing comma before end of array"),
    mark("Extra data"),
    mark("Unterminated string starting at"),
    mark("Invalid control character at"),
    mark("Invalid \\escape"),
    mark("Invalid value"),
    mark("Invalid statement"),
    mark("Invalid initial character for a key part"),
    mark("Expected '=' after a key in a key/value pair"),
    mark("Expected ']' at the end of a table declaration"),
    mark("Expected newline or end of document after a statement"),
    mark("Unclosed array"),
    mark("Unclosed inline table"),
    mark("Unterminated string"),
    mark("Cannot overwrite a value"),
    mark("Cannot declare"),
    mark("Unescaped '\\' in a string"),
)
_PLACE = re.compile(
    r"(?: \(at line (\d+), column (\d+)\)| \((at end of document)\)|: line (\d+) column (\d+).*)$"
)


def in_words(error: object) -> str:
    """``error`` as text: its words where they are known, and its place; the rest as it is."""
    text = str(error)
    place = _PLACE.search(text)
    if place is None:
        return _(text)
    words = _(text[: place.start()])
    if place[3]:
        return _("{words} (at end of document)", words=words)
    line, column = place[1] or place[4], place[2] or place[5]
    return _("{words} (at line {line}, column {column})", words=words, line=line, column=column)
