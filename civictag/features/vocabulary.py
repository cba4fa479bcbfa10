"""From feature names to columns: which names a model knows, and what each weighs before learning.

Counting is scikit-learn's; tf is 1 + ln(count) and idf is smoothed, as in its TfidfTransformer
(Salton & Buckley 1988), for words and n-grams. Cue classes are few and a constant serves them:
the frequent ones are the ones that announce.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from civictag.errors import CorpusError
from civictag.i18n import _
from civictag.settings import Family

TITLE_FAMILIES = frozenset("tT")
#: Families whose names are words of the corpus. A cue class is the label set's own word, wherever it stands.
WORD_FAMILIES = frozenset("wct")
LEAST_ARTICLES = 2  # a name of a person or a street in one article would be read out of the model
_LEVEL_1 = 0xB0, 0xD7  # first bytes of the common characters in GB/T 2312

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bags:
    """Sentences as rows, and the paragraph that each belongs to.

    Attributes:
        rows: shape (n_sentences, n_features), scaled.
        owner: shape (n_sentences,), index of the paragraph, ascending.
        size: number of paragraphs.
    """

    rows: sparse.csr_matrix
    owner: NDArray[np.int64]
    size: int

    def take(self, paragraphs: NDArray[np.int64]) -> Bags:
        """The bags of some paragraphs, renumbered in the order given (ascending)."""
        place = np.full(self.size, -1)
        place[paragraphs] = np.arange(len(paragraphs))
        keep = place[self.owner] >= 0
        return Bags(self.rows[keep], place[self.owner[keep]], len(paragraphs))

    def whole(self) -> sparse.csr_matrix:
        """Paragraphs as the sums of their sentences, shape (n_paragraphs, n_features)."""
        ones = np.ones(len(self.owner))
        adder = sparse.csr_matrix((ones, (self.owner, np.arange(len(ones)))), shape=(self.size, len(ones)))
        return (adder @ self.rows).tocsr()


@dataclass(frozen=True, slots=True)
class Counted:
    """How often each feature was seen in each sentence of a corpus, its title's included.

    Attributes:
        names: shape (n_names,), sorted.
        counts: shape (n_sentences, n_names).
        owner: shape (n_sentences,), index of the paragraph, ascending.
        size: number of paragraphs.
    """

    names: NDArray[np.str_]
    counts: sparse.csr_matrix
    owner: NDArray[np.int64]
    size: int

    def take(self, paragraphs: NDArray[np.int64]) -> Counted:
        """The counts of some paragraphs, renumbered in the order given (ascending); all names stay."""
        keep = np.flatnonzero(np.isin(self.owner, paragraphs))
        owner = np.searchsorted(paragraphs, self.owner[keep])
        return Counted(self.names, self.counts[keep], owner, len(paragraphs))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names a model knows, sorted, and the scale of each: idf times its family's factor."""

    names: tuple[str, ...]
    scales: NDArray[np.float64]


def count(paragraphs: Iterable[list[list[str]]]) -> Counted:
    """Count the names of sentences, a list of sentences per paragraph; consumes lazily.

    Raises:
        CorpusError: there is no name at all.
    """
    owner: list[int] = []
    size = 0

    def sentences() -> Iterator[list[str]]:
        """All sentences in a row, noting whose they are."""
        nonlocal size
        for paragraph in paragraphs:
            for names in paragraph:
                owner.append(size)
                yield names
            size += 1

    counter = counter_for(None)
    try:
        counts = counter.fit_transform(sentences())
    except ValueError:  # scikit-learn's word for a vocabulary without a name
        raise _too_small() from None
    return Counted(counter.get_feature_names_out(), counts, np.array(owner, dtype=np.int64), size)


def counter_for(names: Iterable[str] | None) -> Any:
    """scikit-learn's CountVectorizer over ready-made names; None learns which there are."""
    from sklearn.feature_extraction.text import CountVectorizer

    known = None if names is None else {name: column for column, name in enumerate(names)}
    return CountVectorizer(analyzer=iter, vocabulary=known, dtype=np.int32)


def _document_frequency(counted: Counted, articles: NDArray[np.int64]) -> tuple[Counts, Counts]:
    """In how many documents each name was seen, and of how many, both shape (n_names,).

    A document is a sentence; for a title's names an article. A title stands in every sentence of
    its article: counted by sentences, a word of one title would be as frequent as the article is long.

    Args:
        counted: the corpus.
        articles: the article of each paragraph, shape (n_paragraphs,), numbered from 0.
    """
    seen = np.bincount(counted.counts.indices, minlength=len(counted.names))
    of = np.full(len(counted.names), counted.counts.shape[0])
    titles = np.flatnonzero([name[0] in TITLE_FAMILIES for name in counted.names])
    if len(titles):
        seen[titles] = _article_frequency(counted, articles, titles)
        of[titles] = len(np.unique(articles[counted.owner]))
    return seen, of


