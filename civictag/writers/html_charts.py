"""Bars and small charts of the report, as inline SVG whose widths are percentages of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civictag.util.label_counts import NONE, REVIEW, Counts

_NARROW = 8  # per cent: a narrower segment has no room for its number


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart: an article, several in a row, or a stretch of time.

    Attributes:
        name: what the tooltip calls it, as HTML.
        counts: its counts.
    """

    name: str
    counts: Counts


def bar(counts: Counts, names: Sequence[str]) -> str:
    """A bar of how often each label was given, and the same in words.

    Args:
        counts: of an article or a batch.
        names: the labels' names, as HTML.
    """
    given = enumerate(zip(names, counts.paragraphs, strict=True))
    parts = [(f"f{i}", name, n) for i, (name, n) in given if n]
    if counts.n_none:
        parts.append(("fn", NONE, counts.n_none))
    words = [f"{name} {n}" for _, name, n in parts]
    words += [f"{REVIEW} {counts.n_review}"] if counts.n_review else []
    total = sum(n for *_, n in parts)
    drawn, x = [], 0.0
    for fill, name, n in parts:
        width = 100 * n / total
        drawn.append(_segment(fill, name, n, x, width))
        x += width
    told = " · ".join(words) or "没有正文"
    return f'<svg class="bar" role="img" aria-label="{told}">{"".join(drawn)}</svg><p class="sums">{told}</p>'


def _segment(fill: str, name: str, n: int, x: float, width: float) -> str:
    place = f'x="{x:.2f}%" width="{width:.2f}%" height="100%"'
    rect = f'<rect {place} fill="url(#{fill})"><title>{name} {n}</title></rect>'
    if width < _NARROW:
        return rect
    middle = f"{x + width / 2:.2f}%"
    return f'{rect}<text x="{middle}" y="50%" class="count">{n}</text>'


def chart(columns: Sequence[Column], names: Sequence[str], caption: str) -> str:
    """One row of bars a label, all on one scale: the share of a column's body paragraphs with the label.

    Labels are not stacked: a paragraph may carry several, so that the shares do not add up to one.
    Empty when no paragraph has a label.
    """
    shares = [_shares(column.counts) for column in columns]
    top = max((share for row in shares for share in row), default=0.0)
    if not top:
        return ""
    rows = [
        f'<tr><th scope="row">{name}</th><td>{_row(i, name, columns, shares, top)}</td></tr>'
        for i, name in enumerate(names)
    ]
    ends = f"<span>{columns[0].name}</span><span>{columns[-1].name}</span>"
    return (
        f'<figure class="chart"><figcaption>{caption}；最高的柱 = {top:.0%}</figcaption>'
        f'<table class="rows">{"".join(rows)}<tr><td></td><td class="ends">{ends}</td></tr></table>'
        f"{_numbers(columns, names)}</figure>"
    )


def _row(i: int, name: str, columns: Sequence[Column], shares: Sequence[Sequence[float]], top: float) -> str:
    step = 100 / len(columns)
    drawn = []
    for at, (column, row) in enumerate(zip(columns, shares, strict=True)):
        height = 100 * row[i] / top
        told = f"{column.name}：{name} {column.counts.paragraphs[i]}/{column.counts.n_body} 段"
        drawn.append(
            f'<rect x="{at * step + step * 0.1:.2f}%" width="{step * 0.8:.2f}%" y="{100 - height:.1f}%" '
            f'height="{height:.1f}%" fill="url(#f{i})"><title>{told}</title></rect>'
        )
    return f'<svg role="img" aria-label="{name}">{"".join(drawn)}</svg>'


def _shares(counts: Counts) -> list[float]:
    return [n / counts.n_body if counts.n_body else 0.0 for n in counts.paragraphs]


def _numbers(columns: Sequence[Column], names: Sequence[str]) -> str:
    """The chart's figures as a table, normalized away: what eyes take from bars, others take from here."""
    head = "".join(f'<th scope="col">{name}</th>' for name in ["", *names, "正文"])
    rows = "".join(
        f'<tr><th scope="row">{c.name}</th>'
        + "".join(f"<td>{n}</td>" for n in [*c.counts.paragraphs, c.counts.n_body])
        + "</tr>"
        for c in columns
    )
    return (
        '<details><summary>数据表</summary><div class="wide"><table class="numbers">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )
