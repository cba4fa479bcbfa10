"""Personal data out of what is shown: phones, identity cards, bank cards, plates, e-mail, names.

What is found is replaced sign by sign, so that every offset of the output stays true. The model sees the
text as it was: tags and probabilities are the same with and without. Names are guessed, by
surnames and by what stands beside them (「居民王秀英说」); who masks names should look at a sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from civictag.datamodel import Article, Evidence, Paragraph, Tag

SIGN = "＊"
KINDS = ("phone", "identity", "bank", "plate", "email")
NAME = "name"

# Full-width digits, letters, hyphens and brackets as ASCII, blanks of every width as one, sign by sign.
_FOLD = (
    {0xFF01 + i: chr(0x21 + i) for i in range(94)}
    | dict.fromkeys(map(ord, "—–－‐‑―"), "-")
    | dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2007\u2009\u202f"), " ")
)
_DATE = r"(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])"
_ALONE, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_PATTERNS = {
    "identity": re.compile(
        rf"{_ALONE}(?:[1-9]\d{{5}}[ -]?(?:18|19|20)\d\d[ -]?{_DATE}[ -]?\d{{3}}[\dXx]"
        rf"|[1-9]\d{{5}}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}){_END}"
    ),
    "bank": re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){2}(?:[ -]?\d{1,4}){1,2}(?!\d)"),
    "phone": re.compile(
        r"(?<![\d.])(?:(?:\+|00)?\(?86\)?[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
        r"|(?<![\d.])1[3-9]\d([.·])\d{4}\1\d{4}(?![\d.·])"
        r"|(?<![\d.])(?:\(0(?:10|2\d|[3-9]\d\d)\) ?-?|0(?:10|2\d|[3-9]\d\d)[ -]?)[2-9]\d{2,3}[ -]?\d{4}"
        r"(?:(?:-|转| 转)\d{1,6})?(?!\d)"
        r"|(?<![\d.])[48]00[ -]?\d{3}[ -]?\d{4}(?!\d)"
        r"|(?:(?<=电话)|(?<=热线)|(?<=手机)|(?<=传真)|(?<=致电)|(?<=拨打)|(?<=[:：])(?<=电话.)|(?<=热线.)|(?<=手机.))"
        r"[2-9]\d{2,3}[ -]?\d{4}(?!\d)"
    ),
    "plate": re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][·•・. ]?"
        r"(?=[A-Za-z]{0,5}\d)[A-HJ-NP-Za-hj-np-z0-9]{4,5}(?:[A-HJ-NP-Za-hj-np-z0-9](?![A-Za-z0-9])|[挂学警港澳])"
    ),
    "email": re.compile(
        r"[A-Za-z0-9._%+-]+ ?@ ?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
        r"|[A-Za-z0-9._%+-]+(?:#|\(at\)|\[at\])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|cn|net|org|edu)\b"
    ),
}
# A span within a tag's ``told``: 「清扫楼道、垃圾」 or 「清扫楼道 +2.10; 垃圾 +0.90」.
_TOLD = re.compile(r"(?:^|(?<=、)|(?<=; ))[^、;]+?(?= [+−][\d.]+|、|;|$)")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐"
    "伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳"
    "管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵"
)
_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|端木|百里|呼延|长孙|宇文|轩辕|南宫"
_STOP = "的在是说对和与家等把被向从到就也都还正将为有以及个们这那一不又才让给了着过很最去来带因于同跟做"
_SAYS = (
    "说|表示|介绍|告诉|坦言|笑道|称赞|回忆|感慨|提醒|呼吁|先生|女士|同志|老师|师傅|老人|书记|主任|医生|警官"
)
_ROLES = (
    "居民|村民|市民|业主|住户|志愿者|党员|网格员|保洁员|环卫工|环卫工人|楼长|群众|书记|主任|记者|通讯员|模范|好人|老人|"
    "同学|老师|医生|民警|店主|户主|职工|退休教师|退休工人|负责人|联系人|姓名|名叫|作者|编辑|审核|撰稿|供稿|摄影|老党员"
)
_ADDRESS = (
    "先生|女士|小姐|大爷|大妈|大娘|大叔|大伯|大姐|大哥|阿姨|奶奶|爷爷|师傅|老师|婆婆|叔叔|老伯|老太|同学"
)
_GIVEN = rf"[一-龥](?:(?!{_SAYS}|{_ADDRESS}|[{_STOP}])[一-龥])?"
_FULL = rf"(?:(?:{_DOUBLE})|[{_SURNAMES}])(?![{_STOP}]){_GIVEN}"
_NAMES = (
    re.compile(rf"(?:{_ROLES})(?:[:：是叫为]|\s)?({_FULL})"),
    re.compile(rf"(?<![一-龥])({_FULL})(?={_SAYS}|[(（][男女]|[,，、](?:男|女)[,，、])"),
    re.compile(rf"(?<=[和与及])({_FULL})(?=先生|女士|小姐)"),  # not 「与高校老师」
    re.compile(rf"(?:^|[，。、；：“”\s]|{_ROLES})((?:{_DOUBLE})|[{_SURNAMES}])(?={_ADDRESS})"),
)


def mask_text(text: str, kinds: Iterable[str] = KINDS, names: Iterable[str] = ()) -> str:
    """``text`` with what was found replaced by ``SIGN``, of the same length.

    Args:
        kinds: of ``KINDS``; ``NAME`` too masks the names that ``_find_names`` finds.
        names: further names to mask wherever they stand, such as those found elsewhere in the article.
    """
    wanted = set(kinds)
    folded = text.translate(_FOLD)
    signs = list(text)
    for start, end in _found(folded, wanted):
        signs[start:end] = SIGN * (end - start)
    for match in _NAMES[-1].finditer(text) if NAME in wanted else ():
        signs[match.start(1) : match.end(1)] = SIGN * len(match[1])
    every = set(names) | (set(_find_names(text)) if NAME in wanted else set())
    if every:
        pattern = "|".join(map(re.escape, sorted(every, key=len, reverse=True)))
        for match in re.finditer(pattern, text):
            signs[match.start() : match.end()] = SIGN * len(match[0])
    return "".join(signs)


def _find_names(text: str) -> Iterator[str]:
    """Names of two to four characters that stand where persons are named."""
    for pattern in _NAMES[:-1]:
        yield from (match[1] for match in pattern.finditer(text))


def mask_article(article: Article, kinds: Iterable[str]) -> Article:
    """A tagged article with everything that an output shows of it masked; offsets stay."""
    wanted = tuple(kinds)
    names: set[str] = set()
    if NAME in wanted:
        names = {name for text in (article.title, article.text) for name in _find_names(text)}

    def masked(text: str) -> str:
        """What was found in this text, and the names of the whole article, masked."""
        return mask_text(text, wanted, names)

    paragraphs = tuple(_paragraph(p, masked) for p in article.paragraphs)
    text = list(masked(article.text))
    for before, after in zip(article.paragraphs, paragraphs, strict=True):
        _carry_over(before, after.text, article.text, text)
    return replace(
        article,
        source=masked(article.source),
        title=masked(article.title),
        text="".join(text),
        paragraphs=paragraphs,
        id=masked(article.id) if article.id else article.id,
        extra={masked(key): _value(value, masked) for key, value in article.extra.items()},
        warnings=tuple(type(warning)(masked(warning)) for warning in article.warnings),
        unit=masked(article.unit),
    )


def _found(text: str, kinds: set[str]) -> Iterator[tuple[int, int]]:
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text) if kind in kinds else ():
            digits = re.sub(r"[ -]", "", match[0]).upper()
            if (kind == "identity" and not _is_identity(digits)) or (kind == "bank" and not _is_card(digits)):
                continue
            yield match.span()


def _is_identity(number: str) -> bool:
    """GB 11643-1999: the last sign is ISO 7064 MOD 11-2 of the others; numbers of 15 digits have none."""
    if len(number) == 15:
        return True
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(number[:17]))
    return number[17] == "10X98765432"[total % 11]


def _is_card(number: str) -> bool:
    """ISO/IEC 7812: 15 to 19 digits whose last is the Luhn digit of the others."""
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(number))]
    return 15 <= len(number) <= 19 and sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _paragraph(paragraph: Paragraph, masked: Any) -> Paragraph:
    text = masked(paragraph.text)
    if text == paragraph.text:
        return paragraph
    tags = tuple(_tag(tag, paragraph, text) for tag in paragraph.tags)
    reasons = paragraph.reasons
    if reasons is not None:
        reasons = tuple(_tag(tag, paragraph, text) for tag in reasons)
    return replace(paragraph, text=text, tags=tags, reasons=reasons)


def _tag(tag: Tag, paragraph: Paragraph, text: str) -> Tag:
    shown = _TOLD.sub(lambda part: _words(part[0], paragraph, text), tag.evidence_text)
    return replace(
        tag, evidence=tuple(_evidence(part, paragraph, text) for part in tag.evidence), evidence_text=shown
    )


def _evidence(evidence: Evidence, paragraph: Paragraph, masked: str) -> Evidence:
    """Every place in the paragraph where its words stand is asked: joined lines have moved them."""
    return replace(evidence, text=_words(evidence.text, paragraph, masked))


def _words(text: str, paragraph: Paragraph, masked: str) -> str:
    signs = list(text)
    at = paragraph.text.find(text)
    while at >= 0 and signs:
        for i in range(len(signs)):
            signs[i] = SIGN if masked[at + i] == SIGN else signs[i]
        at = paragraph.text.find(text, at + 1)
    return "".join(signs)


def _carry_over(paragraph: Paragraph, masked: str, whole: str, signs: list[str]) -> None:
    """Mask in the article what was found in a paragraph only: a number torn by a line end."""
    at = 0
    for start, end in paragraph.pieces or ((paragraph.start, paragraph.end),):
        if at and masked[at : at + 1] == " " and whole[start : start + 1] != " ":
            at += 1  # the blank put in where lines were joined
        for i in range(start, min(end, len(signs))):  # a table read back has paragraphs, no whole text
            if masked[at : at + 1] == SIGN:
                signs[i] = SIGN
            at += 1


def _value(value: object, masked: Any) -> object:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        text = str(value)
        return value if masked(text) == text else masked(text)
    if isinstance(value, Mapping):
        return {key: _value(part, masked) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_value(part, masked) for part in value]
    return value
