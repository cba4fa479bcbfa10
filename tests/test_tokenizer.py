"""Cutting: jieba 0.42.1 itself is the judge."""

import json
import logging
import random
from functools import cache
from math import log
from pathlib import Path

import jieba
import pytest
from backends import each_engine, kernel, needs_kernel, shipped
from hypothesis import given
from hypothesis import strategies as st

from civictag.text import pure_tokenizer as pure
from civictag.text.lexicon_file import user_lexicon
from civictag.text.normalize import normalize
from civictag.text.tokenizer import Tokenizer, dictionary_total, user_dictionary

CORPUS = Path(__file__).parents[1] / "corpus" / "civic"
USER_WORDS = [
    "文明城市",
    "志愿红",
    "垃圾不落地",
    "好人榜",
    "led屏",
    "双报到",
    "a座",
    "的",
    "人人",
    "c++",
    "環",
    "最美·家",
]
ODD = "的了在３abZ0%.-_+#&,。\r\n 　\t環境鼎龘\ue000\ud800\udfff😀𠮷㐀鿕鿖·γé"


@cache
def judge(with_user_words):
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in USER_WORDS if with_user_words else []:
        tokenizer.add_word(word)
    return tokenizer


@cache
def jiebas(text, with_user_words):
    """jieba's own cut, once for both backends."""
    return judge(with_user_words).lcut(text)


@cache
def cutter(backend, with_user_words):
    if not with_user_words:
        return backend.Tokenizer(shipped(backend), None, log(dictionary_total()))
    words, total = user_dictionary(USER_WORDS)
    return backend.Tokenizer(shipped(backend), backend.Lexicon(user_lexicon(words)), log(total))


@cache
def corpus():
    files = sorted(CORPUS.glob("*.jsonl"))
    return [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]


def mutated(paragraphs, count, seed):
    """Paragraphs cut up, joined, with strange characters in them and frequent ones exchanged."""
    draw = random.Random(seed)
    for _ in range(count):
        pieces = [draw.choice(paragraphs) for _ in range(draw.randint(1, 3))]
        text = [c for piece in pieces for c in piece[draw.randrange(len(piece)) :][: draw.randint(1, 150)]]
        for _ in range(draw.randint(0, len(text) // 4)):
            text[draw.randrange(len(text))] = draw.choice(draw.choice([ODD, pieces[0]]))
        yield "".join(text)


def assert_jiebas(backend, texts, with_user_words):
    ours = cutter(backend, with_user_words)
    assert [t for t in texts if ours.cut(t) != jiebas(t, with_user_words)] == []


@each_engine
@pytest.mark.parametrize("with_user_words", [False, True], ids=["plain", "user-words"])
def test_cuts_as_jieba_does(backend, with_user_words):
    paragraphs = corpus()
    assert len(paragraphs) > 6000
    every = 300 if backend is pure else 40  # in Python it takes longer; all of it is a slow test
    texts = [normalize(text) for text in paragraphs[::every]]
    texts += mutated(paragraphs, 3_000 // every, seed=6)
    assert_jiebas(backend, ["", *texts], with_user_words)


@pytest.mark.slow
@each_engine
@pytest.mark.parametrize("with_user_words", [False, True], ids=["plain", "user-words"])
def test_cuts_twenty_thousand_as_jieba_does(backend, with_user_words):
    paragraphs = corpus()
    texts = [normalize(text) for text in paragraphs] + list(mutated(paragraphs, 14_000, seed=7))
    assert len(texts) > 20_000
    assert_jiebas(backend, texts, with_user_words)


# Characters of jieba's dictionary and of none, so that all paths are taken: words, unknown
# words, Latin, rows that are words and yet fall into single characters.
MIXED = st.text(st.sampled_from("垃圾分类志愿服务文明城市好人榜的一不了在是龘鼎囧" + ODD), max_size=30)


@each_engine
@given(text=MIXED | st.text(st.characters(codec=None), max_size=40), with_user_words=st.booleans())
def test_cuts_any_string_as_jieba_does(backend, text, with_user_words):
    assert_jiebas(backend, [text], with_user_words)


@given(MIXED)
def test_words_adjoin_and_cover_the_text(text):
    spans = Tokenizer().spans(text)
    assert [start for start, _ in spans] == [0, *(end for _, end in spans)][: len(spans)]
    assert "".join(Tokenizer().cut(text)) == text
    assert [text[start:end] for start, end in spans] == Tokenizer().cut(text)


@needs_kernel
@given(
    MIXED,
    st.dictionaries(
        st.text("垃圾分类文明的a1.+·", min_size=1, max_size=5), st.integers(1, 10**9), max_size=8
    ),
)
def test_both_engines_agree_with_any_user_words(text, words):
    total = log(dictionary_total() + sum(words.values()))
    ours, theirs = (
        backend.Tokenizer(shipped(backend), backend.Lexicon(user_lexicon(words)) if words else None, total)
        for backend in (kernel, pure)
    )
    assert ours.spans(text) == theirs.spans(text)


def test_user_words_change_the_cut():
    words, total = user_dictionary(["志愿红", "垃圾不落地", "志愿红"])
    assert total == dictionary_total() + sum(words.values())
    assert list(words) == ["志愿红", "垃圾不落地"]
    assert Tokenizer().cut("志愿红不落地") == ["志愿", "红", "不", "落地"]
    words["好人榜"] = 1  # a caller's own: the next one gets what jieba says
    assert user_dictionary(["志愿红", "垃圾不落地"]) == ({w: words[w] for w in list(words)[:2]}, total)
    del words["好人榜"]
    for segmenter in (Tokenizer(words, total), Tokenizer(words)):
        assert segmenter.cut("志愿红垃圾不落地") == ["志愿红", "垃圾不落地"]


def test_no_user_words_are_the_dictionary_as_it_is():
    assert user_dictionary([]) == user_dictionary([""]) == ({}, judge(False).total)


@pytest.mark.parametrize("words", [{"垃圾": 0}, {"": 3}, {"垃圾": -1}])
def test_user_words_that_jieba_could_not_have_given_are_refused(words):
    with pytest.raises(ValueError, match="user words"):
        Tokenizer(words)


def test_a_long_text_without_a_break():
    text = "志愿者清理楼道" * 20_000
    assert Tokenizer().cut(text)[:3] == ["志愿者", "清理", "楼道"]
