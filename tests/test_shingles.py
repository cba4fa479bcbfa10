"""Sketches: near copies found, their texts not told."""

import random

import numpy as np

from civictag.text.shingles import ALIKE, NOTHING, SKETCH, clusters, resemblance, seen_in, sketches

LONG = "渡口的老船工每天清早把跳板冲洗一遍，再把缆绳盘好，等第一班过河的学生。"
OTHER = "修表铺的灯亮到半夜，师傅说今天收了十一只停摆的座钟，有一只是民国的。"


def test_a_text_and_its_near_copy_are_together_and_others_apart():
    found = sketches([LONG, OTHER, LONG.replace("清早", "早上"), LONG, "", "好"])
    numbers = clusters(found)
    assert numbers[0] == numbers[2] == numbers[3]
    assert len({int(n) for n in numbers}) == 4
    assert resemblance(found[0], found[3]) == 1
    assert resemblance(found[0], found[1]) == 0
    assert resemblance(found[4], found[4]) == 0


def test_widths_and_variants_make_no_difference():
    one, other = sketches(["在ＡＢ路口掃地的師傅", "在ab路口扫地的师傅"])
    assert (one == other).all()


def test_sketches_are_the_smallest_hashes_ascending():
    found = sketches([LONG * 3, "好"])
    assert found.shape == (2, SKETCH)
    assert (np.diff(found[0].astype(np.int64)) > 0).all()
    assert (found[1][1:] == NOTHING).all()
    assert sketches([]).shape == (0, SKETCH)


def test_what_was_seen_is_known_again():
    known = sketches([LONG, OTHER])
    asked = sketches([LONG + "风小了。", "邮差在桥头歇脚，数了数还剩几封信没有送出去。", "", OTHER])
    assert seen_in(asked, known).tolist() == [True, False, False, True]
    assert seen_in(asked, known[:0]).tolist() == [False] * 4


def test_copies_are_found_among_texts_that_share_a_sentence():
    """Each pair compared, in comparison with the few that the search compares."""
    draw = random.Random(3)
    signs = [chr(0x4E00 + draw.randrange(6000)) for _sign in range(400)]
    shared = ["".join(draw.choices(signs, k=draw.randrange(12, 30))) + "。" for _text in range(30)]
    texts = ["".join(draw.sample(shared, draw.randrange(1, 4))) for _text in range(300)]
    texts = [text[:at] + draw.choice(signs) + text[at + 1 :] for text in texts for at in [draw.randrange(11)]]
    found = sketches(texts)
    numbers = clusters(found)
    alike = [(a, b) for a in range(300) for b in range(a) if resemblance(found[a], found[b]) >= ALIKE]
    assert len(alike) > 100
    apart = [pair for pair in alike if numbers[pair[0]] != numbers[pair[1]]]
    assert len(apart) <= len(alike) / 100
