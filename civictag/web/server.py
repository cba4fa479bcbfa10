"""Running the application: one process, one model, until it is told to end."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from civictag.errors import CivictagError
from civictag.i18n import _, listed
from civictag.web.settings import Settings
from civictag.web.state import State

log = logging.getLogger("civictag.web")


class Protocol(HttpToolsProtocol):
    """uvicorn's HTTP, with limits to a request's head: a slow or endless sender holds no connection."""

    header_seconds = 10.0
    header_bytes = 64 << 10

    def connection_made(self, transport: Any) -> None:
        """The head of the first request has to come by then."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for any more."""
        self._late.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """The head of a further request has its own time; uvicorn sees to the time between requests."""
        super().on_message_begin()
        if self._late.cancelled():
            self._wait()

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._late.cancel()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """A head of more than ``header_bytes`` is not read to its end."""
        if not self._late.cancelled():
            self._head += len(data)
        super().data_received(data)
        if not self._late.cancelled() and self._head > self.header_bytes:
            self.transport.write(b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n")
            self._late.cancel()
            self.transport.close()

    def _wait(self) -> None:
        self._head = 0
        self._late = self.loop.call_later(self.header_seconds, self.transport.close)


class Server(uvicorn.Server):
    """Says that it is ending before it stops listening; reads the model anew on SIGHUP."""

    def __init__(self, config: uvicorn.Config, state: State, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._state = state
        self._ready = ready

    async def startup(self, sockets: Any = None) -> None:
        """Listen, then tell who waits for it."""
        await super().startup(sockets)
        hangup = getattr(signal, "SIGHUP", None)  # Windows has none: POST /v1/models/reload is there too
        if hangup is not None and threading.current_thread() is threading.main_thread():
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(hangup, lambda: asyncio.ensure_future(self._reload()))
        if self.started:
            self._ready()

    async def shutdown(self, sockets: Any = None) -> None:
        """``/readyz`` answers 503 from here on; what was accepted is finished."""
        self._state.engine.draining = True
        await super().shutdown(sockets)
        if (
            self.force_exit
        ):  # a second Ctrl-C: uvicorn waits for no request, and would leave all else as it is
            logging.getLogger("uvicorn.error").disabled = True  # a traceback per request that is cut off
            await self.lifespan.shutdown()
        # uvicorn raises the signal again at the end. Who asked for the end by SIGTERM got it: code 0.
        self._captured_signals = [one for one in self._captured_signals if one != signal.SIGTERM]

    async def _reload(self) -> None:
        try:
            tagger = await self._state.engine.reload()
            log.info("model %s read anew", tagger.info.sha256[:12])
        except CivictagError as error:
            log.error("the model stays as it is: %s", error)


def serve(
    app: FastAPI,
    settings: Settings,
    *,
    certificate: tuple[str, str] | None = None,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM or Ctrl-C; then finish what was accepted and return.

    Args:
        certificate: files of the TLS certificate and its key.
        ready: called once requests are taken.

    Raises:
        CivictagError: the address is in use or not ours, or the certificate cannot be read.
    """
    limits = settings.limits
    Protocol.header_seconds = limits.header_seconds
    files: dict[str, Any] = {}
    if certificate:
        files = {"ssl_certfile": certificate[0], "ssl_keyfile": certificate[1]}
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, http=Protocol, ws="none", log_config=None,
        access_log=False, server_header=False, proxy_headers=False, root_path=settings.root_path,
        timeout_graceful_shutdown=int(limits.seconds) + 5, **files,
    )  # fmt: skip
    try:
        config.load()
        Server(config, app.state.civictag, ready).run()
    except SystemExit as error:  # uvicorn's answer to an address that it cannot have
        raise CivictagError(
            _("cannot listen there: the address is in use, or not this machine's"),
            where=f"{settings.host}:{settings.port}",
            hint=_("Choose another with --port"),
        ) from error
    except OSError as error:
        where = listed(certificate or ())
        problem = _("cannot be used: {error}", error=error.strerror or error)
        raise CivictagError(problem, where=where or None) from error
