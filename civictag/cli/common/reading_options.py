"""The options of every verb that reads articles: columns and encoding."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from civictag.readers import Reading

_Command = TypeVar("_Command", bound=Callable[..., Any])
_COLUMNS = {
    "text": "The column with the article (found by name: text, 正文, 内容 …).",
    "title": "The column with its title (found by name: title, 标题 …).",
    "id": "The column with its id (found by name: id, 编号, 序号 …).",
    "date": "The column with its date (found by name: date, 日期, 发布时间 …).",
    "unit": "The column with its unit (found by name: unit, 单位, 部门, 区县, 来源 …).",
}


def reading_options(command: _Command) -> _Command:
    """Give a verb the options; they arrive under the names of ``FIELDS``."""
    command = click.option(
        "--input-format",
        type=click.Choice(["txt", "html", "md", "json", "jsonl", "csv", "tsv"]),
        help="Format of standard input and of files without a known suffix; default: told by the beginning.",
    )(command)
    command = click.option(
        "--fix-text", is_flag=True, help="Mend text that was read in a wrong encoding before it was saved."
    )(command)
    command = click.option("--encoding", help="Encoding of the inputs, where the guess is wrong.")(command)
    for name, text in reversed(_COLUMNS.items()):
        command = click.option(f"--{name}-column", metavar="NAME", help=text)(command)
    return command


def mask_options(command: _Command) -> _Command:
    """Give a verb that writes texts ``--mask`` and ``--mask-names``; ``mask_of`` reads them."""
    command = click.option(
        "--mask-names", is_flag=True, help="Mask personal names too (guessed; implies --mask)."
    )(command)
    text = "Mask phones, identity cards, bank cards, plates and e-mail in all that is written."
    return click.option("--mask", is_flag=True, help=text)(command)


def mask_of(params: dict[str, Any]) -> tuple[str, ...]:
    """The kinds of ``civictag.text.mask`` that the user asked for."""
    if not (params["mask"] or params["mask_names"]):
        return ()
    from civictag.text.mask import KINDS, NAME

    return (*KINDS, NAME) if params["mask_names"] else KINDS


FIELDS = ("encoding", "input_format", "fix_text", *(f"{name}_column" for name in _COLUMNS))
"""The parameters that ``reading_options`` adds."""


def reading_of(params: dict[str, Any]) -> Reading:
    """What the user said about the inputs, from the parameters of the verb."""
    from civictag.readers import Reading

    return Reading(**{name: params[name] for name in FIELDS})
