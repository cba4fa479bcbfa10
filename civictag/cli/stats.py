"""``civictag stats``: how large a share of paragraphs carries each label."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from civictag.cli.common.cues import chosen, labels_option, tagged_by
from civictag.cli.common.emit import emit, emit_bytes, format_of, invite, note
from civictag.cli.common.messages import report
from civictag.cli.common.options import (
    InputPath,
    force_option,
    format_option,
    model_option,
    output_option,
    similarity_option,
)
from civictag.cli.common.reading_options import mask_of, mask_options, reading_of, reading_options
from civictag.cli.common.tagged_inputs import TaggedInputs
from civictag.i18n import _, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from civictag.errors import CivictagError
    from civictag.model.tagger import Tagger
    from civictag.prevalence.estimators import Rates
    from civictag.prevalence.shares import ShareTable

_FORMATS = ["table", "json", "csv", "xlsx", "png", "svg"]


@click.command(
    short_help="Shares of labels, by one or two columns.",
    epilog="Example: civictag stats articles/ --by unit --by date:month -o shares.xlsx",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@model_option
@labels_option("Count by the cues of this label set alone, or a table that tag -l made with it.")
@click.option(
    "--by", multiple=True,
    help="unit, folder, source (the file), date:month (day, week, quarter, year), a column; twice at most.",
)  # fmt: skip
@format_option(_FORMATS)
@output_option
@force_option
@click.option("--intervals", is_flag=True, help="Give 95 % intervals, which count articles, not paragraphs.")
@click.option(
    "--rates", type=InputPath(),
    help="Correct the shares by the error rates of this evaluate -f json of your own labelled text.",
)  # fmt: skip
@click.option("--no-duplicates", is_flag=True, help="Count a reprinted article once.")
@similarity_option(0.8)
@click.option("--headings", type=click.Choice(["zh", "en", "ids"]), help="Headings of -f xlsx and csv.")
@mask_options
@reading_options
@click.pass_context
def command(
    context: click.Context, /, paths: tuple[str, ...], model: str, form: str | None, **params: Any
) -> None:
    """Tag articles and print which share of their body paragraphs carries each label.

    PATHS: files, folders, or - for standard input. A table that tag wrote is counted as it stands,
    with the ticks that a person changed, and not tagged again.
    """
    from civictag.model import bundle
    from civictag.prevalence.estimators import rates_from, unlearned
    from civictag.prevalence.shares import shares
    from civictag.readers import find_inputs
    from civictag.readers.passed_over import look
    from civictag.util.outputs import guarded

    if len(params["by"]) > 2:
        raise click.UsageError(_("--by may be given twice at most"))
    form = format_of(params["output"], form, _FORMATS) or "table"
    invite(paths)
    rates, rated = rates_from(params["rates"]) if params["rates"] else ({}, "")
    articles = find_inputs((params["rates"], *paths) if params["rates"] else paths)
    read = chain(tagged_by(model, labels=params["labels"]), articles)
    with guarded([params["output"]], read, force=params["force"]), chosen(model, params["labels"]) as folder:
        found = look(paths)
        tagger = bundle.load(folder)
        if params["rates"]:
            _check_rates(params["rates"], rates, rated, tagger)
        failures: list[CivictagError] = []
        copies = params["similarity"] if params["no_duplicates"] else None
        inputs = TaggedInputs(
            tagger, failures.append, reading_of(params), copies=copies, mask=mask_of(params)
        )
        table = shares(
            inputs.read(paths), tagger.labels, params["by"], rates,
            unlearned=unlearned(tagger.info), always_given=tagger.info.always_given,
        )  # fmt: skip
        _write(table, tagger, form, params)
        inputs.say()
    context.exit(report(failures, found, inputs.articles))


def _check_rates(path: str, rates: Mapping[str, Rates], rated: str, tagger: Tagger) -> None:
    """Say what of the error rates does not fit the model."""
    if rated != tagger.info.sha256:
        note(
            _(
                "{path} is of another model ({rated}…, not {sha256}…): its error rates may not be this one's",
                path=path,
                rated=rated[:12],
                sha256=tagger.info.sha256[:12],
            )
        )
    lacking = [
        label.id
        for label in tagger.labels
        if label.id not in rates or not rates[label.id].tp + rates[label.id].fn
    ]
    if lacking:
        note(
            _(
                "{path} holds no paragraph of {labels}: their shares are not corrected",
                path=path,
                labels=listed(lacking),
            )
        )


def _write(table: ShareTable, tagger: Tagger, form: str, params: dict[str, Any]) -> None:
    from civictag.prevalence.report_text import shares_json, shares_table

    output, headings = params["output"], params["headings"]
    if form in ("json", "table"):
        text = shares_table(table, tagger.labels, intervals=params["intervals"])
        emit(shares_json(table) if form == "json" else text, output)
    elif form in ("csv", "xlsx"):
        from civictag.prevalence.share_sheets import shares_csv, shares_workbook

        if form == "csv":
            data = shares_csv(table, tagger.labels, headings)
        else:
            data = shares_workbook(table, tagger.labels, headings, intervals=params["intervals"])
        emit_bytes(data, output)
    else:
        from civictag.prevalence.chart import draw

        chart, warnings = draw(table, form, tagger.labels, intervals=params["intervals"])
        for warning in warnings:
            click.echo(f"civictag: {warning}", err=True)
        emit_bytes(chart, output)
