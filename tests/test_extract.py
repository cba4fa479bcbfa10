"""Features: every name, how often, and the place it was seen at."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civictag.features.extract import SENTENCE_FAMILIES, Analyser
from civictag.labels.cue_matcher import cue_table
from civictag.labels.label_set import Cue
from civictag.settings import FeatureSettings
from civictag.text.normalize import normalize
from civictag.text.tokenizer import Tokenizer

CUES = [
    Cue("tidy", "strong", "", (("打扫",), ("院子", "水井"))),
    Cue("tidy", "weak", "", (("干净",),)),
    Cue("tidy", "against", "", (("干净利落",),)),
    Cue("lend", "strong", "", (("帮",),)),
    Cue("", "told", "", (("听说",),)),
]
SEGMENTER = Tokenizer()


def analyse(text, title="", **settings):
    normalized, head = normalize(text), normalize(title)
    analyser = Analyser(cue_table(CUES), FeatureSettings(**settings))
    return normalized, analyser.analyse(normalized, SEGMENTER.spans(normalized), head, SEGMENTER.spans(head))


def names(text, family, title="", **settings):
    _, found = analyse(text, title, **settings)
    seen = found.title_features if family in "tT" else [one for sentence in found.seen for one in sentence]
    return Counter(name[2:] for name, _, _ in seen if name[0] == family)


@pytest.mark.parametrize(
    ("text", "family", "expected"),
    [
        ("打扫院子,打扫水井", "w", {"打扫": 2, "院子": 1, "水井": 1}),
        ("扫了30次,90%的人,3.5万", "w", {"扫": 1, "了": 1, "0": 3, "次": 1, "的": 1, "人": 1, "万": 1}),
        ("!?、%", "w", {}),
        ("LED屏", "w", {"led": 1, "屏": 1}),
        ("打扫院子", "c", {"打扫": 1, "扫院": 1, "院子": 1, "打扫院": 1, "扫院子": 1}),
        ("打扫、院子", "c", {"打扫": 1, "院子": 1}),
        ("扫120.5吨", "c", {"扫0": 1, "0吨": 1, "扫0吨": 1}),
        ("扫", "c", {}),
        ("打扫院子,打扫水井。很干净", "k", {"tidy.strong": 2, "tidy.weak": 1}),
        ("打扫院子和打扫水井", "k", {"tidy.strong": 1}),  # once per clause
        ("做事干净利落", "k", {"tidy.against": 1}),
        ("帮他打扫院子", "p", {"tidy.strong&lend.strong": 1, "lend.strong&tidy.strong": 1}),
        ("听说打扫院子", "p", {"tidy.strong&.told": 1}),
        ("帮他,打扫院子", "p", {}),
        ("打扫院子真干净", "p", {}),  # classes of one label say nothing of each other
    ],
)
def test_names_and_counts(text, family, expected):
    assert names(text, family) == expected


def test_the_title_has_families_of_its_own():
    assert names("好", "t", "打扫院子30次") == {"打扫": 1, "院子": 1, "0": 1, "次": 1}
    assert names("好", "T", "打扫院子,打扫水井") == {"tidy.strong": 2}
    _, found = analyse("好", "打扫院子")
    assert {(start, end) for _, start, end in found.title_features} == {(0, 0)}


def test_settings_are_heeded():
    assert names("打扫院子", "c", char_min=1, char_max=1) == {"打": 1, "扫": 1, "院": 1, "子": 1}
    assert names("打扫前后院子", "k", cue_gap=1) == {}
    assert names("打扫前后院子", "k", cue_gap=2) == {"tidy.strong": 1}
    _, found = analyse("打扫院子。很干净。", sentence_min=1)
    assert len(found.seen) == 2


TEXTS = st.text(st.sampled_from("打扫院子水井干净利落帮听说。!,、30.5%LEDａ　 “”環境\n"), max_size=60)


@given(TEXTS, TEXTS)
def test_every_place_reads_as_its_name(text, title):
    normalized, found = analyse(text, title)
    assert len(found.seen) == len(found.sentences)
    for (first, last), seen in zip(found.sentences, found.seen, strict=True):
        for name, start, end in seen:
            family, said = name[0], name[2:]
            assert family in SENTENCE_FAMILIES
            assert first <= start < end <= last
            if family in "wc":
                assert without_numbers(said) == without_numbers(normalized[start:end])


def without_numbers(text):
    """A run of digits, points and per cent signs as one 0."""
    out = ""
    for char in text:
        mark = "0" if char in "0123456789.%" else char
        out += "" if mark == "0" and out.endswith("0") else mark
    return out


@given(TEXTS)
def test_words_of_all_sentences_are_the_words_of_the_text(text):
    normalized, found = analyse(text)
    seen = [(start, end) for sentence in found.seen for name, start, end in sentence if name[0] == "w"]
    spans = SEGMENTER.spans(normalized)
    assert seen == [(s, e) for s, e in spans if any(char.isalnum() for char in normalized[s:e])]
