"""decode(): the right encoding, a warning for a guess, an error with its offset, never a silent U+FFFD."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.readers import Reading, decode, read_documents
from civictag.readers.encodings.guessing import plausibility
from civictag.readers.encodings.mojibake import recognise

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


@pytest.mark.parametrize(
    "text",
    ["\n\n三三乾區區區存存存存存掃掃掃掃", "\n\n\n\n\n\n三三乾區員區存存存存存掃掃掃掃"],
    ids=["Korean", "Japanese"],
)
def test_rare_traditional_characters_are_not_a_neighbour_s(text: str) -> None:
    assert decode(text.encode("big5"), "a.txt").text == text


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
def test_one_bad_byte_is_marked_and_named_and_the_rest_is_read(encoding: str) -> None:
    text = (TRADITIONAL if encoding == "big5" else SIMPLE) * 4
    data = bytearray(text.encode(encoding))
    data[60:60] = b"\xff"
    decoded = decode(bytes(data), "a.txt")
    assert decoded.encoding == encoding
    assert decoded.text.count("\ufffd") == 1
    assert decoded.text.replace("\ufffd", "") == text
    assert any(f"not {encoding}" in warning and "line 1" in warning for warning in decoded.warnings)


def test_what_is_damaged_throughout_is_refused() -> None:
    data = b"".join(bytes([b, 0xFF]) for b in SIMPLE.encode("gb18030"))
    with pytest.raises(InputError, match=r"--encoding"):
        decode(data, "a.txt")


def test_lines_of_two_encodings_are_read_each_in_its_own_and_that_is_said() -> None:
    decoded = decode((SIMPLE * 5).encode() + SIMPLE.encode("gb18030"), "a.txt")
    assert decoded.text == SIMPLE * 6
    assert decoded.warnings == ("mixes encodings: 1 line is gb18030, line 6",)


EURO = SIMPLE.replace("三车", "€三车")
PRIVATE = SIMPLE.strip() + "龴"


@pytest.mark.parametrize(
    ("data", "text", "warning"),
    [
        (
            EURO.encode("gbk", "ignore").replace("三车".encode("gbk"), b"\x80" + "三车".encode("gbk")),
            EURO,
            "",
        ),
        (SIMPLE.strip().encode("gbk") + b"\xfe\x59", PRIVATE, ""),
        (b"\xef\xbb\xbf" + SIMPLE.encode("gbk"), SIMPLE, "the mark of UTF-8 stands before"),
        (SIMPLE.replace("清扫", "清\0扫").encode(), SIMPLE, "1 NUL character is left out"),
    ],
)
def test_small_faults_of_other_programs_refuse_no_file(data: bytes, text: str, warning: str) -> None:
    decoded = decode(data, "a.txt")
    assert decoded.text == text
    assert [w for w in decoded.warnings if warning not in w] == []
    assert bool(decoded.warnings) == bool(warning)


def test_accepting_damage_never_turns_an_intact_file_into_another() -> None:
    decoded = decode(SIMPLE.encode(), "a.txt", encoding="gb18030:replace")
    assert (decoded.text, decoded.encoding) == (SIMPLE, "utf-8")


BROKEN = {
    "UTF-8 read as Latin-1": SIMPLE.encode().decode("latin-1"),
    "GBK read as Latin-1": SIMPLE.encode("gbk").decode("latin-1"),
    "UTF-8 read as GBK": SIMPLE.encode().decode("gb18030", "replace"),
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("suffix", ["txt", "jsonl"])
def test_text_broken_before_it_was_saved_is_named_and_mended_when_asked(
    tmp_path: Path, what: str, suffix: str
) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_text(BROKEN[what] if suffix == "txt" else json.dumps({"text": BROKEN[what]}), encoding="utf-8")
    (found,) = read_documents(str(path))
    (mended,) = read_documents(str(path), Reading(fix_text=True))
    assert isinstance(found, Document)
    assert isinstance(mended, Document)
    assert found.text != mended.text
    assert f"reads like {what}" in found.warnings[-1]
    kept = sum(a in mended.text for a in SIMPLE)
    assert kept >= len(SIMPLE) - 3
    assert "mended" in mended.warnings[-1]


@pytest.mark.parametrize(
    "text", [SIMPLE, TRADITIONAL, "清扫小巷", "café déjà vu très élégant", "これはテストです"]
)
def test_intact_text_is_left_alone(text: str) -> None:
    assert recognise(text) is None


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
    decoded = decode(lines + b" " * (len(lines) % 2), "a.jsonl")
    assert decoded.text.split() == ['{"text":', '"保洁员清扫小巷。"}', '{"text":', '"环卫工人清运垃圾。"}']
    assert decoded.warnings
