"""What Windows lacks is taken away: an office's jobs end well all the same. (Windows itself is not run.)"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import environment
from test_office import word

pytest.importorskip("openpyxl")
pytest.importorskip("docxtpl")
LINES = [
    "社区组织保洁员清扫背街小巷，清运积存垃圾三车，路面干净了许多。",
    "邻居借来一把梯子，修好了楼道里的门灯，老人夜里上楼看得见了。",
]
# The modules and calls that exist on POSIX alone; what is imported later does not find them.
WITHOUT = """
import os, signal, sys
for name in ("fcntl", "resource", "pwd", "grp", "termios", "pty"):
    sys.modules[name] = None
for name in ("fork", "forkpty", "killpg", "setsid", "getuid", "getpgid", "sysconf", "mkfifo"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGHUP", "SIGALRM", "SIGUSR1"):
    if hasattr(signal, name):
        delattr(signal, name)
from civictag.cli import main
main()
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """A command of the program where nothing of POSIX is left, on a console in GBK."""
    given = {
        **environment(),
        "CIVICTAG_LANG": "zh",
        "PYTHONIOENCODING": "gbk",
        "CIVICTAG_STATE": str(folder / "s"),
    }
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *arguments], cwd=folder, env=given, capture_output=True, timeout=300
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of articles in Word, GBK and a workbook."""
    place = tmp_path_factory.mktemp("office")
    for number, name in enumerate(("三月", "四月"), 3):
        (place / name).mkdir()
        signed = [*LINES, "柳溪街道办事处", f"2024年{number}月9日"]
        word(
            place / name / "a.docx",
            "".join(
                f"<w:p><w:r><w:t>{line}{name if line in LINES else ''}</w:t></w:r></w:p>" for line in signed
            ),
        )
        (place / name / "b.txt").write_bytes("\r\n".join([name, *signed]).encode("gbk"))
    return place


JOBS = {
    "doctor": ("doctor",),
    "a workbook": ("tag", "四月", "-o", "a.xlsx", "--review", "r.xlsx"),
    "two processes": ("tag", "四月", "三月", "-o", "two.csv", "-j", "2"),
    "going on": ("tag", "四月", "三月", "-o", "on.jsonl", "--resume"),
    "a page": ("tag", "四月", "-o", "a.html", "--explain"),
    "a month": ("month", "四月", "--previous", "三月", "-o", "m.docx", "-o", "m.xlsx"),
    "figures": ("stats", "四月", "三月", "--by", "单位", "--by", "日期:month", "-o", "s.xlsx"),
}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_ends_well(folder: Path, small_model: str, job: str) -> None:
    model = () if job == "doctor" else ("-m", small_model)
    done = run(folder, *JOBS[job], *model)
    told = (done.stdout + done.stderr).decode("gbk")
    assert (done.returncode, "Traceback" in told) == (0, False), told
    written = [JOBS[job][at + 1] for at, part in enumerate(JOBS[job]) if part == "-o"]
    assert [name for name in written if not (folder / name).stat().st_size] == []
    assert [name for name in os.listdir(folder) if name.endswith(".part")] == []
