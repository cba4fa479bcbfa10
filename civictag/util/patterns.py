"""Regular expressions that are compiled when they are first used.

Compiling them is a third of what it costs to import such a module, and a run needs few: one article of text
uses none of those for the cells of a table.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar, cast

Text = TypeVar("Text", str, bytes)


def one_of(characters: str) -> str:
    """What ``[characters]`` matches, written so that it is quick to compile.

    For a class beyond Latin-1 of more than two runs of neighbours CPython 3.11 to 3.13 makes a map of 65,536
    characters: a million instructions, and alternatives cost ten thousand. They are slower to match: over
    long text a class is better. The last one, ``(?!)``, keeps ``re`` from making a class of them again.
    """
    return f"(?:{'|'.join(map(re.escape, characters))}|(?!))"


def lazy(pattern: Text, flags: int = 0) -> re.Pattern[Text]:
    """As ``re.compile``, compiled at the first use of a method or attribute; for a module's constants.

    What comes back answers as the compiled pattern does, and is as fast after its first use. It is not
    compiled here, so a mistake in the pattern shows at its first use (``re.error``).
    """
    return cast("re.Pattern[Text]", _Lazy(pattern, flags))


class _Lazy:
    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._arguments: tuple[Any, int] = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # copying and pickling ask for what a pattern need not have
            raise AttributeError(name)
        found = getattr(re.compile(*self._arguments), name)  # re keeps what it compiled
        setattr(self, name, found)  # the next use does not come here
        return found
