"""The Word report: a template that an office may replace, filled with a month's facts."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from typing import Any

from civictag.errors import CivictagError
from civictag.i18n import _, language
from civictag.reports.month import Month
from civictag.reports.phrases import certainty, change, changed_points, month_name, overview, percent, say
from civictag.util.palette import label_colors
from civictag.writers.reasons import shown_reason
from civictag.writers.sheets.headings import label_word, word

_DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data")
_BAR = 24  # blocks of the longest bar
_BLOCKS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")  # eighths of one; GBK has them, so every Chinese font does


def template_path() -> str:
    """The template that is used where none is given, in the language in use."""
    return os.path.join(_DATA, f"month.{language()}.docx")


def word_report(
    month: Month,
    *,
    title: str = "",
    model: dict[str, str],
    template: str | None = None,
    intervals: list[str] | None = None,
) -> bytes:
    """The report as a .docx.

    Args:
        month: the facts.
        title: over the report; "" for the month's name.
        model: ``name``, ``version`` and ``sha256`` of what gave the labels.
        template: a .docx with Jinja2 tags (docxtpl); None for ``template_path``. It is filled with what
            ``context`` gives.
        intervals: per label what is said behind its share.

    Raises:
        CivictagError: the template cannot be read, or has a mistake.
    """
    path = template or template_path()
    if not os.path.isfile(path):
        raise CivictagError(_("no such file"), where=path, hint=_("Check the path"))
    values = context(month, title=title, model=model, intervals=intervals or [])
    return _filled(path, values)


def _filled(path: str, values: dict[str, Any]) -> bytes:
    """The template with the values in their places."""
    from docxtpl import DocxTemplate, RichText  # type: ignore[import-untyped]
    from jinja2.sandbox import SandboxedEnvironment

    try:
        document = DocxTemplate(path)
        widths = _widths(document.get_docx().tables)
    except Exception as error:  # a damaged part leads the library to anything
        problem = _("not a Word file that can be read, or a damaged one")
        hint = _("Open it in WPS or Word and save it again as .docx")
        raise CivictagError(problem, where=path, hint=hint) from error
    for row in values["labels"]:
        row["bar"] = RichText(row["bar"], color=row["color"].lstrip("#"))
    try:
        # A template may come from anybody: it fills in values and reaches nothing else.
        document.render(values, SandboxedEnvironment(autoescape=True))
        _keep_widths(document.docx.tables, widths)
        target = io.BytesIO()
        document.save(target)
    except Exception as error:  # Jinja's own, and TypeError and the like of what the template reckons
        raise CivictagError(_("mistake in the template: {reason}", reason=error), where=path) from error
    return target.getvalue()


def _widths(tables: Sequence[Any]) -> list[list[int]]:
    return [[column.width or 0 for column in table.columns] for table in tables]


def _keep_widths(tables: Sequence[Any], before: Sequence[Sequence[int]]) -> None:
    """Where columns were added, give the first its width back; the others share what is left.

    docxtpl makes all columns of a table with ``{%tc`` equally wide, and a unit's name breaks in three.
    """
    if len(tables) != len(before):  # tables within a loop: which is which cannot be told
        return
    for table, widths in zip(tables, before, strict=True):
        columns = list(table.columns)
        if len(columns) == len(widths) or sum(widths) <= widths[0]:
            continue
        for at, column in enumerate(columns):
            column.width = widths[0] if at == 0 else (sum(widths) - widths[0]) // (len(columns) - 1)
            for cell in column.cells:
                cell.width = column.width


def context(month: Month, *, title: str, model: dict[str, str], intervals: list[str]) -> dict[str, Any]:
    """What a template may use; ``docs/month.md`` lists it."""
    now, before = month.now(), month.before()
    names = [label_word(label, language()) for label in month.labels]
    colors, most = label_colors(month.labels), max(now.paragraphs, default=0)
    return {
        "title": title or say("title", month=month_name(month.name)),
        "month": month_name(month.name),
        "articles": now.n_articles,
        "paragraphs": now.n_body,
        "review": now.n_review,
        "overview": overview(month, intervals),
        "label_names": names,
        "labels": [
            {
                "name": name,
                "bar": bar(now.paragraphs[at], most),
                "color": colors[at],
                "paragraphs": now.paragraphs[at],
                "share": percent(now.paragraphs[at], now.n_body),
                "articles": now.articles[at],
                "before": "–" if before is None else before.paragraphs[at],
                "change": "–" if before is None else change(now.paragraphs[at], before.paragraphs[at]),
                "points": "–" if before is None else changed_points(now, before, at),
            }
            for at, name in enumerate(names)
        ],
        "units": _units(month),
        "examples": [_example(month, one) for one in month.examples()],
        "unread": [one.detail for one in month.not_counted if one.why == "unread"] or [say("all_read")],
        "certainty": certainty(month, model),
    }


def bar(part: int, most: int) -> str:
    """A bar of block characters, as long as ``part`` is of ``most``: it needs no picture and no library."""
    eighths = round(8 * _BAR * part / most) if most else 0
    return "█" * (eighths // 8) + _BLOCKS[eighths % 8]


def _units(month: Month) -> list[dict[str, Any]]:
    """A row per unit, the total last."""
    summary = month.summary()
    rows = [(unit or word("unknown", language()), summary.of(unit, month.name)) for unit in summary.units()]
    rows.append((word("total", language()), month.now()))
    return [
        {
            "name": name,
            "articles": counts.n_articles,
            "paragraphs": counts.n_body,
            "counts": counts.paragraphs,
            "none": counts.n_none,
            "review": counts.n_review,
        }
        for name, counts in rows
        if counts.n_articles
    ]


def _example(month: Month, one: Any) -> dict[str, str]:
    tag = next(tag for tag in one.paragraph.tags if tag.label == one.label.id)
    return {
        "label": label_word(one.label, language()),
        "text": " ".join(one.paragraph.text.split()),
        "title": one.article.title or os.path.basename(one.article.source),
        "unit": one.article.unit,
        "date": one.article.date,
        "evidence": shown_reason(tag),
    }
