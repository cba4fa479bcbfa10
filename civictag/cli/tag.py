"""``civictag tag``: articles in, tags out."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from civictag.cli import printable, report

if TYPE_CHECKING:
    from civictag.errors import CivictagError
    from civictag.records import Article
    from civictag.tagger import Tagger
    from civictag.writers import Options

FORMATS = click.Choice(["json", "jsonl", "csv", "table", "html", "xlsx", "parquet"])


@click.command(
    short_help="Tag articles, paragraph by paragraph.",
    epilog="Example: civictag tag articles/ -f csv -o tags.csv",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("-m", "--model", default="civic", show_default=True, help="A shipped name or a folder.")
@click.option("-f", "--format", "form", type=FORMATS, help="Default: json, or table on a terminal.")
@click.option("-o", "--output", type=click.Path(), help="Write to this file instead of standard output.")
@click.option("--explain", is_flag=True, help="Give the evidence of every tag.")
@click.option("--all-scores", is_flag=True, help="Give the probability of every label.")
@click.option("--keep-furniture", is_flag=True, help="Give page furniture too, untagged.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option("--review", type=click.Path(), help="List the paragraphs most worth a look in this CSV file.")
@click.option("--capacity", type=click.IntRange(1), default=50, show_default=True, help="How many of them.")
@click.option("--text-column", default="text", show_default=True, help="The column with the article.")
@click.option("--encoding", help="Encoding of the inputs, where the guess is wrong.")
@click.pass_context
def command(
    context: click.Context, /, paths: tuple[str, ...], model: str, form: str | None, **given: Any
) -> None:
    """Tag every body paragraph of articles with its initiatives.

    PATHS: files (.txt .html .docx .pdf .md: an article each; .jsonl .csv .tsv .xlsx .parquet: an
    article a row), folders, or - for standard input.
    """
    from civictag import bundle
    from civictag.articles import read_articles
    from civictag.writers import WITH_SCORES, open_writer

    output = given["output"]
    form = form or ("table" if output is None and sys.stdout.isatty() else "json")
    tagger = bundle.load(model)
    failures: list[CivictagError] = []
    done = 0
    articles = read_articles(
        paths, failures.append, text_column=given["text_column"], encoding=given["encoding"]
    )
    target = sys.stdout.buffer if output in (None, "-") else output
    with open_writer(
        form, target, labels=tagger.labels, model=tagger.info.as_dict(), options=_options(given)
    ) as writer:
        scores = given["all_scores"] or form in WITH_SCORES or given["review"] is not None
        tagged = tagger.tag_articles(_announced(articles), explain=given["explain"], all_scores=scores)
        for article in _reviewed(tagged, tagger, given["review"], given["capacity"]):
            writer.write(article)
            done += 1
    for warning in writer.warnings:
        click.echo(f"civictag: {warning}", err=True)
    report(failures, context, done)


def _options(given: dict[str, Any]) -> Options:
    from civictag.writers import Options

    return Options(
        explain=given["explain"],
        all_scores=given["all_scores"],
        keep_furniture=given["keep_furniture"],
        indent=2 if given["output"] is None and sys.stdout.isatty() else None,
        width=max(20, shutil.get_terminal_size().columns),
        color=given["output"] is None and sys.stdout.isatty(),
    )


def _reviewed(
    articles: Iterator[Article], tagger: Tagger, path: str | None, capacity: int
) -> Iterator[Article]:
    """Pass articles on, and write those paragraphs to ``path`` that a person should look at first."""
    if path is None:
        yield from articles
        return
    from datetime import date

    from civictag.review import ReviewList, write_review

    thresholds = {label.id: c.threshold for label, c in zip(tagger.labels, tagger.calibrations, strict=True)}
    doubtful = ReviewList(thresholds, capacity)
    for article in articles:
        doubtful.add(article)
        yield article
    today = date.today().isoformat()
    write_review(doubtful.chosen(), path, labels=tagger.labels, model=tagger.info.as_dict(), date=today)


def _announced(articles: Iterator[Article]) -> Iterator[Article]:
    """Pass articles on, telling standard error what their readers had to guess."""
    for article in articles:
        for warning in article.warnings:
            click.echo(f"civictag: {printable(f'{article.source}: {warning}')}", err=True)
        yield article
