"""Imports run one way, and every outside library has its rooms: ``.importlinter`` says which."""

import ast
import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "civictag"
pytest.importorskip("importlinter", reason="import-linter is not installed: pip install civictag[dev]")

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def lint(folder):
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def test_imports_run_one_way():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout[done.stdout.find("Contracts:") :]


# A module, a line that is put at its end, and what is said of it: nothing where it may stand there.
ADDED = [
    ("errors.py", "from civictag import datamodel", "civictag.errors -> civictag.datamodel"),
    (
        "readers/tables/row_to_document.py",
        "def f():\n    import civictag.labels.label_set",
        "civictag.readers.tables.row_to_document -> civictag.labels.label_set",
    ),
    ("model/tagger.py", "import click", "Click is the command line's BROKEN"),
    ("model/scorer.py", "import sklearn.svm", "civictag.model.scorer -> sklearn"),
    ("model/bundle.py", "import civictag.i18n", ""),
]


def test_imports_the_wrong_way_are_seen(tmp_path):
    """The contracts can fail: a copy of the package with wrong imports in it."""
    for path in [*PACKAGE.rglob("*.py"), ROOT / ".importlinter"]:
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    for module, line, _said in ADDED:
        with open(tmp_path / "civictag" / module, "a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert [said for _module, _line, said in ADDED if said not in done.stdout] == []
    assert "civictag.model.bundle -> civictag.i18n" not in done.stdout


def test_every_outside_library_has_its_contract():
    settings = configparser.ConfigParser()
    settings.read(ROOT / ".importlinter", encoding="utf-8")
    named = " ".join(settings[section].get("protected_modules", "") for section in settings).split()
    outside = {
        name.split(".")[0]
        for path in PACKAGE.rglob("*.py")
        for name in imported(ast.parse(path.read_text("utf-8")))
    }
    assert outside - set(sys.stdlib_module_names) - {"civictag"} == set(named)


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
