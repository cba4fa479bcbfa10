"""What a file is that is not what its name says: told from its beginning, for a message."""

from __future__ import annotations

import os

from civictag.i18n import _

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_HEAD = 400  # bytes


def other_format(beginning: str) -> str | None:
    """What to do with a file whose first line is no JSON object; None where that is not to be seen."""
    text = beginning.lstrip("\ufeff \t")
    if text.startswith("["):
        return _("It looks like a JSON array: let its name end in .json")
    if text.startswith("__label__"):
        return _("It looks like fastText's format: let its name end in .txt")
    if text.startswith("PK\x03\x04"):
        return _("It looks like a packed file or a workbook: give the table in it")
    if text.startswith("{"):
        return None
    if any(text.count(separator) for separator in ",;\t"):
        return _("It looks like a table: let its name end in .csv (or .tsv)")
    return None


def other_than_table(path: str) -> str | None:
    """What to do with a file that is not the table that its name promises; None: not to be seen."""
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return None
    is_book = os.path.splitext(path)[1].lower() not in (".csv", ".tsv")
    if head.startswith((_ZIP, _OLE)):
        if is_book:
            return None
        old = head.startswith(_OLE)
        suffix = ".xls" if old else ".xlsx (.ods)"
        return _("It looks like a workbook: let its name end in {suffix}", suffix=suffix)
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _("It looks like JSON lines: let its name end in .jsonl")
    return other_format(text.partition("\n")[0]) if is_book or text.startswith("[") else None
