"""List the licence of every library that setup.cfg names, as the installed packages declare it.

python docs/licences.py        (or: make licences)
"""

from __future__ import annotations

import configparser
import re
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]


def wanted() -> dict[str, str]:
    """Library -> the extra that asks for it, "" for all."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    groups = {"": config["options"]["install_requires"], **config["options.extras_require"]}
    found: dict[str, str] = {}
    for extra, lines in groups.items():
        for line in lines.splitlines():
            name = re.split(r"[ \[<>=;]", line.strip())[0]
            if name and name not in ("civictag", "#"):
                found.setdefault(name, extra)
    return found


def licence(name: str) -> str:
    """What the package says of itself: the expression, the classifiers, the field, or its licence's head."""
    try:
        data = metadata(name)
    except PackageNotFoundError:
        return "(not installed here)"
    classes = [v.rpartition(" :: ")[2] for v in data.get_all("Classifier") or [] if v.startswith("License")]
    field = (data.get("License") or "").strip().splitlines()
    return data.get("License-Expression") or ", ".join(classes) or (field[0] if field else head(name))


def head(name: str) -> str:
    """The first two lines of the licence that a package comes with."""
    for file in metadata(name).get_all("License-File") or []:
        text = distribution(name).read_text(f"licenses/{file}") or ""
        return ", ".join([line.strip() for line in text.splitlines() if line.strip()][:2])
    return "(not declared)"


def main() -> None:
    """Write docs/licences.md."""
    lines = [
        "# Licences of the libraries",
        "",
        "civictag itself is under the MIT licence (LICENSE; NOTICE names what it ships of others).",
        "It ships none of the libraries below; `make licences` writes this list from what they declare.",
        "",
        "| library | asked for by | licence |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {extra or 'all'} | {licence(name)} |" for name, extra in wanted().items()]
    (ROOT / "docs" / "licences.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
