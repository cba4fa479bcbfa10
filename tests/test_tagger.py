"""The tagger: what it gives, in what order, how lazily."""

from dataclasses import replace

import numpy as np
import pytest

from civictag import article_from_text, evaluate
from civictag.datamodel import Article, Label, ModelInfo, Paragraph, Tag
from civictag.model.calibration import Calibration
from civictag.model.tagger import BATCH, Tagger

TIDY, LEND, NONE = "阿福提水冲洗水井的台阶。", "石头帮他收了稻子，不收工钱。", "河里的水涨了三寸。"


class Fixed:
    """A model whose raw scores stand in the text: ``1 -2``; it counts its calls."""

    def __init__(self):
        self.calls = []

    def scores(self, texts, titles):
        self.calls.append(len(texts))
        assert len(texts) == len(titles)
        return [[float(number) for number in text.split()] for text in texts]

    def reasons(self, text, title, labels):
        raise AssertionError("nobody asked for evidence")


def fixed(**changes):
    calibration = Calibration(1.0, 0.0, 0.5, 0.4, 0.6)._replace(**changes)
    labels = [Label("a", "甲"), Label("b", "乙"), Label("c", "丙")]
    return Tagger(Fixed(), labels, [calibration] * 3, ModelInfo("fixed", "1", "0", {}), lambda *_: None)


def article(*texts, kinds=None):
    kinds = kinds or ["body"] * len(texts)
    paragraphs = tuple(
        Paragraph(i, k, 0, len(t), t) for i, (t, k) in enumerate(zip(texts, kinds, strict=True))
    )
    return Article("s", "", "utf-8", "".join(texts), paragraphs)


def test_tags_are_most_probable_first_and_from_the_threshold_on():
    tags = fixed().tag("0 2 -0.01")
    assert [(tag.label, tag.name) for tag in tags] == [("b", "乙"), ("a", "甲")]
    assert [tag.probability for tag in tags] == pytest.approx([1 / (1 + np.exp(-2)), 0.5])
    assert fixed(threshold=0.51).tag("0 0 0") == []


@pytest.mark.parametrize(("scores", "review"), [("-9 9 -9", False), ("-9 9 0.1", True), ("0.5 -9 -9", False)])
def test_one_doubtful_label_is_enough_for_review(scores, review):
    assert fixed().tag_article(article(scores)).paragraphs[0].review is review


def test_only_body_is_tagged():
    tagger = fixed()
    tagged = tagger.tag_article(article("1 1 1", "9 9 9", "9 9 9", kinds=["body", "heading", "furniture"]))
    assert [len(p.tags) for p in tagged.paragraphs] == [3, 0, 0]
    assert tagger.model.calls == [1]


def test_scores_of_every_label_when_asked_for():
    tagged = fixed().tag_article(article("0 1 -1"), all_scores=True)
    assert tagged.paragraphs[0].scores == pytest.approx({"a": 0.5, "b": 0.731059, "c": 0.268941}, abs=1e-6)
    assert fixed().tag_article(article("0 1 -1")).paragraphs[0].scores is None


def test_articles_without_paragraphs_pass():
    assert [len(a.paragraphs) for a in fixed().tag_articles([article(), article("1 1 1"), article()])] == [
        0,
        1,
        0,
    ]


def test_many_texts_come_lazily_in_order_and_by_the_batch():
    tagger, taken = fixed(), []

    def endless():
        for number in range(10**9):
            taken.append(number)
            yield f"{number} -9 -9"

    many = tagger.tag_many(endless())
    first = [next(many)[0].probability for _ in range(3)]
    assert first == sorted(first)
    assert len(taken) == 3  # a slow source is answered as it goes
    tagger = fixed()
    many = tagger.tag_many([f"{number} -9 -9" for number in range(2 * BATCH)])
    next(many)
    assert tagger.model.calls == [BATCH]


def test_articles_come_lazily_and_short_ones_of_a_list_are_scored_together():
    tagger, taken = fixed(), []

    def endless():
        while True:
            taken.append(1)
            yield article("1 1 1", "0 0 0")

    tagged = tagger.tag_articles(endless())
    assert len(next(tagged).paragraphs) == 2
    assert len(taken) == 1  # a slow source is answered as it goes
    tagger.model.calls.clear()
    assert len(next(tagger.tag_articles([article("1 1 1", "0 0 0")] * BATCH)).paragraphs) == 2
    assert tagger.model.calls == [BATCH]


