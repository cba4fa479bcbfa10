"""corpus/README.md says what the corpus is: its numbers are counted again here."""

import json
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHEET = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
FILES = {
    file.stem: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for file in sorted((ROOT / "corpus" / "civic").glob("**/*.jsonl"))
}
LABELS = ("sanitation", "volunteering", "propaganda", "property_management", "moral_models")
EVERY = [row for rows in FILES.values() for row in rows]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("| \n").split("|")]


def table(head: str) -> list[list[str]]:
    """The rows below the table head that begins with ``head``."""
    lines = SHEET[SHEET.index(head) :].splitlines()[2:]
    return [cells(line) for line in lines[: next((i for i, x in enumerate(lines) if "|" not in x), None)]]


def counted(name: str, rows: list[dict], articles: int) -> list[str]:
    given = Counter(label for row in rows for label in row["labels"])
    bare = sum(not row["labels"] for row in rows)
    return [name, *map(str, [len(rows), articles, bare, *(given[label] for label in LABELS)])]


def test_every_file_stands_in_the_table_with_its_numbers():
    articles = {name: len({row["doc"] for row in rows}) for name, rows in FILES.items()}
    truth = [counted(name, rows, articles[name]) for name, rows in FILES.items()]
    truth.append(counted("**all**", EVERY, sum(articles.values())))
    lines = "\n".join(f"| {' | '.join(row)} |" for row in truth)
    assert sorted(table("| file |")) == sorted(truth), f"the table should read:\n{lines}"


def test_readings_are_counted():
    readers = Counter(str(row["readers"]) for row in EVERY)
    assert {row[0]: row[1] for row in table("| readings |")} == {k: str(n) for k, n in readers.items()}


def test_rationales_are_counted():
    labels = sum(len(row["labels"]) for row in EVERY)
    reasons = sum(len(row.get("rationale", {})) for row in EVERY)
    assert [row[1] for row in table("| | count |")] == [str(labels), str(reasons)]


def test_every_key_is_explained():
    explained = {key.strip(" `") for row in table("| key |") for key in row[0].split(",")}
    assert {key for row in EVERY for key in row} == explained


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_of_a_kind_that_is_told(name):
    told = [word for word in SHEET.split("- `")[1:] if name.startswith(word.split("`")[0].rstrip("*"))]
    assert told, f"say what kind of text {name} is"


@pytest.mark.parametrize("name", FILES)
def test_rationales_are_spans_of_the_text_for_labels_given(name):
    for row in FILES[name]:
        assert set(row.get("rationale", {})) <= set(row["labels"])
        for spans in row.get("rationale", {}).values():
            assert all(0 <= start < end <= len(row["text"]) for start, end in spans)
