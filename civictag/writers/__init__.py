"""Tagged articles → JSON, tables, spreadsheets, a report. Each format is one module, loaded on use."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import BinaryIO

from civictag.datamodel import Label
from civictag.errors import CivictagError
from civictag.i18n import _, listed
from civictag.util.atomic_file import open_sink
from civictag.writers.base import ModelId, Options, Writer

__all__ = ["FORMATS", "WITH_SCORES", "ModelId", "Options", "Writer", "open_writer"]

# Format → (module, class): xlsxwriter and pyarrow cost more than tagging an article, so nothing
# is imported before it is asked for.
_WRITERS = {
    "json": ("as_json", "JsonWriter"),
    "jsonl": ("as_json", "JsonLinesWriter"),
    "csv": ("as_csv", "CsvWriter"),
    "table": ("as_table", "TableWriter"),
    "html": ("as_html", "HtmlWriter"),
    "xlsx": ("as_xlsx", "XlsxWriter"),
    "parquet": ("as_parquet", "ParquetWriter"),
}

FORMATS = tuple(_WRITERS)
"""The names that ``open_writer`` knows."""

WITH_SCORES = frozenset({"csv", "xlsx", "parquet"})
"""Formats with a column for every label's probability: tag with ``all_scores``, or most stay empty."""


def open_writer(
    format: str,
    target: BinaryIO | str | os.PathLike[str],
    *,
    labels: Sequence[Label],
    model: ModelId,
    options: Options | None = None,
) -> Writer:
    """A writer of one format to a path (atomic: whole or not at all) or an open binary stream.

    Args:
        format: one of ``FORMATS``.
        target: a path, or a stream such as ``sys.stdout.buffer``, which is not closed.
        labels: the label set of the model, in its order.
        model: ``name``, ``version``, ``sha256``.
        options: what to put in; None for the defaults.

    Raises:
        CivictagError: no such format, or the target cannot be written.
        MissingExtra: the format's library is not installed.
    """
    if format not in _WRITERS:
        raise CivictagError(
            _('there is no format "{format}"', format=format),
            hint=_("Choose one of {formats}", formats=listed(FORMATS)),
        )
    module, name = _WRITERS[format]
    writer = getattr(import_module(f"civictag.writers.{module}"), name)
    sink = open_sink(target)
    try:
        made: Writer = writer(sink, labels, model, options or Options())
    except BaseException:
        sink.abort()
        raise
    return made
