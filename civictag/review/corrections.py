"""Corrections that come back: a review list, or the sheet of paragraphs of a workbook, as people save it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from civictag.datamodel import Label, LabelledParagraph
from civictag.errors import CorpusError
from civictag.i18n import _, language, ngettext
from civictag.readers.tables.raw_table import Sheet, read_sheets
from civictag.review.sheet_places import headings_of, label_ids, places, says_yes, value
from civictag.writers.rows import label_column, unguard
from civictag.writers.sheets.headings import label_word, word


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person said.

    Attributes:
        rows: the paragraphs that count as checked, with their labels. ``extra`` has the provenance:
            ``model``, ``date``, ``original_labels``, ``note``.
        changed: how many of them have other labels than were suggested.
        left: rows that nobody looked at; they count for nothing.
    """

    rows: list[LabelledParagraph] = field(default_factory=list)
    changed: int = 0
    left: int = 0

    def message(self) -> str:
        """What was taken, changed and left, in a sentence."""
        return ngettext(
            "{count} paragraph counts as checked, {changed} with other labels than were suggested; "
            "{left} that nobody looked at are left out",
            "{count} paragraphs count as checked, {changed} of them with other labels than were suggested; "
            "{left} that nobody looked at are left out",
            len(self.rows), changed=self.changed, left=self.left,
        )  # fmt: skip


def read_corrections(path: str, labels: Sequence[Label]) -> list[LabelledParagraph]:
    """The rows of ``read_review`` alone; see there."""
    return read_review(path, labels).rows


def read_review(path: str, labels: Sequence[Label]) -> Corrections:
    """Read a corrected list: XLSX, or CSV in any encoding with comma, semicolon or tab.

    A row counts when its column *checked* (核对, ``use``) says yes, or when it was left empty and the
    labels are not those suggested: who changes a tick has looked. Other rows count for nothing.

    Raises:
        InputError: the file cannot be read.
        CorpusError: a column is missing, a cell of a label is neither yes nor no, or no row counts.
    """
    missing: CorpusError | None = None
    for sheet in read_sheets(path):
        at = places(sheet.head, labels)
        error = _lacks(path, at, labels, headings_of(sheet.head, labels) if at else language())
        if error is None:
            return _read(path, sheet, at, labels)
        missing = missing or error
    raise missing or _lacks(path, {}, labels, language()) or CorpusError(_("is empty"), where=path)


def _lacks(path: str, at: Mapping[str, int], labels: Sequence[Label], headings: str) -> CorpusError | None:
    """The error for a table that lacks a column."""
    names = {label_column(label.id): label_word(label, headings) for label in labels}
    checked = "use" if headings == "ids" else word("checked", headings)
    for id, name in {"text": word("text", headings), **names, "checked": checked}.items():
        if id not in at:
            return CorpusError(
                _('the column "{name}" is missing', name=name),
                where=path, line=1,
                hint=_(
                    "Give a list that tag --review wrote, or a workbook, with its headings; where it has"
                    " other labels, name their model with -m or their label set with -l"
                ),
            )  # fmt: skip
    return None


def _read(path: str, sheet: Sheet, at: Mapping[str, int], labels: Sequence[Label]) -> Corrections:
    rows: list[LabelledParagraph] = []
    changed = left = 0
    is_machine = sheet.head[at["checked"]] == "checked"
    for line, row in enumerate(sheet.rows, 2):
        if not any(cell not in (None, "") for cell in row):
            continue
        where = path, line
        columns = [(label.id, label_column(label.id)) for label in labels]
        ticked = tuple(id for id, name in columns if says_yes(sheet, row, at, name, where))
        before = suggested(row, at, labels)
        is_changed = set(ticked) != set(before)
        # In the machine's CSV nobody has looked at a row that says 0.
        is_unmarked = value(row, at, "checked") in (("", "0") if is_machine else ("",))
        if says_yes(sheet, row, at, "checked", where) or (is_unmarked and is_changed):
            found = _corrected(row, at, path, line)
            extra = {**found.extra, "original_labels": list(before)}
            rows.append(replace(found, labels=ticked, extra=extra))
            changed += is_changed
        else:
            left += 1
    if not rows:
        raise CorpusError(
            _("has no corrected rows"), where=path,
            hint=_("Rows with √ or 1 in the column 核对 (Checked) count, and those whose ticks were changed"),
        )  # fmt: skip
    return Corrections(rows, changed, left)


def suggested(row: Sequence[Any], at: Mapping[str, int], labels: Sequence[Label]) -> tuple[str, ...]:
    """What the model had given the row."""
    column = "suggested" if "suggested" in at else "tags"
    return label_ids(unguard(value(row, at, column)), labels)


def _corrected(row: Sequence[Any], at: Mapping[str, int], path: str, line: int) -> LabelledParagraph:
    """The row with its provenance, without what it says of labels."""
    text = unguard(value(row, at, "text"))
    if not text:
        raise CorpusError(_("is empty"), where=path, line=line, field="text")
    index = value(row, at, "index")
    provenance: dict[str, object] = {
        "id": unguard(value(row, at, "id")),
        "model": unguard(value(row, at, "model")),
        "date": value(row, at, "made") or value(row, at, "date"),
        "note": unguard(value(row, at, "note")),
    }
    provenance = {key: value_of for key, value_of in provenance.items() if value_of}
    return LabelledParagraph(
        doc=unguard(value(row, at, "source")) or _("row {line}", line=line),
        para=int(index) if index.isdecimal() else line,
        text=text,
        labels=(),
        title=unguard(value(row, at, "title")),
        source="corrections",
        extra=provenance,
        file=os.path.splitext(os.path.basename(path))[0],
    )
