"""Tables of any rows: as many come out as went in, each equal to what was written, or named."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.readers.options import Reading
from civictag.readers.reading import read_documents

# What CSV and JSON have rules for, among Chinese; then any character that a file of UTF-8 can hold.
MARKS = st.text(alphabet=list("甲乙丙，。「」\"',;|\t\n\\{}[]: =-0１ab#"), max_size=40)
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=40)
ROWS = st.lists(st.tuples(MARKS | ANY, MARKS | ANY), min_size=1, max_size=6)
Rows = list[tuple[str, str]]


def as_jsonl(rows: Rows) -> str:
    return "".join(json.dumps({"id": f"r{n}", "text": t, "栏": e}) + "\n" for n, (t, e) in enumerate(rows))


def as_json(rows: Rows) -> str:
    found = [{"id": f"r{n}", "text": text, "栏": more} for n, (text, more) in enumerate(rows)]
    return json.dumps(found, ensure_ascii=False, indent=1)


def as_csv(rows: Rows, separator: str = ",") -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "text", "栏"])
    writer.writerows([f"r{n}", text, more] for n, (text, more) in enumerate(rows))
    return out.getvalue()


FORMS = {"a.jsonl": as_jsonl, "a.json": as_json, "a.csv": as_csv, "a.tsv": lambda rows: as_csv(rows, "\t")}


def read(name: str, data: bytes) -> list[Document | InputError]:
    """Cells as they stand: elsewhere 「¶」 and 「<br>」 are the line breaks that they stand for."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return list(read_documents(str(path), Reading(encoding="utf-8", raw_cells=True)))


def check_round_trip(name: str, rows: Rows) -> None:
    found = read(name, FORMS[name](rows).encode("utf-8"))
    assert len(found) == len(rows), found
    for number, (item, (text, more)) in enumerate(zip(found, rows, strict=True)):
        assert isinstance(item, Document), item
        assert (item.id, item.text, item.extra.get("栏", "")) == (f"r{number}", text, more)


def check_damaged(name: str, data: st.DataObject, rows: Rows) -> None:
    whole = FORMS[name](rows).encode("utf-8")
    at = data.draw(st.integers(0, len(whole) - 1))
    instead = data.draw(st.binary(max_size=2))
    damaged = data.draw(st.sampled_from([whole[:at], whole[:at] + instead + whole[at + 1 :]]))
    with contextlib.suppress(InputError):
        assert all(isinstance(item, Document | InputError) for item in read(name, damaged))


EXAMPLES = [60, pytest.param(500, marks=pytest.mark.slow)]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("examples", EXAMPLES)
def test_what_is_written_is_read(name: str, examples: int) -> None:
    @settings(max_examples=examples)
    @given(rows=ROWS)
    def check(rows: Rows) -> None:
        check_round_trip(name, rows)

    check()


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("examples", EXAMPLES)
def test_a_damaged_table_is_read_or_named(name: str, examples: int) -> None:
    """A byte other than it was, or the end cut off: rows or errors of input, nothing else."""

    @settings(max_examples=examples)
    @given(data=st.data(), rows=ROWS)
    def check(data: st.DataObject, rows: Rows) -> None:
        check_damaged(name, data, rows)

    check()
