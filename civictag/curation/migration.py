"""Labels renamed, merged, split and retired: a corpus of an old label set under a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from civictag.corpus.formats.columns import CHECK, plain
from civictag.corpus.formats.label_names import LabelNames, known_labels
from civictag.datamodel import Label, LabelledParagraph
from civictag.errors import TaxonomyError
from civictag.i18n import _, listed
from civictag.labels.label_file import check_shape, read_toml

_KEYS = ("rename", "merge", "split", "retire")


@dataclass(frozen=True, slots=True)
class Migration:
    """What becomes of each old label.

    Attributes:
        becomes: old label -> its new labels: one, several after a split, none when it is retired.
    """

    becomes: Mapping[str, tuple[str, ...]]


def read_migration(path: str, labels: Sequence[Label] | None = None) -> Migration:
    """Read a migration file: TOML with ``[rename]`` (old = "new"), ``[merge]`` (new = ["old", "old"]),
    ``[split]`` (old = ["new", "new"]) and ``retire = ["old"]``.

    Args:
        path: the file.
        labels: the old label set, whose labels the file may call by name; None: as it calls them.

    Raises:
        TaxonomyError: it cannot be read, has another key, or says two things of one label.
        CorpusError: the old label set has no such label.
    """
    data = read_toml(path)
    check_shape(data, path)
    for key in data:
        if key not in _KEYS:
            raise TaxonomyError(
                _("is not known"), where=path, field=key, hint=_("Known are: {known}", known=listed(_KEYS))
            )
    found: dict[str, tuple[str, ...]] = {}
    ids = LabelNames(known_labels(labels))
    for called, new, key in _said(data, path):
        old = ids.ids([called], path, None, key)[0]
        if old in found:
            raise TaxonomyError(_("says two things of the label {label}", label=old), where=path, field=key)
        found[old] = new
    if not found:
        raise TaxonomyError(_("says nothing of any label"), where=path)
    return Migration(found)


def _said(data: Mapping[str, Any], path: str) -> list[tuple[str, tuple[str, ...], str]]:
    """(old, new ones, key) of everything in the file."""
    rename, merge, split = (_table(data, key, path) for key in ("rename", "merge", "split"))
    said = [(old, _texts([new], "rename", path), "rename") for old, new in rename.items()]
    said += [(old, (new,), "merge") for new, olds in merge.items() for old in _texts(olds, "merge", path)]
    said += [(old, _texts(news, "split", path), "split") for old, news in split.items()]
    return said + [(old, (), "retire") for old in _texts(data.get("retire", []), "retire", path)]


def _table(data: Mapping[str, Any], key: str, path: str) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, Mapping):
        raise TaxonomyError(_("is not a table"), where=path, field=key)
    return value


def _texts(value: object, key: str, path: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
        raise TaxonomyError(_("is not a list of labels"), where=path, field=key)
    return tuple(value)


def migrated(
    rows: Sequence[LabelledParagraph], migration: Migration
) -> tuple[list[LabelledParagraph], Counter[str]]:
    """The paragraphs under the new labels, and how many carried each old one.

    A paragraph of a label that was split gets all of its new ones, and their names under ``check``: which
    of them is right only a person can say.
    """
    counts: Counter[str] = Counter()
    alike = {plain(old): old for old in migration.becomes}  # case and width do not tell labels apart
    same = (replace(row, labels=tuple(alike.get(plain(x), x) for x in row.labels)) for row in rows)
    return [_row(row, migration.becomes, counts) for row in same], counts


def _row(
    row: LabelledParagraph, becomes: Mapping[str, tuple[str, ...]], counts: Counter[str]
) -> LabelledParagraph:
    counts.update(label for label in row.labels if label in becomes)
    labels = dict.fromkeys(new for old in row.labels for new in becomes.get(old, (old,)))
    split = [new for old in row.labels if len(becomes.get(old, ())) > 1 for new in becomes[old]]
    extra = {**row.extra, CHECK: ";".join(split)} if split else row.extra
    return replace(row, labels=tuple(labels), extra=extra)
