"""Headlines of invented pages (tests/title_pages.py): civictag and GeneralNewsExtractor in the same run.

Run from the root of the repository: ``PYTHONPATH=. python bench/titles.py``; ``pip install gne`` first.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from title_pages import PAGES

from civictag.paragraphs import split
from civictag.readers.pages.html import read_html


def _own(markup: str) -> str:
    return split(read_html(f"<meta charset=utf-8>{markup}".encode(), "a.html")).title


def _gne(markup: str) -> str:
    from gne import GeneralNewsExtractor  # type: ignore[import-not-found]

    return str(GeneralNewsExtractor().extract(markup)["title"])


def main() -> None:
    """Print each page that either gets wrong, and how many each gets right."""
    tools = {"civictag": _own, "gne": _gne}
    right = dict.fromkeys(tools, 0)
    for kind, (markup, headline) in PAGES:
        for name, tool in tools.items():
            found = " ".join(tool(markup).split())
            right[name] += found == headline
            if found != headline:
                print(f"{name:9} {kind}: {found!r}, not {headline!r}")
    for name, count in right.items():
        print(f"{name:9} {count} of {len(PAGES)}")


if __name__ == "__main__":
    main()
