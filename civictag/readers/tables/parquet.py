"""Parquet → rows (extra ``parquet``), in parts."""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Iterator, Sequence
from typing import Any

from civictag.datamodel import Document
from civictag.errors import InputError, MissingExtra
from civictag.i18n import _
from civictag.readers.files import shown
from civictag.readers.options import Reading
from civictag.readers.passed_over import refuse_pipe
from civictag.readers.tables.columns import choose
from civictag.readers.tables.row_to_document import Table, missing_column, row_document
from civictag.readers.tables.unpacked import bounded_rows

_BATCH = 512  # rows held at once: 512 articles of a page are 2 MiB


def read_parquet(
    path: str, reading: Reading, groups: Sequence[int] | None = None, number: int = 0
) -> Iterator[Document | InputError]:
    """The rows of a Parquet file, in batches.

    ``groups`` are the row groups to read, None for all; ``number`` is how many rows stand before them.

    Raises:
        InputError: no Parquet file, damaged, or without the text column.
        MissingExtra: pyarrow is not installed.
    """
    _arrow, parquet = _pyarrow(path)
    table = Table(shown(path), "utf-8", reading, is_told=number > 0)
    try:
        with parquet.ParquetFile(path) as file:
            names = file.schema_arrow.names
            if choose(names, reading).text not in names:
                raise missing_column(table, dict.fromkeys(names))
            _refuse_huge_rows(table, file.metadata, groups)
            yield from bounded_rows(_parquet_rows(table, file, groups, number), path)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # ArrowException, OSError, and whatever a damaged value leads Python to
        raise _no_parquet(path, error) from error


def _refuse_huge_rows(table: Table, footer: Any, groups: Sequence[int] | None) -> None:
    """A cell of 400 MB takes 3 GB to unpack: rows that are so large in the mean are refused before.

    Raises:
        InputError: names the file and the row group.
    """
    for at in range(footer.num_row_groups) if groups is None else groups:
        group = footer.row_group(at)
        if group.total_byte_size > table.reading.limit * max(1, group.num_rows):
            problem = _(
                "rows of more than {limit} bytes in row group {group}", limit=table.reading.limit, group=at
            )
            raise InputError(problem, where=table.source)


def group_sizes(path: str) -> list[tuple[int, int]]:
    """Rows, and bytes when unpacked, of each row group, from the file's footer.

    Raises:
        InputError: no Parquet file, or damaged.
        MissingExtra: pyarrow is not installed.
    """
    pyarrow, parquet = _pyarrow(path)
    refuse_pipe(path)
    try:
        footer = parquet.read_metadata(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise _no_parquet(path, error) from error
    groups = map(footer.row_group, range(footer.num_row_groups))
    return [(group.num_rows, group.total_byte_size) for group in groups]


def _pyarrow(path: str) -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtra(_("Reading .parquet"), "parquet", where=shown(path)) from error
    return pyarrow, pyarrow.parquet


def _no_parquet(path: str, error: Exception) -> InputError:
    return InputError(
        _("not a Parquet file that can be read: {error}", error=_first_line(error)), where=shown(path)
    )


def _parquet_rows(
    table: Table, file: Any, groups: Sequence[int] | None, number: int
) -> Iterator[Document | InputError]:
    for batch in file.iter_batches(batch_size=_BATCH, row_groups=groups):
        for row in _values(batch, table.reading.limit):
            number += 1
            if isinstance(row, InputError):
                yield InputError(row.problem, where=table.source, line=number)
            elif isinstance(row, Exception):
                problem = _("a value cannot be read: {reason}", reason=_first_line(row))
                yield InputError(problem, where=table.source, line=number)
            else:
                yield row_document(table, {k: _plain(v) for k, v in row.items()}, number, number)


def _values(batch: Any, limit: int) -> Iterator[dict[str, Any] | Exception]:
    """The rows of a batch; where a value is damaged (no UTF-8, the year 9999999), the fault of its row."""
    long = _long_rows(batch, limit)
    try:
        if not long:
            yield from batch.to_pylist()
            return
    except MemoryError:
        raise
    except Exception:  # UnicodeDecodeError, OverflowError, an unknown time zone …
        pass
    for at in range(batch.num_rows):
        if at in long:
            yield InputError(_("longer than {limit} bytes, the most that is read as one row", limit=limit))
            continue
        try:
            yield batch.slice(at, 1).to_pylist()[0]
        except Exception as error:
            yield error


def _long_rows(batch: Any, limit: int) -> set[int]:
    """Rows with a cell of more than ``limit`` bytes: as Python's text it would take five times that."""
    if batch.nbytes <= limit:
        return set()
    from pyarrow import compute, types

    found: set[int] = set()
    for column in batch.columns:
        if any(is_kind(column.type) for is_kind in _texts(types)):
            lengths = compute.binary_length(column)
            found.update(compute.indices_nonzero(compute.greater(lengths, limit)).to_pylist())
    return found


def _texts(types: Any) -> tuple[Any, ...]:
    return types.is_string, types.is_large_string, types.is_binary, types.is_large_binary


def _plain(value: object) -> object:
    """What JSON and CSV can hold as it is; dates in ISO form, decimals as they are written."""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | datetime.timedelta):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None  # pandas writes what is missing so, and JSON has no word for it
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
