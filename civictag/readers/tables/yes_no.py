"""What people mean by a cell that says yes or no."""

from __future__ import annotations

import unicodedata

from civictag.errors import CorpusError
from civictag.i18n import _
from civictag.readers.tables.traditional import simplified

# What people type into a yes/no cell, and what spreadsheet programs make of it.
YES = frozenset(
    {"1", "1.0", "true", "yes", "y", "ok", "v", "是", "对", "有", "√", "✓", "✔", "☑", "✅"}
    | {"已核对", "已核", "已看"}
)  # fmt: skip
NO = frozenset(
    {"", "0", "0.0", "false", "no", "n", "x", "否", "错", "无", "不", "没有", "×", "✗", "✘", "✕", "❌", "☐"}
    | {"-", "/", "—", "未核对", "未核", "未看"}
)  # fmt: skip


def is_yes(cell: str, path: str, line: int, column: str) -> bool:
    """What a person means by a cell; full-width １ and Ｙ are 1 and y.

    Raises:
        CorpusError: neither yes nor no.
    """
    low = simplified(unicodedata.normalize("NFKC", cell).strip().lower())
    if low not in YES | NO:
        problem = _('"{cell}" is neither 1 nor 0 (nor √ nor empty)', cell=cell)
        raise CorpusError(problem, where=path, line=line, field=column, hint=_("Write √, or leave it empty"))
    return low in YES
