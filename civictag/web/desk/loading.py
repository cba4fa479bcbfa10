"""Filling a labelling store: a corpus, or articles of every format the command reads."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from civictag.corpus.files import read_corpus
from civictag.datamodel import Article, LabelledParagraph
from civictag.errors import CivictagError
from civictag.i18n import _
from civictag.readers.articles import read_articles
from civictag.web.desk.store import DeskStore


@dataclass(frozen=True, slots=True)
class Plan:
    """How paragraphs are given out.

    Attributes:
        apart: share of articles whose paragraphs are never learned from, in [0, 1).
        double: share of paragraphs that two people label, each without seeing the other or a model.
        seed: of both draws.
    """

    apart: float = 0.2
    double: float = 0.0
    seed: int = 0


@dataclass(slots=True)
class _Piece:
    """One article on its way in: (number, start, end, text, further fields) per body paragraph."""

    file: str
    doc: str
    title: str
    text: str
    items: list[tuple[int, int, int, str, dict[str, Any]]] = field(default_factory=list)


def load(store: DeskStore, paths: Sequence[str], plan: Plan, failed: Any) -> int:
    """Add the paragraphs of all paths; what is there already is not added twice. How many were new.

    ``failed`` is told of articles that cannot be read, and of those that are there with another text.

    Raises:
        CivictagError: a corpus has a broken line.
    """
    added = 0
    for piece in _pieces(paths, failed):
        # Drawn by name, not by place: adding more articles later moves none across.
        draw = random.Random(f"{plan.seed} {piece.file} {piece.doc}")
        apart = draw.random() < plan.apart
        with store.data.transaction() as sqlite:
            found = sqlite.execute(
                "INSERT OR IGNORE INTO articles (file, doc, title, text) VALUES (?, ?, ?, ?)",
                (piece.file, piece.doc, piece.title, piece.text),
            )
            if not found.rowcount:
                known = sqlite.execute(
                    "SELECT text FROM articles WHERE file = ? AND doc = ?", (piece.file, piece.doc)
                ).fetchone()
                if known["text"] != piece.text:
                    problem = _("is in the project already with another text; that one stays")
                    failed(CivictagError(problem, where=piece.doc))
                continue
            rank = sqlite.execute("SELECT count(*) FROM items").fetchone()[0]
            rows = [
                (found.lastrowid, para, start, end, text, int(apart), 1 + (draw.random() < plan.double),
                 rank + i, json.dumps(extra, ensure_ascii=False, default=str))
                for i, (para, start, end, text, extra) in enumerate(piece.items)
            ]  # fmt: skip
            sqlite.executemany(
                "INSERT OR IGNORE INTO items (article, para, start, end, text, apart, need, rank, extra) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )  # fmt: skip
            added += len(rows)
    return added


def _pieces(paths: Sequence[str], failed: Any) -> Iterator[_Piece]:
    for path in paths:
        if _is_corpus(path):
            yield from _of_corpus(read_corpus([path]))
        else:
            yield from map(_of_article, read_articles([path], failed))


def _is_corpus(path: str) -> bool:
    """JSON lines with labels are a corpus; without, a table of articles."""
    if not path.lower().endswith(".jsonl"):
        return False
    try:
        with open(path, encoding="utf-8-sig") as file:
            first = json.loads(file.readline() or "{}")
    except (OSError, ValueError):
        return False
    return isinstance(first, dict) and isinstance(first.get("labels"), list)


def _of_article(article: Article) -> _Piece:
    piece = _Piece(article.source.partition("#")[0], article.source, article.title, article.text)
    piece.items = [
        (p.index, p.start, p.end, p.text, dict(article.extra)) for p in article.paragraphs if p.kind == "body"
    ]
    return piece


def _of_corpus(rows: Iterable[LabelledParagraph]) -> Iterator[_Piece]:
    """Articles whole, however their rows are mixed; a paragraph whose number is taken gets the next one."""
    articles: dict[tuple[str, str], list[LabelledParagraph]] = {}
    for row in rows:
        articles.setdefault((row.file, row.doc), []).append(row)
    for (file, doc), found in articles.items():
        paragraphs = sorted(found, key=lambda p: p.para)
        piece = _Piece(file, doc, paragraphs[0].title, "\n".join(p.text for p in paragraphs))
        at, number = 0, -1
        for p in paragraphs:
            number = max(p.para, number + 1)
            further = {**p.extra, "source": p.source, "labels_before": list(p.labels)}
            piece.items.append((number, at, at + len(p.text), p.text, further))
            at += len(p.text) + 1
        yield piece


def failures_to(target: list[str]) -> Any:
    """A listener that keeps what each error says."""

    def failed(error: CivictagError) -> None:
        """Keep it."""
        target.append(str(error))

    return failed
