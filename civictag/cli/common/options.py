"""Options that several verbs have, each written once."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from civictag.errors import CivictagError
from civictag.i18n import _

Command = TypeVar("Command", bound=Callable[..., object])
DEFAULT_MODEL = "civic"  # of -m


class InputPath(click.Path):
    """A file or folder that is read: a pipe that nobody writes to would be waited for without end.

    The articles of ``tag`` and ``stats`` are no such option: one that cannot be read is that input's failure.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path as Click gives it; CivictagError: a pipe, socket or device is there."""
        path = super().convert(value, param, ctx)
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError):  # who reads it will tell
            return path
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            return path
        problem = _("a pipe, socket or device, not a file; copy what it holds into a file")
        raise CivictagError(problem, where=os.fsdecode(path))


corpus_argument = click.argument("corpus", nargs=-1, required=True, type=InputPath())
model_option = click.option(
    "-m", "--model", default=DEFAULT_MODEL, show_default=True, help="A shipped name or a folder."
)
output_option = click.option(
    "-o", "--output", type=click.Path(), help="Write to this file instead of standard output."
)
jobs_option = click.option(
    "-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Number of worker processes."
)


def similarity_option(default: float) -> Callable[[Command], Command]:
    """How alike copies are: 0.8 where they are asked for.

    What drops copies unasked drops exact ones: two units' reports of one pattern (「××社区开展……」) are
    alike to 0.9 and more, and two reports.
    """
    return click.option(
        "--similarity", type=click.FloatRange(0.3, 1), default=default, show_default=True,
        help="Least share of common shingles (Jaccard) that makes articles copies; 1: exact copies only.",
    )  # fmt: skip


def force_option(command: Command) -> Command:
    """The option ``--force`` of every verb that writes a file."""
    text = "Overwrite an existing file that civictag did not make or that was changed since."
    return click.option("--force", is_flag=True, help=text)(command)


def format_option(formats: Sequence[str]) -> Callable[[Command], Command]:
    """``-f`` of a verb that writes these formats, ``table`` among them."""
    text = "Default: by the suffix of OUTPUT, else table."
    return click.option("-f", "--format", "form", type=click.Choice(formats), help=text)


def resamples_option(least: int = 0) -> Callable[[Command], Command]:
    """``--resamples``; with ``least`` 1 the verb cannot do without."""
    none = "" if least else "; 0 leaves the intervals out"
    text = f"Bootstrap resamples of whole articles{none}."
    return click.option("--resamples", type=click.IntRange(least), default=2000, show_default=True, help=text)


def seed_option(of: str) -> Callable[[Command], Command]:
    """``--seed``; ``of`` is the help, which says of what."""
    return click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help=of)