def _article_frequency(counted: Counted, articles: NDArray[np.int64], columns: Counts) -> Counts:
    """In how many articles some names were seen, shape (n_columns,); ``articles`` as above."""
    owner = articles[counted.owner]
    adder = sparse.csr_matrix((np.ones(len(owner)), (owner, np.arange(len(owner)))))
    by_article = (adder @ (counted.counts[:, columns] > 0)).tocsr()
    return np.bincount(by_article.indices, minlength=len(columns))


def _of_one_article(counted: Counted, articles: NDArray[np.int64], kept: Counts, characters: bool) -> Counts:
    """Of the columns kept, those of words that stand in fewer than ``LEAST_ARTICLES`` articles."""
    spared = is_common_character if characters else lambda name: False
    words = kept[[name[0] in WORD_FAMILIES and not spared(name) for name in counted.names[kept]]]
    return words[_article_frequency(counted, articles, words) < LEAST_ARTICLES]


def is_common_character(name: str) -> bool:
    """Whether a feature is a single character that says nothing of who wrote it: one of the 3,755 of
    GB/T 2312 level 1. 「的」 tells no secret; 「喆」 may be half of somebody's name."""
    if _family(name) != "c1":
        return False
    try:
        return _LEVEL_1[0] <= name[2].encode("gb2312")[0] <= _LEVEL_1[1]
    except UnicodeEncodeError:
        return False


def learn_vocabulary(
    counted: Counted,
    families: Mapping[str, Family],
    articles: NDArray[np.int64] | None = None,
    rows: NDArray[np.int64] | None = None,
    characters: bool = False,
) -> tuple[Vocabulary, Bags]:
    """Keep the names seen in enough documents, weigh them, and give the corpus in their terms.

    A word is kept only if it stands in ``LEAST_ARTICLES`` articles or more, whatever its floor: a model
    is handed on, and must not tell what one article alone said.

    Args:
        counted: the corpus.
        families: floors and factors, by the first letter of a name; ``c1`` is that of single
            characters, which are left out without it.
        articles: as ``_document_frequency``; None: every paragraph is an article of its own.
        rows: the paragraphs whose names are kept and counted, ascending; None: all. The bags are of all.
        characters: whether a common character of one article alone is kept.

    Raises:
        CorpusError: no name was seen often enough.
    """
    articles = np.arange(counted.size) if articles is None else articles
    known, articles = (counted, articles) if rows is None else (counted.take(rows), articles[rows])
    seen, of = _document_frequency(known, articles)
    none = Family(int(of.max()) + 1, 0.0, False)
    kinds = [families.get(_family(name), none) for name in counted.names]
    keep = np.flatnonzero((seen >= np.array([kind.floor for kind in kinds])) & (seen > 0))
    keep = np.setdiff1d(keep, _of_one_article(known, articles, keep, characters))
    if not len(keep):
        raise _too_small()
    idf = np.log((1 + of) / (1 + seen)) + 1
    scales = np.array([k.factor * (rarity if k.idf else 1.0) for k, rarity in zip(kinds, idf, strict=True)])
    vocabulary = Vocabulary(tuple(str(name) for name in counted.names[keep]), scales[keep])
    return vocabulary, Bags(damped(counted.counts[:, keep], vocabulary), counted.owner, counted.size)


def _family(name: str) -> str:
    return "c1" if name[0] == "c" and len(name) == 3 else name[0]


def columns_of(counted: Counted, vocabulary: Vocabulary) -> Counts:
    """Where the vocabulary's names stand among the counted ones, shape (n_names,); both are sorted."""
    return np.searchsorted(counted.names, np.array(vocabulary.names, dtype=object))


def whole_paragraphs(counted: Counted, vocabulary: Vocabulary) -> sparse.csr_matrix:
    """Paragraphs as rows, counts damped over the whole paragraph, shape (n_paragraphs, n_names)."""
    columns = columns_of(counted, vocabulary)
    owner = counted.owner
    adder = sparse.csr_matrix(
        (np.ones(len(owner)), (owner, np.arange(len(owner)))), shape=(counted.size, len(owner))
    )
    return damped((adder @ counted.counts[:, columns]).tocsr(), vocabulary)


def damped(counts: sparse.csr_matrix, vocabulary: Vocabulary) -> sparse.csr_matrix:
    """(1 + ln count) times scale, shape as ``counts``."""
    rows = counts.tocsr().astype(np.float64)
    rows.data = 1.0 + np.log(rows.data)
    return (rows @ sparse.diags(vocabulary.scales)).tocsr()


def _too_small() -> CorpusError:
    problem = _("is too small: no word is in enough sentences of two articles")
    return CorpusError(problem, where="corpus", hint=_("Label paragraphs of more articles"))
