"""The review sheet and its way back: as XLSX, as CSV in the encodings and separators of spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from writers_data import LABELS, MODEL, article, evidence, paragraph, plain_row, tag

import civictag
from civictag.datamodel import Article, Label, Paragraph
from civictag.errors import CivictagError, CorpusError
from civictag.review.corrections import read_corrections, read_review
from civictag.review.review_sheet import plain_why, write_review
from civictag.review.selection import Candidate
from civictag.writers import Options, open_writer

TICKS = {"环境清洁": "clean", "邻里互助": "help", "信息公开": "news"}


def candidate(text: str, given: Iterable[str] = ("clean",), **fields: Any) -> Candidate:
    body = paragraph(0, text, tuple(tag(label, 0.6) for label in given))
    row = replace(plain_row(), title="题", paragraphs=(), **fields)
    return Candidate(row, body, "clean", 0.1)


LISTED = [candidate("=甲,“乙”\n丙"), candidate("丁。", ["help"])]


def listed(path: Path, headings: str = "zh", labels: Iterable[Label] = LABELS) -> Path:
    form = path.suffix[1:]
    write_review(
        LISTED, path, labels=list(labels), model=MODEL, date="2024-05-06", form=form, headings=headings
    )
    return path


def cells(path: Path) -> list[list[Any]]:
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    sheet = pytest.importorskip("openpyxl").load_workbook(path).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def edit(
    path: Path, change: Callable[[dict[str, int], list[list[Any]]], None], save: str = "utf-8-sig"
) -> Path:
    """Change cells as a person does, and save; ``save`` is an encoding, after a blank a separator."""
    if path.suffix == ".csv":
        rows = cells(path)
        change({name: at for at, name in enumerate(rows[0])}, rows)
        encoding, _, separator = save.partition(" ")
        out = io.StringIO()
        csv.writer(out, delimiter=separator or ",").writerows(rows)
        path.write_bytes(out.getvalue().encode(encoding))
        return path
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(path)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    change({name: at for at, name in enumerate(rows[0])}, rows)
    fresh = openpyxl.Workbook()
    for row in rows:
        fresh.active.append(
            ["'" + cell if isinstance(cell, str) and cell[:1] == "=" else cell for cell in row]
        )
    fresh.save(path)
    return path


def tick(column: str, row: int, value: Any) -> Callable[[dict[str, int], list[list[Any]]], None]:
    def change(at: dict[str, int], rows: list[list[Any]]) -> None:
        rows[row][at[column]] = value

    return change


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_sheet_is_one_to_work_in(suffix: str, tmp_path: Path) -> None:
    head, first, second = cells(listed(tmp_path / f"a.{suffix}"))
    assert head[:8] == ["段落", "理由", "环境清洁", "邻里互助", "信息公开", "核对", "备注", "标题"]
    assert [x or "" for x in first[2:6]] == ["√", "", "", ""], "nobody has looked yet"
    assert [x or "" for x in second[2:6]] == ["", "√", "", ""]
    assert dict(zip(head, first, strict=True))["机器标签"] == "环境清洁"
    assert len(set(head)) == len(head)


def test_the_workbook_offers_ticks_and_wraps(tmp_path: Path) -> None:
    sheet = pytest.importorskip("openpyxl").load_workbook(listed(tmp_path / "a.xlsx")).worksheets[0]
    assert sheet.title == "复核清单"
    assert {str(r.sqref) for r in sheet.data_validations.dataValidation} == {
        "C2:C3",
        "D2:D3",
        "E2:E3",
        "F2:F3",
    }
    assert sheet["A2"].alignment.wrap_text
    assert sheet["A2"].value == "=甲,“乙”\n丙"
    assert sheet["A2"].data_type == "s"


def test_ids_as_ever(tmp_path: Path) -> None:
    head, first, _ = cells(listed(tmp_path / "a.csv", "ids"))
    row = dict(zip(head, first, strict=True))
    assert [row[n] for n in ("clean", "help", "use", "suggested", "made")] == [
        "1",
        "0",
        "",
        "clean",
        "2024-05-06",
    ]
    assert row["text"] == "'=甲,“乙”\n丙"


SAVED = ["utf-8-sig", "gb18030", "utf-16 \t", "gb18030 ;", "utf-8-sig \t"]


@pytest.mark.parametrize("headings", ["zh", "en", "ids"])
@pytest.mark.parametrize("save", [*SAVED, "xlsx"])
def test_corrections_come_back_with_their_provenance(headings: str, save: str, tmp_path: Path) -> None:
    path = listed(tmp_path / ("a.xlsx" if save == "xlsx" else "a.csv"), headings)
    name = {"zh": "信息公开", "en": "Open notices", "ids": "news"}[headings]
    edit(path, tick(name, 1, "√"), save)
    found = read_review(str(path), LABELS)
    (row,) = found.rows
    assert (row.text, row.labels, row.doc, row.para) == ("=甲,“乙”\n丙", ("clean", "news"), "rows.csv#7", 0)
    assert row.extra["original_labels"] == ["clean"]
    assert (row.extra["model"], row.extra["date"]) == ("toy 1.2 abababababab", "2024-05-06")
    assert (row.source, row.file, row.title) == ("corrections", "a", "题")
    assert (found.changed, found.left) == (1, 1)


@pytest.mark.parametrize(
    ("checked", "change", "taken", "changed"),
    [
        ("", "", False, False),  # nobody looked
        ("√", "", True, False),
        ("是", "", True, False),
        (1, "", True, False),
        ("y", "否", True, True),
        ("", "×", True, True),  # who changes a tick has looked
        ("×", "0", False, False),  # and may say that it does not count
        ("n", "", False, False),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_which_rows_count(
    suffix: str, checked: Any, change: str, taken: bool, changed: bool, tmp_path: Path
) -> None:
    path = edit(listed(tmp_path / f"a.{suffix}"), tick("核对", 1, checked))
    edit(path, tick("核对", 2, "√"))
    if change:
        edit(path, tick("环境清洁", 1, change))
    found = read_review(str(path), LABELS)
    assert [row.text for row in found.rows] == (["=甲,“乙”\n丙"] if taken else []) + ["丁。"]
    assert (found.changed, found.left) == (int(changed), int(not taken))
    told = (
        "2 paragraphs count as checked, {} of them with"
        if taken
        else "1 paragraph counts as checked, {} with"
    )
    assert found.message().startswith(told.format(int(changed)))


@pytest.mark.parametrize(
    "ids", [("use", "text", "source"), ("model", "date", "tags"), ("micro2", "p_x", "id")]
)
@pytest.mark.parametrize("headings", ["zh", "ids"])
def test_labels_called_like_a_column(ids: tuple[str, ...], headings: str, tmp_path: Path) -> None:
    labels = [Label(id, name) for id, name in zip(ids, ("段落", "核对", "标签"), strict=True)]
    body = paragraph(0, "甲。", ())
    path = tmp_path / "a.csv"
    write_review(
        [Candidate(plain_row(), body, ids[0], 0.1)],
        path,
        labels=labels,
        model=MODEL,
        date="",
        headings=headings,
    )
    names = cells(path)[0]
    assert len(set(names)) == len(names)
    mine = [n for n in ("段落 (2)", f"label.{ids[0]}", ids[0]) if n in names]
    edit(
        path,
        tick(mine[0], 1, "1"),
    )
    (row,) = read_corrections(str(path), labels)
    assert (row.text, row.labels) == ("甲。", (ids[0],))


def test_a_workbook_of_tags_is_a_list_too(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with open_writer("xlsx", path, labels=LABELS, model=MODEL, options=Options(headings="zh")) as writer:
        writer.write(article())
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(path)
    book["段落"]["E4"] = "√"
    book.save(path)
    (row,) = read_corrections(str(path), LABELS)
    assert (row.text, row.labels) == ("会议研究了下一步的安排。", ("news",))


def test_names_serve_as_headings(tmp_path: Path) -> None:
    path = edit(listed(tmp_path / "a.csv", "ids"), tick("use", 1, "1"))
    before = read_corrections(str(path), LABELS)
    text = path.read_text("utf-8-sig").replace("clean,help,news", "环境清洁,help,信息公开", 1)
    path.write_text(text, "utf-8-sig")
    assert read_corrections(str(path), LABELS) == before


@pytest.mark.parametrize("yes", ["√", "是", "１", "Ｙ", " 对 ", "✔", "已核对", "OK"])
@pytest.mark.parametrize("no", ["", "×", "否", "０", "/", "✘", "未看"])
def test_what_people_type_for_yes_and_no(yes: str, no: str, tmp_path: Path) -> None:
    path = edit(listed(tmp_path / "a.csv", "ids"), tick("use", 1, yes))
    for column, value in (("clean", no), ("help", yes), ("news", no)):
        edit(path, tick(column, 1, value))
    edit(path, tick("use", 2, no))
    (row,) = read_corrections(str(path), LABELS)
    assert row.labels == ("help",)


def test_the_column_is_named_as_the_sheet_heads_it(tmp_path: Path) -> None:
    path = edit(listed(tmp_path / "a.csv", "zh"), tick("环境清洁", 1, "大概"))
    with pytest.raises(CorpusError, match=r'line 2, field "环境清洁".*Write √'):
        read_corrections(str(path), LABELS)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("help", "maybe", 'line 2, field "help": "maybe" is neither 1 nor 0'),
        ("use", "q", 'line 2, field "use": "q" is neither'),
        ("text", "", 'line 2, field "text": is empty'),
    ],
)
def test_a_broken_cell_names_the_place(column: str, value: str, message: str, tmp_path: Path) -> None:
    path = edit(listed(tmp_path / "a.csv", "ids"), tick("use", 1, "1"))
    with pytest.raises(CorpusError, match=message):
        read_corrections(str(edit(path, tick(column, 1, value))), LABELS)


def test_machine_tags_are_no_corrections(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with open_writer("csv", path, labels=LABELS, model=MODEL) as writer:
        writer.write(article())
    with pytest.raises(CorpusError, match="has no corrected rows"):
        read_corrections(str(path), LABELS)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", 'column "Text" is missing'),
        ("a.csv", b"text,use\nx,1\n", 'the column "clean" is missing'),
        ("a.xlsx", b"no zip", "a.xlsx"),
    ],
)
def test_a_broken_file_is_a_message(name: str, data: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CivictagError, match=message):
        read_corrections(str(tmp_path / name), LABELS)


@pytest.mark.parametrize("name", ["no.csv", "no.xlsx"])
def test_a_missing_file_is_a_message(name: str, tmp_path: Path) -> None:
    with pytest.raises(CivictagError, match=name):
        read_corrections(str(tmp_path / name), LABELS)


def test_a_list_without_corrections_says_so(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="has no corrected rows"):
        read_corrections(str(listed(tmp_path / "a.csv")), LABELS)


def reasoned() -> Paragraph:
    text = "会开了一天。居民清扫楼道，很干净。"
    given = (tag("clean", 0.9, evidence(text, "清扫楼道", 2.0), evidence(text, "会", -0.5)),)
    doubt = tag("help", 0.3, evidence(text, "居民", 0.4))
    return replace(paragraph(0, text, given), reasons=(doubt, *given, tag("news", 0.01)))


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("zh", "第二句“清扫楼道”支持环境清洁；第二句“居民”像是邻里互助，把握不足"),
        (
            "en",
            "sentence 2, “清扫楼道”, speaks for Cleanliness; "
            "sentence 2, “居民”, hints at Neighbours, too weakly",
        ),
    ],
)
def test_the_reason_in_plain_words(headings: str, expected: str) -> None:
    assert plain_why(reasoned(), LABELS, headings) == expected


def test_no_evidence_no_reason() -> None:
    assert plain_why(paragraph(0, "甲。", (tag("clean", 0.9),)), LABELS, "zh") == ""


def test_evidence_is_asked_for_the_chosen(small_tagger: Any) -> None:
    from civictag.datamodel import Document
    from civictag.paragraphs import split
    from civictag.review.review_sheet import explained
    from civictag.review.selection import ReviewList

    body = split(Document("a", "居民把楼道里的垃圾清扫干净，邻居们都说好。", is_row=True))
    tagged: Article = next(iter(small_tagger.tag_articles([body], all_scores=True)))
    chooser = ReviewList({label.id: 0.5 for label in small_tagger.labels}, 3)
    chooser.add(tagged)
    (only,) = explained(chooser.chosen(), small_tagger)
    assert {x.label for x in only.paragraph.reasons or ()} == {x.id for x in small_tagger.labels}
    assert only.paragraph.start == tagged.paragraphs[0].start


@pytest.mark.parametrize(("more", "slack"), [((), None), (("--slack", "0.02"), 0.02)])
def test_beside_the_shipped_corpus_the_settings_are_the_shipped_models(
    tmp_path, monkeypatch, capfdbinary, more, slack
):
    seen: list[Any] = []

    def stopped(*_, options, **__):
        seen.append(options)
        raise CivictagError("enough")

    monkeypatch.setattr("civictag.training.train.train", stopped)
    row = '{"doc": "a", "para": 1, "text": "保洁员清运了三车垃圾。", "labels": ["sanitation"]}'
    (tmp_path / "own.jsonl").write_text(row, encoding="utf-8")
    own, out = str(tmp_path / "own.jsonl"), str(tmp_path / "m")
    code, _, err = Command(capfdbinary)("train", "--own", own, "-o", out, *more)
    made = civictag.load("civic").info.manifest["training"]
    assert (code, len(seen)) == (1, 1)
    assert seen[0].clauses is made["clauses"] is True
    assert seen[0].temperature == made["temperature"] > 1
    assert seen[0].threshold_slack == (slack or made["threshold_slack"])
    assert "as in the model civic: " in err
    assert ("slack" in err) is (slack is None)
