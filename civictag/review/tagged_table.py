"""civictag's own tables read back as tagged articles: the ticks as they stand, never tagged again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from civictag.datamodel import Article, Label, NotCounted, Paragraph, Tag, Why
from civictag.readers.tables.raw_table import Sheet, read_sheets
from civictag.review.grouped_rows import OtherLabels, TaggedTable, grouped
from civictag.review.sheet_places import headings_of, label_ids, places, says_yes, value
from civictag.review.tagged_records import NEEDED, read_records
from civictag.util.dates import parse_date
from civictag.util.origin import REPORT_MONTH
from civictag.writers.reasons import told_reasons
from civictag.writers.rows import label_column, unguard
from civictag.writers.sheets.headings import HEADINGS, as_given, word

_OWN = frozenset({*NEEDED, "checked", "title", "unit", "date", "month", "id", "suggested", "reason"})
_SHEETS = ("paragraphs", "articles", "summary", "by_unit_and_month", "not_counted", "ids")


def open_tagged(path: str, labels: Sequence[Label]) -> TaggedTable | None:
    """The table as tagged articles; None where ``path`` is not an output of ``civictag tag``.

    Labels that a person changed in the table count as changed, and their paragraph as checked.

    Args:
        path: a workbook, CSV, JSON lines, JSON or Parquet.
        labels: the label set that it was made with.

    Raises:
        CivictagError: it is damaged, or was made with other labels.
    """
    low = path.lower()
    if not os.path.isfile(path):
        return None
    if low.endswith((".xlsx", ".csv", ".tsv")):
        return _from_sheets(path, labels)
    return read_records(path, labels) if low.endswith((".jsonl", ".json", ".parquet")) else None


def _from_sheets(path: str, labels: Sequence[Label]) -> TaggedTable | None:
    """The sheet of paragraphs of a workbook, or a CSV."""
    table = None
    own = {word(name, headings) for name in _SHEETS for headings in HEADINGS}
    for sheet in read_sheets(path):
        at = places(sheet.head, labels)
        if table is None and all(name in at for name in NEEDED) and "probabilities" not in at:
            _check_labels(path, sheet.head, at, labels)
            # People sort sheets, so a workbook's articles are put together again; a CSV may be too long.
            is_book = path.lower().endswith(".xlsx")
            rows = _Rows(path, sheet, at, labels, keep_months=is_book)
            articles = grouped(path, rows.read(), scattered=is_book)
            table = TaggedTable(list(articles) if is_book else articles)
            table.headings = headings_of(sheet.head, labels)
        elif table and sheet.name not in own:
            table.sheets.append(sheet.name)
        elif table and sheet.name == word("not_counted", table.headings):
            table.not_counted = tuple(_not_counted(sheet, table.headings))
        elif table and sheet.name == word("ids", table.headings):
            facts = dict([str(cell) for cell in row[1:3]] for row in sheet.rows if len(row) > 2)
            table.model = {id[6:]: value for id, value in facts.items() if id.startswith("model ")}
            if "report" in facts:
                table.articles = [_reported(article, rows.months) for article in table.articles]
        if table and not path.lower().endswith(".xlsx"):
            break
    return table


def _not_counted(sheet: Sheet, headings: str) -> Iterator[NotCounted]:
    known = {word(why, headings): why for why in get_args(Why)}
    for row in sheet.rows:
        cells = ("" if cell is None else str(cell).strip() for cell in [*row, *[None] * 5][:5])
        why, title, date, source, detail = cells
        if why in known:
            yield NotCounted(known[why], source, title, date, detail)


def _reported(article: Article, months: Mapping[str, str]) -> Article:
    """The article in the month in whose report it was counted, whatever its date."""
    month = months.get(article.source, "")
    return replace(article, extra={**article.extra, REPORT_MONTH: month}) if parse_date(month) else article


def _check_labels(path: str, head: Sequence[str], at: Mapping[str, int], labels: Sequence[Label]) -> None:
    """Every label has a column, and no other label has one."""
    lacking = [label.id for label in labels if label_column(label.id) not in at]
    # The user's own column may begin so too (p_id): a label has a column of its name besides.
    foreign = [name for name in head if _probability_of(name, head) and name not in at]
    if lacking or foreign:
        raise OtherLabels.named(lacking + foreign, path)


class _Rows:
    """The rows of a sheet or CSV as articles of one paragraph."""

    def __init__(
        self, path: str, sheet: Sheet, at: Mapping[str, int], labels: Sequence[Label], *, keep_months: bool
    ) -> None:
        self._path, self._sheet, self._at, self._labels = path, sheet, at, labels
        self._keep_months, self.months = keep_months, dict[str, str]()
        columns = {*map(label_column, (x.id for x in labels)), *(f"p_{x.id}" for x in labels)}
        taken = {place for id, place in at.items() if id in _OWN or id in columns}
        names = enumerate(as_given(sheet.head))
        self._extra = [
            (i, name) for i, name in names if name and i not in taken and not _ours(sheet.head[i], sheet.head)
        ]

    def read(self) -> Iterator[Article]:
        """Each row that is not empty."""
        for line, row in enumerate(self._sheet.rows, 2):
            if any(cell not in (None, "") for cell in row):
                yield self._article(row, line)

    def _article(self, row: list[Any], line: int) -> Article:
        def text_of(column: str) -> str:
            """A cell as it stood before it was guarded."""
            return unguard(value(row, self._at, column))

        extra = {name: _plain(row[i]) if i < len(row) else None for i, name in self._extra}
        if self._keep_months:
            self.months[text_of("source")] = text_of("month")
        unknown = {word("unknown", headings) for headings in HEADINGS}
        place = self._at.get("date", len(row))
        day = row[place] if place < len(row) else None
        known = parse_date(day) if not isinstance(day, str) else None
        return Article(
            text_of("source"),
            text_of("title"),
            "utf-8",
            "",
            (self._paragraph(row, line),),
            text_of("id") or None,
            extra,
            date=known.isoformat() if known else text_of("date"),
            unit="" if text_of("unit") in unknown else text_of("unit"),
        )

    def _paragraph(self, row: list[Any], line: int) -> Paragraph:
        at, where = self._at, (self._path, line)
        columns = [(label, label_column(label.id)) for label in self._labels]
        ticked = [x for x, name in columns if says_yes(self._sheet, row, at, name, where)]
        scores = {x.id: p for x in self._labels if (p := _fraction(value(row, at, f"p_{x.id}"))) is not None}
        before = label_ids(
            unguard(value(row, at, "suggested" if "suggested" in at else "tags")), self._labels
        )
        checked = says_yes(self._sheet, row, at, "checked", where)
        is_changed = {x.id for x in ticked} != set(before)
        text = unguard(value(row, at, "text"))
        reasons = self._reasons(row)
        tags = sorted((_tag(x, scores, reasons) for x in ticked), key=lambda tag: -tag.probability)
        return Paragraph(
            _whole(value(row, at, "index")),
            "body",
            _whole(value(row, at, "start")),
            _whole(value(row, at, "end")) or len(text),
            text,
            tags=tuple(tags),
            review=not checked and says_yes(self._sheet, row, at, "review", where),
            scores=scores or None,
            checked=checked or is_changed,
            suggested=before if checked or is_changed else None,
        )

    def _reasons(self, row: list[Any]) -> dict[str, str]:
        """Label id → why it was given, in the words of the table."""
        names = {name: x.id for x in self._labels for name in (x.name, x.name_en, x.id) if name}
        reasons = told_reasons(unguard(value(row, self._at, "reason")), names)
        cells = ((x.id, unguard(value(row, self._at, f"evidence_{x.id}"))) for x in self._labels)
        return reasons | {id: cell for id, cell in cells if cell}


def _tag(label: Label, scores: Mapping[str, float], reasons: Mapping[str, str]) -> Tag:
    return Tag(label.id, label.name, scores.get(label.id, 1.0), evidence_text=reasons.get(label.id, ""))


def _ours(name: str, head: Sequence[str]) -> bool:
    """Whether a heading is one of ours that articles do not carry."""
    evidence = name.startswith("evidence_") and label_column(name.removeprefix("evidence_")) in head
    return evidence or _probability_of(name, head) or name.endswith(("（依据）", "(evidence)"))


def _probability_of(name: str, head: Sequence[str]) -> bool:
    """Among our own columns only: people's 「p_note (probability)」 is of the label p_note, not of note."""
    return name.isidentifier() and name.startswith("p_") and label_column(name.removeprefix("p_")) in head


def _fraction(cell: str) -> float | None:
    try:
        return float(cell[:-1]) / 100 if cell.endswith("%") else float(cell)
    except ValueError:
        return None


def _whole(cell: str) -> int:
    return int(cell) if cell.isdecimal() else 0


def _plain(cell: Any) -> Any:
    return (
        unguard(cell) if isinstance(cell, str) else cell.isoformat() if hasattr(cell, "isoformat") else cell
    )
