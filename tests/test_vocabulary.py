"""Names to columns: floors, scales and counts, with scikit-learn as the judge."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

from civictag.errors import CorpusError
from civictag.features.vocabulary import (
    Vocabulary,
    count,
    counter_for,
    damped,
    learn_vocabulary,
    whole_paragraphs,
)
from civictag.settings import Family

PARAGRAPHS = [
    [["w:院", "w:院", "c:院子", "k:a.strong"], ["w:墙", "c:院子"]],
    [["w:院", "w:墙", "k:a.strong"]],
    [["w:院", "c:墙角"]],
]
FAMILIES = {"w": Family(2, 0.5, True), "c": Family(2, 2.0, True), "k": Family(1, 0.1, False)}


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
    counted = count([*PARAGRAPHS, [["w:瓦", "w:瓦"]], [["c:院子"]]])
    vocabulary, _ = learn_vocabulary(counted, FAMILIES)
    assert vocabulary.names == ("c:院子", "k:a.strong", "w:墙", "w:院")


@pytest.mark.parametrize(
    ("articles", "names"),
    [
        (None, ("k:a.strong", "w:墙", "w:院")),  # 院子 stands in two sentences of one paragraph
        ([0, 0, 1], ("k:a.strong", "w:院")),
        ([0, 1, 1], ("k:a.strong", "w:墙", "w:院")),
        ([0, 0, 0], ("k:a.strong",)),
    ],
    ids=str,
)
def test_a_word_of_one_article_is_not_kept_but_a_cue_is(articles, names):
    numbers = None if articles is None else np.array(articles)
    assert learn_vocabulary(count(PARAGRAPHS), FAMILIES, numbers)[0].names == names


def test_a_common_character_of_one_article_is_kept_where_that_is_asked_for():
    counted = count([[["c:院", "c:喆", "c:院子", "w:院"]], [["c:墙", "k:a.strong"]]])
    families = {"c": Family(1, 1.0, True), "c1": Family(1, 1.0, True), "w": Family(1, 1.0, True)}
    assert learn_vocabulary(counted, families, characters=True)[0].names == ("c:墙", "c:院")
    with pytest.raises(CorpusError):
        learn_vocabulary(counted, families)


def test_names_are_learned_from_the_rows_asked_for_and_the_bags_are_of_all():
    """墙 stands in two paragraphs, one of them held out: it is no word that was learned."""
    vocabulary, bags = learn_vocabulary(count(PARAGRAPHS), FAMILIES, rows=np.array([1, 2]))
    assert vocabulary.names == ("k:a.strong", "w:院")
    assert (bags.size, bags.rows.shape) == (3, (4, 2))
    alone = learn_vocabulary(count(PARAGRAPHS[1:]), FAMILIES)[0]
    assert (vocabulary.names, *vocabulary.scales) == (alone.names, *alone.scales)


def test_weighing_is_scikit_learns_with_a_factor_a_family():
    counted = count([*PARAGRAPHS, [["c:院子"]]])
    _, bags = learn_vocabulary(counted, FAMILIES)
    judge = TfidfTransformer(norm=None, sublinear_tf=True).fit_transform(counted.counts).toarray()[:, 1:]
    judge[:, 1] = counted.counts.toarray()[:, 2] > 0  # cues have no idf
    assert bags.rows.toarray() == pytest.approx(judge * [2.0, 0.1, 0.5, 0.5])
    assert bags.owner.tolist() == [0, 0, 1, 2, 3]


def test_new_texts_are_counted_in_the_same_columns():
    vocabulary = Vocabulary(("w:墙", "w:院"), np.array([1.0, 3.0]))
    counts = counter_for(vocabulary.names).transform([["w:院", "w:院", "w:瓦"], []])
    assert damped(counts, vocabulary).toarray() == pytest.approx(np.array([[0, 3 * (1 + np.log(2))], [0, 0]]))


@pytest.mark.parametrize("paragraphs", [[[[]], [[]]], [[["w:院"]], [["w:墙"]]]], ids=["no name", "all rare"])
def test_a_corpus_too_small_to_learn_from(paragraphs):
    with pytest.raises(CorpusError, match="too small"):
        learn_vocabulary(count(paragraphs), FAMILIES)


def test_a_titles_words_are_counted_by_article():
    """Three sentences of one article and one of another: 「桥」 is in both titles, 「渡」 in one."""
    paragraphs = [
        [["w:甲", "t:渡", "t:桥"], ["w:甲", "t:渡", "t:桥"]],
        [["w:甲", "t:渡", "t:桥"]],
        [["w:甲", "t:桥"]],
    ]
    families = {"w": Family(1, 1.0, True), "t": Family(2, 1.0, True)}
    vocabulary, _ = learn_vocabulary(count(paragraphs), families, np.array([0, 0, 1]))
    assert vocabulary.names == ("t:桥", "w:甲")
    assert vocabulary.scales[0] == pytest.approx(np.log((1 + 2) / (1 + 2)) + 1)


def test_single_characters_are_a_family_of_their_own():
    counted = count([[["c:水", "c:水井"]], [["c:水", "c:水井"]]])
    assert learn_vocabulary(counted, {"c": Family(1, 1.0, True)})[0].names == ("c:水井",)
    both = {"c": Family(1, 1.0, True), "c1": Family(1, 1.0, True)}
    assert learn_vocabulary(counted, both)[0].names == ("c:水", "c:水井")


def test_whole_paragraphs_damp_the_counts_of_all_sentences_together():
    counted = count([[["w:水", "w:水"], ["w:水"]]])
    vocabulary = Vocabulary(("w:水",), np.array([2.0]))
    assert whole_paragraphs(counted, vocabulary).toarray() == pytest.approx(2 * (1 + np.log(3)))
