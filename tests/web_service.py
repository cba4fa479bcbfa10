"""A service for tests: in this process for the client of Starlette, or listening on this machine."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import replace

from starlette.testclient import TestClient

from civictag.web.app import create_app
from civictag.web.settings import Limits, Settings

TEXT = "邻里们一早打扫了晒场，地面干净得能照人。\n何老师给王家搭把手，把柴火挑上坡，从不收工钱。"


def client(model, tmp_path=None, *, headers=None, base="http://127.0.0.1", **given):
    """A client of an application of its own; ``given`` are settings, and limits by their names."""
    return TestClient(
        create_app(model, settings_of(tmp_path, **given)),
        base_url=base,
        headers=headers,
        root_path=given.get("root_path", ""),
        raise_server_exceptions=False,
    )


def settings_of(tmp_path=None, **given):
    limits = {name: given.pop(name) for name in list(given) if name in Limits.__dataclass_fields__}
    work = {"work": str(tmp_path)} if tmp_path else {}
    return Settings(limits=replace(Limits(), **limits), **work, **given)


@contextlib.contextmanager
def listening(model, tmp_path=None, *, desk=None, **given):
    """A real server in a thread; gives (port, server)."""
    import uvicorn

    from civictag.web.server import Protocol, Server

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = settings_of(tmp_path, port=port, **given)
    app = create_app(model, settings, desk)
    Protocol.header_seconds = settings.limits.header_seconds
    config = uvicorn.Config(
        app, port=port, http=Protocol, ws="none", log_config=None, access_log=False, server_header=False
    )
    ready = threading.Event()
    server = Server(config, app.state.civictag, ready.set)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert ready.wait(30)
        yield port, server
    finally:
        server.should_exit = True
        thread.join(30)
