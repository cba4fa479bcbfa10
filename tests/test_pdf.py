"""PDFs: columns, tables, forms, letters and running heads, as offices and browsers make them."""

from __future__ import annotations

from pathlib import Path

import pytest
from paragraph_pages import body, headings, key
from pdf_files import Line, Text, chinese_pdf, typeset

from civictag.datamodel import Article, Document
from civictag.paragraphs import split
from civictag.readers import read_documents

TITLE = "石桥镇的小巷变了样"
A = "石桥镇四月起给每条小巷配了保洁员，天亮前清扫一遍，傍晚再巡一遍，路边的杂物没有了踪影，老人又坐到巷口。"
B = "居民钱大爷每天早饭后在巷口转一圈，看见烟头就捡起来，邻居们笑他是不领工资的监督员，他说：“闲着也是闲着。”"
C = "入夏以后，镇里又请物业公司修好了三处漏水的下水道，雨天出门不用再绕着水坑走，孩子们放学也敢抄近路回家了。"
D = "镇文化站把小巷里的老故事编成了快板，周末在巷口的戏台上演给大家看，台下坐满了从邻近村子赶来的乡亲。"
HEAD: Text = (72, 812, 9, "石桥镇工作简报")
LETTERS = [A, B, C, D]


def read(path: Path) -> Article:
    (document,) = read_documents(str(path))
    assert isinstance(document, Document)
    return split(document)


def headline(size: float = 20, base: float = 760) -> Text:
    return (297 - len(TITLE) * size / 2, base, size, TITLE)


def grid(columns: list[float], rows: list[float]) -> list[Line]:
    return [
        *((columns[0], row, columns[-1], row) for row in rows),
        *((column, rows[0], column, rows[-1]) for column in columns),
    ]


def interleaved(*columns: list[Text]) -> list[Text]:
    """Line by line across the columns, as some programs draw them."""
    return sorted((text for column in columns for text in column), key=lambda text: (-text[1], text[0]))


