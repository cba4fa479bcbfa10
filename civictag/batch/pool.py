"""Workers of the standard library's pool: how they start, what they hear, how the pool ends with them."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from typing import TYPE_CHECKING, Any

from civictag.util.orphans import end_with
from civictag.util.unfinished import let_go

if TYPE_CHECKING:
    from civictag.batch.executors import Future

_ENDING = {getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)}
_PIPE = 1 << 20  # bytes: what Linux grants without asking
PATIENCE = 1.0  # seconds between two looks; the pool itself sees a dead worker at once


@contextlib.contextmanager
def pool_of(jobs: int) -> Iterator[Callable[..., Future]]:
    """A pool's ``submit``. The workers end with it, whatever happens."""
    pool = ProcessPoolExecutor(jobs, _context(), _begin_worker, (os.getpid(), gc.get_threshold()))
    _widen(pool)
    watch = _Watch(pool)

    def submit(function: Callable[[Any], Any], item: Any) -> Future:
        """The future of an item; workers are started meanwhile as they are needed."""
        with _deaf():
            future = pool.submit(function, item)
            watch.begin()
        return future

    try:
        yield submit
        pool.shutdown()
    except BaseException:
        for worker in list((pool._processes or {}).values()):  # public from Python 3.14: kill_workers
            worker.kill()
        pool.shutdown(cancel_futures=True)
        raise
    finally:
        watch.end()


def _widen(pool: ProcessPoolExecutor) -> None:
    """Let a worker hand over a result whole and go on: a pipe of 64 KiB is filled and emptied by turns."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):  # more than a user may have in all pipes
            fcntl.fcntl(pool._result_queue._writer, fcntl.F_SETPIPE_SZ, _PIPE)  # type: ignore[attr-defined]


def _context() -> BaseContext:
    """How workers are started: forked where that is safe, else spawned.

    A forked worker has the model and every module, and begins in milliseconds; a spawned one starts Python
    anew. Not safe: macOS, whose libraries break in a fork; a second thread, which would be copied half-way
    with the locks that it holds; and SQLite, whose open files must not be carried over.
    """
    safe = sys.platform == "linux" and "sqlite3" not in sys.modules and _one_thread()
    return get_context("fork" if safe else "spawn")


def _one_thread() -> bool:
    """Whether this process has no other thread: of Python's, or of a library's that Python does not know."""
    for _ in range(100):
        if threading.active_count() > 1:
            return False
        with contextlib.suppress(OSError):  # no /proc
            if len(os.listdir("/proc/self/task")) == 1:
                return True
        time.sleep(0.001)  # one that was joined, an earlier pool's, may be on its way out still
    return False


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C: it reaches the whole terminal, and we end them.

    Blocked, not ignored: what comes just now is heard afterwards. The other signals that end us wait too:
    between a worker's start and its first message it would end in a traceback of its own.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
    elif hasattr(signal, "pthread_sigmask"):
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, *_ENDING})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    else:
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, handler)


def _begin_worker(parent: int, threshold: tuple[int, int, int]) -> None:
    """In a new worker: do not answer Ctrl-C, and do not outlive the process that started us.

    Args:
        parent: that process.
        threshold: when it looks for garbage; so do we.
    """
    gc.set_threshold(*threshold)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in _ENDING:
        if callable(signal.getsignal(number)):  # copied from the parent, who tidies and tells
            signal.signal(number, signal.SIG_DFL)
    let_go()
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    end_with(parent)


class _Watch:
    """Breaks a pool whose worker was killed while it handed over a result, as any other death breaks it.

    Half of that result stands in the pipe, and the pool would wait for the other half for ever: it reads
    before it looks whether its workers live, and keeps the pipe's writing end open itself. (Killed at
    random, with results of 400 kB, 11 of 25 pools hung.)

    Attributes:
        pool: whose workers are looked after, from ``begin`` to ``end``.
    """

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self.pool = pool
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def begin(self) -> None:
        """Look from now on; the first worker has been started. Doing it again changes nothing."""
        if self._thread.ident is None:
            self._thread.start()

    def end(self) -> None:
        """Look no more, and leave no thread."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(PATIENCE):
            workers = [*(self.pool._processes or {}).values()]
            if not any(worker.exitcode for worker in workers):
                continue
            if self._ended.wait(PATIENCE) or self.pool._broken:  # seen by the pool itself
                return
            for worker in workers:
                worker.kill()
            self.pool._result_queue._writer.close()  # type: ignore[attr-defined]  # with no writer left, the pool's read ends
            return
