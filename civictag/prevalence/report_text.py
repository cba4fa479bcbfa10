"""A table of shares as text for the terminal, and as JSON."""

from __future__ import annotations

import json
from typing import Any

from civictag.prevalence.shares import Group, Share, ShareTable
from civictag.util.interval import Interval
from civictag.util.terminal import pad, printable, width_of

MISSING = "(无)"
TOTAL = "合计"


def shares_json(table: ShareTable) -> str:
    """``{"by", "labels", "groups", "total"}``; a group is ``{"value", "articles", "paragraphs", "shares"}``.

    A share is label → ``{"paragraphs", "share", "low", "high"}``, and ``corrected`` with the same three
    figures when the model's error rates are known. Shares are fractions; null is "not defined".
    """
    record = {
        "by": table.by,
        "labels": dict(table.labels),
        "groups": [_group_record(group) for group in table.groups],
        "total": _group_record(table.total),
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def shares_table(table: ShareTable) -> str:
    """A block a group: label, paragraphs, share, interval, and the corrected share with its own."""
    names = dict(table.labels)
    first = max([width_of(name) for name in names.values()] + [8]) + 2
    corrected = any(share.corrected for share in table.total.shares)
    columns = [("段", 8), ("占比", 8), ("95% 区间", 18)]
    columns += [("校正后", 10), ("95% 区间", 18)] if corrected else []
    lines = [pad("", first) + "".join(pad(name, width, right=True) for name, width in columns)]
    for group in (*table.groups, table.total):
        lines += ["", _title(table, group)]
        lines += [pad(names[share.label], first) + _figures(share, corrected) for share in group.shares]
    return "\n".join(lines) + "\n"


def group_name(table: ShareTable, group: Group) -> str:
    """What people read: the value, 「(无)」 where there is none, 「合计」 for the total."""
    if group is table.total:
        return TOTAL
    return printable(group.value) or MISSING


def _title(table: ShareTable, group: Group) -> str:
    return f"{group_name(table, group)} ({group.articles} 篇, {group.paragraphs} 段)"


def _figures(share: Share, corrected: bool) -> str:
    text = f"{share.paragraphs:8d}" + _percent(share.share.value, 8) + _interval(share.share, 18)
    if not corrected:
        return text
    estimate = share.corrected or Interval(None)
    return text + _percent(estimate.value, 10) + _interval(estimate, 18)


def _percent(value: float | None, width: int) -> str:
    return ("–" if value is None else f"{value:.1%}").rjust(width)


def _interval(estimate: Interval, width: int) -> str:
    if estimate.low is None or estimate.high is None:
        return "–".rjust(width)
    return f"{estimate.low:.1%} – {estimate.high:.1%}".rjust(width)


def _group_record(group: Group) -> dict[str, Any]:
    return {
        "value": group.value,
        "articles": group.articles,
        "paragraphs": group.paragraphs,
        "shares": {share.label: _share_record(share) for share in group.shares},
    }


def _share_record(share: Share) -> dict[str, Any]:
    record: dict[str, Any] = {"paragraphs": share.paragraphs, **_estimate_record(share.share)}
    if share.corrected:
        record["corrected"] = _estimate_record(share.corrected)
    return record


def _estimate_record(estimate: Interval) -> dict[str, float | None]:
    return {"share": estimate.value, "low": estimate.low, "high": estimate.high}
