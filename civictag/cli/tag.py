"""``civictag tag``: articles in, tags out."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from civictag.cli.common import batches
from civictag.cli.common.batches import Jobs
from civictag.cli.common.cues import chosen, labels_option
from civictag.cli.common.emit import format_of, invite, note_not_learned
from civictag.cli.common.options import force_option, model_option, output_option, similarity_option
from civictag.cli.common.reading_options import mask_of, mask_options, reading_of, reading_options
from civictag.cli.common.reporter import Reporter

if TYPE_CHECKING:
    from civictag.batch.plain import Job
    from civictag.model.tagger import Tagger
    from civictag.review.selection import ReviewList
    from civictag.writers import Options

FORMATS = click.Choice(["json", "jsonl", "csv", "table", "html", "xlsx", "parquet"])


@click.command(
    short_help="Tag articles, paragraph by paragraph.",
    epilog="Example: civictag tag articles/ -f csv -o tags.csv",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@model_option
@labels_option("Tag without a model, by the cues of this label set (a .toml file) alone.")
@click.option(
    "-f",
    "--format",
    "form",
    type=FORMATS,
    help="Default: by the suffix of OUTPUT, else json, or table on a terminal.",
)
@output_option
@force_option
@click.option("--explain", is_flag=True, help="Give the evidence of every tag.")
@click.option("--all-scores", is_flag=True, help="Give the probability of every label.")
@click.option("--keep-furniture", is_flag=True, help="Give page furniture too, untagged.")
@mask_options
@click.option(
    "-j",
    "--jobs",
    type=Jobs(),
    help="Processes; auto: one per free processor. Default: one, several from 8 MiB of input.",
)
@click.option("--resume", is_flag=True, help="Go on where the same command was stopped (with -o).")
@click.option(
    "--cluster", metavar="ADDRESS", help="Dask scheduler (tcp://host:port) whose workers tag (with -o)."
)
@click.option("--mark-duplicates", is_flag=True, help="Name the first copy of every reprinted article.")
@similarity_option(0.8)
@click.option(
    "--review", type=click.Path(), help="List the paragraphs most worth a look in this .xlsx or .csv file."
)
@click.option(
    "--capacity",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help="Paragraphs in the review list, at most.",
)
@click.option(
    "--headings",
    type=click.Choice(["zh", "en", "ids"]),
    help="Headings of -f xlsx and csv. Default: your language in xlsx, the machine's ids in csv.",
)
@click.option("--title", default="", help="Heading of the report of -f html.")
@reading_options
@click.pass_context
def command(
    context: click.Context, /, paths: tuple[str, ...], model: str, form: str | None, **params: Any
) -> None:
    """Tag every body paragraph of articles with its initiatives.

    PATHS: files (.txt .html .docx .pdf .md: an article each; .jsonl .csv .tsv .xlsx .parquet: an
    article per row), folders, or - for standard input.
    """
    on_terminal = params["output"] is None and sys.stdout.isatty()
    form = format_of(params["output"], form, list(FORMATS.choices)) or ("table" if on_terminal else "json")
    batches.check_usage(paths, form, params)
    invite(paths)
    with batches.guard(paths, model, params), chosen(model, params["labels"]) as folder:
        code = _tag(paths, folder, form, params)
    context.exit(code)


def _tag(paths: tuple[str, ...], model: str, form: str, params: dict[str, Any]) -> int:
    """Do it; the exit code."""
    from civictag.readers.passed_over import look

    tagger, job = _job(model, form, params)
    doubtful = _review_list(tagger, params["capacity"]) if params["review"] else None
    note_not_learned(tagger.info)
    found = look(paths)
    if form in ("csv", "xlsx"):
        job = _with_further(job, paths)
    total = batches.total_bytes(paths, 1 + params["mark_duplicates"])
    with closing(Reporter(total, doubtful.add if doubtful else None)) as reporter:
        batches.run(job, tagger, paths, params, reporter)
    if doubtful is not None:
        _write_review(doubtful, tagger, params["review"], params["headings"])
    return reporter.conclude(found)


def _with_further(job: Job, paths: tuple[str, ...]) -> Job:
    """The job with the further columns of all tables, whose header is written before they are read."""
    from civictag.readers.further import further_columns

    return job._replace(options=job.options._replace(further=further_columns(paths, job.reading)))


def _job(model: str, form: str, params: dict[str, Any]) -> tuple[Tagger, Job]:
    from civictag.batch.plain import Job
    from civictag.model.bundle import find, load
    from civictag.writers import WITH_SCORES

    folder = find(model)
    tagger = load(folder)
    return tagger, Job(
        model=folder,
        sha256=tagger.info.sha256,
        form=form,
        reading=reading_of(params),
        options=_options(form, params),
        scores=params["all_scores"] or form in WITH_SCORES or params["review"] is not None,
        marks=params["similarity"] if params["mark_duplicates"] else None,
        keep=params["review"] is not None,
        mask=mask_of(params),
    )


def _options(form: str, params: dict[str, Any]) -> Options:
    from civictag.util.terminal import shows_colors
    from civictag.writers import Options

    on_terminal = params["output"] is None and sys.stdout.isatty()
    return Options(
        explain=params["explain"],
        all_scores=params["all_scores"],
        keep_furniture=params["keep_furniture"],
        indent=2 if on_terminal else None,
        width=_width() if form == "table" else Options().width,
        color=on_terminal and shows_colors(),
        headings=params["headings"],
        title=params["title"],
        cues_only=params["labels"] is not None,
    )


def _width() -> int:
    from shutil import get_terminal_size  # brings every packer of files along

    return max(20, get_terminal_size().columns)


def _review_list(tagger: Tagger, capacity: int) -> ReviewList:
    from civictag.review.selection import ReviewList

    thresholds = {label.id: c.threshold for label, c in zip(tagger.labels, tagger.calibrations, strict=True)}
    return ReviewList(thresholds, capacity)


def _write_review(doubtful: ReviewList, tagger: Tagger, path: str, headings: str | None) -> None:
    from datetime import date

    from civictag.review.review_sheet import explained, write_review

    write_review(
        explained(doubtful.chosen(), tagger),
        path,
        labels=tagger.labels,
        model=tagger.info.as_dict(),
        date=date.today().isoformat(),
        form="xlsx" if path.lower().endswith(".xlsx") else "csv",
        headings=headings,
    )
