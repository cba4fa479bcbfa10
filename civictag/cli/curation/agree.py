"""``civictag corpus agreement``: how far people agree who labelled the same paragraphs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from civictag.cli.common.options import corpus_argument, resamples_option, seed_option
from civictag.cli.curation.common import (
    Report,
    answer,
    answer_options,
    beginning,
    labels_option,
    read,
    shown,
    with_range,
)
from civictag.i18n import _, label_name, ngettext, size

if TYPE_CHECKING:
    from civictag.curation.coders import Agreement
    from civictag.labels.label_set import Taxonomy


@click.command(
    short_help="How far several people agree.",
    epilog="Example: civictag corpus agreement wang.xlsx li.xlsx -l my-labels.toml -f html -o agreement.html",
)
@corpus_argument
@labels_option
@resamples_option()
@seed_option("Seed of the resamples.")
@answer_options
def agreement(corpus: tuple[str, ...], labels: str | None, resamples: int, seed: int, **options: Any) -> None:
    """Compare the labels that two or more people gave the same paragraphs.

    CORPUS: one file per person. Cohen's kappa and F1 are means over pairs of people, the interval of F1
    is over articles; Krippendorff's alpha is nominal. Paragraphs with different labels stand side by side.
    """
    if len(corpus) < 2:
        raise click.UsageError(_("give one file per person, at least two"))
    if len(set(corpus)) < len(corpus):
        raise click.UsageError(_("the same file is given twice: give one file per person"))

    def _made() -> Report:
        import os

        from civictag.curation.coders import agreement

        found = [(os.path.splitext(os.path.basename(path))[0], *read([path], labels)) for path in corpus]
        names = [name if sum(n == name for n, *_rest in found) == 1 else path
                 for (name, *_rest), path in zip(found, corpus, strict=True)]  # fmt: skip
        known: dict[str, str] = {}
        taxonomy: Taxonomy
        for _name, _rows, taxonomy in found:
            known |= {label.id: label_name(label) for label in taxonomy.labels}
        coders = {name: rows for name, (_n, rows, _t) in zip(names, found, strict=True)}
        return _agreement(agreement(coders, list(known), resamples=resamples, seed=seed), known)

    answer(_made, corpus, labels=labels, **options)


def _agreement(found: Agreement, names: dict[str, str]) -> Report:
    lines = [[_("label"), *found.coders, "kappa", "alpha", "F1"]]
    for x in found.labels:
        figures = [shown(x.kappa), shown(x.alpha), with_range(x.f1)]
        lines.append([names.get(x.label) or _("micro"), *(str(x.given[c]) for c in found.coders), *figures])
    disputed = [[_("where"), *found.coders, _("text")]]
    data, cases = [], []
    for row, said in found.disputed:
        where = _("{article} paragraph {number}", article=row.doc, number=row.para)  # in each one's file
        answers = {c: "、".join(names[x] for x in labels) or "–" for c, labels in said.items()}
        disputed.append([where, *answers.values(), beginning(row.text)])
        cases.append((row.text, where, " | ".join(f"{c}{_(': ')}{labels}" for c, labels in answers.items())))
        data.append(
            {
                "doc": row.doc,
                "para": row.para,
                "text": row.text,
                "labels": {c: list(v) for c, v in said.items()},
            }
        )
    notes = [
        _("labelled by all: {size}; identically: {same}",
          size=size(found.paragraphs, found.articles), same=found.identical),
        *(ngettext("{coder}: {count} paragraph that not all others labelled is left out",
                   "{coder}: {count} paragraphs that not all others labelled are left out", n, coder=c)
          for c, n in found.alone.items() if n),
        *(ngettext("{coder}: {count} row is of a paragraph that stands there again: the last row counts",
                   "{coder}: {count} rows are of paragraphs that stand there again: the last row counts",
                   n, coder=c) for c, n in found.twice.items() if n),
        *_without_alpha(),
    ]  # fmt: skip
    return Report(
        {**asdict(found), "disputed": data}, [("", lines), (_("different labels"), disputed)], notes,
        _("Agreement"), cases,
    )  # fmt: skip


def _without_alpha() -> list[str]:
    """A sentence on how alpha is had, where its library is not installed."""
    from civictag.errors import MissingExtra
    from civictag.evaluation.agreement import krippendorff_alpha

    try:
        krippendorff_alpha([[0, 1], [0, 1]])
    except MissingExtra as error:
        return [_("without alpha: {reason}", reason=error)]
    return []
