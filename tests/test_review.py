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
