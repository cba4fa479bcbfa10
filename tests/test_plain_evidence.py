"""Evidence that reads as a reason: spans end at words that say something, and sums stay exact."""

from __future__ import annotations

import math
from typing import Any

import pytest

from civictag.datamodel import Document
from civictag.model.attribution import Reason, Span
from civictag.model.plain_evidence import plain, words_of
from civictag.paragraphs import split


def shown(text: str, *pieces: tuple[str, float]) -> tuple[list[tuple[str, float]], float]:
    """What is left of pieces of a text, and what went to the rest."""
    spans = tuple(Span(text.index(p), text.index(p) + len(p), weight) for p, weight in pieces)
    found = plain(Reason(spans, 0.0), words_of(text))
    return [(text[s.start : s.end], s.weight) for s in found.spans], found.outside


@pytest.mark.parametrize(
    ("text", "piece", "left"),
    [
        ("我市开展了一场义诊。", "我市", None),
        ("我市开展了一场义诊。", "一场", None),
        ("我市开展了一场义诊。", "一场义诊", "义诊"),
        ("居民们现在常常把垃圾捡回来。", "们现在常常把垃圾捡", "垃圾捡回来"),
        ("干部把创建的出发点和落脚点放在为民上。", "把创建的出发点和", "创建的出发点"),
        ("他清理了楼道里的杂物。", "清理了楼道里的杂物", "清理了楼道里的杂物"),  # inside it stays
        ("大家要和谐相处。", "和谐相处", "和谐相处"),  # 和 is here no word of its own
        ("了解情况。", "了解情况", "了解情况"),
        ("ＡＢＣ志愿队的人来了。", "ＡＢＣ志愿队的", "ＡＢＣ志愿队"),
        ("“清扫”，", "“清扫”，", "清扫"),
        ("，。", "，。", None),
        ("清理卫生死角一百一十二处。", "卫生死角一百一十二", "卫生死角一百一十二处"),
        ("环卫工人一百二十人上街。", "工人一百二十", "环卫工人一百二十人"),
        ("铲除小广告三千余张，", "小广告三千", "小广告三千余张"),
        ("王大姐被评为孝老爱亲模范。", "老爱亲模", "孝老爱亲模范"),
        ("村里评出“好邻居”十户。", "村里评出“好邻居", "村里评出“好邻居”"),
        ("村里评出“好邻居”十户。", "好邻居”十户", "“好邻居”十户"),
        ("社区举办“我们的节日”主题活动。", "社区举办“我们的节", "社区举办“我们的节日”"),
        ("开展“小手拉大手 清洁进家庭”行动。", "清洁进家庭”行动", "清洁进家庭"),
        ("宣讲《居民公约（试行）》内容。", "居民公约（试行", "居民公约（试行）"),
        ("社区举办“我们的节日·端午”活动。", "社区举办“我们的节日", "我们的节日"),
    ],
)
def test_function_words_and_scraps_are_not_shown(text: str, piece: str, left: str | None) -> None:
    spans, rest = shown(text, (piece, 0.75), ("。", 0.0) if "。" in text else (piece, 0.0))
    kept = [span for span, weight in spans if weight]
    assert kept == ([left] if left else [])
    assert rest == (0.0 if left else 0.75)


def test_a_single_character_must_weigh_something() -> None:
    text = "他扫，也学。"
    assert shown(text, ("扫", 2.0), ("学", 0.9)) == ([("扫", 2.0)], 0.9)
    assert shown(text, ("扫", 2.0), ("学", -1.1)) == ([("扫", 2.0), ("学", -1.1)], 0.0)


def test_a_word_that_two_spans_share_is_in_one_of_them() -> None:
    text = "居民清扫楼道杂物。"
    spans, rest = shown(text, ("居民清扫楼", 2.0), ("道杂物", 1.0))
    assert spans == [("居民清扫", 2.0), ("杂物", 1.0)]
    assert rest == 0.0


def test_what_weighs_next_to_nothing_is_in_the_rest() -> None:
    text = "居民清扫楼道，开会学习。"
    assert shown(text, ("清扫楼道", 4.0), ("学习", -0.1)) == ([("清扫楼道", 4.0)], -0.1)


def test_traditional_and_joined_text_keeps_its_offsets() -> None:
    text = "居民們清掃樓道。"
    assert shown(text, ("們清掃樓道", 1.0))[0] == [("清掃樓道", 1.0)]


TEXTS = [
    "我们现在常常把垃圾捡起来带走，孩子们也跟着学。我市开展了一场志愿服务活动，清理了楼道里的杂物。",
    "ＡＢＣ小区的物業更換了路燈；住戶們都說方便多了。",
    "的了在和。",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_sums_stay_exact(text: str, small_tagger: Any) -> None:
    article = split(Document("a", text or "。", is_row=True))
    for tagged in small_tagger.tag_articles([article], explain=True, explain_all=True):
        for paragraph in tagged.paragraphs:
            for tag in paragraph.reasons or ():
                told = math.fsum(piece.weight for piece in tag.evidence) + tag.outside
                assert told == pytest.approx(tag.logit, abs=1e-9)
                assert [abs(e.weight) for e in tag.evidence] == sorted(
                    (abs(e.weight) for e in tag.evidence), reverse=True
                )
                assert all(article.text[e.start : e.end] == e.text for e in tag.evidence)


def test_nothing_is_shown_of_an_empty_reason() -> None:
    assert plain(Reason((), 1.5), words_of("")) == Reason((), 1.5)
    assert plain(Reason((Span(0, 1, 0.5),), 1.0), words_of("的"))._replace(spans=()) == Reason((), 1.5)
