"""``evaluate``: the report as a whole, on a tagger whose answers are known."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from fake_tagger import IDS, FakeTagger, invent, paragraphs

from civictag.datamodel import LabelledParagraph
from civictag.errors import CorpusError
from civictag.evaluation.evaluate import evaluate
from civictag.evaluation.predictions import few_articles
from civictag.evaluation.report import LABEL_FIGURES, WHOLE_FIGURES
from civictag.evaluation.report_text import UNDEFINED, report_json, report_table
from civictag.util.terminal import width_of


@pytest.fixture(scope="module")
def report():
    truth, answers = invent(200, 5)
    return evaluate(FakeTagger(answers), paragraphs(truth), resamples=300)


def test_every_figure_has_an_interval_around_it(report):
    figures = dict(report.scores.figures)
    figures |= {(lab.label, n): f for lab in report.scores.labels for n, f in lab.figures.items()}
    assert len(figures) == len(WHOLE_FIGURES) + len(IDS) * len(LABEL_FIGURES)
    for name, figure in figures.items():
        assert figure.low <= figure.value <= figure.high, name
        assert figure.low < figure.high, name


def test_the_same_seed_gives_the_same_report(report):
    truth, answers = invent(200, 5)
    again = evaluate(FakeTagger(answers), paragraphs(truth), resamples=300)
    assert report_json(again) == report_json(report)


def test_paragraphs_without_label_are_scored_like_a_label():
    truth = np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]], bool)
    answers = np.array([[0.1, 0, 0], [0.1, 0, 0], [0.1, 0, 0], [0.9, 0, 0]])
    none = evaluate(FakeTagger(answers), paragraphs(truth), resamples=0).scores.none
    assert (none.support, none.predicted) == (3, 3)
    assert none.figures["precision"].value == pytest.approx(2 / 3)
    assert none.figures["recall"].value == pytest.approx(2 / 3)


def test_sources_are_scored_apart_and_only_when_there_are_several():
    truth, answers = invent(60, 1)
    rows = paragraphs(truth[:40], source="x") + paragraphs(truth[40:], [f"y{i}" for i in range(20)], "y")
    both = evaluate(FakeTagger(answers), rows, resamples=0)
    assert {s: (v.paragraphs, v.articles) for s, v in both.sources.items()} == {"x": (40, 8), "y": (20, 20)}
    alone = evaluate(FakeTagger(answers[:40]), rows[:40], resamples=0)
    assert alone.sources == {}
    assert both.sources["x"].figures == alone.scores.figures


def test_confusions_come_surest_first_and_name_both_sides():
    truth = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]], bool)
    answers = np.array([[0.4, 0, 0], [0, 0.05, 0.6], [0, 0, 0.9], [0.8, 0, 0]])
    report = evaluate(FakeTagger(answers), paragraphs(truth), resamples=0, confusions=2)
    assert [(c.paragraph.para, c.predicted) for c in report.confusions] == [(1, ("c",)), (3, ("a",))]
    assert report.confusions[0].confidence == pytest.approx(0.95)
    assert report.confusions[1].probabilities == {"a": 0.8, "b": 0.0, "c": 0.0}


def test_curve_passes_through_the_point_of_the_models_own_threshold(report):
    for curve, label in zip(report.curves, report.scores.labels, strict=True):
        assert curve.here == (label.figures["recall"].value, label.figures["precision"].value)
        assert min(np.hypot(*np.subtract(curve.here, point)) for point in curve.points) < 0.03


def test_reliability_bins_hold_every_decision(report):
    assert sum(b.count for b in report.scores.reliability) == 200 * len(IDS)
    means = [b.probability for b in report.scores.reliability]
    assert means == sorted(means)


@pytest.mark.parametrize(("articles", "word"), [(1, "one article"), (5, "few articles (5,"), (40, "")])
def test_a_small_set_says_that_it_is_small(articles, word):
    truth, answers = invent(40, 2)
    rows = paragraphs(truth, [str(i % articles) for i in range(40)])
    notes = evaluate(FakeTagger(answers), rows, resamples=10).notes
    assert (word in notes[0]) if word else notes == ()


def test_undefined_figures_are_dashes_and_nulls():
    truth = np.zeros((6, 3), bool)
    report = evaluate(FakeTagger(np.zeros((6, 3))), paragraphs(truth), resamples=0)
    data = json.loads(report_json(report))
    assert data["figures"]["micro_f1"] == {"value": None, "low": None, "high": None}
    line = next(row for row in report_table(report).splitlines() if row.startswith("micro F1"))
    assert line.split() == ["micro", "F1", UNDEFINED]
    assert data["curves"][0]["points"] == []


def test_table_columns_stand_under_each_other(report):
    block = report_table(report).split("\n\n")[2].splitlines()
    titles = ["label", "support", "given", "precision", "recall", "F1", "avg. precision", "ECE"]
    assert re.split(r"\s{2,}", block[0]) == titles
    assert len({width_of(line) for line in block}) == 1


def test_json_has_the_documented_keys(report):
    data = json.loads(report_json(report))
    assert set(data) == {
        "model", "paragraphs", "articles", "figures", "calibrated", "labels", "none", "reliability",
        "sources", "curves", "confusions", "resamples", "notes",
    }  # fmt: skip
    assert set(data["figures"]) == set(WHOLE_FIGURES)
    assert set(data["labels"][0]["figures"]) == set(LABEL_FIGURES)
    assert {"doc", "para", "title", "text", "labels", "predicted"} <= set(data["confusions"][0])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "no labelled paragraphs"),
        ([LabelledParagraph("d7", 3, "第3段", ("z",))], 'd7, paragraph 3, field "labels": .* no label "z"'),
    ],
)
def test_mistakes_of_the_user_are_named(rows, message):
    with pytest.raises(CorpusError, match=message):
        evaluate(FakeTagger(np.zeros((len(rows), 3))), rows)


def test_paragraphs_without_a_source_are_no_source():
    """Scored as one they would stand in the table under an empty name."""
    truth, answers = invent(120, 3)
    rows = [
        *paragraphs(truth[:40], source="甲报"),
        *paragraphs(truth[40:80], source="乙报"),
        *paragraphs(truth[80:]),
    ]
    report = evaluate(FakeTagger(answers), [replace(p, file=p.source or "x") for p in rows], resamples=0)
    assert set(report.sources) == {"甲报", "乙报"}


@pytest.mark.parametrize(("articles", "warned"), [(1, True), (19, True), (20, False)])
def test_few_articles_are_said(articles, warned):
    assert bool(few_articles(articles)) == warned
