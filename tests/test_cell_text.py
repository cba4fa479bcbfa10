r"""Markup and written-out line ends in a table's text column are borders of paragraphs; formulas are not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from civictag.datamodel import Document
from civictag.paragraphs import split
from civictag.readers import read_documents
from civictag.readers.tables.cell_text import cell_text

A = "石桥镇四月起给每条小巷配了保洁员，天亮前清扫一遍，傍晚再巡一遍，路边的杂物没有了踪影。"
B = "居民钱大爷每天早饭后在巷口转一圈，看见烟头就捡起来，邻居们笑他是不领工资的监督员。"
WIDE = "\u3000\u3000"

TWO_PARAGRAPHS = [
    f"<p>{A}</p><p>{B}</p>",
    f"<P STYLE='text-indent:2em'>{A}<P>{B}",
    f"<div>{A}</div>\n<div>{B}</div>",
    f"{A}<br>{B}",
    f"{A}<br/><br />{B}",
    f"{A}<BR CLEAR=all>{B}",
    f"{A}\n<b>{B}</b>",
    f"{A}\n<p>{B}</p>",
    f"<span style='display:block'>{A}</span><span style='display:block'>{B}</span>",
    f"<section><strong>{A}</strong></section><section>{B}</section>",
    f"<table><tr><td>{A}</td></tr><tr><td>{B}</td></tr></table>",
    f"&lt;p&gt;{A}&lt;/p&gt;&lt;p&gt;{B}&lt;/p&gt;",
    f"&amp;lt;p&amp;gt;{A}&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;{B}&amp;lt;/p&amp;gt;",
    f"&nbsp;&nbsp;&nbsp;&nbsp;{A}&nbsp;&nbsp;&nbsp;&nbsp;{B}",
    f"&emsp;{A}<br>&#12288;&#x3000;{B}",
    f"{WIDE}{A}{WIDE}{B}",
    f"{A}\xa0\xa0\xa0\xa0{B}",
    rf"\u3000\u3000{A}\u3000\u3000{B}",
    rf"{A}\n{B}",
    rf"{A}\\n{B}",
    rf"{A}\r\n{B}",
    rf"{A}\\r\\n\\r\\n{B}",
    rf"{A}\n\n\t{B}\n",
    f"{A}|{B}",
    f"{A}||{B}",
    rf"{A}\|{B}",
    f"{A} ｜".replace("｜", "|") + B,
    f"{A}↵{B}",
    f"{A}_x000D_{B}",
    f"{A}_x000D_\n{B}_x000D_",
    f"{A}\u2028{B}",
    f"{A}<script>var p = '<p>{B}</p>';</script><p>{B}</p><p hidden>{A}</p>",
]


@pytest.mark.parametrize("cell", TWO_PARAGRAPHS, ids=range(len(TWO_PARAGRAPHS)))
@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_borders_of_paragraphs_in_a_cell(tmp_path: Path, cell: str, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    with path.open("w", encoding="utf-8", newline="") as file:
        if suffix == "csv":
            csv.writer(file).writerows([["id", "text"], ["1", cell]])
        else:
            file.write(json.dumps({"id": "1", "text": cell}, ensure_ascii=False) + "\n")
    (document,) = read_documents(str(path))
    assert isinstance(document, Document)
    article = split(document)
    assert [p.text for p in article.paragraphs if p.kind == "body"] == [A, B]
    for paragraph in article.paragraphs:
        assert article.text[paragraph.start : paragraph.end] == paragraph.text


@pytest.mark.parametrize(
    "cell",
    [
        "气温<38℃且湿度>40%时，保洁员可以推迟出工。",
        "设人均垃圾量为x，若x<p，则p>y，各村按户收运。",
        "若x<p>y则停运。",
        "文件放在C:\\new\\资料里，请各社区查收。",
        "公式里的 \\neq 和 \\nu 由排版软件显示。",
        "关键词：垃圾分类|志愿服务|文明小巷",
        "小<A>计划和《<小巷>》栏目上线。",
        "变量 list<b> 由程序员填写。",
        "AT&T 与 R&D; 两家公司捐赠了扫帚 & 簸箕。",
        "a<b and b<c, c>d",
        "<<小巷故事>>第三期",
        "他说：<3 大家",
        "微博//@钱小米: 巷子干净了",
        f"{A}——{B}",
        "面积共    ㎡，租金    元。",
    ],
)
def test_what_only_looks_like_markup_stays(cell: str) -> None:
    assert cell_text(cell) is cell
    assert [p.text for p in split(Document("a", cell, is_row=True)).paragraphs] == [cell]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("清扫&amp;分类", "清扫&分类"),
        ("“小巷&middot;晨光”", "“小巷·晨光”"),
        ("<p>早班4&lt;5人&lt;9人</p>", "早班4<5人<9人"),
        ("重点是<em>垃圾</em><font color=red>分类</font>", "重点是垃圾分类"),
        ("详见<a href='http://a.example/'>公告</a>。", "详见公告。"),
        ("图<img src='1.jpg'/>一", "图一"),
        ("<p>一\n二</p>", "一 二"),
        ("一\r\n<i>二</i>", "一\n二"),
        ("A 段。\\nPM2.5 下降。", "A 段。\nPM2.5 下降。"),
    ],
)
def test_entities_and_marks_are_resolved(cell: str, text: str) -> None:
    assert cell_text(cell) == text


def test_it_is_said_that_the_cell_was_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"title": "小巷&amp;<b>晨光</b>", "text": f"<p>{A}</p>"}, {"text": A}, {"text": "<p> </p>"}]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    marked, plain, empty = read_documents(str(path))
    assert isinstance(marked, Document)
    assert isinstance(plain, Document)
    assert isinstance(empty, Document)
    assert marked.title == "小巷&晨光"
    assert any("markup" in warning for warning in marked.warnings)
    assert not any("markup" in warning for warning in plain.warnings)
    assert "the row has no text" in empty.warnings
