"""An evaluation or a comparison as a table for the terminal, and as JSON.

The keys of the JSON are the names of the record fields; ``docs`` and the field docstrings of
:mod:`civictag.evaluation.report` and :mod:`civictag.evaluation.compare` say what they hold.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from civictag.evaluation.compare import Comparison, Difference
from civictag.evaluation.report import Confusion, LabelScores, Report, Scores
from civictag.i18n import _, language, mark, size
from civictag.util.interval import UNDEFINED, Interval
from civictag.util.terminal import printable, table

#: What the figures are called, for people; the order is that of the table.
TITLES = {
    "micro_precision": mark("micro precision"),
    "micro_recall": mark("micro recall"),
    "micro_f1": mark("micro F1"),
    "macro_precision": mark("macro precision"),
    "macro_recall": mark("macro recall"),
    "macro_f1": mark("macro F1"),
    "macro_average_precision": mark("macro average precision"),
    "exact_match": mark("exact match"),
    "hamming_loss": mark("Hamming loss"),
    "cardinality_truth": mark("labels per paragraph, truth"),
    "cardinality_predicted": mark("labels per paragraph, predicted"),
    "brier": mark("Brier score"),
    "calibration_error": mark("calibration error (ECE)"),
    "review_share": mark("review band: share of paragraphs"),
    "review_errors": mark("review band: share of wrong decisions"),
    "review_wrong_paragraphs": mark("review band: share of wrong paragraphs"),
}
_COLUMNS = {
    "precision": mark("precision"),
    "recall": mark("recall"),
    "f1": "F1",
    "average_precision": mark("avg. precision"),
    "calibration_error": "ECE",
}


def report_table(report: Report) -> str:
    """The report as text of aligned columns, ending in a line end."""
    parts = [_title(report.model), *_scores_blocks(report.scores)]
    if report.sources:
        parts.append(_("By source") + "\n" + _sources(report))
    parts.append(
        _(
            "95 % intervals: bootstrap over articles, {count} draws; {sign} undefined",
            count=report.resamples,
            sign=UNDEFINED,
        )
    )
    parts += [_("Note: {note}", note=note) for note in report.notes]
    return "\n\n".join(parts) + "\n"


def report_json(report: Report) -> str:
    """The report as one JSON object; an undefined figure is null."""
    data: dict[str, Any] = {
        "model": dict(report.model),
        **asdict(report.scores),
        "sources": {name: asdict(scores) for name, scores in report.sources.items()},
        "curves": [asdict(curve) for curve in report.curves],
        "confusions": [_confusion(c) for c in report.confusions],
        "resamples": report.resamples,
        "notes": [note.english for note in report.notes],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def comparison_table(comparison: Comparison) -> str:
    """The comparison as text of aligned columns, ending in a line end."""
    rows = [["", "A", "B", "B − A", "p", _("B is"), _("articles for 80 % power")]]
    rows += [_difference(d, comparison) for d in _differences(comparison)]
    names = f"A: {_title(comparison.a)}\nB: {_title(comparison.b)}"
    parts = [f"{names}\n{_size(comparison)}", table(rows, left=(0, 5)), _sentence(comparison)]
    parts += [_("Note: {note}", note=note) for note in comparison.notes]
    return "\n\n".join(parts) + "\n"


def comparison_json(comparison: Comparison) -> str:
    """The comparison as one JSON object."""
    notes = [note.english for note in comparison.notes]
    data = {"verdict": comparison.verdict, **asdict(comparison), "notes": notes}
    del data["names"]
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def show(figure: Interval) -> str:
    """``0.853 [0.801, 0.900]``; without interval ``0.853``; undefined ``–``."""
    if figure.value is None:
        return UNDEFINED
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def _scores_blocks(scores: Scores) -> list[str]:
    labels = [[_("label"), "", _("support"), _("given"), *map(_, _COLUMNS.values())]]
    labels += [_label_row(label) for label in (*scores.labels, scores.none)]
    whole = [[_(title), show(scores.figures[name])] for name, title in TITLES.items()]
    at = list(TITLES).index("calibration_error")
    whole.insert(at + 1, [_("  ECE if perfectly calibrated"), show(scores.calibrated)])
    return [size(scores.paragraphs, scores.articles), table(labels, left=(0, 1)), table(whole, left=(0, 1))]


def _label_row(label: LabelScores) -> list[str]:
    figures = [show(label.figures.get(name, Interval(None))) for name in _COLUMNS]
    if not label.learned:
        figures = [_("not learned"), *("" for _figure in figures[1:])]
    return [label.label, label.name, str(label.support), str(label.predicted), *figures]


def _sources(report: Report) -> str:
    names = ("micro_f1", "macro_f1", "exact_match", "calibration_error")
    rows = [[_("source"), _("paragraphs"), _("articles"), *(_(TITLES[name]) for name in names)]]
    for source, s in report.sources.items():
        rows.append([source, str(s.paragraphs), str(s.articles), *(show(s.figures[name]) for name in names)])
    return table(rows)


def _confusion(confusion: Confusion) -> dict[str, Any]:
    p = confusion.paragraph
    data = asdict(confusion)
    del data["paragraph"]
    return {"doc": p.doc, "para": p.para, "title": p.title, "text": p.text, "labels": list(p.labels), **data}


def _title(model: Mapping[str, str]) -> str:
    parts = (model.get("name", "?"), model.get("version", ""), model.get("sha256", "")[:12])
    return " ".join((_("model"), *map(printable, parts))).rstrip()


def _size(comparison: Comparison) -> str:
    return _(
        "{size}; articles tagged differently: {differing}",
        size=size(comparison.paragraphs, comparison.articles),
        differing=comparison.differing_articles,
    )


def _differences(comparison: Comparison) -> tuple[Difference, ...]:
    return (comparison.micro_f1, comparison.macro_f1, *comparison.labels, comparison.none)


def _difference(d: Difference, comparison: Comparison) -> list[str]:
    """A row; a side that has not learned the label says so, and then nothing is compared."""
    name = _(TITLES[d.name]) if d.name in TITLES else f"F1 {comparison.names.get(d.name) or d.name}"
    name = _("F1 none") if d is comparison.none else name
    unlearned = [d.name in comparison.not_learned.get(side, ()) for side in ("a", "b")]
    figures = [
        _("not learned") if unknown else show(Interval(figure))
        for unknown, figure in zip(unlearned, (d.a, d.b), strict=True)
    ]
    if any(unlearned):
        return [name, *figures, *[UNDEFINED] * 4]
    p = UNDEFINED if d.p is None else f"{d.p:.3f}"
    needed = UNDEFINED if d.articles_needed is None else f"{d.articles_needed}"
    return [name, *figures, show(d.difference), p, _(d.verdict), needed]


def _sentence(comparison: Comparison) -> str:
    """The verdict in words, with what this set could and could not have shown."""
    d = comparison.micro_f1
    sentences = [_(_SENTENCES[d.verdict])]
    if d.detectable is not None:
        sentences.append(
            _("It shows a difference of {least} or more in 4 of 5 cases.", least=f"{d.detectable:.3f}")
        )
        if d.articles_needed is not None:
            sentences.append(
                _(
                    "The observed {seen} would take {articles} such articles ({paragraphs} paragraphs).",
                    seen=f"{abs(d.difference.value or 0):.3f}",
                    articles=d.articles_needed,
                    paragraphs=d.paragraphs_needed,
                )
            )
    return ("" if language() == "zh" else " ").join(sentences)


_SENTENCES = {
    "better": mark("B is better than A in micro F1."),
    "worse": mark("B is worse than A in micro F1."),
    "cannot tell": mark("This set cannot tell which is better in micro F1."),
}
_VERDICTS = (mark("better"), mark("worse"), mark("cannot tell"))
