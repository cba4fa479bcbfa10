"""civictag's own outputs, known again where they lie among the inputs of a later run.

Those that nobody changed are known by their contents (``util.outputs``); those that a person edited,
or that came from another computer, by how the format begins. A file that the user names is read all
the same: only the search of a folder passes them over.
"""

from __future__ import annotations

import codecs
import json
import zipfile
import zlib

from civictag.util import outputs

_HEAD = 1 << 14  # bytes looked at; the first line of any output is told by its beginning
_ROW = ("source", "title", "index", "start", "end", "text", "tags", "review")
_HEADERS = (
    {"source", "index", "start", "end", "text", "tags", "review"},  # tag -f csv
    {"source", "index", "text", "probabilities", "suggested", "use"},  # tag --review
    {"段落", "机器标签", "核对", "来源"},  # both, in Chinese
    {"Text", "Suggested", "Checked", "Source"},
)
_ARTICLE = (b'"model": {', b'"sha256": "', b'"paragraphs": [')
_KEYWORD = b"civictag-sheets"  # writers.sheets.workbook.MARK
_PAGE = b'<meta name="generator" content="civictag'
_FAILURE = ["source", "line", "field", "problem", "hint"]


def is_own_output(path: str) -> bool:
    """Whether ``path`` is an output of civictag's, unchanged or edited; False where it cannot be read."""
    return outputs.is_made(path) or _begins_like_one(path)


def _begins_like_one(path: str) -> bool:
    name = path.lower()
    if name.endswith(".xlsx"):
        return is_workbook(path)
    look = next((look for suffix, look in _LOOKS.items() if name.endswith(suffix)), None)
    if look is None:
        return False
    try:
        with open(path, "rb") as file:
            return look(file.read(_HEAD).removeprefix(codecs.BOM_UTF8))
    except (OSError, ValueError):
        return False


def _is_csv(head: bytes) -> bool:
    first = head.splitlines()[0] if head else b""
    columns = {cell.strip(' "') for cell in first.decode("utf-8", "replace").split(",")}
    return any(wanted <= columns for wanted in _HEADERS)


def _is_json_lines(head: bytes) -> bool:
    """By the keys of the first row and their order; the row itself may be longer than what was read."""
    try:
        keys = list(json.loads(head.splitlines()[0]))
    except (ValueError, IndexError, RecursionError, TypeError):
        keys = (
            [key for key in _ROW if f'"{key}": '.encode() in head] if head.startswith(b'{"source": ') else []
        )
    return keys[:1] == ["source"] and (set(_ROW) <= set(keys) or keys == _FAILURE)


def _is_json(head: bytes) -> bool:
    return head.startswith(b"[") and b'"source": ' in head[:64] and all(mark in head for mark in _ARTICLE)


def is_workbook(path: str) -> bool:
    """Whether it is a workbook of tags: by the keyword among its properties, which programs keep."""
    try:
        with zipfile.ZipFile(path) as parts, parts.open("docProps/core.xml") as properties:
            return _KEYWORD in properties.read(_HEAD)
    except (OSError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, NotImplementedError):
        return False


def _is_page(head: bytes) -> bool:
    return _PAGE in head


_LOOKS = {
    ".csv": _is_csv,
    ".jsonl": _is_json_lines,
    ".json": _is_json,
    ".html": _is_page,
    ".htm": _is_page,
}
