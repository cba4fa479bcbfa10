"""A folder that installs civictag on a machine without internet: wheels for its system, and a script.

    python docs/offline.py OUT [--platform win_amd64] [--python 3.12] [--extras web]

(or: make offline OUT=folder PLATFORM=win_amd64 PYTHON_VERSION=3.12). Without --platform the folder is
for machines like this one. civictag's own wheel is the compiled one where it was made for that platform;
else the pure Python one, which runs anywhere.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

try:
    import packaging  # noqa: F401
except ImportError:
    # An environment made as the README says has what civictag needs, and no more; this machine is online.
    _TOOLS = tempfile.TemporaryDirectory(prefix="civictag-offline-")
    subprocess.run([sys.executable, "-m", "pip", "-q", "install", "--target", _TOOLS.name, "packaging"])
    sys.path.append(_TOOLS.name)

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).parents[1]
# The names by which pip knows a system, newest first: a wheel for an older glibc or macOS serves too.
LIKE = {
    "win_amd64": ["win_amd64"],
    "linux_x86_64": ["manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"],
    "linux_aarch64": ["manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"],
    "macosx_arm64": ["macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64"],
    "macosx_x86_64": ["macosx_14_0_x86_64", "macosx_12_0_x86_64", "macosx_10_9_x86_64"],
}
# Published as sources only; pure Python, so the wheel made here serves every system.
SOURCES_ONLY = ("jieba",)

SCRIPT_SH = """#!/bin/sh
# 在没有网络的机器上安装 civictag（Linux、macOS）：sh install.sh
set -e
here=$(cd "$(dirname "$0")" && pwd)
python3 -m venv "$here/civictag-env"
"$here/civictag-env/bin/python" -m pip install --no-index --find-links "$here/wheels" "{wanted}"
printf '#!/bin/sh\\nexec "%s/civictag-env/bin/civictag" "$@"\\n' "$here" > "$here/civictag"
chmod +x "$here/civictag"
"$here/civictag" doctor
echo "安装完成。命令在：$here/civictag"
"""
SCRIPT_BAT = """@echo off\r
rem 在没有网络的机器上安装 civictag（Windows）：双击本文件\r
set "HERE=%~dp0"\r
py -3 -m venv "%HERE%civictag-env" || python -m venv "%HERE%civictag-env" || goto nopython\r
"%HERE%civictag-env\\Scripts\\python.exe" -m pip install --no-index --find-links "%HERE%wheels" "{wanted}"\r
if errorlevel 1 goto failed\r
> "%HERE%civictag.bat" echo @"%%~dp0civictag-env\\Scripts\\civictag.exe" %%*\r
call "%HERE%civictag.bat" doctor\r
echo 安装完成。以后在本文件夹里运行 civictag.bat 即可。\r
pause\r
exit /b 0\r
:nopython\r
echo 没有找到 Python。请先安装 Python {python} 或更高版本（安装时勾选 Add Python to PATH）。\r
pause\r
exit /b 1\r
:failed\r
echo 安装没有完成，请把上面的提示发给维护人员。\r
pause\r
exit /b 1\r
"""
README = """civictag 离线安装包
====================

一、把整个文件夹复制到要安装的电脑上（路径里最好没有特殊符号）。
二、该电脑要有 Python {python} 或更高版本（{platform}）。
三、Windows：双击 install.bat；Linux、macOS：在终端里运行 sh install.sh。
四、装好后用本文件夹里的 civictag（Windows 是 civictag.bat）。

