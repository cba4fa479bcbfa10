"""``civictag compare``: is one model better than another on labelled paragraphs."""

from __future__ import annotations

import click

from civictag.cli.common.emit import emit, force_option, format_of, note
from civictag.i18n import _

_FORMATS = click.Choice(["table", "json"])


@click.command(
    short_help="Compare two models on labelled paragraphs.",
    epilog="Example: civictag compare test.jsonl -m civic -m my-model",
)
@click.argument("corpus", nargs=-1, required=True, type=click.Path())
@click.option("-m", "--model", "models", multiple=True, required=True, help="Twice: A, then B.")
@click.option("-f", "--format", "form", type=_FORMATS, help="Default: by the suffix of OUTPUT, else table.")
@click.option("-o", "--output", type=click.Path(), help="Write to this file instead of standard output.")
@force_option
@click.option(
    "--resamples",
    type=click.IntRange(1),
    default=2000,
    show_default=True,
    help="Bootstrap resamples of whole articles.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the resamples.")
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
    form = format_of(output, form, list(_FORMATS.choices)) or "table"
    with guarded([output], corpus_files(corpus), force=force):
        a, b = (bundle.load(model) for model in models)
        paragraphs = read_corpus(corpus, a.labels, note)
        comparison = compare(a, b, paragraphs, resamples=resamples, seed=seed)
        show = {"table": comparison_table, "json": comparison_json}[form]
        emit(show(comparison), output)
