"""What a corpus writes for its labels (ids or names, a list or one cell) → ids of the label set."""

from __future__ import annotations

import re
from collections.abc import Sequence

from civictag.corpus.formats import Known
from civictag.corpus.formats.columns import plain
from civictag.datamodel import Label
from civictag.errors import CorpusError
from civictag.i18n import _

SEPARATORS = re.compile(r"[;；、,，|｜\n]")
_BETWEEN = re.compile(r"[\s/／\\+＋&＆·和与及]+")  # may stand within a name
_NO_LABEL = frozenset({"无", "无标签", "none", "-", "—", "–", "/"})


def known_labels(labels: Sequence[str] | Sequence[Label] | None) -> Known:
    """The labels of a label set, of which ids alone may be given; None: any label is taken as it is."""
    if labels is None:
        return None
    return tuple(label if isinstance(label, Label) else Label(label, label) for label in labels)


class LabelNames:
    """Finds labels by id, Chinese or English name, whatever the case and width."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._ids: dict[str, str] = {}
        for label in known or ():
            for text in filter(plain, (label.id, label.name, label.name_en)):  # no name is no label's name
                self._ids.setdefault(plain(text), label.id)

    def ids(self, value: object, path: str, line: int | None, field: str = "labels") -> tuple[str, ...]:
        """The ids of a list of labels, or of a cell (or a tuple of cells) that lists them: ``a；b、c|d``.

        Raises:
            CorpusError: an unknown label, an empty one, or neither a list of texts nor a text.
        """
        if isinstance(value, str | tuple):
            cells = (value,) if isinstance(value, str) else value
            parts = [part for cell in cells for part in self._parts(cell)]
        elif isinstance(value, list) and all(isinstance(label, str) for label in value):
            parts = value
        else:
            raise CorpusError(
                _("is not a list of label ids"),
                where=path,
                line=line,
                field=field,
                hint=_('Write "labels": [] for a paragraph without label'),
            )
        return tuple(dict.fromkeys(self._id(part, path, line, field) for part in parts))

    def _parts(self, cell: str) -> list[str]:
        if plain(cell) in self._ids:  # a name may hold a comma
            return [cell]
        parts = [part.strip() for part in SEPARATORS.split(cell) if part.strip()]
        parts = [p for part in parts for p in (self._words(part) or [part])]
        return [part for part in parts if plain(part) in self._ids or plain(part) not in _NO_LABEL]

    def _words(self, part: str) -> list[str]:
        """A part cut at blanks, slashes and 和, where only so all of it is known."""
        words = [word for word in _BETWEEN.split(part) if word]
        known = plain(part) not in self._ids and all(plain(word) in self._ids for word in words)
        return words if known else []

    def _id(self, part: str, path: str, line: int | None, field: str) -> str:
        if self._known is None and part.strip():
            return part
        found = self._ids.get(plain(part))
        if found is None:
            told = ", ".join(
                x.id if x.name in ("", x.id) else f"{x.id} ({x.name})" for x in self._known or ()
            )
            raise CorpusError(
                _("unknown label {label}", label=repr(part)) if part.strip() else _("has an empty label"),
                where=path,
                line=line,
                field=field,
                hint=_("The label set has: {labels}", labels=told) if told else None,
            )
        return found
