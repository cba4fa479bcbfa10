"""The order in which paragraphs are given out: by what a model would learn, or as they stand."""

from __future__ import annotations

import random
from collections.abc import Sequence

from civictag.model.tagger import Tagger
from civictag.web.database import Row
from civictag.web.desk.store import DeskStore


def rank_all(store: DeskStore, tagger: Tagger | None) -> None:
    """Score every paragraph with the model, if there is one, and order what is to come.

    The kept-apart share is always in random order: a chosen one would not tell how good a model is.
    """
    rows = store.data.rows(
        "SELECT items.id, items.text, items.apart, articles.title FROM items "
        "JOIN articles ON articles.id = article ORDER BY items.id"
    )
    active = store.meta("order") == "active"
    apart = [row for row in rows if row["apart"]]
    learned = [row for row in rows if not row["apart"]]
    random.Random(store.meta("seed")).shuffle(apart)
    probabilities = (
        tagger.probabilities([r["text"] for r in rows], [r["title"] for r in rows]) if tagger else None
    )
    if tagger is None or probabilities is None:
        if active:
            random.Random(store.meta("seed")).shuffle(learned)
        store.set_scores([], [row["id"] for row in (*apart, *learned)], "")
        return
    ids = [label.id for label in tagger.labels]
    scores = {
        row["id"]: dict(zip(ids, map(float, p), strict=True))
        for row, p in zip(rows, probabilities, strict=True)
    }
    if active:
        learned = _by_informativeness(store, tagger, learned, scores)
    order = [row["id"] for row in (*apart, *learned)]
    store.set_scores(scores.items(), order, tagger.info.sha256)


def _by_informativeness(
    store: DeskStore, tagger: Tagger, rows: Sequence[Row], scores: dict[int, dict[str, float]]
) -> list[Row]:
    import numpy as np

    from civictag.review.active_learning import in_order, informativeness

    if not rows:
        return []
    table = np.array([list(scores[row["id"]].values()) for row in rows])
    thresholds = [c.threshold for c in tagger.calibrations]
    said = [len(row["labels"].split()) for row in store.standing()]
    cardinality = float(np.mean(said)) if said else float((table >= thresholds).sum(axis=1).mean())
    return [
        rows[i]
        for i in in_order([row["text"] for row in rows], informativeness(table, thresholds, cardinality))
    ]
