"""The one model in memory, and the threads that tag with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from civictag.i18n import _
from civictag.model.bundle import load
from civictag.model.tagger import Tagger
from civictag.web.refusals import Refusal
from civictag.web.settings import Limits

Result = TypeVar("Result")


class Engine:
    """Runs work beside the event loop, at most so much of it, with the model of the moment.

    Args:
        model: a shipped model's name or a model folder.
        limits: ``seconds`` and ``concurrency`` are kept here.
        threads: how many pieces of work run at a time.

    Attributes:
        tagger: the model; who works with an older one keeps it until done.
        draining: the service is ending and takes no new work.

    Raises:
        ModelError: the model cannot be loaded.
    """

    def __init__(self, model: str, limits: Limits, threads: int) -> None:
        self.tagger: Tagger = load(model)
        self.draining = False
        self._model = model
        self._limits = limits
        self._under_way = 0
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="civictag-tag")
        self._reloading = asyncio.Lock()

    @property
    def under_way(self) -> int:
        """Requests that hold a place."""
        return self._under_way

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold one of the ``concurrency`` places, from before the body is read until the answer is sent.

        Raises:
            Refusal: all are taken (429).
        """
        most = self._limits.concurrency
        if self._under_way >= most:
            message = _("{count} requests are under way, the most that are taken at a time", count=most)
            raise Refusal(429, "busy", message, limit=("concurrency", most), headers={"Retry-After": "1"})
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    async def run(self, work: Callable[[Tagger], Result]) -> Result:
        """``work(tagger)`` in a thread.

        Raises:
            Refusal: it took longer than ``seconds`` (504); what has not begun by then never does.
        """
        task = self._pool.submit(work, self.tagger)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(task), self._limits.seconds)
        except TimeoutError:
            seconds = self._limits.seconds
            message = _("tagging takes longer than {seconds} seconds: send less at a time", seconds=seconds)
            raise Refusal(504, "too_slow", message, limit=("seconds", seconds)) from None

    async def reload(self, model: str | None = None) -> Tagger:
        """Load the model anew, or another one; requests under way end with the one they began with.

        Raises:
            ModelError: it cannot be loaded; the one in use stays.
        """
        async with self._reloading:
            name = model or self._model
            self.tagger = await asyncio.to_thread(load, name)
            self._model = name
            return self.tagger

    def close(self) -> None:
        """Wait for what is being tagged."""
        self._pool.shutdown(wait=True)
