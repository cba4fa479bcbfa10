"""Labelled paragraphs → the formats that people and labelling tools have; ``read_corpus`` reads them all.

What is written, read and written again is the same, byte for byte. fastText's format has no place for
anything but text and labels.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from civictag.corpus.files import write_corpus
from civictag.corpus.formats import Record, doccano, fasttext, label_studio
from civictag.corpus.formats.label_names import SEPARATORS
from civictag.datamodel import LabelledParagraph
from civictag.errors import CorpusError, MissingExtra
from civictag.i18n import _
from civictag.writers.as_csv import BOM, csv_lines

_MOST_CHARACTERS = 32_767  # of a cell of Excel's
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # a workbook holds when it was made

SUFFIXES = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv", ".xlsx": "xlsx",
    ".parquet": "parquet", ".json": "json", ".txt": "fasttext",
}  # fmt: skip
"""What a file's suffix says; doccano and label-studio have to be named."""


def export(rows: Sequence[LabelledParagraph], form: str) -> bytes:
    """The corpus in one of ``FORMATS``.

    Raises:
        CorpusError: something that the format cannot hold, named by its row.
        MissingExtra: the format needs a library that is not installed.
    """
    return FORMATS[form]([json.loads(line) for line in write_corpus(rows)])


def _lines(records: Sequence[Record]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in records).encode()


def _array(records: Sequence[Record]) -> bytes:
    return (json.dumps(list(records), ensure_ascii=False, indent=1) + "\n").encode()


def _doccano(records: Sequence[Record]) -> bytes:
    return "".join(map(doccano.line, records)).encode()


def _label_studio(records: Sequence[Record]) -> bytes:
    return _array([label_studio.task(row, number) for number, row in enumerate(records, 1)])


def _fasttext(records: Sequence[Record]) -> bytes:
    if not any(row["labels"] for row in records):  # a reader would take it for some other text file
        raise CorpusError(_("has no label at all"), where="fasttext", hint=_("Choose another format"))
    lines = (fasttext.line(row, "fasttext", number) for number, row in enumerate(records, 1))
    return "".join(lines).encode()


def _csv(records: Sequence[Record]) -> bytes:
    return BOM + csv_lines(_table(records))


def _tsv(records: Sequence[Record]) -> bytes:
    return BOM + csv_lines(_table(records), "\t")


def _xlsx(records: Sequence[Record]) -> bytes:
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtra(_("writing .xlsx"), "") from error
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": _MADE})
    sheet = book.add_worksheet()
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for at, row in enumerate(_table(records)):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(at, column, value)
            elif value:
                sheet.write_string(at, column, _fits(str(value), at), wrap)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(_head(records)) - 1, 14)
    sheet.set_column(3, 3, 70)
    book.close()
    return file.getvalue()


def _fits(text: str, row: int) -> str:
    if len(text) <= _MOST_CHARACTERS:
        return text
    problem = _("is longer than {most} characters, the most a cell of Excel holds", most=_MOST_CHARACTERS)
    raise CorpusError(problem, where="xlsx", line=row + 1, hint=_("Choose another format"))


def _parquet(records: Sequence[Record]) -> bytes:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtra(_("writing .parquet"), "parquet") from error
    types = {"para": pyarrow.int64(), "labels": pyarrow.list_(pyarrow.string())}
    columns = {}
    for name in _head(records):
        cells = [row.get(name) if name in types else _cell(row.get(name)) or None for row in records]
        columns[name] = pyarrow.array(cells, types.get(name, pyarrow.string()))
    file = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), file)
    return file.getvalue()


def _table(records: Sequence[Record]) -> list[list[Any]]:
    """Heading and rows; the labels of a row in one cell."""
    head = _head(records)
    return [head, *([_joined(row, number, name) for name in head] for number, row in enumerate(records, 2))]


def _head(records: Sequence[Record]) -> list[str]:
    """The keys of the format, then the further keys that hold anything, in order of first sight."""
    used = dict.fromkeys(key for row in records for key, value in row.items() if _cell(value))
    return list(dict.fromkeys(("doc", "para", "title", "text", "labels", *used)))


def _joined(row: Record, number: int, name: str) -> Any:
    if name == "para":
        return row[name]
    if name != "labels":
        return _cell(row.get(name))
    wrong = next((x for x in row[name] if SEPARATORS.search(x) or x.strip() != x), None)
    if wrong is not None:
        problem = _("the label {label} cannot stand in a cell with others", label=repr(wrong))
        raise CorpusError(problem, line=number, field="labels", hint=_("Give the label set with -l"))
    return ";".join(row[name])


def _cell(value: Any) -> str:
    if isinstance(value, list | dict | bool):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


FORMATS: dict[str, Callable[[Sequence[Record]], bytes]] = {
    "jsonl": _lines, "csv": _csv, "tsv": _tsv, "xlsx": _xlsx, "parquet": _parquet, "json": _array,
    "doccano": _doccano, "label-studio": _label_studio, "fasttext": _fasttext,
}  # fmt: skip
