"""One row of the table of signs, and what its weights mean."""

from __future__ import annotations

from typing import NamedTuple

from civictag.util.patterns import one_of

SURE, LIKELY, HINT = 10, 5, 3
HAN = one_of("一二三四五六七八九十")
UNBROKEN = r"(?:(?!。)[^,:])"  # [^,。:], quick to compile (``patterns.one_of``)
OPENING = '-·•*([【<«‹“"※■◆●▎|>#□≡—–.='  # marks that may stand before the words of a sign


class Sign(NamedTuple):
    """One kind of furniture.

    Attributes:
        why: what it is; two signs of one name say one thing.
        cues: literals, one of which the page must hold; none: always tried.
        pattern: searched in the squeezed line.
        starts: of an anchored pattern, literals with one of which the line must begin (behind ``OPENING``
            marks) before the pattern is tried; none: any. Compiling the patterns was a quarter of what one
            short article costs, and a colon alone (``cues``) stands in nearly every article.
        weight: points of evidence.
        reach: the longest line, in characters without blanks, that it can speak about.
        zone: what it says of its surroundings: ``top`` (all above is furniture), ``byline`` (the title
            stands above), ``list`` (links to other articles follow), ``legal`` (the site's own terms follow),
            ``end`` (nothing of the article follows), ``page`` (a page number: the text goes on behind it).
        sentences: it may be a whole sentence, like a caption or the site's terms. Others are not:
            「时间：6月1日，地点：文化广场，志愿者教市民分类投放垃圾。」 is no date line.
        alone: it outweighs a statement by itself. A word that only occurs in footers does not:
            「平台已完成备案（湘ICP备20230001号），居民注册后可以查询积分。」 says more than its licence.
    """

    why: str
    cues: tuple[str, ...]
    pattern: str
    weight: int
    reach: int
    zone: str = ""
    sentences: bool = False
    alone: bool = True
    starts: tuple[str, ...] = ()
