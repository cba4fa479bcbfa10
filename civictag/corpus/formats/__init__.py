"""Labelled paragraphs as people and labelling tools have them: tables, doccano, Label Studio, fastText.

Every reader gives the same thing: (row or line number, record) pairs, a record having the keys of the
corpus format (``doc para title text labels`` and further ones). Its labels are still as they were
written: a list, or a text that lists them; None where nobody has looked at the paragraph yet.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from civictag.datamodel import Label
from civictag.errors import CorpusError, reason
from civictag.i18n import _

Record = dict[str, Any]
Records = Iterator[tuple[int, Record]]
Tell = Callable[[str], None]
Known = tuple[Label, ...] | None

TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".parquet")
SUFFIXES = (".jsonl", ".ndjson", ".json", *TABLES)
"""What is read of a folder; a .txt is fastText's only when it is named."""


def format_of(path: str) -> str:
    """``table``, ``json``, ``fasttext``, or ``jsonl`` for any other suffix, which the corpus format has."""
    suffix = os.path.splitext(path.lower().removesuffix(".gz"))[1]
    if suffix in TABLES:
        return "table"
    return {".json": "json", ".txt": "fasttext"}.get(suffix, "jsonl")


def read(path: str, known: Known, tell: Tell) -> Records:
    """The records of a file.

    Args:
        path: the file; its suffix says the format.
        known: the labels that columns of ticks may stand for; None: any.
        tell: is told what was guessed or left out.

    Raises:
        CorpusError: it cannot be read, or is not what its suffix says.
    """
    from civictag.corpus.formats import fasttext, json_lines, label_studio, tabular

    form = format_of(path)
    if form == "jsonl":
        return json_lines.read(path, tell)
    if form == "fasttext":
        return fasttext.read(path, tell)
    if form == "json":
        return label_studio.read_json(path, known, tell)
    return tabular.read(path, known, tell)


def text_of(path: str) -> str:
    """The decoded text of a file, whatever its encoding.

    Raises:
        CorpusError: it cannot be read.
    """
    from civictag.errors import InputError
    from civictag.readers.encodings.decoding import decode

    try:
        with open(path, "rb") as file:
            return decode(file.read(), path)[0].removeprefix("\ufeff")
    except OSError as error:
        raise CorpusError(_("cannot be read: {reason}", reason=reason(error)), where=path) from None
    except InputError as error:
        raise CorpusError(error.problem, where=path, hint=error.hint) from None
