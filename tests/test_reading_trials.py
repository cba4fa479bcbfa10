"""Trials of reading, by the numbers of their rows: what each kind of input gives, and what is said of it.

Rows that are not here stand in another test: 4, 9, 10, 12 and 16 in test_readers_encoding, 17 to 33 in
test_office, test_rows, test_columns, test_cell_text and test_readers, 34 in test_html, 39 to 43 in
test_office, test_pdf, test_passed_over and test_office_folder, 46 to 48 and 55 in test_process and
test_batch_resume, 52 to 54 in test_outputs, 56 and 57 in test_batch_resume and test_store, 58 in
test_readers and test_cli, 59 in test_duplicates, 60 in test_bundle and test_hostile_bundles, 64 in
test_review, 65 in test_cli_evaluate, 66 in test_formats; R1 to R15 in test_paragraphs_kinds, test_html,
test_markdown and test_pdf.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from civictag.datamodel import Article, Document
from civictag.paragraphs import split
from civictag.readers import Reading, read_documents

TITLE = "枫林镇开展春季卫生大扫除"
P = [
    "枫林镇三月里组织环卫工人和村干部清扫街道，清运积存垃圾二十三吨，铲除墙上的小广告四百多处，路面干净了许多。",
    "周末一早，社区的志愿者们戴上红袖标走进楼道，帮老人搬走旧家具，还陪独居的老人聊天做饭，时长记满了两页。",
    "镇文化站在广场办起宣传活动，发放文明手册八百份，悬挂横幅三十条，电子屏滚动播放公益广告，居民驻足观看。",
    "物业公司在小区换了门禁，维修电梯和路灯，业主委员会公开了物业费的账目，停车难的问题也有了说法。",
    "退休教师钱秀云照顾瘫痪的邻居十一年，被评为道德模范和身边好人，她的事迹在全县宣讲了二十多场。",
]
T = "\n".join([TITLE, *P]) + "\n"
SHORT = "志愿者清扫了小巷里"
HONG_KONG = "嘅喺啲𠝹，阿婆喺屋邨樓下執垃圾，義工嚟幫手清潔走廊同埋樓梯，佢哋做咗成個朝早。"
TAIWAN = "社區組織保潔員清掃背街小巷，碁石路口清運積存垃圾三車，恒裏銹粧路面乾淨了許多。"
CSV = "id,text\n1,"
MARK = b"\xef\xbb\xbf"
GUESS, CUT, FOREIGN = "guess", "ends inside a character", "the mark of UTF-8 stands before"
# Half a surrogate pair between two characters.
HALF = T.encode("utf-16").replace("三".encode("utf-16-le"), "三".encode("utf-16-le") + b"\x00\xdc", 1)
LOST = P[0].replace("街", "\ufffd")


def read(path: Path, name: str, data: bytes | str, reading: Reading | None = None) -> list[Document]:
    target = path / name
    target.write_bytes(data if isinstance(data, bytes) else data.encode())
    found = list(read_documents(str(target), reading or Reading()))
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


def bodies(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs if paragraph.kind == "body"]


# Row → name of the file, its bytes, the text of its last paragraph, encoding, what is said (None: nothing).
ENCODINGS: list[tuple[str, str, bytes, str, str, str | None]] = [
    ("5", "a.txt", SHORT.encode("gbk"), SHORT, "gb18030", GUESS),
    ("5", "a.txt", "清扫小巷\n倒垃圾".encode("gbk"), "倒垃圾", "gb18030", GUESS),
    ("5", "a.txt", T.encode("gbk"), P[4], "gb18030", None),
    ("5", "a.csv", (CSV + P[0]).encode("gbk"), P[0], "gb18030", None),  # no newline after its only row
    ("6", "a.txt", T.encode("utf-16-le"), P[4], "utf-16-le", None),
    ("6", "a.txt", T.encode("utf-16-be"), P[4], "utf-16-be", None),
    ("6", "a.txt", P[0].encode("utf-16-le"), P[0], "utf-16-le", None),
    ("6", "a.txt", SHORT.encode("utf-16-be"), SHORT, "utf-16-be", GUESS),
    ("6", "a.txt", T.encode("utf-16-le") + b"\n", P[4], "utf-16-le", CUT),
    ("6", "a.txt", T.encode("utf-16-be")[:-1], P[4], "utf-16-be", CUT),
    ("6", "a.txt", T.encode("utf-16") + b"\0", P[4], "utf-16", CUT),
    ("6", "a.txt", HALF, P[4], "utf-16", "1 place is not utf-16"),
    ("6", "a.csv", (CSV + P[0] + "\n").encode("utf-16-le"), P[0], "utf-16-le", None),
    ("6", "a.csv", (CSV + P[0] + "\n").encode("utf-16") + b"\n", P[0], "utf-16", None),
    (
        "6", "a.csv", (CSV + P[0]).encode("utf-16-be") + b"\xdc\x00", P[0] + "\ufffd", "utf-16-be",
        "1 character is lost",
    ),
    ("7", "a.txt", HONG_KONG.encode("big5hkscs"), HONG_KONG, "big5", None),
    ("7", "a.csv", (CSV + HONG_KONG).encode("big5hkscs"), HONG_KONG, "big5", None),
    ("7", "a.jsonl", f'{{"text": "{HONG_KONG}"}}\n'.encode("big5hkscs"), HONG_KONG, "big5", None),
    ("7", "a.txt", TAIWAN.encode("cp950"), TAIWAN, "big5", None),
    ("7", "a.tsv", f"id\ttext\n1\t{TAIWAN}\n".encode("cp950"), TAIWAN, "big5", None),
    ("11", "a.txt", ("\ufeff" + T).encode(), P[4], "utf-8-sig", None),
    ("11", "a.md", f"\ufeff# {TITLE}\n\n{P[0]}".encode(), P[0], "utf-8-sig", None),
    ("11", "a.csv", f'\ufeff"text","id"\n"{P[0]}","1"'.encode(), P[0], "utf-8-sig", None),
    ("11", "a.jsonl", f'\ufeff{{"text": "{P[0]}"}}'.encode(), P[0], "utf-8-sig", None),
    ("11", "a.json", f'\ufeff[{{"text": "{P[0]}"}}]'.encode(), P[0], "utf-8-sig", None),
    ("13", "a.txt", MARK + T.encode("gbk"), P[4], "gb18030", FOREIGN),
    ("13", "a.html", MARK + b"<pre>" + T.encode("gbk"), P[4], "gb18030", FOREIGN),
    ("13", "a.csv", MARK + (CSV + P[0]).encode("gbk"), P[0], "gb18030", FOREIGN),
    ("13", "a.jsonl", MARK + f'{{"text": "{P[0]}"}}\n'.encode("gbk"), P[0], "gb18030", FOREIGN),
    ("13", "a.txt", MARK + TAIWAN.encode("cp950"), TAIWAN, "big5", FOREIGN),
    ("13", "a.txt", b"\xff\xfe" + T.encode("gbk"), P[4], "gb18030", "the mark of UTF-16 stands before"),
    ("15", "a.txt", LOST.encode(), LOST, "utf-8", "lost (U+FFFD"),
    ("15", "a.csv", (CSV + "街\ufffd" + P[0]).encode(), "街\ufffd" + P[0], "utf-8", "1 character is lost"),
    ("15", "a.html", f"<p>街&#65533;{P[0]}".encode(), "街\ufffd" + P[0], "utf-8", "U+FFFD is in its place"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "last", "encoding", "told"),
    [case[1:] for case in ENCODINGS],
    ids=[f"{n} row {case[0]}" for n, case in enumerate(ENCODINGS)],
)
def test_encodings(
    tmp_path: Path, name: str, data: bytes, last: str, encoding: str, told: str | None
) -> None:
    (document,) = read(tmp_path, name, data)
    article = split(document)
    assert article.paragraphs[-1].text == last
    assert document.encoding == encoding
    assert bool(document.warnings) == bool(told)
    assert told is None or told in document.warnings[-1]


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_row_13_the_user_says_gbk(tmp_path: Path, name: str) -> None:
    data = MARK + (T if name == "a.txt" else CSV + P[4]).encode("gbk")
    (document,) = read(tmp_path, name, data, Reading(encoding="gb18030"))
    assert split(document).paragraphs[-1].text == P[4]


def pages() -> Iterator[bytes]:
    """Row 8: pages that say another encoding than they are in, or none within 27 kB."""
    body = "".join(f"<p>{text[:-1]}镕堃喆。</p>" for text in P)
    for said in ("utf-8", "gb2312", "big5", "iso-8859-1", "windows-1252", "utf-16", "no-such"):
        yield f"<head><meta charset={said}><title>{TITLE}</title></head>{body}".encode("gbk")
    for said in ("gb2312", "big5", "utf-16"):
        yield f"<head><meta charset={said}><title>{TITLE}</title></head>{body}".encode()
    yield f"<head><script>{'var a=1;' * 3500}</script><title>{TITLE}</title></head>{body}".encode("gbk")
    yield f'<?xml version="1.0" encoding="iso-8859-1"?><title>{TITLE}</title>{body}'.encode("gbk")


@pytest.mark.parametrize("data", list(pages()), ids=range(12))
def test_row_8_pages_that_say_another_encoding(tmp_path: Path, data: bytes) -> None:
    (document,) = read(tmp_path, "a.html", data)
    article = split(document)
    assert bodies(article) == [f"{text[:-1]}镕堃喆。" for text in P]
    assert article.title == TITLE
    assert not document.warnings


BROKEN = {
    "UTF-8 read as Latin-1": P[0].encode().decode("latin-1"),
    "GBK read as Latin-1": P[0].encode("gbk").decode("latin-1"),
    "Big5 read as Latin-1": TAIWAN.encode("cp950").decode("latin-1"),
    "UTF-8 read as GBK": P[0].encode().decode("gb18030", "replace"),
    "Big5 read as GBK": TAIWAN.encode("cp950").decode("gb18030", "replace"),
    "UTF-8 read as KOI8-R": P[0].encode().decode("koi8-r"),
    "UTF-8 read as Windows-1251": P[0].encode().decode("cp1251", "replace"),
    "UTF-7 read as ASCII": P[0].encode("utf-7").decode(),
    "HZ read as ASCII": P[0].encode("hz").decode(),
    "quoted-printable read as ASCII": "".join(f"={byte:02X}" for byte in P[0].encode("gbk")),
    "percent-encoding read as ASCII": "".join(f"%{byte:02X}" for byte in P[0].encode()),
    "\\u6e05 … read as ASCII": P[0].encode("unicode_escape").decode(),
    "&#28165; … read as ASCII": P[0].encode("ascii", "xmlcharrefreplace").decode(),
}


@pytest.mark.parametrize("what", BROKEN)
def test_row_14_text_that_was_broken_before_it_was_saved(tmp_path: Path, what: str) -> None:
    (found,) = read(tmp_path, "a.txt", BROKEN[what])
    (mended,) = read(tmp_path, "a.txt", BROKEN[what], Reading(fix_text=True))
    assert any(f"reads like {what} before it was saved" in warning for warning in found.warnings)
    assert any(f"mended: {what}" in warning for warning in mended.warnings)
    right = next(text for text in (P[0], P[1], TAIWAN) if text[:3] == mended.text[:3])
    assert sum(a == b for a, b in zip(mended.text, right, strict=False)) >= 0.6 * len(right)


def test_row_14_what_is_lost_for_good_is_named(tmp_path: Path) -> None:
    lost = P[0].encode("gbk").decode("utf-8", "replace").encode().decode("gbk", "replace")
    (document,) = read(tmp_path, "a.jsonl", json.dumps({"text": lost}))
    assert any("锟斤拷" in warning and "lost for good" in warning for warning in document.warnings)


@pytest.mark.parametrize(
    "text",
    [
        "Tel. +8613800000000, +86-10-12345678, see a+b=c and x~{y}",
        "https://example.org/?q=%20and%2Fmore&a=1",
        "Fish &amp; chips, &#169; 2024, C:\\users\\new",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA+ABCDEFGHIJKLMNOP/0123456789==",
        "社区里有人把“锟斤拷”三个字印在了T恤上。",
    ],
)
def test_row_14_what_is_not_broken_is_left_alone(tmp_path: Path, text: str) -> None:
    (document,) = read(tmp_path, "a.txt", text)
    assert not document.warnings
