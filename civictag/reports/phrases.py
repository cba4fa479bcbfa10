"""The sentences of a month's report, in Chinese as an office writes them, and in English."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from functools import cache

from civictag.i18n import language
from civictag.reports.month import Month
from civictag.util.label_counts import Counts
from civictag.writers.sheets.headings import label_word
from civictag.writers.sheets.summary import month_before, points, share

_DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data")
_MOST_UNITS = 5


@cache
def _phrases(language: str) -> dict[str, str]:
    with open(os.path.join(_DATA, f"month.{language}.toml"), "rb") as file:
        return tomllib.load(file)


def say(phrase: str, /, **values: object) -> str:
    """One phrase of ``data/month.<language>.toml`` in the language in use, filled in."""
    return _phrases(language())[phrase].format(**values)


def month_name(month: str) -> str:
    """``2024年4月``."""
    return say("month", year=month[:4], number=int(month[5:7]))


def overview(month: Month, intervals: Sequence[str] = ()) -> list[str]:
    """The sentences of the first section: how much of what, and the change to the month before."""
    now = month.now()
    notes = intervals or [""] * len(month.labels)
    names = [label_word(label, language()) for label in month.labels]
    parts = [
        say("label", name=name, n=n, share=percent(n, now.n_body)) + note
        for name, n, note in zip(names, now.paragraphs, notes, strict=True)
    ]
    parts.append(say("none", n=now.n_none, share=percent(now.n_none, now.n_body)))
    first = say("received", month=month_name(month.name), articles=now.n_articles, paragraphs=now.n_body)
    sentences = [first + say("of_these", parts=_listed(parts)) + say("several")]
    before = month.before()
    if before is not None:
        sentences.append(_compared(month, now, before, names))
    return [*sentences, _units(month)]


def certainty(month: Month, model: dict[str, str]) -> list[str]:
    """How sure it is, and what was counted how."""
    now = month.now()
    sentences = [
        say("sure", review=now.n_review, share=percent(now.n_review, now.n_body), checked=month.checked)
    ]
    counts = {
        "undated": month.undated, "other": month.other,
        "left_out": month.left_out("other_month"), "copies": month.left_out("copy"),
        "no_text": month.left_out("no_text"),
    }  # fmt: skip
    sentences += [say(phrase, n=count) for phrase, count in counts.items() if count]
    sha = model.get("sha256", "")[:12]
    return [*sentences, say("model", name=model.get("name", ""), version=model.get("version", ""), sha=sha)]


def percent(part: int, whole: int) -> str:
    """``20.1%``; a dash of nothing."""
    value = share(part, whole)
    return "–" if value is None else f"{_rounded(100 * value)}%"


def change(now: int, before: int, what: str = "") -> str:
    """``增加 3 段``."""
    if now == before:
        return say("same")
    return say("more" if now > before else "less", n=abs(now - before), what=what).strip()


def changed_points(now: Counts, before: Counts, at: int) -> str:
    """``上升 2.1 个百分点``."""
    moved = points(share(now.paragraphs[at], now.n_body), share(before.paragraphs[at], before.n_body))
    if moved is None:
        return say("no_points")
    shown = _rounded(abs(moved))
    if shown == "0.0":
        return say("same")
    return say("points_more" if moved > 0 else "points_less", n=shown)


def _rounded(value: float) -> str:
    """One decimal as spreadsheets round: 6.25 is 6.3, which Python would make 6.2."""
    return f"{value + 1e-9:.1f}"


def _compared(month: Month, now: Counts, before: Counts, names: Sequence[str]) -> str:
    parts = [
        say(
            "label_change", name=name, change=change(now.paragraphs[at], before.paragraphs[at], "段"),
            points=changed_points(now, before, at),
        )
        for at, name in enumerate(names)
    ]  # fmt: skip
    return say(
        "compared", month=month_name(month_before(month.name)), articles=before.n_articles,
        paragraphs=before.n_body, parts=_listed(parts),
        d_articles=change(now.n_articles, before.n_articles, "篇"),
        d_paragraphs=change(now.n_body, before.n_body, "段"),
    )  # fmt: skip


def _units(month: Month) -> str:
    summary = month.summary()
    found = [(unit, summary.of(unit, month.name)) for unit in summary.units()]
    found = [(unit, counts) for unit, counts in found if counts.n_articles]
    found.sort(key=lambda pair: (not pair[0], -pair[1].n_articles))  # those that no unit signed are last
    parts = [
        say("unit", name=unit or say("no_unit"), articles=counts.n_articles, paragraphs=counts.n_body)
        for unit, counts in found[:_MOST_UNITS]
    ]
    return say("units", parts=_listed(parts))


def _listed(parts: Sequence[str]) -> str:
    return ("；" if language() == "zh" else "; ").join(parts)
