"""What is said of paragraphs that have nothing in the place of their labels."""

from __future__ import annotations

from civictag.i18n import ngettext


def blank_note(count: int) -> str:
    """That they count as without label, though perhaps nobody has looked at them yet."""
    return ngettext(
        "{count} paragraph has nothing in the place of its labels and counts as one without label;"
        " take it out if nobody has looked at it yet",
        "{count} paragraphs have nothing in the place of their labels and count as without label;"
        " take out those that nobody has looked at yet",
        count,
    )
