"""Broken paragraphs: what each sign of a break is worth, and from how many points the halves are one.

The weights are pinned one by one: a page is decided by sums, so a changed weight may show on no page at hand.
"""

import pytest

from civictag.paragraphs import rejoin
from civictag.paragraphs.blocks import Block
from civictag.paragraphs.prose_features import PROSE

LEFT = "街道把六个小区的居民代表请到议事厅"  # says nothing about a break by itself
RIGHT = "谈起老旧管道的更换办法"
PLAIN = rejoin._Article(frozenset(), tidy=False, commas=False)


def block(text, indent=0, gap=1, kind="body", prose=PROSE, furniture=0, zones=()):
    made = Block(0, text, indent, gap)
    made.kind, made.prose, made.size, made.furniture, made.zones = kind, prose, len(text), furniture, zones
    return made


def halves(left=LEFT, right=RIGHT, size=40, article=PLAIN, first=None, opened=None):
    left = left if isinstance(left, Block) else block(left)
    right = right if isinstance(right, Block) else block(right)
    opened = rejoin._balance(left.text) if opened is None else opened
    return rejoin._Halves(left, right, opened, first or left, size, article)


TIDY = PLAIN._replace(tidy=True)
COMMAS = PLAIN._replace(commas=True)
CASES = {
    "nothing": (halves(), 0),
    "a quotation closes": (halves(LEFT + "：“老李", RIGHT + "”的事"), 4),
    "a bracket closes": (halves(LEFT + "（老李", RIGHT + "）的事"), 4),
    "a quotation stays open": (halves(LEFT + "：“老李"), 0),
    "closed before": (halves("“老李”" + LEFT, RIGHT + "”的事"), 0),
    "comma": (halves(LEFT + "，"), 3),
    "enumeration comma": (halves(LEFT + "、"), 3),
    "comma, the next line right below": (halves(LEFT + "，", block(RIGHT, gap=0)), 6),
    "right below alone": (halves(LEFT, block(RIGHT, gap=0)), 0),
    "comma where all end so": (halves(LEFT + "，", block(RIGHT, gap=0), article=COMMAS), 0),
    "opening mark at the end": (halves(LEFT + "《"), 3),
    "a closing mark begins": (halves(LEFT, "；" + RIGHT), 8),  # with 3 of the short first part
    "first part of two characters": (halves(LEFT, "头。" + RIGHT), 3),
    "first part of three characters": (halves(LEFT, "里头人。" + RIGHT), 0),
    "printed twice": (halves(LEFT, "厅" + RIGHT), 2),
    "a word used elsewhere": (halves(article=PLAIN._replace(text="客厅谈心")), 1),
    "tidy and long": (halves(size=60, article=TIDY), 3),
    "tidy and shorter": (halves(size=59, article=TIDY), 0),
    "untidy and long": (halves(size=60), 0),
    "item of a list": (halves(article=TIDY, first=block("①" + LEFT)), 2),
    "item of a list, untidy": (halves(first=block("①" + LEFT)), 0),
    "other mark": (halves(article=TIDY, first=block("一、" + LEFT)), 0),
    "no indent": (halves(first=block(LEFT, indent=2)), 1),
    "an indent of its own": (halves(LEFT, block(RIGHT, indent=2), first=block(LEFT, indent=2)), -2),
    "less indent": (halves(LEFT, block(RIGHT, indent=1), first=block(LEFT, indent=2)), 0),
    "indent alone": (halves(LEFT, block(RIGHT, indent=2)), 0),
    "an opener": (halves(LEFT, "同时" + RIGHT), -4),
    "short": (halves(size=29), -3),
    "long enough": (halves(size=30), 0),
    "no sentence": (halves(LEFT, block(RIGHT, prose=PROSE - 1)), -3),
    "no sentence but a first part": (halves(LEFT, block("头。" + RIGHT, prose=PROSE - 1)), 3),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_sign_is_worth(name):
    given, points = CASES[name]
    assert rejoin._points(given) == points


def joined(*blocks):
    return [b.text for b in rejoin.join_broken(list(blocks), "")]


LONG = LEFT + "商量了一个下午"  # 24; with LEFT before it more than 30


@pytest.mark.parametrize(
    ("left", "right", "one"),
    [
        (LEFT + LONG + "，", block(RIGHT), True),  # 3 points
        (LEFT + LONG, block("午" + RIGHT), False),  # 2
        (LEFT + LONG + "，", block("同时" + RIGHT, gap=0), False),  # 3 + 3 − 4
    ],
)
def test_from_three_points_on_it_is_one_paragraph(left, right, one):
    assert (len(joined(block(left), right)) == 1) is one


def page_mark():
    return block("— 3 —", kind="furniture", zones=("page",))


@pytest.mark.parametrize(
    ("between", "one"),
    [
        ([], True),
        ([page_mark()], True),
        ([page_mark(), page_mark()], True),
        ([page_mark(), page_mark(), page_mark()], False),
        ([block("分享到", kind="furniture")], False),
        ([block("第二章", kind="heading")], False),
    ],
)
def test_at_most_two_page_marks_stand_between_the_halves(between, one):
    left = LEFT + LONG + "，"
    found = joined(block(left), *between, block(RIGHT, gap=0))
    assert (left + RIGHT in found) is one
    assert len(found) == 2 + len(between) - one


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (block(LEFT + LONG + "。"), block("；" + RIGHT)),  # finished
        (block(LEFT + LONG + "，", furniture=3), block(RIGHT, gap=0)),  # half a piece of furniture
        (block(LEFT + LONG + "，"), block("二、" + RIGHT, gap=0)),  # an item of its own
        (block(LEFT + LONG + "，"), block(RIGHT, gap=0, kind="heading")),
    ],
)
def test_what_never_goes_on(left, right):
    assert len(joined(left, right)) == 2


