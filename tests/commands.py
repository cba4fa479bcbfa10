"""The command line, in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import civictag
from civictag import i18n
from civictag.cli import run


class Command:
    """Runs a command in this process: exit code, standard output, standard error."""

    def __init__(self, capfdbinary) -> None:
        self._captured = capfdbinary

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        self._captured.readouterr()
        with patch.dict(os.environ):  # --lang tells worker processes by the environment
            code = run([str(argument) for argument in arguments])
        i18n.use(None)
        out, err = self._captured.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")


def environment(**more: str) -> dict[str, str]:
    """With this checkout first, and Python's own messages off."""
    home = str(Path(civictag.__file__).parents[1])
    path = os.pathsep.join([home, *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore", **more}


def start(*arguments: object, code: str | None = None, env: dict[str, str] | None = None, **options):
    """A process of its own: ``python -m civictag`` with arguments, or ``python -c code``."""
    head = ["-m", "civictag"] if code is None else ["-c", code]
    line = [sys.executable, *head, *map(str, arguments)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(line, env=environment(**(env or {})), **{**pipes, **options})


def finish(*arguments: object, **options) -> tuple[int, str, str]:
    """Run to the end: exit code, standard output, standard error."""
    given = options.pop("input", None)
    if given is not None:
        options["stdin"] = subprocess.PIPE
    process = start(*arguments, **options)
    out, err = process.communicate(given, timeout=120)
    return process.returncode, out.decode("utf-8"), err.decode("utf-8")
