"""Rows in JSON: lines and arrays. A bad row does not stop the rest."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.i18n import _
from civictag.readers.encodings.line_stream import TextLines
from civictag.readers.options import Reading
from civictag.readers.tables.row_to_document import Table, kind_of, row_document
from civictag.util.dates import year_in
from civictag.util.parser_words import in_words

# NaN and Infinity are no JSON: a program that reads our output would refuse it whole.
_decode = json.JSONDecoder(parse_constant=lambda _name: None).decode


def read_jsonl(
    lines: TextLines, source: str, reading: Reading, number: int = 0
) -> Iterator[Document | InputError]:
    """One Document, or the InputError that names its line, for each line that is not blank.

    ``number`` is how many rows came before, where the lines are a later piece of the file.
    """
    table = Table(source, lines.encoding, reading, lines.warnings, year_in(os.path.basename(source)))
    for line_number, line in lines.lines:
        if isinstance(line, InputError):
            yield line
        elif line.strip():
            number += 1
            yield _json_row(table, line, number, line_number)


def _json_row(table: Table, line: str, number: int, line_number: int) -> Document | InputError:
    try:
        row = _decode(line)
    except json.JSONDecodeError as error:
        return InputError(
            _("not JSON at column {colno}: {msg}", colno=error.colno, msg=in_words(error.msg)),
            where=table.source,
            line=line_number,
            hint=_("Each line must be one JSON object"),
        )
    except (ValueError, RecursionError) as error:  # a number of 10,000 digits, 10,000 brackets
        return InputError(
            _("JSON that cannot be read: {error}", error=error), where=table.source, line=line_number
        )
    if not isinstance(row, dict):
        return InputError(
            _("expected a JSON object, found {kind_of}", kind_of=kind_of(row)),
            where=table.source,
            line=line_number,
            hint=_('Write each row as {"text": "…"}'),
        )
    return row_document(table, row, number, line_number)


def read_json(text: str, source: str, encoding: str, reading: Reading) -> Iterator[Document | InputError]:
    """The rows of one JSON value: an array of objects, an object that holds such an array, or one object.

    Raises:
        InputError: no JSON, or without rows.
    """
    try:
        value = _decode(text)
    except (ValueError, RecursionError) as error:
        raise InputError(_("not JSON: {reason}", reason=error), where=source) from error
    lists = [item for item in value.values() if _is_rows(item)] if isinstance(value, dict) else []
    rows = value if isinstance(value, list) else lists[0] if len(lists) == 1 else [value]
    table = Table(source, encoding, reading, (), year_in(os.path.basename(source)))
    if not rows:
        raise InputError(_("the array is empty"), where=source)
    for number, row in enumerate(rows, 1):
        if isinstance(row, dict):
            yield row_document(table, row, number, number)
        else:
            yield InputError(
                _("expected a JSON object, found {kind}", kind=kind_of(row)), where=source, line=number
            )


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
