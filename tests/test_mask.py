"""Personal data masked in every output, offsets and tags as they were; numbers and names are invented."""

import json
import re
import zipfile

import pytest

from civictag.cli import run
from civictag.text.mask import KINDS, NAME, SIGN, mask_text


def identity(first):
    """An identity card's number whose last sign is right."""
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(first))
    return first + "10X98765432"[total % 11]


def card(first):
    """A bank card's number whose last digit is right."""
    for last in "0123456789":
        digits = [int(d) * (1 + at % 2) for at, d in enumerate(reversed(first + last))]
        if sum(d - 9 if d > 9 else d for d in digits) % 10 == 0:
            return first + last
    raise AssertionError


ID, CARD = identity("11010119900307123"), card("621700123456789012")
PRIVATE = [
    "13812345678", "138-1234-5678", "138 1234 5678", "+8613812345678", "１３８１２３４５６７８",
    "0571-88123456", "（0571）88123456", "010 62345678", "400-812-3456", "0571-88123456转801",
    ID, f"{ID[:6]} {ID[6:14]} {ID[14:]}", "110101900307123", CARD, " ".join(re.findall(".{1,4}", CARD)),
    "浙A12345", "浙A·D1234", "粤BD12345", "京A1234警", "li.lei@example.com", "ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ",
    "138.1234.5678", "138·1234·5678", "138\u00a01234\u00a05678",
    "138\u20021234\u20025678", "010\u00a06234\u00a05678",
    "li.lei @ example.com", "lilei#example.com", "lilei(at)example.com.cn", "lilei[at]example.org",
    "+86-138-1234-5678", "0086 13812345678", "400 820 8820", "0755-8765432-12", "苏A1234学",
    "粤Z·1234澳", "沪A12345D",
]  # fmt: skip
PUBLIC = [
    "2024年3月12日", "共清运垃圾12345678901234吨", "12345热线", ID[:17] + "9",
    "3.14159265358979",
    "文号〔2024〕138号", "面积1380013800平方米", "新A级景区", "编号20240312000001", "6217001234567890120",
    "2024-03-12", "http://example.com/20240312/138.html", "人民币13800元",
    "地址 192.168.1234.5678", "版本138.1234.5678.9", "话题#环保.行动", "C#语言", "第1项#见net.3",
]  # fmt: skip


@pytest.mark.parametrize("private", PRIVATE)
def test_what_is_private_is_masked_and_nothing_else(private):
    text = f"请与物业联系，{private}。谢谢"
    masked = mask_text(text)
    assert masked == text.replace(private, SIGN * len(private))


@pytest.mark.parametrize("public", PUBLIC)
def test_what_is_public_stays(public):
    text = f"其中，{public}。其他"
    assert mask_text(text) == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("居民王秀英说，路干净了。", "居民＊＊＊说，路干净了。"),
        ("志愿者李明表示还会再来。", "志愿者＊＊表示还会再来。"),
        ("联系人：欧阳小芳。欧阳小芳住三楼。", "联系人：＊＊＊＊。＊＊＊＊住三楼。"),
        ("张女士打来电话。", "＊女士打来电话。"),
        ("王秀兰女士和李建国先生、陈小燕老师到场。", "＊＊＊女士和＊＊＊先生、＊＊＊老师到场。"),
        ("干部与高校老师座谈，和平同志到场。", "干部与高校老师座谈，和平同志到场。"),
        ("高度重视，方便群众，成立专班，双方同意。", "高度重视，方便群众，成立专班，双方同意。"),
        ("社区书记和居民一起干。", "社区书记和居民一起干。"),
    ],
)
def test_names_on_request(text, wanted):
    assert mask_text(text, (*KINDS, NAME)) == wanted
    assert mask_text(text) == text


ROWS = [
    {
        "id": "a1",
        "title": "物业电话13812345678公布",
        "text": f"居民王秀英说，物业的电话是13812345678，账号{CARD}，身份证号{ID}。志愿者打扫了晒场。",
        "phone": 13812345678,
        "note": ["浙A12345", {"mail": "li.lei@example.com"}],
    }
]
SECRETS = ["13812345678", CARD, ID, "浙A12345", "li.lei@example.com", "王秀英"]


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "html", "xlsx", "parquet", "table"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_no_output_shows_it(tmp_path, small_model, form, jobs, capfdbinary):
    """All formats, both ways of tagging, with evidence, and the list for review."""
    source = tmp_path / "rows.jsonl"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), "utf-8")
    out, review = tmp_path / f"out.{form}", tmp_path / "review.csv"
    asked = ["tag", source, "-m", small_model, "-f", form, "-o", out, "--explain", "--all-scores", "-j", jobs]
    assert run([str(a) for a in [*asked, "--mask-names", "--review", review]]) == 0
    for path in (out, review):
        data = contents(path)
        assert [
            secret for secret in SECRETS if secret.encode() in data or secret in str(data, "utf-8", "replace")
        ] == []
    assert "＊" in contents(out).decode("utf-8", "replace")


