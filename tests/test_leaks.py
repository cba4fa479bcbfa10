"""Measured on what was trained on: said; on other articles: not."""

from civictag.corpus.files import read_corpus
from civictag.datamodel import LabelledParagraph
from civictag.evaluation.evaluate import evaluate
from civictag.evaluation.leaks import leak_notes


def test_a_test_set_from_the_training_corpus_is_told(small_tagger, tiny_corpus):
    rows = read_corpus([tiny_corpus])
    report = evaluate(small_tagger, rows, resamples=0)
    assert any("learned from: paragraphs 60 of 60, articles 12;" in note for note in report.notes)


def test_other_articles_and_unknown_folders_are_not(small_tagger, tmp_path):
    rows = [LabelledParagraph("x", 1, "驿站的马换了新蹄铁，信差说山口的雪要到清明才化。", ())]
    assert leak_notes(small_tagger.info.folder, rows) == ()
    assert leak_notes(str(tmp_path), rows) == ()
    assert leak_notes("", rows) == ()
