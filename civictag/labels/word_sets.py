"""A label file's word sets, and the writing out of patterns that use them: ``<clean>…路面``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from civictag.errors import TaxonomyError
from civictag.i18n import _
from civictag.text.normalize import normalize
from civictag.text.sentences import CLAUSE_BREAKS

GAP = "…"
MAX_PARTS = 3
MAX_DEPTH = 32  # of sets in sets
MAX_LITERALS = 20_000  # of one pattern, after its sets are written out: a slip such as <a><b><c> of 100 each

MAX_WRITTEN = 500_000  # texts of all patterns of a file; the shipped label set has some 10,000

_SET = re.compile(r"<([^<>]*)>|([^<>]+)|([<>])")


class WordSets:
    """The file's named word sets, and the writing out of patterns that use them."""

    def __init__(self, table: Mapping[str, Any], where: str) -> None:
        self._table = table
        self._where = where
        self._written: dict[str, list[str]] = {}  # sets written out: a set may stand in many
        self._left = MAX_WRITTEN

    def parts(self, pattern: str, place: str) -> tuple[tuple[str, ...], ...]:
        """The literals of each part of a pattern; ``place`` is the field that messages name."""
        pieces = pattern.replace("...", GAP).split(GAP)
        if len(pieces) > MAX_PARTS:
            self._fail(
                _(
                    "pattern {pattern!r} has more than {most} parts",
                    pattern=pattern,
                    most=MAX_PARTS,
                ),
                place,
            )
        parts = tuple(self._literals(piece, place) for piece in pieces)
        if not all(parts) or not all(all(part) for part in parts):
            self._fail(_("pattern {pattern!r} has an empty part", pattern=pattern), place)
        return parts

    def _literals(self, piece: str, place: str) -> tuple[str, ...]:
        choices = []
        for m in _SET.finditer(piece):
            if m[3]:
                self._fail(_("{piece!r} has a {mark} that belongs to no set", piece=piece, mark=m[3]), place)
            choices.append([m[2]] if m[2] else self._words(m[1], place, ()))
        size = 1
        for words in choices:
            size *= len(words)
        self._left -= min(size, MAX_LITERALS)
        if self._left < 0:
            self._fail(
                _("the file's patterns stand for more than {most} texts together", most=MAX_WRITTEN), place
            )
        if size > MAX_LITERALS:
            self._fail(
                _(
                    "{piece!r} stands for {size} texts, more than {most}",
                    piece=piece,
                    size=size,
                    most=MAX_LITERALS,
                ),
                place,
            )
        texts = tuple(dict.fromkeys(normalize("".join(words)) for words in product(*choices)))
        for text in texts:
            if broken := CLAUSE_BREAKS.intersection(text):
                self._fail(
                    _(
                        "{text!r} is never found: cues are looked for between {marks}",
                        text=text,
                        marks=" ".join(broken),
                    ),
                    place,
                )
        return texts

    def _words(self, name: str, place: str, seen: tuple[str, ...]) -> list[str]:
        if name in self._written:
            return self._written[name]
        if len(seen) > MAX_DEPTH:
            self._fail(
                _(
                    "<{name}> stands in more than {max_depth} sets within each other",
                    name=name,
                    max_depth=MAX_DEPTH,
                ),
                place,
            )
        words = self._table.get(name)
        if not isinstance(words, list) or name in seen:
            self._fail(
                _("<{name}> is not a set of this file", name=name)
                if name not in seen
                else _("<{name}> contains itself", name=name),
                place,
            )
        out: list[str] = []
        for word in _texts(words):
            whole = re.fullmatch(r"<([^<>]+)>", word)
            if not whole and (mark := re.search("[<>]", word)):  # "<b>x" would be looked for as it stands
                self._fail(
                    _("{piece!r} has a {mark} that belongs to no set", piece=word, mark=mark[0]), place
                )
            out += self._words(whole[1], place, (*seen, name)) if whole else [word]
            if len(out) > MAX_LITERALS:
                self._fail(
                    _(
                        "<{name}> stands for more than {max_literals} words",
                        name=name,
                        max_literals=MAX_LITERALS,
                    ),
                    place,
                )
        self._written[name] = out
        return out

    def _fail(self, problem: str, place: str) -> None:
        raise TaxonomyError(problem, where=self._where, field=place)


def _texts(words: Iterable[object] | None) -> list[str]:
    return [str(word) for word in words or ()]
