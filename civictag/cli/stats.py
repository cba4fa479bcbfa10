"""``civictag stats``: how large a share of paragraphs carries each label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from civictag.cli.emit import emit, emit_bytes, force_option, format_of
from civictag.cli.reading_options import reading_of, reading_options
from civictag.cli.told import report

if TYPE_CHECKING:
    from civictag.errors import CivictagError
    from civictag.model.tagger import Tagger
    from civictag.prevalence.shares import ShareTable

_FORMATS = click.Choice(["table", "json", "png", "svg"])


@click.command(
    short_help="Shares of labels, by any column, with intervals.",
    epilog="Example: civictag stats articles.csv --by date:month -f png -o shares.png",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("-m", "--model", default="civic", show_default=True, help="A shipped name or a folder.")
@click.option("--by", help="A column of the tables, 'source' (the file), or dates as COLUMN:month.")
@click.option("-f", "--format", "form", type=_FORMATS, help="Default: by the suffix of OUTPUT, else table.")
@click.option("-o", "--output", type=click.Path(), help="Write to this file instead of standard output.")
@force_option
@click.option("--uncorrected", is_flag=True, help="Leave out the correction for the model's error rates.")
@reading_options
@click.pass_context
def command(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    model: str,
    by: str | None,
    form: str | None,
    output: str | None,
    force: bool,
    uncorrected: bool,
    **given: Any,
) -> None:
    """Tag articles and print which share of their body paragraphs carries each label.

    PATHS: files, folders, or - for standard input. The 95 % intervals count articles, not paragraphs;
    the corrected share allows for how often the model misses or invents a label.
    """
    from civictag.model import bundle
    from civictag.prevalence.estimators import rates_of
    from civictag.prevalence.shares import shares
    from civictag.readers import find_inputs
    from civictag.readers.articles import read_articles
    from civictag.readers.passed_over import look
    from civictag.util.outputs import guarded

    form = format_of(output, form, list(_FORMATS.choices)) or "table"
    with guarded([output], find_inputs(paths), force=force):
        found = look(paths)
        tagger = bundle.load(model)
        failures: list[CivictagError] = []
        articles = tagger.tag_articles(read_articles(paths, failures.append, reading_of(given)))
        rates = {} if uncorrected else rates_of(tagger.info.manifest)
        table = shares(articles, tagger.labels, by, rates)
        _write(table, tagger, form, output)
    context.exit(report(failures, found, table.total.articles))


def _write(table: ShareTable, tagger: Tagger, form: str, output: str | None) -> None:
    from civictag.prevalence.report_text import shares_json, shares_table

    if form in ("json", "table"):
        emit(shares_json(table) if form == "json" else shares_table(table), output)
        return
    from civictag.prevalence.chart import draw

    chart, warnings = draw(table, form, tagger.labels)
    for warning in warnings:
        click.echo(f"civictag: {warning}", err=True)
    emit_bytes(chart, output)
