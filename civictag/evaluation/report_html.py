"""An evaluation as one HTML file: no script, no network, readable on a phone and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from civictag.datamodel import Evidence
from civictag.evaluation.report import Confusion, LabelScores, Report, Scores
from civictag.evaluation.report_text import TITLES
from civictag.i18n import _, mark, size
from civictag.util.interval import UNDEFINED
from civictag.util.pages import render

_EVIDENCE_SHOWN = 5
_CARDS = ("micro_f1", "macro_f1", "exact_match", "calibration_error", "review_share")
#: The order of the columns: a phone shows the first three without scrolling.
_LABEL_FIGURES = {
    "f1": mark("F1"),
    "precision": mark("precision"),
    "recall": mark("recall"),
    "average_precision": mark("average precision"),
    "calibration_error": mark("calibration error"),
}
_SOURCE_FIGURES = ("micro_f1", "macro_f1", "exact_match", "calibration_error")


def report_html(report: Report) -> str:
    """The report as one self-contained page; text of the corpus is escaped."""
    scores = report.scores
    return render(
        "evaluation.html",
        model=" ".join(report.model.get(key, "") for key in ("name", "version")).strip(),
        size=size(scores.paragraphs, scores.articles),
        notes=report.notes,
        cards=[(_(TITLES[name]), scores.figures[name]) for name in _CARDS],
        label_figures=[_(name) for name in _LABEL_FIGURES.values()],
        labels=[_label(label) for label in (*scores.labels, scores.none)],
        curves=_curves(report),
        bins=scores.reliability,
        measured=scores.figures["calibration_error"],
        perfect=scores.calibrated,
        whole=[(_(title), name, scores.figures[name]) for name, title in TITLES.items()],
        source_figures=[_(TITLES[name]) for name in _SOURCE_FIGURES],
        sources=[_source(name, found) for name, found in report.sources.items()],
        cases=_cases(report),
        resamples=report.resamples,
        undefined=UNDEFINED,
    )


def _label(label: LabelScores) -> dict[str, Any]:
    return {
        "name": label.name,
        "id": label.label,
        "figures": [label.figures.get(name) for name in _LABEL_FIGURES],
        "learned": label.learned,
        "support": label.support,
        "predicted": label.predicted,
    }


def _curves(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "name": curve.name,
            "id": curve.label,
            "points": sorted(curve.points, key=lambda point: -point[0]),
            "here": curve.here,
            "area": label.figures["average_precision"],
        }
        for curve, label in zip(report.curves, report.scores.labels, strict=True)
    ]


def _source(name: str, scores: Scores) -> dict[str, Any]:
    figures = [scores.figures[figure] for figure in _SOURCE_FIGURES]
    return {"name": name, "figures": figures, "size": size(scores.paragraphs, scores.articles)}


def _cases(report: Report) -> list[dict[str, Any]]:
    names = {label.label: label.name for label in report.scores.labels}
    return [_case(case, names) for case in report.confusions]


def _case(case: Confusion, names: Mapping[str, str]) -> dict[str, Any]:
    p = case.paragraph
    truth, predicted = set(p.labels), set(case.predicted)
    shown = [i for i in names if i in truth | predicted]
    return {
        "place": " · ".join(filter(None, (p.title, p.source, f"{p.doc}#{p.para}"))),
        "text": p.text,
        "chips": [_chip(names[i], case.probabilities[i], i in truth, i in predicted) for i in shown],
        "evidence": [(names[i], _words(case.evidence[i])) for i in names if case.evidence.get(i)],
    }


def _chip(name: str, probability: float, true: bool, predicted: bool) -> dict[str, str]:
    """A label of an error; sign, word and border say what it is, for those who do not see the colour."""
    kind, sign, word = ("both", "✓", _("both")) if true and predicted else ("missed", "−", _("missed"))
    if predicted and not true:
        kind, sign, word = "given", "+", _("wrong")
    return {"kind": kind, "sign": sign, "name": name, "word": word, "probability": f"{probability:.2f}"}


def _words(spans: Sequence[Evidence]) -> str:
    strongest = sorted(spans, key=lambda span: -abs(span.weight))[:_EVIDENCE_SHOWN]
    return "、".join(f"「{span.text}」{span.weight:+.2f}" for span in strongest)
