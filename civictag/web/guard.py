"""What every request passes first: who asks, from where, how much; and the headers of every answer."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civictag.i18n import _
from civictag.web.metrics import Metrics
from civictag.web.refusals import Refusal, too_large
from civictag.web.settings import LOOPBACK_NAMES, Settings, is_loopback

log = logging.getLogger("civictag.web")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
OPEN = ("/healthz", "/readyz", "/static/")
"""Paths that need no token: they tell nothing; so do the pages themselves, ``/`` and ``/label``."""

STREAMS = ("/v1/tag/batch",)
"""Paths whose body may go on as long as it keeps coming."""


class Guard:
    """ASGI middleware; the outermost, so that nothing answers without it."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, count and pass on one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, no_store=not _path(scope).startswith("/static/"))
        begun = time.perf_counter()
        try:
            refusal = self._refused(scope)
            if refusal is not None:
                await refusal.response()(scope, receive, answer.send)
            else:
                await self._app(scope, self._counted(scope, receive), answer.send)
        except Exception as error:
            await _failed(error, scope, receive, answer)
        finally:
            self._count(scope, answer.status, time.perf_counter() - begun)

    def _refused(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        name = host_name(headers.get("host", ""))
        if not self._is_ours(name, scope):
            return Refusal(421, "wrong_host", _("the service does not answer to this host name"))
        if self._is_foreign(headers):
            return Refusal(403, "foreign_origin", _("scripts of other sites may not use the service"))
        if scope["method"] != "OPTIONS" and not self._may(_path(scope), headers):
            message = _("a token is needed: Authorization: Bearer …")
            return Refusal(401, "unauthorized", message, headers={"WWW-Authenticate": "Bearer"})
        length = headers.get("content-length", "0")
        most = self._settings.limits.body_bytes
        if _path(scope) not in STREAMS and length.isdigit() and int(length) > most:
            return too_large("body_bytes", most)
        return None

    def _is_ours(self, name: str, scope: Scope) -> bool:
        """A page elsewhere may point its own name at this machine (DNS rebinding): only ours count.

        The number that the connection came in on is ours as well: rebinding needs a name.
        """
        known = {*self._settings.hosts, self._settings.host}
        if self._settings.is_local:
            known |= set(LOOPBACK_NAMES)
        server = (scope.get("server") or ("",))[0]
        return name in known or name == server or (is_loopback(server) and name in LOOPBACK_NAMES)

    def _is_foreign(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return (
                headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate"
            )
        return origin not in self._settings.origins and urlsplit(origin).netloc != headers.get("host")

    def _may(self, path: str, headers: Headers) -> bool:
        token = self._settings.token
        if not token or path in ("/", "/label") or path.startswith(OPEN):
            return True
        kind, _space, shown = headers.get("authorization", "").partition(" ")
        # Compared in constant time: how long a refusal takes must not tell how much was right.
        return hmac.compare_digest(shown.strip().encode(), token.encode()) and kind.lower() == "bearer"

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        """``receive`` that refuses what is too much or too slow."""
        limits = self._settings.limits
        streams = _path(scope) in STREAMS
        deadline = time.monotonic() + limits.seconds
        size = 0
        complete = False

        async def counted() -> Message:
            """The next message of the body."""
            nonlocal size, complete
            if complete:  # what comes now is only that the client has gone
                return await receive()
            wait = limits.seconds if streams else max(0.0, deadline - time.monotonic())
            try:
                message = await asyncio.wait_for(receive(), wait)
            except TimeoutError:
                text = _("the body did not arrive within {seconds} seconds", seconds=limits.seconds)
                raise Refusal(408, "too_slow", text, limit=("seconds", limits.seconds)) from None
            size += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if not streams and size > limits.body_bytes:
                raise too_large("body_bytes", limits.body_bytes)
            return message

        return counted

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        # The route's pattern, never the path: a path may hold anything.
        route = getattr(scope.get("route"), "path", None) or "-"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        log.info("%s %s %d %.1f ms", method, route, status, seconds * 1000)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _Answer:
    """Watches what is sent: its status, whether it has begun; adds the headers of every answer."""

    def __init__(self, send: Send, no_store: bool) -> None:
        self._send: Callable[[Message], Awaitable[None]] = send
        self._no_store = no_store
        self.status = 0

    async def send(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if self._no_store:
                headers.setdefault("cache-control", "no-store")
        await self._send(message)


async def _failed(error: Exception, scope: Scope, receive: Receive, answer: _Answer) -> None:
    """Answer what nobody foresaw. Its kind and place are logged, not its message: that may hold text."""
    if not isinstance(error, Refusal):
        log.error("%s at %s", type(error).__name__, _place(error))
        error = Refusal(500, "failed", _("something went wrong in the service"))
    if not answer.status:
        await error.response()(scope, receive, answer.send)


def _place(error: Exception) -> str:
    trace: Any = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


def _path(scope: Scope) -> str:
    """The path as the application knows it, without what a proxy has put before it."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) or "/"


def host_name(header: str) -> str:
    """The name in a ``Host`` header, without port and brackets, lower case; "" for what is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
