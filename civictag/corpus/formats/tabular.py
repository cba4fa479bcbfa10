"""Labelled paragraphs in tables of any kind that articles are read from: CSV, Excel, Parquet, JSON arrays."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from civictag.corpus.formats import Known, Record, Records, Tell
from civictag.datamodel import Document
from civictag.errors import CorpusError, InputError
from civictag.i18n import _
from civictag.readers.options import Reading
from civictag.readers.tables.columns import TEXT, TITLE
from civictag.readers.tables.yes_no import is_yes
from civictag.writers.rows import unguard

# What such tables call them, the likelier first; compared without case, width and blanks.
LABELS = (
    "labels", "label", "标签", "类别", "主题", "标注", "分类", "类目", "编码", "标签名", "标签名称", "tags",
    "tag", "category", "categories", "topic", "topics", "code", "codes", "class",
)  # fmt: skip
DOC = (
    "doc", "文章", "文章编号", "文章id", "稿件", "稿件编号", "篇", "篇号", "文档", "文档编号", "docid",
    "article", "articleid", "document", "documentid",
)  # fmt: skip
PARA = ("para", "段", "段号", "段落", "段落号", "段落编号", "段序", "paragraph", "paragraphid", "index")
SOURCE = ("source", "来源", "单位", "unit")
_USUAL = {"doc": DOC, "para": PARA, "title": TITLE, "labels": LABELS, "source": SOURCE}
_NO_COLUMN = "\0"  # no column is called so: the readers of articles leave all but the text where it stands
_AS_IT_STANDS = Reading(
    title_column=_NO_COLUMN,
    id_column=_NO_COLUMN,
    date_column=_NO_COLUMN,
    unit_column=_NO_COLUMN,
    raw_cells=True,
)
_YES_AND_NO = frozenset({"", "0", "1", "√", "✓", "✔", "×", "✗", "是", "否", "y", "n", "yes", "no"}) | {
    "true", "false", "1.0", "0.0", "x", "有", "无", "v",
}  # fmt: skip


class _Columns(NamedTuple):
    """Which column is what: our key -> its name; and label -> its column of ticks."""

    named: dict[str, str]
    ticks: dict[str, str]


def read(path: str, known: Known, tell: Tell) -> Records:
    """The rows of a table; labels in one column, or as columns of ticks (1/0, √, 是/否) named as the labels.

    Raises:
        CorpusError: a row that cannot be read, or no column with labels.
    """
    rows = list(_documents(path))
    told = dict.fromkeys(warning for row in rows for warning in row.warnings if _NO_COLUMN not in warning)
    for warning in told:
        tell(f"{path}{_(': ')}{warning}")
    cells = ({**row.extra, "text": row.text} for row in rows)
    if path.lower().removesuffix(".gz").endswith((".csv", ".tsv")):  # as civictag writes them
        cells = ({k: unguard(v) if isinstance(v, str) else v for k, v in row.items()} for row in cells)
    yield from _records(list(cells), [row.line for row in rows], path, known)


def _records(rows: Sequence[Mapping[str, Any]], lines: Sequence[int], path: str, known: Known) -> Records:
    """Rows with a ``text`` and further columns as records of the corpus format.

    Raises:
        CorpusError: no column with labels, or a tick that is neither yes nor no.
    """
    names = list(dict.fromkeys(name for row in rows for name in row if name != "text"))
    columns = _columns(rows, names, path, known)
    for line, row in zip(lines, rows, strict=True):
        yield line, _record(row, columns, path, line)


def renamed(row: Mapping[str, Any]) -> Record | None:
    """An object whose keys are called as columns are (正文, 标签 …) under our own; None without text."""
    text = one(row, TEXT)
    if text is None:
        return None
    named = {key: found for key, usual in _USUAL.items() if (found := one(row, usual))}
    ours = {"text": row[text], **{key: row[name] for key, name in named.items()}}
    return {**{key: value for key, value in row.items() if key not in {text, *named.values()}}, **ours}


def _documents(path: str) -> Iterable[Document]:
    from civictag.readers import read_documents

    try:
        for row in read_documents(path, _AS_IT_STANDS):
            if isinstance(row, InputError):
                raise row
            yield row
    except InputError as error:
        hint = error.hint and error.hint.replace("--text-column", "text")
        raise CorpusError(
            error.problem, where=error.where or path, line=error.line, field=error.field, hint=hint
        ) from None


def _columns(rows: Sequence[Mapping[str, Any]], names: list[str], path: str, known: Known) -> _Columns:
    named = {key: found for key, usual in _USUAL.items() if (found := one(names, usual))}
    if "labels" in named:
        return _Columns(named, {})
    rest = [name for name in names if name not in named.values()]
    ticks = _of_labels(rest, known) if known else {name: name for name in rest if _is_ticks(rows, name)}
    if not ticks:
        columns = ", ".join(("text", *names))
        raise CorpusError(
            _("has no column of labels; the columns are: {columns}", columns=columns),
            where=path,
            hint=_(
                "Call a column labels (标签), or give each label a column of 1 and 0 (or √) under its name"
                " or id"
            ),
        )
    return _Columns(named, ticks)


def _of_labels(names: Iterable[str], known: Known) -> dict[str, str]:
    """Label id -> the column that is called by its id or name, or ``label_<id>``."""
    ids = {
        plain(text): label.id
        for label in known or ()
        for text in (label.name_en, label.name, f"label_{label.id}", label.id)
        if text
    }
    return {ids[plain(name)]: name for name in names if plain(name) in ids}


def _is_ticks(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    cells = {plain(row.get(name)) for row in rows}
    return cells <= _YES_AND_NO and bool(cells - {""})


def _record(row: Mapping[str, Any], columns: _Columns, path: str, line: int) -> Record:
    taken = {*columns.named.values(), *columns.ticks.values()}
    found: Record = {key: value for key, value in row.items() if key not in taken and not _is_empty(value)}
    for key, name in columns.named.items():
        if key == "labels":
            found[key] = row.get(name) or ""
        elif not _is_empty(row.get(name)):
            found[key] = row[name] if key == "para" else _text(row[name])
    if columns.ticks:
        cells = {label: _text(row.get(name)).strip() for label, name in columns.ticks.items()}
        found["labels"] = [
            label for label, cell in cells.items() if is_yes(cell, path, line, columns.ticks[label])
        ]
    return found


def _is_empty(value: Any) -> bool:
    return value is None or value == ""


def _text(value: Any) -> str:
    """A cell as text: whole numbers without ``.0``, truths as 1 and 0, what is nested as JSON."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def one(names: Iterable[str], usual: tuple[str, ...]) -> str | None:
    """The column that has one of the usual names, whatever its case, width and blanks; the likelier first."""
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(plain(name), name)
    return next((known[name] for name in usual if name in known), None)


def plain(value: Any) -> str:
    """A name or cell without its case, width and blanks."""
    return "".join(unicodedata.normalize("NFKC", _text(value)).casefold().split())
