"""From what several people said to one answer per paragraph, and how far they agree."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from civictag.datamodel import LabelledParagraph
from civictag.evaluation.agreement import krippendorff_alpha
from civictag.web.database import Row
from civictag.web.desk.store import DeskStore

Said = dict[int, list[Row]]


def by_item(rows: Iterable[Row]) -> Said:
    """Standing decisions by their paragraph."""
    found: Said = defaultdict(list)
    for row in rows:
        found[row["item"]].append(row)
    return dict(found)


def settled(rows: Sequence[Row]) -> tuple[str, ...] | None:
    """The labels that a majority gives; None while people disagree half and half, or one is unsure alone."""
    sure = [row for row in rows if not row["unsure"]]
    if not sure:
        return None
    votes: dict[str, int] = defaultdict(int)
    for row in sure:
        for label in row["labels"].split():
            votes[label] += 1
    if any(2 * count == len(sure) for count in votes.values()):
        return None
    return tuple(label for label, count in votes.items() if 2 * count > len(sure))


def labelled(store: DeskStore, *, apart: bool | None = None) -> list[LabelledParagraph]:
    """Settled paragraphs as a corpus, with who said it and when; ``apart`` chooses one of the two shares."""
    found = []
    for number, rows in by_item(store.standing()).items():
        labels = settled(rows)
        item = store.item(number)
        if labels is None or (apart is not None and bool(item["apart"]) != apart):
            continue
        found.append(_paragraph(item, rows, labels))
    return found


def _paragraph(item: Row, rows: Sequence[Row], labels: tuple[str, ...]) -> LabelledParagraph:
    extra = json.loads(item["extra"])
    source = str(extra.pop("source", "") or item["file"])
    extra |= {
        "annotators": [row["annotator"] for row in rows],
        "annotated_at": when(max(row["made"] for row in rows)),
        "kept_apart": bool(item["apart"]),
    }
    return LabelledParagraph(
        item["doc"], item["para"], item["text"], labels, item["title"], source, extra, item["file"]
    )


def when(moment: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


def history(store: DeskStore) -> list[dict[str, Any]]:
    """Every decision that was ever made, those taken back too, in order."""
    rows = store.data.rows(
        "SELECT decisions.*, articles.file, articles.doc, items.para FROM decisions "
        "JOIN items ON items.id = item JOIN articles ON articles.id = items.article ORDER BY seq"
    )
    return [
        {
            "seq": row["seq"], "file": row["file"], "doc": row["doc"], "para": row["para"],
            "annotator": row["annotator"], "labels": row["labels"].split(), "unsure": bool(row["unsure"]),
            "at": when(row["made"]), "undone_at": when(row["undone"]) if row["undone"] else None,
            "suggestions_shown": bool(row["shown"]), "model": row["model"],
        }
        for row in rows
    ]  # fmt: skip


def agreement(said: Said, labels: Sequence[str]) -> dict[str, Any]:
    """Krippendorff's alpha (nominal) of each label over paragraphs that two or more people labelled.

    None where it is not defined: nobody, or everybody, gave the label.
    """
    import numpy as np

    double = [rows for rows in said.values() if sum(not row["unsure"] for row in rows) > 1]
    people = sorted({row["annotator"] for rows in double for row in rows})
    found: dict[str, Any] = {"paragraphs": len(double), "people": people, "labels": {}}
    for label in labels:
        table = np.full((len(people), len(double)), np.nan)
        for column, rows in enumerate(double):
            for row in rows:
                if not row["unsure"]:
                    table[people.index(row["annotator"]), column] = label in row["labels"].split()
        found["labels"][label] = krippendorff_alpha(table)
    same = sum(len({frozenset(r["labels"].split()) for r in rows if not r["unsure"]}) == 1 for rows in double)
    found["identical"] = same
    return found
