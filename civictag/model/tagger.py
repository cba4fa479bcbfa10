"""Probabilities to tags: the object a user holds.

Scores come from ``civictag.model.scorer``; this module calibrates,
decides, names, and asks for evidence. Nothing heavy is imported to tag one article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from operator import lt
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from civictag.datamodel import Article, Label, ModelInfo, Paragraph, Tag
from civictag.model.calibration import Calibration, sigmoid
from civictag.model.scorer import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Item = TypeVar("Item")

BATCH = 256  # paragraphs scored in one call of the backend: enough to hide the call, small in memory


class _Ask(NamedTuple):
    """What ``Tagger.tag_articles`` was asked for; its words."""

    explain: bool = False
    all_scores: bool = False
    explain_all: bool = False


class Tagger:
    """Tags paragraphs and articles. Get one from ``civictag.load`` or ``civictag.train``."""

    def __init__(
        self,
        model: Model,
        labels: Sequence[Label],
        calibrations: Sequence[Calibration],
        info: ModelInfo,
        reopen: Callable[[str, str], Tagger],
    ) -> None:
        self.model = model
        self.labels = tuple(labels)
        self.calibrations = tuple(calibrations)
        self._lines = [(c.slope, c.intercept) for c in self.calibrations]
        self._thresholds = [c.threshold for c in self.calibrations]
        self._bands = [(c.low, c.high) for c in self.calibrations]
        self._least = [c.least_score() for c in self.calibrations]
        self.info = info
        self._unknown = frozenset(info.not_learned)
        self._reopen = reopen

    def __reduce__(self) -> tuple[Callable[[str, str], Tagger], tuple[str, str]]:
        """A pickle holds the folder and the hash: it opens where the same model lies in the same place."""
        return self._reopen, (self.info.folder, self.info.sha256)

    def __repr__(self) -> str:
        return f"<Tagger {self.info.name} {self.info.version} {self.info.sha256[:12]}>"

    def tag(self, text: str, title: str = "", *, explain: bool = False) -> list[Tag]:
        """The tags of one paragraph, most probable first; [] when it has none.

        Args:
            text: the paragraph. A whole article goes through ``tag_article``.
            title: the title of its article, if known: it is context.
            explain: give every tag its evidence, offsets into ``text``.
        """
        return next(self.tag_many([text], [title], explain=explain))

    def tag_many(
        self, texts: Iterable[str], titles: Iterable[str] | None = None, *, explain: bool = False
    ) -> Iterator[list[Tag]]:
        """Tags of each paragraph, lazily and in order.

        A list is scored in batches; of any other iterable each text is answered before the next one is
        asked for, so that a slow source (a socket, a queue) gets its answers as it goes.
        """
        size = BATCH if isinstance(texts, Sequence) else 1
        if not explain:  # tags alone need no paragraph around them
            for row in self._rows(_with_titles(texts, titles), size):
                yield [Tag(self.labels[i].id, self.labels[i].name, row[i]) for i in self._given(row)]
            return
        paragraphs = (Paragraph(i, "body", 0, len(text), text) for i, text in enumerate(texts))
        for paragraph in self._tag_all(_with_titles(paragraphs, titles), _Ask(explain=True), size):
            yield list(paragraph.tags)

    def tag_article(
        self, article: Article, *, explain: bool = False, all_scores: bool = False, explain_all: bool = False
    ) -> Article:
        """The article with its body paragraphs tagged; headings and furniture stay as they are."""
        asked = {"explain": explain, "all_scores": all_scores, "explain_all": explain_all}
        return next(self.tag_articles([article], **asked))

    def tag_articles(
        self,
        articles: Iterable[Article],
        *,
        explain: bool = False,
        all_scores: bool = False,
        explain_all: bool = False,
    ) -> Iterator[Article]:
        """Articles tagged, lazily and in order; of a list, short ones are scored together.

        Args:
            articles: cut, as ``civictag.read_article`` gives them; what is no list is answered as it goes.
            explain: give every tag its evidence.
            all_scores: give paragraphs the probability of every label (``scores``).
            explain_all: give paragraphs the evidence of every label, given or not (``reasons``).
        """
        ask = _Ask(explain or explain_all, all_scores, explain_all)
        for group in groups(articles, BATCH if isinstance(articles, Sequence) else 1):
            pairs = ((p, a.title) for a in group for p in a.paragraphs if p.kind == "body")
            tagged = self._tag_all(pairs, ask)
            for article in group:
                paragraphs = tuple(next(tagged) if p.kind == "body" else p for p in article.paragraphs)
                yield Article(
                    article.source, article.title, article.encoding, article.text, paragraphs,
                    article.id, article.extra, article.warnings, article.date, article.unit,
                    article.date_from, article.unit_from,
                )  # fmt: skip

    def probabilities(self, texts: Sequence[str], titles: Sequence[str] | None = None) -> NDArray[np.float64]:
        """Calibrated probabilities in [0, 1], shape (n_texts, n_labels), labels in taxonomy order."""
        import numpy as np

        rows = list(self._rows(_with_titles(texts, titles)))
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.labels))

    def decide(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which labels are given, shape (n_texts, n_labels)."""
        import numpy as np

        return np.asarray(probabilities) >= np.array([c.threshold for c in self.calibrations])

    def review_mask(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which paragraphs a person should look at, shape (n_texts,)."""
        import numpy as np

        p = np.asarray(probabilities)
        low = np.array([c.low for c in self.calibrations])
        high = np.array([c.high for c in self.calibrations])
        return np.asarray(((low <= p) & (p < high)).any(axis=1))

    def _rows(self, pairs: Iterable[tuple[str, str]], size: int = BATCH) -> Iterator[list[float]]:
        """Probabilities of each (text, title), ``size`` of them scored at a time."""
        source = iter(pairs)
        while batch := list(islice(source, size)):
            yield from map(self._calibrate, self.model.scores([t for t, _ in batch], [h for _, h in batch]))

    def _given(self, row: Sequence[float]) -> list[int]:
        """Columns of the labels given, most probable first."""
        given = [i for i, p in enumerate(row) if p >= self._thresholds[i]]
        return sorted(given, key=lambda i: -row[i]) if len(given) > 1 else given

    def _calibrate(self, scores: Sequence[float]) -> list[float]:
        return [
            sigmoid(slope * score + intercept)
            for score, (slope, intercept) in zip(scores, self._lines, strict=True)
        ]

    def _tag_all(
        self, pairs: Iterable[tuple[Paragraph, str]], ask: _Ask, size: int = BATCH
    ) -> Iterator[Paragraph]:
        source = iter(pairs)
        while batch := list(islice(source, size)):
            scores = self.model.scores([p.text for p, _ in batch], [title for _, title in batch])
            for (paragraph, title), row in zip(batch, scores, strict=True):
                yield self._tagged(paragraph, title, row, ask)

    def _tagged(self, paragraph: Paragraph, title: str, scores: Sequence[float], ask: _Ask) -> Paragraph:
        settled = not (ask.all_scores or ask.explain_all) and all(map(lt, scores, self._least))
        row = [] if settled else self._calibrate(scores)  # settled: nothing given, nothing doubtful
        given = self._given(row)
        wanted = range(len(row)) if ask.explain_all else given
        named = self._named(row, wanted)
        if ask.explain and wanted:
            self._explain(named, paragraph, title, scores)
        return Paragraph(
            paragraph.index,
            paragraph.kind,
            paragraph.start,
            paragraph.end,
            paragraph.text,
            paragraph.pieces,
            tuple([named[i] for i in given]),
            not settled and any(low <= p < high for p, (low, high) in zip(row, self._bands, strict=True)),
            self._scores(row) if ask.all_scores else None,
            tuple(named.values()) if ask.explain_all else None,
        )

    def _scores(self, row: Sequence[float]) -> dict[str, float]:
        """Probability of each label; one that was not learned has none: its base rate is no finding."""
        found = {label.id: p for label, p in zip(self.labels, row, strict=True)}
        for label in self._unknown:
            del found[label]
        return found

    def _named(self, row: Sequence[float], wanted: Iterable[int]) -> dict[int, Tag]:
        return {i: Tag(self.labels[i].id, self.labels[i].name, row[i]) for i in wanted}

    def _explain(
        self, tags: dict[int, Tag], paragraph: Paragraph, title: str, scores: Sequence[float]
    ) -> None:
        """Give tags their reasons, scaled from raw scores to logits."""
        from civictag.model.attribution import in_article
        from civictag.model.plain_evidence import plain, words_of

        reasons = self.model.reasons(paragraph.text, title, list(tags))
        words = words_of(paragraph.text)
        for i, found in zip(list(tags), reasons, strict=True):
            to, reason = self.calibrations[i], plain(found, words)
            tags[i] = replace(
                tags[i],
                evidence=tuple(in_article(paragraph, reason.spans, to.slope)),
                outside=to.logit(reason.outside),
                logit=to.logit(scores[i]),
            )


def _with_titles(items: Iterable[Item], titles: Iterable[str] | None) -> Iterator[tuple[Item, str]]:
    if isinstance(items, str) or isinstance(titles, str):
        raise TypeError("one text is no list of texts: give [text]")
    if titles is None:
        return ((item, "") for item in items)
    return zip(items, titles, strict=True)


def groups(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    """Runs of articles, in order, with about ``size`` paragraphs together."""
    group: list[Article] = []
    count = 0
    for article in articles:
        group.append(article)
        count += max(1, len(article.paragraphs))
        if count >= size:
            yield group
            group, count = [], 0
    if group:
        yield group
