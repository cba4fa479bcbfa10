"""What is in a corpus: counts, which labels come together, lengths, the words that mark a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civictag.datamodel import LabelledParagraph
from civictag.text.normalize import normalize
from civictag.text.tokenizer import Tokenizer, user_dictionary

PRIOR = 500.0  # words that the prior is worth: Monroe et al. scale theirs to a like part of their speeches
_LEAST_SEEN = 3


@dataclass(frozen=True, slots=True)
class CorpusStats:
    """Figures of a corpus.

    Attributes:
        paragraphs, articles, unlabelled: counts.
        labels: label -> paragraphs that carry it; ``articles_by_label`` counts articles.
        together: label -> label -> paragraphs that carry both.
        lengths: characters of a paragraph: least, first quartile, median, third quartile, most.
        words: label -> (word, z score) that mark it, the strongest first.
    """

    paragraphs: int
    articles: int
    unlabelled: int
    labels: dict[str, int]
    articles_by_label: dict[str, int]
    together: dict[str, dict[str, int]]
    lengths: tuple[int, ...]
    words: dict[str, list[tuple[str, float]]]


def corpus_stats(rows: Sequence[LabelledParagraph], ids: Sequence[str], words: int = 15) -> CorpusStats:
    """Count a corpus; ``words`` is how many marking words each label gets at most."""
    quartiles = np.quantile([len(row.text) for row in rows], [0, 0.25, 0.5, 0.75, 1])
    both = {one: {other: sum({one, other} <= set(r.labels) for r in rows) for other in ids} for one in ids}
    return CorpusStats(
        paragraphs=len(rows),
        articles=len({row.group for row in rows}),
        unlabelled=sum(not row.labels for row in rows),
        labels={x: both[x][x] for x in ids},
        articles_by_label={x: len({row.group for row in rows if x in row.labels}) for x in ids},
        together=both,
        lengths=tuple(round(q) for q in quartiles),
        words=_marking_words(rows, ids, words),
    )


def _marking_words(
    rows: Sequence[LabelledParagraph], ids: Sequence[str], most: int
) -> dict[str, list[tuple[str, float]]]:
    """The words that paragraphs with a label use more than those without, by z score.

    Log-odds ratio with an informative Dirichlet prior, the corpus's own word counts scaled to ``PRIOR``
    words (Monroe, Colaresi & Quinn 2008, "Fightin' Words", section 3.5.1, equations 22 and 23).
    """
    bags = [Counter(_words(row.text, tokenizer)) for tokenizer in [_tokenizer()] for row in rows]
    total = sum(bags, Counter())
    names = [word for word, count in total.items() if count >= _LEAST_SEEN]
    everything = np.array([total[word] for word in names], dtype=float)
    found = {}
    for label in ids:
        own = sum((bag for bag, row in zip(bags, rows, strict=True) if label in row.labels), Counter())
        counts = np.array([own[word] for word in names], dtype=float)
        scores = log_odds(counts, everything - counts) if names and own else np.zeros(len(names))
        order = [at for at in np.argsort(-scores, kind="stable")[:most] if scores[at] > 1.96]
        found[label] = [(names[at], round(float(scores[at]), 3)) for at in order]
    return found


def log_odds(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """The z score of each word's log-odds ratio between two bodies of text.

    Args:
        one, other: how often each word was seen in either, shape (n_words,).

    Returns:
        Shape (n_words,); 0 of a single word.
    """
    if len(one) < 2:  # against no other word there are no odds
        return np.zeros(len(one))
    both = one + other
    prior = PRIOR * both / max(both.sum(), 1)
    alpha = prior.sum()

    def _odds(counts: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.log(counts + prior) - np.log(counts.sum() + alpha - counts - prior))

    variance = 1 / (one + prior) + 1 / (other + prior)
    return np.asarray((_odds(one) - _odds(other)) / np.sqrt(variance))


def _tokenizer() -> Tokenizer:
    words, total = user_dictionary([])
    return Tokenizer(words, total)


def _words(text: str, tokenizer: Tokenizer) -> list[str]:
    folded = normalize(text)
    found = (folded[span[0] : span[1]] for span in tokenizer.spans(folded))
    return [word for word in found if len(word) > 1 and word[0].isalpha()]
