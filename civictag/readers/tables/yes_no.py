"""What people mean by a cell that says yes or no."""

from __future__ import annotations

from civictag.errors import CorpusError
from civictag.i18n import _

# What people type into a yes/no cell, and what spreadsheet programs make of it.
_YES = frozenset({"1", "1.0", "true", "yes", "y", "是", "√", "✓", "✔", "对", "有", "v"})
_NO = frozenset({"", "0", "0.0", "false", "no", "n", "否", "×", "✗", "x", "错", "无", "不"})


def is_yes(cell: str, path: str, line: int, column: str) -> bool:
    """What a person means by a cell.

    Raises:
        CorpusError: neither yes nor no.
    """
    low = cell.lower()
    if low not in _YES | _NO:
        problem = _('"{cell}" is neither 1 nor 0 (nor √ nor empty)', cell=cell)
        raise CorpusError(problem, where=path, line=line, field=column)
    return low in _YES
