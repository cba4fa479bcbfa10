"""Files that mean harm or were harmed: each a clear message or the right text, in bounded memory and time."""

from __future__ import annotations

import json
import os
import random
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hostile_packages import docx
from hostile_texts import GOOD
from test_readers import MORE, PAGE, TABLES, TEXT, error, pdf, read

from civictag.datamodel import Document
from civictag.errors import CivictagError
from civictag.paragraphs import split
from civictag.readers import find_inputs, read_documents
from civictag.readers.limits import MIB
from civictag.readers.zip_check import check_package


def sparse(path: Path, size: int) -> Path:
    with open(path, "wb") as file:
        file.truncate(size)
    return path


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md", "a.pdf"])
def test_two_gibibytes_are_refused_unread(tmp_path: Path, name: str) -> None:
    path = sparse(tmp_path / name, 2 << 30)
    tracemalloc.start()
    try:
        assert "larger than 64 MiB" in error(path)
        assert tracemalloc.get_traced_memory()[1] < MIB
    finally:
        tracemalloc.stop()


def test_a_device_without_end_is_refused(tmp_path: Path) -> None:
    assert "larger than" in error("/dev/zero", limit=MIB)


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [json.dumps({"text": text}, ensure_ascii=False) for text in (TEXT, "垃圾" * 50_000, MORE)]
    path.write_text("\n".join(rows), encoding="utf-8")
    first, long, last = read(path, limit=100_000)
    assert isinstance(first, Document)
    assert isinstance(long, CivictagError)
    assert long.line == 2
    assert isinstance(last, Document)
    assert last.text == MORE


def test_a_stray_quotation_mark_does_not_swallow_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"开头\n' + "2,x\n" * 50_000, encoding="utf-8")
    results = read(path, limit=10_000)
    assert any(isinstance(r, CivictagError) and "CSV" in str(r) for r in results)
    assert any(isinstance(r, Document) for r in results)


