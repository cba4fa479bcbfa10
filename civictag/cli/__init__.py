"""The command line: one verb per module, and the only place where an error becomes a message."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from civictag.cli.common.language import choose, in_words, localise
from civictag.cli.common.process import Ended, prepare
from civictag.errors import CivictagError, reason
from civictag.i18n import LANGUAGES, _
from civictag.util.terminal import escaped
from civictag.util.unfinished import discard
from civictag.version import __version__

VERBS = {
    "tag": "Tag articles, paragraph by paragraph.",
    "train": "Train a model from labelled paragraphs.",
    "evaluate": "Score a model on labelled paragraphs.",
    "corpus": "Check, count, split, audit, compare and convert corpora.",
    "compare": "Compare two models on labelled paragraphs.",
    "apply": "Put corrections into a workbook or report.",
    "stats": "Shares of labels, by one or two columns.",
    "month": "A month's report: Word, workbook, page.",
    "page": "Tag and correct in the browser.",
    "annotate": "Label paragraphs in the browser, alone or with others.",
    "serve": "Serve tagging over HTTP, with a page for people.",
    "labels": "List the label sets, show one, begin or migrate one.",
    "models": "List the models, or show one.",
    "doctor": "Say what this installation can do.",
}


class _Group(click.Group):
    """Loads a verb's module when it is called: ``tag`` does not pay for ``train``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, in the order that a person needs them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, or None when there is no such verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"civictag.cli.{cmd_name}").command
        return localise(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs in the help, without loading their modules."""
        with formatter.section(_("Verbs")):
            formatter.write_dl([(verb, _(text)) for verb, text in VERBS.items()])


def _version(context: click.Context, option: click.Parameter, asked: bool) -> None:
    if asked:
        from civictag.text.backend import is_compiled

        click.echo(
            _(
                "civictag, version {version} ({backend} backend)",
                version=__version__,
                backend=_("compiled") if is_compiled() else _("pure Python"),
            )
        )
        context.exit()


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: civictag tag articles/ -f html -o report.html",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Show the version and which backend runs, and exit.",
)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), expose_value=False,
    help="Language of messages, help, sheets and reports; also CIVICTAG_LANG. It may stand after the verb.",
)  # fmt: skip
def civictag() -> None:
    """Tag the paragraphs of Chinese civic-campaign articles (文明城市创建), and show why."""


def main() -> NoReturn:
    """Run the command line and exit: 0 done, 1 wrong data, 2 wrong usage, 3 some failed, 130 interrupted."""
    prepare()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; the exit code."""
    try:
        code = _invoke(choose(arguments))
        sys.stdout.flush()
        return code
    except CivictagError as error:
        return _say(str(error), 1)
    except click.UsageError as error:
        return _show(in_words(error))
    except click.ClickException as error:
        return _show(error)
    except (click.Abort, KeyboardInterrupt):
        discard()
        exec("")  # CPython ends by the signal, not with our code, if the last exec of a text was interrupted
        return _say(_("interrupted"), 130)
    except Ended as end:
        discard()
        return _say(_("ended by signal {number}", number=end.number), 128 + end.number)
    except BrokenPipeError:
        # The reader went away (civictag … | head): nothing more to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(f"{error.filename or 'system'}{_(': ')}{reason(error)}", 1)
    except MemoryError:
        return _say(_("out of memory. Tag fewer or smaller files at a time"), 1)


def _invoke(arguments: list[str]) -> int:
    """Not ``civictag.main()``: that ends a broken pipe with code 1, as if the user had done wrong."""
    try:
        with localise(civictag).make_context("civictag", arguments) as context:
            civictag.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    return 0


def _show(error: click.ClickException) -> int:
    """A mistake in the command itself, which may repeat what was given, terminal codes and all."""
    room = io.StringIO()
    error.show(room)
    click.echo("\n".join(map(escaped, room.getvalue().split("\n"))), nl=False, err=True)
    return error.exit_code


def _say(message: str, code: int) -> int:
    click.echo(f"civictag: {escaped(message)}", err=True)
    return code
