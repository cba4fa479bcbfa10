"""What a corpus writes for its labels (ids or names, a list or one cell) → ids of the label set."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from civictag.corpus.formats import Known
from civictag.corpus.formats.columns import plain
from civictag.datamodel import Label
from civictag.errors import CorpusError
from civictag.i18n import _, listed

SEPARATORS = re.compile(r"[;；、,，|｜\n]")
_BETWEEN = re.compile(r"[\s/／\\+＋&＆·#和与及]+")  # may stand within a name
_NO_LABEL = frozenset(
    {
        "无",
        "无标签",
        "没有",
        "无。",
        "空",
        "none",
        "-",
        "—",
        "–",
        "/",
        "[]",
        "n/a",
        "#n/a",
        "na",
        "nan",
        "null",
    }
)
_NO_COMMA = re.compile(r"""(['"])\s+(['"])""")  # numpy: ['a' 'b'], of which Python makes ['ab']
_TOLD = 12  # labels that are not known, the most frequent first
_LEAST_ALIKE = 0.65  # difflib's: 「抢险」 is 0.67 of 「抢险救援」


class UnknownLabel(CorpusError):
    """A label that the label set has not; ``label`` is what was written."""

    label = ""


def known_labels(labels: Sequence[str] | Sequence[Label] | None) -> Known:
    """The labels of a label set, of which ids alone may be given; None: any label is taken as it is."""
    if labels is None:
        return None
    return tuple(label if isinstance(label, Label) else Label(label, label) for label in labels)


def all_unknown(errors: Sequence[UnknownLabel]) -> CorpusError:
    """The first of them, with the count of each label that is not known."""
    first, labels = errors[0], Counter(error.label for error in errors)
    if len(errors) == 1:
        return first
    examples = listed(f"{label!r} ({count})" for label, count in labels.most_common(_TOLD))
    problem = _(
        "{first}; labels that are not known stand in {count} rows: {labels}",
        first=first.problem,
        count=len(errors),
        labels=examples + (" …" if len(labels) > _TOLD else ""),
    )
    return CorpusError(problem, where=first.where, line=first.line, field=first.field, hint=first.hint)


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
            UnknownLabel: the label set has none of that name.
            CorpusError: an empty label, or neither a list of texts nor a text.
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

    def knows(self, cell: str) -> bool:
        """Whether all that a cell lists are known labels, and it lists any."""
        parts = self._parts(cell)
        return bool(parts) and all(plain(part) in self._ids for part in parts)

    def _parts(self, cell: str) -> list[str]:
        if plain(cell) in self._ids:  # a name may hold a comma
            return [cell]
        if (nested := _nested(cell)) is not None:
            return nested
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
            if not part.strip():
                raise CorpusError(
                    _("has an empty label"), where=path, line=line, field=field, hint=self._all_names()
                )
            problem = _("unknown label {label}", label=repr(part))
            error = UnknownLabel(problem, where=path, line=line, field=field, hint=self._hint(part))
            error.label = part
            raise error
        return found

    def _hint(self, part: str) -> str | None:
        """The label that was probably meant, and all that there are."""
        from difflib import get_close_matches

        near = get_close_matches(plain(part), self._ids, 1, _LEAST_ALIKE)
        names = {label.id: label.name or label.id for label in self._known or ()}
        meant = [_("Did you mean {meant!r}?", meant=names[self._ids[name]]) for name in near]
        return " ".join([*meant, self._all_names() or ""])

    def _all_names(self) -> str | None:
        known = self._known or ()
        examples = ", ".join(x.id if x.name in ("", x.id) else f"{x.id} ({x.name})" for x in known)
        return _("The label set has: {labels}", labels=examples) if examples else None


def _nested(cell: str) -> list[str] | None:
    """A list within a cell, as programs write it: JSON, Python's or numpy's way, ``{"choices": […]}``."""
    text = cell.strip()
    if not (text.startswith("[") and text.endswith("]")) and not text.startswith('{"choices"'):
        return None
    found: Any = None
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(_NO_COMMA.sub(r"\1, \2", text))
            break
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    found = found.get("choices") if isinstance(found, dict) else found
    return found if isinstance(found, list) and all(isinstance(label, str) for label in found) else None
