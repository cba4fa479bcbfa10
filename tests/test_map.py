"""The map: rooms on few floors, no arrow up, and a document that names every module."""

import importlib.util
import re
from graphlib import CycleError
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytest.importorskip("grimp", reason="import-linter is not installed: pip install civictag[dev]")
_spec = importlib.util.spec_from_file_location("house_map", ROOT / "docs" / "map.py")
house_map = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(house_map)


def test_the_house_is_easy_to_see():
    _, arrows = house_map.graph()
    standing = house_map.floors(arrows)
    assert len(standing) <= 23
    assert max(standing.values()) <= 8
    assert sum(map(len, arrows.values())) <= 90


def test_a_circle_is_seen():
    with pytest.raises(CycleError):
        house_map.floors({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert house_map.floors({"a": {"b"}, "b": {"c"}}) == {"a": 3, "b": 2, "c": 1}


def test_the_document_names_every_module():
    modules, arrows = house_map.graph()
    rows = house_map.table(modules, house_map.floors(arrows))
    text = house_map.DOCUMENT.read_text(encoding="utf-8")
    assert house_map.with_table(text, rows) == text, "make map"
    assert rows.count("`") > 2 * sum(map(len, modules.values()))


def test_a_folder_shows_at_most_fifteen_modules():
    for folder in [house_map.PACKAGE, *house_map.PACKAGE.glob("**/")]:
        own = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(own) <= 15, folder


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/architecture.md"])
def test_what_the_table_of_places_names_is_there(name):
    """A place is a folder, a module, or one of the folder that begins the row."""
    text = (ROOT / name).read_text("utf-8")
    rows = re.findall(r"^\|[^|]+\| (`(?:civictag/)?\w+/[^|]*) \|$", text, re.MULTILINE)
    assert len(rows) >= 8
    for row in rows:
        room = ""
        for place in re.findall(r"`([^`]+)`", row):
            path = place.removeprefix("civictag/")
            found = [house_map.PACKAGE / path, house_map.PACKAGE / room / path]
            assert any(x.is_dir() or x.with_suffix(".py").is_file() for x in found), (row, place)
            room = room or path * path.endswith("/")
