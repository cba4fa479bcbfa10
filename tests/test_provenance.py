"""Date and unit of a document, and where each was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from civictag.datamodel import Document
from civictag.readers import read_documents

BODY = "社区组织保洁员清扫背街小巷，清运积存垃圾三车。\n镇里给每个村配了分类垃圾亭，每月评比一次。"
PAGE = '<meta charset="utf-8">%s<title>小巷变了样</title><h1>小巷变了样</h1>%s'
HTML = "".join(f"<p>{line}</p>" for line in BODY.split("\n"))
META = '<meta name="PubDate" content="2024-03-05 10:00"><meta name="ContentSource" content="云溪区城管局">'
CASES = {
    "byline": ("a.txt", f"小巷变了样\n发布时间：2024-03-05 来源：云溪日报\n{BODY}",
        "2024-03-05", "byline", "云溪日报", "byline"),
    "byline in Chinese": ("a.txt", f"小巷变了样\n2024年3月5日　作者：何田\n{BODY}",
        "2024-03-05", "byline", "", ""),
    "signature": ("a.txt", f"倡议书\n{BODY}\n柳溪街道办事处\n2024年4月22日",
        "2024-04-22", "signature", "柳溪街道办事处", "signature"),
    "numerals": ("a.txt", f"倡议书\n{BODY}\n云溪区文明办\n二〇二四年四月二十二日",
        "2024-04-22", "signature", "云溪区文明办", "signature"),
    "signature of a residents' committee": ("a.txt", f"小区换了门灯\n{BODY}\n北桥社区居委会\n2024年4月9日",
        "2024-04-09", "signature", "北桥社区居委会", "signature"),
    "signature of a women's federation": ("a.txt", f"倡议书\n{BODY}\n河口县妇联\n2024年4月9日",
        "2024-04-09", "signature", "河口县妇联", "signature"),
    "a writer's name is no unit": ("a.txt", f"小区换了门灯\n{BODY}\n何田园\n2024年4月9日",
        "2024-04-09", "signature", "", ""),
    "file name": ("2024-04-22小巷.txt", BODY, "2024-04-22", "name", "", ""),
    "file name, packed": ("20240422_小巷.txt", BODY, "2024-04-22", "name", "", ""),
    "month of a folder's year": ("2024年信息/四月简报.txt", BODY, "2024-04", "name", "", ""),
    "month without a year": ("信息/四月简报.txt", BODY, "", "", "", ""),
    "folder": ("柳溪街道/小巷.txt", BODY, "", "", "柳溪街道", "folder"),
    "metadata": (
        "a.html",
        PAGE % (META, HTML),
        "2024-03-05", "metadata", "云溪区城管局", "metadata",
    ),
    "a day in the text is no date": ("a.txt", f"小巷\n2023年4月5日，社区组织保洁员清扫小巷。\n{BODY}",
        "", "", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_where_date_and_unit_are_found(tmp_path: Path, name: str) -> None:
    path, content, *expected = CASES[name]
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text(content, encoding="utf-8")
    (document,) = read_documents(str(tmp_path / path))
    assert isinstance(document, Document)
    assert [document.date, document.date_from, document.unit, document.unit_from] == expected
