"""Collects the messages for people into the Chinese catalogue, and compiles it.

    python docs/messages.py        (or: make messages)

Prints the messages that have no translation yet; ends with 1 when there are any.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the checkout beside this file, installed or not

from civictag.cli import VERBS, civictag  # noqa: E402
from civictag.cli.common.language import help_texts  # noqa: E402

PO = ROOT / "civictag" / "locale" / "zh" / "LC_MESSAGES" / "civictag.po"
METHODS = [("**.py", "python"), ("data/*.html", "jinja2")]
# Header lines that would change, or say nothing.
_CHANGING = tuple(
    f'"{name}' for name in ("POT-Creation-Date", "PO-Revision-Date", "Last-", "Language-Team", "Report-")
)
_NO_DATE = datetime(2024, 1, 1, tzinfo=UTC)
KEYWORDS = {"_": None, "said": None, "mark": None, "ngettext": (1, 2)}


def _of_folder(folder: Path, methods: list[tuple[str, str]]) -> Iterator[str | tuple[str, ...]]:
    for found in extract_from_dir(folder, methods, keywords=KEYWORDS):
        yield found[2]


def collected(known: Catalog) -> Catalog:
    """The messages of the program as it is, with the translations that ``known`` has for them."""
    found = Catalog(
        locale="zh_CN", charset="utf-8", fuzzy=False, header_comment="# Chinese messages of civictag."
    )
    sources = [(ROOT / "civictag", METHODS), (Path(click.__file__).parent, METHODS[:1])]
    for message in (m for folder, methods in sources for m in _of_folder(folder, methods)):
        old = known.get(message)
        entry = found.add(message, string=old.string if old is not None else None)
        entry.flags.discard("python-format")  # "95 % intervals" is prose; values are filled by str.format
    for text in _of_the_command_line():
        old = known.get(text)
        found.add(text, string=old.string if old is not None else None)
    return found


def _of_the_command_line() -> Iterator[str]:
    """Help texts of every verb, and Click's own words."""
    yield from VERBS.values()
    yield from help_texts(civictag)
    for verb in VERBS:
        yield from help_texts(import_module(f"civictag.cli.{verb}").command)


def missing(catalog: Catalog) -> list[str]:
    """Messages without a translation."""
    return [str(m.id) for m in catalog if m.id and not _translated(m.string)]


def _translated(string: str | Sequence[str] | None) -> bool:
    return bool(string) if isinstance(string, str) else bool(string) and all(string or ())


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as a file for translators, without dates: it changes only when a message does."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, sort_output=True, no_location=True)
    lines = buffer.getvalue().decode("utf-8").split("\n")
    return "\n".join(line for line in lines if not line.startswith(_CHANGING)).encode("utf-8")


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue as the program reads it."""
    buffer = io.BytesIO()
    plain = read_po(io.BytesIO(as_po(catalog)), locale="zh_CN")
    plain.creation_date = plain.revision_date = _NO_DATE  # else the time of now, in every file
    write_mo(buffer, plain)
    return buffer.getvalue()


def main() -> int:
    """Write both files; 1 when something is not translated."""
    catalog = collected(read_po(io.BytesIO(PO.read_bytes()), locale="zh_CN"))
    PO.write_bytes(as_po(catalog))
    PO.with_suffix(".mo").write_bytes(as_mo(catalog))
    for message in missing(catalog):
        print("not translated:", message)
    return 1 if missing(catalog) else 0


if __name__ == "__main__":
    sys.exit(main())
