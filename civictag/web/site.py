"""The pages themselves: plain files that come with the program; nothing is fetched from elsewhere."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "static")


def mount(app: FastAPI, pages: dict[str, str]) -> None:
    """Serve ``static/`` at ``/static/``, and pages as path → file name."""
    app.mount("/static", StaticFiles(directory=FOLDER), name="static")
    for path, name in pages.items():
        app.add_api_route(path, _page(name), methods=["GET"], include_in_schema=False)


def _page(name: str) -> Callable[[], Awaitable[FileResponse]]:
    async def page() -> FileResponse:
        """The page; it asks whether it is still the newest each time."""
        return FileResponse(os.path.join(FOLDER, name), headers={"cache-control": "no-cache"})

    return page
