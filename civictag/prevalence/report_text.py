"""A table of shares as text for the terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from civictag.datamodel import Label
from civictag.i18n import _, label_name, listed, size
from civictag.prevalence.shares import Group, Share, ShareTable
from civictag.util.interval import UNDEFINED, Interval
from civictag.util.terminal import printable, table


def shares_json(shares: ShareTable) -> str:
    """``{"by", "labels", "groups", "total"}``; a group is ``{"value", "articles", "paragraphs", "shares"}``.

    A share is label → ``{"paragraphs", "articles", "share", "low", "high"}``, ``corrected`` with the same
    three figures when error rates are known, ``change`` and ``change_points`` where there is a period
    before, ``learned: false`` where the model has not learned the label. Shares are fractions; null is
    "not defined". With two columns ``by`` and ``value`` are lists.
    """
    one = len(shares.by) < 2
    record = {
        "by": (shares.by[0] if shares.by else None) if one else list(shares.by),
        "labels": dict(shares.labels),
        "groups": [_group_record(shares, group, one) for group in shares.groups],
        "total": _group_record(shares, shares.total, one),
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def shares_table(shares: ShareTable, labels: Sequence[Label] = (), *, intervals: bool = False) -> str:
    """A block per group: label, paragraphs, share, articles; the change to the period before.

    Args:
        shares: the table.
        labels: for their names in the reader's language; without them, those of the table.
        intervals: give the 95 % intervals.
    """
    names = dict(shares.labels) | {label.id: label_name(label) for label in labels}
    has_changes = any(share.change is not None for group in shares.groups for share in group.shares)
    corrected = any(share.corrected for share in shares.total.shares)
    heads = ["", _("paragraphs"), _("share"), *([_("95 % interval")] if intervals else [])]
    heads += [_("corrected")] if corrected else []
    heads += [_("95 % interval")] if corrected and intervals else []
    heads += [_("articles"), *([_("change"), _("points")] if has_changes else [])]
    rows = [heads]
    titles: dict[int, str] = {}
    for group in (*shares.groups, shares.total):
        titles[len(rows)] = _title(shares, group)
        for share in group.shares:
            rows.append([names[share.label], *_cells(shares, share, intervals, corrected, has_changes)])
    lines = []
    for at, line in enumerate(table(rows).split("\n")):
        lines += ["", titles[at]] if at in titles else []
        lines.append(line)
    return "\n".join([*lines, *_notes(shares, names, corrected)]) + "\n"


def group_name(shares: ShareTable, group: Group) -> str:
    """What people read: the values, "(none)" where there is none, "All" for the total."""
    if group is shares.total:
        return _("All")
    return " · ".join(printable(value) or _("(none)") for value in group.values)


def is_unlearned(shares: ShareTable, share: Share) -> bool:
    """Whether the count says nothing: the model never gives the label, or always does.

    What a person's ticks made something else of is counted.
    """
    never = share.label in shares.unlearned and share.paragraphs == 0
    return never or (share.label in shares.always_given and share.share.value == 1.0)


def _title(shares: ShareTable, group: Group) -> str:
    return _("{name} ({size})", name=group_name(shares, group), size=size(group.paragraphs, group.articles))


def _cells(shares: ShareTable, share: Share, intervals: bool, corrected: bool, changes: bool) -> list[str]:
    if is_unlearned(shares, share):
        return [_("not learned")]
    cells = [str(share.paragraphs), _percent(share.share.value)]
    cells += [_interval(share.share)] if intervals else []
    if corrected:
        estimate = share.corrected or Interval(None)
        cells += [_percent(estimate.value), *([_interval(estimate)] if intervals else [])]
    cells.append(str(share.articles))
    if changes and share.change is not None:
        points = share.change_points
        cells += [f"{share.change:+d}", UNDEFINED if points is None else f"{points:+.1f}"]
    return cells


def _is_unknown(share: Share) -> bool:
    return share.corrected is None or share.corrected.value is None


def _notes(shares: ShareTable, names: dict[str, str], corrected: bool) -> list[str]:
    notes = [""]
    lost = listed(names[share.label] for share in shares.total.shares if is_unlearned(shares, share))
    if lost:
        notes.append(
            _("The model has not learned {names}: a count of none, or of all, says nothing.", names=lost)
        )
    if corrected and (unknown := [names[x.label] for x in shares.total.shares if _is_unknown(x)]):
        unknown_note = _(
            "not corrected, since the evaluation cannot tell their error rates: {labels}",
            labels=listed(unknown),
        )
        notes.append(unknown_note)
    if not corrected:
        notes.append(_("The tagger's errors are not corrected: on this text they are not known."))
        notes.append(_("Label some of it, then: civictag evaluate LABELLED -f json -o evaluation.json"))
        notes.append(_("and civictag stats … --rates evaluation.json"))
    return notes if notes[1:] else []


def _percent(value: float | None) -> str:
    return UNDEFINED if value is None else f"{value:.1%}"


def _interval(estimate: Interval) -> str:
    if estimate.low is None or estimate.high is None:
        return UNDEFINED
    return f"{estimate.low:.1%} – {estimate.high:.1%}"


def _group_record(shares: ShareTable, group: Group, one: bool) -> dict[str, Any]:
    return {
        "value": group.value if one else list(group.values),
        "articles": group.articles,
        "paragraphs": group.paragraphs,
        "shares": {share.label: _share_record(shares, share) for share in group.shares},
    }


def _share_record(shares: ShareTable, share: Share) -> dict[str, Any]:
    record: dict[str, Any] = {"paragraphs": share.paragraphs, "articles": share.articles}
    record |= _estimate_record(share.share)
    if share.corrected:
        record["corrected"] = _estimate_record(share.corrected)
    if share.change is not None:
        record |= {"change": share.change, "change_points": share.change_points}
    if is_unlearned(shares, share):
        record["learned"] = False
    return record


def _estimate_record(estimate: Interval) -> dict[str, float | None]:
    return {"share": estimate.value, "low": estimate.low, "high": estimate.high}
