"""Tagged articles read back, and rows of single paragraphs put together as the articles they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from civictag.datamodel import Article, NotCounted
from civictag.errors import CivictagError
from civictag.i18n import _, listed


class OtherLabels(CivictagError):
    """A table was made with other labels than those that were asked for."""

    @classmethod
    def named(cls, labels: Sequence[str], path: str, line: int | None = None) -> OtherLabels:
        """The error that names those that differ."""
        return cls(
            _("was made with other labels than the model's: {names}", names=listed(labels)),
            where=path,
            line=line,
            hint=_("Name the model that made it with -m, or its label set with -l"),
        )


@dataclass(slots=True)
class TaggedTable:
    """A table of tags.

    Attributes:
        articles: its articles in order, each with its body paragraphs; read once.
        model: ``name``, ``version``, ``sha256`` of the model, where the table tells.
        sheets: names of a workbook's sheets that are not civictag's.
        headings: in which language a sheet's are; one of ``HEADINGS``.
        not_counted: what the workbook of a month's report lists as counted nowhere.
    """

    articles: Iterable[Article]
    model: dict[str, str] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    headings: str = "ids"
    not_counted: tuple[NotCounted, ...] = ()


def grouped(path: str, rows: Iterable[Article], *, scattered: bool = False) -> Iterator[Article]:
    """Articles of one paragraph put together by source.

    Rows of a table with the same id have one source: a paragraph whose number was there already begins
    the next of them.

    Raises:
        CivictagError: the rows of an article do not stand together, unless ``scattered``.
    """
    if scattered:
        yield from _gathered(rows)
        return
    last: dict[str, int] = {}
    waiting: Article | None = None
    for row in rows:
        number, before = row.paragraphs[0].index, last.get(row.source)
        is_next = waiting is not None and waiting.source == row.source
        begins_anew = "#" in row.source and before is not None and number <= before
        if not is_next and before is not None and not begins_anew:
            problem = _("the rows of {source} do not stand together", source=row.source)
            raise CivictagError(problem, where=path, hint=_("Sort the table by its column source"))
        last[row.source] = number
        if waiting is not None and is_next and not begins_anew:
            waiting = replace(waiting, paragraphs=waiting.paragraphs + row.paragraphs)
            continue
        if waiting is not None:
            yield waiting
        waiting = row
    if waiting is not None:
        yield waiting


def _gathered(rows: Iterable[Article]) -> Iterator[Article]:
    """The same of rows in any order: the second paragraph of a number is the second article's."""
    times: Counter[tuple[str, int]] = Counter()
    found: dict[tuple[str, int], Article] = {}
    for row in rows:
        place = row.source, row.paragraphs[0].index
        times[place] += 1
        key = row.source, times[place]
        begun = found.get(key)
        found[key] = replace(begun, paragraphs=begun.paragraphs + row.paragraphs) if begun else row
    yield from found.values()
