"""Tables of tags under other labels: read as articles, each tag under its new label, written as they were."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from civictag.datamodel import Article, Label, Paragraph, Tag
from civictag.errors import CivictagError
from civictag.i18n import _, listed
from civictag.readers.own_outputs import is_workbook
from civictag.readers.tables.raw_table import parquet_rows, read_sheets
from civictag.review.grouped_rows import OtherLabels, TaggedTable
from civictag.review.sheet_places import places
from civictag.review.tagged_records import NEEDED
from civictag.review.tagged_table import open_tagged
from civictag.review.written_again import write_again
from civictag.writers.rows import label_column
from civictag.writers.sheets.headings import HEADINGS, word

Becomes = Mapping[str, tuple[str, ...]]


class Relabelling(NamedTuple):
    """How a table of tags comes under new labels.

    Attributes:
        becomes: old label → its new ones: one, several after a split, none when it is retired.
        old: the label set that the table was made with; None: as the table itself tells.
        new: the new label set; None: the old one, with labels renamed, merged and split.
        counts: is given how many paragraphs carried each old label that becomes another.
    """

    becomes: Becomes
    old: Sequence[Label] | None
    new: Sequence[Label] | None
    counts: Counter[str]


def is_table_of_tags(path: str) -> bool:
    """Whether a workbook, Parquet file or CSV is an output of ``tag``; False where it cannot be read."""
    low = path.lower()
    try:
        if low.endswith(".xlsx"):
            return is_workbook(path)
        if low.endswith(".parquet"):
            return set(NEEDED) <= set(next(parquet_rows(path), {}))
        if low.endswith((".csv", ".tsv")):
            return set(NEEDED) <= set(places(next(read_sheets(path)).head, ()))
    except (CivictagError, OSError, StopIteration):
        return False
    return False


def relabel(path: str, output: str, relabelling: Relabelling) -> list[str]:
    """Write the table again under the new labels; what should be known of it.

    Raises:
        CivictagError: the table does not tell its labels, was made with others, or is damaged.
    """
    old = relabelling.old or labels_of(path)
    found = _opened(path, old) if old else None
    if found is None:
        problem = _("does not tell the labels that it was made with")
        raise CivictagError(problem, where=path, hint=_("Give that label set with --from"))
    new = tuple(relabelling.new or renamed_labels(old, relabelling.becomes))
    names = {label.id: label for label in new}
    articles = [_article(article, names, relabelling) for article in found.articles]
    form = os.path.splitext(output)[1].lower()[1:]
    notes = write_again(articles, found, new, found.model, form, output)
    if relabelling.new is None and len({*relabelling.becomes.values()}) < len(relabelling.becomes):
        notes.append(_("merged labels have the name of the first; give the new label set with -l"))
    if found.sheets:
        notes.append(_("sheets that are not civictag's are left out: {names}", names=listed(found.sheets)))
    return notes


def _opened(path: str, labels: Sequence[Label]) -> TaggedTable | None:
    try:
        return open_tagged(path, labels)
    except CivictagError as error:
        hint = _("Give that label set with --from") if isinstance(error, OtherLabels) else error.hint
        raise CivictagError(error.problem, where=error.where, line=error.line, hint=hint) from None


def labels_of(path: str) -> tuple[Label, ...]:
    """The labels that a workbook or Parquet file of tags says it has, by its columns of probabilities."""
    called: dict[str, str] = {}
    if path.lower().endswith(".parquet"):
        called = {name: name for name in next(parquet_rows(path), {})}
    else:
        ids = {word("ids", headings) for headings in HEADINGS}
        for sheet in read_sheets(path):
            called = called or {name: name for name in sheet.head}
            if sheet.name in ids:  # its rows: heading, id
                called = {str(row[1]): str(row[0]) for row in sheet.rows if len(row) > 1}
    found = (name.removeprefix("p_") for name in called if name.startswith("p_"))
    heads = {id: called[label_column(id)] for id in found if label_column(id) in called}
    return tuple(Label(id, name, name) for id, name in heads.items())  # in the language of the headings


def renamed_labels(labels: Sequence[Label], becomes: Becomes) -> Iterator[Label]:
    """The label set after a migration: a label that was split has its new ids behind its name."""
    seen: set[str] = set()
    for label in labels:
        news = becomes.get(label.id, (label.id,))
        for new in news:
            tail = f" ({new})" if len(news) > 1 else ""
            if new not in seen:
                english = label.name_en and label.name_en + tail
                yield replace(label, id=new, name=label.name + tail, name_en=english)
            seen.add(new)


def _article(article: Article, names: Mapping[str, Label], relabelling: Relabelling) -> Article:
    found = tuple(_paragraph(p, names, relabelling) if p.kind == "body" else p for p in article.paragraphs)
    return replace(article, paragraphs=found)


def _paragraph(paragraph: Paragraph, names: Mapping[str, Label], relabelling: Relabelling) -> Paragraph:
    """Of labels merged the surer tag stays; a label that was split asks for a person's look."""
    becomes = relabelling.becomes
    old = [tag.label for tag in paragraph.tags]
    relabelling.counts.update(label for label in old if label in becomes)
    scores: dict[str, float] = {}
    for label, score in (paragraph.scores or {}).items():
        for new in becomes.get(label, (label,)):
            scores[new] = max(score, scores.get(new, score))
    reasons, suggested = paragraph.reasons, paragraph.suggested
    return replace(
        paragraph,
        tags=_tags(paragraph.tags, names, becomes),
        reasons=None if reasons is None else _tags(reasons, names, becomes),
        scores=scores or None,
        suggested=None if suggested is None else _ids(suggested, becomes),
        review=paragraph.review or any(len(becomes.get(label, ())) > 1 for label in old),
    )


def _tags(tags: Iterable[Tag], names: Mapping[str, Label], becomes: Becomes) -> tuple[Tag, ...]:
    found: dict[str, Tag] = {}
    for tag in sorted(tags, key=lambda tag: -tag.probability):
        for new in becomes.get(tag.label, (tag.label,)):
            if new not in names:
                problem = _("the new label set has no label {label}", label=new)
                raise CivictagError(problem, hint=_("Its labels are: {labels}", labels=listed(names)))
            found.setdefault(new, replace(tag, label=new, name=names[new].name))
    return tuple(found.values())


def _ids(labels: Iterable[str], becomes: Becomes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(new for old in labels for new in becomes.get(old, (old,))))
