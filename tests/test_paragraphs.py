"""split(): kinds, offsets, joins, rows; on the pages of tests/pages and on single points."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paragraph_pages import PAGES, body, headings, key, load, matched

from civictag.datamodel import Article, Document
from civictag.paragraphs import split
from civictag.paragraphs.blocks import STRIP

SENTENCE = "社区组织保洁员清扫背街小巷，清运积存垃圾三车，路面干净了许多。"
OTHER = "镇里给每个村配了分类垃圾亭，聘请村民当监督员，每月评比一次。"


def article(text: str, **fields: object) -> Article:
    return split(Document("a", text, **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_every_page_is_told_apart(path: Path) -> None:
    page = load(path)
    result = article(page.text)
    assert body(result) == page.body
    assert key(result.title) == page.title
    assert set(headings(result)) - {page.title} == set(page.headings)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_pages_survive_other_newlines_blank_lines_and_half_width_marks(path: Path) -> None:
    page = load(path)
    assert body(article(page.text.replace("\n", "\r\n"))) == page.body
    narrow = str.maketrans("，：（）｜", ",:()|")
    assert body(article(page.text.translate(narrow))) == [b.translate(narrow) for b in page.body]


def test_pages_with_a_blank_line_after_every_line() -> None:
    found = wanted = right = 0
    for path in PAGES:
        page = load(path)
        got = body(article(page.text.replace("\n", "\n\n")))
        found, wanted, right = found + len(got), wanted + len(page.body), right + matched(got, page.body)
    assert right / found >= 0.97
    assert right / wanted >= 0.97


def test_a_title_from_elsewhere_finds_its_line() -> None:
    text = f"云上青石\n{SENTENCE}\n青石县：\n小巷变了样\n{SENTENCE}\n{OTHER}"
    result = article(text, title="小巷变了样")
    assert result.title == "小巷变了样"
    assert body(result) == [key(SENTENCE), key(OTHER)]  # what stands above the headline is furniture


FURNITURE = [
    "责任编辑：王芳",
    "来 源：云溪日报   作 者：李可",
    "【编辑：张三】",
    "（记者 王强 通讯员 刘芳 文/图）",
    "（融媒记者：徐某）",
    "2023-04-05 10:22:31",
    "发布时间：2023年4月5日",
    "浏览次数：1203次",
    "字体：【大 中 小】 打印 关闭",
    "首页 > 新闻 > 正文",
    "您现在的位置：首页 » 文明创建 » 正文",
    "扫一扫关注我们",
    "↑ 点击上方蓝字关注我们",
    "分享到：微信 微博 QQ空间",
    "阅读原文",
    "上一篇：没有了",
    "图为志愿者在清扫街道。",
    "▲志愿者在入户宣传",
    "（张三 摄）",
    "①",
    "— 3 —",
    "第03版：要闻",
    "版权声明：本网站所有内容未经授权不得转载。",
    "赣ICP备12345678号-1",
    "Copyright © 2020 云溪网 All Rights Reserved",
    "违法和不良信息举报电话：0799-1234567",
    "编者按：",
    "網友評論",
    "責任編輯：林小雲",
    "客户端 | 微博 | 微信",
]


@pytest.mark.parametrize("line", FURNITURE)
@pytest.mark.parametrize("place", ["middle", "last"])
def test_furniture_is_neither_body_nor_heading(line: str, place: str) -> None:
    if place == "middle" and (">" in line or "»" in line):
        pytest.skip("a breadcrumb says that what stands above it is not the article")
    text = f"{SENTENCE}\n{line}\n{OTHER}" if place == "middle" else f"{SENTENCE}\n{OTHER}\n{line}"
    kinds = {p.text: p.kind for p in article(text).paragraphs}
    assert kinds[line] == "furniture"
    assert kinds[SENTENCE] == "body"


BODY = [
    "本次活动来源于居民的一条建议，记者在现场看到，楼道里的杂物已经清空。",
    "居民可扫码关注社区公众号报名，也可以到服务站登记，名额不限，先到先得。",
    "转载作品请注明来源，这是编辑部的老规矩，也是文明写作的一部分。",
    "“您的举报我们收到了。”网格员老李拿起电话，当天就到了现场。",
    "时间：6月1日上午，地点：文化广场，志愿者将现场教市民分类投放垃圾。",
    "①东门社区设置分类垃圾箱四十组，居民投放准确率达到八成。",
    "一是抓宣传，发放倡议书三千份；二是抓整治，清理卫生死角六十处",
    "院子干净，心里敞亮。",
    "首页上的新闻他每天都看，看完就到巷口去捡烟头，一捡就是十年。",
    "友情链接不是公司的业务，邻里友情才是小区的底色，物业经理这样说。",
]


@pytest.mark.parametrize("line", BODY)
def test_paragraphs_that_only_sound_like_furniture(line: str) -> None:
    result = article(f"小巷变了样\n{SENTENCE}\n{line}\n{OTHER}")
    assert key(line) in body(result)


HEADINGS = [
    "一、路面干净了",
    "（二）楼道敞亮了",
    "路面净了，院里静了",
    "“小站”开张 邻里帮忙",
    "01 清扫有声",
]


@pytest.mark.parametrize("line", HEADINGS)
def test_headings_stay_apart(line: str) -> None:
    result = article(f"小巷变了样了吗\n{SENTENCE}\n{line}\n{OTHER}")
    assert key(line) in headings(result)
    assert body(result) == [key(SENTENCE), key(OTHER)]


def test_a_run_in_heading_belongs_to_its_paragraph() -> None:
    text = f"先从路面抓起。{SENTENCE}"
    assert body(article(f"{SENTENCE}\n{text}\n{OTHER}")) == [key(SENTENCE), key(text), key(OTHER)]


LONG = "社区把四十七户代表请到大槐树下，一条一条听取意见，下水道堵、停车难、电线乱，归拢起来共有二十三条"
JOINS = [
    (LONG + "，院里的味道小了不", "少。" + SENTENCE, True),
    ("居民们做梦都想搬走，" + LONG + "，", "可是谁也没有办法。", True),
    ("他说：“" + LONG, "，这回总算盼到了。”大家都笑了。", True),
    (LONG + "。", SENTENCE, False),
    (LONG, "今年以来，" + SENTENCE, False),
    ("办实事，让老街坊舒心", SENTENCE, False),
    ("主要做法如下：", SENTENCE, False),
]


@pytest.mark.parametrize(("left", "right", "joined"), JOINS)
def test_what_is_joined_over_a_break(left: str, right: str, joined: bool) -> None:
    text = f"{SENTENCE}\n\n{OTHER}\n\n{left}\n\n{right}\n\n{OTHER}"
    result = article(text)
    found = [p for p in result.paragraphs if p.text == left + right]
    assert bool(found) == joined
    for paragraph in found:
        assert [text[a:b] for a, b in paragraph.pieces] == [left, right]
        assert (paragraph.start, paragraph.end) == (text.index(left), text.index(right) + len(right))


def test_a_page_number_inside_a_broken_paragraph_is_left_out() -> None:
    text = f"{SENTENCE}\n{OTHER}\n{LONG}，院里的味道小了不\n— 2 —\n少。{SENTENCE}\n{OTHER}"
    assert key(LONG + "，院里的味道小了不少。" + SENTENCE) in body(article(text))


def test_indents_inside_a_line_begin_paragraphs() -> None:
    text = f"　　{SENTENCE}　　{OTHER}　　{SENTENCE}"
    result = article(text)
    assert [p.text for p in result.paragraphs] == [SENTENCE, OTHER, SENTENCE]
    assert all(result.text[p.start : p.end] == p.text for p in result.paragraphs)


@pytest.mark.parametrize(
    "text", ["点赞", "首页 > 正文", "责任编辑：王芳", "一、路面", SENTENCE, "01", "  \u3000" + SENTENCE]
)
def test_a_row_of_one_line_is_one_body_paragraph(text: str) -> None:
    result = article(text, is_row=True, title="标题")
    (paragraph,) = result.paragraphs
    assert (paragraph.kind, paragraph.index, paragraph.text) == ("body", 0, text.strip(STRIP))
    assert text[paragraph.start : paragraph.end] == paragraph.text
    assert result.title == "标题"


@pytest.mark.parametrize("newline", ["\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_makes_a_row_of_several_lines(newline: str) -> None:
    text = f"志愿者清理了楼道里的杂物。{newline}居民说楼道亮堂多了。"
    assert len(article(text, is_row=True).paragraphs) == 2


def test_a_row_of_several_lines_is_split() -> None:
    result = article(f"{SENTENCE}\n责任编辑：王芳", is_row=True)
    assert [p.kind for p in result.paragraphs] == ["body", "furniture"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", []),
        ("\n \u3000\n\ufeff\n", []),
        ("志愿者清理楼道杂物", ["body"]),
        ("志愿者在行动\n清理楼道杂物", ["body", "body"]),
        ("首页 新闻 政务\n责任编辑：王芳", ["furniture", "furniture"]),
    ],
)
def test_texts_without_prose(text: str, kinds: list[str]) -> None:
    for is_row in (False, True):
        assert (is_row and len(kinds) == 1) or [
            p.kind for p in article(text, is_row=is_row).paragraphs
        ] == kinds


def test_index_counts_what_is_not_furniture() -> None:
    result = article(f"首页 > 正文\n小巷变了样了吗\n{SENTENCE}\n责任编辑：王芳")
    assert [(p.kind, p.index) for p in result.paragraphs] == [
        ("furniture", -1),
        ("heading", 0),
        ("body", 1),
        ("furniture", -1),
    ]


LINES = st.one_of(
    st.sampled_from([SENTENCE, OTHER, LONG, *FURNITURE, *HEADINGS, *BODY, "相关阅读", "", "　　", "•  春天"]),
    st.text(max_size=60),
)


@given(st.lists(LINES, max_size=25), st.sampled_from(["\n", "\r\n", "\n\n", "\u2028"]), st.booleans())
def test_offsets_hold_for_any_text(lines: list[str], newline: str, is_row: bool) -> None:
    text = newline.join(lines)
    result = article(text, is_row=is_row)
    end = 0
    for paragraph in sorted(result.paragraphs, key=lambda p: p.pieces):
        assert paragraph.pieces[0][0] == paragraph.start
        assert paragraph.pieces[-1][1] == paragraph.end
        assert key("".join(text[a:b] for a, b in paragraph.pieces)) == key(paragraph.text)
        assert all(text[a:b].strip(STRIP) == text[a:b] != "" for a, b in paragraph.pieces)
    spans = sorted(span for p in result.paragraphs for span in p.pieces)
    for start, stop in spans:
        assert start >= end
        end = stop
    outside = "".join(
        text[a:b] for (_, a), (b, _) in zip([(0, 0), *spans], [*spans, (len(text), 0)], strict=True)
    )
    assert outside.strip(STRIP) == "" or not outside.strip()  # nothing but blanks is left out


def test_furniture_anywhere_never_costs_a_paragraph() -> None:
    """Furniture lines strewn between whole paragraphs: body stays body (seeded, 200 pages)."""
    dice = random.Random(7)
    zones = (">", "»", "上一篇", "評論", "声明")  # these speak about their surroundings, too
    plain = [line for line in FURNITURE if not any(word in line for word in zones)]
    for _ in range(200):
        paragraphs = dice.sample([SENTENCE, OTHER, *BODY], 6)
        lines = [x for p in paragraphs for x in (*dice.sample(plain, dice.randint(0, 2)), p)]
        found = body(article("\n".join(["小巷变了样了吗", *lines])))
        assert matched(found, [key(p) for p in paragraphs]) >= 5
        assert not set(found) & {key(line) for line in FURNITURE}


# ---- where the cuts of the layout lie, on both sides ------------------------------------------------


def line(size: int, end: str = "") -> str:
    """A line of that many characters that says nothing else."""
    return "砖" * (size - len(end)) + end


def kind(text: str, of: str) -> str:
    """What a line of a page is: body, heading, furniture."""
    return next(p.kind for p in article(text).paragraphs if p.text == of)


@pytest.mark.parametrize(("size", "told"), [(30, "body"), (29, "furniture")])
def test_the_article_goes_on_after_the_sites_terms(size: int, told: str) -> None:
    first, second = line(size, "。"), line(size, "墙。")
    terms = "版权声明：凡注明来源的作品，未经授权不得转载。"
    assert kind("\n".join([SENTENCE * 2, OTHER * 2, terms, first, second]), second) == told


@pytest.mark.parametrize(("size", "told"), [(40, "body"), (39, "furniture")])
def test_the_article_goes_on_after_a_list_of_others(size: int, told: str) -> None:
    first, second = line(size, "。"), line(size, "墙。")
    page = [SENTENCE * 2, OTHER * 2, "相关阅读", "小巷里的清晨", first, second]
    assert kind("\n".join(page), second) == told


@pytest.mark.parametrize(("size", "told"), [(45, "heading"), (46, "body")])
def test_a_line_without_a_stop_is_a_heading_up_to_a_length(size: int, told: str) -> None:
    assert kind("\n".join([SENTENCE, line(size), OTHER]), line(size)) == told


@pytest.mark.parametrize(("count", "told"), [(2, "heading"), (3, "body")])
def test_numbered_lines_are_a_list_from_three_on(count: int, told: str) -> None:
    items = [f"（{number}）{line(5)}" for number in range(1, count + 1)]
    assert kind("\n".join([SENTENCE, *items, OTHER]), items[1]) == told


@pytest.mark.parametrize(("count", "told"), [(1, "heading"), (2, "body")])
def test_items_that_end_as_items_are_text_from_two_on(count: int, told: str) -> None:
    items = [f"（{number}）{line(5)}{'；' if number > 1 else ''}" for number in range(1, count + 1)]
    assert kind("\n".join([SENTENCE, *items, OTHER]), items[0]) == told


@pytest.mark.parametrize(("count", "told"), [(2, "body"), (3, "heading")])
def test_headlines_on_end_are_a_list_from_three_on(count: int, told: str) -> None:
    lines = [line(25 + number, "的了") for number in range(1, count + 1)]
    assert kind("\n".join([SENTENCE, *lines, OTHER]), lines[0]) == told
