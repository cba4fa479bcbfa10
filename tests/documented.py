"""The examples in the documentation: found, run, compared, and written again.

An example is a fenced ``console`` block: lines that begin with ``$ `` are commands, what follows each is
what it prints; or a ``python`` block with a ``text`` block below it, which is what it prints. The examples
of a page run in order in one folder, which sees the checkout's ``corpus``, ``labels`` and ``docs``.
``python tests/documented.py PAGE…`` writes the outputs anew.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SESSION = r"```console\n(?P<session>.*?)```"
PROGRAM = r"```python\n(?P<code>.*?)```\n\n```text\n(?P<out>.*?)```"
BLOCK = re.compile(f"{SESSION}|{PROGRAM}", re.S)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
HASH = re.compile(r"\b[0-9a-f]{12,64}\b")


def examples(page: str) -> Iterator[tuple[str, str]]:
    """Each command of a page with the output that the page shows."""
    for block in BLOCK.finditer(page):
        if block["code"]:
            yield as_command(block["code"]), block["out"]
            continue
        for part in re.split(r"^\$ ", block["session"], flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def as_command(code: str) -> str:
    """A shell command that runs a Python program."""
    return f"python -c {shlex.quote(code)}"


def make_folder(folder: Path) -> Path:
    """A folder to run in, with a ``civictag`` that is this checkout's, whatever is installed."""
    for name in ("corpus", "labels", "docs"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".bin").mkdir()
    for name, start in {"civictag": "-m civictag", "python": ""}.items():
        script = folder / ".bin" / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {start} "$@"\n')
        script.chmod(0o755)
    return folder


def language_of(page: str) -> str:
    """The language of a page, which is that of the outputs it shows."""
    return "zh" if "zh-CN" in page else "en"


def run(command: str, folder: Path, language: str = "en") -> str:
    """What the command prints, both streams, on a terminal of 80 columns.

    Of a pipe what goes to standard error comes first: its last command prints when it likes.
    """
    piped = " | " in command
    path = os.pathsep.join([str(folder / ".bin"), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "PYTHONUTF8": "1"}
    env |= {"CIVICTAG_LANG": language, "CIVICTAG_STATE": str(folder / ".state")}
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if piped else subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    printed = (done.stderr or b"") + done.stdout
    return printed.decode("utf-8").replace("\ufeff", "").rstrip("\n") + "\n" * bool(printed)


def same(shown: str, printed: str, tolerance: float) -> bool:
    """Equal but for spaces at line ends, hashes, and numbers that differ by ``tolerance`` of their size."""
    pair = [HASH.sub("#", re.sub(r"[ \t]+", " ", text)).strip() for text in (shown, printed)]
    words = [NUMBER.split(text) for text in pair]
    numbers = [[float(n) for n in NUMBER.findall(text)] for text in pair]
    return words[0] == words[1] and all(
        abs(a - b) <= tolerance * max(1.0, abs(a)) for a, b in zip(*numbers, strict=True)
    )


def rewritten(page: str, folder: Path, language: str) -> str:
    """The page with every output as the program prints it now."""

    def block(match: re.Match[str]) -> str:
        if match["code"]:
            printed = run(as_command(match["code"]), folder, language)
            return f"```python\n{match['code']}```\n\n```text\n{printed}```"
        commands = re.findall(r"^\$ (.*)$", match["session"], flags=re.M)
        return "```console\n" + "".join(f"$ {c}\n{run(c, folder, language)}" for c in commands) + "```"

    return BLOCK.sub(block, page)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as empty:
            text = Path(name).read_text(encoding="utf-8")
            page = rewritten(text, make_folder(Path(empty)), language_of(name))
        Path(name).write_text(page, encoding="utf-8")
