"""The headline of a page, and where its article begins."""

from __future__ import annotations

from civictag.paragraphs.blocks import Block
from civictag.paragraphs.prose_features import is_sentence
from civictag.paragraphs.scoring import is_body_like
from civictag.util.patterns import lazy

FULL = 40  # characters of a paragraph that no teaser list would show unshortened
_TITLE = (5, 60)  # characters of a headline, its blanks left out
_PROMINENT = 8  # a menu word has fewer
_LEAD = 3  # paragraphs within which a byline is the article's, not a credit at its end
_QUOTED = lazy("《[^》]*》?")
_SUBTITLE = lazy('——|--|[（(]|[记写][在“"‘]')

# 「倡议书」 has three characters and is a headline, if the text or a salutation stands below it.
_KIND = lazy(
    ".{0,3}(?:倡议书|公开信|[感谢慰问表扬道歉]{2}信|一封信|邀请函|承诺书|通知|公告|通告|通报|启事|喜报|总结|日记|声明|公约|守则|办法|方案|计划|意见|细则)"
)
# A field of a cover, the head of an official paper and its number stand above the headline.
_COVER_HAS = (":", "文件", "号", "内部资料", "保存")
_COVER = lazy(
    r".{0,6}(?:单位|部门|名称|日期|时间|地[址点]|编号|电话|负责人|联系人|报送人|填报人|签发人?|密级|级别|类别|主题|主办|承办|作者|版本)"
    r":|.{2,20}(?:政府|委员会|办公室|局|厅|部|委|会)文件$|.{1,8}[〔\[]\d{4}[〕\]]第?\d+号$|内部资料|.{0,6}注意保存$"
)


def article_begin(blocks: list[Block], headline: Block | None, title: str) -> int:
    """Index of the article's first block: its headline, unless text above speaks of it as its annex."""
    if headline is None:
        return _below_breadcrumbs(blocks)
    begin = blocks.index(headline)
    annexed = f"《{_letters(title)}》"
    for block in blocks[:begin] if title else ():
        if is_body_like(block) and annexed in block.squeezed:
            return _below_breadcrumbs(blocks)
    return begin


def find_headline(blocks: list[Block], title: str) -> Block | None:
    """The block that is the headline: the known title's line, else what stands over a byline or the text.

    Args:
        blocks: weighed blocks, in order.
        title: the title if it is known from elsewhere, else "".
    """
    lead = _lead(blocks)
    if title:
        return _named(lead, title)
    top = _below_breadcrumbs(blocks)
    above: Block | None = None  # what a byline at this place would name
    for number, block in enumerate(lead[top:], top):
        if is_sentence(block.text, block.size):  # the text has begun: a date further down is not the byline
            break
        if "byline" in block.zones and above:
            return above
        if not block.furniture:
            above = _under(lead, number, above)
    return _first_prominent(lead, top)


def _under(lead: list[Block], number: int, above: Block | None) -> Block | None:
    """The headline to a byline below ``lead[number]``: this line, or the one above its 「——」 subtitle."""
    block = lead[number]
    if not _could_head(block):
        return None
    over = number > 0 and _could_head(lead[number - 1])
    return above if over and _SUBTITLE.match(block.text) else block


def _named(lead: list[Block], title: str) -> Block | None:
    """The line that is the known title, or most of it.

    「关于印发《志愿服务工作方案》的通知」 is not headed by the annexed 志愿服务工作方案 further down: part of
    a title counts only at its beginning or end and above the text.
    """
    wanted = _letters(title)
    keys = [_letters(block.text) for block in lead]
    if wanted in keys:
        return lead[keys.index(wanted)]
    quoted = _letters("".join(_QUOTED.findall(title)))
    for block, key in zip(lead, keys, strict=True):
        if is_body_like(block):
            return None
        part = bool(key) and 2 * len(key) > len(wanted) and wanted.startswith(key)
        if part or (key and 2 * len(key) > len(wanted) and wanted.endswith(key) and key not in quoted):
            return block
    return None


def _lead(blocks: list[Block]) -> list[Block]:
    """The blocks down to the paragraph after which no headline is looked for any more."""
    seen = 0
    for number, block in enumerate(blocks):
        seen += is_body_like(block) and block.size >= FULL
        if seen == _LEAD:
            return blocks[:number]
    return blocks


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _below_breadcrumbs(blocks: list[Block]) -> int:
    """How many blocks stand above the article: the last breadcrumb with at most one paragraph before it."""
    below = paragraphs = 0
    for number, block in enumerate(blocks):
        if "top" in block.zones:
            below = number + 1
        paragraphs += is_body_like(block) and block.size >= FULL
        if paragraphs > 1:
            break
    return below


def _could_head(block: Block) -> bool:
    low, high = _TITLE
    return (
        not block.furniture
        and (low <= block.size <= high or _is_kind(block))
        and not (any(word in block.squeezed for word in _COVER_HAS) and _COVER.match(block.squeezed))
        and not block.text.endswith(("。", "，", ",", "：", ":"))
    )


def _is_kind(block: Block) -> bool:
    return bool(_KIND.fullmatch(block.squeezed))


def _first_prominent(lead: list[Block], top: int) -> Block | None:
    """Without a byline: the first line that could be a headline, if prose follows and none stands before."""
    for block, after in zip(lead[top:], [*lead[top + 1 :], None], strict=False):
        beside_text = after is not None and (
            is_body_like(after) or (_is_kind(block) and after.text.endswith((":", "：")))
        )
        if _could_head(block) and "。" not in block.text and (block.size >= _PROMINENT or beside_text):
            return block if len(lead) > 1 else None
        if is_body_like(block):
            return None
    return None
