"""The map of the house, counted: rooms, their modules, the floors they stand on, arrows between them.

    python docs/map.py        (or: make map)

It also writes the table of rooms in docs/architecture.md anew.

A floor is one more than the highest floor below it that a room imports from; an arrow is a pair of
rooms of which one imports from the other. Ends with 1 when an arrow goes up or round.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

ROOT = "civictag"
PACKAGE = Path(__file__).parents[1] / ROOT
DOCUMENT = Path(__file__).parent / "architecture.md"
GROUND = "ground"
BEGIN, END = "<!-- map: written by make map -->", "<!-- end of map -->"
sys.path.insert(0, str(Path(__file__).parents[1]))  # the checkout beside this file, installed or not


def room_of(module: str) -> str:
    """The room of a module: the folder under ``civictag``; the modules beside the folders are the ground."""
    room = module.split(".")[1] if "." in module else ROOT
    return room if (PACKAGE / room).is_dir() else GROUND


def graph() -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    """Modules by room, and for each room the rooms that it imports from (type checking left out)."""
    found = grimp.build_graph(ROOT, exclude_type_checking_imports=True, cache_dir=None)
    packages = {module for module in found.modules if found.find_children(module)}
    modules: dict[str, list[str]] = defaultdict(list)
    arrows: dict[str, set[str]] = defaultdict(set)
    for module in sorted(found.modules):
        if module == f"{ROOT}.__main__":  # the way in, not a room
            continue
        if module != ROOT and module not in packages:
            modules[room_of(module)].append(module)
        for other in found.find_modules_directly_imported_by(module):
            if ROOT not in (module, other) and room_of(module) != room_of(other):
                arrows[room_of(module)].add(room_of(other))
    return dict(modules), dict(arrows)


def floors(arrows: dict[str, set[str]]) -> dict[str, int]:
    """Room to floor, 1 at the bottom; CycleError when the arrows go round."""
    standing: dict[str, int] = {}
    for room in TopologicalSorter(arrows).static_order():
        standing[room] = 1 + max((standing[below] for below in arrows.get(room, ())), default=0)
    return standing


def table(modules: dict[str, list[str]], standing: dict[str, int]) -> str:
    """The rooms as a table in Markdown: floor, room, its one job, its modules."""
    rows = ["| floor | room | its one job | modules |", "|---|---|---|---|"]
    for room in sorted(standing, key=lambda name: (-standing[name], name)):
        if (PACKAGE / room).is_dir():
            job = (
                ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text("utf-8"))) or ""
            ).split("\n")[0]
            names = ", ".join(f"`{'/'.join(module.split('.')[2:])}`" for module in modules.get(room, ()))
            rows.append(f"| {standing[room]} | `{room}/` | {job} | {names} |")
    alone = ", ".join(f"`{module.split('.')[1]}`" for module in modules[GROUND])
    rows.append(
        f"| 1 | | what rooms hand each other; every knob; the mistakes a user can make; messages | {alone} |"
    )
    return "\n".join(rows)


def with_table(document: str, rows: str) -> str:
    """The document with ``rows`` between its two marks."""
    return re.sub(f"(?<={BEGIN}\n).*?(?={END})", lambda _: f"{rows}\n", document, flags=re.DOTALL)


def main() -> int:
    """Print the map and write its table; 1 when there is a circle."""
    modules, arrows = graph()
    try:
        standing = floors(arrows)
    except CycleError as error:
        print("arrows go round:", " → ".join(error.args[1]))
        return 1
    for room in sorted(standing, key=lambda name: (-standing[name], name)):
        below = " ".join(sorted(arrows.get(room, ())))
        print(f"{standing[room]:2}  {room:12} {len(modules.get(room, ())):3} modules  → {below}")
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(with_table(text, table(modules, standing)), "utf-8")
    total = sum(map(len, arrows.values()))
    print(f"{len(standing)} rooms, {max(standing.values())} floors, {total} arrows, none upward")
    return 0


if __name__ == "__main__":
    sys.exit(main())
