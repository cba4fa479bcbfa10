"""The review list: what is chosen, that it opens in a spreadsheet, and that corrections come back."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writers_data import LABELS, MODEL, article, plain_row, tag

from civictag.datamodel import Article
from civictag.errors import CorpusError
from civictag.review.selection import Candidate, ReviewList, read_corrections, write_review

THRESHOLDS = {"clean": 0.5, "help": 0.4, "news": 0.6}


def scored(text: str, **scores: float) -> Article:
    row = plain_row(text=text)
    full = {"clean": 0.0, "help": 0.0, "news": 0.0} | scores
    tags = tuple(tag(label, p) for label, p in full.items() if p >= THRESHOLDS[label])
    return replace(row, paragraphs=(replace(row.paragraphs[0], scores=full, tags=tags),))


def choose(articles: list[Article], capacity: int) -> list[Candidate]:
    review = ReviewList(THRESHOLDS, capacity)
    for item in articles:
        review.add(item)
    return review.chosen()


def texts(chosen: list[Candidate]) -> list[str]:
    return [candidate.paragraph.text for candidate in chosen]


@pytest.mark.parametrize(
    ("articles", "capacity", "expected"),
    [
        ([], 3, []),
        ([scored("甲", clean=0.9), scored("乙", clean=0.55)], 1, ["乙"]),
        # Below and above the threshold are equally doubtful.
        ([scored("甲", clean=0.9), scored("乙", clean=0.41)], 1, ["乙"]),
        # The doubt is measured from each label's own threshold.
        ([scored("甲", clean=0.4), scored("乙", help=0.41)], 1, ["甲"]),
        # Labels take turns: three doubts about one label leave room for the others.
        (
            [
                scored("甲", clean=0.5),
                scored("乙", clean=0.51),
                scored("丙", help=0.6),
                scored("丁", news=0.9),
            ],
            3,
            ["甲", "丙", "丁"],
        ),
        # The same text is asked for once, whatever its spaces.
        (
            [scored("甲 乙", clean=0.5), scored("甲乙", clean=0.5), scored("丙", clean=0.7)],
            2,
            ["甲 乙", "丙"],
        ),
    ],
)
def test_what_is_chosen(articles: list[Article], capacity: int, expected: list[str]) -> None:
    assert texts(choose(articles, capacity)) == expected


@given(
    st.lists(st.tuples(st.integers(0, 30), st.floats(0, 1), st.floats(0, 1)), max_size=40),
    st.integers(1, 12),
)
def test_the_list_is_full_without_repeats_and_sorted(
    rows: list[tuple[int, float, float]], capacity: int
) -> None:
    chosen = choose([scored(f"文{i}", clean=a, help=b) for i, a, b in rows], capacity)
    assert len(chosen) == min(capacity, len({i for i, *_ in rows}))
    assert len(set(texts(chosen))) == len(chosen)
    assert [c.margin for c in chosen] == sorted(c.margin for c in chosen)


def test_one_label_alone_gives_the_smallest_margins() -> None:
    rng = random.Random(1)
    values = [rng.random() for _ in range(500)]
    review = ReviewList({"clean": 0.5}, 20)
    for i, value in enumerate(values):
        review.add(scored(f"文{i}", clean=value))
    best = sorted(range(500), key=lambda i: abs(values[i] - 0.5))[:20]
    assert texts(review.chosen()) == [f"文{i}" for i in best]


def test_headings_and_unscored_paragraphs_are_no_candidates() -> None:
    item = article()
    bare = replace(item, paragraphs=tuple(replace(p, scores=None) for p in item.paragraphs))
    assert choose([bare], 5) == []
    assert all(c.paragraph.kind == "body" for c in choose([item], 5))


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "review.csv"
    candidates = choose([scored("=甲,“乙”\n丙", clean=0.52), scored("丁。", help=0.38)], 5)
    write_review(candidates, path, labels=LABELS, model=MODEL, date="2024-05-06")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_the_table_has_a_column_a_label_to_edit(listed: Path) -> None:
    assert listed.read_bytes().startswith(b"\xef\xbb\xbf")
    first, second = rows_of(listed)
    names = "source id index title text probabilities suggested clean help news use note model date"
    assert " ".join(first) == names
    assert {row["text"] for row in (first, second)} == {"'=甲,“乙”\n丙", "丁。"}
    doubt = next(row for row in (first, second) if row["clean"] == "1")
    assert doubt["probabilities"] == "环境清洁 0.52; 邻里互助 0.00; 信息公开 0.00"
    assert (doubt["suggested"], doubt["date"]) == ("clean", "2024-05-06")


def edited(path: Path, old: str, new: str, encoding: str = "utf-8-sig") -> Path:
    text = path.read_text("utf-8-sig")
    assert old in text
    path.write_bytes(text.replace(old, new).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_corrections_come_back_with_their_provenance(listed: Path, encoding: str, separator: str) -> None:
    out = io.StringIO()
    rows = list(csv.reader(io.StringIO(listed.read_text("utf-8-sig"), newline="")))
    at = rows[0].index("news")
    for row in rows[1:]:
        row[at] = "1"
    # What spreadsheet programs in Chinese save as: another encoding, another separator.
    csv.writer(out, delimiter=separator).writerows(rows)
    listed.write_bytes(out.getvalue().encode(encoding))
    found = {row.text: row for row in read_corrections(str(listed), LABELS)}
    assert set(found) == {"=甲,“乙”\n丙", "丁。"}
    first = found["=甲,“乙”\n丙"]
    assert first.labels == ("clean", "news")
    assert first.extra["original_labels"] == ["clean"]
    assert first.extra["model"] == "toy 1.2 abababababab"
    assert first.extra["date"] == "2024-05-06"
    assert (first.doc, first.para, first.source, first.file) == ("rows.csv#7", 0, "corrections", "review")


@pytest.mark.parametrize(("old", "new"), [("clean,help,news", "环境清洁,help,信息公开"), ("丁。,", "丁。 ,")])
def test_names_serve_as_headings_and_spaces_are_no_matter(listed: Path, old: str, new: str) -> None:
    before = read_corrections(str(listed), LABELS)
    assert read_corrections(str(edited(listed, old, new)), LABELS) == before


def test_rows_marked_unused_and_blank_rows_are_left_out(listed: Path) -> None:
    text = listed.read_text("utf-8-sig").replace("0,0,0,1,,toy", "0,0,0,0,,toy") + ",,,,,,,,,,,,,\r\n\r\n"
    listed.write_text(text, "utf-8-sig")
    (row,) = read_corrections(str(listed), LABELS)
    assert row.labels == ("clean",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1,0,0,1,,toy", "1,maybe,0,1,,toy", 'line 2, field "help": "maybe" is neither 1 nor 0'),
        ("1,0,0,1,,toy", "1,0,0,x,,toy", 'line 2, field "use": "x" is neither'),
        ("clean,help,news", "clean,helps,news", 'line 1: the column "help" is missing'),
        ("丁。", "", 'line 3, field "text": is empty'),
        (",1,,toy", ",0,,toy", "has no corrected rows"),
    ],
)
def test_a_broken_table_names_the_place(listed: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        read_corrections(str(edited(listed, old, new)), LABELS)


def test_a_missing_file_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no\.csv: cannot be read"):
        read_corrections(str(tmp_path / "no.csv"), LABELS)


def test_an_empty_file_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    with pytest.raises(CorpusError, match=r'column "text" is missing'):
        read_corrections(str(tmp_path / "a.csv"), LABELS)
