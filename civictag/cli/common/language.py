"""The command line in the reader's language: ``--lang``, help texts, and Click's own words."""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from civictag import i18n
from civictag.i18n import _, mark
from civictag.util.patterns import lazy
from civictag.util.terminal import pad, width_of, wrap


def choose(arguments: Sequence[str]) -> list[str]:
    """Take ``--lang zh`` or ``--lang=zh`` out of a command line, wherever it stands, and obey it.

    Raises:
        click.UsageError: another language, or none after ``--lang``.
    """
    rest: list[str] = []
    lang: str | None = None
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            rest += [argument, *left]
        elif argument == "--lang":
            lang = next(left, "")
        elif argument.startswith("--lang="):
            lang = argument.partition("=")[2]
        else:
            rest.append(argument)
    _use(lang)
    return rest


def _use(lang: str | None) -> None:
    if lang is not None and lang not in i18n.LANGUAGES:
        raise click.UsageError(_("--lang is zh or en"))
    i18n.use(lang)
    if lang:
        os.environ["CIVICTAG_LANG"] = lang  # worker processes speak it too
    # Click asks gettext's default domain for its words.
    chinese = i18n.language() == "zh"
    gettext.textdomain("civictag" if chinese else "messages")
    if chinese:
        os.environ["LANGUAGE"] = "zh"
        gettext.bindtextdomain("civictag", i18n.LOCALE)


# What stands in the places of values: Click's words, and ours, which help texts name by the same word.
_PLACES = (
    mark("[OPTIONS]"),
    mark("COMMAND [ARGS]..."),
    mark("INTEGER OR AUTO"),
    mark("INTEGER RANGE"),
    mark("FLOAT RANGE"),
    mark("INTEGER"),
    mark("FLOAT"),
    mark("TEXT"),
    mark("PATHS"),
    mark("PATH"),
    mark("DIRECTORY"),
    mark("CORPUS"),
    mark("REVIEW"),
    mark("NAME"),
    mark("FILE"),
    mark("ADDRESS"),
    mark("MIGRATION"),
    mark("ORIGIN"),
)
_REQUIRED = mark("required")  # Click asks for it by a variable, where no extraction finds it


_QUOTED = lazy("'([^']*)'")
_STOP = lazy("(?<=[”\u4e00-\u9fff])[.](?= |$)")
_BETWEEN = lazy("” ?[,/] ?“")
_BLANKS = lazy("(?<=[”。]) (?=[（\u4e00-\u9fff])| (?=“)")


def _placed(text: str) -> str:
    for place in _PLACES:
        text = re.sub(rf"(?<![A-Z-]){re.escape(place)}(?![A-Z-])", _(place), text)
    return text


def in_words(error: click.UsageError) -> click.UsageError:
    """The error with its message as a Chinese sentence: Click sets quotes and stops of its own."""
    if i18n.language() == "zh":
        text = _STOP.sub("。", _QUOTED.sub(lambda found: f"“{_placed(found[1])}”", error.format_message()))
        text = _BLANKS.sub("", _BETWEEN.sub("”、“", text))
        # Click has no other way to say it: show() asks the exception for its message.
        error.format_message = lambda: text  # type: ignore[method-assign]
    return error


class Formatter(click.HelpFormatter):
    """Help measured in columns of the terminal: a Chinese character takes two, without spaces around it."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that begins a help text."""
        begun = _("Usage:") + ("" if i18n.language() == "zh" else " ")
        super().write_usage(prog, _placed(args), begun if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """A line over a list."""
        self.write(f"{'':>{self.current_indent}}{heading}{_(': ').rstrip()}\n")

    def write_text(self, text: str) -> None:
        """Paragraphs, wrapped to the width."""
        paragraphs = ("\n".join(self._lines(paragraph, self.width)) for paragraph in text.split("\n\n"))
        self.write("\n\n".join(paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Terms at the left, what they mean beside them."""
        rows = [(_placed(term), text) for term, text in rows]
        left = min(max((width_of(term) for term, _text in rows), default=0), col_max) + col_spacing
        for term, text in rows:
            lines = wrap(" ".join(text.split()), max(10, self.width - left - 2)) if text else [""]
            indent = " " * self.current_indent
            if width_of(term) > left - col_spacing:
                self.write(f"{indent}{term}\n")
                term = ""
            for line in lines:
                self.write(f"{indent}{pad(term, left)}{line.strip()}".rstrip() + "\n")
                term = ""

    def _lines(self, paragraph: str, width: int) -> Iterator[str]:
        indent = " " * self.current_indent
        for line in wrap(" ".join(paragraph.split()), width - self.current_indent):
            yield indent + line.strip()


class Context(click.Context):
    """Click's context, with this formatter."""

    formatter_class = Formatter


def localise(command: click.Command) -> click.Command:
    """``command`` with its help in the language in use; its English stays known for the next time."""
    command.context_class = Context
    command._help_option = None  # Click keeps its --help, in the language of the first time
    for verb in getattr(command, "commands", {}).values():
        localise(verb)
    for holder, name in _texts(command):
        setattr(holder, name, _(_flowing(_english(holder, name))))
    return command


def help_texts(command: click.Command) -> list[str]:
    """The English of all help texts of a command, and of its verbs, as ``_`` is asked for them."""
    verbs = getattr(command, "commands", {}).values()
    own = [_flowing(_english(holder, name)) for holder, name in _texts(command)]
    return own + [text for verb in verbs for text in help_texts(verb)]


def _flowing(text: str) -> str:
    """Paragraphs without the line ends of the source."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _english(holder: Any, name: str) -> str:
    """The text as it was written, whatever language it was last shown in."""
    return str(holder.__dict__.setdefault(f"_english_{name}", getattr(holder, name)))


def _texts(command: click.Command) -> Iterator[tuple[Any, str]]:
    """What in a command is text for people, as (object, attribute), where it is not empty."""
    holders: list[tuple[Any, Sequence[str]]] = [(command, ("help", "short_help", "epilog"))]
    holders += [(parameter, ("help",)) for parameter in command.params]
    for holder, names in holders:
        yield from ((holder, name) for name in names if getattr(holder, name, None))