def side_by_side(count: int) -> list[list[Text]]:
    wide = 40 // count
    halves = [LETTERS[n * 4 // count : (n + 1) * 4 // count] for n in range(count)]
    return [
        typeset(half, left=60 + number * (wide * 11 + 22), size=11, wide=wide)
        for number, half in enumerate(halves)
    ]


def quotes_last(texts: list[Text]) -> list[Text]:
    """The quotation marks of every line drawn after all else, as of another font."""
    plain: list[Text] = []
    marks: list[Text] = []
    for left, base, size, text in texts:
        for at, char in enumerate(text):
            (marks if char in "“”" else plain).append((left + at * size, base, size, char))
    return plain + marks


PAGES: dict[str, list[tuple[list[Text], list[Line]]]] = {
    "a letter of two paragraphs": [([headline(), *typeset(LETTERS)], [])],
    "no indents, gaps between": [([headline(), *typeset(LETTERS, indent=0, gap=12)], [])],
    "no indents, no gaps": [([headline(), *typeset(LETTERS, indent=0)], [])],
    "wide lines": [([headline(), *typeset(LETTERS, pitch=2.2)], [])],
    "a head and a page number": [([HEAD, headline(), *typeset(LETTERS), (290, 30, 9, "- 1 -")], [])],
    "a head over the headline, of the same size": [
        ([(72, 800, 12, "关于印发石桥镇小巷整治方案的通知"), headline(12), *typeset(LETTERS)], [])
    ],
    "two columns, one after the other": [([headline(), *(t for c in side_by_side(2) for t in c)], [])],
    "two columns, line by line": [([headline(), *interleaved(*side_by_side(2))], [])],
    "four columns, line by line": [([headline(), *interleaved(*side_by_side(4))], [])],
    "quotation marks drawn last": [([headline(), *quotes_last(typeset(LETTERS))], [])],
    "in a frame": [([headline(), *typeset(LETTERS)], grid([50, 545], [800, 300]))],
    "a paragraph over two pages": [
        ([HEAD, headline(), *typeset(LETTERS)[:3], (290, 30, 9, "1 / 2")], []),
        ([HEAD, *((x, y + 60, s, t) for x, y, s, t in typeset(LETTERS)[3:]), (290, 30, 9, "2 / 2")], []),
    ],
    "a signature": [
        (
            [headline(), *typeset(LETTERS), (400, 400, 12, "石桥镇人民政府"), (400, 380, 12, "2024年3月5日")],
            [],
        )
    ],
}


@pytest.mark.parametrize("name", PAGES)
def test_paragraphs_come_whole_and_in_their_order(tmp_path: Path, name: str) -> None:
    article = read(chinese_pdf(tmp_path / "a.pdf", *PAGES[name]))
    assert body(article) == [key(text) for text in LETTERS]
    assert article.title == TITLE


def test_a_line_that_ends_in_a_stop_at_the_edge_cuts_no_paragraph(tmp_path: Path) -> None:
    first = A[:33] + "。" + C
    article = read(chinese_pdf(tmp_path / "a.pdf", ([headline(), *typeset([first, B, D])], [])))
    assert body(article) == [key(first), key(B), key(D)]


def test_the_blanks_of_a_form_leave_no_scraps(tmp_path: Path) -> None:
    lines = [
        [(96, 720, 12, "本人承租石桥镇公共租赁住房一套，面积共"), (400, 720, 12, "平方米，每月")],
        [(72, 700, 12, "租金"), (180, 700, 12, "元，租期自"), (300, 700, 12, "年"), (350, 700, 12, "月起至")],
        [(72, 680, 12, "年"), (140, 680, 12, "月止，按月缴纳，逾期由镇房管所催缴。")],
        typeset([B], top=660),
    ]
    article = read(chinese_pdf(tmp_path / "a.pdf", ([headline(), *(t for row in lines for t in row)], [])))
    whole = key("".join(text for row in lines[:3] for *_place, text in row))
    assert body(article) == [whole, key(B)]


def test_a_table_is_read_row_by_row_each_cell_whole(tmp_path: Path) -> None:
    columns, rows = [72.0, 130.0, 430.0, 520.0], [740.0, 715.0, 640.0, 560.0, 530.0]
    short = ["四月五日", "四月六日"]
    texts: list[Text] = [headline(base=770)]
    for at, name in enumerate(("日期", "工作内容", "责任单位")):
        texts.append((columns[at] + 4, 722, 12, name))
    for at, (day, what) in enumerate(zip(short, (A, B), strict=True)):
        top = rows[at + 1] - 16
        texts += [
            (76, top, 12, day),
            *typeset([what], left=134, top=top, wide=24, indent=0),
            (434, top, 12, "城管科"),
        ]
    texts += [(76, 540, 12, "四月七日"), (134, 540, 12, "清运垃圾十二吨"), (434, 540, 12, "环卫所")]
    texts += typeset([C], top=500)
    article = read(chinese_pdf(tmp_path / "a.pdf", (texts, grid(columns, rows))))
    assert body(article) == [key(A), key(B), key(C)]
    read_in_order = [
        p.text for p in article.paragraphs if p.text in (*short, "城管科", "清运垃圾十二吨", A, B)
    ]
    assert read_in_order == [short[0], A, "城管科", short[1], B, "城管科", "清运垃圾十二吨"]


def test_words_are_put_together_over_a_hyphen(tmp_path: Path) -> None:
    texts: list[Text] = [
        (72, 700, 12, "The lanes were cleaned by the neigh\u2010"),
        (72, 680, 12, "bourhood on Sunday."),
    ]
    article = read(chinese_pdf(tmp_path / "a.pdf", (texts, [])))
    assert "neighbourhood" in article.text


def test_heads_of_pages_stand_at_the_end_and_head_nothing(tmp_path: Path) -> None:
    article = read(chinese_pdf(tmp_path / "a.pdf", *PAGES["a paragraph over two pages"]))
    assert [p.text for p in article.paragraphs if p.kind == "furniture"] == [
        "石桥镇工作简报",
        "1 / 2",
        "石桥镇工作简报",
        "2 / 2",
    ]
    assert headings(article) == [key(TITLE)]
