"""Cutting into sentences, clauses and phrases."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judge import sentences

from civictag.text.sentences import (
    CLAUSE_BREAKS,
    GRAM_BREAKS,
    SENTENCE_ENDS,
    clause_spans,
    gram_spans,
    sentence_ends,
    sentence_spans,
)

MIXED = st.text(st.sampled_from("打扫院子。!?;,:\"')]>》、(·-好0."), max_size=60)

CUTS = [
    ("", []),
    ("打扫院子", ["打扫院子"]),
    ("打扫了院子。补好了墙。", ["打扫了院子。", "补好了墙。"]),
    ("打扫了院子!!?补好了院墙", ["打扫了院子!!?", "补好了院墙"]),
    ('"打扫了院子。"她说着笑了', ['"打扫了院子。"', "她说着笑了"]),
    ("好!打扫了院子。", ["好!打扫了院子。"]),
    ("打扫了院子。好!", ["打扫了院子。好!"]),
    ("打扫了院子。好!补好了墙。", ["打扫了院子。好!", "补好了墙。"]),
    ("。。。", ["。。。"]),
]


@pytest.mark.parametrize(("text", "pieces"), CUTS)
def test_sentences(text, pieces):
    assert [text[start:end] for start, end in sentence_spans(text, 5)] == pieces


@given(MIXED, st.integers(0, 20))
def test_sentences_adjoin_cover_the_text_and_agree_with_a_regular_expression(text, shortest):
    spans = sentence_spans(text, shortest)
    assert [start for start, _ in spans] == [0, *(end for _, end in spans)][: len(spans)]
    assert "".join(text[start:end] for start, end in spans) == text
    assert [text[start:end] for start, end in spans] == sentences(text, shortest)


@given(MIXED)
def test_no_sentence_is_short_beside_another(text):
    sizes = [end - start for start, end in sentence_spans(text, 12)]
    assert len(sizes) < 2 or all(size >= 12 for size in sizes[:-1])


@given(MIXED)
def test_a_sentence_goes_on_until_its_end_mark(text):
    ends = [text[start:end] for start, end in sentence_spans(text, 0)]
    assert all(set(sentence) & SENTENCE_ENDS for sentence in ends[:-1])


@pytest.mark.parametrize(("cut", "breaks"), [(clause_spans, CLAUSE_BREAKS), (gram_spans, GRAM_BREAKS)])
@given(text=MIXED, start=st.integers(0, 20), size=st.integers(0, 60))
def test_runs_hold_no_break_and_miss_nothing_else(cut, breaks, text, start, size):
    start = min(start, len(text))
    end = min(start + size, len(text))
    spans = cut(text, start, end)
    inside = {at for first, last in spans for at in range(first, last)}
    assert all(first < last for first, last in spans)
    assert inside == {at for at in range(start, end) if text[at] not in breaks}
    assert all(last < later for (_, last), (later, _) in pairwise(spans))


def test_a_pause_mark_parts_phrases_but_not_clauses():
    text = "清扫路面、铲除广告,补墙"
    assert [text[a:b] for a, b in clause_spans(text, 0, len(text))] == ["清扫路面、铲除广告", "补墙"]
    assert [text[a:b] for a, b in gram_spans(text, 0, len(text))] == ["清扫路面", "铲除广告", "补墙"]


def test_with_clauses_a_comma_ends_what_is_scored_on_its_own():
    text = "志愿者们一早清理了楼道里的杂物,物业公司随后把单元门也修好了。好,再见。"
    spans = sentence_spans(text, 12, sentence_ends(1))
    assert [text[start:end] for start, end in spans] == [
        "志愿者们一早清理了楼道里的杂物,",
        "物业公司随后把单元门也修好了。好,再见。",
    ]
    assert sentence_spans(text, 12, sentence_ends(0)) == sentence_spans(text, 12)


@given(MIXED, st.integers(0, 14))
def test_clauses_are_those_of_the_regular_expression(text, shortest):
    spans = sentence_spans(text, shortest, sentence_ends(1))
    assert [text[start:end] for start, end in spans] == sentences(text, shortest, clauses=1)
