"""civictag.util.patterns: compiled at the first use, and the same as the compiled pattern then."""

import re

import pytest

from civictag.util import patterns
from civictag.util.patterns import lazy, one_of


def test_nothing_is_compiled_before_the_first_use(monkeypatch):
    compiled = []
    monkeypatch.setattr(patterns.re, "compile", lambda *given: compiled.append(given) or re.Pattern)
    made = lazy("清扫")
    assert compiled == []
    assert made.search is not None
    assert made.search is made.search
    assert compiled == [("清扫", 0)]  # asked for once: the second use does not come back


@pytest.mark.parametrize(
    ("pattern", "flags", "text"),
    [("清[扫洁]", 0, "清洁家园"), ("a+", re.I, "xAAy"), (b"<meta", 0, b"<meta a>"), ("无", 0, "清扫")],
)
def test_it_answers_as_the_compiled_pattern_does(pattern, flags, text):
    made, real = lazy(pattern, flags), re.compile(pattern, flags)
    for _twice in range(2):
        assert made.findall(text) == real.findall(text)
        assert bool(made.search(text)) == bool(real.search(text))
    assert (made.pattern, made.flags) == (real.pattern, real.flags)


def test_a_mistake_shows_at_the_first_use():
    made = lazy("(")
    with pytest.raises(re.error):
        made.search("")


@pytest.mark.parametrize("characters", ["上下左右", ":、为", "[■◆·#*•", "-—–·.", '“"[(※*', "]:|>…·"])
def test_alternatives_match_what_their_class_does(characters):
    known = re.compile(f"[{re.escape(characters)}]")
    ours = re.compile(one_of(characters))
    for char in {*characters, *map(chr, range(0x2100)), "中", "—"}:
        assert bool(ours.fullmatch(char)) == bool(known.fullmatch(char))
    assert not ours.match("")
    repeated = re.compile(f"{one_of(characters)}+$")
    assert repeated.match(characters * 3)
