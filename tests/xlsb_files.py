"""Binary workbooks (.xlsb, [MS-XLSB]) made for tests: no program here writes them, Excel does."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROW, _BLANK, _REAL, _TEXT = 0, 1, 5, 6
_BEGIN_SHEET, _END_SHEET, _BEGIN_BOOK, _END_BOOK = 129, 130, 131, 132
_BEGIN_SHEETS, _END_SHEETS, _BEGIN_DATA, _END_DATA = 143, 144, 145, 146
_DIMENSION, _SHEET = 148, 156


def _varint(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def _record(kind: int, data: bytes = b"") -> bytes:
    return _varint(kind) + _varint(len(data)) + data


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(column: int, value: object) -> bytes:
    place = struct.pack("<II", column, 0)
    if value is None:
        return _record(_BLANK, place)
    if isinstance(value, str):
        return _record(_TEXT, place + _text(value))
    return _record(_REAL, place + struct.pack("<d", value))


def _sheet(rows: list[list[object]]) -> bytes:
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    made = [_record(_BEGIN_SHEET), _record(_DIMENSION, size), _record(_BEGIN_DATA)]
    for number, row in enumerate(rows):
        made.append(_record(_ROW, struct.pack("<IIHHB", number, 0, 300, 0, 0) + b"\0\0\0\0"))
        made += [_cell(column, value) for column, value in enumerate(row)]
    return b"".join([*made, _record(_END_DATA), _record(_END_SHEET)])


def xlsb(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A workbook of these sheets: rows of text, numbers and None."""
    names = [
        _record(_SHEET, struct.pack("<II", 0, n) + _text(f"r{n}") + _text(name))
        for n, name in enumerate(sheets, 1)
    ]
    book = [_record(_BEGIN_BOOK), _record(_BEGIN_SHEETS), *names, _record(_END_SHEETS), _record(_END_BOOK)]
    parts = "".join(
        f'<Relationship Id="r{n}" Type="{_KINDS}/worksheet" Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(sheets) + 1)
    )
    whole = f'<Relationship Id="r1" Type="{_KINDS}/officeDocument" Target="xl/workbook.bin"/>'
    kinds = '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", f'<Types xmlns="{_TYPES}">{kinds}</Types>')
        package.writestr("_rels/.rels", f'<Relationships xmlns="{_RELATIONS}">{whole}</Relationships>')
        package.writestr(
            "xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{_RELATIONS}">{parts}</Relationships>'
        )
        package.writestr("xl/workbook.bin", b"".join(book))
        for n, rows in enumerate(sheets.values(), 1):
            package.writestr(f"xl/worksheets/sheet{n}.bin", _sheet(rows))
    return path
