"""Points of single lines: where each cut and weight of scoring and shape lies, on both of its sides."""

from __future__ import annotations

import pytest

from civictag.paragraphs.blocks import Block
from civictag.paragraphs.prose_features import (
    has_words,
    is_complete,
    is_finished,
    is_lead_in,
    is_sentence,
    is_statement,
    prose_points,
)
from civictag.paragraphs.scoring import is_body_like, weigh


def weighed(*lines: str) -> list[Block]:
    blocks = [Block(0, line, 0, 0) for line in lines]
    weigh(blocks)
    return blocks


def of(line: str, *others: str) -> tuple[int, tuple[str, ...]]:
    """Furniture and zones of the first line."""
    block = weighed(line, *others)[0]
    return block.furniture, block.zones


def long(length: int, end: str = "") -> str:
    return "砖" * (length - len(end)) + end


# ---- shape -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "points"),
    [
        *((long(n), worth) for n, worth in
          ((1, 0), (19, 0), (20, 1), (39, 1), (40, 2), (79, 2), (80, 3), (149, 3), (150, 4))),
        *((long(8, pause + "砖"), 1) for pause in "，,、"),
        (long(9, "，、砖"), 1),  # pauses are counted once
        (long(10, "。"), 3),
        (long(20, "。"), 4),
        (long(19, "."), 0),  # an abbreviation, a number
        (long(20, "."), 4),
        (long(15, "！"), 1),  # a slogan calls
        (long(16, "！"), 2),
        (long(15, "。！"), 2),  # a slogan has no stop within
        (long(6, "；"), 1),
        (long(6, "。砖"), 1),
        (long(6, "；砖"), 1),
        (long(6, "："), 1),
        (long(6, ":"), 1),
        (long(10, "。”"), 3),  # closing marks are left out
        (long(10, "。👍"), 2),
        (long(10, "👍"), 1),  # an emoji calls
        (long(16, "。（摘自日记）"), 4 - 1),  # a note in brackets is left out
        (long(150, "，好。"), 8),
    ],
)  # fmt: skip
def test_points_of_shape(text, points):
    assert prose_points(text, len(text)) == points


@pytest.mark.parametrize(
    ("text", "complete", "finished"),
    [
        ("砖。", True, True),
        ("砖", False, False),
        ("", False, False),
        ("砖：", True, True),
        ("砖.", True, True),
        ("砖，", False, False),
        ("砖。）", True, True),
        ("砖。（一）", False, False),  # one character in brackets is a number, no note
        ("砖。（一二）", True, True),
        ("砖。（" + "甲" * 30 + "）", True, True),
        ("砖。（" + "甲" * 31 + "）", False, True),
        ("砖。2024年4月2日", True, True),
        ("砖。2024-04-02", True, True),
        ("砖。第2日", False, False),
        ("砖。12", False, False),
        ("墙砖 何小满摄", False, True),
        ("墙砖（资料图）", False, True),
        ("墙砖（何小满）", False, True),
        ("墙砖（何）", False, False),
    ],
)
def test_where_a_line_ends(text, complete, finished):
    assert (is_complete(text), is_finished(text)) == (complete, finished)


@pytest.mark.parametrize(
    ("text", "sentence", "statement"),
    [
        (long(21, "。"), False, False),
        (long(22, "。"), True, True),
        (long(22, "。”"), True, True),
        (long(22), False, False),  # no word that builds clauses
        (long(22, "的了"), False, False),
        (long(26, "的了"), False, True),
        (long(25, "的了"), False, False),
        (long(26, "的的"), False, False),  # one such word twice
        (long(22, "的了！"), False, True),
        (long(21, "的了！"), False, False),
        (long(26, "的：了"), False, False),  # as a headline has it
    ],
)
def test_what_says_something(text, sentence, statement):
    assert (is_sentence(text, len(text)), is_statement(text, len(text))) == (sentence, statement)


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("符合下列条件：", True),
        ("符合下列条件", False),
        ("各街道办事处：", False),  # a salutation
        ("活动时间：", False),  # a label
        (long(12, "的了："), True),
        (long(11, "的了："), False),
    ],
)
def test_what_leads_in(text, leads):
    assert is_lead_in(text, len(text)) is leads


