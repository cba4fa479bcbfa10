"""``civictag evaluate``: score a model on labelled paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from civictag.cli.common.emit import emit, force_option, format_of, note

if TYPE_CHECKING:
    from civictag.evaluation.evaluate import Explain
    from civictag.model.tagger import Tagger

_FORMATS = click.Choice(["table", "json", "html"])


@click.command(
    short_help="Score a model on labelled paragraphs.",
    epilog="Example: civictag evaluate test.jsonl -f html -o report.html",
)
@click.argument("corpus", nargs=-1, required=True, type=click.Path())
@click.option("-m", "--model", default="civic", show_default=True, help="A shipped name or a folder.")
@click.option("-f", "--format", "form", type=_FORMATS, help="Default: by the suffix of OUTPUT, else table.")
@click.option("-o", "--output", type=click.Path(), help="Write to this file instead of standard output.")
@force_option
@click.option(
    "--resamples",
    type=click.IntRange(0),
    default=2000,
    show_default=True,
    help="Bootstrap resamples; 0 leaves the intervals out.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the resamples.")
def command(
    corpus: tuple[str, ...],
    model: str,
    form: str | None,
    output: str | None,
    force: bool,
    resamples: int,
    seed: int,
) -> None:
    """Score a model on labelled paragraphs, every figure with a 95 % interval.

    CORPUS: labelled paragraphs (JSON lines, CSV, Excel, Parquet …), or folders of
    them. The intervals come from resampling whole articles.
    Paragraphs without label are scored like a label; several sources are scored apart as well. The html
    is one file with curves, a reliability diagram and the confusions worth reading.
    """
    from civictag.corpus.files import corpus_files, read_corpus
    from civictag.evaluation.evaluate import evaluate
    from civictag.evaluation.report_html import report_html
    from civictag.evaluation.report_text import report_json, report_table
    from civictag.model import bundle
    from civictag.util.outputs import guarded

    form = format_of(output, form, list(_FORMATS.choices)) or "table"
    with guarded([output], corpus_files(corpus), force=force):
        tagger = bundle.load(model)
        paragraphs = read_corpus(corpus, tagger.labels, note)
        report = evaluate(tagger, paragraphs, resamples=resamples, seed=seed, explain=_evidence(tagger))
        show = {"table": report_table, "json": report_json, "html": report_html}[form]
        emit(show(report), output)


def _evidence(tagger: Tagger) -> Explain:
    """What spoke for the labels that were given, to stand beside the confusions."""
    return lambda p: {tag.label: tag.evidence for tag in tagger.tag(p.text, p.title, explain=True)}
