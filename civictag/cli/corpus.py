"""``civictag corpus``: the workbench around labelled paragraphs."""

from __future__ import annotations

import click

from civictag.cli.curation.agree import agreement
from civictag.cli.curation.judge import audit, curve
from civictag.cli.curation.look import check, stats
from civictag.cli.curation.make import convert, merge, split


@click.group(
    short_help="Check, count, split, audit, compare and convert corpora.",
    epilog="Example: civictag corpus check my-corpus.xlsx -l my-labels.toml",
)
def command() -> None:
    """Check, count, split, audit, compare, merge and convert labelled paragraphs.

    All verbs read JSON lines, CSV, TSV, Excel, Parquet, JSON, and exports of doccano, Label Studio and
    fastText.
    """


for verb in (check, stats, split, audit, agreement, merge, convert, curve):
    command.add_command(verb)
