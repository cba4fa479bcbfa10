"""``civictag compare``: is one model better than another on labelled paragraphs."""

from __future__ import annotations

from itertools import chain

import click

from civictag.cli.common.cues import tagged_by
from civictag.cli.common.emit import emit, format_of, note
from civictag.cli.common.options import (
    corpus_argument,
    force_option,
    format_option,
    output_option,
    resamples_option,
    seed_option,
)
from civictag.i18n import _

_FORMATS = ["table", "json"]


@click.command(
    short_help="Compare two models on labelled paragraphs.",
    epilog="Example: civictag compare test.jsonl -m civic -m my-model",
)
@corpus_argument
@click.option("-m", "--model", "models", multiple=True, required=True, help="Twice: A, then B.")
@format_option(_FORMATS)
@output_option
@force_option
@resamples_option(1)
@seed_option("Seed of the resamples.")
def command(
    corpus: tuple[str, ...],
    models: tuple[str, ...],
    form: str | None,
    output: str | None,
    force: bool,
    resamples: int,
    seed: int,
) -> None:
    """Compare model B with model A: "better", "worse" or "cannot tell".

    CORPUS: labelled paragraphs (JSON lines, CSV, Excel, Parquet …), or folders of
    them. Both models are scored on the same draws of whole
    articles; the answer also says how many articles it would take to tell.
    """
    from civictag.corpus.files import corpus_files, read_corpus
    from civictag.evaluation.compare import compare
    from civictag.evaluation.report_text import comparison_json, comparison_table
    from civictag.model import bundle
    from civictag.util.outputs import guarded

    if len(models) != 2:
        raise click.UsageError(_("give two models: -m A -m B"))
    form = format_of(output, form, _FORMATS) or "table"
    with guarded([output], chain(tagged_by(*models), corpus_files(corpus)), force=force):
        a, b = (bundle.load(model) for model in models)
        paragraphs = read_corpus(corpus, a.labels, note)
        comparison = compare(a, b, paragraphs, resamples=resamples, seed=seed)
        show = {"table": comparison_table, "json": comparison_json}[form]
        emit(show(comparison), output)
