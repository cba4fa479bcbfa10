"""Probabilities to tags: the object a user holds.

Scores come from ``civictag.model.scorer``. Nothing heavy is imported to tag one article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import replace
from itertools import compress, islice
from operator import attrgetter, ge
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
        self._columns = range(len(self.labels))
        self._lines = [(c.slope, c.intercept) for c in self.calibrations]
        self._named = [(label.id, label.name) for label in self.labels]
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
            for _text, _title, scores in self._scored(_with_titles(texts, titles), str, size):
                row = self._probable(scores)
                yield [Tag(*self._named[i], row[i]) for i in self._predicted(row)]
            return
        paragraphs = (Paragraph(i, "body", 0, len(text), text) for i, text in enumerate(texts))
        for paragraph in self._tag_all(_with_titles(paragraphs, titles), _Ask(explain=True), size):
            yield list(paragraph.tags)

    def tag_article(
        self, article: Article, *, explain: bool = False, all_scores: bool = False, explain_all: bool = False
    ) -> Article:
        """The article with its body paragraphs tagged; the rest stays. TypeError: ``article`` is none."""
        if not isinstance(article, Article):
            raise TypeError("no Article: make one with read_article (a file) or article_from_text (a text)")
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
            bodies = [(p, a.title) for a in group for p in a.paragraphs if p.kind == "body"]
            tagged = self._tag_all(bodies, ask)
            for article in group:
                paragraphs = tuple([next(tagged) if p.kind == "body" else p for p in article.paragraphs])
                yield Article(
                    article.source, article.title, article.encoding, article.text, paragraphs,
                    article.id, article.extra, article.warnings, article.date, article.unit,
                    article.date_from, article.unit_from,
                )  # fmt: skip

    def probabilities(self, texts: Sequence[str], titles: Sequence[str] | None = None) -> NDArray[np.float64]:
        """Calibrated probabilities in [0, 1], shape (n_texts, n_labels), labels in taxonomy order."""
        import numpy as np

        scored = self._scored(_with_titles(texts, titles), str)
        rows = [list(self._probable(scores, every=True).values()) for _text, _title, scores in scored]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.labels))

    def decide(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which labels are given, shape (n_texts, n_labels)."""
        import numpy as np

        return np.asarray(probabilities) >= np.array(self._thresholds)

    def review_mask(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which paragraphs a person should look at, shape (n_texts,)."""
        import numpy as np

        p = np.asarray(probabilities)
        low, high = np.array(self._bands).T
        return np.asarray(((low <= p) & (p < high)).any(axis=1))

    def _scored(
        self, pairs: Iterable[tuple[Item, str]], text: Callable[[Item], str], size: int = BATCH
    ) -> Iterator[tuple[Item, str, Sequence[float]]]:
        """Each item with its title and its text's raw scores, ``size`` of them scored at a time."""
        source = iter(pairs)
        while batch := list(islice(source, size)):
            titles = [title for _item, title in batch]
            scores = self.model.scores([text(item) for item, _title in batch], titles)
            for (item, title), row in zip(batch, scores, strict=True):
                yield item, title, row

    def _probable(self, scores: Sequence[float], *, every: bool = False) -> dict[int, float]:
        """Column → probability: of every label, or of those that may be given or doubtful, mostly none."""
        columns = self._columns if every else compress(self._columns, map(ge, scores, self._least))
        row = {}
        for i in columns:
            slope, intercept = self._lines[i]
            row[i] = sigmoid(slope * scores[i] + intercept)
        return row

    def _predicted(self, row: Mapping[int, float]) -> list[int]:
        """Columns of the labels given, most probable first."""
        predicted = [i for i, p in row.items() if p >= self._thresholds[i]]
        if len(predicted) > 1:
            predicted.sort(key=row.__getitem__, reverse=True)
        return predicted

    def _tag_all(
        self, pairs: Iterable[tuple[Paragraph, str]], ask: _Ask, size: int = BATCH
    ) -> Iterator[Paragraph]:
        scored = self._scored(pairs, attrgetter("text"), size)
        return (self._tagged(paragraph, title, scores, ask) for paragraph, title, scores in scored)

    def _tagged(self, paragraph: Paragraph, title: str, scores: Sequence[float], ask: _Ask) -> Paragraph:
        row = self._probable(scores, every=ask.all_scores or ask.explain_all)
        predicted = self._predicted(row) if row else []
        named = {i: Tag(*self._named[i], row[i]) for i in (row if ask.explain_all else predicted)}
        if ask.explain and named:
            self._explain(named, paragraph, title, scores)
        every = tuple(named.values())
        return Paragraph(
            paragraph.index, paragraph.kind, paragraph.start, paragraph.end, paragraph.text,
            paragraph.pieces, tuple([named[i] for i in predicted]) if ask.explain_all else every,
            self._is_doubtful(row) if row else False,
            self._scores(row) if ask.all_scores else None, every if ask.explain_all else None,
        )  # fmt: skip

    def _is_doubtful(self, row: Mapping[int, float]) -> bool:
        for i, p in row.items():  # not any(): its generator would be most of the time
            low, high = self._bands[i]
            if low <= p < high:
                return True
        return False

    def _scores(self, row: Mapping[int, float]) -> dict[str, float]:
        """Probability of each label; one that was not learned has none: its base rate is no finding."""
        return {x: p for i, p in row.items() if (x := self.labels[i].id) not in self._unknown}

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
    if isinstance(items, Sized) and isinstance(titles, Sized) and len(items) != len(titles):
        raise ValueError("there are not as many titles as texts")
    return ((item, "") for item in items) if titles is None else zip(items, titles, strict=True)


def groups(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    """Runs of articles, in order, with about ``size`` paragraphs, or thousands of characters, together."""
    group: list[Article] = []
    count = 0
    for article in articles:
        group.append(article)
        count += max(1, len(article.paragraphs), len(article.text) >> 10)  # a row may have 64 MiB
        if count >= size:
            yield group
            group, count = [], 0
    if group:
        yield group
