"""``civictag corpus check`` and ``stats``: what is wrong with a corpus, and what is in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from civictag.cli.common.options import InputPath, corpus_argument
from civictag.cli.curation.common import (
    Report,
    answer,
    answer_options,
    beginning,
    labels_option,
    read,
)
from civictag.i18n import _, label_name, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from civictag.curation.checking import Finding
    from civictag.text.shingles import Sketches

_SHOWN = 3  # places of one finding in the table
_TEXT = 16  # characters of a paragraph in it


@click.command(
    short_help="What should be mended before learning or measuring.",
    epilog="Example: civictag corpus check my-corpus.xlsx -l my-labels.toml",
)
@corpus_argument
@labels_option
@click.option(
    "--train", "train", multiple=True, type=InputPath(),
    help="A training corpus: say what CORPUS, a test set, shares with it; repeatable.",
)  # fmt: skip
@click.option("--model", help="A model: say what CORPUS, a test set, shares with what it learned from.")
@answer_options
@click.pass_context
def check(
    context: click.Context,
    /,
    corpus: tuple[str, ...],
    labels: str | None,
    train: tuple[str, ...],
    model: str | None,
    **options: Any,
) -> None:
    """Find labels with too few examples or in every row, copies, contradictions, rows twice.

    CORPUS: labelled paragraphs, or folders of them. Ends with 1 when something was found.
    """
    found = 0

    def _made() -> Report:
        nonlocal found
        from civictag.curation.checking import check

        rows, known = read(corpus, labels)
        against = read(train, labels)[0] if train else ()
        findings = check(rows, known.ids, against, _remembered(model))
        found = len(findings)
        names = {label.id: label_name(label) for label in known.labels}
        return Report([asdict(x) for x in findings], _tables(findings, names), title=_("Check of the corpus"))

    answer(_made, (*corpus, *train), labels=labels, **options)
    context.exit(1 if found else 0)


def _tables(findings: Sequence[Finding], names: Mapping[str, str]) -> list[tuple[str, list[list[str]]]]:
    """The kinds with their counts and what to do; then each kind one by one."""
    from civictag.curation.checking import KINDS

    counts = Counter(finding.kind for finding in findings)
    summary = [[_("trouble"), _("count"), _("what to do")]]
    summary += [[_(KINDS[kind][0]), str(n), _(KINDS[kind][1])] for kind, n in counts.items()]
    return [("", summary), *((_(KINDS[kind][0]), _lines(kind, findings, names)) for kind in counts)]


def _lines(kind: str, findings: Sequence[Finding], names: Mapping[str, str]) -> list[list[str]]:
    """The findings of a kind: labels; or texts and names, and where they stand."""
    found = [x for x in findings if x.kind == kind]
    if not any(x.places for x in found):
        return [[_("label"), _("count")], *([names.get(x.what, x.what), str(x.count)] for x in found)]
    heads = [_("count"), _("text") if found[0].labels else _("what"), _("where")]
    return [heads, *([str(x.count), beginning(x.what, _TEXT), _where(x, names)] for x in found)]


def _where(finding: Finding, names: Mapping[str, str]) -> str:
    """The first places, with the labels that each carries, and how many there are."""
    shown = []
    for place, labels_there in zip(finding.places, finding.labels, strict=False):
        article, _sign, number = place.rpartition("#")
        labels = listed(names.get(x, x) for x in labels_there) or "–"
        shown.append(f"{_('{article} paragraph {number}', article=article, number=number)} [{labels}]")
    shown = shown or list(finding.places)
    more = [_("… {count} places", count=len(shown))] if len(shown) > _SHOWN else []
    return _("; ").join([*shown[:_SHOWN], *more])


def _remembered(model: str | None) -> Sketches | None:
    """What a model keeps of its corpus, to see a test set in it.

    Raises:
        ModelError: there is no such model, or it keeps nothing.
    """
    from civictag.errors import ModelError
    from civictag.evaluation.leaks import remembered
    from civictag.model import bundle

    if model is None:
        return None
    info = bundle.load(model).info
    found = remembered(info.folder)
    if not len(found):
        hint = _("Give the corpus that it learned from with --train")
        raise ModelError(_("keeps nothing of its training corpus"), where=model, hint=hint)
    return found


@click.command(
    short_help="Counts, lengths, labels together, words that mark a label.",
    epilog="Example: civictag corpus stats my-corpus.xlsx -l my-labels.toml",
)
@corpus_argument
@labels_option
@click.option("--words", type=click.IntRange(0), default=12, show_default=True, help="Words per label.")
@answer_options
def stats(corpus: tuple[str, ...], labels: str | None, words: int, **options: Any) -> None:
    """Say what is in a corpus.

    CORPUS: labelled paragraphs, or folders of them. A word marks a label when paragraphs with the label
    use it more than the others do: log-odds with the corpus as prior (Monroe et al. 2008), by z score.
    """

    def _made() -> Report:
        from civictag.curation.corpus_stats import corpus_stats

        rows, known = read(corpus, labels)
        found = corpus_stats(rows, known.ids, words)
        names = {label.id: label_name(label) for label in known.labels}
        whole = [[_("paragraphs"), _("articles"), _("without label"), _("characters: least … most")]]
        lengths = " ".join(map(str, found.lengths))
        whole.append([str(found.paragraphs), str(found.articles), str(found.unlabelled), lengths])
        counts = [[_("label"), _("paragraphs"), _("articles"), _("share")]]
        for label, count in found.labels.items():
            share = f"{count / found.paragraphs:.1%}"
            counts.append([names[label], str(count), str(found.articles_by_label[label]), share])
        together = [["", *(names[x] for x in known.ids)]]
        together += [[names[x], *map(str, row.values())] for x, row in found.together.items()]
        marking = [[_("label"), _("words that mark it")]]
        marking += [[names[x], " ".join(word for word, _z in found.words[x]) or "–"] for x in known.ids]
        tables = [("", whole), ("", counts), (_("labels together"), together), ("", marking)]
        return Report(asdict(found), tables, title=_("What is in the corpus"))

    answer(_made, corpus, labels=labels, **options)
