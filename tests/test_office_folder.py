"""A folder of an office, forty files of all formats, two with faults: the last lines tell the whole truth."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest
from commands import Command
from test_office import MAIL, ods, word, workbook
from test_readers import pdf

LINES = [
    "社区组织保洁员清扫背街小巷，清运积存垃圾三车，路面干净了许多。",
    "镇里给每个村配了分类垃圾亭，聘请村民当监督员，每月评比一次。",
]
TEXT = "\n".join(LINES)
ROW = {"编号": "7", "标题": "小巷", "正文": LINES[0], "日期": "2024-03-05", "单位": "柳溪街道"}
PAGE = f"<html><title>小巷</title><body><p>{LINES[0]}</p><p>{LINES[1]}</p></body></html>"


SAID = [
    "坏.docx: not a .docx file",
    "空.txt: the file is empty",
    ".jpg 2 (照片.jpg, 照片2.jpg): pictures",
    ".pptx 1 (汇报.pptx): slides",
    "编后.txt: no body paragraph",
    "not read: 说明",
    "text = 正文",
    "attachments, not read: a.png",
]


def texts(folder: Path) -> int:
    """Articles in files of text and pages; how many."""
    files = {f"{number:02}-小巷.txt": TEXT.encode() for number in range(1, 13)}
    files |= {f"gbk-{number}.txt": TEXT.encode("gb18030") for number in range(3)}
    files |= {
        "utf16.txt": TEXT.encode("utf-16"),
        "big5.txt": "社區清掃背街小巷，清運垃圾三車。\n".encode("big5") * 3,
    }
    files |= {"a.md": f"# 小巷\n\n{TEXT}".encode(), "packed.txt.gz": gzip.compress(TEXT.encode())}
    files |= {f"a{suffix}": PAGE.encode() for suffix in (".html", ".htm", ".shtml", ".jsp", ".doc", ".mht")}
    files["a.mht"] = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE.encode()
    files["a.eml"] = (MAIL % TEXT).encode("gbk")
    files |= {"a.pdf": pdf(b"Clean streets"), "编后.txt": "责任编辑：何田\n来源：云溪日报".encode()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    word(folder / "a.docx", "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in LINES))
    return len(files) + 1


def tables(folder: Path) -> tuple[int, int]:
    """Tables: how many files, how many rows."""
    line = json.dumps(ROW, ensure_ascii=False)
    csv = ",".join(ROW) + "\n" + ",".join(ROW.values()) + "\n"
    files = {
        "a.csv": csv.encode("gb18030"),
        "a.tsv": csv.replace(",", "\t").encode(),
        "a.jsonl": line.encode(),
    }
    files |= {
        "a.ndjson": line.encode(),
        "a.json": f"[{line}]".encode(),
        "a.jsonl.gz": gzip.compress(line.encode()),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    workbook(folder / "a.xlsx")
    ods(folder / "b.ods")
    with zipfile.ZipFile(folder / "a.zip", "w") as package:
        package.writestr("里面.txt", TEXT)
    return len(files) + 3, len(files) + 4 + 4 + 1


def passed_over(folder: Path) -> None:
    for name in ("照片.jpg", "照片2.jpg", "汇报.pptx", "~$a.docx", "Thumbs.db", ".DS_Store"):
        (folder / name).write_bytes(b"x")


LAST = {
    "en": "{files} files read, {articles} articles, 2 files could not be read, 3 files passed over",
    "zh": "读取 {files} 个文件，{articles} 篇文章，2 个文件读取失败，跳过 3 个文件",
}
LEFT_OUT = {"en": "lock files of open documents 1", "zh": "文档的锁定文件 1"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx"])
def test_the_last_lines_tell_the_whole_truth(
    capfdbinary: pytest.CaptureFixture[bytes], small_model: str, tmp_path: Path, form: str, language: str
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    articles = texts(folder)
    files, rows = tables(folder)
    passed_over(folder)
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "空.txt").write_bytes(b"")
    assert len(list(folder.iterdir())) >= 40
    command = Command(capfdbinary)
    code, _, err = command(
        "--lang", language, "tag", folder, "-m", small_model, "-f", form, "-o", tmp_path / f"out.{form}"
    )
    told = err.splitlines()
    assert code == 3
    said = LAST[language].format(files=articles + files, articles=articles + rows)
    assert told[-1] == f"civictag: {said}"
    assert any(LEFT_OUT[language] in line for line in told)
    if language == "en":
        assert not [part for part in SAID if part not in err]
    for name in ("坏.docx", "空.txt", "照片.jpg", "汇报.pptx", "编后.txt", "说明", "a.png"):
        assert name in err, name
