"""Parquet: one row per body paragraph, typed, in row groups, so that it is written as the input is read."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from civictag.datamodel import Article, Evidence, Label, Paragraph, Tag
from civictag.errors import MissingExtra
from civictag.i18n import _
from civictag.util.atomic_file import Sink, write_errors
from civictag.version import __version__
from civictag.writers.as_json import finite
from civictag.writers.base import BY_CUES, ModelId, Options, Writer
from civictag.writers.rows import PROBABILITY, label_column, probability

# Large enough for columns to compress, small enough (about 10 MB of text) for flat memory.
ROW_GROUP = 8192
COMPRESSION = "zstd"


class ParquetWriter(Writer):
    """``-f parquet``; needs pyarrow, the extra ``parquet``.

    Columns: ``source``, ``id``, ``title``, ``date``, ``unit``, ``encoding``, ``index``, ``start``, ``end``,
    ``text``, ``review``, ``tags`` (list of label, name, probability and, with ``explain``, evidence), a truth
    value ``<label>`` and a double ``p_<label>`` per label, and ``extra``: the input's further columns as
    JSON text, since their types can change from row to row. The model stands in the file's metadata.
    """

    def __init__(self, sink: Sink, labels: Sequence[Label], model: ModelId, options: Options) -> None:
        super().__init__(sink)
        self._labels = [label.id for label in labels]
        self._explain = options.explain
        self._by_cues = {"model": BY_CUES} if options.cues_only else {}
        self._arrow, parquet = _pyarrow()
        self._schema = self._types().with_metadata(
            {"civictag.version": __version__, "civictag.model": json.dumps(dict(model))}
        )
        self._file = parquet.ParquetWriter(sink.file, self._schema, compression=COMPRESSION)
        self._rows: list[dict[str, Any]] = []

    def write(self, article: Article) -> None:
        """Append the article's body paragraphs."""
        common = {
            "source": _text(article.source),
            "id": None if article.id is None else _text(article.id),
            "title": _text(article.title),
            "date": article.date or None,
            "unit": _text(article.unit) or None,
            "encoding": article.encoding,
            "extra": _text(json.dumps(finite(article.extra), ensure_ascii=False, default=str)),
        }
        self._rows += [common | self._row(p) for p in article.paragraphs if p.kind == "body"]
        if len(self._rows) >= ROW_GROUP:
            self._flush()

    def finish(self) -> None:
        """Write the last rows and the footer; without rows the file still has its columns."""
        self._flush()
        with write_errors(self.sink.name):
            self._file.close()

    def release(self) -> None:
        """Close what a failure left open, or pyarrow would complain when it is collected."""
        with contextlib.suppress(Exception):
            self._file.close()

    def _flush(self) -> None:
        table = self._arrow.Table.from_pylist(self._rows, schema=self._schema)
        with write_errors(self.sink.name):
            self._file.write_table(table)
        self._rows = []

    def _row(self, paragraph: Paragraph) -> dict[str, Any]:
        tags = {tag.label: tag for tag in paragraph.tags}
        row: dict[str, Any] = {
            "index": paragraph.index,
            "start": paragraph.start,
            "end": paragraph.end,
            "text": _text(paragraph.text),
            "review": paragraph.review,
            "tags": [self._tag(tag) for tag in paragraph.tags],
        }
        for label in self._labels:
            row[label_column(label)] = label in tags
            row[PROBABILITY + label] = probability(label, tags, paragraph.scores)
        return row | self._by_cues

    def _tag(self, tag: Tag) -> dict[str, Any]:
        row: dict[str, Any] = {"label": tag.label, "name": tag.name, "probability": tag.probability}
        if self._explain:
            row["evidence"] = [_evidence(piece) for piece in tag.evidence]
        return row

    def _types(self) -> Any:
        pa = self._arrow
        text, place, real, truth = pa.string(), pa.int64(), pa.float64(), pa.bool_()
        tag = [("label", text), ("name", text), ("probability", real)]
        if self._explain:
            evidence = pa.struct([("text", text), ("start", place), ("end", place), ("weight", real)])
            tag.append(("evidence", pa.list_(evidence)))
        columns = [(name, text) for name in ("source", "id", "title", "date", "unit", "encoding")]
        columns += [
            ("index", pa.int32()),
            ("start", place),
            ("end", place),
            ("text", text),
            ("review", truth),
        ]
        columns += [("tags", pa.list_(pa.struct(tag)))]
        columns += [(label_column(label), truth) for label in self._labels]
        columns += [(PROBABILITY + label, real) for label in self._labels]
        return pa.schema([*columns, *((name, text) for name in self._by_cues), ("extra", text)])


def copy_groups(parts: Iterable[BinaryIO], sink: Sink) -> None:
    """Write the row groups of several files of one batch as one file, one after the other in memory.

    Args:
        parts: the files, open; at least one.
        sink: where the one file goes.

    Raises:
        CivictagError: the output cannot be written.
        MissingExtra: pyarrow is not installed.
    """
    _, parquet = _pyarrow()
    writer: Any = None
    with write_errors(sink.name):
        for part in parts:
            file = parquet.ParquetFile(part)
            if writer is None:
                writer = parquet.ParquetWriter(sink.file, file.schema_arrow, compression=COMPRESSION)
            for number in range(file.num_row_groups):
                writer.write_table(file.read_row_group(number))
        writer.close()


def _evidence(piece: Evidence) -> dict[str, Any]:
    return {"text": _text(piece.text), "start": piece.start, "end": piece.end, "weight": piece.weight}


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtra(_("writing .parquet"), "parquet") from error
    return pyarrow, pyarrow.parquet


def _text(text: str) -> str:
    r"""Arrow holds only valid UTF-8: a lone surrogate becomes ``\udc80``."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
