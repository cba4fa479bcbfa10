"""The table of signs: what spares a pattern its compiling never hides a line that it would find."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civictag.paragraphs.boilerplate import OPENING, SIGNS
from civictag.paragraphs.openings import enumerator, opens_paragraph

GATED = [sign for sign in SIGNS if sign.starts]


@pytest.mark.parametrize("sign", GATED, ids=[f"{i}-{sign.why}" for i, sign in enumerate(GATED)])
def test_every_line_that_a_sign_finds_begins_as_it_says(sign):
    @given(st.from_regex(sign.pattern))
    @settings(max_examples=30, deadline=None, database=None)
    def begins(line):
        assert re.search(sign.pattern, line)
        assert line.lstrip(OPENING).startswith(sign.starts)

    begins()


def test_a_gate_is_for_anchored_patterns_only():
    assert [sign.why for sign in GATED if not sign.pattern.startswith("^")] == []
    assert len(GATED) >= 20


# The same in one pattern, which took as long to compile as all else that a short page needs.
_NUMBER = "[一二三四五六七八九十百零〇\\d]{1,5}"
ENUMERATOR = re.compile(
    r"(?P<han>[一二三四五六七八九十]{1,3}[、.．])|(?P<hanbracket>[(（][一二三四五六七八九十]{1,3}[)）])"
    r"|(?P<digit>\d{1,2}(?:、|[.．](?!\d)|[.．](?=\d+[年月日人户口名位个处条项次栋幢楼]|\d\d岁)))"
    r"|(?P<digitbracket>[(（]\d{1,2}[)）]|\d{1,2}[)）])|(?P<circle>[①-⑳❶-❿])"
    r"|(?P<bullet>[•●◆■▪·★☆※➤►✓◇○□*-]\s*)|(?P<ordinal>第[一二三四五六七八九十]{1,3}[、,，])"
    rf"|(?P<chapter>第{_NUMBER}(?:[编章篇]|节(?!课)|部分))|(?P<article>第{_NUMBER}条(?=[\s\u3000:：【（(]))"
)
OPENERS = re.compile(
    r"[“\"「《]|据|近[日年来期]|今年|去年|目前|如今|同时|此外|另外|为了?.{2}|在.{3}|随着|自[^己]|截至|下一步|接下来|[一二三四五六]是|"
    r"其[中次]|首先|最后|与此|不仅|通过|针对|围绕|当[天日]|\d{1,4}[年月]|(?:19|20)\d\d|[(（]?[一二三四五六七八九十]+[、)）]"
)
NEAR = st.text("一三十百〇12３（()）、.．,，:： 第条章节课部分编岁年月人是自己为了在近日①❿•-*x", max_size=8)


MANY = [100, pytest.param(1_000, marks=pytest.mark.slow)]  # examples


@pytest.mark.parametrize("count", MANY)
@pytest.mark.parametrize(
    "lines", [st.from_regex(ENUMERATOR), st.from_regex(ENUMERATOR, fullmatch=True), NEAR]
)
def test_marks_of_a_list_are_told_as_by_one_pattern(lines, count):
    @given(lines)
    @settings(max_examples=count, deadline=None, database=None)
    def told(line):
        found = ENUMERATOR.match(line)
        assert enumerator(line) == (found.lastgroup if found else "")

    told()


@pytest.mark.parametrize("count", MANY)
@pytest.mark.parametrize("lines", [st.from_regex(OPENERS), st.from_regex(OPENERS, fullmatch=True), NEAR])
def test_openers_are_told_as_by_one_pattern(lines, count):
    @given(lines)
    @settings(max_examples=count, deadline=None, database=None)
    def told(line):
        assert opens_paragraph(line) == bool(OPENERS.match(line))

    told()
