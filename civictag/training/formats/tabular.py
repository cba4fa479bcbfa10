"""Labelled paragraphs in tables of any kind that articles are read from: CSV, Excel, Parquet, JSON arrays."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from civictag.datamodel import Document
from civictag.errors import CorpusError, InputError
from civictag.i18n import _
from civictag.training.formats import Record, Records

# What such tables call them, the likelier first.
LABELS = (
    "labels",
    "label",
    "标签",
    "类别",
    "主题",
    "标注",
    "分类",
    "tags",
    "category",
    "categories",
    "topics",
)
DOC = ("doc", "文章", "文章编号", "稿件", "篇", "docid", "article", "articleid", "document")
PARA = ("para", "段", "段号", "段落", "段落号", "段序", "paragraph", "index")
SOURCE = ("source", "来源", "单位", "unit")
YES = frozenset({"1", "√", "✓", "是", "y", "yes", "true", "x", "1.0"})
NO = frozenset({"", "0", "×", "否", "n", "no", "false", "0.0"})


def read(path: str) -> Records:
    """The rows of a table; labels in one column, or as columns of ticks (1/0, √, 是/否) named as the labels.

    Raises:
        CorpusError: a row that cannot be read, or no column with labels.
    """
    from civictag.readers import read_documents

    rows: list[Document] = []
    try:
        for row in read_documents(path):
            if isinstance(row, InputError):
                raise CorpusError(
                    row.problem, where=row.where or path, line=row.line, field=row.field, hint=row.hint
                )
            rows.append(row)
    except InputError as error:
        hint = error.hint
        raise CorpusError(
            error.problem, where=error.where or path, line=error.line, field=error.field, hint=hint
        ) from None
    names = list(dict.fromkeys(name for row in rows for name in row.extra))
    columns = {
        "doc": one(names, DOC),
        "para": one(names, PARA),
        "labels": one(names, LABELS),
        "source": one(names, SOURCE),
    }
    ticks = [] if columns["labels"] else tick_columns(rows, names, set(filter(None, columns.values())))
    if not columns["labels"] and not ticks:
        raise CorpusError(
            _("has no column of labels"),
            where=path,
            hint=_("Name a column labels or 标签, or give each label a column of 1 and 0 (or √)"),
        )
    for number, row in enumerate(rows, 1):
        yield number, record(row, columns, ticks)


def record(row: Document, columns: dict[str, str | None], ticks: list[str]) -> Record:
    """One row as a record of the corpus format."""
    extra = dict(row.extra)
    found: Record = {"title": row.title, "text": row.text}
    for key, name in columns.items():
        value = extra.pop(name, None) if name else None
        if value not in (None, ""):
            found[key] = value
    if ticks:
        found["labels"] = [name for name in ticks if tick(extra.pop(name, None))]
    found.setdefault("labels", [])
    if row.id is not None:
        found["id"] = row.id
    return {**extra, **found}


def tick_columns(rows: list[Document], names: Iterable[str], taken: set[str]) -> list[str]:
    """Columns of which every cell is a yes or a no and some cell says yes."""
    found = []
    for name in names:
        cells = {_plain(row.extra.get(name)) for row in rows}
        if name not in taken and cells <= YES | NO and cells & YES:
            found.append(name)
    return found


def tick(value: Any) -> bool:
    """Whether a cell says yes."""
    return _plain(value) in YES


def one(names: Iterable[str], usual: tuple[str, ...]) -> str | None:
    """The column that has one of the usual names, whatever its case, width and blanks; the likelier first."""
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(_plain(name), name)
    return next((known[name] for name in usual if name in known), None)


def _plain(value: Any) -> str:
    return "" if value is None else "".join(unicodedata.normalize("NFKC", str(value)).casefold().split())
