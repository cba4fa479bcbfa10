"""The table of signs: what spares a pattern its compiling never hides a line that it would find."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civictag.paragraphs.boilerplate import OPENING, SIGNS
from civictag.paragraphs.prose_features import ENUMERATOR, enumerator

GATED = [sign for sign in SIGNS if sign.starts]


@pytest.mark.parametrize("sign", GATED, ids=[f"{i}-{sign.why}" for i, sign in enumerate(GATED)])
def test_every_line_that_a_sign_finds_begins_as_it_says(sign):
    @given(st.from_regex(sign.pattern))
    @settings(max_examples=60, deadline=None, database=None)
    def begins(line):
        assert re.search(sign.pattern, line)
        assert line.lstrip(OPENING).startswith(sign.starts)

    begins()


def test_a_gate_is_for_anchored_patterns_only():
    assert [sign.why for sign in GATED if not sign.pattern.startswith("^")] == []
    assert len(GATED) >= 20


@given(st.from_regex(ENUMERATOR.pattern))
@settings(max_examples=300, deadline=None, database=None)
def test_no_mark_of_a_list_is_missed(line):
    found = ENUMERATOR.match(line)
    assert enumerator(line) == (found.lastgroup if found else "")
