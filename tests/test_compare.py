"""``compare``: the difference is paired, goes by article, and knows when it cannot tell."""

import json
from dataclasses import replace

import numpy as np
import pytest
from fake_tagger import LABELS, FakeTagger, invent, paragraphs

from civictag.datamodel import Label, ModelInfo
from civictag.errors import ModelError
from civictag.evaluation.compare import MIN_DIFFERING, compare
from civictag.evaluation.evaluate import evaluate
from civictag.evaluation.leaks import FINGERPRINTS
from civictag.evaluation.report_text import comparison_json, comparison_table
from civictag.text.shingles import sketches

TRUTH, ANSWERS = invent(300, 4)


def worse(share, seed=0):
    """The same answers, a share of them turned round."""
    turned = np.random.default_rng(seed).random(ANSWERS.shape) < share
    return np.where(turned, 1 - ANSWERS, ANSWERS)


def compared(a, b, rows=None, **kw):
    return compare(FakeTagger(a), FakeTagger(b), rows or paragraphs(TRUTH), resamples=500, **kw)


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        (worse(0.15), ANSWERS, "better"),
        (ANSWERS, worse(0.15), "worse"),
        (ANSWERS, ANSWERS, "cannot tell"),
        (worse(0.1, 1), worse(0.1, 2), "cannot tell"),
    ],
)
def test_verdict(a, b, verdict):
    result = compared(a, b)
    assert result.verdict == result.micro_f1.verdict == result.macro_f1.verdict == verdict
    assert (result.micro_f1.p is not None and result.micro_f1.p < 0.05) == (verdict != "cannot tell")


