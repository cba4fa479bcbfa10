"""``civictag page``: the page in the browser, its service begun if need be."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import click

from civictag.cli import serve
from civictag.cli.common.options import model_option
from civictag.errors import MissingExtra
from civictag.i18n import _

if TYPE_CHECKING:
    from civictag.web.settings import Settings


@click.command(
    short_help="Tag and correct in the browser.",
    epilog="Example: civictag page --install",
)
@model_option
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8466, show_default=True, help="Port to listen on."
)
@click.option("--work", type=click.Path(file_okay=False), help="Folder of jobs.  [default: the user's own]")
@click.option("--install", is_flag=True, help="Put a shortcut on the desktop instead.")
@click.option("--no-browser", is_flag=True, help="Only say where the page is.")
def command(model: str, port: int, work: str | None, install: bool, no_browser: bool) -> None:
    """Open the page in the browser: paste or drop articles, see and correct labels, download.

    It runs on this machine alone, and until this window is closed or Ctrl-C is pressed.
    """
    try:
        from civictag.web.page import shortcut
        from civictag.web.settings import Settings
    except ImportError as error:
        raise MissingExtra("civictag page", "web") from error
    if install:
        click.echo(_("civictag: wrote {path}", path=shortcut.install()), err=True)
        return
    settings = Settings(port=port, work=work or shortcut.work_folder(), threads=os.cpu_count() or 1)
    if _is_running(settings):
        show(settings, no_browser)
        return
    serve.run(model, settings, ready=lambda: show(settings, no_browser))


def _is_running(settings: Settings) -> bool:
    """A civictag answers at the address already: a second double click."""
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(settings.host, settings.port, timeout=2)
    with contextlib.suppress(OSError, HTTPException), contextlib.closing(connection):
        connection.request("GET", "/readyz")
        return b'"model"' in connection.getresponse().read(1000)
    return False


def show(settings: Settings, no_browser: bool) -> None:
    """Say where the page is, and open it."""
    import webbrowser

    address = serve.url_of(settings)
    click.echo(_("civictag: the page is at {address}", address=address), err=True)
    if not no_browser:
        webbrowser.open(address)
