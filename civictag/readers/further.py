"""The further columns of the tables among some inputs, before any of them is read as articles."""

from __future__ import annotations

from collections.abc import Sequence

from civictag.datamodel import Document
from civictag.errors import CivictagError
from civictag.readers.files import TABLE_SUFFIXES, WORKBOOK_SUFFIXES, find_inputs, suffix_of
from civictag.readers.options import Reading
from civictag.readers.reading import Results, read_documents

_SEVERAL = (*WORKBOOK_SUFFIXES, ".zip")  # what may hold several tables


def further_columns(paths: Sequence[str], reading: Reading) -> tuple[str, ...]:
    """Names of the further columns in order of the inputs, for a format whose header is written first.

    Of a text table the first row tells, of a workbook every sheet, of an archive every table in it; a table
    that cannot be read tells nothing here. Of a single text table nothing is read: its first article tells
    as much. Standard input and tables in Word files are not looked into.
    """
    inputs = list(find_inputs(paths))
    tables = [path for path in inputs if suffix_of(path) in TABLE_SUFFIXES]
    names: dict[str, None] = {}
    if "-" in paths or (len(inputs) == 1 and suffix_of(inputs[0]) not in _SEVERAL):
        return ()
    for path in tables:
        names |= _names(path, reading)
    return tuple(names)


def _names(path: str, reading: Reading) -> dict[str, None]:
    found: dict[str, None] = {}
    try:
        for document in _of_tables(path, reading):
            if isinstance(document, Document):
                found |= dict.fromkeys(document.extra)
                if suffix_of(path) not in _SEVERAL:
                    break
    except (CivictagError, OSError):  # told when its articles are read
        pass
    return found


def _of_tables(path: str, reading: Reading) -> Results:
    """The documents of a table; of an archive those of its tables."""
    if suffix_of(path) != ".zip":
        return read_documents(path, reading)
    from civictag.readers.archive import read_archive

    def of_table(member: str) -> Results:
        """Nothing of a member that is no table."""
        return read_documents(member, reading) if suffix_of(member) in TABLE_SUFFIXES else iter(())

    return read_archive(path, of_table)
