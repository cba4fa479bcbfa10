"""What a file or standard input is, by how it begins."""

from __future__ import annotations

import codecs

from civictag.readers.limits import OLE
from civictag.readers.options import Reading


def is_page(head: bytes) -> bool:
    """Whether it begins like a web page."""
    return head[:64].lower().startswith((b"<!doctype html", b"<html"))


def is_for_libreoffice(head: bytes) -> bool:
    """Whether it begins like a document that LibreOffice knows: of before 2007, packed, RTF or XML.

    Anything else LibreOffice takes for text in some encoding, and bytes at random for Chinese.
    """
    plain = head.removeprefix(codecs.BOM_UTF8).lstrip()
    return head.startswith((OLE, b"PK\x03\x04")) or plain.startswith((b"{\\rtf", b"<"))


def looks_like(head: bytes, reading: Reading) -> str:
    """The suffix that input beginning so would have."""
    marks = (
        (b"%PDF", ".pdf"),
        (b"PK\x03\x04", ".zip"),
        (b"[", ".json"),
        (b"{\n", ".json"),
        (b"{\r", ".json"),
    )
    for mark, suffix in marks:
        if head.startswith(mark) and (suffix != ".json" or _is_json(head)):
            return suffix
    if head.startswith(b"{"):
        return ".jsonl"
    if is_page(head):
        return ".html"
    return ".csv" if _is_header(head, reading) else ".txt"


def holds_one_value(head: bytes) -> bool:
    """Whether a file called .jsonl begins as one JSON value: an array, or an object over many lines."""
    head = head.removeprefix(codecs.BOM_UTF8).lstrip()
    return head.startswith((b"[", b"{\n", b"{\r")) and _is_json(head)


def _is_json(head: bytes) -> bool:
    """``[`` may also begin prose (「[图片]」): of rows an object or its first key stands next."""
    return head[1:].lstrip()[:1] in (b"{", b'"', b"[") or head.startswith(b"{")


def _is_header(head: bytes, reading: Reading) -> bool:
    """Whether the first line names a column of text among others."""
    line = head.splitlines()[0] if head else b""
    if len(line) > 500:
        return False
    from civictag.readers.tables.columns import choose
    from civictag.readers.tables.csv_rows import separator_of

    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("gb18030", "replace")
    names = [name.strip().strip('"') for name in text.split(separator_of(text, "-"))]
    return len(names) > 1 and choose(names, reading, usual=True).text in names
