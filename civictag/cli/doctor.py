"""``civictag doctor``: what this installation can do, and what to install for the rest."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec

import click

from civictag.cli.common.emit import emit
from civictag.errors import install_command
from civictag.i18n import _, language, mark
from civictag.text import backend
from civictag.util.terminal import table
from civictag.version import __version__

# What a library is for, the modules that must be there, and the extra that brings them ("" is the base).
_LIBRARIES = (
    (mark("Word documents (.docx)"), ("docx",), ""),
    (mark("PDF with text"), ("pypdfium2",), ""),
    (mark("Excel and WPS workbooks, in"), ("openpyxl", "python_calamine"), ""),
    (mark("Excel workbooks, out"), ("xlsxwriter",), ""),
    (mark("Word reports"), ("docxtpl",), ""),
    (mark("Parquet"), ("pyarrow",), "parquet"),
    (mark("charts as pictures"), ("matplotlib",), "plot"),
    (mark("near copies"), ("datasketch",), "dedup"),
    (mark("service, page and labelling desk"), ("starlette", "uvicorn"), "web"),
    (mark("clusters of machines"), ("distributed",), "cluster"),
    (mark("agreement of several people (alpha)"), ("krippendorff",), "agreement"),
    (mark("signed models"), ("cryptography",), "sign"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: the thing; like all texts here in English, as programs read it, translated where people do.
        ok: whether it is there and works.
        detail: what was found.
        hint: what to do where it is not.
    """

    what: str
    ok: bool
    detail: str = ""
    hint: str = ""


@click.command(
    short_help="Say what this installation can do.",
    epilog="Example: civictag doctor",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(as_json: bool) -> None:
    """Say which backend, formats, fonts and helpers there are, and what to install for what is missing."""
    found = list(findings())
    if as_json:
        record = {"version": __version__, "language": language(), "findings": [asdict(f) for f in found]}
        emit(json.dumps(record, ensure_ascii=False, indent=1) + "\n", None)
        return
    rows = [["", _("what"), _("found"), _("what to do")]]
    rows += [
        ["✓" if f.ok else "–", *(text and _(text) for text in (f.what, f.detail, f.hint))] for f in found
    ]
    click.echo(table(rows, left=(0, 1, 2, 3)))


def findings() -> Iterator[Finding]:
    """Everything that is looked at, in the order that a person reads it."""
    yield Finding(
        "civictag", True, f"{__version__}, Python {platform.python_version()}, {platform.platform()}"
    )
    yield _backend()
    if reason := backend.broken():
        yield Finding(mark("compiled backend"), False, reason, mark("It is there and cannot be loaded"))
    yield Finding(mark("language of messages"), True, {"zh": "中文", "en": "English"}[language()])
    yield Finding(mark("encoding of this terminal"), True, str(getattr(sys.stdout, "encoding", "") or "?"))
    yield from (_library(what, modules, extra) for what, modules, extra in _LIBRARIES)
    yield _office()
    yield _font()
    yield _memory()


def _backend() -> Finding:
    if backend.is_compiled():
        return Finding(mark("backend"), True, mark("compiled"))
    chosen = bool(os.environ.get("CIVICTAG_PURE"))
    hint = mark("Install a C compiler and install civictag again: it tags some 20 times faster")
    if chosen:
        hint = ""
    elif backend.broken():
        hint = mark("Install civictag again: the compiled backend tags some 20 times faster")
    return Finding(mark("backend"), chosen, mark("pure Python"), hint)


def _library(what: str, modules: tuple[str, ...], extra: str) -> Finding:
    missing = [module for module in modules if find_spec(module) is None]
    if not missing:
        return Finding(what, True, ", ".join(modules))
    return Finding(what, False, "", install_command(extra))


def _office() -> Finding:
    """LibreOffice reads the old formats."""
    from civictag.readers.documents.convert import program

    place = program() or ""
    hint = "" if place else mark("Install LibreOffice, or save such files as .docx")
    return Finding(mark("old documents (.doc .wps .rtf .odt)"), bool(place), place, hint)


def _font() -> Finding:
    if find_spec("matplotlib") is None:
        return Finding(mark("Chinese font for charts"), False, "", install_command("plot"))
    from civictag.prevalence.chart import chinese_font

    font = chinese_font() or ""
    return Finding(
        mark("Chinese font for charts"), bool(font), font, "" if font else mark("Install Noto Sans CJK")
    )


def _memory() -> Finding:
    """What the machine has, where it can be asked without another library; 2 GiB are plenty for tagging."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):
        return Finding(mark("memory"), True, "?")
    return Finding(mark("memory"), total >= 2, f"{total:.1f} GiB")
