"""Nothing is passed over without a word: the last lines of a run tell the whole truth."""

from __future__ import annotations

import zipfile

import pytest
from commands import Command

from civictag.readers.passed_over import look


@pytest.fixture
def command(capfdbinary):
    return Command(capfdbinary)


BODY = (
    "社区组织保洁员清扫背街小巷，清运积存垃圾三车，路面干净了许多。\n"
    "镇里给每个村配了分类垃圾亭，每月评比一次。\n"
)


def folder_of(path, *names):
    for name in names:
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(BODY, encoding="utf-8")
    return path


KINDS = [
    ("~$报告.docx", "lock"),
    (".~lock.报告.docx#", "lock"),
    ("Thumbs.db", "thumbnail"),
    (".DS_Store", "thumbnail"),
    (".git/config", "hidden"),
    ("页面_files/logo.png", "page"),
    ("style.css", "page"),
    ("照片.JPG", ".jpg"),
    ("汇报.pptx", ".pptx"),
    ("录音.m4a", ".m4a"),
    ("打包.rar", ".rar"),
    ("无后缀", ""),
]


@pytest.mark.parametrize(("name", "kind"), KINDS, ids=[name for name, _ in KINDS])
def test_every_file_that_is_not_read_has_its_kind(tmp_path, name, kind):
    found = look([str(folder_of(tmp_path, "a.txt", name))])
    assert (found.found, list(found.kinds)) == (1, [kind])
    assert found.kinds[kind].count == 1
    assert len(found.lines()) == 1


def test_the_last_lines_name_what_was_not_read_and_what_to_do(command, small_model, tmp_path):
    folder_of(tmp_path, "a.txt", "b.txt", "照片.jpg", "照片2.jpg", "汇报.pptx", "~$a.docx", "Thumbs.db")
    (tmp_path / "c.txt").write_bytes(b"")
    code, _, err = command("tag", tmp_path, "-m", small_model, "-f", "jsonl")
    assert code == 3
    assert err.splitlines() == [
        f"civictag: {tmp_path / 'c.txt'}: the file is empty",
        "civictag: passed over: .pptx 1 (汇报.pptx): slides; save them as .pdf or .docx",
        "civictag: passed over: .jpg 2 (照片.jpg, 照片2.jpg): pictures; "
        "run text recognition (OCR) and give its text",
        "civictag: left out: thumbnails 1, lock files of open documents 1",
        "civictag: 2 files read, 2 articles, 1 file could not be read, 3 files passed over",
    ]


def test_a_file_that_is_named_twice_counts_once(command, small_model, tmp_path):
    folder_of(tmp_path, "a.txt", "b.txt")
    for verb in ("tag", "stats"):
        _, _, err = command(verb, tmp_path, tmp_path / "b.txt", "-m", small_model)
        assert err.splitlines() == [
            "civictag: left out: files named twice 1", "civictag: 2 files read, 2 articles",
        ]  # fmt: skip


def test_files_and_rows_add_up(command, small_model, tmp_path):
    """A name may hold what rows are named with; of an archive, what cannot be read is not the archive."""
    folder_of(tmp_path, "b.txt")
    (tmp_path / "活动#1.docx").write_bytes(b"no document")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as package:
        package.writestr("c.txt", BODY)
        package.writestr("d.txt", "")
        package.writestr("e.png", "")
    for verb in ("tag", "stats"):
        code, _, err = command(verb, tmp_path, "-m", small_model)
        assert err.splitlines()[-1] == "civictag: 2 files read, 2 articles, 3 files could not be read"
        assert code == 3


@pytest.mark.parametrize(
    ("names", "expected"),
    [(["a.txt", "b.txt"], 0), (["a.txt", "b.jpg"], 3), (["b.jpg"], 1), ([], 1), (["a.txt", "~$b.docx"], 0)],
)
def test_the_exit_code_says_whether_all_was_read(command, small_model, tmp_path, names, expected):
    for verb in ("tag", "stats"):
        code, _, err = command(verb, folder_of(tmp_path, *names), "-m", small_model)
        assert code == expected
        assert err.splitlines()[-1].startswith("civictag: ") or not err


def test_thousands_of_alike_messages_become_one_with_a_count(command, small_model, tmp_path):
    rows = "".join(f'{{"note": "{n}"}}\n' for n in range(2000))
    (tmp_path / "rows.jsonl").write_text(rows + f'{{"text": "{BODY.splitlines()[0]}"}}\n', encoding="utf-8")
    code, _, err = command("tag", tmp_path / "rows.jsonl", "-m", small_model, "-f", "jsonl")
    *_, more, last = err.splitlines()
    assert code == 3
    assert more.startswith("civictag: 1997 more like this: no column ")
    assert last == "civictag: 1 file read, 1 article, 2000 rows could not be read"
    assert len(err.splitlines()) == 5
