"""PDF → lines of its text layer; pages without one are named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.i18n import _, listed
from civictag.readers.encodings.codecs import Decoded
from civictag.readers.encodings.decoding import damage_noted
from civictag.readers.files import read_bytes, shown
from civictag.readers.limits import PDF_CHARACTERS
from civictag.readers.options import Reading

if TYPE_CHECKING:
    from civictag.readers.documents.pdf_chars import Page

# PDFs made by some Chinese typesetters spell 文 with the radical ⽂ (U+2F42), which no word list knows.
_RADICALS = re.compile("[\u2e80-\u2fd5]")
_LAID_OUT = 1_000_000  # characters: a longer document is read as PDFium gives its text, which is faster
_KEPT = 0.98  # of the characters must be in the text that was laid out by their places
_HYPHEN = re.compile("[\u0002\ufffe]\r?\n?")  # how PDFium writes a hyphen at the end of a line


def read_pdf(path: str, reading: Reading) -> Iterator[Document]:
    """The text layer of a PDF, page after page, in the file's own lines.

    Raises:
        InputError: no PDF, encrypted, scanned (no text layer), or with more text than is read.
    """
    yield pdf_document(path, read_bytes(path, reading.limit))


def pdf_document(path: str, data: bytes) -> Document:
    """As ``read_pdf``, of a PDF that is read already; ``path`` names it."""
    import pypdfium2

    from civictag.readers.documents.pdf_layout import text_of

    try:
        pages, laid_out = _pages(path, pypdfium2.PdfDocument(data))
    except pypdfium2.PdfiumError as error:
        raise _refused(path, str(error)) from error
    empty = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if len(empty) == len(pages):
        raise InputError(
            _("the PDF has no text layer: its pages are pictures"),
            where=shown(path),
            hint=_("Run it through a text recognition program first"),
        )
    warnings = (_("pages without text (pictures, or blank): {pages}", pages=_ranges(empty)),) if empty else ()
    text = text_of(laid_out) if len(laid_out) == len(pages) else ""
    if _letters(text) < _KEPT * sum(map(_letters, pages)):
        text = "\n".join(pages)  # text that stands upright, or one character over the other
    text, name, lost = damage_noted(Decoded(_RADICALS.sub(_plain, text), "utf-8"))
    return Document(shown(path), text, name, warnings=(*warnings, *lost))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _pages(path: str, file: Any) -> tuple[list[str], list[Page]]:
    """The text of each page as PDFium gives it; of the first ``_LAID_OUT`` characters what stands where too.

    Both in one pass: to load a page takes most of the time.
    """
    texts: list[str] = []
    laid_out: list[Page] = []
    total = 0
    try:
        for page in file:
            text_page = page.get_textpage()
            text = text_page.get_text_bounded()
            total += len(text)
            if total > PDF_CHARACTERS:
                raise InputError(_("more than {limit} characters", limit=PDF_CHARACTERS), where=shown(path))
            texts.append(_HYPHEN.sub("", text).replace("\r\n", "\n"))
            if total <= _LAID_OUT:
                laid_out.append(_page(page, text_page))
    finally:
        file.close()
    return texts, laid_out


def _page(page: Any, text_page: Any) -> Page:
    from civictag.readers.documents.pdf_chars import Page, pieces_of, rules_of

    rules = rules_of(page)
    return Page(pieces_of(text_page, rules), rules, page.get_height())


def _plain(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _ranges(numbers: list[int]) -> str:
    """1–3, 7, 9: page numbers as a person writes them, cut where they are many."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown_runs = [str(a) if a == b else f"{a}–{b}" for a, b in runs]
    return listed(shown_runs[:20]) + (" …" if len(runs) > 20 else "")


def _refused(path: str, message: str) -> InputError:
    if "password" in message.lower():
        return InputError(
            _("encrypted with a password"), where=shown(path), hint=_("Save it without the password")
        )
    return InputError(_("not a PDF, or a damaged one"), where=shown(path))
