"""Readers that cannot be bounded from within (Word, PDF, workbooks) run in a child process.

The child has limits of memory and processor time; an input that kills it is named and passed over, and
the next one gets a new child. It is started with the first such file and serves all that follow, so that
text files pay nothing and a thousand Word files pay once. What goes to and fro is JSON: a reader that a
hostile file took over must not be able to hand back anything but data.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from civictag.datamodel import Document, FileNote
from civictag.errors import InputError, MissingExtra
from civictag.i18n import _, language
from civictag.readers.files import shown
from civictag.readers.limits import CHILD_MEMORY, CHILD_MEMORY_MOST, CHILD_SECONDS, MIB
from civictag.readers.options import Reading

_START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from civictag.readers.documents.child_main import serve; serve()"
)
_PATIENCE = 6  # times the processor seconds that a child may take by the clock


def read_in_child(task: str, path: str, reading: Reading) -> Iterator[Document | InputError]:
    """The documents of ``path`` by the reader called ``task`` (a key of ``child_main.READERS``).

    Raises:
        InputError: the file cannot be read, or it needs more memory or time than it may take.
        MissingExtra: a library is not installed.
    """
    child = _Child.current()
    seconds = _seconds_for(path)
    child.ask(
        {
            "task": task,
            "path": path,
            "reading": reading._asdict(),
            "seconds": seconds,
            "folder": _folder(),
            "language": language(),
        }
    )
    try:
        while (answer := _answer(child, path, seconds)) is not None:
            yield answer
    finally:
        child.leave()


def _answer(child: _Child, path: str, seconds: int) -> Document | InputError | None:
    """The next document or refused row; None after the last."""
    answer = child.answer(seconds * _PATIENCE)
    if answer is None:
        raise _killed(path, child, seconds)
    if "document" in answer:
        return _document_of(answer["document"])
    if "row" in answer:
        return InputError(**answer["row"])
    child.busy = False
    if "extra" in answer:
        raise MissingExtra(*answer["extra"], where=shown(path))
    if "error" in answer:
        raise InputError(**answer["error"])
    return None


def _document_of(fields: dict[str, Any]) -> Document:
    """A Document from its fields as JSON has them."""
    warnings = tuple(FileNote(text) if of_file else text for text, of_file in fields["warnings"])
    return Document(**{**fields, "warnings": warnings})


def _seconds_for(path: str) -> int:
    """Processor seconds that a file may take: a minute, and two more for each MiB."""
    return CHILD_SECONDS + 2 * (_size(path) // MIB)


def memory_for(path: str) -> int:
    """Bytes of memory that a file may take: 1 GiB, and more for those that are large themselves."""
    return min(CHILD_MEMORY_MOST, max(CHILD_MEMORY, 24 * _size(path)))


def _folder() -> str | None:
    """The working folder, which may be another by now than when the child began; None where it is gone."""
    with contextlib.suppress(OSError):
        return os.getcwd()
    return None


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0


def _killed(path: str, child: _Child, seconds: int) -> InputError:
    if child.overdue or child.code in (-24, -9):  # SIGXCPU, and SIGKILL past the hard limit
        problem = _("takes longer than {seconds} seconds to read", seconds=seconds)
    else:
        problem = _("needs more memory than {size} MiB, or ended its reader", size=memory_for(path) // MIB)
    hint = _("It is damaged or made to do harm; open it in an office program and save it again")
    return InputError(problem, where=shown(path), hint=hint)


class _Child:
    """One child process, and what became of it."""

    _running: _Child | None = None
    _choice = threading.Lock()

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.overdue = self.busy = False
        self.code: int | None = None
        self._deadline: float | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, json.dumps([*map(os.path.abspath, sys.path)])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "CIVICTAG_LANG": language(), "PYTHONIOENCODING": "utf-8"},
        )
        threading.Thread(target=self._watch, daemon=True).start()

    @classmethod
    def current(cls) -> _Child:
        """The child of this process; a new one where the last was killed, or is at a file still.

        It is taken and marked as busy in one step: two threads at one child would get each other's articles.
        """
        with cls._choice:
            running = cls._running
            if running is None or running.owner != os.getpid() or running.code is not None or running.busy:
                running = cls._running = cls()
            running.busy = True
            return running

    def ask(self, request: dict[str, Any]) -> None:
        """Send a request; a child that died meanwhile is found out by ``answer``."""
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
            self._process.stdin.flush()

    def answer(self, seconds: float) -> dict[str, Any] | None:
        """The next answer; None when the child ended or took too long."""
        assert self._process.stdout
        self._deadline = time.monotonic() + seconds
        line = self._process.stdout.readline()
        self._deadline = None
        try:
            found: dict[str, Any] = json.loads(line)
        except ValueError:  # it ended, perhaps in the middle of a line
            self.end()
            return None
        return found

    def leave(self) -> None:
        """Its file is done with. Left half-way, it would answer the next question with this file's rest."""
        if self.code is None and (self.busy or _Child._running is not self):
            self.end()

    def end(self) -> None:
        """End it, if it has not ended."""
        with contextlib.suppress(OSError):
            self._process.kill()
        self.code = self._process.wait()

    def _watch(self) -> None:
        while self.code is None:
            time.sleep(0.5)
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                self.overdue = True
                self._process.kill()
                return


@atexit.register
def _end() -> None:
    running = _Child._running
    if running is not None and running.owner == os.getpid() and running.code is None:
        running.end()
