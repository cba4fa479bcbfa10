"""An evaluation or a comparison as a table for the terminal, and as JSON.

The keys of the JSON are the names of the record fields; ``docs`` and the field docstrings of
:mod:`civictag.evaluation.report` and :mod:`civictag.evaluation.compare` say what they hold.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from civictag.evaluation.compare import Comparison, Difference
from civictag.evaluation.report import Confusion, LabelScores, Report, Scores
from civictag.util.i18n import mark
from civictag.util.interval import UNDEFINED, Interval
from civictag.util.terminal import pad, width_of

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
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "average_precision": "avg. precision",
    "calibration_error": "ECE",
}


def report_table(report: Report) -> str:
    """The report as text of aligned columns, ending in a line end."""
    parts = [_title(report.model), *_scores_blocks(report.scores)]
    if report.sources:
        parts.append("By source\n" + _sources(report))
    parts.append(f"95 % intervals: bootstrap over articles, {report.resamples} draws; {UNDEFINED} undefined")
    parts += [f"Note: {note}" for note in report.notes]
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
        "notes": list(report.notes),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def comparison_table(comparison: Comparison) -> str:
    """The comparison as text of aligned columns, ending in a line end."""
    rows = [["", "A", "B", "B − A", "p", "B is", "articles for 80 % power"]]
    rows += [_difference(d) for d in _differences(comparison)]
    names = f"A: {_title(comparison.a)}\nB: {_title(comparison.b)}"
    parts = [f"{names}\n{_size(comparison)}", align(rows, left=(0, 5)), _sentence(comparison)]
    parts += [f"Note: {note}" for note in comparison.notes]
    return "\n\n".join(parts) + "\n"


def comparison_json(comparison: Comparison) -> str:
    """The comparison as one JSON object."""
    data = {"verdict": comparison.verdict, **asdict(comparison)}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def show(figure: Interval) -> str:
    """``0.853 [0.801, 0.900]``; without interval ``0.853``; undefined ``–``."""
    if figure.value is None:
        return UNDEFINED
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def align(rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """Rows as columns as wide as their widest cell; columns not in ``left`` stand at the right."""
    widths = [max(width_of(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(pad(cell, widths[i], right=i not in left) for i, cell in enumerate(row)).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def _scores_blocks(scores: Scores) -> list[str]:
    labels = [["label", "", "support", "given", *_COLUMNS.values()]]
    labels += [_label_row(label) for label in (*scores.labels, scores.none)]
    whole = [[title, show(scores.figures[name])] for name, title in TITLES.items()]
    at = next(i for i, row in enumerate(whole) if row[0] == TITLES["calibration_error"])
    whole.insert(at + 1, ["  ECE if perfectly calibrated", show(scores.calibrated)])
    size = f"{scores.paragraphs} paragraphs in {scores.articles} articles"
    return [size, align(labels, left=(0, 1)), align(whole, left=(0, 1))]


def _label_row(label: LabelScores) -> list[str]:
    figures = [show(label.figures.get(name, Interval(None))) for name in _COLUMNS]
    return [label.label, label.name, str(label.support), str(label.predicted), *figures]


def _sources(report: Report) -> str:
    names = ("micro_f1", "macro_f1", "exact_match", "calibration_error")
    rows = [["source", "paragraphs", "articles", *(TITLES[name] for name in names)]]
    for source, s in report.sources.items():
        rows.append([source, str(s.paragraphs), str(s.articles), *(show(s.figures[name]) for name in names)])
    return align(rows)


def _confusion(confusion: Confusion) -> dict[str, Any]:
    p = confusion.paragraph
    data = asdict(confusion)
    del data["paragraph"]
    return {"doc": p.doc, "para": p.para, "title": p.title, "text": p.text, "labels": list(p.labels), **data}


def _title(model: Mapping[str, str]) -> str:
    parts = (model.get("name", "?"), model.get("version", ""), model.get("sha256", "")[:12])
    return " ".join(("model", *parts)).rstrip()


def _size(comparison: Comparison) -> str:
    return (
        f"{comparison.paragraphs} paragraphs in {comparison.articles} articles, "
        f"{comparison.differing_articles} of them tagged differently"
    )


def _differences(comparison: Comparison) -> tuple[Difference, ...]:
    return (comparison.micro_f1, comparison.macro_f1, *comparison.labels, comparison.none)


def _difference(d: Difference) -> list[str]:
    name = {"micro_f1": "micro F1", "macro_f1": "macro F1"}.get(d.name, f"F1 {d.name}")
    p = UNDEFINED if d.p is None else f"{d.p:.3f}"
    needed = UNDEFINED if d.articles_needed is None else f"{d.articles_needed}"
    return [name, show(Interval(d.a)), show(Interval(d.b)), show(d.difference), p, d.verdict, needed]


def _sentence(comparison: Comparison) -> str:
    """The verdict in words, with what this set could and could not have shown."""
    d = comparison.micro_f1
    head = {
        "better": "B is better than A in micro F1.",
        "worse": "B is worse than A in micro F1.",
        "cannot tell": "This set cannot tell which is better in micro F1.",
    }[d.verdict]
    if d.detectable is not None:
        head += f" It shows a difference of {d.detectable:.3f} or more in 4 of 5 cases"
        if d.articles_needed is not None:
            head += (
                f"; the observed {abs(d.difference.value or 0):.3f} would take "
                f"{d.articles_needed} such articles ({d.paragraphs_needed} paragraphs)"
            )
        head += "."
    return head
