"""Inputs made to cost memory or time: each is read or named within bounds, and the batch goes on.

Half of every kind are one batch, with a good file beside each hostile one, in a process that may have 1 GiB
of memory and some minutes of processor time. Alone, each is a slow test.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import hostile_packages
import hostile_texts
import pytest
from hostile_texts import GOOD

from civictag.readers.limits import MIB

MEMORY = 1024 * MIB
SECONDS = 400  # of the processor; a machine under load takes longer by the clock
BESIDE = "小满打扫晒场，地面干净。"
FILES = hostile_texts.files() | hostile_packages.files()
HEAVY = {
    "many '!['",
    "many '['",
    "many '[a]('",
    "many '*a_'",
    "many '__a'",
    "many '**a'",
    "a key again and again",
    "open paragraphs",
    "front matter without end",
    "a table of many rows",
    "runs that are all alike",
    "the last row in every sheet",
    "forms that double",
    "a form that draws itself",
    "a stream of zeros",
    "operators, packed",
    "one long text in every row",
    "one string in every row",
    "many tabs",
    "many runs",
    "underlines",
    "many '[^1]'",
    "a hundred thousand numbers",
    "bomb.csv.gz",
}
# A page, mail or archive in which a browser, too, shows nothing of the good paragraph.
SWALLOWED = {"many '`'", "many '<!--'", "many '<![CDATA['", "many '<?'", "walls"}


def about(name: str) -> str:
    """What a file is about."""
    module = hostile_texts if name in hostile_texts.files() else hostile_packages
    return module.named(name)


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def tag(folder: Path, model: str) -> tuple[int, str, int]:
    """Exit code, what was said, and the bytes that the largest process had in memory."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    command = [sys.executable, "-m", "civictag", "tag", folder / "in", "-m", model, "-f", "jsonl"]
    with open(folder / "said", "wb") as said:
        process = subprocess.Popen(
            [*command, "-o", folder / "out", "--resume"], stderr=said, preexec_fn=limit,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, (folder / "said").read_text("utf-8", "replace"), used.ru_maxrss * 1024


def check(folder: Path, model: str, files: Mapping[str, Callable[[], bytes]]) -> list[str]:
    """Files that were neither read nor named; asserts everything else."""
    (folder / "in").mkdir()
    for name, make in files.items():
        (folder / "in" / name).write_bytes(make())
        (folder / "in" / f"{name.replace('.', '-')}-good.txt").write_text(f"{name}：{BESIDE}", "utf-8")
    code, said, most = tag(folder, model)
    assert code in (0, 3), said[-2000:]
    assert "Traceback" not in said
    assert all(line == "" or line.isprintable() for line in said.splitlines())
    assert most <= MEMORY
    rows = lines_of(folder / "out")
    assert sum(str(row["text"]).endswith(BESIDE) for row in rows) == len(files)
    said_well = (GOOD.split("，")[0], "Clean")
    read = {str(row["source"]) for row in rows if any(part in str(row["text"]) for part in said_well)}
    failed = {str(row["source"]) for row in lines_of(Path(f"{folder}/out.errors.jsonl"))}
    known = {re.split(r"[#/\[]", source.split("/in/")[1])[0] for source in read | failed}
    return [about(name) for name in files if name not in known]


def kinds(files: Mapping[str, object]) -> list[str]:
    """The suffixes."""
    return sorted({name.partition(".")[2] for name in files})


def of_kind(suffix: str, *, heavy: bool) -> dict[str, Callable[[], bytes]]:
    """The files of a suffix; ``heavy``: those too that take a second where others are of their kind."""
    if suffix == "parquet" and find_spec("pyarrow") is None:
        return {}
    found = {name: make for name, make in FILES.items() if name.partition(".")[2] == suffix}
    return {n: make for n, make in found.items() if heavy or about(n).rpartition(": ")[2] not in HEAVY}


def without_text(missing: list[str]) -> list[str]:
    """Of what was neither read nor named, what held a good paragraph that a person would see."""
    silent = {"md": SWALLOWED, "txt": SWALLOWED | {"escapes of GB18030", "ISO-2022 that never shifts back"},
              "eml": {"a quoted-printable of equals"}, "pdf": {"letters one over the other"},
              "parquet": {"bytes"}}  # fmt: skip
    return [
        name for name in missing
        if name.partition(": ")[2] not in silent.get(name.partition(": ")[0], ()) and name != "twice.txt.gz"
    ]  # fmt: skip


def check_batch(
    suffixes: Sequence[str], folder: Path, model: str, tally: Callable[[str, int, int], None]
) -> None:
    """Every second file of each suffix in one batch, without the heavy ones; alone, all are slow tests.

    Neighbouring suffixes have the other half, as kinds are the same in many of them.
    """
    files = {}
    for suffix in suffixes:
        everything = list(of_kind(suffix, heavy=False).items())
        files |= dict(everything[kinds(FILES).index(suffix) % 2 :: 2] or everything)
    assert without_text(check(folder, model, files)) == []
    tally("hostile inputs bounded, in batches of 1 GiB", len(files), len(files))


def check_each(suffix: str, room: Path, model: str, tally: Callable[[str, int, int], None]) -> None:
    """Each file of a suffix in a process of its own."""
    files = of_kind(suffix, heavy=True)
    if not files:
        pytest.skip("pip install civictag[parquet]")
    for number, (name, make) in enumerate(files.items()):
        folder = room / str(number)
        folder.mkdir()
        assert without_text(check(folder, model, {name: make})) == []
    tally("hostile inputs bounded, each alone", len(files), len(files))


# Office files, PDF and Parquet have a file of their own, test_bounded_packages.py: two workers then share
# what takes longest.
TEXTS = [suffix for suffix in kinds(FILES) if suffix not in kinds(hostile_packages.files())]


def test_a_batch_of_hostile_files_is_bounded(tmp_path, small_model, tally):
    check_batch(TEXTS, tmp_path, small_model, tally)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", TEXTS)
def test_each_hostile_file_alone_is_bounded(suffix, tmp_path, small_model, tally):
    check_each(suffix, tmp_path, small_model, tally)