@pytest.mark.parametrize(
    ("name", "size"), [("5 MiB", 5 * MIB), pytest.param("50 MiB", 50 * MIB, marks=pytest.mark.slow)]
)
def test_one_line_of_many_megabytes(tmp_path: Path, name: str, size: int) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT * (size // len(TEXT.encode())), encoding="utf-8")
    (document,) = read(path)
    assert isinstance(document, Document)
    (paragraph,) = split(document).paragraphs
    assert paragraph.kind == "body"
    assert paragraph.end == len(document.text)


def bomb(path: Path, part: str, size: int = 300 * MIB) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        with package.open(part, "w", force_zip64=True) as file:
            for _ in range(size // MIB):
                file.write(b" " * MIB)
        package.writestr("[Content_Types].xml", "<Types/>")
    return path


@pytest.mark.parametrize(
    ("name", "part"), [("a.docx", "word/document.xml"), ("a.xlsx", "xl/sharedStrings.xml")]
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, name: str, part: str) -> None:
    path = bomb(tmp_path / name, part, 100 * MIB)
    assert path.stat().st_size < MIB
    tracemalloc.start()
    try:
        assert "ZIP bomb" in error(path)
        assert tracemalloc.get_traced_memory()[1] < 4 * MIB
    finally:
        tracemalloc.stop()


def test_a_part_that_a_program_made_all_alike_is_no_zip_bomb(tmp_path: Path) -> None:
    """The reader's own limits are enough for what unpacks to a few megabytes."""
    path = bomb(tmp_path / "a.docx", "word/document.xml", 8 * MIB)
    assert path.stat().st_size * 200 < 8 * MIB
    check_package(str(path), ".docx", 256 * MIB)


def test_a_part_that_lies_about_its_size_is_not_unpacked(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.docx", "word/document.xml", 8 * MIB)
    data = path.read_bytes().replace((8 * MIB).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    path.write_bytes(data)
    assert "Word file" in error(path) or "damaged" in error(path)


def test_marks_of_notes_that_are_not_there(tmp_path: Path) -> None:
    """The text is read, and what is missing is said."""
    pytest.importorskip("mammoth")
    path = tmp_path / "a.docx"
    path.write_bytes(docx('<w:p><w:r><w:endnoteReference w:id="9"/></w:r></w:p>' * 3)())
    (document,) = read(path)
    assert isinstance(document, Document)
    assert document.text == GOOD
    assert document.warnings == ("3 footnotes are missing in the file: their marks lead nowhere",)


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", "id,text\n"), ("a.tsv", "id\ttext\n"), ("a.txt", "\u3000\n \u200a")]
)
def test_a_file_without_an_article_is_named(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert "holds no" in error(tmp_path / name)


def test_an_encrypted_zip_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    data = bytearray(path.read_bytes())
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    path.write_bytes(bytes(data))
    assert "password" in error(path)


def test_an_encrypted_pdf_is_told(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>/ID[(i)(i)]" % (b"o" * 32, b"u" * 32)
    (tmp_path / "a.pdf").write_bytes(pdf(b"secret").replace(b"/Root 1 0 R", b"/Root 1 0 R" + lock))
    assert "password" in error(tmp_path / "a.pdf")


def test_xml_that_names_a_file_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><p>&e;{TEXT}</p><p>{MORE}',
        encoding="utf-8",
    )
    (document,) = read(path)
    assert isinstance(document, Document)
    assert TEXT in document.text
    assert "root:" not in document.text


def nested(path: Path, depth: int) -> Path:
    path.write_text("<div>" * depth + f"<p>{TEXT}</p><p>{MORE}</p>" + "</div>" * depth, encoding="utf-8")
    return path


@pytest.mark.parametrize("depth", [1_000, 10_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_html_nested_deep_is_read(tmp_path: Path, depth: int) -> None:
    (document,) = read(nested(tmp_path / "a.html", depth))
    assert isinstance(document, Document)
    assert document.text == f"{TEXT}\n{MORE}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0)
    assert "permission denied" in error(path)


def test_thousands_of_tiny_files(tmp_path: Path) -> None:
    for number in range(2_000):
        (tmp_path / f"{number:04}.txt").write_text(TEXT, encoding="utf-8")
    found = list(find_inputs([str(tmp_path)]))
    assert found == sorted(found)
    assert sum(len(read(path)) for path in found) == 2_000
    assert len(os.listdir("/proc/self/fd")) < 200  # none is left open


def test_a_name_that_no_file_can_have() -> None:
    assert "no file can have this name" in error("a\0b.txt")


@pytest.mark.parametrize("size", [18 * MIB, pytest.param(60 * MIB, marks=pytest.mark.slow)])
def test_a_table_streams_in_flat_memory(tmp_path: Path, size: int) -> None:
    """Rows in a process that is refused anything near their size (the first MiB tells the encoding)."""
    path = tmp_path / "a.jsonl"
    row = json.dumps({"text": TEXT * 10}, ensure_ascii=False) + "\n"
    with open(path, "w", encoding="utf-8") as file:
        for _ in range(size // len(row.encode())):
            file.write(row)
    tracemalloc.start()
    try:
        rows = sum(1 for _ in read_documents(str(path)))
        assert tracemalloc.get_traced_memory()[1] < 16 * MIB
    finally:
        tracemalloc.stop()
    assert rows == path.stat().st_size // len(row.encode())


# ---- mutations ---------------------------------------------------------------------------------


def originals(folder: Path) -> list[Path]:
    """One good file of every format."""
    paths = [make(folder / name) for name, make in TABLES.items()]
    for name, data in {
        "u8.txt": f"{TEXT}\n{MORE}".encode(),
        "gb.txt": f"{TEXT}\n{MORE}".encode("gb18030"),
        "wide.txt": f"{TEXT}\n{MORE}".encode("utf-16"),
        "big5.txt": "社區組織保潔員清掃背街小巷，路面乾淨了許多。".encode("big5") * 4,
        "a.html": PAGE.replace("CHARSET", "gbk").encode("gb18030"),
        "a.md": f"# 小巷\n\n**{TEXT}**\n".encode(),
        "a.pdf": pdf(b"Clean streets"),
    }.items():
        (folder / name).write_bytes(data)
        paths.append(folder / name)
    docx = pytest.importorskip("docx")
    file = docx.Document()
    file.add_paragraph(TEXT)
    file.save(str(folder / "a.docx"))
    return [*paths, folder / "a.docx"]


OWN_TEXT = (".pdf", ".docx")  # formats that hold characters, not bytes: a lost one was lost before


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Cut off, bytes flipped, bytes put in, zeros, a piece doubled, or a tail in another encoding."""
    at = dice.randrange(len(data))
    kind = dice.randrange(6)
    if kind == 0:
        return data[:at]
    if kind == 1:
        out = bytearray(data)
        for _ in range(dice.randint(1, 8)):
            out[dice.randrange(len(out))] = dice.randrange(256)
        return bytes(out)
    if kind == 2:
        return data[:at] + dice.randbytes(dice.randint(1, 6)) + data[at:]
    if kind == 3:
        return data[:at] + bytes(dice.randint(1, 40)) + data[at + 20 :]
    if kind == 4:
        return data[:at] + data[at // 2 :]
    return data + dice.choice(
        [MORE.encode("gb18030"), MORE.encode("utf-16-be"), MORE.encode("big5", "ignore")]
    )


def run_mutations(folder: Path, rounds: int) -> tuple[int, int]:
    """(mutants tried, mutants read); asserts that none breaks out and none loses characters in silence."""
    tried = good = 0
    dice = random.Random(20240301)
    for path in originals(folder):
        original = path.read_bytes()
        for _ in range(rounds):
            path.write_bytes(mutated(original, dice))
            tried += 1
            try:
                results = read(path)
            except CivictagError:
                continue
            good += 1
            for result in results:
                if isinstance(result, Document):
                    article = split(result)
                    assert (
                        "\ufffd" not in result.text
                        or result.warnings
                        or path.suffix in (".pdf", ".xlsx", ".docx", ".parquet")
                    )
                    json.dumps([p.text for p in article.paragraphs], ensure_ascii=False).encode("utf-8")
    return tried, good


def test_mutants_give_a_message_or_text(tmp_path: Path) -> None:
    tried, good = run_mutations(tmp_path, 20)
    assert tried >= 380
    assert 0 < good < tried


@pytest.mark.slow
def test_many_mutants_give_a_message_or_text(tmp_path: Path) -> None:
    tried, _ = run_mutations(tmp_path, 200)
    assert tried >= 3_800
