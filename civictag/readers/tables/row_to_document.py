"""A row of a table → Document: one rule for every table format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from civictag.datamodel import Document, FileNote
from civictag.errors import InputError, out_of_memory
from civictag.i18n import _, ngettext
from civictag.readers.options import Reading
from civictag.readers.tables.cell_text import cell_text
from civictag.readers.tables.columns import Columns, choose, shown_names
from civictag.readers.tables.damage import damage
from civictag.util.dates import is_ambiguous, read_date


@dataclass(slots=True)
class Table:
    """What all rows of one table share.

    Attributes:
        source: the table's name.
        encoding: what it was decoded from.
        reading: what the user said about columns.
        warnings: what was guessed about the table; said with its first row that can be read.
        year: of dates in it that name none (from the file's or sheet's name); None leaves them undated.
        is_told: that was said already.
    """

    source: str
    encoding: str
    reading: Reading
    warnings: tuple[str, ...] = ()
    year: int | None = None
    is_told: bool = False
    _names: tuple[str, ...] = ()
    _columns: Columns | None = None

    def columns_of(self, row: Mapping[str, object]) -> Columns:
        """Those of a row: rows of JSON lines each bring their own header, mostly that of the row before."""
        names = tuple(row)
        if self._columns is None or names != self._names:
            self._names, self._columns = names, _chosen(names, self.reading)
        return self._columns


_chosen = lru_cache(maxsize=256)(choose)  # rows that lack a column in turn have two headers


def row_document(table: Table, row: Mapping[str, object], number: int, line: int) -> Document | InputError:
    """The Document of one row, or the InputError that says what is wrong with it.

    Args:
        table: the table it comes from.
        row: column name → value; ``None`` is an empty cell.
        number: 1-based row number; names the row when it has no id.
        line: 1-based line of the file, for the error.
    """
    try:
        return _row_document(table, row, number, line)
    except MemoryError:
        return out_of_memory(table.source, line)


def _row_document(table: Table, row: Mapping[str, object], number: int, line: int) -> Document | InputError:
    columns = table.columns_of(row)
    if columns.text is None or columns.text not in row:
        return missing_column(table, row, line)
    text = row[columns.text]
    if text is not None and not isinstance(text, str):
        return InputError(
            _("expected text, found {kind}", kind=kind_of(text)),
            where=table.source,
            line=line,
            field=columns.text,
        )
    if text and len(text) > table.reading.limit // 4 and _bytes(text) > table.reading.limit:
        problem = _("longer than {limit} bytes, the most that is read as one row", limit=table.reading.limit)
        return InputError(problem, where=table.source, line=line, field=columns.text)
    broken, lost = damage(row)
    if broken:
        return _half(table, broken, line)
    if text is not None and len(text) <= len(columns.text) + 1 and _is_header(row):
        return _header_again(table, line)
    return _document(table, columns, row, text or "", (number, line), lost)


def _half(table: Table, code: str, line: int) -> InputError:
    return InputError(
        _("half a character ({code}) that stands for nothing", code=code),
        where=table.source,
        line=line,
        hint=_(
            "The program that wrote the row cut a character in two, or its bytes are not {encoding}; "
            "write the row again",
            encoding=table.encoding,
        ),
    )


def _is_header(row: Mapping[str, object]) -> bool:
    return all(isinstance(v, str) and v.lstrip("\ufeff").strip() == name for name, v in row.items())


def _header_again(table: Table, line: int) -> InputError:
    return InputError(
        _("the header stands here again; it is no article"),
        where=table.source,
        line=line,
        hint=_("Take the line out: it comes from putting files one behind the other"),
    )


def missing_column(table: Table, row: Mapping[str, object], line: int | None = None) -> InputError:
    """The error for a table without the text column: names the columns that it has."""
    return InputError(
        _(
            'no column "{column}"; the columns are: {columns}',
            column=table.reading.text_column or "text",
            columns=shown_names(row),
        ),
        where=table.source,
        line=line,
        hint=_("Name the one that holds the text with --text-column"),
    )


def _document(
    table: Table,
    columns: Columns,
    row: Mapping[str, object],
    text: str,
    place: tuple[int, int],
    lost: dict[str, int],
) -> Document:
    number, line = place
    text_name, title_name, id_name, date_name, unit_name = columns
    row_id = _text(row.get(id_name)) if id_name else ""
    unit = _text(row.get(unit_name)) if unit_name else ""
    date, doubt = _date(table, row.get(date_name)) if date_name else ("", "")
    title = _text(row.get(title_name)) if title_name else ""
    nuls = text.count("\0") if "\0" in text else 0
    if nuls:
        text = text.replace("\0", "")
    shown = text if table.reading.raw_cells else cell_text(text)
    heading = _line(title) if title else ""
    is_clean = shown is text and text and not (nuls or lost or text.isspace())
    warnings = () if is_clean else _warnings(text, shown, nuls)
    if lost or "\ufffd" in heading:
        warnings += _lost(columns, lost, heading)
    if not table.is_told:
        table.is_told = True
        warnings = (
            *map(FileNote, (*table.warnings, *filter(None, [columns.note(table.reading.raw_cells)]))),
            *warnings,
        )
    own = (text_name, title_name, id_name)  # these do not stay among the further columns
    # Fields in their order: names would cost a row as much as splitting it does.
    return Document(
        f"{table.source}#{row_id or number}", shown, table.encoding, heading, row_id or None,
        {k: v for k, v in row.items() if k not in own}, True,
        (*warnings, doubt) if doubt else warnings,
        date, unit, "column" if date else "", "column" if unit else "", line,
    )  # fmt: skip


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _date(table: Table, value: object) -> tuple[str, str]:
    """The date in ISO form, and what has to be said about it."""
    if value is None or not str(value).strip():
        return "", ""
    day = read_date(value, year=table.year, serials=True)
    if day:
        return day.iso(), ""
    short = str(value)[:40]
    if is_ambiguous(value):
        return "", _('the date "{date}" may be day or month first: it is not used', date=short)
    return "", _('the date "{date}" is not understood: it is not used', date=short)


def _line(title: str) -> str:
    shown = cell_text(title)
    return shown.replace("\0", "").replace("\n", " ") if "\0" in shown or "\n" in shown else shown


def _warnings(text: str, shown: str, nuls: int) -> tuple[str, ...]:
    """What has to be said about a cell and the text that was made of it."""
    if not shown or shown.isspace():
        return (_("the row has no text"),)
    warnings = () if shown == text else (_("markup and written-out line breaks in the text were resolved"),)
    if nuls:
        left = ngettext("{count} NUL character is left out", "{count} NUL characters are left out", nuls)
        warnings = (left, *warnings)
    if "\ufffd" in shown:
        lost = shown.count("\ufffd")
        note = ngettext("{count} character is lost (U+FFFD)", "{count} characters are lost (U+FFFD)", lost)
        return (note, *warnings)
    return warnings


def _lost(columns: Columns, lost: dict[str, int], title: str) -> tuple[str, ...]:
    """A word about each other column in which characters are lost."""
    if columns.title and "\ufffd" in title:  # in place of 「&#0;」 too
        lost[columns.title] = title.count("\ufffd")
    if not lost:
        return ()
    return tuple(
        ngettext(
            "{count} character is lost in “{name}” (U+FFFD)",
            "{count} characters are lost in “{name}” (U+FFFD)",
            count,
            name=name,
        )
        for name, count in lost.items()
        if name != columns.text
    )


def kind_of(value: object) -> str:
    """What a value is, in words that are not Python's."""
    if isinstance(value, bool):
        return _("true or false")
    if isinstance(value, (int, float)):
        return _("a number")
    return _("a list") if isinstance(value, list) else _("an object")