def test_words():
    assert [has_words(text) for text in ("砖", "a", "12-3", "")] == [True, True, False, False]


# ---- signs -----------------------------------------------------------------------------------------


def test_a_line_as_signs_see_it():
    pairs = zip("：（）【】｜，‹«›»", ":()[]|,<<>>", strict=True)
    for wide, narrow in pairs:
        assert weighed(f"砖 {wide}\u3000砖")[0].squeezed == f"砖{narrow}砖"
    (block,) = weighed("責任編輯 ： 何小滿")
    assert (block.squeezed, block.size) == ("责任编辑:何小滿", 8)
    assert of("責任編輯：何小滿") == of("责任编辑：何小满")
    assert weighed("小滿")[0].squeezed == "小滿"  # not the whole text is converted
    assert [weighed("砖 " * n)[0].size for n in (600, 601)] == [600, 1202]  # past every sign's reach


@pytest.mark.parametrize("times", [2, 3])
@pytest.mark.parametrize("size", [40, 41])
def test_a_short_line_that_comes_three_times_is_the_pages(times, size):
    found = of(long(size), *[long(size)] * (times - 1), "别的")
    assert found == ((10, ("page",)) if (times, size) == (3, 40) else (0, ()))


def test_a_sentence_may_be_said_three_times():
    assert of("路面扫净了。", *["路面扫净了。"] * 2) == (0, ())
    assert {block.furniture for block in weighed(*["路面扫净了"] * 3)} == {10}  # each of them


def test_lines_without_words():
    assert of("+=+") == (10, ("page",))
    assert of("+" * 39 + "砖") == (0, ())
    assert of("+" * 40 + "砖") == (10, ("page",))  # its first forty characters count


@pytest.mark.parametrize(("size", "furniture"), [(90, 10), (91, 0)])
def test_a_row_of_menu_words(size, furniture):
    words = "新闻 公告 " * 30
    line = words.replace(" ", "")[:size]
    spaced = " ".join(line[at : at + 2] for at in range(0, size - size % 2, 2)) + "，" * (size % 2)
    assert weighed(spaced)[0].size == size
    assert of(spaced) == (furniture, ())


def test_a_menu_holds_nothing_but_menu_words():
    assert of("首页 新闻 (3)") == (10, ())
    assert of("首页 砖墙") == (0, ())


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("来源：石桥报", (10, ("byline",))),
        ("■ 相关阅读", (11, ("list",))),  # a bullet adds to other evidence
        ("■ 砖墙", (0, ())),  # by itself it says nothing
        ("本页 来源 说明", (0, ())),  # its cue stands in it, not its pattern
        ("来源：" + long(87), (10, ("byline",))),
        ("来源：" + long(88), (0, ())),  # past its reach
        ("来源：石桥报　编辑：何小满", (20, ("byline", "byline"))),  # each of two signs
    ],
)
def test_weights_and_zones(line, found):
    assert of(line) == found


@pytest.mark.parametrize(("size", "found"), [(600, (10, ("legal",))), (601, (0, ()))])
def test_no_sign_speaks_about_longer_lines(size, found):
    assert of("版权声明：" + long(size - 5)) == found


def test_a_statement_is_no_footer_by_one_word_of_a_footer():
    """One sign that is not made for statements does not outweigh one; two do."""
    says = "平台已经完成了备案（湘ICP备20230001号）并且对居民的积分作了说明"
    assert of(says) == (0, ())
    assert of("备案（湘ICP备20230001号）") == (10, ())
    assert of(f"{says}，未经本站许可不得转载")[0] >= 15


def test_sentences_are_asked_only_what_may_be_a_sentence():
    label = "来源：石桥报讯，路面扫得很干净了大家都说好"
    assert (of(label), of(f"{label}。")) == ((10, ("byline",)), (0, ()))
    assert of("图为何小满在石桥镇的老街上清扫路面的落叶和杂物。") == (10, ())


@pytest.mark.parametrize(
    ("prose", "furniture", "body"), [(3, 0, True), (2, 0, False), (3, 2, True), (3, 3, False), (5, 4, True)]
)
def test_what_looks_like_body(prose, furniture, body):
    block = Block(0, "砖", 0, 0)
    block.prose, block.furniture = prose, furniture
    assert is_body_like(block) is body
