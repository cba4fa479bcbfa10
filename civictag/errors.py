"""The mistakes a user can make, each as one sentence that says what to do next.

The library raises these and nothing else on purpose; ``civictag.cli`` is the only
place that turns them into messages and exit codes.
"""

from __future__ import annotations

import os
from functools import partial
from typing import Any

from civictag.i18n import _, mark

# What the system says most often; the rest stays as the system says it.
_REASONS = (
    mark("No such file or directory"),
    mark("Permission denied"),
    mark("Is a directory"),
    mark("Not a directory"),
    mark("File exists"),
    mark("File name too long"),
    mark("No space left on device"),
    mark("Disk quota exceeded"),
    mark("Read-only file system"),
    mark("Too many open files"),
    mark("Too many levels of symbolic links"),
    mark("Input/output error"),
    mark("Operation not permitted"),
    mark("Invalid argument"),
    mark("Address already in use"),
)


class CivictagError(Exception):
    """The user's data, model or taxonomy is wrong.

    Args:
        problem: what is wrong, without a full stop.
        where: the file, or row id, that the problem is in.
        line: 1-based line (or row) in ``where``.
        field: the field, column or label concerned.
        hint: what the user can do about it.
    """

    def __init__(
        self,
        problem: str,
        *,
        where: str | None = None,
        line: int | None = None,
        field: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.problem = problem
        self.where = where
        self.line = line
        self.field = field
        self.hint = hint
        super().__init__(self.message())

    def message(self) -> str:
        """One line: ``file, line n, field "x": what is wrong. What to do.``"""
        place = [self.where] if self.where else []
        if self.line is not None:
            place.append(_("line {line}", line=self.line))
        if self.field:
            place.append(_('field "{field}"', field=self.field))
        head = _(", ").join(place)
        text = head + _(": ") + self.problem if head else self.problem
        return text + _(". ") + self.hint if self.hint else text


def reason(error: OSError) -> str:
    """What the system says of ``error``, in the language in use where its words are known."""
    return _(error.strerror) if error.strerror else str(error)


def out_of_memory(where: str | None, line: int | None = None) -> InputError:
    """There is no memory for one input, or for one row of it; the next may be short."""
    hint = _("Split it into smaller articles")
    return InputError(_("out of memory"), where=where, line=line, hint=hint)


def unexpected(where: str | None, error: Exception) -> CivictagError:
    """Any other exception as the mistake of one input, so that the rest of a batch goes on.

    A reader's library may raise anything over a damaged file; an input is never worth the whole batch.
    """
    if isinstance(error, CivictagError):
        return error
    if isinstance(error, MemoryError):
        return out_of_memory(where)
    if isinstance(error, RecursionError):
        return InputError(_("nested too deep to be read"), where=where)
    lines = str(error).splitlines()
    text = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return InputError(
        _("cannot be read ({text})", text=text),
        where=where,
        hint=_("The file may be damaged: open it and save it anew"),
    )


class InputError(CivictagError):
    """A file or row that cannot be read as an article."""


class CorpusError(CivictagError):
    """Labelled paragraphs that break the corpus format or name an unknown label."""


class TaxonomyError(CivictagError):
    """A label file that cannot be used."""


class ModelError(CivictagError):
    """A model folder that is damaged, foreign, or made for another version."""


def install_command(extra: str) -> str:
    """What installs an extra of ours here: ``pip install ".[web]"`` in the project's folder.

    Args:
        extra: its name; "" for the base.

    Who has a clone has no index that civictag is on: the folder that it was installed from is named as
    long as it is there.
    """
    folder = _installed_from()
    if folder and os.path.isfile(os.path.join(folder, "setup.cfg")):
        place = "." if os.path.samefile(folder, os.curdir) else folder
    else:
        place = "civictag"
    return f'pip install "{place}[{extra}]"' if extra else f'pip install "{place}"'


def _installed_from() -> str:
    """The folder that pip installed from, or that the package runs in; "" where it came as a wheel."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    try:
        direct_url = distribution("civictag").read_text("direct_url.json")
    except PackageNotFoundError:
        return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    url = urlsplit(json.loads(direct_url)["url"]) if direct_url else None
    return url2pathname(url.path) if url and url.scheme == "file" else ""


class MissingExtra(CivictagError):
    """A format or service whose optional library is not installed."""

    def __init__(self, what: str, extra: str, *, where: str | None = None, instead: str = "") -> None:
        super().__init__(
            _("{what} needs an optional library", what=what),
            where=where,
            hint=_("Install it with: {command}", command=install_command(extra)) + instead,
        )
        self.what = what
        self.extra = extra
        self.instead = instead

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        # Exceptions are rebuilt from their message, which is one argument; this one takes two.
        return partial(type(self), where=self.where, instead=self.instead), (self.what, self.extra)
