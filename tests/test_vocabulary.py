"""Names to columns: floors, scales and counts, with scikit-learn as the judge."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

from civictag.errors import CorpusError
from civictag.features.vocabulary import Vocabulary, count, counter_for, damped, learn_vocabulary
from civictag.settings import Family, TrainSettings

PARAGRAPHS = [
    [["w:院", "w:院", "c:院子", "k:a.strong"], ["w:墙", "c:院子"]],
    [["w:院", "w:墙", "k:a.strong"]],
    [["w:院", "c:墙角"]],
]
OPTIONS = TrainSettings(
    families={"w": Family(2, 0.5, True), "c": Family(2, 2.0, True), "k": Family(1, 0.1, False)}
)


def test_counts_and_owners():
    counted = count(iter(PARAGRAPHS))
    assert list(counted.names) == ["c:墙角", "c:院子", "k:a.strong", "w:墙", "w:院"]
    assert counted.counts.toarray().tolist() == [
        [0, 1, 1, 0, 2],
        [0, 1, 0, 1, 0],
        [0, 0, 1, 1, 1],
        [1, 0, 0, 0, 1],
    ]
    assert counted.owner.tolist() == [0, 0, 1, 2]
    assert counted.size == 3


def test_a_floor_counts_sentences_not_occurrences():
    vocabulary, _ = learn_vocabulary(count(PARAGRAPHS), OPTIONS)
    assert vocabulary.names == ("c:院子", "k:a.strong", "w:墙", "w:院")


def test_weighing_is_scikit_learns_with_a_factor_a_family():
    counted = count(PARAGRAPHS)
    _, bags = learn_vocabulary(counted, OPTIONS)
    judge = TfidfTransformer(norm=None, sublinear_tf=True).fit_transform(counted.counts).toarray()[:, 1:]
    judge[:, 1] = counted.counts.toarray()[:, 2] > 0  # cues have no idf
    assert bags.rows.toarray() == pytest.approx(judge * [2.0, 0.1, 0.5, 0.5])
    assert bags.owner.tolist() == [0, 0, 1, 2]


def test_new_texts_are_counted_in_the_same_columns():
    vocabulary = Vocabulary(("w:墙", "w:院"), np.array([1.0, 3.0]))
    counts = counter_for(vocabulary.names).transform([["w:院", "w:院", "w:瓦"], []])
    assert damped(counts, vocabulary).toarray() == pytest.approx(np.array([[0, 3 * (1 + np.log(2))], [0, 0]]))


@pytest.mark.parametrize("paragraphs", [[[[]], [[]]], [[["w:院"]], [["w:墙"]]]], ids=["no name", "all rare"])
def test_a_corpus_too_small_to_learn_from(paragraphs):
    with pytest.raises(CorpusError, match="too small"):
        learn_vocabulary(count(paragraphs), OPTIONS)