def contents(path):
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as package:
            return b"".join(map(package.read, package.namelist()))
    if path.suffix == ".parquet":
        parquet = pytest.importorskip("pyarrow.parquet")
        return json.dumps(parquet.read_table(path).to_pylist(), ensure_ascii=False, default=str).encode()
    return path.read_bytes()


def test_tags_and_offsets_are_as_without(tmp_path, small_model):
    source = tmp_path / "rows.jsonl"
    source.write_text(json.dumps(ROWS[0], ensure_ascii=False) + "\n", "utf-8")
    found = []
    for more in ([], ["--mask"]):
        out = tmp_path / f"out{len(more)}.json"
        asked = ["tag", source, "-m", small_model, "-o", out, "--explain", "--all-scores", *more]
        assert run([str(a) for a in asked]) == 0
        found.append(json.loads(out.read_text("utf-8")))
    plain, masked = found
    assert numbers(plain) == numbers(masked)
    (before,), (after,) = plain, masked
    lengths = [[len(p["text"]) for p in article["paragraphs"]] for article in (before, after)]
    assert lengths[0] == lengths[1]
    assert len(before["title"]) == len(after["title"])


def numbers(data):
    """All numbers but the masked column's."""
    if isinstance(data, dict):
        return [n for key, part in data.items() if key != "phone" for n in numbers(part)]
    if isinstance(data, list):
        return [n for part in data for n in numbers(part)]
    return [data] if isinstance(data, (int, float)) else []


def test_a_number_torn_by_a_line_end_is_masked(tmp_path, small_model):
    from civictag.datamodel import Article, Paragraph
    from civictag.text.mask import mask_article

    whole = "他的电话是1381234\n5678，请打扫晒场。"
    joined = whole.replace("\n", "")
    cut = whole.index("\n")
    paragraph = Paragraph(0, "body", 0, len(whole), joined, ((0, cut), (cut + 1, len(whole))))
    found = mask_article(Article("a", "", "utf-8", whole, (paragraph,)), KINDS)
    assert found.paragraphs[0].text == joined.replace("13812345678", SIGN * 11)
    assert found.text == whole.replace("1381234", SIGN * 7).replace("5678", SIGN * 4)


def test_every_verb_that_shows_texts_masks_them(tmp_path, monkeypatch, small_model):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "四月").mkdir()
    text = f"住户把楼道里的垃圾清扫干净了，联系电话{PRIVATE[0]}，身份证号{ID}。"
    rows = [{"text": text, "单位": f"热线{PRIVATE[0]}", "日期": "2024-04-03", "标题": f"来电{PRIVATE[0]}"}]
    (tmp_path / "四月" / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (tmp_path / "四月" / f"坏{PRIVATE[0]}.docx").write_bytes(b"PK\x03\x04 broken")
    model = ("-m", small_model)
    run(["tag", "四月", *model, "-o", "a.xlsx", "--explain"])
    outputs = {"m.docx", "m.xlsx", "m.html", "s.csv", "s.json", "c.jsonl", "c.html"}
    month = [part for name in ("m.docx", "m.xlsx", "m.html") for part in ("-o", name)]
    assert run(["month", "四月", *model, *month, "--mask"]) == 3
    for name in ("s.csv", "s.json"):
        assert run(["stats", "a.xlsx", *model, "--by", "unit", "--by", "title", "-o", name, "--mask"]) == 0
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook("a.xlsx")
    ticks = book.worksheets[0]
    ticks.cell(2, [cell.value for cell in ticks[1]].index("Checked") + 1).value = "√"
    book.save("checked.xlsx")
    assert (
        run(["apply", "checked.xlsx", "--to", "a.xlsx", *model, "-o", "c.jsonl", "-o", "c.html", "--mask"])
        == 0
    )
    for name in outputs:
        data = _unpacked(tmp_path / name)
        assert PRIVATE[0] not in data, name
        assert ID not in data, name
    assert SIGN * len(PRIVATE[0]) in _unpacked(tmp_path / "m.docx")


def _unpacked(path):
    if path.suffix not in (".docx", ".xlsx"):
        return path.read_text("utf-8-sig")
    with zipfile.ZipFile(path) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
