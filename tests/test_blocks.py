"""Which lines are one paragraph that was wrapped: where each cut lies, on both sides."""

from __future__ import annotations

import pytest

from civictag.paragraphs.blocks import cut


def line(cells: int, end: str = "") -> str:
    """A line so many half-width cells wide, with a pause; an odd number ends in a Latin letter."""
    body = "石，" + "砖" * ((cells - len(end) * 2) // 2 - 2)
    return body + "x" * (cells % 2) + end


def pieces(*lines: str) -> list[int]:
    """How many lines each paragraph has."""
    return [len(block.pieces) for block in cut("\n".join(lines))]


@pytest.mark.parametrize(("cells", "found"), [(23, 6), (24, 1), (130, 1), (131, 6)])
def test_text_is_wrapped_at_some_width(cells, found):
    """At less it is verse or a list, at more nobody wraps."""
    assert len(pieces(*[line(cells)] * 5, line(cells - 4, "。"))) == found


@pytest.mark.parametrize(("cells", "found"), [(38, [6]), (37, [2, 4])])
def test_a_sentence_that_ends_at_the_edge_may_end_within_its_paragraph(cells, found):
    assert pieces(line(40), line(cells, "。"), *[line(40)] * 3, line(20, "。")) == found


@pytest.mark.parametrize(("cells", "found"), [(34, [6]), (33, [2, 4])])
def test_a_line_is_full_that_lacks_three_characters(cells, found):
    assert pieces(line(40), line(cells), *[line(40)] * 3, line(20, "。")) == found


@pytest.mark.parametrize(("cells", "found"), [(50, [2]), (49, [1, 1])])
def test_two_lines_are_a_letter_where_they_are_long(cells, found):
    assert pieces(line(cells), line(20, "。")) == found


@pytest.mark.parametrize(("cells", "found"), [(30, [1, 2]), (31, [1, 1, 1])])
def test_what_else_stands_in_a_letter_is_short(cells, found):
    assert pieces(line(cells), line(50), line(20, "。")) == found


@pytest.mark.parametrize(("above", "found"), [([line(20)], [1, *[2] * 5]), ([line(20)] * 2, [1] * 12)])
def test_paragraphs_of_two_lines_of_one_length_are_few(above, found):
    assert pieces(*above, *[line(50), line(46, "。")] * 5) == found


@pytest.mark.parametrize(("full", "found"), [(7, 13), (6, 20)])
def test_more_than_a_third_of_wrapped_lines_are_full(full, found):
    pairs = [line(60), line(42, "。")] * full
    assert len(pieces(*pairs, *[line(42, "。")] * (20 - len(pairs)))) == found
