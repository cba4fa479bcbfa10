"""How a verb hands over its answer: the option to overwrite, the format by the file's name, the writing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

import click

from civictag.i18n import _, listed

if TYPE_CHECKING:
    from civictag.datamodel import ModelInfo

Command = TypeVar("Command", bound=Callable[..., object])

SUFFIXES = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".png": "png",
    ".svg": "svg",
    ".txt": "table",
}
"""What a file's suffix says about its format."""

# Suffixes that promise a format which no verb writes: JSON under such a name opens in no program.
_FOREIGN = (
    *(".tsv", ".xls", ".xlsm", ".xlsb", ".ods", ".et", ".doc", ".docx", ".wps", ".rtf", ".odt"),
    *(".pdf", ".md", ".xml", ".zip", ".gz", ".jpg", ".jpeg", ".gif", ".pptx"),
)


def format_of(output: str | None, form: str | None, known: Mapping[str, object] | list[str]) -> str | None:
    """The format given with -f, else the one that the suffix of the output says, else None.

    Raises:
        click.UsageError: the suffix belongs to a format that the verb does not write.
    """
    if form or not output or output == "-" or not os.path.splitext(output)[1]:
        return form
    suffix = os.path.splitext(output)[1].lower()
    found = SUFFIXES.get(suffix)
    if found in known:
        return found
    if suffix in _FOREIGN or (found and found != "table"):
        raise click.UsageError(
            _(
                "{output}: cannot write {suffix}; known formats: {known}. Say which one with -f",
                output=output,
                suffix=suffix,
                known=listed(known),
            )
        )
    return None


def emit(text: str, output: str | None) -> None:
    """Write ``text`` as UTF-8 to the file ``output`` (whole or not at all), or to standard output.

    Raises:
        CivictagError: the file cannot be written.
    """
    # A corpus may hold half a surrogate pair (JSON allows it); an answer must not fail over it.
    emit_bytes(text.encode("utf-8", "backslashreplace"), output)


def emit_bytes(data: bytes, output: str | None) -> None:
    """Write an answer to the file ``output`` (whole or not at all), or to standard output.

    Raises:
        CivictagError: the file cannot be written.
    """
    from civictag.util.atomic_file import deliver

    deliver(data, output if output and output != "-" else sys.stdout.buffer)


def invite(paths: Iterable[str]) -> None:
    """Tell somebody who is to type or paste the input how to end it."""
    if "-" in paths and sys.stdin is not None and sys.stdin.isatty():
        key = _("Ctrl-Z, then Enter") if os.name == "nt" else "Ctrl-D"
        note(_("type or paste the text; end it on a new line with {key}", key=key))


def note_not_learned(info: ModelInfo) -> None:
    """Say once which labels a model never gives, or gives to every paragraph."""
    from civictag.util.label_counts import not_learned_notes

    for sentence in not_learned_notes(info):
        note(sentence)


def note(text: str) -> None:
    """Say on standard error what a person should know of the input."""
    from civictag.util.terminal import printable

    click.echo(f"civictag: {printable(text)}", err=True)


def step_begins(step: str) -> None:
    """Say which step of a training begins; how long the rest takes only to a terminal, where somebody is."""
    from civictag.training.select import Remaining

    if not isinstance(step, Remaining) or sys.stderr.isatty():
        note(step)
