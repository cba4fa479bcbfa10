"""The lexicon file: made the same every time, refused when damaged; its trie against a dict."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civictag.errors import ModelError
from civictag.text import build_dictionary as dictionary
from civictag.text import double_array
from civictag.text import lexicon_file as lexicon
from civictag.text.backend import DICTIONARY
from civictag.text.lexicon_file import open_lexicon, pack, parse, two_stage, user_lexicon
from civictag.text.pure_tokenizer import Lexicon

WORDS = st.dictionaries(st.text("垃圾分类😀", min_size=1, max_size=6), st.integers(1, 300), max_size=60)


@pytest.mark.slow
def test_the_shipped_file_is_what_its_sources_give():
    with open(DICTIONARY, "rb") as file:
        assert dictionary.build() == file.read()


def test_the_shipped_file_is_jiebas_dictionary():
    import jieba

    tokenizer = jieba.Tokenizer()
    frequencies, total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    shipped = Lexicon(open_lexicon(DICTIONARY))
    assert shipped.sections.total == total
    for word, frequency in list(frequencies.items())[::97]:
        assert bool(_value(shipped, word)) == bool(frequency), word


@given(WORDS)
def test_a_trie_holds_its_words_and_no_others(words):
    held = Lexicon(user_lexicon(words))
    for word in words:
        for text in (word[:-1], word, word + "垃", word[::-1]):
            value = _value(held, text)
            assert (value > 0) == (text in words)
            if value:
                assert held.logs[value] == pytest.approx(lexicon_log(words[text]), abs=0)


def lexicon_log(frequency):
    from math import log

    return log(frequency)


@given(
    st.lists(st.tuples(st.lists(st.integers(1, 500), min_size=1, max_size=5), st.integers(1, 9)), max_size=50)
)
def test_the_order_of_words_does_not_matter(words):
    unique = list({tuple(codes): value for codes, value in words}.items())
    assert double_array.build(unique) == double_array.build(unique[::-1])


@given(st.dictionaries(st.integers(0, 0x10FFFF), st.integers(1, 0xFFFF), max_size=40))
def test_two_stages_hold_a_table_over_all_code_points(table):
    index, pages = (memoryview(part).cast("H") for part in two_stage(table, "H"))
    for code in {*table, 0, 0x4E00, 0x10FFFF}:
        assert pages[index[code // 256] * 256 + code % 256] == table.get(code, 0)


def _value(held, word):
    slot = 0
    for char in word:
        slot = held.step(slot, held.code(char))
        if not slot:
            return 0
    return held.value(slot) if word else 0


def _patched(at, value):
    data = bytearray(pack(7, {"logs": struct.pack("<d", 1.0)}))
    data[at : at + len(value)] = value
    head = lexicon._HEAD.size
    data[head : head + 4] = struct.pack("<I", zlib.crc32(data[:head]))
    return bytes(data)


GOOD = _patched(0, b"civiclex")
DAMAGED = [
    (b"", "not a civictag lexicon"),
    (b"PK\3\4" + GOOD[4:], "not a civictag lexicon"),
    (GOOD[:100], "not a civictag lexicon"),
    (_patched(8, struct.pack("<I", 9)), "has format 9"),
    (_patched(12, b"\1\2\3\4"), "another byte order"),
    (GOOD[:-1], "bytes long instead of"),
    (GOOD + b"\0", "bytes long instead of"),
    (GOOD[:40] + b"\xff" + GOOD[41:], "damaged header"),
]


@pytest.mark.parametrize(("data", "problem"), DAMAGED)
def test_damaged_files_are_refused_by_name(tmp_path, data, problem):
    path = tmp_path / "zh.lexicon"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=problem if data else "cannot be read") as caught:
        open_lexicon(str(path))
    assert caught.value.where == str(path)
    assert caught.value.hint


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        open_lexicon(str(tmp_path / "none"))


def test_parse_gives_back_what_was_packed():
    sections = parse(GOOD, "x")
    assert sections.total == 7
    assert list(sections.views["logs"]) == [1.0]
    assert len(sections.views["trie"]) == 0
