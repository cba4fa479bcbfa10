"""The child's side of ``child``: read what is asked for, within limits, and answer in JSON lines."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from civictag import i18n
from civictag.datamodel import Document, FileNote
from civictag.errors import CivictagError, InputError, MissingExtra
from civictag.i18n import _
from civictag.readers.documents.child import memory_for
from civictag.readers.files import shown
from civictag.readers.options import Reading
from civictag.util.orphans import end_with

Reader = Callable[[str, Reading], Iterator[Document | InputError]]


def serve() -> None:
    """Answer requests from standard input until it ends."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not answer for us
    end_with(os.getppid())  # a reader that loops must not outlive the run that asked for it
    for line in requests:
        _answer(json.loads(line), answers)
        answers.flush()


def _answer(request: dict[str, Any], answers: BinaryIO) -> None:
    path = request["path"]
    i18n.use(request["language"])
    if request["folder"]:
        with contextlib.suppress(OSError):
            os.chdir(request["folder"])
    _limit(path, request["seconds"])
    try:
        for item in _reader(request["task"])(path, Reading(**request["reading"])):
            if isinstance(item, Document):
                fields = {name: getattr(item, name) for name in Document.__slots__}
                fields["warnings"] = [(warning, isinstance(warning, FileNote)) for warning in item.warnings]
                _say(answers, document={**fields, "extra": dict(item.extra)})
            else:
                _say(answers, row=_fields(item))
        _say(answers, end=True)
    except MissingExtra as error:
        _say(answers, extra=[error.what, error.extra])
    except CivictagError as error:
        _say(answers, error=_fields(error))
    except MemoryError:
        os._exit(1)  # the parent says what that means
    except BaseException as error:  # a panic of a library in Rust is no Exception
        problem = _(
            "cannot be read: {reason}", reason=(str(error).splitlines() or [type(error).__name__])[0][:200]
        )
        hint = _("It is damaged; open it in an office program and save it again")
        _say(answers, error={"problem": problem, "where": shown(path), "hint": hint})


def _say(answers: BinaryIO, **answer: Any) -> None:
    answers.write(json.dumps(answer, default=str).encode("ascii") + b"\n")


def _fields(error: CivictagError) -> dict[str, Any]:
    names = ("problem", "where", "line", "field", "hint")
    return {name: getattr(error, name) for name in names}


def _limit(path: str, seconds: int) -> None:
    """Memory, and processor time counted from now; where the system has no such limits, the clock."""
    try:
        import resource
    except ImportError:  # Windows
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + seconds + 1
    with contextlib.suppress(ValueError, OSError):  # a stricter limit is in force already
        memory = memory_for(path)
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _reader(task: str) -> Reader:
    if task == "word":
        from civictag.readers.documents.word import read_word

        return read_word
    if task == "mail":
        from civictag.readers.documents.mail import read_mail_file

        return read_mail_file
    if task == "pdf":
        from civictag.readers.documents.pdf import read_pdf

        return read_pdf
    from civictag.readers.tables.workbook import read_workbook

    return read_workbook
