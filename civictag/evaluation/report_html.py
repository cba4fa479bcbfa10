"""An evaluation as one HTML file: no script, no network, readable on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

from civictag.datamodel import Evidence
from civictag.evaluation.charts import precision_recall, reliability, whisker
from civictag.evaluation.report import Confusion, LabelScores, Report, Scores
from civictag.evaluation.report_text import TITLES, UNDEFINED
from civictag.util.interval import Interval

_TEMPLATE = Path(__file__).parents[1] / "data" / "evaluation.html"
_EVIDENCE_SHOWN = 5

#: Chinese names of the figures; the English ones stand in the terminal's table.
_NAMES = {
    "precision": "精确率",
    "recall": "召回率",
    "f1": "F1",
    "average_precision": "平均精确率",
    "brier": "Brier 分数",
    "calibration_error": "校准误差",
    "micro_precision": "微平均精确率",
    "micro_recall": "微平均召回率",
    "micro_f1": "微平均 F1",
    "macro_precision": "宏平均精确率",
    "macro_recall": "宏平均召回率",
    "macro_f1": "宏平均 F1",
    "macro_average_precision": "宏平均的平均精确率",
    "exact_match": "全部标签一致",
    "hamming_loss": "汉明损失",
    "cardinality_truth": "每段标签数（人工）",
    "cardinality_predicted": "每段标签数（模型）",
    "review_share": "待复核段落占比",
    "review_errors": "差错落在待复核段的比例",
    "review_wrong_paragraphs": "错标段落落在待复核段的比例",
}
_CARDS = ("micro_f1", "macro_f1", "exact_match", "calibration_error", "review_share")
#: The order of the columns: a phone shows the first three without scrolling.
_LABEL_FIGURES = ("f1", "precision", "recall", "average_precision", "calibration_error")
_SOURCE_FIGURES = ("micro_f1", "macro_f1", "exact_match", "calibration_error")
_METHOD = (
    "方括号内为 95 % 置信区间：以整篇文章为单位重抽样 {n} 次。"
    '<span class="en" lang="en">Brackets: 95 % intervals from {n} bootstrap draws of whole articles; '
    f"{UNDEFINED}: undefined.</span>"
)


def report_html(report: Report) -> str:
    """The report as one self-contained page; text of the corpus is escaped."""
    model = " ".join(report.model.get(key, "") for key in ("name", "version")).strip()
    scores = report.scores
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        model=escape(model),
        size=_size(scores),
        notes=_notes(report.notes),
        cards="".join(_card(name, scores.figures[name]) for name in _CARDS),
        labels=_label_table(scores),
        curves="".join(_curves(report)),
        reliability=_reliability(scores),
        whole=_whole_table(scores),
        sources=_source_section(report.sources),
        confusions=_confusions(report),
        method=_METHOD.format(n=report.resamples),
    )


def _size(scores: Scores) -> str:
    return f"{scores.articles} 篇文章，{scores.paragraphs} 个段落"


def _notes(notes: Sequence[str]) -> str:
    if not notes:
        return ""
    lines = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f'<section class="notes" role="note">{lines}</section>'


def _card(name: str, figure: Interval) -> str:
    english = f'<small lang="en">{TITLES[name]}</small>'
    number = f"<b>{_value(figure)}</b><small>{_range(figure)}</small>"
    return f'<div class="card">{_NAMES[name]}{english}{number}</div>'


def _value(figure: Interval) -> str:
    return UNDEFINED if figure.value is None else f"{figure.value:.3f}"


def _range(figure: Interval) -> str:
    return "" if figure.low is None else f"[{figure.low:.3f}, {figure.high:.3f}]"


def _cell(figure: Interval | None, drawn: bool = False) -> str:
    if figure is None:
        return f"<td>{UNDEFINED}</td>"
    picture = whisker(figure) if drawn else ""
    return f"<td>{_value(figure)}<small>{_range(figure)}</small>{picture}</td>"


def _table(head: Iterable[str], rows: Iterable[str]) -> str:
    titles = "".join(f'<th scope="col">{title}</th>' for title in head)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _row(head: str, cells: Iterable[str]) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join(cells)}</tr>'


def _named(name: str, code: str) -> str:
    return f'{escape(name)}<span class="id" lang="en">{escape(code)}</span>'


def _label_table(scores: Scores) -> str:
    head = ["标签", *(_NAMES[name] for name in _LABEL_FIGURES), "人工标", "模型标"]
    return _table(head, (_label_row(label) for label in (*scores.labels, scores.none)))


def _label_row(label: LabelScores) -> str:
    cells = [_cell(label.figures.get(name), drawn=name == "f1") for name in _LABEL_FIGURES]
    counts = [f"<td>{label.support}</td>", f"<td>{label.predicted}</td>"]
    return _row(_named(label.name, label.label), cells + counts)


def _curves(report: Report) -> Iterable[str]:
    for curve, label in zip(report.curves, report.scores.labels, strict=True):
        area = label.figures["average_precision"]
        drawing = precision_recall(curve, area) or "<p>没有段落带此标签，无曲线。</p>"
        caption = f"平均精确率 {_value(area)} <small>{_range(area)}</small>"
        title = f"<h3>{_named(curve.name, curve.label)}</h3>"
        yield f"<figure>{title}{drawing}<figcaption>{caption}</figcaption></figure>"


def _reliability(scores: Scores) -> str:
    measured, calibrated = scores.figures["calibration_error"], scores.calibrated
    rows = (_row(f"{b.probability:.3f}", [_cell(b.share), f"<td>{b.count}</td>"]) for b in scores.reliability)
    table = _table(["平均概率", "实际比例", "判断数"], rows)
    said = (
        f"<p>校准误差 {_value(measured)} {_range(measured)}；完全校准的模型在这样大小的数据上也会显示 "
        f"{_value(calibrated)} {_range(calibrated)}。点在虚线上，概率就名副其实。</p>"
    )
    beside = f'<div>{said}<div class="scroll dense">{table}</div></div>'
    return f"<figure>{reliability(scores.reliability)}</figure>{beside}"


def _whole_table(scores: Scores) -> str:
    rows = (
        _row(_named(_NAMES[name], title), [_cell(scores.figures[name])]) for name, title in TITLES.items()
    )
    return _table(["指标", "数值"], rows)


def _source_section(sources: Mapping[str, Scores]) -> str:
    if not sources:
        return ""
    rows = (
        _row(escape(name), [*(_cell(s.figures[f]) for f in _SOURCE_FIGURES), f"<td>{_size(s)}</td>"])
        for name, s in sources.items()
    )
    table = _table(["来源", *(_NAMES[name] for name in _SOURCE_FIGURES), "数量"], rows)
    title = '<h2>按来源<span class="en" lang="en">By source</span></h2>'
    scroll = '<div class="scroll" tabindex="0" role="region" aria-label="按来源">'
    return f"<section>{title}{scroll}{table}</div></section>"


def _confusions(report: Report) -> str:
    if not report.confusions:
        return "<p>没有差错。</p>"
    names = {label.label: label.name for label in report.scores.labels}
    key = (
        '<ul class="chips"><li class="both">✓ 一致</li><li class="missed">− 漏标（人工有，模型无）</li>'
        '<li class="given">+ 误标（模型有，人工无）</li></ul>'
    )
    return key + "".join(_case(case, names) for case in report.confusions)


def _case(case: Confusion, names: Mapping[str, str]) -> str:
    p = case.paragraph
    gold, given = set(p.labels), set(case.predicted)
    shown = [i for i in names if i in gold | given]
    chips = [_chip(names[i], case.probabilities[i], i in gold, i in given) for i in shown]
    place = escape(" · ".join(filter(None, (p.title, p.source, f"{p.doc}#{p.para}"))))
    words = "".join(_evidence(names[i], case.evidence[i]) for i in names if case.evidence.get(i))
    return (
        f'<article class="case"><h3><small>{place}</small></h3><ul class="chips">{"".join(chips)}</ul>'
        f"<p>{escape(p.text)}</p>{words}</article>"
    )


def _chip(name: str, probability: float, gold: bool, given: bool) -> str:
    """A label of a confusion; sign, word and border say what it is, for those who do not see the colour."""
    kind, sign, word = ("both", "✓", "一致") if gold and given else ("missed", "−", "漏标")
    if given and not gold:
        kind, sign, word = "given", "+", "误标"
    return f'<li class="{kind}">{sign} {escape(name)} {word} {probability:.2f}</li>'


def _evidence(name: str, spans: Sequence[Evidence]) -> str:
    strongest = sorted(spans, key=lambda span: -abs(span.weight))[:_EVIDENCE_SHOWN]
    words = "、".join(f"「{escape(span.text)}」{span.weight:+.2f}" for span in strongest)
    return f'<p class="soft">{escape(name)}依据：{words}</p>'
