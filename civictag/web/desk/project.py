"""Opening a labelling project: its file, its label set, its paragraphs, the model that suggests first."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from civictag.datamodel import Label
from civictag.errors import CivictagError
from civictag.i18n import _
from civictag.labels.label_set import Taxonomy, from_data, read_taxonomy
from civictag.model.bundle import find, load
from civictag.util import resources as shipped
from civictag.web.desk import loading
from civictag.web.desk.ordering import rank_all
from civictag.web.desk.retraining import Retraining
from civictag.web.desk.store import DeskStore


@dataclass(frozen=True, slots=True)
class Wish:
    """What a project is begun with; a project that exists keeps its own labels and plan.

    Attributes:
        labels: name or path of the label set; "" takes that of the model.
        model: what suggests first; "" for none.
        order: ``active`` or ``as-is``.
        blind: nobody sees suggestions.
        base: further corpora that trainings learn from.
    """

    labels: str = ""
    model: str = "civic"
    order: str = "active"
    blind: bool = False
    base: tuple[str, ...] = ()
    plan: loading.Plan = field(default_factory=loading.Plan)


class Project:
    """A labelling project that is open.

    Attributes:
        labels: its label set.
        cases: hard cases of the labels, as (text, label ids, why).
        blind: nobody sees suggestions.
        notes: what could not be read, when articles were added.
    """

    def __init__(self, store: DeskStore, base: Sequence[str], notes: Sequence[str]) -> None:
        self.store = store
        self.labels: tuple[Label, ...] = _taxonomy(store).labels
        self.cases: list[dict[str, Any]] = json.loads(store.meta("cases", "[]"))
        self.blind = store.meta("blind") == "1"
        self.notes = list(notes)
        self.retraining = Retraining(store, base)

    def close(self) -> None:
        """End its training, close its file."""
        self.retraining.stop()
        self.store.close()


def open_project(path: str, inputs: Sequence[str], wish: Wish) -> Project:
    """Begin a project, or go on with one; ``inputs`` are added to it.

    Raises:
        CivictagError: the file is no project, an input cannot be read, there is nothing to label.
    """
    store = DeskStore(path)
    if not store.meta("label_file"):
        _begin(store, wish)
    notes: list[str] = []
    plan = loading.Plan(float(store.meta("apart")), float(store.meta("double")), int(store.meta("seed")))
    added = loading.load(store, inputs, plan, loading.failures_to(notes))
    if not store.data.value("SELECT count(*) FROM items"):
        store.close()
        first = notes[0] if notes else _("Give a corpus or articles")
        raise CivictagError(_("there is nothing to label"), where=path, hint=first)
    project = Project(store, wish.base, notes)
    if added:
        rank_all(store, project.retraining.current())
    return project


def _begin(store: DeskStore, wish: Wish) -> None:
    name, model = wish.labels, wish.model
    if not name:
        name = load(model).info.manifest["label_set"]["name"] if model else "civic"
    taxonomy = read_taxonomy(name)
    place = name if os.path.isfile(name) else os.path.join(shipped.folder("labels"), name + ".toml")
    with open(place, encoding="utf-8-sig") as file:
        text = file.read()
    if model and {label.id for label in load(model).labels} != set(taxonomy.ids):
        model = ""  # its suggestions would be of other labels
    store.set_meta({
        "label_file": text,
        "taxonomy": json.dumps(taxonomy.raw, ensure_ascii=False, default=str),
        "cases": json.dumps(_cases(place, taxonomy), ensure_ascii=False),
        "first_model": os.path.abspath(find(model)) if model else "",
        "order": wish.order,
        "blind": str(int(wish.blind)),
        "apart": str(wish.plan.apart),
        "double": str(wish.plan.double),
        "seed": str(wish.plan.seed),
    })  # fmt: skip


def _taxonomy(store: DeskStore) -> Taxonomy:
    return from_data(json.loads(store.meta("taxonomy")), where=store.path)


def _cases(label_file: str, taxonomy: Taxonomy) -> list[dict[str, Any]]:
    """Decided hard cases: ``<label set>.cases.jsonl`` beside the label file, lines of text, labels, note."""
    path = label_file.removesuffix(".toml") + ".cases.jsonl"
    if not os.path.isfile(path):
        return []
    found = []
    with open(path, encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            try:
                case = json.loads(line)
                known = {
                    "text": str(case["text"]),
                    "labels": list(case["labels"]),
                    "note": str(case.get("note", "")),
                }
            except (ValueError, KeyError, TypeError) as error:
                problem = _("is not a hard case: text and labels are needed")
                raise CivictagError(problem, where=path, line=number) from error
            if not set(known["labels"]) <= set(taxonomy.ids):
                raise CivictagError(_("names an unknown label"), where=path, line=number, field="labels")
            found.append(known)
    return found
