"""``civictag corpus audit`` and ``curve``: trust in labels, and the worth of more."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from civictag.cli.common.emit import step_begins
from civictag.cli.common.options import corpus_argument, jobs_option, seed_option
from civictag.cli.curation.common import (
    Report,
    answer,
    answer_options,
    beginning,
    labels_option,
    read_labelled,
    shown,
    with_range,
)
from civictag.i18n import _, label_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from civictag.datamodel import LabelledParagraph
    from civictag.labels.label_set import Taxonomy
    from civictag.training.held_out import HeldOut


@click.command(
    short_help="Labels that are probably wrong.",
    epilog="Example: civictag corpus audit my-corpus.xlsx -l my-labels.toml -f html -o audit.html",
)
@corpus_argument
@labels_option
@click.option(
    "--most",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help="Labels to list at most; with --paragraphs, paragraphs.",
)
@click.option("--paragraphs", is_flag=True, help="Rank whole paragraphs instead of single labels.")
@jobs_option
@seed_option("Seed of the solver.")
@answer_options
def audit(
    corpus: tuple[str, ...],
    labels: str | None,
    most: int,
    paragraphs: bool,
    jobs: int,
    seed: int,
    **options: Any,
) -> None:
    """List the labels most likely wrong: models that did not see the article say otherwise.

    CORPUS: labelled paragraphs, or folders of them. Look from the top; stop when
    nothing is wrong any more.
    """

    def _made() -> Report:
        from civictag.settings import TrainSettings
        from civictag.training.held_out import held_out

        rows, known = read_labelled(corpus, labels)
        held = held_out(rows, known, TrainSettings(seed=seed), jobs=jobs, progress=step_begins)
        listed = _paragraphs if paragraphs else _labels
        return listed(rows, held, known, most)

    answer(_made, corpus, labels=labels, **options)


def _labels(rows: Sequence[LabelledParagraph], held: HeldOut, known: Taxonomy, most: int) -> Report:
    """Single labels, the least trusted first."""
    from civictag.curation.checking import place
    from civictag.curation.label_errors import doubts

    found = doubts(rows, held.material.truth, held.learned.choice.probabilities, known.ids, most)
    names = {label.id: label_name(label) for label in known.labels}
    data, cases = [], []
    lines = [[_("label"), _("corpus says"), _("trusted"), _("copies differ"), _("where"), _("text")]]
    for x in found:
        row, says = rows[x.row], _("yes") if x.given else _("no")
        differ = _("yes") if x.copies_differ else ""
        text = beginning(row.text)
        lines.append([names[x.label], says, shown(x.confidence), differ, place(row), text])
        place_of = {"file": row.file, "doc": row.doc, "para": row.para, "text": row.text}
        data.append({**place_of, "labels": list(row.labels), **asdict(x)})
        about = _("{label}: the corpus says {says}; trusted {p}", label=names[x.label], says=says,
                  p=shown(x.confidence))  # fmt: skip
        cases.append((row.text, place(row), about))
    notes = [*_left_out(held, names), *([_legend()] if found else [])]
    return Report(data, [(_("labels probably wrong"), lines)], notes, _("Audit of labels"), cases)


def _paragraphs(rows: Sequence[LabelledParagraph], held: HeldOut, known: Taxonomy, most: int) -> Report:
    """Paragraphs with their labels together, the least trusted first."""
    from civictag.curation.checking import place
    from civictag.curation.label_errors import doubtful_paragraphs

    names = {label.id: label_name(label) for label in known.labels}
    data: list[dict[str, Any]] = []
    cases = []
    lines = [[_("trusted"), _("label"), _("corpus says"), _("where"), _("text")]]
    truth, probable = held.material.truth, held.learned.choice.probabilities
    for x in doubtful_paragraphs(truth, probable, known.ids, most):
        row, says = rows[x.row], _("yes") if x.given else _("no")
        lines.append([shown(x.confidence), names[x.label], says, place(row), beginning(row.text)])
        place_of = {"file": row.file, "doc": row.doc, "para": row.para, "text": row.text}
        data.append({**place_of, "labels": list(row.labels), **asdict(x)})
        about = _("{label}: the corpus says {says}; trusted {p}", label=names[x.label], says=says,
                  p=shown(x.confidence))  # fmt: skip
        cases.append((row.text, place(row), about))
    title = _("paragraphs with labels probably wrong")
    notes = [*_left_out(held, names), *([_legend()] if data else [])]
    return Report(data, [(title, lines)], notes, _("Audit of labels"), cases)


def _legend() -> str:
    return _(
        "trusted: the probability of what the corpus says, by models that did not see the article; of"
        " paragraphs, of all their labels together"
    )


def _left_out(held: HeldOut, names: Mapping[str, str]) -> list[str]:
    return [_("not learned, so not judged: {label}", label=names[label]) for label in held.learned.missing]


@click.command(
    short_help="What more labelled paragraphs would bring.",
    epilog="Example: civictag corpus curve my-corpus.xlsx -l my-labels.toml",
)
@corpus_argument
@labels_option
@click.option(
    "--width", type=click.FloatRange(0.001, 0.5), default=0.05, show_default=True,
    help="Wished half-width of the interval of micro-F1: says how many articles a test set needs.",
)  # fmt: skip
@jobs_option
@seed_option("Seed of the solver and of the order of articles.")
@answer_options
def curve(
    corpus: tuple[str, ...], labels: str | None, width: float, jobs: int, seed: int, **options: Any
) -> None:
    """Measure what every fifty paragraphs brought, and say where to stop.

    CORPUS: labelled paragraphs, or folders of them. Models learn from ever more whole articles and are
    scored on articles that they did not see.
    """

    def _made() -> Report:
        from civictag.curation.learning_curve import learning_curve
        from civictag.settings import TrainSettings
        from civictag.training.held_out import held_out

        rows, known = read_labelled(corpus, labels)
        settings = TrainSettings(seed=seed)
        held = held_out(rows, known, settings, jobs=jobs, progress=step_begins)
        found = learning_curve(held, settings, width=width, jobs=jobs)
        lines = [[_("paragraphs"), "micro-F1", _("gain per fifty")]]
        lines += [[str(p.size), with_range(p.f1), with_range(p.gain) if p.gain else ""] for p in found.points]
        notes = []
        if found.next_gain is not None:
            notes.append(_("the next fifty would bring about {gain}", gain=f"{found.next_gain:+.3f}"))
        if found.stop_at is not None:
            notes.append(
                _("from about {count} paragraphs on, fifty more bring less than 0.01", count=found.stop_at)
            )
        else:
            notes.append(
                _("where fifty more bring less than 0.01 cannot be told yet: label more, then measure again")
            )
        if found.articles_needed is not None:
            notes.append(
                _("articles needed for an interval of ±{width}: about {count} (there: {have})",
                  width=width, count=found.articles_needed, have=found.articles)
            )  # fmt: skip
        return Report(asdict(found), [("", lines)], notes, _("What more paragraphs bring"))

    answer(_made, corpus, labels=labels, **options)
