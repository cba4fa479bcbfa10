"""One file → its documents: which reader a suffix, or what standard input begins with, calls for."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Iterator
from typing import cast

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.readers.encoding import decode
from civictag.readers.files import (
    ARTICLE_SUFFIXES,
    TABLE_SUFFIXES,
    open_binary,
    read_all,
    read_bytes,
    shown,
    suffix_of,
)
from civictag.readers.options import Reading

_AS_FOUND = Reading()
_HEAD = 4096  # bytes that tell what standard input is
Results = Iterator[Document | InputError]


def read_documents(path: str, reading: Reading = _AS_FOUND) -> Results:
    """The articles of one file, lazily: one for a text, page, Word or PDF file, one a row for a table.

    Args:
        path: the file; ``-`` is standard input, where JSON lines are known by their first ``{``.
        reading: what the user said about columns, encoding and limits.

    Yields:
        Documents in the file's order. A row that cannot be read is yielded as the InputError that names
        its line, and the rows after it are read.

    Raises:
        InputError: the file as a whole cannot be read.
        MissingExtra: its format needs a library that is not installed.
    """
    suffix = suffix_of(path)
    if os.path.isdir(path):
        raise InputError("is a folder", where=shown(path), hint="List its files with find_inputs first")
    if path == "-":
        return _standard_input(reading)
    if suffix.removesuffix(".gz") in (".jsonl", ".csv", ".tsv"):
        return _text_table(path, suffix, reading)
    if suffix in (".xlsx", ".parquet"):
        return _columnar(path, suffix, reading)
    if suffix or "." not in os.path.basename(path):
        return _article(path, suffix, reading)
    known = " ".join((*ARTICLE_SUFFIXES, *TABLE_SUFFIXES))
    raise InputError("no reader for this suffix", where=shown(path), hint=f"Known are: {known}")


def _article(path: str, suffix: str, reading: Reading) -> Results:
    if suffix in (".docx", ".pdf"):
        from civictag.readers import office

        yield (
            office.read_docx(path)
            if suffix == ".docx"
            else office.read_pdf(path, read_bytes(path, reading.limit))
        )
    else:
        yield _text(read_bytes(path, reading.limit), shown(path), suffix, reading.encoding)


def _text(data: bytes, source: str, suffix: str, encoding: str | None) -> Document:
    if suffix in (".html", ".htm"):
        from civictag.readers.html import read_html

        return read_html(data, source, encoding)
    text, name, warnings = decode(data, source, encoding=encoding)
    document = Document(source, text, name, warnings=warnings)
    if suffix == ".md":
        from civictag.readers.markdown import read_markdown

        return read_markdown(document)
    return document


def _columnar(path: str, suffix: str, reading: Reading) -> Results:
    from civictag.readers import xlsx_parquet as columnar

    read = columnar.read_xlsx if suffix == ".xlsx" else columnar.read_parquet
    yield from read(path, reading)


def _text_table(path: str, suffix: str, reading: Reading) -> Results:
    from civictag.readers import tables
    from civictag.readers.line_stream import open_lines

    lines = open_lines(path, encoding=reading.encoding, limit=reading.limit)
    if suffix.startswith(".jsonl"):
        yield from tables.read_jsonl(lines, shown(path), reading)
    else:
        yield from tables.read_csv(lines, shown(path), reading)


def _standard_input(reading: Reading) -> Results:
    """Rows when it begins like JSON lines; else one article, in the format that its first bytes tell."""
    from civictag.readers import tables
    from civictag.readers.line_stream import AsItComes, open_lines

    file = io.BufferedReader(cast(io.RawIOBase, AsItComes(open_binary("-"))))
    head = file.peek(_HEAD)[:_HEAD].removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith(b"{"):
        lines = open_lines("-", encoding=reading.encoding, limit=reading.limit, file=file)
        yield from tables.read_jsonl(lines, "-", reading)
        return
    data = read_all(file, "-", reading.limit)
    if head.startswith(b"%PDF"):
        from civictag.readers.office import read_pdf

        yield read_pdf("-", data)
    elif head.startswith(b"PK\x03\x04"):
        raise InputError(
            "a packed file (.docx, .xlsx …) cannot be read from here", where="-", hint="Give its name instead"
        )
    else:
        is_page = head[:64].lower().startswith((b"<!doctype html", b"<html"))
        yield _text(data, "-", ".html" if is_page else ".txt", reading.encoding)
