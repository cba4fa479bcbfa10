"""``civictag month``: a month's articles as a report to hand in, a workbook to file and a page."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from civictag.cli.common.cues import chosen, labels_option, tagged_by
from civictag.cli.common.emit import emit_bytes, note_not_learned
from civictag.cli.common.messages import report
from civictag.cli.common.options import InputPath, force_option, model_option, similarity_option
from civictag.cli.common.reading_options import mask_of, mask_options, reading_of, reading_options
from civictag.cli.common.tagged_inputs import TaggedInputs
from civictag.datamodel import NotCounted
from civictag.errors import CivictagError
from civictag.i18n import _, listed
from civictag.util.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civictag.model.tagger import Tagger
    from civictag.reports.month import Month

_FORMS = {".docx": "docx", ".xlsx": "xlsx", ".html": "html", ".htm": "html"}


@click.command(
    short_help="A month's report: Word, workbook, page.",
    epilog="Example: civictag month april/ --previous march.xlsx -o april.docx",
)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "-o", "--output", "outputs", multiple=True, type=click.Path(),
    help=".docx, .xlsx or .html; repeatable.",
)  # fmt: skip
@click.option("--previous", multiple=True, type=InputPath(), help="The month before: folder or workbook.")
@click.option("--month", "name", metavar="YYYY-MM", help="Take the articles of this month only.")
@click.option("--title", default="", help="Heading of the report.")
@click.option("--template", type=InputPath(), help="Your own .docx with the places to fill in.")
@click.option("--write-template", type=click.Path(), help="Write the template here, to change in Word.")
@click.option("--intervals", is_flag=True, help="Give 95 % intervals of the shares.")
@model_option
@labels_option("Report by the cues of this label set alone, or of tables that tag -l made with it.")
@similarity_option(1.0)
@force_option
@mask_options
@reading_options
@click.pass_context
def command(
    context: click.Context, /, paths: tuple[str, ...], outputs: tuple[str, ...], model: str, **params: Any
) -> None:
    """Tag a month's articles and write its report, with tables, a chart, examples and what was not read.

    PATHS: folders, files, or the workbook that tag or apply wrote, whose corrections count. Every figure
    of the report can be added up from the workbook, which holds the month before too.
    """
    if params["write_template"]:
        _write_template(params["write_template"], params["force"])
        return
    for output in outputs:
        if os.path.splitext(output)[1].lower() not in _FORMS:
            raise click.UsageError(_("{output}: known formats: .docx, .xlsx, .html", output=output))
    if not paths or not outputs:
        raise click.UsageError(_("give the month's folder, and -o for what to write"))
    params["name"] = _month_named(params["name"])
    context.exit(_run(paths, outputs, model, params))


def _run(paths: tuple[str, ...], outputs: tuple[str, ...], model: str, params: dict[str, Any]) -> int:
    """Do it; the exit code."""
    from civictag.model import bundle
    from civictag.readers import find_inputs
    from civictag.reports.month import month_of_articles
    from civictag.util.outputs import guarded

    template = [params["template"]] if params["template"] else []
    articles = find_inputs((*template, *params["previous"], *paths))
    read = chain(tagged_by(model, labels=params["labels"]), articles)
    with guarded(outputs, read, force=params["force"]), chosen(model, params["labels"]) as folder:
        tagger = bundle.load(folder)
        note_not_learned(tagger.info)
        before = _Read(params["previous"], tagger, params)
        now = _Read(paths, tagger, params, before.inputs)
        if not now.inputs.articles:
            for line in now.unread():  # else nobody is told why
                _say(line)
        if not now.articles and now.inputs.articles:
            problem = _("every article is a reprint that is counted already, or has no text")
            raise CivictagError(problem, where=listed(paths))
        month = month_of_articles(now.articles, before.articles, tagger.labels, params["name"])
        mask = mask_of(params)
        unread = [_("the month before: {line}", line=line) for line in before.unread()]
        month.not_counted += [NotCounted("unread", detail=line) for line in (*now.unread(), *unread)]
        month.not_counted += now.inputs.not_counted
        month.not_counted = [_masked(one, mask) for one in month.not_counted]
        for output in outputs:
            _write(month, tagger, output, params)
    if not any(output.lower().endswith(".xlsx") for output in outputs):
        _say(_("with -o NAME.xlsx besides, every figure can be added up"))
    if not params["previous"]:
        return now.conclude()
    failed = before.conclude(_("the month before"))
    return now.conclude(_("this month")) or (3 if failed else 0)


class _Read:
    """What was read of one of the two months, and what was not.

    Args:
        paths: its inputs.
        tagger, params: tag them, and say how they are read.
        after: the inputs of the month before it.
    """

    def __init__(
        self, paths: Sequence[str], tagger: Tagger, params: dict[str, Any], after: TaggedInputs | None = None
    ) -> None:
        from civictag.readers.passed_over import look

        self._found = look(paths)
        self._failures: list[CivictagError] = []
        self.inputs = TaggedInputs(
            tagger, self._failures.append, reading_of(params),
            copies=params["similarity"], after=after, explain=True, mask=mask_of(params),
        )  # fmt: skip
        self.articles = list(self.inputs.read(paths))
        self.inputs.say()

    def unread(self) -> list[str]:
        """What could not be read, a sentence each."""
        return [*self._found.lines(), *map(str, self._failures)]

    def conclude(self, of: str = "") -> int:
        """Say what was read and what was not; the exit code."""
        return report(self._failures, self._found, self.inputs.articles, of)


def _masked(one: NotCounted, mask: tuple[str, ...]) -> NotCounted:
    """Without what a line of a report, which names files, tells of persons."""
    if not mask:
        return one
    from civictag.text.mask import mask_text

    source, title, detail = (mask_text(text, mask) for text in (one.source, one.title, one.detail))
    return replace(one, source=source, title=title, detail=detail)


def _write(month: Month, tagger: Tagger, output: str, params: dict[str, Any]) -> None:
    form = _FORMS[os.path.splitext(output)[1].lower()]
    if form == "docx":
        _write_word(month, tagger, output, params)
        return
    from civictag.reports.phrases import month_name, say
    from civictag.writers import Options, open_writer

    options = Options(
        explain=True, all_scores=True, title=params["title"] or say("title", month=month_name(month.name))
    )
    # The page is the month's; the workbook has those before too, for the change against them.
    articles = month.articles
    if form == "xlsx":
        articles = [*month.older, *month.earlier, *month.articles]
        further = dict.fromkeys(name for article in articles for name in article.extra)
        options = options._replace(further=tuple(further), not_counted=tuple(month.not_counted))
    with open_writer(
        form, output, labels=tagger.labels, model=tagger.info.as_dict(), options=options
    ) as writer:
        for article in articles:
            writer.write(article)
    for warning in writer.warnings:
        _say(warning)


def _write_word(month: Month, tagger: Tagger, output: str, params: dict[str, Any]) -> None:
    from civictag.reports.word import word_report

    data = word_report(
        month,
        title=params["title"],
        model=tagger.info.as_dict(),
        template=params["template"],
        intervals=_intervals(month) if params["intervals"] else None,
    )
    emit_bytes(data, output)


def _intervals(month: Month) -> list[str]:
    """What is said behind the share of each label."""
    from civictag.prevalence.shares import shares
    from civictag.reports.phrases import say

    found = [share.share for share in shares(month.articles, month.labels).total.shares]
    known = [(one.low, one.high) for one in found]
    return [
        "" if low is None or high is None else say("interval", low=f"{low:.1%}", high=f"{high:.1%}")
        for low, high in known
    ]


def _write_template(path: str, force: bool) -> None:
    from civictag.reports.word import template_path
    from civictag.util.outputs import guarded

    with guarded([path], force=force), open(template_path(), "rb") as template:
        emit_bytes(template.read(), path)
    _say(_("the template was written to {path}: change it in Word, then give --template", path=path))


def _month_named(name: str | None) -> str | None:
    """``2024-04`` of it, however it is written: 2024年4月, 2024/4, 202404.

    Raises:
        click.UsageError: it names no month, or a day.
    """
    from civictag.util.dates import read_date

    if name is None:
        return None
    found = read_date(name)
    # A month and no more: of 2024-04..2024-06 the first would be taken.
    if found is None or not found.month or not re.fullmatch(r"\s*\d{4}\D?\d{1,2}月?份?\s*", name):
        raise click.UsageError(_("--month is a year and a month: 2024-04"))
    return found.iso()


def _say(message: str) -> None:
    click.echo(f"civictag: {printable(message)}", err=True)
