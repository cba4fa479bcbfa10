"""Label sets: what the labels are called, what they mean, and the cues that announce them.

A label set is a TOML file (``labels/civic.toml`` is the shipped one). Nothing in the program
knows its labels: a user's own file gets every feature. The format is told in
``labels/README.md``; this module reads it and says what is wrong with it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from civictag.datamodel import Label
from civictag.errors import TaxonomyError
from civictag.i18n import _, listed
from civictag.labels.label_file import (
    ID,
    LONGEST_NAME,
    MOST_CLASSES,
    MOST_LABELS,
    as_seen,
    check_keys,
    check_shape,
    read_toml,
)
from civictag.labels.word_sets import WordSets
from civictag.util import resources as shipped
from civictag.util.terminal import harmless

FORMAT = 1

#: Columns of the program's tables and sums of its figures: a label of that name would stand there twice.
RESERVED = frozenset(
    {"source", "id", "title", "index", "start", "end", "text", "tags", "review", "use", "checked", "date"}
    | {"unit", "article", "paragraph", "labels", "scores", "model", "kind", "extra", "evidence", "none"}
    | {"all", "micro", "macro", "weighted", "samples", "total", "doc", "para", "duplicate_of"}
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One pattern, ready to match: literals for each part, a gap between parts.

    ``label`` is "" for the general classes that serve as context to every label.
    """

    label: str
    kind: str
    pattern: str
    parts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Taxonomy:
    """A label set. ``sha256`` is that of its canonical JSON: layout and comments do not count."""

    name: str
    version: str
    labels: tuple[Label, ...]
    cues: tuple[Cue, ...]
    sha256: str
    raw: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """Label ids, in file order: the order of every (n_texts, n_labels) array."""
        return tuple(label.id for label in self.labels)


def read_taxonomy(name_or_path: str) -> Taxonomy:
    """Read a shipped label set by name, or a TOML file by path.

    Raises:
        TaxonomyError: no such file, not TOML, or something in it is wrong.
    """
    path = _find(name_or_path)
    data = read_toml(path)
    check_keys(data, path)
    check_shape(data, path)
    # default: TOML has dates, JSON has not, and a model keeps its labels as JSON.
    found = from_data(json.loads(json.dumps(data, default=str)), where=path)
    _check_reserved(found.ids, path)
    _check_names(found.labels, path)
    return found


def from_data(data: Mapping[str, Any], where: str = "label set") -> Taxonomy:
    """Build a taxonomy from the parsed file (a model bundle stores it as JSON).

    Raises:
        TaxonomyError: naming the field that is wrong.
    """
    check_shape(data, where)
    if data.get("format") != FORMAT or data["format"] is True:
        raise TaxonomyError(
            _("is of format {format!r}, not {known}", format=data.get("format"), known=FORMAT),
            where=where,
            field="format",
            hint=_("Write format = {format} at the top; labels/README.md tells the format", format=FORMAT),
        )
    labels = tuple(_label(entry, i, where) for i, entry in enumerate(_list(data, "labels", where)))
    _check_unique([label.id for label in labels], where)
    sets = WordSets(_table(data, "sets", where), where)
    cues: list[Cue] = []
    for entry, label in zip(data["labels"], labels, strict=True):
        cues += _cues(label.id, _table(entry, "cues", where), sets, where)
    cues += _cues("", _table(data, "context", where), sets, where)
    if len({(cue.label, cue.kind) for cue in cues}) > MOST_CLASSES:
        raise TaxonomyError(_("has more than {most} classes of cues", most=MOST_CLASSES), where=where)
    # str: TOML has dates, JSON has not.
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return Taxonomy(
        name=_text(data, "name", "", where) or "unnamed",
        version=_text(data, "version", "", where) or "0",
        labels=labels,
        cues=tuple(cues),
        sha256=hashlib.sha256(canonical.encode("utf-8")).hexdigest(),
        raw=data,
    )


def _find(name_or_path: str) -> str:
    if os.path.isfile(name_or_path):  # not a folder: beside models, "civic" may be one
        return name_or_path
    known = shipped.names("labels", ".toml")
    if name_or_path in known:
        return os.path.join(shipped.folder("labels"), name_or_path + ".toml")
    raise TaxonomyError(
        _("no such label set"),
        where=name_or_path,
        hint=_(
            "Give the path of a .toml file, or one of the shipped: {known}", known=listed(known) or _("none")
        ),
    )


