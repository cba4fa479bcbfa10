"""Which character becomes which before anything is cut: the folding table, one code point to one.

Used when the shipped dictionary is made; ``civictag.text.normalize`` reads the result from there.
"""

from __future__ import annotations

DROP = 0x110000  # not a code point: the character leaves no trace
SPACE = 0x20

# Variants of one mark. What a mark becomes is what jieba and the cues expect: ASCII where ASCII
# has it, because half of all web text types it so; the Chinese form where ASCII is ambiguous.
_MARKS = {
    ",": "，﹐",
    "、": "､﹑",
    "。": "｡",
    ".": "．﹒",
    ";": "；﹔",
    ":": "：﹕︰∶",  # U+2236, the ratio sign, is what GB 2312 input methods give for a colon
    "!": "！﹗",
    "?": "？﹖",
    '"': "“”„‟＂〝〞「」『』﹁﹂﹃﹄",
    "'": "‘’‚‛＇",
    "(": "（﹙︵",
    ")": "）﹚︶",
    "[": "［【〔〖﹝",
    "]": "］】〕〗﹞",
    "《": "〈︽",
    "》": "〉︾",
    "—": "―─━",
    "-": "‐‑‒–−－﹣",
    "…": "⋯︙",
    "·": "•‧∙⋅・･",
    "~": "～〜∼˜",
}
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
# Zero-width and direction marks, soft hyphen, variation selectors, byte-order mark: pages and
# word processors put them between the characters of a word, and it is no word of jieba's then.
_INVISIBLE = (
    (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C), (0x180B, 0x180E),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB), (0xE0000, 0xE0FFF),
)  # fmt: skip
# Strokes and circles laid over a character (清̶扫̶), tone marks, and fillers that show as a blank: they hide a
# word from whoever looks for it, and from nobody who reads.
_OVERLAID = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20F0),
    (0x302A, 0x302F), (0x3099, 0x309A), (0xFE20, 0xFE2F),
    (0x115F, 0x1160), (0x17B4, 0x17B5), (0x2800, 0x2800), (0x3164, 0x3164), (0xFFA0, 0xFFA0),
)  # fmt: skip
# Blocks whose characters are other characters in disguise. PDF text layers are full of Kangxi
# radicals (⽂ U+2F42 for 文). Circled and superscript digits are left alone: ① is no 1.
_DISGUISED = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0xFF01, 0xFF5E), (0x2F800, 0x2FA1F))
_HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_JIEBA_HAN = range(0x4E00, 0x9FD6)  # simplified forms beyond it would be no word character to jieba


def fold_table() -> dict[int, int]:
    """Code point → code point, ``SPACE`` or ``DROP``, for every character that does not stay itself.

    Folding twice is folding once: no result is normalized further. Needs OpenCC (``pip install opencc``).
    """
    step = {code: DROP for first, last in (*_INVISIBLE, *_OVERLAID) for code in range(first, last + 1)}
    step |= {ord(char): SPACE for char in _SPACES}
    step |= _disguised() | _simplified() | _lower_case()
    step |= {ord(variant): ord(mark) for mark, variants in _MARKS.items() for variant in variants}
    return {code: _end(step, code) for code in sorted(step) if _end(step, code) != code}


def _end(step: dict[int, int], code: int) -> int:
    """Follow ``step`` to its end: a compatibility ideograph may be Traditional too, ``Ａ`` is ``A`` first."""
    seen = {code}
    while code in step and step[code] not in seen:
        code = step[code]
        seen.add(code)
    return code


def _disguised() -> dict[int, int]:
    import unicodedata

    codes = (code for first, last in _DISGUISED for code in range(first, last + 1))
    plain = ((code, unicodedata.normalize("NFKC", chr(code))) for code in codes)
    return {code: ord(text) for code, text in plain if len(text) == 1 and ord(text) != code}


def _simplified() -> dict[int, int]:
    import opencc

    codes = [code for first, last in _HAN for code in range(first, last + 1)]
    # One by one, so that OpenCC's phrases (乾隆 stays 乾隆) cannot act: a character's fate must not
    # hang on its neighbours, or offsets and Simplified text would come out differently.
    convert = opencc.OpenCC("t2s").convert
    simple = ((code, convert(chr(code))) for code in codes)
    return {
        code: ord(text)
        for code, text in simple
        if len(text) == 1 and ord(text) != code and ord(text) in _JIEBA_HAN
    }


def _lower_case() -> dict[int, int]:
    return {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
