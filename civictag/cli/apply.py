"""``civictag apply``: a corrected review list put into the workbook that is filed."""

from __future__ import annotations

import os
from contextlib import nullcontext
from itertools import chain
from typing import TYPE_CHECKING

import click

from civictag.cli.common.cues import chosen, labels_option, tagged_by
from civictag.cli.common.emit import SUFFIXES
from civictag.cli.common.options import DEFAULT_MODEL, InputPath, force_option
from civictag.cli.common.reading_options import mask_of, mask_options
from civictag.errors import CivictagError
from civictag.i18n import _, listed
from civictag.util.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from civictag.datamodel import Article
    from civictag.model.tagger import Tagger
    from civictag.review.grouped_rows import TaggedTable


@click.command(
    short_help="Put corrections into a workbook or report.",
    epilog="Example: civictag apply review.xlsx --to tags.xlsx",
)
@click.argument("review", nargs=-1, required=True, type=InputPath())
@click.option(
    "--to", "table", required=True, type=InputPath(), help="The table of tags: .xlsx, .csv, .jsonl …"
)
@click.option("-m", "--model", default=DEFAULT_MODEL, show_default=True, help="The model that made it.")
@labels_option("The label set (a .toml file) of a table that tag -l made, by cues alone.")
@click.option(
    "-o", "--output", "outputs", multiple=True, type=click.Path(),
    help="Write here instead, in the format of the suffix (.xlsx .html .csv …); repeatable.",
)  # fmt: skip
@click.option("--headings", type=click.Choice(["zh", "en", "ids"]), help="Headings of .xlsx and .csv.")
@mask_options
@force_option
def command(
    review: tuple[str, ...],
    table: str,
    model: str,
    labels: str | None,
    outputs: tuple[str, ...],
    headings: str | None,
    force: bool,
    **options: bool,
) -> None:
    """Put the corrections of review lists into a table of tags.

    REVIEW: lists that tag --review wrote and a person corrected. Without -o the table itself is written
    anew, and what it was is kept beside it. Corrected paragraphs count as corrected and are marked as
    checked, in the workbook, in its sums, in a report (-o report.html) and for stats.
    """
    from civictag.util.atomic_file import probe
    from civictag.util.outputs import guarded
    from civictag.util.unfinished import claimed, held

    if not outputs:
        probe(table)
    # Without -o the table is what is written: it is held from the first look to the last byte.
    held_too = nullcontext() if outputs else held(table)
    with (
        guarded(outputs, chain([*review, table], tagged_by(model, labels=labels)), force=force),
        claimed([] if outputs else [table]),
        held_too,
        chosen(model, labels, probabilities=False) as folder,
    ):
        _apply(review, table, folder, outputs, headings, mask_of(options))


def _apply(
    review: tuple[str, ...],
    table: str,
    model: str,
    outputs: tuple[str, ...],
    headings: str | None,
    mask: tuple[str, ...],
) -> None:
    from civictag.model import bundle
    from civictag.review.apply import Corrector
    from civictag.review.corrections import read_review
    from civictag.review.tagged_table import open_tagged

    tagger = bundle.load(model)
    found = open_tagged(table, tagger.labels)
    if found is None:
        problem = _("is no table that civictag tag wrote")
        raise CivictagError(
            problem, where=table, hint=_("Give the .xlsx, .csv, .jsonl or .parquet of tag -o")
        )
    lists = [read_review(path, tagger.labels) for path in review]
    for path, corrections in zip(review, lists, strict=True):
        _say(f"{path}{_(': ')}{corrections.message()}")
    corrector = Corrector([row for corrections in lists for row in corrections.rows], tagger.labels)
    articles = _masked(corrector.correct(found.articles), mask)
    for output in outputs:
        _write(articles, found, tagger, output, headings)
    if not outputs:
        _replace(articles, found, tagger, table, headings)
    _say(corrector.applied.message())


def _masked(articles: Iterable[Article], mask: tuple[str, ...]) -> list[Article]:
    if not mask:
        return list(articles)
    from civictag.text.mask import mask_article

    return [mask_article(article, mask) for article in articles]


def _replace(
    articles: Sequence[Article], found: TaggedTable, tagger: Tagger, table: str, headings: str | None
) -> None:
    """Write the table anew and keep what it was."""
    from civictag.util.atomic_file import deliver
    from civictag.util.outputs import remembered

    kept = _free_name(table)
    with open(table, "rb") as file:
        deliver(file.read(), kept)
    with remembered([table]):
        _write(articles, found, tagger, table, headings)
    _say(_("the table as it was is kept: {path}", path=kept))
    if found.sheets:
        _say(_("sheets that are not civictag's are only there: {names}", names=listed(found.sheets)))


def _write(
    articles: Sequence[Article], found: TaggedTable, tagger: Tagger, output: str, headings: str | None
) -> None:
    from civictag.review.written_again import write_again
    from civictag.writers import FORMATS

    form = SUFFIXES.get(os.path.splitext(output)[1].lower(), "")
    if form not in FORMATS:
        raise click.UsageError(_("{output}: known formats: {known}", output=output, known=listed(FORMATS)))
    model = found.model or tagger.info.as_dict()
    for warning in write_again(articles, found, tagger.labels, model, form, output, headings):
        _say(warning)


def _free_name(path: str) -> str:
    stem, suffix = os.path.splitext(path)
    names = (f"{stem}.before{number}{suffix}" for number in range(1, 1000))
    return next(name for name in names if not os.path.exists(name))


def _say(message: str) -> None:
    click.echo(f"civictag: {printable(message)}", err=True)
