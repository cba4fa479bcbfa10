"""Every option and argument of every verb that names a file, as click tells, and files that are none.

A command runs in a fork of this process, which has loaded what most verbs need, with limits of memory and
of time by the clock: a pipe that nobody writes to would be waited for without end.
"""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import click

from civictag.cli import civictag, run
from civictag.readers.limits import MIB
from civictag.settings import Learner

MEMORY = 2048 * MIB
PATIENCE = 40  # seconds by the clock, of a machine that may do much besides

# Options that are texts to click and name files, or may; all others that are texts name none.
FILES = {"--model", "--labels", "--key", "name", "path", "--cluster"} - {"--cluster"}
TEXTS = {
    "--cluster", "--title", "--text-column", "--title-column", "--id-column", "--date-column",
    "--unit-column", "--encoding", "--by", "--month", "--host", "--allow-host", "--allow-origin",
    "--root-path", "--from",
}  # fmt: skip


class Place(NamedTuple):
    """One option or argument of a verb.

    Attributes:
        verb: words of the command.
        name: what it is called: the longest of an option's names.
        is_option: it is written before its value.
        is_path: it names a file by its type.
        needed: the command is none without it.
        folder: it names a folder.
    """

    verb: tuple[str, ...]
    name: str
    is_option: bool
    is_path: bool
    needed: bool
    folder: bool


def places() -> Iterator[Place]:
    """All that take a text or a path."""
    for verb, command in _commands(civictag, click.Context(civictag), ()):
        for parameter in command.params:
            kind = parameter.type
            if isinstance(kind, click.Path) or type(kind) is type(click.STRING):
                name = max(parameter.opts, key=len)
                option = isinstance(parameter, click.Option)
                path = isinstance(kind, click.Path)
                folder = path and not kind.file_okay
                yield Place(verb, name, option, path, parameter.required, folder)


def _commands(
    command: click.Command, context: click.Context, verb: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield verb, command
        return
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from _commands(found, click.Context(found, parent=context, info_name=name), (*verb, name))


def pipe(path: Path) -> None:
    """A pipe that nobody has open."""
    os.mkfifo(path)


def listening(path: Path) -> None:
    """A socket; nobody listens any more."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


SPECIAL: dict[str, Callable[[Path], object]] = {
    "a pipe": pipe,
    "a socket": listening,
    "a folder": Path.mkdir,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "zeros without end": lambda path: path.symlink_to("/dev/zero"),
    "a full device": lambda path: path.symlink_to("/dev/full"),
    "nothing": lambda path: path.symlink_to("/dev/null"),
    "under a file": lambda path: path.parent.joinpath("plain").write_text("x"),
    "a name too long": lambda path: None,
    "may not be read": lambda path: (path.write_text("x"), path.chmod(0)),
}


def named(kind: str, folder: Path, suffix: str) -> Path:
    """A path that is of that kind; the suffix is the one of what would be expected there."""
    if kind == "a name too long":
        return folder / ("长" * 200 + suffix)
    path = folder / f"odd{suffix}"
    SPECIAL[kind](path)
    return folder / "plain" / f"odd{suffix}" if kind == "under a file" else path


def attempt(arguments: list[str], folder: Path) -> tuple[int | None, str]:
    """Exit code (negative: of a signal; None: it did not end in time), and what was said."""
    said = folder / "said"
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        _run(arguments, said)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status), said.read_text("utf-8", "replace")
        time.sleep(0.01)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return None, said.read_text("utf-8", "replace")


def _run(arguments: list[str], said: Path) -> None:
    code = 70
    try:
        target = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for number in (1, 2):
            os.dup2(target, number)
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))
        stack = contextlib.ExitStack()
        with open(os.devnull) as sys.stdin, open(2, "w", encoding="utf-8", closefd=False) as sys.stderr:
            sys.stdout = sys.stderr
            ways = [Learner("cue")]
            stack.enter_context(patch("civictag.training.select.worth_trying", lambda *_: ways))
            with contextlib.suppress(ImportError):
                stack.enter_context(patch("civictag.web.server.Server.run", lambda _self: None))
            code = run(list(map(str, arguments)))
    except BaseException as error:
        os.write(2, f"Traceback: {error!r}".encode())
    finally:
        os._exit(code)
