"""decode(): the right encoding, a warning for a guess, an error with its offset, never a silent U+FFFD."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civictag.errors import InputError
from civictag.readers import decode
from civictag.readers.guessing import plausibility

SIMPLE = "社区组织保洁员清扫背街小巷，清运积存垃圾三车，路面干净了许多。\n"
TRADITIONAL = "社區組織保潔員清掃背街小巷，清運積存垃圾三車，路面乾淨了許多。\n"
HAN = st.text(
    st.sampled_from(SIMPLE + TRADITIONAL + "“”《》！？0123456789abc（）"), min_size=40, max_size=400
)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (SIMPLE.encode(), "utf-8"),
        (SIMPLE.encode("utf-8-sig"), "utf-8-sig"),
        (SIMPLE.encode("utf-16"), "utf-16"),
        (SIMPLE.encode("utf-32"), "utf-32"),
        (SIMPLE.encode("utf-16-le"), "utf-16-le"),
        (SIMPLE.encode("utf-16-be"), "utf-16-be"),
        (SIMPLE.strip().encode("utf-16-le"), "utf-16-le"),  # not one NUL byte in it
        (SIMPLE.encode("gb18030"), "gb18030"),
        (TRADITIONAL.encode("gb18030"), "gb18030"),
        (TRADITIONAL.encode("big5"), "big5"),
        ((TRADITIONAL + "€碁").encode("cp950"), "big5"),
        (b"plain ASCII", "utf-8"),
    ],
)
def test_the_encoding_is_found_without_a_doubt(data: bytes, encoding: str) -> None:
    decoded = decode(data, "a.txt")
    assert decoded.encoding == encoding
    assert decoded.warnings == ()
    assert "\ufffd" not in decoded.text


def test_unpacks_as_the_three_things_it_is() -> None:
    text, encoding, warnings = decode(SIMPLE.encode("gbk"), "a.txt")
    assert (text, encoding, warnings) == (SIMPLE, "gb18030", ())


@given(HAN)
def test_any_chinese_text_comes_back_from_gb18030(text: str) -> None:
    decoded = decode(text.encode("gb18030"), "a.txt")
    assert decoded.text == text


@given(HAN.map(lambda text: "".join(c for c in text if c in TRADITIONAL)).filter(lambda t: len(t) > 20))
def test_any_traditional_text_comes_back_from_big5(text: str) -> None:
    assert decode(text.encode("big5"), "a.txt").text == text


@pytest.mark.parametrize("wrong", ["big5", "utf-16-le", "cp1252", "shift_jis"])
def test_plausibility_parts_text_from_its_misreadings(wrong: str) -> None:
    misread = SIMPLE.encode("gb18030").decode(wrong, "ignore")
    assert plausibility(SIMPLE) > 0.6
    assert plausibility(misread) < 0.3


@pytest.mark.parametrize(
    "data", ["创城".encode("gbk"), "café déjà vu, très bien à la maison".encode("latin-1")]
)
def test_a_guess_is_a_warning(data: bytes) -> None:
    decoded = decode(data, "a.txt")
    assert any("guess" in warning and "--encoding" in warning for warning in decoded.warnings)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_cut_off_inside_a_character_is_read_with_a_warning(encoding: str) -> None:
    data = (SIMPLE * 3).strip().encode(encoding)[:-1]
    decoded = decode(data, "a.txt")
    assert (SIMPLE * 3).startswith(decoded.text)
    assert len(decoded.text) >= len(SIMPLE * 3) - 3
    assert any("cut off" in warning for warning in decoded.warnings)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_damage_is_an_error_with_its_offset(encoding: str) -> None:
    text = (TRADITIONAL if encoding == "big5" else SIMPLE) * 4
    data = bytearray(text.encode(encoding))
    data[60:60] = b"\xff"
    with pytest.raises(InputError, match=r"byte 6\d .*--encoding"):
        decode(bytes(data), "a.txt")


def test_mixed_encodings_are_an_error_not_a_mixture() -> None:
    with pytest.raises(InputError, match="mixes encodings"):
        decode((SIMPLE * 5).encode() + SIMPLE.encode("gb18030"), "a.txt")


def test_what_the_user_says_is_done() -> None:
    assert decode(SIMPLE.encode("gb18030"), "a", encoding="gbk").encoding == "gb18030"
    with pytest.raises(InputError, match=r"byte 0 .*is not utf-8"):
        decode(SIMPLE.encode("gb18030"), "a", encoding="utf-8")
    with pytest.raises(InputError, match='no encoding is called "klingon"'):
        decode(b"x", "a", encoding="klingon")


def test_replace_marks_the_damage_and_counts_it() -> None:
    decoded = decode(SIMPLE.encode() + b"\xff" + SIMPLE.encode(), "a", encoding="utf-8:replace")
    assert decoded.text == SIMPLE + "\ufffd" + SIMPLE
    assert any("1 character" in warning for warning in decoded.warnings)


def test_characters_lost_before_are_reported() -> None:
    assert decode("清\ufffd垃圾".encode(), "a").warnings


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_an_input_error(data: bytes) -> None:
    with contextlib.suppress(InputError):
        decoded = decode(data, "a.txt")
        assert "\ufffd" not in decoded.text or decoded.warnings
        decoded.text.encode("utf-8")


def test_lines_of_two_encodings_are_not_taken_for_utf16() -> None:
    # An even number of bytes without NUL can be read as UTF-16 whatever it is; this came out as 「≻整瑸」.
    lines = '{"text": "保洁员清扫小巷。"}\n'.encode() + '{"text": "环卫工人清运垃圾。"}\n'.encode("gbk")
    with pytest.raises(InputError):
        decode(lines + b" " * (len(lines) % 2), "a.jsonl")
