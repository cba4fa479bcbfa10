"""Rows in JSON: lines and arrays. A bad row does not stop the rest."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from civictag.datamodel import Document
from civictag.errors import InputError, out_of_memory
from civictag.i18n import _, listed
from civictag.readers.encodings.line_stream import TextLines
from civictag.readers.options import Reading
from civictag.readers.tables.row_to_document import Table, kind_of, row_document
from civictag.util.dates import year_in
from civictag.util.parser_words import in_words
from civictag.util.patterns import lazy


class _Twice(dict[str, Any]):
    """An object in which keys stand more than once; the last value counts, as everywhere.

    Attributes:
        keys_twice: those keys.
    """

    keys_twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) == len(pairs):
        return row
    again = _Twice(row)
    times = Counter(name for name, _value in pairs)
    again.keys_twice = tuple(name for name, count in times.items() if count > 1)
    return again


_KEYS = lazy(r'"\s*:')
# NaN and Infinity are no JSON: a program that reads our output would refuse it whole.
_decoder = json.JSONDecoder(parse_constant=lambda _name: None)
_decode_all = json.JSONDecoder(parse_constant=lambda _name: None, object_pairs_hook=_object).decode


def read_jsonl(
    lines: TextLines, source: str, reading: Reading, number: int = 0
) -> Iterator[Document | InputError]:
    """One Document, or the InputError that names its line, for each line that is not blank.

    ``number`` is how many rows came before, where the lines are a later piece of the file.
    """
    year = year_in(os.path.basename(source))
    table = Table(source, lines.encoding, reading, lines.warnings, year, is_told=number > 0)
    for line_number, line in lines.lines:
        if isinstance(line, InputError):
            yield line
        elif not line.isspace():
            number += 1
            yield _json_row(table, line, number, line_number)


def parse_row(line: str) -> Any:
    """The JSON value of a line; NaN and infinities, which JSON has no form for, are None.

    Raises:
        ValueError: it is no JSON, or has a number of more digits than Python takes.
        RecursionError: it is nested too deep.
    """
    row = _value(line)
    # A key may stand there twice. 「10:30」 is no key; the second count, of what may be one, costs more.
    if isinstance(row, dict) and line.count(":") > len(row) < len(_KEYS.findall(line)):
        row = _decode_all(line)
    return row


def _json_row(table: Table, line: str, number: int, line_number: int) -> Document | InputError:
    try:
        row = parse_row(line)
    except json.JSONDecodeError as error:
        return InputError(
            _("not JSON at column {colno}: {msg}", colno=error.colno, msg=in_words(error.msg)),
            where=table.source,
            line=line_number,
            hint=_("Each line must be one JSON object"),
        )
    except RecursionError:
        return InputError(_("JSON that is nested too deep"), where=table.source, line=line_number)
    except MemoryError:
        return out_of_memory(table.source, line_number)
    except ValueError:  # Python's limit
        return InputError(_("a number of more than 4,300 digits"), where=table.source, line=line_number)
    if not isinstance(row, dict):
        return InputError(
            _("expected a JSON object, found {kind_of}", kind_of=kind_of(row)),
            where=table.source,
            line=line_number,
            hint=_('Write each row as {"text": "…"}'),
        )
    return document_of(table, row, number, line_number)


def _value(line: str) -> Any:
    """The value of a line. ``decode`` looks twice for blanks by pattern, which costs what decoding costs."""
    if not line.startswith("{"):
        return _decoder.decode(line)
    value, end = _decoder.raw_decode(line)
    return value if line[end:] in ("\n", "\r\n", "") else _decoder.decode(line)


def document_of(table: Table, row: dict[str, Any], number: int, line: int) -> Document | InputError:
    """The document of a row that ``parse_row`` gave, with a word about keys that stand in it twice."""
    found = row_document(table, row, number, line)
    if not isinstance(row, _Twice) or not isinstance(found, Document):
        return found
    warning = _("keys that stand twice, of which the last is used: {names}", names=listed(row.keys_twice))
    return replace(found, warnings=(*found.warnings, warning))


def read_json(text: str, source: str, encoding: str, reading: Reading) -> Iterator[Document | InputError]:
    """The rows of one JSON value: an array of objects, an object that holds such an array, or one object.

    Raises:
        InputError: no JSON, or without rows.
    """
    try:
        value = _decode_all(text)
    except json.JSONDecodeError as error:
        raise InputError(_("not JSON: {reason}", reason=in_words(error)), where=source) from error
    except ValueError as error:
        raise InputError(_("not JSON: {reason}", reason=error), where=source) from error
    except RecursionError as error:
        raise InputError(_("JSON that is nested too deep"), where=source) from error
    lists = [item for item in value.values() if _is_rows(item)] if isinstance(value, dict) else []
    rows = value if isinstance(value, list) else lists[0] if len(lists) == 1 else [value]
    table = Table(source, encoding, reading, (), year_in(os.path.basename(source)))
    if not rows:
        raise InputError(_("the array is empty"), where=source)
    for number, row in enumerate(rows, 1):
        if isinstance(row, dict):
            yield document_of(table, row, number, number)
        else:
            yield InputError(
                _("expected a JSON object, found {kind}", kind=kind_of(row)), where=source, line=number
            )


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
