"""Start-up: what one article must not load, seen in ``sys.modules`` of a fresh process."""

import json
import re
from pathlib import Path

import pytest
from commands import finish

from civictag.text import backend as backend

TRAINING = {"sklearn", "scipy", "joblib", "jieba", "rjieba"}
HEAVY = TRAINING | {
    "numpy",
    "selectolax",
    "charset_normalizer",
    "pyarrow",
    "openpyxl",
    "docx",
    "pypdfium2",
}
RARE = {"tempfile", "tomllib", "multiprocessing", "asyncio", "http", "email", "ssl", "unittest", "concurrent"}
SHOW = """
import sys, json, io
from civictag.cli import run
out, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO())
code = run(sys.argv[1:])
json.dump([code, sorted(sys.modules)], out)
"""
COUNT = """
import re, sys, json, io
compiled, real = [], re.compile
def noted(pattern, flags=0):
    compiled.append(pattern)
    return real(pattern, flags)
re.compile = noted  # of other libraries too; what Click and its imports compile is not counted below
import click
compiled.clear()
from civictag.cli import run
out, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO())
code = run(sys.argv[1:])
own = [name for name in sys.modules if name.split(".")[0] == "civictag"]
texts = {pattern for pattern in compiled if isinstance(pattern, str)}
json.dump([code, sorted(texts), len(own), sorted(sys.modules)], out)
"""
# What a run without -f (Click imports difflib for it), of a text in UTF-8, without evidence, has no use for.
BRANCHES = {
    "civictag.model.attribution",
    "civictag.model.plain_evidence",
    "civictag.readers.encodings.guessing",
    "civictag.readers.encodings.frequent_chars",
    "civictag.text.double_array",
    "civictag.writers.rows",
    "civictag.text.tokenizer",
    *("array", "bisect", "csv", "difflib", "gzip", "random", "statistics", "unicodedata", "zipfile"),
}
SAMPLE = Path(__file__).parents[1] / "corpus" / "samples" / "songping-street.txt"


def loaded(*arguments, **env):
    """Names of the top packages, and civictag's own modules, that a command loads."""
    code, out, err = finish(*arguments, code=SHOW, env=env)
    assert code == 0
    assert err in ("", "civictag: 1 file read, 1 article\n"), "nothing but the last line of a run"
    status, modules = json.loads(out)
    assert status == 0
    return {name.split(".")[0] for name in modules} | {
        name for name in modules if name.startswith("civictag.")
    }


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "table"])
def test_one_article_loads_nothing_heavy(small_model, form):
    if not backend.is_compiled():
        pytest.skip("the kernel is not compiled")
    modules = loaded("tag", SAMPLE, "-m", small_model, "-f", form)
    assert modules & (HEAVY | RARE) == set()
    assert form == "table" or not modules & {"shutil", "bz2", "lzma"}  # a table asks for the terminal's width
    assert {name for name in modules if name.startswith("civictag.")} & {
        "civictag.text.pure_tokenizer",
        "civictag.training.train",
        "civictag.evaluation.evaluate",
        "civictag.text.build_dictionary",
        "civictag.settings",
        "civictag.batch.worker",
        "civictag.batch.chunks",
        "civictag.readers.tables.table_chunks",
        "civictag.readers.tables.cell_text",
        "civictag.model.replacing",
        "civictag.cli.train",
        "civictag.cli.evaluate",
    } == set()


def test_one_article_compiles_few_patterns_and_imports_few_modules(small_model):
    if not backend.is_compiled():
        pytest.skip("the kernel is not compiled")
    code, out, _err = finish("tag", SAMPLE, "--model", small_model, code=COUNT)
    assert code == 0
    status, patterns, own, modules = json.loads(out)
    assert status == 0
    assert len(patterns) <= 54  # the sample page has furniture of most kinds
    assert [pattern for pattern in patterns if any(map(_is_dear, _CLASS.findall(pattern)))] == []
    assert own <= 78
    assert BRANCHES & set(modules) == set()


_CLASS = re.compile(r"(?<!\\)\[\^?((?:\\.|[^\]\\])+)\]")
_RANGE = re.compile(r"\\[a-zA-Z]|\\?(.)(?:-\\?(.))?")


def _is_dear(members):
    """More than two runs of characters, not all of them Latin-1: CPython makes a map of 65,536 for it."""
    codes = set()
    for first, last in _RANGE.findall(members):
        codes.update(range(ord(first), ord(last or first) + 1) if first else ())
    runs = sum(code - 1 not in codes for code in codes)
    return runs > 2 and max(codes) > 0xFF


@pytest.mark.parametrize(
    ("members", "dear"),
    [
        ("ab", 0),
        ("acegi", 0),
        ("一二", 0),
        ("①-⑳", 0),
        ("一二三", 1),
        (r"\d一二", 0),
        ("-/.年", 0),
        (",。:", 1),
    ],
)
def test_what_makes_a_class_dear(members, dear):
    assert _is_dear(members) == bool(dear)


def test_what_a_start_loads_is_not_looked_through_for_garbage():
    show = """
import gc, sys
sys.argv = ["civictag", "--version"]
from civictag.__main__ import main
try:
    main()
except SystemExit:
    print(gc.isenabled(), gc.get_freeze_count() > 1000)
"""
    assert finish(code=show)[1].split("\n")[1] == "True True"


def test_evidence_loads_nothing_heavy_either(small_model):
    if not backend.is_compiled():
        pytest.skip("the kernel is not compiled")
    assert loaded("tag", SAMPLE, "-m", small_model, "--explain", "--all-scores") & HEAVY == set()


def test_without_the_kernel_no_trainer_is_loaded(small_model):
    modules = loaded("tag", SAMPLE, "-m", small_model, CIVICTAG_PURE="1")
    assert modules & HEAVY == set()
    assert "civictag.text.pure_tokenizer" in modules


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["tag", "--help"], ["labels", "--help"]])
def test_help_loads_next_to_nothing(arguments):
    modules = loaded(*arguments)
    assert modules & HEAVY == set()
    assert "civictag.model.bundle" not in modules


def test_importing_the_library_loads_none_of_it():
    show = "import sys, civictag; print(*sorted(n for n in sys.modules if n.startswith('civictag')))"
    assert finish(code=show)[1].split() == ["civictag", "civictag.version"]
    show = "import sys, civictag; civictag.load, civictag.Tagger; print(*sorted(sys.modules))"
    assert {name.split(".")[0] for name in finish(code=show)[1].split()} & HEAVY == set()


def test_both_engines_give_the_same_answer(small_model):
    if not backend.is_compiled():
        pytest.skip("the kernel is not compiled")
    native = finish("tag", SAMPLE, "-m", small_model, "--explain", "--all-scores")
    pure = finish("tag", SAMPLE, "-m", small_model, "--explain", "--all-scores", env={"CIVICTAG_PURE": "1"})
    assert native[0] == pure[0] == 0
    assert_close(json.loads(native[1]), json.loads(pure[1]))


def assert_close(one, other):
    """Equal, numbers within 1e-6 (the weights of evidence are sums in another order)."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            assert_close(one[key], other[key])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_close(a, b)
    elif isinstance(one, float):
        assert one == pytest.approx(other, abs=1e-6)
    else:
        assert one == other
