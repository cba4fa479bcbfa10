"""``civictag serve``: the service and its pages, until it is told to end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from civictag.cli.common.options import InputPath, model_option
from civictag.errors import CivictagError, MissingExtra
from civictag.i18n import _
from civictag.util.unfinished import claimed

if TYPE_CHECKING:
    from collections.abc import Callable

    from civictag.web.desk.project import Project
    from civictag.web.settings import Settings


_OPTIONS = (
    click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    click.option(
        "--port", type=click.IntRange(1, 65535), default=8466, show_default=True, help="Port to listen on."
    ),
    click.option(
        "--token-file",
        type=InputPath(exists=True, dir_okay=False),
        help="File with the token that requests must show (or CIVICTAG_TOKEN); needed on any other address.",
    ),
    click.option("--allow-host", multiple=True, metavar="NAME", help="A further name of this service."),
    click.option(
        "--allow-origin", multiple=True, metavar="ORIGIN", help="A site whose scripts may call (CORS)."
    ),
    click.option("--tls-cert", type=InputPath(exists=True, dir_okay=False), help="TLS certificate (PEM)."),
    click.option("--tls-key", type=InputPath(exists=True, dir_okay=False), help="Its private key (PEM)."),
    click.option("--root-path", default="", metavar="PATH", help="Path that a proxy serves this under."),
    click.option("--threads", type=click.IntRange(1), help="Threads that tag.  [default: one per core]"),
    click.option(
        "--max-body",
        type=click.IntRange(1),
        default=32,
        show_default=True,
        help="Size of one request at most, in MiB.",
    ),
    click.option(
        "--max-paragraphs",
        type=click.IntRange(1),
        default=20_000,
        show_default=True,
        help="Body paragraphs of one request at most.",
    ),
    click.option(
        "--max-seconds",
        type=click.FloatRange(0.1),
        default=60,
        show_default=True,
        help="Seconds for a body to arrive, and for its tagging.",
    ),
    click.option(
        "--max-requests",
        type=click.IntRange(1),
        default=64,
        show_default=True,
        help="Requests that are tagged or wait at one time at most.",
    ),
    click.option("--work", type=click.Path(file_okay=False), help="Folder of the page's jobs."),
    click.option("--log", is_flag=True, help="Say every request on standard error: never its text."),
)


def options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of every verb that serves."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command(
    short_help="Serve tagging over HTTP, with a page for people.",
    epilog="Example: civictag serve --port 8466",
)
@model_option
@options
def command(model: str, log: bool, **params: Any) -> None:
    """Serve tagging over HTTP: POST /v1/tag, /v1/tag/batch and more (/openapi.json), and the page at /.

    Listens on this machine alone unless --host says otherwise; then every request must show a token.
    """
    settings, certificate = settings_of(params)
    if log:
        log_requests()
    run(model, settings, certificate=certificate)


def run(
    model: str,
    settings: Settings,
    *,
    certificate: tuple[str, str] | None = None,
    ready: Callable[[], None] | None = None,
    desk: Project | None = None,
) -> None:
    """Load the model, serve, and say where.

    Raises:
        MissingExtra: the extra ``[web]`` is not installed.
        CivictagError: as ``civictag.web.server.serve``; the folder of jobs cannot be written, or another
            service works in it; ModelError: the model cannot be loaded.
    """
    try:
        from civictag.web.app import create_app
        from civictag.web.page.store import jobs_in
        from civictag.web.server import serve
    except ImportError as error:
        raise MissingExtra("civictag serve", "web") from error
    message = _("civictag: serving at {address} (Ctrl-C ends)", address=url_of(settings, bool(certificate)))
    # Two services in one folder would both do its jobs; and one that cannot be written is told at once.
    jobs = [jobs_in(settings.work)] if settings.work else []
    for store in jobs:
        store.close()
    with claimed(store.path for store in jobs):
        app = create_app(model, settings, desk)
        serve(app, settings, certificate=certificate, ready=ready or (lambda: click.echo(message, err=True)))


def url_of(settings: Settings, tls: bool = False) -> str:
    """Where a browser finds the page."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'https' if tls else 'http'}://{host}:{settings.port}{settings.root_path}/"


def log_requests() -> None:
    """Method, route, status and time of each request, on standard error."""
    import logging

    logging.basicConfig(format="%(asctime)s %(name)s %(message)s", level=logging.WARNING)
    logging.getLogger("civictag.web").setLevel(logging.INFO)


def settings_of(params: dict[str, Any]) -> tuple[Settings, tuple[str, str] | None]:
    """The settings, and the TLS certificate with its key, that the options ask for.

    Raises:
        click.UsageError: they cannot go together.
    """
    from civictag.readers.limits import MIB
    from civictag.web.settings import Limits, Settings

    if bool(params["tls_cert"]) != bool(params["tls_key"]):
        raise click.UsageError(_("--tls-cert and --tls-key go together"))
    settings = Settings(
        host=params["host"],
        port=params["port"],
        token=_token(params["token_file"]),
        hosts=tuple(name.lower() for name in params["allow_host"]),
        origins=tuple(params["allow_origin"]),
        root_path=params["root_path"].rstrip("/"),
        work=params["work"],
        threads=params["threads"] or os.cpu_count() or 1,
        limits=Limits(
            body_bytes=params["max_body"] * MIB,
            paragraphs=params["max_paragraphs"],
            seconds=params["max_seconds"],
            concurrency=params["max_requests"],
        ),
    )
    if not settings.token and not settings.is_local:
        raise click.UsageError(
            _(
                "--host {host} can be reached by others: give --token-file, or CIVICTAG_TOKEN",
                host=settings.host,
            )
        )
    return settings, (params["tls_cert"], params["tls_key"]) if params["tls_cert"] else None


def _token(path: str | None) -> str:
    """The token; not an option's value, which every user of the machine can see in the list of processes."""
    if path is None:
        return os.environ.get("CIVICTAG_TOKEN", "").strip()
    with open(path, encoding="utf-8", errors="replace") as file:
        token = file.read().strip()
    if not token.isascii() or not token.isprintable() or not token:
        raise CivictagError(
            _("the file has no token"), where=path, hint=_("Write one line of random letters")
        )
    return token
