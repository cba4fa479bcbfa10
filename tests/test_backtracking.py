"""No pattern works for ever: a repeat whose rounds are repeats themselves doubles with every character.

``(?:>+[^>]{0,18})+`` took 35 seconds of a text of 230 characters, 26 of them 「»」.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import _constants as codes
from re import _parser as parser
from typing import Any

import pytest

import civictag
from civictag.datamodel import Document
from civictag.paragraphs import boilerplate, split
from civictag.paragraphs.boilerplate.page_top import Sign

REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
MANY = 8  # rounds of a repeat in a repeat that still are few ways
ROOT = Path(civictag.__file__).parent


def parts(code: Any, value: Any) -> list[list[Any]]:
    """The sequences within one element of a pattern."""
    if code in REPEATS:
        return [list(value[2])]
    if code is codes.SUBPATTERN:
        return [list(value[-1])]
    if code is codes.BRANCH:
        return [list(branch) for branch in value[1]]
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return [list(value[1])]
    return []


def may_be_empty(items: Iterable[Any]) -> bool:
    return all(
        code is codes.AT
        or code in (codes.ASSERT, codes.ASSERT_NOT)
        or (code in REPEATS and value[0] == 0)
        or any(may_be_empty(inner) for inner in parts(code, value))
        for code, value in items
    )


def may_be_one_repeat(items: list[Any]) -> bool:
    """Whether a repeat of open length is all that has to stand there."""
    for at, (code, value) in enumerate(items):
        if may_be_empty(items[:at] + items[at + 1 :]):
            if code in REPEATS and value[1] >= MANY and value[1] > value[0]:
                return True
            if code not in (codes.ASSERT, codes.ASSERT_NOT) and any(
                may_be_one_repeat(inner) for inner in parts(code, value)
            ):
                return True
    return False


def doubles(items: Iterable[Any]) -> bool:
    """Whether a repeat stands anywhere in it whose rounds may be cut in ever more ways."""
    return any(
        (code in REPEATS and value[1] >= MANY and may_be_one_repeat(list(value[2])))
        or any(doubles(inner) for inner in parts(code, value))
        for code, value in items
    )


def written() -> Iterator[str]:
    """All texts of the program: those that are no patterns repeat nothing, or are none."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n\n" not in node.value:
                yield node.value


def put_together() -> Iterator[str]:
    """Patterns of signs, of which many are made of parts."""
    for found in pkgutil.iter_modules(boilerplate.__path__):
        for value in vars(importlib.import_module(f"{boilerplate.__name__}.{found.name}")).values():
            for sign in value if isinstance(value, tuple) else ():
                if isinstance(sign, Sign):
                    yield sign.pattern


def is_doubling(pattern: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return doubles(parser.parse(pattern))
        except (re.error, OverflowError):
            return False


@pytest.mark.parametrize(
    "pattern",
    [r"^(?:>+[^>,]{0,18})+$", r"(a+)+b", r"(?:a*b?)*", r"(?:x|a+)+y", r"(?:(?:a+)b?)+", r"(a{1,20}){9,}"],
)
def test_patterns_that_double_are_known(pattern):
    assert is_doubling(pattern)


@pytest.mark.parametrize("pattern", [r"(?:>[^>,]{0,18})+$", r"(?:a+b)+", r"a+b*", r"(?:a{2})+", r"(?:a?b)+"])
def test_others_do_not(pattern):
    assert not is_doubling(pattern)


def test_no_pattern_of_the_program_doubles():
    patterns = {*written(), *put_together()}
    assert len(patterns) > 1000
    assert [pattern for pattern in patterns if is_doubling(pattern)] == []


@pytest.mark.parametrize(
    "sign", [">", "»", "> ", "›", "|", "-", "》", "·", "、", ":", "[", "第", "1", "—", "…"]
)
@pytest.mark.parametrize("end", ["", ":,", "。x"])
def test_a_short_text_of_one_sign_is_split_at_once(sign, end):
    """No assertion on time: with a pattern that doubles this would not end."""
    for times in (26, 60):
        text = f"首页{sign * times}{end}"
        assert split(Document("x", text, "utf-8")).text == text
