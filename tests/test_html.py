"""Web pages as a browser shows them: what is seen, where paragraphs end, where the article is, its title."""

from __future__ import annotations

from pathlib import Path

import pytest
from paragraph_pages import body, key

from civictag.datamodel import Article, Document
from civictag.paragraphs import split
from civictag.readers import read_documents

TITLE = "石桥镇的小巷变了样"
A = "石桥镇四月起给每条小巷配了保洁员，天亮前清扫一遍，傍晚再巡一遍，路边的杂物没有了踪影。"
B = "居民钱大爷每天早饭后在巷口转一圈，看见烟头就捡起来，邻居们笑他是不领工资的监督员。"
C = "入夏以后，镇里又请物业公司修好了三处漏水的下水道，雨天出门不用再绕着水坑走。"
HIDDEN = "本站由石桥县融媒体中心主办，坚持正确导向，服务全县人民，欢迎各界人士多提宝贵意见和建议。"
ALL = f"<p>{A}</p><p>{B}</p><p>{C}</p>"


def document(tmp_path: Path, markup: str) -> Document:
    path = tmp_path / "a.html"
    path.write_text(markup, encoding="utf-8")
    (found,) = read_documents(str(path))
    assert isinstance(found, Document)
    return found


def article(tmp_path: Path, markup: str) -> Article:
    return split(document(tmp_path, markup))


