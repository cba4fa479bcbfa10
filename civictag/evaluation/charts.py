"""The drawings of the evaluation report, as inline SVG: no library, no network, sharp in print.

Every drawing is the unit square, has a text alternative, and tells its parts apart by shape (line,
dot, ring, dashes), not by colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from civictag.evaluation.report import Curve, ReliabilityBin
from civictag.util.interval import Interval

_SIDE = 200  # of the square, in SVG units
_LEFT, _TOP, _RIGHT, _BOTTOM = 50, 8, 10, 40
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_MIDDLE_OF_DIGIT = 5  # how far below a line the foot of a digit stands that is centred on it


def precision_recall(curve: Curve, average_precision: Interval) -> str:
    """The curve of one label, with a ring at the model's own threshold; "" for a label nothing carries."""
    if not curve.points:
        return ""
    parts = [_line(sorted(curve.points, key=lambda p: -p[0]), "curve")]
    summary = f"{curve.name}: precision against recall, average precision {average_precision.value or 0:.2f}"
    if curve.here:
        parts.append(_circle(*curve.here, radius=5, kind="ring"))
        summary += f"; at the model's threshold recall {curve.here[0]:.2f}, precision {curve.here[1]:.2f}"
    return _square(parts, "召回率 recall", "精确率 precision", summary)


def reliability(bins: Sequence[ReliabilityBin]) -> str:
    """Share of decisions whose label is there, against the probability given; the diagonal is perfect."""
    parts = [_line([(0, 0), (1, 1)], "perfect")]
    for b in bins:
        if b.share.low is not None and b.share.high is not None:
            parts.append(_line([(b.probability, b.share.low), (b.probability, b.share.high)], "interval"))
        parts.append(_circle(b.probability, b.share.value or 0.0, radius=3.5, kind="dot"))
    shares = (f"{b.probability:.2f} → {b.share.value or 0:.2f}" for b in bins)
    summary = "reliability, probability given → share true: " + ", ".join(shares)
    return _square(parts, "预测概率 probability", "实际比例 share true", summary)


def whisker(figure: Interval) -> str:
    """A dot with its interval on a scale from 0 to 1, small enough for a table cell; "" if undefined."""
    if figure.value is None:
        return ""
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    return (
        '<svg class="whisker" viewBox="0 0 104 12" aria-hidden="true">'
        '<path class="axis" d="M2 6H102"/>'
        f'<path class="interval" d="M{2 + 100 * low:.1f} 6H{2 + 100 * high:.1f}"/>'
        f'<circle class="dot" cx="{2 + 100 * figure.value:.1f}" cy="6" r="3.5"/></svg>'
    )


def _square(parts: Iterable[str], across: str, up: str, summary: str) -> str:
    width, height = _LEFT + _SIDE + _RIGHT, _TOP + _SIDE + _BOTTOM
    middle, foot = _LEFT + _SIDE / 2, height - 4
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(summary)}">'
        + "".join(_grid(tick) for tick in _TICKS)
        + "".join(parts)
        + f'<text x="{middle}" y="{foot}" class="title">{across}</text>'
        + f'<text transform="translate(14 {_TOP + _SIDE / 2}) rotate(-90)" class="title">{up}</text></svg>'
    )


def _grid(tick: float) -> str:
    x, y = _at(tick, tick)
    lines = f'<path class="grid" d="M{x:.1f} {_TOP}V{_TOP + _SIDE}M{_LEFT} {y:.1f}H{_LEFT + _SIDE}"/>'
    if tick in (0.25, 0.75):
        return lines
    number = f"{tick:g}"
    return (
        f'{lines}<text x="{x:.1f}" y="{_TOP + _SIDE + 16}" class="tick">{number}</text>'
        f'<text x="{_LEFT - 4}" y="{y + _MIDDLE_OF_DIGIT:.1f}" class="tick end">{number}</text>'
    )


def _line(points: Sequence[tuple[float, float]], kind: str) -> str:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in (_at(*point) for point in points))
    return f'<path class="{kind}" d="M{path}"/>'


def _circle(x: float, y: float, *, radius: float, kind: str) -> str:
    cx, cy = _at(x, y)
    return f'<circle class="{kind}" cx="{cx:.1f}" cy="{cy:.1f}" r="{radius}"/>'


def _at(x: float, y: float) -> tuple[float, float]:
    """Unit square to SVG units; SVG's y grows downwards."""
    return _LEFT + _SIDE * x, _TOP + _SIDE * (1 - y)
