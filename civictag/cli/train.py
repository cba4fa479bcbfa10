"""``civictag train``: labelled paragraphs in, a model out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from civictag.i18n import _
from civictag.util.terminal import printable

if TYPE_CHECKING:
    from civictag.datamodel import Label, LabelledParagraph


@click.command(
    short_help="Train a model from labelled paragraphs.",
    epilog="Example: civictag train corpus/civic -l civic -o my-model",
)
@click.argument("corpus", nargs=-1, type=click.Path())
@click.option("-o", "--output", required=True, type=click.Path(), help="The model's folder.")
@click.option("-l", "--labels", default="civic", show_default=True, help="A shipped name or a .toml file.")
@click.option("--corrections", multiple=True, type=click.Path(), help="A corrected review list; repeatable.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the solver.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option("--cache", type=click.Path(), help="Keep the analysed corpus here for the next training.")
def command(
    corpus: tuple[str, ...],
    output: str,
    labels: str,
    corrections: tuple[str, ...],
    seed: int,
    jobs: int,
    cache: str | None,
) -> None:
    """Train a model from labelled paragraphs and print its out-of-fold scores.

    CORPUS: files of JSON lines {"doc", "para", "title", "text", "labels"}, or folders of them. With
    --corrections it may be left out: a shipped label set has the corpus of its name.
    """
    from civictag.labels.label_set import read_taxonomy
    from civictag.settings import TrainSettings
    from civictag.training.train import train
    from civictag.util.outputs import check_folder

    check_folder(output)
    corpus = corpus or _shipped_corpus(labels, corrections)
    known = read_taxonomy(labels).labels
    tagger = train(
        corpus,
        output,
        labels,
        corrections=_corrections(corrections, known),
        options=TrainSettings(seed=seed),
        jobs=jobs,
        cache=cache,
        progress=_progress,
    )
    figures = tagger.info.manifest["out_of_fold"]
    names = {label.id: label.name for label in tagger.labels}
    click.echo(f"{'out of fold':24}{'precision':>10}{'recall':>10}{'F1':>10}")
    for key, row in figures.items():
        numbers = "".join(f"{row[figure]:10.3f}" for figure in ("precision", "recall", "f1"))
        click.echo(f"{key:24}{numbers}  {names.get(key, '')}".rstrip())
    click.echo(f"written to {output}; sha256 {tagger.info.sha256}")


def _shipped_corpus(labels: str, corrections: tuple[str, ...]) -> tuple[str, ...]:
    """The corpus that comes with a label set, for those who only want to correct."""
    from civictag.util.resources import folder, names

    if not corrections or labels not in names("corpus"):
        raise click.UsageError(_("name a CORPUS: a file or folder of labelled paragraphs"))
    return (os.path.join(folder("corpus"), labels),)


def _corrections(paths: tuple[str, ...], labels: Sequence[Label]) -> list[LabelledParagraph]:
    """The corrected rows of all lists; says of each what was taken, changed and left."""
    from civictag.review.corrections import read_review

    rows: list[LabelledParagraph] = []
    for path in paths:
        found = read_review(path, labels)
        click.echo(f"civictag: {printable(path)}: {found.message()}", err=True)
        rows += found.rows
    return rows


def _progress(step: str) -> None:
    """Say which step begins."""
    click.echo(f"civictag: {step}", err=True)
