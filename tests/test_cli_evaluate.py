"""``civictag evaluate`` and ``civictag compare`` as commands: what they print, and where."""

import json
import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from fake_tagger import FakeTagger, invent, paragraphs

from civictag.cli.common.language import localise
from civictag.cli.compare import command as compare_command
from civictag.cli.evaluate import command as evaluate_command
from civictag.corpus.files import write_corpus
from civictag.errors import CorpusError
from civictag.evaluation.compare import Comparison, Difference
from civictag.evaluation.report import LABEL_FIGURES, WHOLE_FIGURES, Confusion, Curve, LabelScores, Scores

TRUTH, ANSWERS = invent(60, 9)


class Explaining(FakeTagger):
    def tag(self, text, title="", *, explain=False):
        return []


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """A corpus file, with two models ``good`` and ``bad`` to load."""
    models = {
        "civic": Explaining(ANSWERS, name="civic"),
        "good": Explaining(TRUTH * 0.8 + 0.1, name="good"),
        "bad": Explaining(np.full(TRUTH.shape, 0.6), name="bad"),
    }
    monkeypatch.setattr("civictag.model.bundle.load", models.__getitem__)
    path = tmp_path / "test.jsonl"
    path.write_text("".join(write_corpus(paragraphs(TRUTH))), encoding="utf-8")
    return str(path)


def run(command, *arguments):
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


@pytest.mark.parametrize(
    ("form", "sign"), [("table", "micro F1"), ("json", '"micro_f1"'), ("html", "<!DOCTYPE html>")]
)
def test_evaluate_prints_each_form_on_standard_output(corpus, form, sign):
    result = run(evaluate_command, corpus, "-f", form, "--resamples", "20")
    assert (result.exit_code, result.stderr) == (0, "")
    assert sign in result.stdout


def test_evaluate_writes_a_file_and_nothing_else(corpus, tmp_path):
    out = tmp_path / "report.json"
    result = run(evaluate_command, corpus, "-f", "json", "-o", str(out), "--resamples", "0")
    assert result.output == ""
    assert json.loads(out.read_text(encoding="utf-8"))["model"]["name"] == "civic"


def test_compare_judges_the_second_model(corpus):
    there = run(compare_command, corpus, "-m", "bad", "-m", "good", "-f", "json")
    back = run(compare_command, corpus, "-m", "good", "-m", "bad", "-f", "json")
    assert json.loads(there.stdout)["verdict"] == "better"
    assert json.loads(back.stdout)["verdict"] == "worse"
    assert "B is better" in run(compare_command, corpus, "-m", "bad", "-m", "good").stdout


@pytest.mark.parametrize("models", [["good"], ["good", "bad", "good"]])
def test_compare_wants_two_models(corpus, models):
    result = run(compare_command, corpus, *(part for model in models for part in ("-m", model)))
    assert result.exit_code == 2
    assert "two models" in result.stderr


@pytest.mark.parametrize("command", [evaluate_command, compare_command])
def test_a_wrong_label_names_file_and_line(corpus, command):
    with open(corpus, "a", encoding="utf-8") as file:
        file.write('{"doc": "x", "para": 1, "text": "x", "labels": ["z"]}\n')
    models = ["-m", "good", "-m", "bad"] if command is compare_command else []
    with pytest.raises(CorpusError, match=re.escape(f"{corpus}, line 61")):
        run(command, corpus, *models)


@pytest.mark.parametrize("command", [evaluate_command, compare_command])
def test_help_ends_in_an_example(command):
    text = run(localise(command), "--help").output  # a test before may have left it in Chinese
    assert text.rstrip().splitlines()[-1].strip().startswith("Example: civictag ")


def test_every_key_of_the_json_is_documented():
    page = (Path(__file__).parents[1] / "docs" / "evaluation.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+)`", page))
    told |= {f"{mean}_{name}" for mean in ("micro", "macro") for name in told}
    names = {*LABEL_FIGURES, *WHOLE_FIGURES}
    for record in (Scores, LabelScores, Curve, Confusion, Comparison, Difference):
        names |= {f.name for f in fields(record)}
    assert names - told <= {"paragraph"}  # written out as doc, para, title, text, labels
