"""Word → the lines of its text, and the rows of its tables of articles (台账).

mammoth reads the format; here its paragraphs become lines. A table whose header names a column of text is
a table of articles: its rows are documents of their own.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.i18n import _, ngettext
from civictag.readers.encodings.codecs import Decoded
from civictag.readers.encodings.decoding import damage_noted
from civictag.readers.files import shown
from civictag.readers.limits import DOCX_UNPACKED
from civictag.readers.options import Reading
from civictag.readers.tables.columns import choose
from civictag.readers.tables.row_to_document import Table, row_document
from civictag.readers.zip_check import check_package
from civictag.util.dates import year_in

_LONG = 40  # characters: a cell that holds so many is text, not a figure of a table
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")


def read_word(path: str, reading: Reading) -> Iterator[Document | InputError]:
    """The document, one paragraph per line, and the rows of each table of articles in it.

    Insertions are accepted, deletions left out; text boxes, content controls, notes and fields are read
    where they stand.

    Raises:
        InputError: no Word file, encrypted, a ZIP bomb, or without text.
    """
    check_package(path, ".docx", DOCX_UNPACKED)
    parsed = _parse(path)
    lines: list[str] = []
    rows: list[Document | InputError] = []
    for block in parsed.children:
        table = _grid(block) if _kind(block) == "Table" else None
        found = _articles(path, table, reading) if table else []
        rows += found
        if not found:
            lines += _lines(block)
    notes, missing = _notes(parsed)
    lines += [line for note in notes for line in _lines_of(note.body)]
    if not any(line.strip() for line in lines) and not rows:
        raise InputError(_("the document holds no text"), where=shown(path))
    if not rows or any(len(line) >= _LONG or "。" in line for line in lines):
        text, _name, warnings = damage_noted(Decoded("\n".join(lines), "utf-8"))
        lost = (_missing(missing),) if missing else ()
        yield Document(shown(path), text, title=_title(path), warnings=(*warnings, *lost))
    yield from rows


def _parse(path: str) -> Any:
    """mammoth's document, with its notes.

    Raises:
        InputError: mammoth cannot read it.
    """
    import mammoth.docx

    try:
        return mammoth.docx.read(_prepared(path)).value
    except MemoryError:
        raise
    except Exception as error:  # KeyError, ExpatError … for a broken part
        raise InputError(
            _("not a Word file that can be read, or a damaged one"),
            where=shown(path),
            hint=_("Open it in WPS or Word and save it again as .docx"),
        ) from error


def _prepared(path: str) -> io.BytesIO:
    """The file with what mammoth does not know in words that it does."""
    from civictag.readers.documents.word_xml import has_unknown, known

    with open(path, "rb") as file:
        data = io.BytesIO(file.read())
    with zipfile.ZipFile(data) as package:
        parts = {name: package.read(name) for name in _PARTS if name in package.namelist()}
        changed = {name: known(part) for name, part in parts.items() if has_unknown(part)}
        if not changed:
            return data
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as copy:
            for name in package.namelist():
                copy.writestr(name, changed.get(name) or package.read(name))
    return whole


def _notes(parsed: Any) -> tuple[list[Any], int]:
    """The footnotes and endnotes in the order of their marks, and how many marks have none in the file."""
    notes, missing = [], 0
    for mark in _marks(parsed):
        try:
            notes.append(parsed.notes.resolve(mark))
        except KeyError:
            missing += 1
    return notes, missing


def _marks(node: Any) -> Iterator[Any]:
    for child in _children(node):
        if _kind(child) == "NoteReference":
            yield child
        else:
            yield from _marks(child)


def _missing(count: int) -> str:
    return ngettext(
        "{count} footnote is missing in the file: its mark leads nowhere",
        "{count} footnotes are missing in the file: their marks lead nowhere",
        count,
    )


def _kind(node: Any) -> str:
    return type(node).__name__


def _children(node: Any) -> Iterable[Any]:
    return getattr(node, "children", ())


def _lines(block: Any) -> list[str]:
    """The lines of a paragraph or table."""
    if _kind(block) != "Table":
        return _lines_of([block])
    lines: list[str] = []
    for row in _children(block):
        cells = [_lines_of(_children(cell)) for cell in _children(row)]
        is_text = any(len(cell) > 1 or any(len(line) >= _LONG for line in cell) for cell in cells)
        flat = [line for cell in cells for line in cell]
        lines += flat if is_text else ["\t".join(flat)]
    return lines


def _lines_of(blocks: Iterable[Any]) -> list[str]:
    """The lines of blocks, those of text boxes and tables within them after the paragraph they hang on."""
    lines: list[str] = []
    for block in blocks:
        if _kind(block) == "Table":
            lines += _lines(block)
            continue
        inner: list[Any] = []
        text = "".join(_text(block, inner))
        lines += [line for line in text.split("\n") if line.strip()]
        lines += _lines_of(inner)
    return lines


def _text(node: Any, inner: list[Any]) -> Iterator[str]:
    """The text below ``node``; blocks below it go to ``inner``."""
    kind = _kind(node)
    if kind == "Text":
        yield node.value
    elif kind == "Tab":
        yield "\t"
    elif kind == "Break":
        yield "\n"
    else:
        for child in _children(node):
            if _kind(child) in ("Paragraph", "Table"):
                inner.append(child)
            else:
                yield from _text(child, inner)


def _grid(table: Any) -> list[list[str]]:
    """The cells of a table, those that span rows or columns repeated in each."""
    grid: list[list[str]] = []
    held: dict[int, tuple[int, str]] = {}  # column → rows still covered from above, and their text
    for row in _children(table):
        cells: list[str] = []
        for cell in _children(row):
            while held.get(len(cells), (0, ""))[0]:
                left, text = held[len(cells)]
                held[len(cells)] = (left - 1, text)
                cells.append(text)
            text = "\n".join(_lines_of(_children(cell)))
            for _column in range(min(cell.colspan, 64)):
                held[len(cells)] = (cell.rowspan - 1, text)
                cells.append(text)
        grid.append(cells)
    return grid


def _articles(path: str, grid: list[list[str]], reading: Reading) -> list[Document | InputError]:
    """The rows of a table of articles; none where its first rows name no column of text."""
    for at, header in enumerate(grid[:3]):
        names = ["".join(name.split()) for name in header]
        if choose(names, reading, usual=True).text in names and len(set(names)) == len(names) > 1:
            table = Table(shown(path), "utf-8", reading, (), year_in(path))
            rows = [dict(zip(names, row, strict=False)) for row in grid[at + 1 :] if any(row)]
            return [row_document(table, row, n, n) for n, row in enumerate(rows, 1)]
    return []


def _title(path: str) -> str:
    """The title among the file's properties, where a person wrote it.

    Word fills the field by itself: 「Microsoft Word - 文档1」, 「PowerPoint 演示文稿」, 「无标题」.
    """
    with zipfile.ZipFile(path) as package:
        name = "docProps/core.xml"
        data = package.read(name).decode("utf-8", "replace") if name in package.namelist() else ""
    found = re.search(r"<dc:title>([^<]*)</dc:title>", data)
    title = found[1].strip() if found else ""
    own = re.match(r"(Microsoft|PowerPoint|Word|文档\d|无标题|untitled|document)", title, re.I)
    return "" if own else title
