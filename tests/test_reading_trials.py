"""Trials of reading, by the numbers of their rows: what each kind of input gives, and what is said of it.

Rows that are not here stand in another test: 3 in test_normalize, 4, 9, 10, 12 and 16 in
test_readers_encoding, 17 to 33 in test_office, test_rows, test_columns, test_cell_text and test_readers, 34
in test_html, 39 to 43 in test_office, test_pdf, test_passed_over and test_office_folder, 44 in
test_passed_over and test_office, 46 to 48 and 55 in test_process and test_batch_resume,
51 in test_terminal_stream, 52 to 54 in test_outputs, 56 and 57 in test_batch_resume and test_store, 58
in test_readers and test_cli, 59 in test_duplicates, 60 in test_bundle and test_hostile_bundles,
61 in test_not_learned, 62 in test_curation and test_train, 63 and 64 in test_label_set and test_review,
65 in test_cli_evaluate, 66 in test_corpus and
test_formats; R1 to R15 in test_paragraphs_kinds, test_html, test_markdown and test_pdf. 45 and 49 (a reader
that goes away, no home folder) were tried by hand.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import start
from test_office import word

from civictag.datamodel import Article, Document
from civictag.paragraphs import split
from civictag.readers import Reading, read_documents
from civictag.text.normalize import normalize

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


FAMILY = "👨\u200d👩\u200d👧\u200d👦𠮷"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_row_1_places_of_paragraphs_with_emoji(tmp_path: Path, end: str) -> None:
    marked = [text[:9] + FAMILY + text[9:] for text in P]
    (document,) = read(tmp_path, "a.txt", end.join([TITLE, *marked]))
    article = split(document)
    assert bodies(article) == marked
    assert all(article.text[p.start : p.end] == p.text for p in article.paragraphs)


UNSEEN = [
    0x200B, 0x200C, 0x200D, 0xFEFF, 0xAD, 0x2060, 0x200E, 0x200F, 0x202E, 0x2066, 0x061C, 0xA0, 0x3000,
    0x2009, 0xFE0F, 0x034F, 0xE0041, 0x180E, 0x2064,
    0x202F, 0xFE00, 0xE0100, 0xFFF9, 0x115F, 0x3164, 0x0336, 0x20DD, 0x2800, 0x17B4,
]  # fmt: skip


@pytest.mark.parametrize("code", UNSEEN, ids=hex)
def test_row_2_what_stands_unseen_between_all_characters(code: int) -> None:
    """Folded away, so that words, and with them tags, are the same."""
    article = split(Document("a", "\n".join(chr(code).join(line) for line in (TITLE, *P))))
    assert [normalize(text) for text in bodies(article)] == [normalize(text) for text in P]


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


HEAD = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>"
ALL = "".join(f"<p>{text}</p>" for text in P)
HIDDEN = "本站由枫林县融媒体中心主办，坚持正确导向，服务全县人民，欢迎各界人士多提宝贵意见和建议。"
LINKS = "".join(
    f"<li><a href='/{n}'>{text}</a>"
    for n, text in enumerate(("枫林镇召开推进会", "村里的路灯亮了", "河道清淤完工"))
)
# Row → markup below the headline, of which a browser shows the five paragraphs and no other text.
PAGES = [
    ("35", "<p><img src=1.jpg></p>".join(f"<p>{text}</p>" for text in P)),
    ("35", "<div>" + "<br><br>&nbsp;&nbsp;".join(P) + "</div>"),
    ("35", "<table><tr><td>" + "".join(f"<table><tr><td>{text}</table>" for text in P) + "</table>"),
    ("35", "".join("<p>" + "".join(f"<span>{char}</span>" for char in text) + "</p>" for text in P)),
    ("35", "".join(f"<p class=MsoNormal><span lang=EN-US>{text}<o:p></o:p></span></p>" for text in P)),
    ("35", "".join("<p>" + "".join(f"&#{ord(char)};" for char in text) for text in P)),
    ("35", "".join(f"<!-- <p>{HIDDEN}</p> --><p>{text}</p>" for text in P)),
    ("35", f"{ALL}<h3>相关新闻</h3><ul>{LINKS}</ul>"),
    (
        "35",
        f"{ALL}<div class=comments><h4>网友评论</h4><p>张三：写得真好，为家乡点赞。</p></div>",
    ),
    ("35", "<div>".join(("", *P))),
    ("35", "".join(f"<section><section><span>{text}</span></section></section>" for text in P)),
    ("35", "".join(f"<p><b><font color=red>{text}" for text in P)),
    ("36", f"{ALL}<script type='text/html'><p>{HIDDEN}</p></script><template><p>{HIDDEN}</p></template>"),
    ("36", f"{ALL}<noscript><p>{HIDDEN}</p></noscript><iframe><p>{HIDDEN}</p></iframe>"),
    ("36", f"{ALL}<textarea><p>{HIDDEN}</p></textarea>"),
    ("36", f"<form><textarea>我来说两句，请文明发言，遵守法律法规。</textarea></form>{ALL}"),
    ("36", f"<textarea style='display:none'>{ALL}</textarea><p>点击播放。</p>"),
    (
        "36",
        f"{ALL}<svg><text>{HIDDEN}</text></svg><select><option>{HIDDEN}</select><button>{HIDDEN}</button>",
    ),
    ("36", f"{ALL}<dialog><p>{HIDDEN}</p></dialog>"),
    ("37", f"{ALL}<p style='display:none'>{HIDDEN}</p>"),
    ("37", f"{ALL}<p hidden>{HIDDEN}</p><p hidden='until-found'>{HIDDEN}</p>"),
    ("37", f"{ALL}<p style='color:red; visibility : collapse'>{HIDDEN}</p>"),
    ("37", f"{ALL}<p style='content-visibility:hidden'>{HIDDEN}</p><p style='font-size:0px'>{HIDDEN}</p>"),
    ("37", "".join(f"<p>{text[:9]}<span style='display:none'>{HIDDEN}</span>{text[9:]}</p>" for text in P)),
    (
        "37",
        "".join(
            f"<p>{text[:9]}<i hidden>版权所有</i>{text[9:]}<b style='display:none'>枫林网</b></p>"
            for text in P
        ),
    ),
    ("37", f"<div style='visibility:hidden'>{HIDDEN}<div style='visibility:visible'>{ALL}</div></div>"),
    (
        "37",
        f"<div style='font-size:0'>{HIDDEN}"
        + "".join(f"<p style='font-size:16px'>{text}</p>" for text in P)
        + "</div>",
    ),
    ("37", f"<div style='font-size:0.9em; margin:0'>{ALL}</div>"),
]


@pytest.mark.parametrize(
    "markup", [case[1] for case in PAGES], ids=[f"{n} row {case[0]}" for n, case in enumerate(PAGES)]
)
def test_pages_as_a_browser_shows_them(tmp_path: Path, markup: str) -> None:
    (document,) = read(tmp_path, "a.html", HEAD + markup)
    article = split(document)
    found = [text for text in bodies(article) if text != "点击播放。"]
    assert found == P
    assert article.title == TITLE


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def box(text: str) -> str:
    return f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>"


OFFICE = "http://schemas.openxmlformats.org"
SPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "mc": f"{OFFICE}/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wp": f"{OFFICE}/drawingml/2006/wordprocessingDrawing",
    "a": f"{OFFICE}/drawingml/2006/main",
    "r": f"{OFFICE}/officeDocument/2006/relationships",
    "m": f"{OFFICE}/officeDocument/2006/math",
    "pic": f"{OFFICE}/drawingml/2006/picture",
}
DRAWN = (
    "<w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>{}</wps:txbx></wps:wsp></a:graphicData>"
    "</a:graphic></wp:anchor></w:drawing>"
)
GONE = "<w:del w:id='2'><w:r><w:delText>删</w:delText></w:r></w:del>"
VML = "<w:pict><v:shape><v:textbox>{}</v:textbox></v:shape></w:pict>"
# Row 38: what wraps the text of a Word file → the lines.
WRAPPED = {
    "a text box of VML": (f"<w:p><w:r>{VML.format(box('甲'))}</w:r></w:p>", ["甲"]),
    "a text box of a drawing": (f"<w:p><w:r>{DRAWN.format(box('甲'))}</w:r></w:p>", ["甲"]),
    "a drawing with another for old programs": (
        f"<w:p>{run('前')}<w:r><mc:AlternateContent><mc:Choice>{DRAWN.format(box('甲'))}</mc:Choice>"
        f"<mc:Fallback>{VML.format(box('甲'))}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
        ["前", "甲"],
    ),
    "a drawing with nothing for old programs": (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{DRAWN.format(box('甲'))}</mc:Choice>"
        f"</mc:AlternateContent></w:r></w:p>",
        ["甲"],
    ),
    "an insertion, a deletion": (
        f"<w:p><w:ins w:id='1'>{run('甲')}</w:ins>{GONE}</w:p>",
        ["甲"],
    ),
    "moved text": (
        f"<w:p><w:moveFrom w:id='1'>{run('移')}</w:moveFrom><w:moveTo w:id='2'>{run('甲')}</w:moveTo></w:p>",
        ["甲"],
    ),
    "content controls": (
        f"<w:sdt><w:sdtContent><w:p>{run('甲')}</w:p></w:sdtContent></w:sdt>"
        f"<w:p><w:sdt><w:sdtContent>{run('乙')}</w:sdtContent></w:sdt></w:p>",
        ["甲", "乙"],
    ),
    "custom XML": (
        f"<w:customXml w:element='x'><w:p>{run('甲')}</w:p></w:customXml>"
        f"<w:p><w:customXml w:element='x'>{run('乙')}</w:customXml></w:p>",
        ["甲", "乙"],
    ),
    "a link that leads nowhere": (f"<w:p><w:hyperlink r:id='none'>{run('甲')}</w:hyperlink></w:p>", ["甲"]),
    "a picture that is not there": (
        f"<w:p>{run('甲')}<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill>"
        "<a:blip r:embed='none'/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>"
        "</w:drawing></w:r></w:p>",
        ["甲"],
    ),
    "a simple field": (f"<w:p><w:fldSimple w:instr='DATE'>{run('甲')}</w:fldSimple></w:p>", ["甲"]),
    "directions": (
        f"<w:p><w:bdo w:val='rtl'>{run('甲')}</w:bdo><w:dir w:val='ltr'>{run('乙')}</w:dir></w:p>",
        ["甲乙"],
    ),
    "ruby": (
        f"<w:p><w:r><w:ruby><w:rt>{run('fēng')}</w:rt><w:rubyBase>{run('枫')}</w:rubyBase></w:ruby></w:r>{run('林')}</w:p>",
        ["枫林"],
    ),
    "a formula": (
        f"<w:p>{run('设')}<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>{run('为总数')}</w:p>",
        ["设a+b为总数"],
    ),
    "hidden text, and text that is not": (
        "<w:p><w:r><w:rPr><w:b/><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>甲</w:t></w:r></w:p>",
        ["甲"],
    ),
    "a table in a table": (
        f"<w:tbl><w:tr><w:tc><w:p>{run('甲' * 50)}</w:p>"
        f"<w:tbl><w:tr><w:tc><w:p>{run('乙')}</w:p></w:tc></w:tr></w:tbl>"
        "<w:p/></w:tc></w:tr></w:tbl>",
        ["甲" * 50, "乙"],
    ),
}


@pytest.mark.parametrize("what", WRAPPED)
def test_row_38_word_whatever_wraps_the_text(tmp_path: Path, what: str) -> None:
    body, lines = WRAPPED[what]
    spaces = "".join(f' xmlns:{name}="{uri}"' for name, uri in SPACES.items())
    path = word(tmp_path / "a.docx", f"<w:smartTag{spaces}>{body}</w:smartTag>")
    (document,) = read_documents(str(path))
    assert isinstance(document, Document)
    assert document.text.split("\n") == lines


def test_row_15_lost_characters_of_a_word_file_are_told(tmp_path: Path) -> None:
    (document,) = read_documents(str(word(tmp_path / "a.docx", f"<w:p>{run(LOST)}</w:p>")))
    assert isinstance(document, Document)
    assert "U+FFFD" in document.warnings[0]


@pytest.mark.parametrize("width", [28, 31, 34, 36, 40])
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("credits", [False, True])
def test_kind_12_a_short_letter_that_a_program_wrapped(width: int, count: int, credits: bool) -> None:
    wrapped = [text[at : at + width] for text in P[:count] for at in range(0, len(text), width)]
    above, below = (["2024-03-05 来源：枫林报"], ["责任编辑：何青"]) if credits else ([], [])
    article = split(Document("a", "\n".join([TITLE, *above, *wrapped, *below])))
    assert bodies(article) == P[:count]


def test_row_50_no_colours_where_none_are_wanted(tmp_path: Path, small_model: str) -> None:
    (tmp_path / "a.txt").write_text(T, "utf-8")
    for env, colours in ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False):
        shown, terminal = os.openpty()
        process = start(
            "tag", tmp_path / "a.txt", "-m", small_model, stdout=terminal, env={"TERM": "xterm", **env}
        )
        process.wait(60)
        os.close(terminal)
        told = os.read(shown, 1 << 16)
        os.close(shown)
        assert TITLE.encode() in told
        assert (b"\x1b[" in told) == colours
