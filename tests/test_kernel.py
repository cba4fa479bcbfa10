"""The compiled kernel's manners: what it refuses, threads, damaged bytes."""

import random
import struct
import threading
import zlib

import pytest
from backends import kernel, needs_kernel, shipped
from hypothesis import given
from hypothesis import strategies as st

from civictag.text import lexicon_file as lexicon
from civictag.text.backend import DICTIONARY
from civictag.text.lexicon_file import user_lexicon

pytestmark = needs_kernel
TEXT = "志愿者清理楼道杂物,铲除小广告350处。LED屏播放公益广告" * 20


def test_wrong_types_are_refused():
    shipped_words = shipped(kernel)
    for wrong in (lambda: kernel.Lexicon("text"), lambda: kernel.Tokenizer("x", None, 1.0)):
        with pytest.raises(TypeError):
            wrong()
    for method in (shipped_words.normalize, kernel.Tokenizer(shipped_words, None, 18.0).cut):
        with pytest.raises(TypeError, match="str"):
            method(b"bytes")


def test_user_words_alone_neither_fold_nor_cut():
    user = kernel.Lexicon(user_lexicon({"垃圾": 3}))
    with pytest.raises(ValueError, match="folding table"):
        user.normalize("垃圾")
    with pytest.raises(ValueError, match="unknown words"):
        kernel.Tokenizer(user, None, 18.0)


def test_objects_are_made_whole_or_not_at_all():
    with pytest.raises(TypeError):
        kernel.Lexicon.__new__(kernel.Lexicon)
    with pytest.raises(TypeError):
        type("Mine", (kernel.Lexicon,), {})


def test_one_segmenter_serves_many_threads():
    segmenter = kernel.Tokenizer(shipped(kernel), None, 18.0)
    expected, wrong = segmenter.cut(TEXT), []

    def work():
        wrong.extend(1 for _ in range(200) if segmenter.cut(TEXT) != expected)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@given(st.binary(max_size=400))
def test_bytes_that_are_no_lexicon_are_refused(data):
    with pytest.raises(ValueError, match="lexicon"):
        kernel.Lexicon(b"civiclex" + data)


def damaged(seed):
    """The shipped file with its contents, or its section table, hit in some places."""
    draw = random.Random(seed)
    with open(DICTIONARY, "rb") as file:
        data = bytearray(file.read())
    head = lexicon._HEAD.size
    low, high = draw.choice([(32, head), (head + 4, len(data)), (head + 4, 200_000)])
    for _ in range(draw.choice([1, 30, 3000])):
        at = draw.randrange(low, high)
        data[at] = draw.choice([0, 1, 0x7F, 0xFF, draw.randrange(256)])
    data[head : head + 4] = struct.pack("<I", zlib.crc32(data[:head]))
    return bytes(data)


@pytest.mark.parametrize("seed", range(12))
def test_damaged_contents_never_take_the_process_down(seed):
    """Run under AddressSanitizer this is the test of every bound (docs/speed.md says how)."""
    try:
        words = kernel.Lexicon(damaged(seed))
        normalized = words.normalize(TEXT)
        cut = kernel.Tokenizer(words, words, 18.0).cut(normalized)
    except ValueError:
        return
    assert "".join(cut) == normalized
