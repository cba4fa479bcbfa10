"""The review list: what is chosen."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writers_data import article, plain_row, tag

from civictag.datamodel import Article
from civictag.review.selection import Candidate, ReviewList

THRESHOLDS = {"clean": 0.5, "help": 0.4, "news": 0.6}


def scored(text: str, **scores: float) -> Article:
    row = plain_row(text=text)
    full = {"clean": 0.0, "help": 0.0, "news": 0.0} | scores
    tags = tuple(tag(label, p) for label, p in full.items() if p >= THRESHOLDS[label])
    return replace(row, paragraphs=(replace(row.paragraphs[0], scores=full, tags=tags),))


def choose(articles: list[Article], capacity: int) -> list[Candidate]:
    review = ReviewList(THRESHOLDS, capacity)
    for item in articles:
        review.add(item)
    return review.chosen()


def texts(chosen: list[Candidate]) -> list[str]:
    return [candidate.paragraph.text for candidate in chosen]


@pytest.mark.parametrize(
    ("articles", "capacity", "expected"),
    [
        ([], 3, []),
        ([scored("甲", clean=0.9), scored("乙", clean=0.55)], 1, ["乙"]),
        # Below and above the threshold are equally doubtful.
        ([scored("甲", clean=0.9), scored("乙", clean=0.41)], 1, ["乙"]),
        # The doubt is measured from each label's own threshold.
        ([scored("甲", clean=0.4), scored("乙", help=0.41)], 1, ["甲"]),
        # Labels take turns: three doubts about one label leave room for the others.
        (
            [
                scored("甲", clean=0.5),
                scored("乙", clean=0.51),
                scored("丙", help=0.6),
                scored("丁", news=0.9),
            ],
            3,
            ["甲", "丙", "丁"],
        ),
        # The same text is asked for once, whatever its spaces.
        (
            [scored("甲 乙", clean=0.5), scored("甲乙", clean=0.5), scored("丙", clean=0.7)],
            2,
            ["甲 乙", "丙"],
        ),
    ],
)
def test_what_is_chosen(articles: list[Article], capacity: int, expected: list[str]) -> None:
    assert texts(choose(articles, capacity)) == expected


@pytest.mark.parametrize(
    ("articles", "capacity", "expected"),
    [
        # Of equals the first seen stays, in the order in which they came.
        ([scored(text, clean=0.55) for text in "甲乙丙丁"], 1, ["甲"]),
        ([scored(text, clean=0.55) for text in "甲乙丙丁"], 3, ["甲", "乙", "丙"]),
        # Above and below the threshold at one distance are equals.
        ([scored("甲", clean=0.75), scored("乙", clean=0.25), scored("丙", clean=0.75)], 2, ["甲", "乙"]),
        # Equals of several labels: in the order of the labels, each turn.
        ([scored("甲", news=0.6), scored("乙", help=0.4), scored("丙", clean=0.5)], 3, ["丙", "乙", "甲"]),
        # A better one that comes last moves out the last of the equals.
        ([*(scored(text, clean=0.55) for text in "甲乙丙"), scored("丁", clean=0.5)], 3, ["丁", "甲", "乙"]),
    ],
)
def test_equals_keep_their_order(articles: list[Article], capacity: int, expected: list[str]) -> None:
    assert texts(choose(articles, capacity)) == expected


def test_a_candidate_says_where_it_stands_and_what_is_in_doubt() -> None:
    """Its article without the text: ten thousand articles pass, their lines alone are kept."""
    item = replace(scored("甲", help=0.45), source="a.txt", id="i", title="清扫", text="甲乙")
    review = ReviewList({"help": 0.4}, 1)
    review.add(item)
    (found,) = review.chosen()
    assert found.article == replace(item, text="", paragraphs=())
    assert (found.paragraph, found.label) == (item.paragraphs[0], "help")
    assert found.margin == pytest.approx(0.05)


def test_a_text_that_was_moved_out_may_come_again() -> None:
    """In doubt, then two others more so; where it stands again, in another article, it is most in doubt."""
    again = [
        scored("甲", clean=0.9),
        scored("乙", clean=0.7),
        scored("丙", clean=0.6),
        scored("甲", clean=0.5),
    ]
    review = ReviewList({"clean": 0.5}, 2)
    for item in again:
        review.add(item)
    assert texts(review.chosen()) == ["甲", "丙"]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.floats(0, 1), st.floats(0, 1)), max_size=40),
    st.integers(1, 12),
)
def test_the_list_is_full_without_repeats_and_sorted(
    rows: list[tuple[int, float, float]], capacity: int
) -> None:
    chosen = choose([scored(f"文{i}", clean=a, help=b) for i, a, b in rows], capacity)
    assert len(chosen) == min(capacity, len({i for i, *_ in rows}))
    assert len(set(texts(chosen))) == len(chosen)
    assert [c.margin for c in chosen] == sorted(c.margin for c in chosen)


def test_one_label_alone_gives_the_smallest_margins() -> None:
    rng = random.Random(1)
    values = [rng.random() for _ in range(500)]
    review = ReviewList({"clean": 0.5}, 20)
    for i, value in enumerate(values):
        review.add(scored(f"文{i}", clean=value))
    best = sorted(range(500), key=lambda i: abs(values[i] - 0.5))[:20]
    assert texts(review.chosen()) == [f"文{i}" for i in best]


def test_headings_and_unscored_paragraphs_are_no_candidates() -> None:
    item = article()
    bare = replace(item, paragraphs=tuple(replace(p, scores=None) for p in item.paragraphs))
    assert choose([bare], 5) == []
    assert all(c.paragraph.kind == "body" for c in choose([item], 5))