def _label(entry: object, index: int, where: str) -> Label:
    if not isinstance(entry, Mapping):
        raise TaxonomyError(_("is not a table"), where=where, field=f"labels[{index}]")
    ident = entry.get("id")
    if not isinstance(ident, str) or not ID.match(ident):
        raise TaxonomyError(
            _("has the id {ident!r}", ident=ident),
            where=where,
            field=f"labels[{index}].id",
            hint=_("An id is letters, digits and _, beginning with a letter, such as sanitation"),
        )
    name = _text(entry, "name", f"labels[{index}].", where) or ident
    if not name.strip() or not harmless(name) or len(name) > LONGEST_NAME or len(ident) > LONGEST_NAME // 2:
        raise TaxonomyError(
            _("is not a printable name of 1 to {most} characters", most=LONGEST_NAME),
            where=where,
            field=f"labels[{index}].name",
        )
    keys = ("name_en", "definition", "definition_en", "color")
    texts = {key: _text(entry, key, f"labels[{index}].", where) for key in keys}
    return Label(id=ident, name=name, **texts)


def _text(table: Mapping[str, Any], key: str, place: str, where: str) -> str:
    """A text, or a number or date as one (``version = 1.0``); "" where there is none."""
    value = table.get(key, "")
    if isinstance(value, (bool, list, Mapping)):  # ["a"] would be shown as "['a']"
        raise TaxonomyError(_("is not a text"), where=where, field=place + key)
    return str(value)


def _check_unique(ids: list[str], where: str) -> None:
    if not ids:
        raise TaxonomyError(_("has no labels"), where=where, hint=_("Add one [[labels]] table per label"))
    if len(ids) > MOST_LABELS:
        raise TaxonomyError(_("has more than {most} labels", most=MOST_LABELS), where=where)
    for ident, count in Counter(ids).items():
        if count > 1:
            raise TaxonomyError(
                _("has the label {ident!r} twice", ident=ident),
                where=where,
                field="labels",
                hint=_("Give each label an id of its own, or merge the two"),
            )


def _check_reserved(ids: Sequence[str], where: str) -> None:
    """Only of files that people write: a model trained under an older rule stays loadable."""
    for ident in ids:
        scores = ident[:2].lower() in ("p_", "m_") and ident[2:] in ids  # of another label of the set
        if scores or ident.lower() in RESERVED:
            raise TaxonomyError(
                _("has the id {id!r}, which is a column of the program's own tables", id=ident),
                where=where,
                field="labels",
                hint=_("Give the label another id; its name may stay"),
            )


def _check_names(labels: Sequence[Label], where: str) -> None:
    """Refuse one name for two labels: no reader of a sheet or chart could tell them apart, nor could we.

    A label's id is such a name too: a corpus may give either.
    """
    ids = {as_seen(label.id): label.id for label in reversed(labels)}
    for key in ("id", "name", "name_en"):
        first = dict(ids)
        for label in labels:
            name = as_seen(getattr(label, key))
            if name and first.setdefault(name, label.id) != label.id:
                raise TaxonomyError(
                    _("has the labels {one} and {other} with one name", one=first[name], other=label.id),
                    where=where,
                    field=key,
                    hint=_("Give each label a name of its own, or merge the two"),
                )


def _cues(label: str, table: Mapping[str, Any], sets: WordSets, where: str) -> list[Cue]:
    found = []
    for kind, patterns in table.items():
        place = f"{label or 'context'}.{kind}"
        if not ID.match(kind):  # it becomes part of feature names, one per line
            raise TaxonomyError(
                _("has the cue class {kind!r}", kind=kind),
                where=where,
                field=label or "context",
                hint=_("A class is letters, digits and _, beginning with a letter, such as strong"),
            )
        if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
            raise TaxonomyError(_("is not a list of texts"), where=where, field=place)
        found += [Cue(label, kind, p, sets.parts(p, place)) for p in dict.fromkeys(patterns)]
    return found


def _list(data: Mapping[str, Any], key: str, where: str) -> list[Any]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise TaxonomyError(_("is not a list of tables"), where=where, field=key)
    return value


def _table(data: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, Mapping):
        raise TaxonomyError(_("is not a table"), where=where, field=key)
    return value
