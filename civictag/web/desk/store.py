"""Paragraphs, leases and decisions of a labelling store: one file, any number of people."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civictag.i18n import _
from civictag.web.database import Database, Row
from civictag.web.desk.schema import KIND, SCHEMA
from civictag.web.refusals import Refusal

LEASE = 15 * 60.0  # seconds that a paragraph stays with the person who has it on the screen


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person said of one paragraph.

    Attributes:
        key: made by the page for this decision; sent again after a lost answer, it is stored once.
        shown: the person saw the model's suggestions.
    """

    item: int
    annotator: str
    labels: tuple[str, ...]
    unsure: bool
    key: str
    shown: bool


class DeskStore:
    """One labelling project.

    Raises:
        CivictagError: the file cannot be used, or is something else.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.data = Database(path, SCHEMA, kind=KIND)

    def meta(self, key: str, default: str = "") -> str:
        """A fact of the project."""
        found = self.data.value("SELECT value FROM meta WHERE key = ?", key)
        return default if found is None else str(found)

    def set_meta(self, facts: Mapping[str, str]) -> None:
        """Note facts of the project."""
        with self.data.transaction() as sqlite:
            sqlite.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(facts.items()))

    def claim(self, annotator: str, now: float | None = None) -> Row | None:
        """The paragraph that a person labels next, theirs for ``LEASE`` seconds; None when there is none.

        Who has one and asks again gets the same. A share of what is given comes from the paragraphs that
        are kept apart, so that evaluation grows with training.
        """
        moment = time.time() if now is None else now
        with self.data.transaction() as sqlite:
            sqlite.execute("DELETE FROM leases WHERE until < ?", (moment,))
            mine = sqlite.execute(
                "SELECT item FROM leases JOIN items ON items.id = item "
                "WHERE annotator = ? AND standing < need",
                (annotator,),
            ).fetchone()
            number = mine[0] if mine else self._free(sqlite, annotator)
            sqlite.execute("DELETE FROM leases WHERE annotator = ?", (annotator,))
            if number is None:
                return None
            self._lease(sqlite, number, annotator, moment)
        return self.item(number)

    def _free(self, sqlite: sqlite3.Connection, annotator: str) -> int | None:
        counts = sqlite.execute("SELECT count(*), total(apart) FROM items WHERE standing > 0").fetchone()
        share = float(self.meta("apart", "0"))
        first = int(counts[1] < share * (counts[0] + 1))
        for apart in (first, 1 - first):
            found = sqlite.execute(
                "SELECT id FROM items WHERE apart = ? AND standing < need "
                "AND id NOT IN (SELECT item FROM leases) AND NOT EXISTS (SELECT 1 FROM decisions "
                "WHERE item = items.id AND annotator = ? AND undone IS NULL) ORDER BY rank LIMIT 1",
                (apart, annotator),
            ).fetchone()
            if found:
                return int(found[0])
        return None

    @staticmethod
    def _lease(sqlite: sqlite3.Connection, item: int, annotator: str, moment: float) -> None:
        sqlite.execute("INSERT OR REPLACE INTO leases VALUES (?, ?, ?)", (item, annotator, moment + LEASE))

    def item(self, number: int) -> Row:
        """A paragraph with its article."""
        found = self.data.row(
            "SELECT items.*, articles.title, articles.text AS article_text, articles.doc, articles.file "
            "FROM items JOIN articles ON articles.id = article WHERE items.id = ?", number
        )  # fmt: skip
        if found is None:
            raise Refusal(404, "not_found", _("there is no such paragraph"))
        return found

    def decide(self, decision: Decision) -> int:
        """Note a decision; on the disk when this returns. Its number in the history."""
        with self.data.transaction() as sqlite:
            again = sqlite.execute("SELECT seq FROM decisions WHERE key = ?", (decision.key,)).fetchone()
            if again:
                return int(again[0])
            seq = sqlite.execute(
                "INSERT INTO decisions (item, annotator, labels, unsure, made, key, shown, model) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    decision.item, decision.annotator, " ".join(decision.labels), int(decision.unsure),
                    time.time(),
                    decision.key, int(decision.shown), self.meta("model"),
                ),
            ).lastrowid  # fmt: skip
            sqlite.execute(
                "DELETE FROM leases WHERE item = ? AND annotator = ?", (decision.item, decision.annotator)
            )
            self._recount(sqlite, decision.item)
            return seq or 0

    def undo(self, annotator: str) -> Row | None:
        """Take back a person's latest standing decision; its paragraph is theirs again. None: none stands."""
        with self.data.transaction() as sqlite:
            found = sqlite.execute(
                "SELECT * FROM decisions WHERE annotator = ? AND undone IS NULL ORDER BY seq DESC LIMIT 1",
                (annotator,),
            ).fetchone()
            if found is None:
                return None
            moment = time.time()
            sqlite.execute("UPDATE decisions SET undone = ? WHERE seq = ?", (moment, found["seq"]))
            self._recount(sqlite, found["item"])
            sqlite.execute("DELETE FROM leases WHERE annotator = ?", (annotator,))
            self._lease(sqlite, found["item"], annotator, moment)
            row: Row = found
            return row

    def _recount(self, sqlite: sqlite3.Connection, item: int) -> None:
        """How many have decided, and how many must: a third person where two of two disagree."""
        said = [row["labels"] for row in sqlite.execute(_STANDING + " AND item = ?", (item,))]
        need = int(sqlite.execute("SELECT need FROM items WHERE id = ?", (item,)).fetchone()[0])
        if need > 1:
            differ = len({frozenset(labels.split()) for labels in said[:2]}) > 1
            need = 3 if differ else 2
        sqlite.execute("UPDATE items SET standing = ?, need = ? WHERE id = ?", (len(said), need, item))

    def standing(self) -> list[Row]:
        """The decisions that stand, the latest of each person on each paragraph, in order."""
        return self.data.rows(_STANDING + " ORDER BY seq")

    def progress(self) -> dict[str, Any]:
        """How much is done, and by whom."""
        value = self.data.value
        people = self.data.rows(
            f"SELECT annotator, count(*) AS n, total(unsure) AS unsure FROM ({_STANDING}) "
            "GROUP BY annotator ORDER BY annotator"
        )
        return {
            "items": value("SELECT count(*) FROM items"),
            "done": value("SELECT count(*) FROM items WHERE standing >= need"),
            "apart": value("SELECT count(*) FROM items WHERE standing > 0 AND apart"),
            "people": [{"name": p["annotator"], "count": p["n"], "unsure": int(p["unsure"])} for p in people],
        }

    def set_scores(
        self, scores: Iterable[tuple[int, Mapping[str, float]]], order: Sequence[int], model: str
    ) -> None:
        """What a model says of each paragraph (item, label → probability), and the order that follows."""
        with self.data.transaction() as sqlite:
            sqlite.executemany(
                "UPDATE items SET scores = ? WHERE id = ?", [(json.dumps(s), item) for item, s in scores]
            )
            sqlite.executemany("UPDATE items SET rank = ? WHERE id = ?", list(enumerate(order)))
            sqlite.execute("INSERT OR REPLACE INTO meta VALUES ('model', ?)", (model,))

    def close(self) -> None:
        """Close the file."""
        self.data.close()


_STANDING = (
    "SELECT * FROM decisions AS d WHERE undone IS NULL AND NOT EXISTS (SELECT 1 FROM decisions AS later "
    "WHERE later.item = d.item AND later.annotator = d.annotator AND later.undone IS NULL "
    "AND later.seq > d.seq)"
)
