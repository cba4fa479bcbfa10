"""Every JSON output against its schema in the wheel, and that the schemas can find fault."""

import copy
import json

import pytest
from commands import Command
from fake_tagger import FakeTagger, invent, paragraphs
from jsonschema import Draft202012Validator
from judged_schemas import wrong

from civictag.datamodel import ModelInfo
from civictag.evaluation.evaluate import evaluate
from civictag.evaluation.report_text import report_json, report_table
from civictag.util.resources import schema, schemas

pytestmark = pytest.mark.usefixtures("few_ways")

# Schema -> the command; CORPUS, MODEL and ROOM are filled in.
VERBS = {
    "tag": "tag ROOM/new.txt -m MODEL -f json --explain --all-scores",
    "evaluate": "evaluate CORPUS -m MODEL -f json --resamples 30",
    "compare": "compare CORPUS -m MODEL -m MODEL -f json --resamples 30",
    "stats": "stats ROOM/rows.csv -m MODEL -f json --by town --by date:month",
    "models": "models --json",
    "model": "models MODEL --json",
    "verify": "models verify MODEL --json",
    "corpus-check": "corpus check CORPUS --json",
    "corpus-stats": "corpus stats CORPUS --json",
    "corpus-split": "corpus split ROOM/wang.jsonl -o ROOM/a.jsonl --test ROOM/b.jsonl --json",
    "corpus-audit": "corpus audit CORPUS --json",
    "corpus-agreement": "corpus agreement ROOM/wang.jsonl ROOM/li.jsonl --json --resamples 30",
    "corpus-curve": "corpus curve RIVER --json",
    "doctor": "doctor --json",
}
OTHERWISE = {
    "corpus-audit": "corpus audit CORPUS --json --paragraphs",
    "stats": "stats ROOM/new.txt -m MODEL -f json",
}


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """An article, a table of articles, and what two people made of the same paragraphs."""
    room = tmp_path_factory.mktemp("schemas")
    (room / "new.txt").write_text("早上阿福打扫了晒场。\n石头帮他收了稻子。\n", "utf-8")
    table = "id,text,town,date\n1,阿福擦洗水井。,东,2024-03-02\n2,他搭把手。,西,2024-04-01\n"
    (room / "rows.csv").write_text(table, "utf-8")
    for name, labels in (("wang", ["tidy"]), ("li", [])):
        rows = [
            {"doc": f"d{n}", "para": n, "text": f"第{n}口井。", "labels": labels if n else ["tidy"]}
            for n in range(9)
        ]
        (room / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return room


def output(line, room, corpus, model, capture):
    places = {"CORPUS": corpus, "MODEL": model, "RIVER": f"{corpus}/river.jsonl"}
    words = [places.get(word, word.replace("ROOM", str(room))) for word in line.split()]
    code, out, err = Command(capture)(*words)
    assert code == 0 or words[:2] == ["corpus", "check"], err
    return json.loads(out, parse_constant=pytest.fail)  # NaN is no JSON


# Of the audit in every run the one that names paragraphs; the curve trains a dozen models: of one file.
LINES = [
    pytest.param(*pair, marks=[pytest.mark.slow] * (pair == ("corpus-audit", VERBS["corpus-audit"])))
    for pair in [*VERBS.items(), *OTHERWISE.items()]
]


@pytest.mark.parametrize(("name", "line"), LINES)
def test_a_real_output_is_what_its_schema_says(name, line, room, tiny_corpus, small_model, capfdbinary):
    found = output(line, room, tiny_corpus, small_model, capfdbinary)
    assert found
    validator = Draft202012Validator(schema(name))
    assert wrong(validator, found) == []
    assert wrong(validator, spoilt(found)) != [], "a key that nobody knows"
    for key in list(first(found)):
        assert wrong(validator, without(found, key)) != [] or key == "copies_differ"


@pytest.mark.parametrize("name", [name for name in VERBS if name not in ("corpus-audit", "corpus-curve")])
def test_what_a_program_reads_never_changes_with_the_language(
    name, room, tiny_corpus, small_model, capfdbinary, monkeypatch
):
    told = []
    for language in ("en", "zh"):
        monkeypatch.setenv("CIVICTAG_LANG", language)
        line = VERBS[name].replace("--json", f"--lang {language} --json")
        line = line.replace("-f json", f"--lang {language} -f json")
        told.append(output(line, room, tiny_corpus, small_model, capfdbinary))
    if name == "doctor":
        for found, language in zip(told, ("en", "zh"), strict=True):
            assert found.pop("language") == language
            found["findings"] = [f for f in found["findings"] if f["what"] != "language of messages"]
    assert told[0] == told[1]


@pytest.mark.parametrize("more", [["-m", "MODEL"], ["-l", "civic"]])
def test_each_line_is_what_the_schema_says_of_lines(more, room, small_model, capfdbinary):
    words = [str(small_model) if word == "MODEL" else word for word in more]
    _code, out, _err = Command(capfdbinary)(
        "tag", room / "new.txt", room / "rows.csv", "-f", "jsonl", "--explain", "--all-scores", *words
    )
    whole = schema("tag")
    validator = Draft202012Validator({**whole["$defs"]["line"], "$defs": whole["$defs"]})
    for line in map(json.loads, out.splitlines()):
        assert wrong(validator, line) == []
        assert wrong(validator, {**line, "nobody_knows": 1}) != []
        assert ("model" in line) is (more[0] == "-l")


def first(found):
    return found[0] if isinstance(found, list) else found


def spoilt(found):
    changed = copy.deepcopy(found)
    first(changed)["nobody_knows"] = 1
    return changed


def without(found, key):
    changed = copy.deepcopy(found)
    del first(changed)[key]
    return changed


def test_every_schema_is_one_and_is_tried():
    assert set(schemas()) == {*VERBS, "manifest"}
    for name in schemas():
        Draft202012Validator.check_schema(schema(name))
    with pytest.raises(KeyError):
        schema("../labels.en")


@pytest.mark.parametrize("which", ["small_model", "small_model_of_format_2", "civic_model"])
def test_the_stored_report_of_a_training(which, request):
    with open(f"{request.getfixturevalue(which)}/manifest.json", encoding="utf-8") as file:
        found = json.load(file)
    validator = Draft202012Validator(schema("manifest"))
    assert wrong(validator, found) == []
    assert wrong(validator, without(found, "chosen")) != []
    assert wrong(validator, found | {"biases": {"a": "0"}}) != []


class Unlearned(FakeTagger):
    @property
    def info(self):
        named = {"c": {"why": "few", "positives": 1, "by_cues": False}}
        return ModelInfo("fake", "1", "0" * 64, {"not_learned": named})


def test_an_evaluation_says_what_was_not_learned():
    truth, answers = invent(60, 9)
    answers[:, 2] = 0.01
    report = evaluate(Unlearned(answers), paragraphs(truth), resamples=0)
    found = json.loads(report_json(report))
    assert wrong(Draft202012Validator(schema("evaluate")), found) == []
    assert {x["label"]: x["learned"] for x in found["labels"]} == {"a": True, "b": True, "c": False}
    (line,) = [line for line in report_table(report).splitlines() if line.startswith("c ")]
    assert "not learned" in line
    assert "0.000" not in line
