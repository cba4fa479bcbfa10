"""Formulas of a workbook, and the texts in them, as XML and every spreadsheet program can hold them."""

from __future__ import annotations

from dataclasses import dataclass

from civictag.util.patterns import lazy

_MOST_FORMULA = 8000  # characters; Excel's limit is 8,192
# Excel refuses a workbook with a text of more than 255 characters in a formula.
_PIECES = lazy(r"[\x00-\x1f]|[^\x00-\x1f]{1,120}")


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is reckoned again when another is changed; ``value`` is what it comes to now."""

    text: str
    value: object


def formula(text: str, value: object) -> object:
    """A formula that comes to ``value`` now; the value alone where the formula is too long for Excel."""
    return Formula(text, value) if len(text) <= _MOST_FORMULA else value


def quoted(text: str) -> str:
    """A text as a formula writes it: ``"甲"&CHAR(11)&"乙"``, for XML holds no control characters."""
    pieces = _PIECES.findall(storable(text)) or [""]
    return "&".join(_literal(piece) for piece in pieces)


def _literal(piece: str) -> str:
    if "" < piece < " ":
        return f"CHAR({ord(piece)})"
    doubled = piece.replace('"', '""')
    return f'"{doubled}"'


def storable(text: str) -> str:
    r"""Without what XML cannot hold: a lone surrogate as ``\udc80``, U+FFFE and U+FFFF likewise.

    Control characters pass: XlsxWriter writes them in the format's own way, ``_x001B_``.
    """
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
