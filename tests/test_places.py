"""What is wrong in a file is said with its file, line (or row) and field: one table per kind of reader."""

from __future__ import annotations

import gzip
import io
import json
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from civictag.corpus.export import export
from civictag.corpus.files import read_corpus
from civictag.datamodel import Document, Label, LabelledParagraph
from civictag.errors import CivictagError, CorpusError, InputError
from civictag.readers import Reading, read_documents
from civictag.readers.limits import ARTICLE_BYTES

WALK = "老人沿着河堤散步，孩子们在旁边的球场上踢球。"
RAIN = "雨停以后，值守人员打开了泵站的三道闸门。"
GB = f"{WALK}{RAIN}".encode("gb18030")
Place = tuple[int | None, str | None, str]


def sheets(*tables: list[list[object]], merge: str = "", zeros: str = "") -> bytes:
    """A workbook; ``merge`` is a range of the first sheet that is merged, ``zeros`` a cell shown as 000."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(tables, 1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    if merge:
        book.worksheets[0].merge_cells(merge)
    if zeros:
        book.worksheets[0][zeros].number_format = "0000"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet(texts: Iterable[object], kind: object = None) -> bytes:
    import pyarrow
    from pyarrow import parquet as format_

    file = io.BytesIO()
    format_.write_table(pyarrow.table({"text": pyarrow.array(texts, kind)}), file)
    return file.getvalue()


def no_utf8() -> bytes:
    """A Parquet file whose second text is not UTF-8."""
    import pyarrow

    raw = pyarrow.array([WALK.encode(), b"\xff\xfe", RAIN.encode()], pyarrow.binary())
    return parquet(
        raw.cast(pyarrow.string(), safe=False)
        if False
        else pyarrow.Array.from_buffers(pyarrow.string(), 3, raw.buffers())
    )


def jsonl(*rows: object) -> bytes:
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows).encode()


def packed(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, data in members.items():
            package.writestr(name.replace("_", "."), data)
    return file.getvalue()


LIMIT = 100_000  # bytes of a row
GOOD = {"text": WALK}
LONG = {"text": "长" * LIMIT}
LINES = f'text\n{WALK}\n"{(WALK * 700 + chr(10)) * 3}"\n'
QUOTE = f'text,id\n{WALK},1\n{RAIN},"2\n{WALK},3\n'
# name, content, and of each error: line, field, what its message says
TABLE = f"text\n{WALK}\n" + f"{RAIN}\n" * 40
FILES: dict[str, tuple[str, bytes, list[Place]]] = {
    "a line that is no JSON": ("a.jsonl", jsonl(GOOD, "", '{"text": }', GOOD), [(3, None, "column 10")]),
    "a line that is no object": ("a.jsonl", jsonl(GOOD, "[3]"), [(2, None, "found a list")]),
    "a line nested too deep": ("a.jsonl", jsonl(GOOD, "[" * 90_000), [(2, None, "nested too deep")]),
    "a long number": ("a.jsonl", jsonl(GOOD, "9" * 5000), [(2, None, "4,300 digits")]),
    "a line without text": ("a.jsonl", jsonl(GOOD, {"a": 1}), [(2, None, "no column")]),
    "a text that is a number": ("a.jsonl", jsonl(GOOD, GOOD, {"text": 3}), [(3, "text", "expected text")]),
    "a long row": ("a.jsonl", jsonl(GOOD, LONG, GOOD), [(2, None, "longer than")]),
    "a long text in a row": ("a.csv", LINES.encode(), [(3, "text", "longer than")]),
    "half a character": ("a.jsonl", jsonl(GOOD, '{"text": "\\ud83d"}'), [(2, None, "half a character")]),
    "an element that is no object": ("a.json", b'[{"text": "a"}, {"text": "b"}, 7]', [(3, None, "object")]),
    "an element without text": ("a.json", b'[{"text": "a"}, {"b": 1}]', [(2, None, "no column")]),
    "an open quotation mark": ("a.csv", QUOTE.encode(), [(3, None, "quotation mark is not closed")]),
    "an open mark, lines of old Macs": ("a.csv", QUOTE.replace("\n", "\r").encode(), [(3, None, "quot")]),
    "a cell too many": ("a.csv", b"text,id\na,1\n\nb,2,3\n", [(4, None, "3 cells, but the header has 2")]),
    "a header again": ("a.csv", f"text,id\n{WALK},1\ntext,id\n".encode(), [(3, None, "header")]),
    "a header twice": ("a.csv", b"text,id,id\na,1,2\n", [(1, None, "two columns are called")]),
    "a line of another encoding": ("a.csv", TABLE.encode() + GB, [(43, None, "not utf-8")]),
    "a cell that is a number": ("a.xlsx", sheets([["text"], [WALK], [None], [5]]), [(4, "text", "found")]),
    "two columns of one name": ("a.xlsx", sheets([["月报"], ["id", "text", "id"]]), [(2, None, "two col")]),
    "a number in the second sheet": (
        "a.xlsx", sheets([["text"], [WALK]], [["text"], [WALK], [3]]), [(3, "text", "found")]
    ),
    "a long text in Parquet": ("a.parquet", parquet([WALK, RAIN, "长" * 40_000]), [(3, None, "longer")]),
    "a number in Parquet": ("a.parquet", parquet([4, 5]), [(1, "text", "found"), (2, "text", "found")]),
    "damage in Parquet": ("a.parquet", no_utf8(), [(2, None, "cannot be read")]),
    "a packed row": ("a.zip", packed(a_jsonl=jsonl(GOOD, {"text": 3})), [(2, "text", "expected text")]),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "places"), FILES.values(), ids=FILES)
def test_a_fault_in_a_table_has_its_place(
    tmp_path: Path, name: str, data: bytes, places: list[Place]
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    errors = list(_errors(str(path)))
    assert [(error.line, error.field) for error in errors] == [place[:2] for place in places]
    for error, (_line, _field, said) in zip(errors, places, strict=True):
        assert said in str(error)
        assert str(error.where).startswith(str(path))


def _errors(path: str) -> Iterator[InputError]:
    try:
        for item in read_documents(path, Reading(limit=LIMIT)):
            if isinstance(item, InputError):
                yield item
    except InputError as error:
        yield error


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_the_place_is_the_same_in_a_packed_file(tmp_path: Path, suffix: str) -> None:
    case = {"jsonl": "a text that is a number", "csv": "an open quotation mark"}[suffix]
    path = tmp_path / f"a.{suffix}.gz"
    path.write_bytes(gzip.compress(FILES[case][1]))
    assert [error.line for error in _errors(str(path))] == [3]


UTF8 = f"{WALK}\n{RAIN}\n".encode() * 30
NOTES = {
    "places that are damaged": (UTF8 + b"\xff" + UTF8, f"line 61 (byte {len(UTF8)})"),
    "lines of two encodings": (UTF8 + GB + b"\n" + UTF8, "line 61"),
    "cut off within a character": (GB[:-1], f"byte {len(GB) - 2}"),
}


@pytest.mark.parametrize(("data", "said"), NOTES.values(), ids=NOTES)
def test_damage_in_a_text_has_its_place(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    (document,) = read_documents(str(path), Reading())
    assert isinstance(document, Document)
    assert said in " ".join(document.warnings)


LABELS = (Label("water", "水务", "Water"), Label("sport", "体育", "Sport"))
ONE = f'{{"text": "{WALK}", "labels": []}}'
TASK = {"data": {"text": WALK}, "annotations": [{"result": []}]}
SPANS = {"result": [{"value": {"labels": ["a"], "start": 0}}]}
CORPORA: dict[str, tuple[str, bytes, Place]] = {
    "a line that is no JSON": ("c.jsonl", jsonl(ONE, "", "{"), (3, None, "not valid JSON")),
    "a line that is no object": ("c.jsonl", jsonl(ONE, "[3]"), (2, None, "not a JSON object")),
    "a line of another encoding": ("c.jsonl", f"{ONE}\n".encode() * 40 + GB, (41, None, "is not utf-8")),
    "a long line": ("c.jsonl", jsonl(ONE, "x" * ARTICLE_BYTES + "x"), (2, None, "longer than")),
    "labels missing": ("c.jsonl", jsonl(ONE, ONE, {"text": "a"}), (3, "labels", "is missing")),
    "spans": ("c.jsonl", jsonl(ONE, {"text": "a", "labels": [[0, 1, "a"]]}), (2, "labels", "")),
    "no list of labels": ("c.jsonl", jsonl(ONE, {"text": "a", "labels": 3}), (2, "labels", "is not a list")),
    "no text": ("c.jsonl", jsonl(ONE, {"text": " ", "labels": []}), (2, "text", "is missing or empty")),
    "tags of a machine": ("c.jsonl", jsonl(ONE, {"text": "a", "tags": []}), (2, "labels", "a machine gave")),
    "half a character": ("c.jsonl", jsonl(ONE, '{"text": "\\ud83d", "labels": []}'), (2, "text", "half a")),
    "no number": ("c.jsonl", jsonl(ONE, {"text": "a", "para": "b", "labels": []}), (2, "para", "whole")),
    "an unknown label": ("c.jsonl", jsonl(ONE, {"text": "a", "labels": ["x"]}), (2, "labels", "unknown")),
    "unknown labels": ("c.csv", b"text,labels\na,water\nb,x\nc,y\n", (3, "labels", "stand in 2 rows")),
    "an empty label": ("c.jsonl", jsonl(ONE, {"text": "a", "labels": [""]}), (2, "labels", "empty label")),
    "spans of doccano": ("c.jsonl", jsonl(ONE, {"text": "a", "label": [[0, 1, "b"]]}), (2, "label", "")),
    "a tick": ("c.csv", b"text,water,sport\na,1,0\nb,1,?\n", (3, "sport", "neither 1 nor 0")),
    "an open quotation mark": ("c.csv", b'text,labels\na,water\n"b,sport\n', (3, None, "quotation mark")),
    "a cell that is a number": ("c.xlsx", sheets([["text", "labels"], [WALK], [3]]), (3, "text", "found")),
    "a task without text": ("c.json", jsonl([TASK, TASK, {**TASK, "data": {}}]), (3, "data.text", "missing")),
    "a task with spans": ("c.json", jsonl([TASK, {**TASK, "annotations": [SPANS]}]), (2, "annotations", "")),
    "a task without result": ("c.json", jsonl([TASK, {**TASK, "annotations": [{}]}]), (2, "annotations", "")),
    "an element with none": ("c.json", b'[{"text": "a", "labels": []}, {"labels": []}]', (2, None, "")),
    "a label within a text": ("c.txt", b"__label__water a\n\nb __label__sport c\n", (3, None, "within")),
    "an unknown label of fastText": ("c.txt", b"__label__water a\n__label__x b\n", (2, "labels", "unknown")),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "place"), CORPORA.values(), ids=CORPORA)
def test_a_fault_in_a_corpus_has_its_place(tmp_path: Path, name: str, data: bytes, place: Place) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(CorpusError) as caught:
        read_corpus([path], LABELS, lambda note: None)
    assert (caught.value.line, caught.value.field) == place[:2]
    assert place[2] in str(caught.value)
    assert str(caught.value.where).startswith(str(path))


TOLD = {
    "rows without a text": ("c.csv", b"text,labels\na,water\n , \n , \n", "2 rows without text are left out"),
    "another column": (
        "c.csv", b"text,labels,tags\na,water,water\nb,water,sport\nc,sport,water\n", "2 rows (first in line 3"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "said"), TOLD.values(), ids=TOLD)
def test_what_is_odd_in_a_corpus_has_its_count_and_place(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    notes: list[str] = []
    read_corpus([path], LABELS, notes.append)
    assert said in " ".join(notes)


LEFT = LabelledParagraph("d", 1, WALK, ("water",))
# format, second paragraph, line (tables have a header above it)
REFUSED = {
    "a label with a separator": ("csv", LabelledParagraph("d", 2, RAIN, ("a;b",)), 3, "labels"),
    "a text too long for a cell": ("xlsx", LabelledParagraph("d", 2, "长" * 32_768, ()), 3, None),
    "a label with a blank": ("fasttext", LabelledParagraph("d", 2, RAIN, ("a b",)), 2, None),
}


@pytest.mark.parametrize(("form", "row", "line", "field"), REFUSED.values(), ids=REFUSED)
def test_what_a_format_cannot_hold_is_refused_by_its_place(
    form: str, row: LabelledParagraph, line: int, field: str | None
) -> None:
    with pytest.raises(CivictagError) as caught:
        export([LEFT, row], form)
    assert (caught.value.line, caught.value.field) == (line, field)


def test_tasks_are_numbered_from_one() -> None:
    assert [task["id"] for task in json.loads(export([LEFT, LEFT], "label-studio"))] == [1, 2]


def test_a_workbook_begins_in_its_first_cell() -> None:
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(export([LEFT], "xlsx"))).get_sheet_by_index(0)
    assert (sheet.start, sheet.end) == ((0, 0), (1, 4))


def test_a_merged_range_fills_its_own_cells_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows: list[list[object]] = [
        ["unit", "area", "text"],
        ["城东", None, WALK],
        [None, None, RAIN],
        [None, None, "续"],
    ]
    path.write_bytes(sheets(rows, merge="A2:B3"))
    found = [row.extra for row in read_documents(str(path), Reading()) if isinstance(row, Document)]
    assert [(row["unit"], row["area"]) for row in found] == [("城东", "城东"), ("城东", "城东"), (None, None)]


def test_the_row_below_a_header_is_read_and_its_ids_are_as_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(sheets([["id", "n", "text"], [7, 1, WALK], [8, 2, RAIN]], zeros="A2"))
    found = [row.id for row in read_documents(str(path), Reading()) if isinstance(row, Document)]
    assert found == ["0007", "8"]


def test_members_of_one_name_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as package, warnings.catch_warnings(action="ignore"):  # of the name
        for text in (WALK, RAIN, WALK):
            package.writestr("a.txt", text)
    found = list(read_documents(str(path), Reading()))
    assert [str(item.source) for item in found if isinstance(item, Document)] == [
        f"{path}/a.txt{number}" for number in ("", " (2)", " (3)")
    ]
