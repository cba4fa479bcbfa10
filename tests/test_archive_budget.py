"""What the files of one archive take together is bounded; what is left out is named, and the rest is done."""

from __future__ import annotations

import json
import zipfile

import pytest
from commands import Command

from civictag.readers import archive_budget
from civictag.readers.archive_budget import ArchiveBudget

ROWS = "".join(json.dumps({"text": f"阿福打扫第{n}块晒场。"}) + "\n" for n in range(3))
LIMITS = {
    "no time": ({"ARCHIVE_SECONDS": 0}, "take longer than 0 seconds"),
    "no text": ({"ROWS_UNPACKED": 0, "PACK_RATIO": 0}, "more than 0 MiB of text"),
}


@pytest.fixture
def folder(tmp_path):
    """An archive of a text, a table and two texts more; a text beside it."""
    given = tmp_path / "in"
    given.mkdir()
    with zipfile.ZipFile(given / "a.zip", "w") as package:
        for name in ("1.txt", "2.jsonl", "3.txt", "4.txt"):
            package.writestr(name, ROWS if name == "2.jsonl" else f"第{name[0]}篇：阿福打扫晒场。")
    (given / "b.txt").write_text("小满补墙。", "utf-8")
    return given


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("resume", [[], ["--resume"]], ids=["plain", "resumable"])
def test_files_after_the_limit_are_named_and_the_rest_is_done(
    limit, resume, folder, small_model, tmp_path, monkeypatch, capfdbinary
):
    values, reason = LIMITS[limit]
    for name, value in values.items():
        monkeypatch.setattr(archive_budget, name, value)
    out = tmp_path / "o.jsonl"
    code, _, said = Command(capfdbinary)(
        "tag", folder, "-m", small_model, "-f", "jsonl", "-o", out, "-j", 1, *resume
    )
    assert (code, said.count(reason)) == (3, 3), said
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["source"].rpartition("/in/")[2] for row in rows] == ["a.zip/1.txt", "b.txt"]
    assert all(f"/a.zip/{name}: left out: " in said for name in ("2.jsonl", "3.txt", "4.txt"))


def test_a_table_that_goes_over_it_keeps_the_rows_before(
    folder, small_model, tmp_path, monkeypatch, capfdbinary
):
    most = 3 * (len("第1篇：阿福打扫晒场。") + len("阿福打扫第0块晒场。"))
    monkeypatch.setattr(archive_budget, "PACK_RATIO", 0)
    monkeypatch.setattr(archive_budget, "ROWS_UNPACKED", most)
    code, out, said = Command(capfdbinary)("tag", folder / "a.zip", "-m", small_model, "-f", "jsonl", "-j", 1)
    sources = [json.loads(line)["source"].rpartition("/")[2] for line in out.splitlines()]
    assert (code, sources) == (3, ["1.txt", "2.jsonl#1", "2.jsonl#2"]), said


def test_what_fits_to_the_last_byte_is_read_whole(folder, small_model, monkeypatch, capfdbinary):
    monkeypatch.setattr(archive_budget, "PACK_RATIO", 0)
    code, out, said = Command(capfdbinary)("tag", folder / "a.zip", "-m", small_model, "-f", "jsonl", "-j", 1)
    assert (code, len(out.splitlines())) == (0, 6), said
    assert ArchiveBudget(str(folder / "a.zip")).spent() is None