安装过程不连接网络。卸载时删除本文件夹即可。
要增加可选组件（如 plot、parquet），请在联网的电脑上重做安装包，加上 --extras web,plot,parquet。
"""


def main(arguments: list[str]) -> int:
    """Make the folder; the exit code of the first step that failed, or 0."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--platform", choices=sorted(LIKE))
    parser.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}")
    parser.add_argument("--extras", default="web", help="comma-separated; empty for none")
    given = parser.parse_args(arguments)
    wanted = f"civictag[{given.extras}]" if given.extras else "civictag"
    if given.out.exists() and any(given.out.iterdir()):
        print(f"{given.out}: exists and is not empty", file=sys.stderr)
        return 1
    wheels = given.out / "wheels"
    wheels.mkdir(parents=True)
    try:
        own_wheels(wheels, given.platform)
        download(wheels, wanted, given.platform, given.python)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(given.out)  # half a folder would fail on the other machine
        print(f"pip 没有完成（pip failed）：{error}", file=sys.stderr)
        return 1
    values = {"wanted": wanted, "python": given.python, "platform": given.platform or sys.platform}
    # A Chinese Windows reads batch files in GBK; after "chcp 65001" cmd loses its place at goto in a file
    # with characters of several bytes. Older editors there know UTF-8 by its mark.
    files = (
        ("install.sh", SCRIPT_SH, "utf-8"),
        ("install.bat", SCRIPT_BAT, "gbk"),
        ("说明.txt", README, "utf-8-sig"),
    )
    for name, text, encoding in files:
        (given.out / name).write_bytes(text.format(**values).encode(encoding))
    return 0


def own_wheels(wheels: Path, platform: str | None) -> None:
    """civictag's wheel, and those of what is published as sources only."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "civictag"
        ignored = shutil.ignore_patterns(".git", "build", "*.egg-info", ".venv", "*.so", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=ignored)
        if platform is not None:  # no compiler here makes a kernel for there
            shutil.rmtree(copy / "civictag" / "kernel")
        pip("wheel", "--no-deps", "-w", str(wheels), str(copy))
    for name in SOURCES_ONLY:
        # The pip of a fresh Python 3.11 would run setup.py with what the environment has: no "wheel".
        pip("wheel", "--no-deps", "--use-pep517", "-w", str(wheels), name)


def download(wheels: Path, wanted: str, platform: str | None, python: str) -> None:
    """The wheels of everything that civictag needs."""
    other = [word for name in LIKE.get(platform or "", ()) for word in ("--platform", name)]
    if platform is not None:
        other += ["--python-version", python, "--implementation", "cp"]
    get = ("download", "--only-binary=:all:", "-d", str(wheels), "--find-links", str(wheels), *other)
    pip(*get, wanted)
    # pip asks this machine, not the other one, whether a requirement holds: click wants colorama on Windows.
    while missing := needed(wheels, platform, python, wanted) - held(wheels):
        pip(*get, *sorted(missing))


def held(wheels: Path) -> set[str]:
    """The canonical names of the wheels that are there."""
    return {str(parse_wheel_filename(path.name)[0]) for path in wheels.glob("*.whl")}


def needed(wheels: Path, platform: str | None, python: str, wanted: str) -> set[str]:
    """The canonical names of what the wheels require on the other machine, for the extras asked for."""
    extras = {"civictag": Requirement(wanted).extras}
    names: set[str] = set()
    for path in wheels.glob("*.whl"):
        name = str(parse_wheel_filename(path.name)[0])
        for line in requirements(path):
            requirement = Requirement(line)
            environments = [{**there(platform, python), "extra": e} for e in ("", *extras.get(name, ()))]
            if requirement.marker is None or any(map(requirement.marker.evaluate, environments)):
                names.add(str(canonicalize_name(requirement.name)))
    return names


def requirements(wheel: Path) -> list[str]:
    """The ``Requires-Dist`` lines of a wheel."""
    with ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(name)).get_all("Requires-Dist") or []


def there(platform: str | None, python: str) -> dict[str, str]:
    """What a marker asks of the other machine."""
    found = dict(default_environment())
    if platform is None:
        return found
    system = {"win": "Windows", "linux": "Linux", "macosx": "Darwin"}[platform.split("_")[0]]
    names = {"Windows": ("win32", "nt"), "Linux": ("linux", "posix"), "Darwin": ("darwin", "posix")}[system]
    found |= {"platform_system": system, "sys_platform": names[0], "os_name": names[1]}
    machine = "AMD64" if system == "Windows" else platform.partition("_")[2]
    return found | {
        "platform_machine": machine,
        "python_version": python,
        "python_full_version": f"{python}.0",
    }


def pip(*arguments: str) -> None:
    """Run pip; its output goes to standard error."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run(
        [sys.executable, "-m", "pip", "-q", *arguments], check=True, env=environment, stdout=sys.stderr
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
