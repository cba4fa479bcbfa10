"""The folder for machines without internet: everything needed is in it, and it installs from itself."""

import importlib.util
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytest.importorskip("packaging", reason="packaging is not installed: pip install civictag[dev]")
_spec = importlib.util.spec_from_file_location("offline", ROOT / "docs" / "offline.py")
offline = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(offline)


def wheel(folder, name, *requires):
    lines = "".join(f"Requires-Dist: {line}\n" for line in requires)
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}-1.0.dist-info/METADATA", f"Name: {name}\nVersion: 1.0\n{lines}\n")


@pytest.mark.parametrize(
    ("platform", "wanted", "expected"),
    [
        ("win_amd64", "civictag", {"click", "colorama"}),
        ("linux_x86_64", "civictag", {"click"}),
        ("macosx_arm64", "civictag[web]", {"click", "uvicorn"}),
        (None, "civictag[web]", {"click", "uvicorn"} | ({"colorama"} if os.name == "nt" else set())),
    ],
)
def test_requirements_are_those_of_the_other_machine(tmp_path, platform, wanted, expected):
    wheel(tmp_path, "civictag", "click>=8", 'uvicorn; extra == "web"')
    wheel(tmp_path, "click", 'colorama; platform_system == "Windows"', 'toml; python_version < "3.11"')
    assert offline.needed(tmp_path, platform, "3.12", wanted) == expected
    assert offline.held(tmp_path) == {"civictag", "click"}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="runs install.sh")
def test_the_folder_installs_without_an_index(tmp_path):
    """Needs the package index once, to fill the folder; the installation itself is offline."""
    out = tmp_path / "包"
    assert offline.main([str(out), "--extras", ""]) == 0
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    environment.pop("PYTHONPATH", None)
    subprocess.run(["sh", "install.sh"], cwd=out, env=environment, check=True, timeout=600)
    sample = ROOT / "corpus" / "samples" / "songping-street.txt"
    told = subprocess.run(
        [out / "civictag", "tag", sample, "-f", "csv"], cwd=tmp_path, env=environment, capture_output=True
    )
    assert told.returncode == 0, told.stderr
    assert "sanitation" in told.stdout.decode("utf-8-sig")


def test_a_folder_that_holds_something_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("x")
    assert offline.main([str(tmp_path)]) == 1
    assert "not empty" in capsys.readouterr().err