def test_titles_must_be_as_many_as_texts():
    with pytest.raises(ValueError, match="as many titles"):
        list(fixed().tag_many(["1 1 1", "1 1 1"], ["one"]))


def test_what_is_no_article_and_no_text_is_named():
    with pytest.raises(TypeError, match="article_from_text"):
        fixed().tag_article("1 1 1")
    with pytest.raises(TypeError, match="NoneType"):
        article_from_text(None)
    with pytest.raises(TypeError, match="read_corpus"):
        evaluate(fixed(), "test.jsonl")


def test_a_notebook_shows_what_says_something():
    """Neither the text of an article nor fields that are as they always are."""
    shown = article_from_text("清河镇简讯\n\n" + "一段话。" * 999, "题")
    assert repr(shown) == "Article(source='-', title='题', encoding='utf-8')"
    assert (
        repr(Paragraph(0, "body", 0, 2, "好。"))
        == "Paragraph(index=0, kind='body', start=0, end=2, text='好。')"
    )
    assert repr(Tag("a", "甲", 0.5)) == "Tag(label='a', name='甲', probability=0.5)"


def test_probabilities_decisions_and_review_are_arrays(small_tagger):
    p = small_tagger.probabilities([TIDY, LEND, NONE])
    assert p.shape == (3, 3)
    assert ((p >= 0) & (p <= 1)).all()
    given = [
        [label.id for label, yes in zip(small_tagger.labels, row, strict=True) if yes]
        for row in small_tagger.decide(p)
    ]
    assert given == [["tidy"], ["lend"], []]
    assert small_tagger.review_mask(p).shape == (3,)
    assert small_tagger.probabilities([]).shape == (0, 3)


def test_arrays_and_tags_decide_alike(small_tagger):
    texts = [TIDY, LEND, NONE, TIDY + LEND, "他补墙，打扫。", ""] * 60
    p = small_tagger.probabilities(texts)
    tagged = small_tagger.tag_article(article(*texts))
    for row, given, doubt, paragraph in zip(
        p, small_tagger.decide(p), small_tagger.review_mask(p), tagged.paragraphs, strict=True
    ):
        named = {label.id: q for label, q, yes in zip(small_tagger.labels, row, given, strict=True) if yes}
        assert {tag.label: tag.probability for tag in paragraph.tags} == named
        assert paragraph.review == doubt


def test_the_title_of_an_article_is_used(small_tagger):
    one = Article("s", "晒场和祠堂", "utf-8", TIDY, (Paragraph(0, "body", 0, len(TIDY), TIDY),))
    tagged = small_tagger.tag_article(one, all_scores=True).paragraphs[0].scores
    expected = small_tagger.probabilities([TIDY], ["晒场和祠堂"])[0]
    assert list(tagged.values()) == list(expected)
    assert list(tagged.values()) != list(small_tagger.probabilities([TIDY])[0])


def test_what_a_reader_cites(small_tagger):
    cited = small_tagger.info.as_dict()
    assert list(cited) == ["name", "version", "sha256"]
    assert (cited["name"], cited["version"], len(cited["sha256"])) == ("tiny", "3", 64)


def test_an_article_keeps_all_that_is_known_of_it():
    given = replace(
        article("1 1 1"), id="7", extra={"x": 1}, warnings=("w",),
        date="2024-05", unit="北苑社区", date_from="name", unit_from="folder",
    )  # fmt: skip
    (found,) = fixed().tag_articles([given])
    assert found.paragraphs[0].tags
    assert replace(found, paragraphs=()) == replace(given, paragraphs=())


def test_a_pickle_is_the_folder_and_the_hash(small_tagger, tmp_path):
    import pickle
    import shutil

    from civictag.errors import ModelError
    from civictag.model import bundle

    again = pickle.loads(pickle.dumps(small_tagger))
    assert again.info.sha256 == small_tagger.info.sha256
    assert again.tag("何老师修屋顶。") == small_tagger.tag("何老师修屋顶。")
    assert "tiny 3" in repr(again)
    copy = tmp_path / "copy"
    shutil.copytree(small_tagger.info.folder, copy)
    data = pickle.dumps(bundle.load(str(copy)))
    shutil.rmtree(copy)
    with pytest.raises(ModelError):
        pickle.loads(data)


def test_one_text_for_a_list_is_refused(small_tagger):
    with pytest.raises(TypeError, match="one text"):
        small_tagger.probabilities("打扫晒场")
    with pytest.raises(TypeError, match="one text"):
        list(small_tagger.tag_many("打扫晒场"))