def test_a_bullet_may_be_a_dash_inside_a_sentence():
    assert len(joined(block(LEFT + LONG + "，"), block("——" + RIGHT, gap=0))) == 1


def test_a_paragraph_of_three_parts_is_whole_again():
    parts = [block(LEFT + LONG + "，"), block(RIGHT + "，", gap=0), block("头。", gap=0)]
    parts[0].kind, size = "body", sum(part.size for part in parts)
    found = rejoin.join_broken(parts, "")
    assert [b.text for b in found] == [LEFT + LONG + "，" + RIGHT + "，头。"]
    assert (found[0].size, len(found[0].pieces), found[0].kind, found[0].furniture) == (size, 3, "body", 0)


@pytest.mark.parametrize(
    ("complete", "unfinished", "tidy"),
    [(4, 1, True), (0, 1, True), (4, 2, True), (3, 2, False), (7, 3, False), (8, 3, True), (0, 2, False)],
)
def test_tidy_is_four_in_five_the_one_in_question_left_out(complete, unfinished, tidy):
    assert rejoin._is_tidy(complete + unfinished, unfinished) is tidy


PLAIN_ENDS = "居委会把结果贴在各单元门口供大家查看，七天内没有人提出不同意见。"


def test_an_article_is_tidy_by_its_longer_body_paragraphs():
    """Short lines and headings, which end in no stop, say nothing."""
    long = PLAIN_ENDS[:-1]
    ends = [block(PLAIN_ENDS)] * 4
    assert rejoin._of_article([*ends, block(long)], "").tidy
    assert not rejoin._of_article([*ends, *[block(long)] * 3], "").tidy
    assert rejoin._of_article([*ends, *[block(long[:29])] * 3], "").tidy
    assert not rejoin._of_article([*ends, *[block(long[:30])] * 3], "").tidy
    assert rejoin._of_article([*ends, *[block(long, kind="heading")] * 3], "").tidy


def test_a_bullet_goes_on_as_a_dash_would():
    assert rejoin._half_before([rejoin._Joined(block(LEFT + LONG))], block("•" + RIGHT)) is not None


@pytest.mark.parametrize(
    ("with_comma", "others", "commas"), [(3, 0, False), (4, 0, True), (4, 3, True), (4, 4, False)]
)
def test_where_most_paragraphs_end_in_commas_one_says_nothing(with_comma, others, commas):
    blocks = [block(LEFT + LONG + "，")] * with_comma + [block(LEFT + LONG + "。")] * others
    assert rejoin._of_article(blocks, "").commas is commas