@pytest.mark.parametrize(
    "markup",
    [
        f"<td>　　{A}　　{B}　　{C}</td>",
        f"<p>&nbsp;&nbsp;&nbsp;&nbsp;{A}&nbsp;&nbsp;&nbsp;&nbsp;{B}&nbsp;&nbsp;&nbsp;&nbsp;{C}</p>",
        f"<p>&emsp;&emsp;{A}&emsp;&emsp;{B}&emsp;&emsp;{C}</p>",
        f"<pre>　　{A}\n　　{B}\n　　{C}</pre>",
        f"<div style='white-space:pre-wrap'>{A}\n{B}\n{C}</div>",
        f"<p style='color:red; white-space : pre-line'>{A}\n\n{B}\r\n{C}</p>",
        "".join(f"<span style='display:block'>{p}</span>" for p in (A, B, C)),
        "".join(f"<a style='display: block;'>{p}</a>" for p in (A, B, C)),
        f"<textarea>{A}\n{B}\n{C}</textarea>",
        f"<textarea>&lt;p&gt;{A}&lt;/p&gt;&lt;p&gt;{B}&lt;/p&gt;&lt;p&gt;{C}&lt;/p&gt;</textarea>",
        f"{A}<br>{B}<br><br>{C}",
        f"<table><tr><td><font>{A}<br><br>{B}</font></td></tr><tr><td>{C}</td></tr></table>",
        f"<ul><li>{A}</li><li>{B}</li></ul><p>{C}",
        f"<ul><li>首页</li></ul></body></html><div><p>{A}</p><p>{B}</p><p>{C}</p></div>",
        f"<p>{A}</p></html><html><body><p>{B}</p></body></html><p>{C}</p>",
        f"<div style='display:none'><p>{HIDDEN}</p></div><p>{A}</p><p>{B}</p><p>{C}</p>",
        f"<p>{A}</p><p>{B}</p><p>{C}</p><div hidden><p>{HIDDEN}</p></div>",
        f"<p>{A}</p><p>{B}</p><p style='visibility: hidden'>{HIDDEN}</p><p>{C}</p>",
        f"<p>{A}</p><noframes><p>{HIDDEN}</p></noframes><p>{B}</p><p>{C}</p>",
        f"<p>{A}<span style='DISPLAY:NONE'>{HIDDEN}</span></p><p>{B}</p><p>{C}</p>",
        f"<div style='visibility:hidden; opacity:0' id='content'><p>{A}</p><p>{B}</p><p>{C}</p></div>首页",
        f"<div id='text'><p>{A}</p><p>{B}</p><p>{C}</p></div>"
        f"<div class='comment'><p>{HIDDEN}</p><p>{HIDDEN}</p></div>",
        f"<p>{A}</p><p>{B}</p><p>{C}</p><script>var x = '<p>{HIDDEN}</p>'</script>"
        f"<template><p>{HIDDEN}</template>",
        f"<style>.tip{{color:red;display:none}}</style>{ALL}<div class=tip><p>{HIDDEN}</p></div>",
        f"<style>div > #k, .m p {{ VISIBILITY: hidden !important }}</style>"
        f"<p>{A}</p><div><p id=k>{HIDDEN}</p></div><p>{B}</p><p>{C}</p>",
        f"<style>p{{display:none}} /* shown again */ p{{display:block}}</style>{ALL}",
        f"<style>@media print{{p{{display:none}}}} p:hover{{display:none}}</style>{ALL}",
        f"<style>.x{{display:none}}</style><p>{A}</p><p class=x style='display:block'>{B}</p><p>{C}</p>",
        f"<style>.text{{white-space:pre-line}}</style><div class='a text'>{A}\n{B}\n{C}</div>",
        f"<style>.broken {{ display: none</style>{ALL}",
        f"<style>(((.x{{display:none}}</style><p>{A}</p><p class=x>{B}</p><p>{C}</p>",
    ],
)
def test_what_a_browser_shows(tmp_path: Path, markup: str) -> None:
    result = article(tmp_path, f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{markup}")
    assert [text.replace("&#32;", "") for text in body(result)] == [key(A), key(B), key(C)]
    assert result.title == TITLE


@pytest.mark.parametrize("tag", ["<p><span>", "<div>", "<font><br>", "<blockquote>", "<p><font><a><i>"])
def test_nothing_of_a_deeply_nested_page_is_cut(tmp_path: Path, tag: str) -> None:
    lines = [f"第{n}组的志愿者清扫了门前的小巷，把落叶装进了袋子里。" for n in range(3000)]
    assert len(body(article(tmp_path, "".join(tag + line for line in lines)))) == 3000


def test_short_first_and_last_lines_are_kept(tmp_path: Path) -> None:
    markup = f"<title>{TITLE}</title><p>各位市民：</p><h2>一、背景</h2><p>{A}</p><p>{B}</p><p>谢谢大家！</p>"
    assert document(tmp_path, markup).text.split("\n") == ["各位市民：", "一、背景", A, B, "谢谢大家！"]


def test_references_that_stand_for_no_character_are_told(tmp_path: Path) -> None:
    (warning,) = document(tmp_path, f"<p>{A}&#0;</p><p>{B}&#xD800;&#x110000;</p>").warnings
    assert "3 character references" in warning
    assert document(tmp_path, f"<p>{A}&#65;</p>").warnings == ()


@pytest.mark.parametrize(
    "site", ["-石桥县住房和城乡建设局网站", "_石桥网", " - 要闻 - 石桥区人民政府", "--社会·民生--石桥网"]
)
@pytest.mark.parametrize(
    "headline",
    [
        TITLE,
        "石桥周刊 #026 - 志愿者在行动",
        "小巷亮了——记石桥镇的路灯改造",
        "“小站”开张 邻里帮忙",
        "把服务送到群众身边，石桥有个“邻里中心”",
    ],
)
@pytest.mark.parametrize("shown", [True, False])
def test_the_title_loses_the_site_and_nothing_else(
    tmp_path: Path, site: str, headline: str, shown: bool
) -> None:
    line = f"<div class='tt'>{headline}</div>" if shown else ""
    assert document(tmp_path, f"<title>{headline}{site}</title>{line}<p>{A}</p><p>{B}</p>").title == headline


@pytest.mark.parametrize(
    ("named", "markup", "title"),
    [
        (f"{TITLE} 东坪办事处_石桥网", "", TITLE),
        (f"{TITLE} 石桥县人民医院", "", TITLE),
        (f"{TITLE}-石桥科普网无标题文档", "", TITLE),
        (f"{TITLE}|社区|石桥", "", TITLE),
        ("通知公告 - 石桥县人民政府网", f"<h1>{TITLE}</h1>", TITLE),
        ("石桥县城市管理局", f"<h2>{TITLE}</h2>", TITLE),
        ("石桥新闻网", f"<div>{TITLE}</div><div>2023-04-05 来源：石桥报</div>", TITLE),
        ("无标题文档", f"<p><b>{TITLE}</b></p>", TITLE),
        ("", f"<h1>{TITLE}</h1>", TITLE),
        (f"{TITLE}_石桥网", "<svg><title>分享图标</title></svg>", TITLE),
        ("", f"<noscript><h1>请打开脚本</h1></noscript><h1>{TITLE}</h1>", TITLE),
        ("", f"<symbol><title>分享图标</title></symbol><h1>{TITLE}</h1>", TITLE),
        ("三星村 G20 公路旁的小巷亮了", "<p>三星村 G20</p>", "三星村 G20 公路旁的小巷亮了"),
    ],
)
def test_titles_of_pages(tmp_path: Path, named: str, markup: str, title: str) -> None:
    page = f"<html><head><title>{named}</title></head><body>{markup}<p>{A}</p><p>{B}</p>"
    assert article(tmp_path, page).title == title


def test_a_picture_s_title_is_not_the_page_s(tmp_path: Path) -> None:
    page = f"<body><svg><title>分享图标</title></svg><h1>{TITLE}</h1><p>{A}</p><p>{B}</p>"
    assert document(tmp_path, page).title == TITLE


def test_a_tag_of_many_attributes_is_read_without_them(tmp_path: Path) -> None:
    attributes = " ".join(f"a{n}=1" for n in range(60_000))
    assert body(article(tmp_path, f"<div {attributes}><p>{A}</p><p>{B}</p></div>")) == [key(A), key(B)]


def test_runs_of_blanks_are_folded_in_one_pass(tmp_path: Path) -> None:
    """A pattern that tried each blank as a start took minutes for these."""
    markup = f"<h2>一{' ' * 200_000}二</h2><p>{A}{chr(0xA0) * 3}{' ' * 200_000}{B}</p>"
    assert document(tmp_path, markup).text == f"一 二\n{A} {B}"


ASKED = [
    "老旧小区加装电梯，钱从哪里来，邻里怎么商量？",
    "石桥镇举办消夏晚会，千人同唱一首歌，你去了吗？",
    "垃圾分类三年，我们到底分对了没有？",
    "石桥镇发布新一轮路网改造计划，这几条路将封闭施工",
]
TEASERS = [
    "石桥镇今年有六个老旧小区申请加装电梯，居民代表坐在一起商量费用怎么分摊，",
    "晚会从傍晚七点开始，来自各村的合唱队轮流登台。",
    "街道统计显示，分类准确率去年提高了两成，但厨余垃圾仍混着塑料袋。",
    "从下月起，镇区的三条主干道分段封闭。",
]


@pytest.mark.parametrize(
    "item",
    [
        "<li><a href='/1'>{0}</a></li>",
        "<p><a href='/1'>{0}</a></p>",
        "<div><a href='/1'>{0}</a><span>2023-04-05</span></div>",
        "<div><a href='/1'>{0}</a></div><div>石桥报 2023-04-05</div>",
        "<div><h3><a href='/1'>{0}</a></h3><p>{1}</p></div>",
        "<a href='/1'><h3>{0}</h3><p>{1}</p></a>",
        "<div><h3><a href='/1'>{0}</a></h3><p>{1}</p><p>36 评论</p></div>",
        "<p>{0}</p>",
    ],
)
def test_other_articles_below_the_text_are_not_its_own(tmp_path: Path, item: str) -> None:
    below = "".join(item.format(*pair) for pair in zip(ASKED, TEASERS, strict=True))
    page = f"<title>{TITLE}</title><div><h1>{TITLE}</h1><p>{A}</p><p>{B}</p><p>{C}</p>{below}</div>"
    assert body(article(tmp_path, page)) == [key(A), key(B), key(C)]


def test_a_digest_whose_headlines_are_links_is_read_whole(tmp_path: Path) -> None:
    parts = "".join(
        f"<h3><a href='/1'>{asked}</a></h3><p>{text}</p>"
        for asked, text in zip(ASKED, (A, B, C, A), strict=True)
    )
    found = body(article(tmp_path, f"<title>{TITLE}</title><h1>{TITLE}</h1>{parts}"))
    assert [text for text in found if text in (key(A), key(B), key(C))] == [key(A), key(B), key(C), key(A)]


def test_a_text_with_links_in_it_is_read_whole(tmp_path: Path) -> None:
    lines = [f"{text[:-1]}（<a href='/1'>详见</a>）。" for text in (A, B, C, A, B)]
    page = f"<title>{TITLE}</title><h1>{TITLE}</h1>" + "".join(f"<p>{line}</p>" for line in lines)
    assert len(body(article(tmp_path, page))) == 5
