"""Evidence: what the spans and the rest weigh together is the score, and spans lie where they say."""

from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civictag.datamodel import Article, Paragraph
from civictag.model.attribution import Span, merge, spread
from civictag.model.calibration import sigmoid
from civictag.model.tagger import BATCH

PIECES = [
    "打扫了晒场，地面干净。",
    "打掃了曬場，",
    "打 扫 祠 堂",
    "帮他收稻子",
    "不收工钱！",
    "ＬＥＤ屏",
    "2024年",
    "３０.５吨",
    "修屋顶,换瓦；",
    "……",
    "“扫帚”",
    "\n",
    "　",
    "\u200b",
    "做事干净利落。",
    "據說",
    "😀",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)
TITLES = st.sampled_from(["", "晒场和祠堂", "秋收之後"])


@given(text=TEXTS, title=TITLES)
def test_spans_and_the_rest_are_the_score(small_tagger, text, title):
    labels = range(len(small_tagger.labels))
    raw = small_tagger.model.scores([text], [title])[0]
    for label, reason in zip(labels, small_tagger.model.reasons(text, title, labels), strict=True):
        total = sum(span.weight for span in reason.spans) + reason.outside
        assert total == pytest.approx(raw[label], abs=1e-9)


@given(text=TEXTS, title=TITLES)
def test_evidence_and_the_rest_are_the_logit_of_every_label(small_tagger, text, title):
    article = Article("s", title, "utf-8", text, (Paragraph(0, "body", 0, len(text), text),))
    (paragraph,) = small_tagger.tag_article(article, explain=True, explain_all=True).paragraphs
    assert [tag.label for tag in paragraph.reasons] == [label.id for label in small_tagger.labels]
    assert set(paragraph.tags) <= set(paragraph.reasons)
    for tag in paragraph.reasons:
        assert sum(piece.weight for piece in tag.evidence) + tag.outside == pytest.approx(tag.logit, abs=1e-6)
        assert sigmoid(tag.logit) == pytest.approx(tag.probability, abs=1e-12)
        if abs(tag.logit) < 20:  # nearer to 0 and 1 a probability no longer tells its logit
            assert tag.logit == pytest.approx(log(tag.probability / (1 - tag.probability)), abs=1e-6)
        for piece in tag.evidence:
            assert piece.text == text[piece.start : piece.end]


@given(text=TEXTS)
def test_spans_are_inside_apart_and_strongest_first(small_tagger, text):
    for reason in small_tagger.model.reasons(text, "", [0, 1, 2]):
        strengths = [abs(span.weight) for span in reason.spans]
        assert strengths == sorted(strengths, reverse=True)
        places = sorted((span.start, span.end) for span in reason.spans)
        bounds = [at for place in places for at in place]
        assert bounds == sorted(bounds)
        assert all(0 <= start < end <= len(text) for start, end in places)


@pytest.mark.parametrize(
    "text",
    ["阿福提水沖洗水井。", "阿福 提水 冲洗 水井。", "阿福提水冲洗水井｡", "　　阿福提水冲洗水井。"],
    ids=["traditional", "spaced", "half-width", "indented"],
)
def test_offsets_point_into_the_text_as_it_was_written(small_tagger, text):
    (tag,) = small_tagger.tag(text, explain=True)
    assert tag.label == "tidy"
    assert [piece.text for piece in tag.evidence] == [text[p.start : p.end] for p in tag.evidence]
    best = tag.evidence[0]
    assert best.start <= text.index("水井") < text.index("井") < best.end


def test_evidence_is_in_logits(small_tagger):
    text = "阿福提水冲洗水井。"
    (reason,) = small_tagger.model.reasons(text, "", [0])
    (tag,) = small_tagger.tag(text, explain=True)
    slope = small_tagger.calibrations[0].slope
    assert [p.weight for p in tag.evidence] == pytest.approx([s.weight * slope for s in reason.spans])


def test_a_joined_paragraph_is_explained_in_the_article(small_tagger):
    text = "标题\n\n阿福提水冲\n第 2 页\n洗水井。"
    pieces = ((4, 9), (16, 20))
    joined = "".join(text[start:end] for start, end in pieces)
    assert joined == "阿福提水冲洗水井。"
    article = Article("s", "", "utf-8", text, (Paragraph(0, "body", 4, 20, joined, pieces),))
    (paragraph,) = small_tagger.tag_article(article, explain=True).paragraphs
    (tag,) = paragraph.tags
    for piece in tag.evidence:
        letters = [char for char in text[piece.start : piece.end] if char in piece.text]
        assert "".join(letters) == piece.text
    assert any(piece.start < 9 <= 16 < piece.end for piece in tag.evidence)  # over the break


@settings(max_examples=30)
@given(st.lists(st.text("院子ab", min_size=1, max_size=4), min_size=1, max_size=4))
def test_every_character_of_joined_pieces_is_found_again(parts):
    """Between Latin words a join puts a blank that the article does not have."""
    from civictag.model.attribution import _place
    from civictag.paragraphs.blocks import all_glued

    article, joined, pieces = "", "", []
    for part in parts:
        article += "\n\n" if article else ""
        pieces.append((len(article), len(article) + len(part)))
        article += part
        joined = all_glued([joined, part]) if joined else part
    paragraph = Paragraph(0, "body", 0, len(article), joined, tuple(pieces))
    for at, char in enumerate(joined):
        found = article[_place(paragraph, at)]
        assert found == char or (char == " " and found == "\n")


def test_weights_are_spread_in_equal_parts():
    assert spread([(0, 2, 1.0), (1, 4, -3.0)], 5) == [0.5, -0.5, -1.0, -1.0, 0.0]


@pytest.mark.parametrize(
    ("weights", "words", "breaks", "spans"),
    [
        ([1, 1, 1, 1], [(0, 2), (2, 4)], [0], [(0, 4, 4)]),
        ([1, 1, 1, 1], [(0, 2), (2, 4)], [0, 2], [(0, 2, 2), (2, 4, 2)]),  # a sentence begins
        ([1, 1, -2, -1], [(0, 2), (2, 4)], [0], [(2, 4, -3), (0, 2, 2)]),  # the other sign
        ([1, -3, 5, 0], [(0, 2), (2, 3), (3, 4)], [0], [(2, 3, 5), (0, 2, -2)]),  # whole words
        ([1, 0, 1], [(0, 1), (1, 2), (2, 3)], [0], [(0, 1, 1), (2, 3, 1)]),  # nothing between
        ([0, 0], [(0, 2)], [0], []),
        ([], [], [], []),
    ],
)
def test_words_of_one_sign_become_a_span(weights, words, breaks, spans):
    assert merge(weights, words, range(len(weights)), breaks) == tuple(Span(*span) for span in spans)


def test_one_batch_is_as_many(small_tagger):
    texts = ["阿福提水冲洗水井。", "何老师补墙。"] * (BATCH // 2 + 3)
    many = list(small_tagger.tag_many(texts, explain=True))
    assert many == [small_tagger.tag(text, explain=True) for text in texts[:2]] * (BATCH // 2 + 3)
