"""What the verbs of ``civictag corpus`` share: their options, reading, and the answer in its format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from civictag.cli.common.emit import emit, format_of, note
from civictag.cli.common.options import force_option, format_option, output_option
from civictag.i18n import _

if TYPE_CHECKING:
    from civictag.datamodel import LabelledParagraph
    from civictag.labels.label_set import Taxonomy
    from civictag.util.interval import Interval

Command = TypeVar("Command", bound=Callable[..., object])

KNOWN = ("table", "json", "html")
"""The formats of every answer."""

labels_option = click.option(
    "-l", "--labels", help="A shipped name or a .toml file. Default: the labels as the corpus writes them."
)


def answer_options(command: Command) -> Command:
    """``-f``, ``--json``, ``-o`` and ``--force``."""
    command = output_option(force_option(command))
    command = click.option("--json", "as_json", is_flag=True, help="The same as -f json.")(command)
    return format_option(KNOWN)(command)


@dataclass(frozen=True, slots=True)
class Report:
    """One answer in all its formats.

    Attributes:
        data: for programs.
        tables: (title, rows, the first one their heads) for people.
        notes: sentences below them.
        title: of the page.
        cases: paragraphs worth reading: (text, place, what about it), for the page.
    """

    data: Any
    tables: Sequence[tuple[str, Sequence[Sequence[str]]]]
    notes: Sequence[str] = ()
    title: str = ""
    cases: Sequence[tuple[str, str, str]] = ()


def answer(
    make: Callable[[], Report],
    inputs: Iterable[str],
    form: str | None,
    as_json: bool,
    output: str | None,
    force: bool,
    labels: str | None = None,
) -> None:
    """Make the report, and write it in the format that was asked for; ``inputs`` and ``labels`` are read."""
    from civictag.util.outputs import guarded

    chosen = "json" if as_json else format_of(output, form, list(KNOWN)) or "table"
    with guarded([output], read_files(inputs, labels), force=force):
        report = make()
        emit({"json": _json, "table": _table, "html": _html}[chosen](report), output)


def read_files(corpus: Iterable[str], labels: str | None) -> list[str]:
    """What a verb reads, and so never writes over: the files of its corpus, and its label file."""
    from civictag.corpus.files import corpus_files

    return [*corpus_files(corpus), *([labels] if labels else [])]


def read(corpus: Sequence[str], labels: str | None) -> tuple[list[LabelledParagraph], Taxonomy]:
    """The corpus, and its label set; without one, the labels as the corpus writes them, without cues."""
    from civictag.corpus.files import read_corpus
    from civictag.datamodel import Label
    from civictag.labels.label_set import Taxonomy, read_taxonomy

    if labels is not None:
        known = read_taxonomy(labels)
        return read_corpus(corpus, known.labels, note), known
    rows = read_corpus(corpus, tell=note)
    ids = sorted({label for row in rows for label in row.labels})
    return rows, Taxonomy("corpus", "0", tuple(Label(x, x) for x in ids), (), "", {})


def beginning(text: str, most: int = 30) -> str:
    """The first ``most`` characters of a paragraph, with a sign where it goes on."""
    return text if len(text) <= most else text[:most] + "…"


def read_labelled(corpus: Sequence[str], labels: str | None) -> tuple[list[LabelledParagraph], Taxonomy]:
    """As ``read``, for what learns from the labels.

    Raises:
        CorpusError: there is none.
    """
    from civictag.errors import CorpusError

    rows, known = read(corpus, labels)
    if not any(row.labels for row in rows):
        problem, hint = _("has no label at all"), _("Label some paragraphs, or give another corpus")
        raise CorpusError(problem, where=", ".join(corpus), hint=hint)
    return rows, known


def shown(number: float | None) -> str:
    """A figure with three decimals."""
    return "–" if number is None else f"{number:.3f}"


def with_range(figure: Interval) -> str:
    """A figure with its interval, where it has one."""
    return f"{figure.shown()} {figure.range()}".strip()


def _json(report: Report) -> str:
    return json.dumps(report.data, ensure_ascii=False, indent=1) + "\n"


def _table(report: Report) -> str:
    from civictag.util.terminal import printable, table

    parts = []
    for title, rows in report.tables:
        if len(rows) > 1:
            body = table([[printable(cell) for cell in row] for row in rows], left=_worded(rows))
            parts.append(f"{title}\n{body}" if title else body)
    return "\n\n".join([*parts, *map(printable, report.notes)] or [_("nothing found")]) + "\n"


def _worded(rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns that hold words and not figures alone: they stand at the left."""
    columns = enumerate(zip(*rows[1:], strict=True))
    return [at for at, cells in columns if any(map(str.isalpha, "".join(cells)))]


def _html(report: Report) -> str:
    from civictag.util.pages import render

    tables = [(title, rows[0], rows[1:], _worded(rows)) for title, rows in report.tables if len(rows) > 1]
    return render("curation.html", title=report.title, tables=tables, notes=report.notes, cases=report.cases)
