"""The page without a terminal: where its jobs are kept, and a shortcut on the desktop."""

from __future__ import annotations

import os
import shlex
import sys

import platformdirs

from civictag.errors import CivictagError
from civictag.i18n import _
from civictag.util.atomic_file import deliver

_OURS = "-m civictag page"

# The prompt is minimised, not hidden: closing it is how the service is ended.
_BATCH = '@echo off\r\nchcp 65001 >nul\r\nstart "civictag" /min "{python}" -m civictag page\r\n'
_COMMAND = "#!/bin/sh\nexec {python} -m civictag page\n"
_ENTRY = """[Desktop Entry]
Type=Application
Name=civictag
Name[zh_CN]=段落标注（civictag）
Exec={python} -m civictag page
Icon={icon}
Terminal=false
Categories=Office;
"""


def work_folder() -> str:
    """Where the page keeps its jobs when nothing else is said: the user's own folder for such data."""
    return platformdirs.user_data_dir("civictag", appauthor=False)


def install(folder: str | None = None, system: str = sys.platform, python: str = sys.executable) -> str:
    """Write the shortcut; its path.

    Args:
        folder: where to; None is the desktop.
        system: as ``sys.platform`` calls it.
        python: the interpreter that has civictag.

    Raises:
        CivictagError: there is no such folder, or a file of that name that is not ours.
    """
    name, text = _shortcut(system, python)
    path = os.path.join(folder or platformdirs.user_desktop_dir(), name)
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="replace") as file:
            if _OURS not in file.read():
                hint = _("Rename it, and try again")
                raise CivictagError(_("exists and is not a shortcut of civictag's"), where=path, hint=hint)
    deliver(text.encode("utf-8"), path)
    if system != "win32":
        os.chmod(path, 0o755)
    return path


def _shortcut(system: str, python: str) -> tuple[str, str]:
    if system == "win32":
        return "civictag 段落标注.bat", _BATCH.format(python=python.replace("%", "%%"))
    if system == "darwin":
        return "civictag 段落标注.command", _COMMAND.format(python=shlex.quote(python))
    icon = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "static", "icon.svg")
    quoted = '"' + "".join("\\" + c if c in '"`$\\' else c for c in python).replace("%", "%%") + '"'
    return "civictag.desktop", _ENTRY.format(python=quoted, icon=icon)
