"""The Word report: a template that an office may replace, filled with a month's facts."""

from __future__ import annotations

import io
import os
from typing import Any

from civictag.errors import CivictagError
from civictag.i18n import _, language
from civictag.reports.month import Month
from civictag.reports.phrases import certainty, change, changed_points, month_name, overview, percent, say
from civictag.writers.reasons import quoted, speaking_for
from civictag.writers.sheets.headings import label_word, word

_DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data")
_WIDTH = 150  # millimetres of the chart


def template_path() -> str:
    """The template that is used where none is given, in the language in use."""
    return os.path.join(_DATA, f"month.{language()}.docx")


def word_report(
    month: Month,
    *,
    title: str = "",
    model: dict[str, str],
    template: str | None = None,
    chart: bytes | None = None,
    intervals: list[str] | None = None,
) -> bytes:
    """The report as a .docx.

    Args:
        month: the facts.
        title: over the report; "" for the month's name.
        model: ``name``, ``version`` and ``sha256`` of what gave the labels.
        template: a .docx with Jinja2 tags (docxtpl); None for ``template_path``. It is filled with what
            ``context`` gives.
        chart: a PNG with the counts.
        intervals: per label what is said behind its share.

    Raises:
        CivictagError: the template cannot be read, or has a mistake.
    """
    path = template or template_path()
    values = context(month, title=title, model=model, intervals=intervals or [])
    return _filled(path, values, chart)


def _filled(path: str, values: dict[str, Any], chart: bytes | None) -> bytes:
    """The template with the values in their places."""
    from docx.opc.exceptions import OpcError
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage  # type: ignore[import-untyped]
    from jinja2 import TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    try:
        document = DocxTemplate(path)
        values["chart"] = InlineImage(document, io.BytesIO(chart), width=Mm(_WIDTH)) if chart else ""
        # A template may come from anybody: it fills in values and reaches nothing else.
        document.render(values, SandboxedEnvironment(autoescape=True))
        target = io.BytesIO()
        document.save(target)
        return target.getvalue()
    except TemplateError as error:
        raise CivictagError(_("mistake in the template: {reason}", reason=error), where=path) from error
    except (OpcError, OSError, ValueError, KeyError) as error:  # KeyError: a ZIP file of another kind
        raise CivictagError(_("is no Word template: {reason}", reason=error), where=path) from error


def context(month: Month, *, title: str, model: dict[str, str], intervals: list[str]) -> dict[str, Any]:
    """What a template may use; ``docs/month.md`` lists it."""
    now, before = month.now(), month.before()
    names = [label_word(label, language()) for label in month.labels]
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
        "unread": month.unread or [say("all_read")],
        "certainty": certainty(month, model),
    }


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
        "evidence": quoted(speaking_for(tag)),
    }
