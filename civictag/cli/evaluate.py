"""``civictag evaluate``: score a model on labelled paragraphs."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import click

from civictag.cli.common.cues import tagged_by
from civictag.cli.common.emit import emit, format_of, note
from civictag.cli.common.options import (
    corpus_argument,
    force_option,
    format_option,
    model_option,
    output_option,
    resamples_option,
    seed_option,
)

if TYPE_CHECKING:
    from civictag.evaluation.evaluate import Explain
    from civictag.model.tagger import Tagger

_FORMATS = ["table", "json", "html"]


@click.command(
    short_help="Score a model on labelled paragraphs.",
    epilog="Example: civictag evaluate test.jsonl -f html -o report.html",
)
@corpus_argument
@model_option
@format_option(_FORMATS)
@output_option
@force_option
@resamples_option()
@seed_option("Seed of the resamples.")
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

    form = format_of(output, form, _FORMATS) or "table"
    with guarded([output], chain(tagged_by(model), corpus_files(corpus)), force=force):
        tagger = bundle.load(model)
        paragraphs = read_corpus(corpus, tagger.labels, note)
        report = evaluate(tagger, paragraphs, resamples=resamples, seed=seed, explain=_evidence(tagger))
        show = {"table": report_table, "json": report_json, "html": report_html}[form]
        emit(show(report), output)


def _evidence(tagger: Tagger) -> Explain:
    """What spoke for the labels that were given, to stand beside the confusions."""
    return lambda p: {tag.label: tag.evidence for tag in tagger.tag(p.text, p.title, explain=True)}
