"""Cues in a clause: what a gap, an order, a counter-cue mean; a search one by one is the judge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judge import hit_classes, spans

from civictag.labels.cue_matcher import CueMatcher, cue_table
from civictag.labels.label_set import Cue


def cue(text, label="a"):
    """``kind: part…part``, a part's texts parted by ``/``."""
    kind, pattern = text.split(": ")
    return Cue(label, kind, pattern, tuple(tuple(part.split("/")) for part in pattern.split("…")))


def found(cues, clause, gap=3):
    table = cue_table(cues)
    return {(table.classes[c], s, e) for c, s, e in CueMatcher(table, gap).match(clause)}


STRONG, AGAINST = "a.strong", "a.against"

CASES = {
    "a word": (["strong: 垃圾"], "捡垃圾", {(STRONG, 1, 3)}),
    "no word": (["strong: 垃圾"], "捡柴火", set()),
    "twice": (["strong: 垃圾"], "垃圾垃圾", {(STRONG, 0, 2), (STRONG, 2, 4)}),
    "two parts adjoin": (["strong: 清理…垃圾"], "清理垃圾", {(STRONG, 0, 4)}),
    "gap at its limit": (["strong: 清理…垃圾"], "清理成堆的垃圾", {(STRONG, 0, 7)}),
    "gap past its limit": (["strong: 清理…垃圾"], "清理成堆的坏垃圾", set()),
    "wrong order": (["strong: 清理…垃圾"], "垃圾清理", set()),
    "parts may not overlap": (["strong: 清理…理发"], "清理发", set()),
    "three parts": (["strong: 帮…收…稻"], "帮他收了稻", {(STRONG, 0, 5)}),
    "three parts, one missing": (["strong: 帮…收…稻"], "帮他看了稻", set()),
    "middle out of order": (["strong: 帮…收…稻"], "收他帮了稻", set()),
    "one of a set": (["strong: 清理/打扫…垃圾/院子"], "打扫院子", {(STRONG, 0, 4)}),
    "the latest beginning": (["strong: 清理…垃圾"], "清理清理垃圾", {(STRONG, 2, 6)}),
    "an earlier one when the latest is part of it": (["strong: 清…理…垃圾"], "清理理垃圾", {(STRONG, 0, 5)}),
    "longer and shorter": (["strong: 志愿/志愿者"], "志愿者", {(STRONG, 0, 2), (STRONG, 0, 3)}),
    "against covers it": (["strong: 卫生", "against: 卫生院"], "到卫生院看病", {(AGAINST, 1, 4)}),
    "against covers itself exactly": (["strong: 卫生", "against: 卫生"], "卫生", {(AGAINST, 0, 2)}),
    "against covers one of two": (
        ["strong: 卫生", "against: 卫生院"],
        "卫生院讲卫生",
        {(AGAINST, 0, 3), (STRONG, 4, 6)},
    ),
    "against overlaps only": (["strong: 卫生", "against: 生院"], "卫生院", {(STRONG, 0, 2), (AGAINST, 1, 3)}),
    "against covers a part": (["strong: 清理…垃圾", "against: 垃圾短信"], "清理垃圾短信", {(AGAINST, 2, 6)}),
    "against across a gap": (
        ["strong: 垃圾", "against: 删除…短信"],
        "删除垃圾短信",
        {(AGAINST, 0, 6)},
    ),
    "another part serves": (
        ["strong: 清理…垃圾", "against: 垃圾短信"],
        "清理垃圾短信垃圾",
        {(AGAINST, 2, 6)},  # the second 垃圾 is past the gap
    ),
}


@pytest.mark.parametrize(("cues", "clause", "hits"), CASES.values(), ids=CASES)
def test_hits(cues, clause, hits):
    assert found([cue(text) for text in cues], clause) == hits


def test_against_is_for_its_own_label_and_not_for_context():
    cues = [cue("strong: 卫生", "b"), cue("told: 卫生", ""), cue("against: 卫生院", "a")]
    assert {name for name, _, _ in found(cues, "卫生院")} == {"b.strong", ".told", "a.against"}


def test_a_gap_of_nothing():
    cues = [cue("strong: 清理…垃圾")]
    assert found(cues, "清理垃圾", gap=0)
    assert not found(cues, "清理了垃圾", gap=0)


def test_classes_are_in_order_of_first_use():
    table = cue_table([cue("weak: 一", "b"), cue("strong: 二"), cue("weak: 三", "b"), cue("told: 四", "")])
    assert table.classes == ("b.weak", "a.strong", ".told")
    assert table.literals == ("一", "三", "二", "四")
    assert table.cancels == (-1, -1, -1)


# Few characters, so that parts meet, overlap and cancel one another all the time.
PART = st.lists(st.text("甲乙丙", min_size=1, max_size=3), min_size=1, max_size=3, unique=True).map(tuple)
CUES = st.lists(
    st.builds(
        lambda label, kind, parts: Cue(label, kind, "", tuple(parts)),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["strong", "weak", "against"]),
        st.lists(PART, min_size=1, max_size=3),
    )
    | st.builds(lambda parts: Cue("", "told", "", tuple(parts)), st.lists(PART, min_size=1, max_size=2)),
    min_size=1,
    max_size=6,
)


@given(cues=CUES, clause=st.text("甲乙丙丁", max_size=14), gap=st.integers(0, 4))
def test_any_cues_hit_what_a_search_one_by_one_hits(cues, clause, gap):
    by_hand = [(cue.label, cue.kind, cue.parts) for cue in cues]
    hits = found(cues, clause, gap)
    assert {name for name, _, _ in hits} == hit_classes(by_hand, clause, gap)
    bars = {label: [] for label in ("a", "b", "")}
    for label, kind, parts in by_hand:
        if kind == "against":
            bars[label] += spans(parts, clause, gap, ())
    expected = {
        (f"{label}.{kind}", start, end)
        for label, kind, parts in by_hand
        for start, end in spans(parts, clause, gap, () if kind == "against" else bars[label])
    }
    assert hits == expected
