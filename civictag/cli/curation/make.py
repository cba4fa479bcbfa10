"""``civictag corpus split``, ``merge`` and ``convert``: other corpora out of a corpus."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from civictag.cli.common.emit import emit, emit_bytes, note
from civictag.cli.common.options import corpus_argument, force_option, seed_option
from civictag.cli.curation.common import labels_option, read, read_files, shown
from civictag.i18n import _, label_name, listed, ngettext

if TYPE_CHECKING:
    from civictag.datamodel import LabelledParagraph

_FORMATS = ("jsonl", "csv", "tsv", "xlsx", "parquet", "json", "doccano", "label-studio", "fasttext")
_form = click.option(
    "-f", "--format", "form", type=click.Choice(_FORMATS), help="Default: by OUTPUT's suffix."
)
_output = click.option(
    "-o", "--output", required=True, type=click.Path(), help="The file to write; - for standard output."
)


@click.command(
    short_help="Write a corpus in another format.",
    epilog="Example: civictag corpus convert doccano.jsonl -l my-labels.toml -o my-corpus.xlsx",
)
@corpus_argument
@labels_option
@_form
@_output
@force_option
def convert(corpus: tuple[str, ...], labels: str | None, form: str | None, output: str, force: bool) -> None:
    """Read labelled paragraphs in any format and write them in another.

    CORPUS: labelled paragraphs, or folders of them. With a label set, labels come out as its ids.
    """
    _write(corpus, labels, form, output, force)


@click.command(
    short_help="Put several corpora into one.",
    epilog="Example: civictag corpus merge 2023.xlsx 2024.csv -l my-labels.toml -o all.jsonl",
)
@corpus_argument
@labels_option
@_form
@_output
@force_option
def merge(corpus: tuple[str, ...], labels: str | None, form: str | None, output: str, force: bool) -> None:
    """Put corpora into one file; rows that stand in several are kept once.

    CORPUS: labelled paragraphs, or folders of them. Articles keep their file's name before their own.
    Rows with the same text and different labels are all kept and counted: 'corpus check' shows them.
    """
    _write(corpus, labels, form, output, force, merging=True)


def _write(
    corpus: Sequence[str],
    labels: str | None,
    form: str | None,
    output: str,
    force: bool,
    merging: bool = False,
) -> None:
    from civictag.corpus.export import export
    from civictag.util.outputs import guarded

    chosen = form_of(form, output)
    with guarded([output], read_files(corpus, labels), force=force):
        rows = read(corpus, labels)[0]
        rows = _merged(rows) if merging else rows
        emit_bytes(export(rows, chosen), output)
        if chosen == "fasttext":
            note(
                _("fastText's format holds text and labels alone; articles, titles and the rest are left out")
            )


def form_of(form: str | None, output: str) -> str:
    """The format of a corpus: ``form``, or what the suffix of ``output`` says.

    Raises:
        click.UsageError: it says none.
    """
    from civictag.corpus.export import SUFFIXES

    found = form or SUFFIXES.get(os.path.splitext(output)[1].lower())
    if found is None:
        raise click.UsageError(_("say with -f which format to write: {known}", known=listed(_FORMATS)))
    return found


def _merged(rows: Sequence[LabelledParagraph]) -> list[LabelledParagraph]:
    several = len({row.file for row in rows}) > 1
    kept: dict[tuple[str, str, frozenset[str]], LabelledParagraph] = {}
    for row in rows:
        kept.setdefault((row.doc, row.text, frozenset(row.labels)), row)
    if len(kept) < len(rows):
        note(
            ngettext(
                "{count} row that stands there already is left out",
                "{count} rows that stand there already are left out",
                len(rows) - len(kept),
            )
        )
    differ = len(kept) - len({(doc, text) for doc, text, _labels in kept})
    if differ:
        note(
            ngettext(
                "{count} row has the same text as another of the article and other labels",
                "{count} rows have the same text as another of the article and other labels",
                differ,
            )
        )
    return [replace(row, doc=row.group) if several else row for row in kept.values()]


@click.command(
    short_help="Cut a corpus in two, articles and reprints whole.",
    epilog="Example: civictag corpus split my-corpus.xlsx -o train.jsonl --test test.jsonl",
)
@corpus_argument
@labels_option
@click.option("-o", "--output", required=True, type=click.Path(), help="The part to learn from.")
@click.option("--test", required=True, type=click.Path(), help="The part to test with.")
@click.option(
    "--share",
    type=click.FloatRange(0.02, 0.9),
    default=0.2,
    show_default=True,
    help="Share of the paragraphs that goes into the test part.",
)
@seed_option("Seed of the draw.")
@click.option("--json", "as_json", is_flag=True, help="Say what was done as JSON.")
@force_option
def split(
    corpus: tuple[str, ...], labels: str | None, output: str, test: str, share: float, seed: int,
    as_json: bool, force: bool,
) -> None:  # fmt: skip
    """Cut a corpus into a training and a test part with alike shares of labels.

    CORPUS: labelled paragraphs, or folders of them. No article and no cluster of reprints is cut. Also says
    what a split by single paragraphs would have claimed.
    """
    import json

    from civictag.corpus.export import export
    from civictag.curation.splitting import split
    from civictag.util.outputs import guarded
    from civictag.util.terminal import table

    forms = form_of(None, output), form_of(None, test)
    with guarded([output, test], read_files(corpus, labels), force=force):
        rows, known = read(corpus, labels)
        found = split(rows, known.ids, share, seed)
        for target, form, part in zip((output, test), forms, (found.train, found.test), strict=True):
            emit_bytes(export([rows[at] for at in part.tolist()], form), target)
    if as_json:
        data = {"train": len(found.train), "test": len(found.test), "groups": found.groups,
                "shares": found.shares, "naive_f1": found.naive_f1, "f1": found.f1}  # fmt: skip
        emit(json.dumps(data, ensure_ascii=False, indent=1) + "\n", None)
        return
    names = {label.id: label_name(label) for label in known.labels}
    lines = [["", _("to learn from"), _("to test with")]]
    lines.append([_("file"), output, test])
    lines.append([_("paragraphs"), str(len(found.train)), str(len(found.test))])
    lines += [[names[x], f"{a:.1%}", f"{b:.1%}"] for x, (a, b) in found.shares.items()]
    click.echo(table(lines))
    if found.f1 is not None:
        click.echo(
            _("a textbook classifier gets micro-F1 {f1} on whole articles; cut by single paragraphs it would"
              " have claimed {naive}", f1=shown(found.f1), naive=shown(found.naive_f1))
        )  # fmt: skip
