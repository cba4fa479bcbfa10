"""Word and PDF → lines of text (extra ``office``)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from civictag.datamodel import Document
from civictag.errors import InputError, MissingExtra
from civictag.readers.files import shown
from civictag.readers.limits import DOCX_UNPACKED
from civictag.readers.zip_check import check_package

# PDFs made by some Chinese typesetters spell 文 with the radical ⽂ (U+2F42), which no word list knows.
_RADICALS = re.compile("[\u2e80-\u2fd5]")


def read_docx(path: str) -> Document:
    """The paragraphs and table rows of a Word file, in order, one a line; cells joined by a tab.

    Raises:
        InputError: no Word file, encrypted, a ZIP bomb, or without text.
        MissingExtra: python-docx is not installed.
    """
    check_package(path, ".docx", DOCX_UNPACKED)
    try:
        import docx
    except ImportError as error:
        raise MissingExtra("Reading .docx", "office", where=shown(path)) from error
    try:
        file = docx.Document(path)
        text = "\n".join(_docx_lines(file))
        title = (file.core_properties.title or "").strip()
    except Exception as error:  # python-docx raises KeyError, XMLSyntaxError … for a broken part
        raise InputError(
            "not a Word file that can be read, or a damaged one",
            where=shown(path),
            hint="Open it in Word or LibreOffice and save it again as .docx",
        ) from error
    if not text.strip():
        raise InputError("the document holds no text", where=shown(path))
    return Document(source=shown(path), text=text, title=_docx_title(title))


def _docx_title(title: str) -> str:
    """Word fills the field by itself: 「Microsoft Word - 文档1」, 「PowerPoint 演示文稿」, 「无标题」."""
    return (
        "" if re.match(r"(Microsoft|PowerPoint|Word|文档\d|无标题|untitled|document)", title, re.I) else title
    )


def _docx_lines(file: Any) -> Iterator[str]:
    from docx.table import Table

    for block in file.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells))
        else:
            yield block.text


def read_pdf(path: str, data: bytes) -> Document:
    """The text layer of a PDF (``data``, named ``path``), page after page, in the file's own lines.

    Raises:
        InputError: no PDF, encrypted, or scanned (no text layer).
        MissingExtra: pypdfium2 is not installed.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise MissingExtra("Reading .pdf", "office", where=shown(path)) from error
    try:
        pages = list(_pdf_pages(pypdfium2.PdfDocument(data)))
    except pypdfium2.PdfiumError as error:
        raise _pdf_error(path, str(error)) from error
    if not any(page.strip() for page in pages):
        raise InputError(
            "the PDF has no text layer: its pages are pictures",
            where=shown(path),
            hint="Run it through a text recognition program first",
        )
    return Document(source=shown(path), text="\n".join(pages))


def _pdf_pages(file: Any) -> Iterator[str]:
    try:
        for page in file:
            text = page.get_textpage().get_text_bounded()
            yield _RADICALS.sub(_plain, text.replace("\r\n", "\n").replace("\ufffe", ""))
    finally:
        file.close()


def _plain(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _pdf_error(path: str, message: str) -> InputError:
    if "password" in message.lower():
        return InputError("encrypted with a password", where=shown(path), hint="Save it without the password")
    return InputError("not a PDF, or a damaged one", where=shown(path))
