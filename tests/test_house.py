"""Sizes, docstrings, style, types; and nothing in the project that must not be there."""

import ast
import re
import statistics
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "civictag").rglob("*.py"))


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@cache
def parsed(path):
    return ast.parse(path.read_text("utf-8"))


def length(function):
    return function.end_lineno - function.lineno + 1


def test_no_module_is_long():
    assert [path.name for path in MODULES if path.read_text("utf-8").count("\n") > 250] == []


def test_functions_are_short():
    sizes = sorted((length(f), f"{path.name}: {f.name}") for path in MODULES for f in functions(parsed(path)))
    assert len(sizes) > 500
    assert [name for size, name in sizes if size > 40] == []
    assert statistics.median(size for size, _ in sizes) <= 10
    assert sizes[int(len(sizes) * 0.9)][0] <= 25


def test_every_public_name_says_what_it_is():
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    silent = []
    for path in MODULES:
        tree = parsed(path)
        public = [node for node in ast.walk(tree) if isinstance(node, kinds) and node.name[0] != "_"]
        silent += [f"{path.name}: {node.name}" for node in public if not ast.get_docstring(node)]
        silent += [path.name] * (not ast.get_docstring(tree))
    assert silent == []


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300
    )


# Types take twenty seconds without mypy's cache: slow here, a step of its own in .ci/run.
STYLE = [("ruff", "check", "."), pytest.param(("mypy",), marks=pytest.mark.slow)]


@pytest.mark.parametrize("command", STYLE, ids=lambda command: command[0])
def test_style_and_types(command):
    pytest.importorskip(command[0], reason=f"{command[0]} is not installed: pip install civictag[dev]")
    done = run(*command)
    assert done.returncode == 0, done.stdout[-3000:]


def files():
    """The project's own text, by git where there is one."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8")
    names = listed.stdout.split("\0")[:-1] if listed.returncode == 0 else []
    found = [ROOT / name for name in names] or [p for p in ROOT.rglob("*") if ".git" not in p.parts]
    for path in found:
        if path.is_file() and path.stat().st_size < 4_000_000:
            data = path.read_bytes()
            if b"\0" not in data[:4096]:
                yield path, data.decode("utf-8", "replace")


def sentences(text):
    """What stands between the marks of a text, without white space, where it is long enough to know again."""
    pieces = re.split(r"[。！？；!?;\n]|\\n", text)
    return {piece for raw in pieces if len(piece := "".join(raw.split())) >= 20}


def test_no_sentence_of_the_real_articles_is_in_the_project(shared):
    real = set()
    for path in [*(shared / "gold").glob("*.jsonl"), *(shared / "seeds").glob("*.txt")]:
        real |= sentences(path.read_text("utf-8"))
    assert len(real) > 500
    bare = re.compile(r'^[\s\S]*?"text":"|^[^一-龥“「]*|[^一-龥”」]*$')
    held = {bare.sub("", sentence) for sentence in real}
    taken = [
        (path.name, sentence)
        for path, text in files()
        for sentence in (sentences(text) | {bare.sub("", s) for s in sentences(text)}) & (real | held)
        if len(sentence) >= 20
    ]
    assert taken == []
