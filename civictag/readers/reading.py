"""One file → its documents: which reader a suffix, or what standard input begins with, calls for."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Iterator
from typing import BinaryIO, cast

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.i18n import _
from civictag.readers.beginnings import holds_one_value, is_for_libreoffice, is_page, looks_like
from civictag.readers.encodings.decoding import decode
from civictag.readers.files import (
    ARTICLE_SUFFIXES,
    CONVERTED_SUFFIXES,
    MAIL_SUFFIXES,
    PAGE_SUFFIXES,
    TABLE_SUFFIXES,
    WORKBOOK_SUFFIXES,
    beginning,
    open_binary,
    read_all,
    read_bytes,
    shown,
    suffix_of,
)
from civictag.readers.options import Reading
from civictag.readers.passed_over import reason_of, refuse_pipe

_AS_FOUND = Reading()
_META = 1 << 16  # bytes of a page among which its <meta> stand
_HEAD = 4096  # bytes that tell what standard input is
Results = Iterator[Document | InputError]


def read_documents(path: str, reading: Reading = _AS_FOUND) -> Results:
    """The articles of one file, lazily: one for a text, page, Word or PDF file, one per row for a table.

    Args:
        path: the file; ``-`` is standard input, whose format ``reading`` says or its first bytes tell.
        reading: what the user said about columns, encoding, format and limits.

    Yields:
        Documents in the file's order. A row that cannot be read is yielded as the InputError that names
        its line, and the rows after it are read.

    Raises:
        InputError: the file as a whole cannot be read.
        MissingExtra: its format needs a library that is not installed.
    """
    if os.path.isdir(path):
        raise InputError(_("is a folder"), where=shown(path), hint=_("List its files with find_inputs first"))
    if path == "-":
        return _checked(_standard_input(reading), "-", reading)
    refuse_pipe(path)
    suffix = suffix_of(path)
    if not suffix and reading.input_format:
        suffix = f".{reading.input_format}"
    if suffix or "." not in os.path.basename(path):
        return _checked(_by_suffix(path, suffix, reading), path, reading)
    known = " ".join((*ARTICLE_SUFFIXES, *TABLE_SUFFIXES))
    reason = reason_of(os.path.splitext(path)[1].lower())
    raise InputError(
        _("no reader for this suffix: {reason}", reason=reason),
        where=shown(path),
        hint=_("Known are: {suffixes}", suffixes=known),
    )


def _checked(found: Results, path: str, reading: Reading) -> Results:
    """The documents: broken text is recognised, date and unit are looked for.

    Raises:
        InputError: it holds none, as a table that is a header alone, or blanks.
    """
    from civictag.readers.documents.provenance import dated
    from civictag.readers.encodings.mojibake import checked, checked_row

    item = None
    for item in found:
        if not isinstance(item, Document):
            yield item
        elif item.is_row:
            yield checked_row(item, reading)
        elif item.text.strip():
            yield dated(checked(item, reading), path)
        else:
            raise InputError(_("the file holds no text"), where=item.source)
    if item is None:
        raise InputError(_("holds no article: the table has no rows"), where=shown(path))


def _by_suffix(path: str, suffix: str, reading: Reading) -> Results:
    plain = suffix.removesuffix(".gz")
    if plain in (".jsonl", ".ndjson") and holds_one_value(beginning(path)):
        plain = ".json"
    if plain in (".jsonl", ".ndjson", ".csv", ".tsv"):
        yield from _rows(path, plain, reading)
    elif plain == ".json":
        yield from _array(read_bytes(path, reading.limit), shown(path), reading)
    elif suffix == ".parquet":
        from civictag.readers.tables.parquet import read_parquet

        yield from read_parquet(path, reading)
    elif suffix in (*WORKBOOK_SUFFIXES, *CONVERTED_SUFFIXES, ".docx", ".docm", ".pdf"):
        yield from _office(path, suffix, reading)
    elif suffix in MAIL_SUFFIXES:
        from civictag.readers.documents.child import read_in_child

        yield from read_in_child("mail", path, reading)
    elif suffix == ".zip":
        from civictag.readers.archive import read_archive

        yield from read_archive(path, lambda member: read_documents(member, reading))
    else:
        yield _text(read_bytes(path, reading.limit), shown(path), plain, reading)


def _office(path: str, suffix: str, reading: Reading) -> Results:
    """Formats whose readers run in a child process."""
    from civictag.readers.documents.child import read_in_child
    from civictag.readers.tables.unpacked import bounded_rows

    with open_binary(path) as file:
        head = file.read(_HEAD)
    if not head:
        raise InputError(_("the file is empty"), where=shown(path))
    if suffix in (".pdf", *WORKBOOK_SUFFIXES):
        yield from bounded_rows(read_in_child("pdf" if suffix == ".pdf" else "workbook", path, reading), path)
    elif is_page(head.removeprefix(codecs.BOM_UTF8).lstrip()):  # what many a system calls a Word file
        yield _text(read_bytes(path, reading.limit), shown(path), ".html", reading)
    elif suffix in (".docx", ".docm") or (head.startswith(b"PK\x03\x04") and suffix != ".odt"):
        yield from read_in_child("word", path, reading)
    elif is_for_libreoffice(head):
        yield from _converted(path, reading)
    else:  # a text under the name of a document, or nothing that can be read
        yield _text(read_bytes(path, reading.limit), shown(path), ".txt", reading)


def _converted(path: str, reading: Reading) -> Results:
    from dataclasses import replace

    from civictag.readers.documents.child import read_in_child
    from civictag.readers.documents.convert import converted, discard, refuse_lost

    made = converted(path)
    try:
        for item in read_in_child("word", made, reading):
            if isinstance(item, Document):
                yield replace(item, source=item.source.replace(made, shown(path), 1))
            else:
                yield _of(path, item)
    except InputError as error:  # of the file that LibreOffice made, whose name nobody knows
        refuse_lost(path)
        raise _of(path, error) from None
    finally:
        discard(path)


def _of(path: str, error: InputError) -> InputError:
    """The error of a converted file as that of the original."""
    return InputError(error.problem, where=shown(path), line=error.line, field=error.field, hint=error.hint)


def _text(data: bytes, source: str, suffix: str, reading: Reading) -> Document:
    if suffix in PAGE_SUFFIXES:
        from civictag.readers.documents.provenance import dated
        from civictag.readers.pages.html import read_html

        return dated(read_html(data, source, reading.encoding), source, data[:_META])
    text, name, warnings = decode(data, source, encoding=reading.encoding)
    document = Document(source, text, name, warnings=warnings)
    if suffix == ".md":
        from civictag.readers.pages.markdown import read_markdown

        return read_markdown(document)
    return document


def _rows(path: str, suffix: str, reading: Reading, file: BinaryIO | None = None) -> Results:
    from civictag.readers.encodings.line_stream import open_lines

    source = "-" if path == "-" else shown(path)
    lines = open_lines(path, encoding=reading.encoding, limit=reading.limit, file=file)
    if suffix in (".jsonl", ".ndjson"):
        from civictag.readers.tables.json_rows import read_jsonl

        yield from read_jsonl(lines, source, reading)
    else:
        from civictag.readers.tables.csv_rows import read_csv

        yield from read_csv(lines, source, reading)


def _array(data: bytes, source: str, reading: Reading) -> Results:
    from civictag.readers.tables.json_rows import read_json

    text, name, _warnings = decode(data, source, encoding=reading.encoding)
    del data  # 64 MiB, perhaps, and the rows are worked on from here
    yield from read_json(text, source, name, reading)


def _standard_input(reading: Reading) -> Results:
    """In the format that the user said, else that its first bytes tell: rows, a page, a PDF, or text."""
    from civictag.readers.encodings.line_stream import AsItComes

    file = io.BufferedReader(cast(io.RawIOBase, AsItComes(open_binary("-"))))
    head = file.peek(_HEAD)[:_HEAD].removeprefix(codecs.BOM_UTF8).lstrip()
    suffix = f".{reading.input_format}" if reading.input_format else looks_like(head, reading)
    if suffix in (".jsonl", ".ndjson", ".csv", ".tsv"):
        yield from _rows("-", suffix, reading, cast(BinaryIO, file))
        return
    data = read_all(file, "-", reading.limit)
    if suffix == ".json":
        yield from _array(data, "-", reading)
    elif suffix == ".pdf":
        from civictag.readers.documents.pdf import pdf_document

        yield pdf_document("-", data)
    elif suffix == ".zip":
        raise InputError(
            _("a packed file (.docx, .xlsx …) cannot be read from here"),
            where="-",
            hint=_("Give its name instead"),
        )
    else:
        yield _text(data, "-", suffix, reading)
