"""How much text the rows of one file hold together: no more than a file of its size can mean well."""

from __future__ import annotations

import os
from collections.abc import Iterator

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.i18n import _
from civictag.readers.files import shown
from civictag.readers.limits import MIB, PACK_RATIO, ROWS_UNPACKED

_BYTES = 3  # of a Chinese character in UTF-8


def bounded_rows(rows: Iterator[Document | InputError], path: str) -> Iterator[Document | InputError]:
    """The rows, as long as their text is not out of all proportion to the file.

    Raises:
        InputError: at the row with which it is.
    """
    most = max(ROWS_UNPACKED, PACK_RATIO * _size(path))
    total = 0
    for row in rows:
        if isinstance(row, Document) and row.is_row:
            total += _BYTES * len(row.text)
            if total > most:
                problem = _(
                    "would unpack to more than {total} MiB: refused as a likely ZIP bomb", total=most // MIB
                )
                raise InputError(problem, where=shown(path))
        yield row


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0
