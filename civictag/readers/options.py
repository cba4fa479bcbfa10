"""How inputs are to be read: what the user said about columns, encoding and format."""

from __future__ import annotations

from typing import NamedTuple

from civictag.readers.limits import ARTICLE_BYTES


class Reading(NamedTuple):
    """How inputs are to be read; the same for every input of a run.

    Attributes:
        text_column: the column of a table that holds the text; None to find it by its usual names.
        encoding: what the user says the files are in; None to find out. ``name:replace`` accepts damage.
        title_column, id_column, date_column, unit_column: as ``text_column``.
        input_format: of standard input and files without a known suffix: txt, html, md, json, jsonl, csv
            or tsv; None to tell it by the beginning.
        fix_text: mend text that was read in a wrong encoding before it was saved.
        raw_cells: give the cells of tables as they stand, without resolving markup and written-out breaks:
            a corpus says 「¶」 or 「<br>」 where it means it.
        limit: the most bytes that one article, or one row of a text table, may have.
    """

    text_column: str | None = None
    encoding: str | None = None
    title_column: str | None = None
    id_column: str | None = None
    date_column: str | None = None
    unit_column: str | None = None
    limit: int = ARTICLE_BYTES
    input_format: str | None = None
    fix_text: bool = False
    raw_cells: bool = False
