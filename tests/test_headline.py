"""What is the title of a text, Word or PDF file: not its cover, not the head of an official paper."""

from __future__ import annotations

import pytest

from civictag.datamodel import Document
from civictag.paragraphs import split

A = "石桥镇四月起给每条小巷配了保洁员，天亮前清扫一遍，傍晚再巡一遍，路边的杂物没有了踪影。"
B = "居民钱大爷每天早饭后在巷口转一圈，看见烟头就捡起来，邻居们笑他是不领工资的监督员。"
X = "石桥镇的小巷变了样"
DEAR = "各位邻居："


@pytest.mark.parametrize(
    "kind", ["倡议书", "公开信", "感谢信", "通知", "小巷日记", "年终总结", "邀请函", "实施方案"]
)
@pytest.mark.parametrize("salutation", [[], [DEAR]])
def test_a_short_headline_is_the_kind_of_the_paper(kind: str, salutation: list[str]) -> None:
    article = split(Document("a", "\n".join([kind, *salutation, A, B])))
    assert article.title == kind
    assert [p.text for p in article.paragraphs if p.kind == "body"] == [A, B]


@pytest.mark.parametrize(
    "cover",
    [
        ["管理单位：石桥县百禾保洁专业合作社"],
        ["管理单位：石桥县百禾保洁专业合作社", "负责人：钱小米", "联系电话：6620114"],
        ["项目名称：小巷保洁提升工程"],
        ["填报日期：2023年4月5日"],
        ["石桥镇人民政府文件", "石政发〔2023〕11号"],
        ["内部资料 注意保存"],
        ["密级：公开"],
        ["签发人：钱小米"],
        ["附件1"],
        ["目录"],
        ["主题：把小巷扫干净"],
    ],
    ids=lambda cover: cover[0],
)
def test_a_cover_is_no_title(cover: list[str]) -> None:
    article = split(Document("a", "\n".join([*cover, X, A, B])))
    assert article.title == X
    assert [p.text for p in article.paragraphs if p.kind == "body"] == [A, B]


@pytest.mark.parametrize(
    "head", ["石桥：小巷变了样", "小巷保洁有了新办法", "一封信里的小巷", "文件柜里的小巷往事"]
)
def test_headlines_with_such_words_stay(head: str) -> None:
    assert split(Document("a", "\n".join([head, A, B]))).title == head


@pytest.mark.parametrize("line", ["前言", "概述", "背景"])
def test_a_heading_of_two_characters_is_no_title(line: str) -> None:
    assert split(Document("a", "\n".join([line, A, B]))).title == ""


@pytest.mark.parametrize(("size", "is_title"), [(4, False), (5, True), (60, True), (61, False)])
def test_a_title_has_a_length(size: int, is_title: bool) -> None:
    head = ("小巷里的清晨" * 11)[:size]
    assert split(Document("a", "\n".join([head, A, B]))).title == (head if is_title else "")


@pytest.mark.parametrize(("size", "is_title"), [(7, False), (8, True)])
def test_a_title_that_stands_away_from_the_text_is_longer_than_a_menu_word(size: int, is_title: bool) -> None:
    head = ("小巷里的清晨" * 2)[:size]
    assert split(Document("a", "\n".join([head, "图文", A, B]))).title == (head if is_title else "")


@pytest.mark.parametrize(("above", "kind"), [(2, "furniture"), (3, "body")])
def test_a_known_title_is_looked_for_above_the_third_paragraph(above: int, kind: str) -> None:
    C = f"{B}他说，路是大家走的。"
    article = split(Document("a", "\n".join([*[A, B, C][:above], X, A + B, B + A]), title=X))
    assert article.paragraphs[0].kind == kind
