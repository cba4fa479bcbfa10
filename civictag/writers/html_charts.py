"""What the bars and column charts of the report show; ``data/charts.html`` draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from civictag.i18n import _
from civictag.util.label_counts import Counts


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart: an article, several in a row, or a stretch of time.

    Attributes:
        name: what the tooltip calls it.
        counts: its counts.
    """

    name: str
    counts: Counts


def bar(
    counts: Counts, names: Sequence[str], *, shares: bool = False
) -> tuple[list[tuple[str, str, int]], str]:
    """How often each label was given, for the drawing ``bar``: (fill, name, count) each, and in words.

    Args:
        counts: of an article or a batch.
        names: the labels' names.
        shares: the words give shares of the body paragraphs too.
    """
    parts = [
        (f"f{i}", name, n) for i, (name, n) in enumerate(zip(names, counts.paragraphs, strict=True)) if n
    ]
    if counts.n_none:
        parts.append(("fn", _("no label"), counts.n_none))
    words = [_with_share(name, n, counts.n_body if shares else 0) for _fill, name, n in parts]
    words += [f"{_('for review')} {counts.n_review}"] if counts.n_review else []
    return parts, " · ".join(words) or _("no body paragraphs")


def _with_share(name: str, n: int, whole: int) -> str:
    return f"{name} {n}" + (_(" ({share})", share=f"{n / whole:.1%}") if whole else "")


def chart(columns: Sequence[Column], caption: str) -> dict[str, Any]:
    """A chart of columns for the drawing ``columns``: the share of body paragraphs with each label.

    ``top`` is the highest share, 0 where no paragraph has a label: such a chart is not worth drawing.
    """
    drawn = [
        {
            "name": column.name,
            "counts": column.counts.paragraphs,
            "body": column.counts.n_body,
            "shares": _shares(column.counts),
        }
        for column in columns
    ]
    top = max((share for column in columns for share in _shares(column.counts)), default=0.0)
    return {"columns": drawn, "caption": caption, "top": top}


def _shares(counts: Counts) -> list[float]:
    return [n / counts.n_body if counts.n_body else 0.0 for n in counts.paragraphs]
