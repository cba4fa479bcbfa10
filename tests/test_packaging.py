"""What setup.cfg lists by hand is what there is, and what is built holds it."""

import configparser
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = ("labels", "models", "corpus")
SOURCES = ("civictag", *SHIPPED)
PIP_NAMES = {
    "python_calamine": "python-calamine",
    "sklearn": "scikit-learn",
    "docx": "python-docx",
    "distributed": "dask",
    "prometheus_client": "prometheus-client",
    "charset_normalizer": "charset-normalizer",
    "markdown_it": "markdown-it-py",
}
NOT_SHIPPED = {".c", ".h", ".so", ".pyc", ".pyd"}  # the kernel's sources, and what is built from them


@pytest.fixture(scope="module")
def config() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A wheel and a source package, built from a copy of the sources in this environment."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a clone: nothing says which files are the project's")
    pytest.importorskip("setuptools", minversion="77")
    copy, out = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("built")
    for name in files():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    build = "from setuptools import build_meta as b; b.build_sdist({0!r}); b.build_wheel({0!r})"
    subprocess.run(
        [sys.executable, "-c", build.format(str(out))], cwd=copy, check=True, capture_output=True, timeout=300
    )
    return out


def requirements(config) -> list[str]:
    """Every requirement, those of the extras too."""
    values = [config["options"]["install_requires"], *config["options.extras_require"].values()]
    return [line for value in values for line in value.split("\n") if line]


def files() -> list[str]:
    """The project's files that are there, by path from the top."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    return [name for name in os.fsdecode(listed).split("\0") if name and (ROOT / name).is_file()]


def test_every_folder_of_modules_is_a_listed_package(config):
    folders = {module.parent.relative_to(ROOT) for module in (ROOT / "civictag").rglob("*.py")}
    shipped = {f"civictag.shipped.{name}" for name in SHIPPED}
    assert set(config["options"]["packages"].split()) == {".".join(f.parts) for f in folders} | shipped


def test_every_import_of_another_library_is_a_requirement(config):
    known = {re.split(r"[ \[<>=]", line)[0] for line in requirements(config)}
    used = set()
    for module in (ROOT / "civictag").rglob("*.py"):
        found = re.findall(r"^\s*(?:from|import) (\w+)", module.read_text(encoding="utf-8"), re.M)
        used |= set(found) - sys.stdlib_module_names - {"civictag"}
    assert {PIP_NAMES.get(name, name) for name in used} - known == set()


def test_every_requirement_has_a_lower_bound(config):
    others = [line for line in requirements(config) if not line.startswith("civictag[")]
    assert [line for line in others if ">=" not in line] == []
    assert len(others) > 10


def test_the_licence_of_every_library_is_listed():
    """``make licences`` writes the list; a library that was added since is missing in it."""
    spec = importlib.util.spec_from_file_location("licences", ROOT / "docs" / "licences.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    lines = (ROOT / "docs" / "licences.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    listed = {name: (extra, licence) for name, extra, licence in cells[1:]}
    assert {name: extra for name, (extra, _) in listed.items()} == {
        name: extra or "all" for name, extra in script.wanted().items()
    }
    assert not [name for name, (_, licence) in listed.items() if licence.startswith("(not")]


@pytest.mark.slow
def test_the_wheel_holds_everything_that_runs(built):
    (wheel,) = built.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"civictag/shipped/{name}" if name.startswith(SHIPPED) else name
        for name in files()
        if name.startswith(tuple(f"{top}/" for top in SOURCES)) and Path(name).suffix not in NOT_SHIPPED
    }
    assert wanted - held == set()
    assert any(name.endswith("licenses/NOTICE") for name in held)


@pytest.mark.slow
def test_a_wheel_without_the_kernel_carries_no_platform(built, tmp_path):
    (wheel,) = built.glob("*.whl")
    kernel = any(
        name.startswith("civictag/_kernel")
        for name in zipfile.ZipFile(wheel).namelist()
        if name[-3:] != "pyi"
    )
    assert kernel != wheel.name.endswith("-py3-none-any.whl")
    for name in files():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "civictag" / "kernel" / "broken.c").write_text("this does not compile")
    build = "from setuptools import build_meta as b; b.build_wheel('.')"
    run = [sys.executable, "-c", build]
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    (pure,) = tmp_path.glob("*.whl")
    assert pure.name.endswith("-py3-none-any.whl")
    needed = {**os.environ, "CIVICTAG_REQUIRE_KERNEL": "1"}
    assert subprocess.run(run, cwd=tmp_path, env=needed, capture_output=True, timeout=300).returncode != 0


@pytest.mark.slow
def test_the_source_package_is_the_repository(built):
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert {name for name in files() if name != ".gitignore"} - held == set()


@pytest.mark.slow
def test_the_shipped_model_is_what_make_model_makes(civic_model, tmp_path):
    shipped = Path(civic_model)
    libraries = json.loads((shipped / "manifest.json").read_text(encoding="utf-8"))["libraries"]
    if any(version(name) != known for name, known in libraries.items() if name != "civictag"):
        pytest.skip(f"trained with {libraries}; other versions may round otherwise")
    folder = tmp_path / shipped.name  # a model's name is its folder's
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = re.search(r"^\t\$\(PYTHON\) -m (civictag train .*)$", makefile, re.M)
    words = recipe[1].replace("$(JOBS)", "2").replace("-o models/civic", f"-o {folder}").split()
    subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=True, capture_output=True, timeout=900)
    assert hashes(shipped) == hashes(folder), "make model, and commit it"


def hashes(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
