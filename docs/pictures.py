"""Takes the pictures of docs/web.md from the page and the desk themselves: ``python docs/pictures.py``.

Needs playwright and a Chromium. The articles are invented, the same every time.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "pictures"
TEXT = """城南街道开展环境卫生大整治
3月12日，城南街道组织志愿者走上街头，清理垃圾、捡拾烟头，擦洗护栏，路过的居民纷纷点赞。
柳荫社区在广场设立宣传台，向过往居民发放倡议书和垃圾分类手册，讲解文明养犬知识，引导大家从身边小事做起。
小区物业公司组织保洁员清理楼道堆物，对单元门、路灯逐一检修，并新增电动车充电桩十二处。
街道召开工作推进会，通报上周督查情况，明确责任分工和完成时限。
"""


@contextlib.contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """A service with its own port and folder, in Chinese."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "civictag", *arguments, "--port", port]
    service = subprocess.Popen(command, env={**os.environ, "CIVICTAG_LANG": "zh"})
    try:
        url = f"http://127.0.0.1:{port}/"
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(url + "readyz").close()
                break
            time.sleep(0.1)
        yield url
    finally:
        service.terminate()
        service.wait()


def page(browser: Any, url: str) -> None:
    """A pasted article, wide and light, narrow and dark."""
    for width, scheme in ((1280, "light"), (390, "dark")):
        view = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        view.goto(url)
        view.wait_for_selector("#downloads button", state="attached")
        view.fill("#text", TEXT)
        view.click("#paste .main")
        view.wait_for_selector(".text mark")
        view.wait_for_timeout(500)
        view.screenshot(path=FOLDER / f"page-{width}{'-dark' * (scheme == 'dark')}.png", full_page=True)
        view.on("dialog", lambda dialog: dialog.accept())
        view.click("#jobs .plain")
        view.wait_for_selector("#jobs li", state="detached")
        view.close()


def desk(browser: Any, url: str) -> None:
    """The desk after three decisions."""
    for width, scheme in ((1280, "light"), (390, "dark")):
        view = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        view.goto(url + "label")
        view.wait_for_selector("#definitions p", state="attached")
        view.fill("#name", f"小王{width}{scheme}")
        view.keyboard.press("Enter")
        view.wait_for_selector(".choice")
        for key in "123":
            view.keyboard.press(key)
            with view.expect_response("**/desk/decide"):
                view.keyboard.press("Enter")
            view.wait_for_timeout(300)
        view.keyboard.press("1")
        view.screenshot(path=FOLDER / f"label-{width}{'-dark' * (scheme == 'dark')}.png", full_page=True)
        view.close()


def main() -> None:
    """Take them all."""
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    samples = str(Path(__file__).parents[1] / "corpus" / "samples")
    with sync_playwright() as run, tempfile.TemporaryDirectory() as work:
        browser = run.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with serving("serve", "--work", work) as url:
            page(browser, url)
        with serving("annotate", samples, "--store", f"{work}/labels.db", "--no-browser") as url:
            desk(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
