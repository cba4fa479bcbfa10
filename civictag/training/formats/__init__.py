"""Labelled paragraphs as people and labelling tools have them: tables, doccano, Label Studio, fastText.

Every reader gives the same thing: (row or line number, record) pairs, a record having the keys of the
corpus format (``doc para title text labels`` and further ones), its labels still as they were written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from civictag.errors import CorpusError
from civictag.i18n import _

Record = dict[str, Any]
Records = Iterator[tuple[int, Record]]

TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".parquet")
FORMATS = ("jsonl", "csv", "tsv", "xlsx", "parquet", "json", "doccano", "label-studio", "fasttext")
"""What ``--from`` may name."""


def format_of(path: str) -> str:
    """The format that a file's suffix says; ``jsonl`` for any other suffix, which the corpus format has."""
    suffix = os.path.splitext(path.lower().removesuffix(".gz"))[1]
    if suffix in TABLES:
        return "table"
    return {".json": "json", ".txt": "fasttext"}.get(suffix, "jsonl")


def reader_of(form: str, path: str) -> Callable[[str], Records]:
    """The reader of a format.

    Raises:
        CorpusError: there is no such format.
    """
    from civictag.training.formats import doccano, fasttext, label_studio, tabular

    readers: dict[str, Callable[[str], Records]] = {
        "table": tabular.read,
        **dict.fromkeys(("csv", "tsv", "xlsx", "parquet"), tabular.read),
        "json": label_studio.read_json,
        "label-studio": label_studio.read_json,
        "doccano": doccano.read,
        "fasttext": fasttext.read,
    }
    if form not in readers:
        known = ", ".join(FORMATS)
        raise CorpusError(
            _("no such format: {form}", form=form), where=path, hint=_("Known are: {known}", known=known)
        )
    return readers[form]


def text_of(path: str) -> str:
    """The decoded text of a file, whatever its encoding.

    Raises:
        CorpusError: it cannot be read.
    """
    from civictag.readers.encoding import decode

    try:
        with open(path, "rb") as file:
            return decode(file.read(), path)[0].removeprefix("\ufeff")
    except OSError as error:
        raise CorpusError(_("cannot be read: {reason}", reason=error.strerror), where=path) from None
