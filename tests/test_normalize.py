"""Folding: the table of what becomes what, offsets, and both backends alike."""

import pytest
from backends import each_engine, kernel, needs_kernel, shipped
from hypothesis import given
from hypothesis import strategies as st

from civictag.text import pure_tokenizer as pure
from civictag.text.normalize import normalize, normalize_with_offsets

CASES = [
    ("", ""),
    ("　 \t\n", ""),
    ("清理垃圾，３．５万吨。", "清理垃圾,3.5万吨。"),
    ("ＬＥＤ屏", "led屏"),
    ("環境衛生整治", "环境卫生整治"),
    ("「志願者」『好人榜』“榜”", '"志愿者""好人榜""榜"'),
    ("（一）【通知】〔2021〕5号", "(一)[通知][2021]5号"),
    ("！？；：∶", "!?;::"),
    ("〈守则〉《守则》", "《守则》《守则》"),
    ("·•・", "···"),
    # A point is inner between ASCII letters and digits, else a full stop.
    ("完成3.5%.下一步", "完成3.5%。下一步"),
    ("1.清扫 2.清运", "1。清扫2。清运"),
    ("www.abc.gov.cn", "www.abc.gov.cn"),
    ("see. Next", "see。next"),
    ("共100. 3月", "共100。3月"),
    ("3 . 5 万", "3.5万"),
    ("．5", "。5"),
    # Marks that typography doubles are one.
    ("等等……", "等等…"),
    ("等等...", "等等…"),
    ("等等。。。。", "等等…"),
    ("好人——张", "好人—张"),
    ("好人--张", "好人—张"),
    ("3-5人", "3-5人"),
    ("真的！！", "真的!!"),
    # White space and invisible characters.
    ("志 愿\u200b 者\n服务", "志愿者服务"),
    ("\ufeff标题\x00\x07", "标题"),
    ("LED screen 屏", "led screen屏"),
    ("2 0 2 4 年", "2024年"),
    ("2024 100", "2024 100"),
    ("a b cd", "ab cd"),
    ("5\u200bG \u200b 网", "5g网"),
    # Strokes, circles and fillers laid over characters.
    ("清\u0336扫\u0336垃\u20dd圾\u3164", "清扫垃圾"),
    ("清\u2800扫垃\u17b4圾", "清扫垃圾"),
    ("垃\u0332圾\u0489分\ufe2f类", "垃圾分类"),
    ("\u1160环\u115f卫\uffa0", "环卫"),
    # Characters in disguise, and what is left alone.
    ("\u2f42明", "文明"),
    ("\uf900", "岂"),
    ("①②", "①②"),
    ("👍🏽\ufe0f", "👍🏽"),
    ("\ud800x", "\ud800x"),
    ("㎡", "㎡"),
]


@each_engine
@pytest.mark.parametrize(("text", "normalized"), CASES)
def test_cases(backend, text, normalized):
    lexicon = shipped(backend)
    assert lexicon.normalize(text) == normalized
    assert lexicon.normalize(normalized) == normalized
    assert lexicon.normalize_with_offsets(text)[0] == normalized


def test_the_public_functions_are_the_engine():
    assert normalize("３．５万") == "3.5万"
    text, offsets = normalize_with_offsets("文 明……。")
    assert (text, list(offsets)) == ("文明…", [0, 2, 3])


@each_engine
def test_a_space_put_in_points_at_white_space(backend):
    normalized, offsets = shipped(backend).normalize_with_offsets("abc \u200b def")
    assert normalized == "abc def"
    assert list(offsets) == [0, 1, 2, 5, 6, 7, 8]


# Short alphabets meet the rules far more often than random Unicode does.
CLOSE = st.text(alphabet=list("ab1２Ａ.．。,，-－—… \u3000\u200b垃圾環「”"), max_size=40)
TEXT = CLOSE | st.text(st.characters(codec=None), max_size=60)


@given(TEXT)
def test_folding_twice_is_folding_once(text):
    assert normalize(normalize(text)) == normalize(text)


@given(TEXT)
def test_offsets_rise_and_lead_back(text):
    normalized, offsets = normalize_with_offsets(text)
    assert len(normalized) == len(offsets)
    assert all(a < b for a, b in zip(offsets, list(offsets)[1:], strict=False))
    assert all(0 <= offset < len(text) for offset in offsets)


@given(TEXT, st.data())
def test_a_folded_span_comes_from_its_original_span(text, data):
    normalized, offsets = normalize_with_offsets(text)
    if not normalized:
        return
    start = data.draw(st.integers(0, len(normalized) - 1))
    end = data.draw(st.integers(start + 1, len(normalized)))
    original = text[offsets[start] : offsets[end - 1] + 1]
    # Context may turn a point into a stop and a mark into a doubled one; all else must agree.
    assert _core(normalize(original)) == _core(normalized[start:end])


def _core(text):
    return "".join(c for c in text if c not in ".。…-— ")


@given(st.text(alphabet=list("垃圾分類2024，。、（）“”%万"), max_size=40))
def test_spaces_between_all_characters_change_nothing(text):
    assert normalize(" ".join(text)) == normalize(text)


@needs_kernel
@given(TEXT)
def test_both_engines_fold_alike(text):
    assert shipped(kernel).normalize(text) == shipped(pure).normalize(text)
    ours, offsets = shipped(kernel).normalize_with_offsets(text)
    theirs, other = shipped(pure).normalize_with_offsets(text)
    assert (ours, list(offsets)) == (theirs, list(other))


@each_engine
def test_a_million_points_take_no_square_time(backend):
    assert shipped(backend).normalize("." * 200_000 + " " * 200_000 + "." * 200_000) == "…"