def test_p_and_verdict_and_interval_are_one_statement():
    """On small sets the plain draws said p = 0.03 beside an interval around 0."""
    seen = set()
    for seed in range(60):
        articles = 6 + seed % 6
        rows = paragraphs(TRUTH[: 4 * articles], [str(i // 4) for i in range(4 * articles)])
        few = slice(0, 4 * articles)
        result = compared(worse(0.12, seed)[few], worse(0.05, 99 - seed)[few], rows, seed=seed).micro_f1
        sure = result.p is not None and result.p < 0.05
        assert sure == (result.verdict != "cannot tell")
        apart = result.difference.low is not None and (
            result.difference.low > 0 or result.difference.high < 0
        )
        assert not sure or apart
        seen.add((sure, apart))
    assert {(True, True), (False, False)} <= seen


def test_turning_the_question_round_turns_the_answer():
    there, back = compared(worse(0.1), ANSWERS), compared(ANSWERS, worse(0.1))
    assert there.micro_f1.difference.value == pytest.approx(-back.micro_f1.difference.value)
    assert there.micro_f1.difference.low == pytest.approx(-back.micro_f1.difference.high)
    assert there.micro_f1.articles_needed == back.micro_f1.articles_needed


def test_figures_are_those_of_evaluate():
    result = compared(worse(0.1), ANSWERS)
    report = evaluate(FakeTagger(ANSWERS), paragraphs(TRUTH), resamples=0)
    assert result.micro_f1.b == report.scores.figures["micro_f1"].value
    assert [d.b for d in result.labels] == [s.figures["f1"].value for s in report.scores.labels]
    assert result.none.b == report.scores.none.figures["f1"].value


def test_pairing_makes_the_interval_narrower_than_the_models_own():
    result = compared(worse(0.02), ANSWERS).micro_f1.difference
    alone = evaluate(FakeTagger(ANSWERS), paragraphs(TRUTH), resamples=500).scores.figures["micro_f1"]
    assert result.high - result.low < 0.7 * (alone.high - alone.low)


def test_a_set_that_cannot_tell_says_how_many_articles_could():
    few = slice(0, 60)
    a, b, rows = worse(0.04)[few], ANSWERS[few], paragraphs(TRUTH[few])
    small = compared(a, b, rows).micro_f1
    assert small.verdict == "cannot tell"
    assert small.articles_needed > 12
    times = int(np.ceil(small.articles_needed / 12)) + 1
    more = paragraphs(np.tile(TRUTH[few], (times, 1)))
    large = compared(np.tile(a, (times, 1)), np.tile(b, (times, 1)), more).micro_f1
    assert large.difference.value == pytest.approx(small.difference.value)
    assert large.verdict == "better"
    assert large.detectable < large.difference.value


def test_all_wins_on_too_few_articles_are_no_verdict():
    """The bootstrap never draws a loss here and would be sure; a sign test is not."""
    rows = paragraphs(np.ones((40, 3), bool), [str(i) for i in range(40)])
    for differing, verdict in ((MIN_DIFFERING - 1, "cannot tell"), (MIN_DIFFERING, "better")):
        a = np.ones((40, 3))
        a[:differing, 0] = 0
        result = compared(a, np.ones((40, 3)), rows)
        assert result.differing_articles == differing
        assert (result.verdict, result.labels[0].verdict) == (verdict, verdict)
        assert result.labels[1].verdict == "cannot tell"


def test_one_article_has_no_interval_and_no_verdict():
    result = compared(worse(0.3), ANSWERS, paragraphs(TRUTH, ["x"] * 300))
    assert (result.verdict, result.micro_f1.p, result.micro_f1.detectable) == ("cannot tell", None, None)
    assert result.notes


def test_models_are_compared_on_common_labels_in_the_order_of_the_first():
    swapped = FakeTagger(ANSWERS[:, ::-1], labels=LABELS[::-1], name="other")
    result = compare(FakeTagger(ANSWERS), swapped, paragraphs(TRUTH), resamples=50)
    assert [d.name for d in result.labels] == ["a", "b", "c"]
    assert result.micro_f1.difference.value == 0
    assert result.micro_f1.articles_needed is None


def test_no_common_label_is_an_error():
    other = FakeTagger(ANSWERS[:, :1], labels=(Label("z", "z"),))
    with pytest.raises(ModelError, match="no label in common"):
        compare(FakeTagger(ANSWERS), other, paragraphs(TRUTH))


def test_what_evaluate_says_of_a_model_is_said_of_both_sides(tmp_path):
    rows = paragraphs(TRUTH)
    sketches([rows[0].text]).astype("<u4").tofile(tmp_path / FINGERPRINTS)
    seen = ModelInfo("seen", "1", "0" * 64, {}, folder=str(tmp_path))
    blind = ModelInfo("blind", "1", "0" * 64, {"not_learned": {"a": {}}})

    class Told(FakeTagger):
        info = property(lambda self: seen if self.name == "seen" else blind)

    notes = compare(Told(ANSWERS, name="seen"), Told(ANSWERS, name="blind"), rows, resamples=10).notes
    assert [" ".join(note.english.split()[:6]) for note in notes] == [
        "A: (nearly) in the corpus that", "B: the model has not learned",
    ]  # fmt: skip


def test_a_label_that_one_side_has_not_learned_has_no_figure_there():
    class Blind(FakeTagger):
        info = ModelInfo("blind", "1", "0" * 64, {"not_learned": {"a": {}, "b": {"by_cues": True}}})

    never = ANSWERS.copy()
    never[:, 0] = 0
    result = compare(FakeTagger(ANSWERS), Blind(never), paragraphs(TRUTH), resamples=50)
    assert json.loads(comparison_json(result))["not_learned"] == {"a": [], "b": ["a"]}
    rows = [line.split() for line in comparison_table(result).splitlines() if line.startswith("F1 ")]
    assert rows[0][3:] == ["not", "learned", "–", "–", "–", "–"]
    assert "learned" not in rows[1]


def test_table_says_the_verdict_in_words():
    text = comparison_table(compared(worse(0.15), ANSWERS))
    assert "B is better than A in micro F1" in text
    assert "F1 none" in text
    cannot = comparison_table(compared(ANSWERS, ANSWERS))
    assert "cannot tell which is better" in cannot


def test_json_begins_with_the_verdict_and_holds_the_differences():
    result = compared(worse(0.15), ANSWERS)
    data = json.loads(comparison_json(result))
    assert next(iter(data)) == "verdict"
    assert data["verdict"] == "better"
    assert data["micro_f1"]["difference"]["value"] == result.micro_f1.difference.value
    assert len(data["labels"]) == 3
    assert data["labels"][0]["name"] == "a"
    assert replace(result, notes=("x",)).verdict == "better"
