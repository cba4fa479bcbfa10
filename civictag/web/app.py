"""The application: routes, pages, guards, put together."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from civictag.errors import CivictagError
from civictag.util.unfinished import discard, note
from civictag.version import __version__
from civictag.web import site
from civictag.web.api import about, ndjson, tagging
from civictag.web.desk import routes as desk_routes
from civictag.web.desk.project import Project
from civictag.web.engine import Engine
from civictag.web.guard import Guard
from civictag.web.metrics import Metrics
from civictag.web.page import routes as page
from civictag.web.page.runner import Runner
from civictag.web.page.store import jobs_in
from civictag.web.refusals import answer
from civictag.web.settings import Settings
from civictag.web.state import State


def create_app(
    model: str = "civic", settings: Settings | None = None, desk: Project | None = None
) -> FastAPI:
    """An ASGI application with the model loaded.

    Args:
        model: a shipped model's name or a model folder.
        settings: its address and limits; None for the defaults.
        desk: the labelling project for ``/label``, closed when the application ends.

    Raises:
        ModelError: the model cannot be loaded.
    """
    chosen = settings or Settings()
    state = State(chosen, Engine(model, chosen.limits, chosen.threads), Metrics())
    app = FastAPI(
        title="civictag",
        version=__version__,
        description=str(__doc__),
        openapi_url="/openapi.json",
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.civictag = state
    app.state.desk = desk
    for kind in (HTTPException, RequestValidationError, CivictagError, OSError):
        app.add_exception_handler(kind, answer)
    for module in (tagging, ndjson, about, page, desk_routes):
        app.include_router(module.router)
    site.mount(app, {"/": "index.html", **({"/label": "label.html"} if desk else {})})
    _guard(app, state)
    return app


def _guard(app: FastAPI, state: State) -> None:
    """What stands before the routes; the guard outermost."""
    chosen = state.settings
    if chosen.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(chosen.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type"],
        )
    app.add_middleware(Guard, settings=chosen, metrics=state.metrics)


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state: State = app.state.civictag
    work = state.settings.work or tempfile.mkdtemp(prefix="civictag-")
    if not state.settings.work:
        note(work)  # it goes, too, when a second Ctrl-C ends the service on the spot
    app.state.jobs = jobs_in(work)
    app.state.jobs.tidy()
    app.state.runner = Runner(app.state.jobs, state.engine)
    app.state.runner.start()
    yield
    state.engine.draining = True
    app.state.runner.stop()
    state.engine.close()
    app.state.jobs.close()
    if app.state.desk is not None:
        app.state.desk.close()
    if not state.settings.work:
        discard(work)
