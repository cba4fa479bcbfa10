"""A row of a table → Document: one rule for every table format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from civictag.datamodel import Document
from civictag.errors import InputError

_OWN = ("id", "title")


class Table(NamedTuple):
    """What all rows of one table share: its name, encoding and text column, and what was guessed about it."""

    source: str
    encoding: str
    text_column: str
    warnings: tuple[str, ...] = ()


def row_document(table: Table, row: Mapping[str, object], number: int, line: int) -> Document | InputError:
    """The Document of one row, or the InputError that says what is wrong with it.

    Args:
        table: the table it comes from.
        row: column name → value; ``None`` is an empty cell.
        number: 1-based row number; names the row when it has no id.
        line: 1-based line of the file, for the error.
    """
    text = row.get(table.text_column)
    if text is None and table.text_column not in row:
        return missing_column(table, row, line)
    if text is not None and not isinstance(text, str):
        return InputError(
            f"expected text, found {type(text).__name__}",
            where=table.source,
            line=line,
            field=table.text_column,
        )
    broken = _lone_surrogate(row)
    if broken:
        return InputError(
            f"half a character ({broken}) that stands for nothing",
            where=table.source,
            line=line,
            hint="The program that wrote the row cut a character in two, or its bytes "
            f"are not {table.encoding}; write the row again",
        )
    return _document(table, row, text or "", number)


def missing_column(table: Table, row: Mapping[str, object], line: int | None = None) -> InputError:
    """The error for a table without the text column: names the columns that it has."""
    columns = ", ".join(map(str, row)) or "none"
    return InputError(
        f'no column "{table.text_column}"; the columns are: {columns}',
        where=table.source,
        line=line,
        hint="Name the one that holds the text with --text-column",
    )


def _document(table: Table, row: Mapping[str, object], text: str, number: int) -> Document:
    key = row.get("id")
    row_id = None if key is None or key == "" else str(key)
    return Document(
        source=f"{table.source}#{number if row_id is None else row_id}",
        text=text,
        encoding=table.encoding,
        title=str(row.get("title") or "").strip(),
        id=row_id,
        extra={k: v for k, v in row.items() if k != table.text_column and k not in _OWN},
        is_row=True,
        warnings=_warnings(table, text, number),
    )


def _warnings(table: Table, text: str, number: int) -> tuple[str, ...]:
    found = table.warnings if number == 1 else ()  # said once, not a million times
    if not text.strip():
        return (*found, "the row has no text")
    if "\ufffd" in text:
        return (*found, f"{text.count(chr(0xFFFD))} characters are lost (U+FFFD)")
    return found


def _lone_surrogate(row: Mapping[str, object]) -> str:
    """The first half of a surrogate pair in any string of the row, as ``U+D800``; "" if none.

    Such a string can be neither printed nor written, wherever it stands, so no column is exempt.
    """
    try:
        for key, value in row.items():
            if not (isinstance(value, str) and value.isascii() and key.isascii()):
                f"{key}{value}".encode()
    except UnicodeEncodeError as error:
        return f"U+{ord(error.object[error.start]):04X}"
    return ""
