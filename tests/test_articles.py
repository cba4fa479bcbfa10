"""Paths to articles: in order, failures told, the rest read."""

import json

import pytest

from civictag.errors import CivictagError
from civictag.readers import Reading
from civictag.readers.articles import read_article, read_articles

TEXT = (
    "村里的一天\n\n阿福提水冲洗水井的台阶，青苔不见了，来挑水的人都说好走多了。\n\n"
    "河里的水涨了三寸，渡船停了一天。\n"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT, encoding="gb18030")
    (tmp_path / "in" / "b.txt").write_bytes(b"\x00\x01\x02")
    rows = [json.dumps({"id": "r1", "text": "第一行。"}), "{", json.dumps({"id": "r3", "text": "第三行。"})]
    (tmp_path / "in" / "c.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path / "in"


def test_everything_is_read_in_order_and_failures_are_told(folder):
    failures = []
    articles = list(read_articles([str(folder)], failures.append))
    assert [(a.source.removeprefix(str(folder)), a.id, a.encoding) for a in articles] == [
        ("/a.txt", None, "gb18030"),
        ("/c.jsonl#r1", "r1", "utf-8"),
        ("/c.jsonl#r3", "r3", "utf-8"),
    ]
    assert [(e.where.removeprefix(str(folder)), e.line) for e in failures] == [
        ("/b.txt", None),
        ("/c.jsonl", 2),
    ]
    assert "\ufffd" not in "".join(a.text for a in articles)


def test_articles_come_one_by_one(folder):
    stream = read_articles([str(folder), str(folder / "missing.txt")], lambda error: pytest.fail(str(error)))
    assert next(stream).source.endswith("a.txt")


def test_options_are_passed_on(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("正文\n打水\n".encode("big5"))
    (article,) = read_articles([str(path)], pytest.fail, Reading("正文", "big5"))
    assert (article.text, article.encoding) == ("打水", "big5")


def test_one_article(folder):
    article = read_article(str(folder / "a.txt"))
    assert article.title == "村里的一天"
    assert [p.kind for p in article.paragraphs] == ["heading", "body", "body"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("b.txt", "not a text file"),
        ("c.jsonl", "more than one article"),
        ("missing.txt", "no such file"),
        ("", "is a folder"),
    ],
)
def test_what_is_not_one_article(folder, name, problem):
    with pytest.raises(CivictagError, match=problem):
        read_article(str(folder / name))


def test_a_table_of_one_bad_row(tmp_path):
    (tmp_path / "t.jsonl").write_text('{"id": 1}')
    with pytest.raises(CivictagError, match='no column "text"'):
        read_article(str(tmp_path / "t.jsonl"))


@pytest.mark.parametrize("encode", [str, lambda text: text.encode("gb18030")], ids=["string", "bytes"])
def test_an_article_without_a_file(encode):
    from civictag import article_from_text

    text = "河岸清淤\n\n镇里组织人手把河岸的淤泥清走，干了三天。\n\n第二天又补种了柳树四十棵。"
    article = article_from_text(encode(text), source="request 7")
    assert [p.text[:2] for p in article.paragraphs if p.kind == "body"] == ["镇里", "第二"]
    assert article.source == "request 7"
    assert article_from_text("只有一段话，没有标题。", "标题").title == "标题"
