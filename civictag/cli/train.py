"""``civictag train``: labelled paragraphs in, a model out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from civictag.cli.common.emit import step_begins
from civictag.cli.common.options import InputPath, force_option, jobs_option, seed_option
from civictag.i18n import _
from civictag.util.terminal import printable, table

if TYPE_CHECKING:
    from civictag.datamodel import Label, LabelledParagraph
    from civictag.model.tagger import Tagger
    from civictag.settings import TrainSettings


@click.command(
    short_help="Train a model from labelled paragraphs.",
    epilog="Example: civictag train corpus/civic -l civic -o my-model",
)
@click.argument("corpus", nargs=-1, type=InputPath())
@click.option("-o", "--output", required=True, type=click.Path(), help="The model's folder.")
@click.option("-l", "--labels", default="civic", show_default=True, help="A shipped name or a .toml file.")
@click.option("--corrections", multiple=True, type=InputPath(), help="A corrected review list; repeatable.")
@click.option("--own", multiple=True, type=InputPath(), help="Your own text beside CORPUS; repeatable.")
@click.option("--oof", type=click.Path(), help="Out-of-fold probabilities of all paragraphs, as CSV.")
@click.option(
    "--slack",
    type=click.FloatRange(0, 0.1),
    default=0.005,
    show_default=True,
    help="F1 out of fold that a lower threshold may cost: more where the text to tag is rougher than CORPUS.",
)
@click.option(
    "--temperature",
    type=click.FloatRange(1, 3),
    default=1.0,
    show_default=True,
    help="Makes probabilities less sure (logits are divided by it): for text unlike CORPUS.",
)
@click.option("--clauses", is_flag=True, help="Score clauses instead of sentences: for long paragraphs.")
@seed_option("Seed of the solver.")
@jobs_option
@click.option("--cache", type=click.Path(), help="Keep the analysed corpus here for the next training.")
@force_option
def command(
    corpus: tuple[str, ...], output: str, labels: str, corrections: tuple[str, ...], own: tuple[str, ...],
    oof: str | None, slack: float, temperature: float, clauses: bool, seed: int, jobs: int,
    cache: str | None, force: bool,
) -> None:  # fmt: skip
    """Train a model from labelled paragraphs and print its out-of-fold scores.

    CORPUS: labelled paragraphs (JSON lines, CSV, Excel, Parquet, JSON; doccano, Label Studio, fastText), or
    folders of them. With --corrections or --own it may be left out: a shipped label set has the corpus
    of its name.
    """
    from civictag.corpus.files import corpus_files
    from civictag.labels.label_set import read_taxonomy
    from civictag.training.train import train
    from civictag.util.outputs import guarded
    from civictag.util.unfinished import claimed

    _check_folders(output, cache)
    shipped = "" if corpus else labels
    corpus = corpus or _shipped_corpus(labels, (*corrections, *own))
    chosen = {"threshold_slack": slack, "temperature": temperature, "clauses": clauses, "seed": seed}
    known = read_taxonomy(labels).labels
    inputs = [labels, *corpus_files([*corpus, *own, *corrections])]
    with claimed([output]), guarded([oof] if oof else [], inputs, force=force):
        tagger = train(
            corpus,
            output,
            labels,
            corrections=_corrections(corrections, known),
            own=own,
            oof=oof,
            options=_settings(shipped, chosen),
            jobs=jobs,
            cache=cache,
            progress=step_begins,
        )
    _show(tagger)
    click.echo(_("written to {output}; sha256 {sha256}", output=output, sha256=tagger.info.sha256))


_OPTIONS = {"threshold_slack": "slack", "temperature": "temperature", "clauses": "clauses"}


def _settings(shipped: str, chosen: dict[str, Any]) -> TrainSettings:
    """The settings; of a shipped corpus those that nobody gave are the shipped model's.

    Else whoever corrects ten paragraphs would get a model of sentences, cut for written text: two points of
    F1 below the shipped one on real articles.
    """
    from click.core import ParameterSource

    from civictag.model.bundle import load
    from civictag.settings import TrainSettings
    from civictag.util.resources import names

    if shipped in names("models"):
        made = load(shipped).info.manifest["training"]
        source = click.get_current_context().get_parameter_source
        taken = {key: made[key] for key, name in _OPTIONS.items() if source(name) is ParameterSource.DEFAULT}
        shown = ", ".join(f"{_OPTIONS[key]} {value}" for key, value in taken.items())
        if taken:
            message = _("as in the model {name}: {settings}", name=shipped, settings=shown)
            click.echo(f"civictag: {message}", err=True)
        chosen = chosen | taken
    return TrainSettings(**chosen)


def _check_folders(output: str, cache: str | None) -> None:
    """Before the work: can a model be put in place, and counts be kept?"""
    from civictag.util.outputs import check_folder

    check_folder(output)
    if cache:
        check_folder(cache, inside=True)


def _show(tagger: Tagger) -> None:
    """The figures of each label, out of fold; of one that was not learned, that it was not."""

    figures = tagger.info.manifest["out_of_fold"]
    names = {label.id: label.name for label in tagger.labels}
    averages = {"micro": _("micro"), "macro": _("macro")}
    rows = [[_("out of fold"), _("precision"), _("recall"), "F1", ""]]
    for key in (*names, *(average for average in averages if average in figures)):
        row = figures.get(key)
        figured = ("precision", "recall", "f1")
        shown = [f"{row[name]:.3f}" for name in figured] if row else ["", "", _("not learned")]
        rows.append([averages.get(key, key), *shown, printable(names.get(key, ""))])
    click.echo(table(rows, left=(0, 4)))
    if "f1_low" in figures["micro"]:
        low, high = (f"{figures['micro'][end]:.3f}" for end in ("f1_low", "f1_high"))
        message = _(
            "micro-F1 on half as many new articles like these: between {low} and {high} (95 %)",
            low=low, high=high,
        )  # fmt: skip
        click.echo(message)


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
        click.echo(f"civictag: {printable(path)}{_(': ')}{found.message()}", err=True)
        rows += found.rows
    return rows
