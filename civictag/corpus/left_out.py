"""Rows of a file of labelled paragraphs that are left out or lack something: counted, and told once each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from civictag.corpus.formats import Record
from civictag.corpus.formats.columns import is_looked_at, unusual_marks
from civictag.errors import CorpusError
from civictag.i18n import _, listed, ngettext

_TOLD = 5  # marks, the most frequent first


@dataclass(slots=True)
class Counts:
    """What became of the rows of one file.

    Attributes:
        taken: read.
        without_doc: of them, those that name no article.
        unlabelled: left out, since nobody has labelled them.
        unchecked: left out, since their column 核对 (checked, use) is blank or says no: what a machine
            proposed is no truth.
        marks: what was taken for a yes there beside √, 1, 是: names, dates, other words.
    """

    taken: int = 0
    without_doc: int = 0
    unlabelled: int = 0
    unchecked: int = 0
    marks: Counter[str] = field(default_factory=Counter)

    def takes(self, record: Record) -> bool:
        """Count a row; whether it is to be read."""
        if record.get("labels", "") is None:
            self.unlabelled += 1
        elif not is_looked_at(record):
            self.unchecked += 1
        else:
            self.taken += 1
            self.marks.update(unusual_marks(record))
            self.without_doc += record.get("doc") in (None, "")
            return True
        return False

    def say(self, path: str, tell: Callable[[str], None]) -> None:
        """Tell each count that is not 0.

        Raises:
            CorpusError: all rows were left out, since none is marked as checked.
        """
        if self.unchecked and not self.taken:
            raise _none_checked(self.unchecked, path)
        notes = {
            self._unlabelled: self.unlabelled,
            self._unchecked: self.unchecked,
            self._marked: len(self.marks),
            self._without_doc: self.without_doc,
        }
        for note in (said() for said, count in notes.items() if count):
            tell(f"{path}{_(': ')}{note}")

    def _unlabelled(self) -> str:
        return ngettext(
            "{count} paragraph that nobody has labelled yet is left out",
            "{count} paragraphs that nobody has labelled yet are left out",
            self.unlabelled,
        )

    def _unchecked(self) -> str:
        return ngettext(
            "{count} paragraph that is not marked as checked (核对) is left out",
            "{count} paragraphs that are not marked as checked (核对) are left out",
            self.unchecked,
        )

    def _marked(self) -> str:
        listed_marks = (f"{mark[:20]} ({count})" for mark, count in self.marks.most_common(_TOLD))
        more = " …" if len(self.marks) > _TOLD else ""
        return _("taken as looked at by a person: {marks}", marks=listed(listed_marks) + more)

    def _without_doc(self) -> str:
        if self.without_doc < self.taken:
            return ngettext(
                "{count} of {all} paragraphs names no article (doc) and counts as one of its own; where"
                " the number stands in an article's first row alone, fill the column down",
                "{count} of {all} paragraphs name no article (doc): each counts as one of its own; where"
                " the number stands in an article's first row alone, fill the column down",
                self.without_doc,
                all=self.taken,
            )
        return ngettext(
            "{count} paragraph names no article (doc) and counts as an article of its own",
            "{count} paragraphs name no article (doc): each counts as an article of its own. Where they come"
            " from the same articles, out-of-fold figures are too good and intervals too narrow; add a column"
            " doc (文章编号)",
            self.without_doc,
        )


def _none_checked(count: int, path: str) -> CorpusError:
    return CorpusError(
        ngettext(
            "its {count} paragraph is not marked as checked",
            "none of its {count} paragraphs is marked as checked",
            count,
        ),
        where=path,
        hint=_(
            "In the column checked (核对, use), mark with √ or 1 those that a person has looked at; where a"
            " person labelled all of them, take the column out"
        ),
    )
