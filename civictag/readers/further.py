"""The further columns of the tables among some inputs, before any of them is read as articles."""

from __future__ import annotations

from collections.abc import Sequence

from civictag.datamodel import Document
from civictag.errors import CivictagError
from civictag.readers.files import TABLE_SUFFIXES, WORKBOOK_SUFFIXES, find_inputs, suffix_of
from civictag.readers.options import Reading
from civictag.readers.reading import read_documents


def further_columns(paths: Sequence[str], reading: Reading) -> tuple[str, ...]:
    """Names of the further columns in order of the inputs, for a format whose header is written first.

    Of a text table the first row tells, of a workbook every sheet; a table that cannot be read tells nothing
    here. Of a single text table nothing is read: its first article tells as much. Standard input and
    archives are not looked into.
    """
    inputs = list(find_inputs(paths))
    tables = [path for path in inputs if suffix_of(path) in TABLE_SUFFIXES]
    names: dict[str, None] = {}
    if "-" in paths or (len(inputs) == 1 and not inputs[0].lower().endswith(WORKBOOK_SUFFIXES)):
        return ()
    for path in tables:
        if suffix_of(path) != ".zip":
            names |= _names(path, reading)
    return tuple(names)


def _names(path: str, reading: Reading) -> dict[str, None]:
    found: dict[str, None] = {}
    try:
        for document in read_documents(path, reading):
            if isinstance(document, Document):
                found |= dict.fromkeys(document.extra)
                if suffix_of(path) not in WORKBOOK_SUFFIXES:
                    break
    except (CivictagError, OSError):  # told when its articles are read
        pass
    return found
