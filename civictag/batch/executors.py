"""Who does the chunks: this process, or several of the standard library's pool. Results come in order.

A worker that dies (killed by an input, or for want of memory) does not end the batch: what was under
way is done again, one item at a time in a process of its own, so that an item that kills again is known.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from civictag.batch import as_it_comes
from civictag.util.orphans import end_with
from civictag.util.unfinished import let_go

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

In = TypeVar("In")
Out = TypeVar("Out")

# Items under way for each worker: one in its hands, one waiting, one whose result waits for its turn.
# More only costs memory: a reader slower than us (a pager) would otherwise collect the whole output here.
AHEAD = 3
_ENDING = {getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)}


class Future(Protocol):
    """A result that is there later: the pool's workers' and Dask's have this in common."""

    def result(self) -> Any:
        """Wait for it; raises what the work raised."""

    def done(self) -> bool:
        """Whether it is there."""

    def add_done_callback(self, fn: Callable[[Any], object], /) -> None:
        """Call ``fn`` when it is there, in whatever thread."""


Executor = Callable[[Callable[[In], Out], Iterable[In]], Iterator[Out]]
"""Applies a function to items, lazily, in order, with few items under way."""


class WorkerDied(Exception):
    """The process that worked on an item ended without an answer, also when it had nothing else to do."""


def here(function: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out]:
    """In this process, one after the other."""
    return map(function, items)


def beside(function: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out]:
    """In a thread, while the caller reads and writes: the backend lets go of Python's lock."""
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(1)
    try:
        yield from in_order(lambda item: pool.submit(function, item), items, 2)
    finally:
        pool.shutdown(cancel_futures=True)


def processes(
    jobs: int, lost: Callable[[Callable[[In], Out], In], Out], *, slow: bool = False
) -> Executor[Any, Any]:
    """In ``jobs`` processes; a single item is not worth starting them.

    Args:
        jobs: how many.
        lost: ``lost(function, item)`` gives the result of an item whose worker died.
        slow: items may be a long time coming; the results of earlier ones are given meanwhile.
    """

    def run(function: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out]:
        """The executor."""
        source = iter(items)
        if slow and jobs > 1:
            return _in_pools(function, source, jobs, lost, slow=True)
        first = list(islice(source, 2))
        if jobs == 1 or len(first) < 2:
            return map(function, chain(first, source))
        return _in_pools(function, chain(first, source), jobs, lost)

    return run


def alone(function: Callable[[In], Out], item: In) -> Out:
    """The result of one item, worked out in a process of its own.

    Raises:
        WorkerDied: that process ended without an answer.
    """
    from concurrent.futures.process import BrokenProcessPool

    with _pool(1) as submit:
        try:
            result: Out = submit(function, item).result()
        except (BrokenProcessPool, MemoryError) as error:  # an answer too large to be handed over
            raise WorkerDied from error
    return result


def in_order(submit: Callable[[In], Future], items: Iterable[In], ahead: int) -> Iterator[Any]:
    """Results in the order of ``items``, at most ``ahead`` of them under way."""
    waiting: deque[Future] = deque()
    for item in items:
        waiting.append(submit(item))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _in_pools(
    function: Callable[[In], Out],
    items: Iterator[In],
    jobs: int,
    lost: Callable[[Any, In], Out],
    *,
    slow: bool = False,
) -> Iterator[Out]:
    """A pool that breaks is replaced, after what it had in hand was done otherwise."""
    from concurrent.futures.process import BrokenProcessPool

    under_way: deque[In] = deque()
    coming = as_it_comes.Coming(items, 1) if slow else None
    ahead = AHEAD * jobs

    def noted() -> Iterator[In]:
        """The items, remembered until their result was taken."""
        for item in items:
            under_way.append(item)
            yield item

    while True:
        try:
            with _pool(jobs) as pool:
                submit = partial(pool, function)
                results = (
                    as_it_comes.in_order(submit, coming, under_way, ahead)
                    if coming
                    else in_order(submit, noted(), ahead)
                )
                for result in results:
                    under_way.popleft()
                    yield result
            return
        except (BrokenProcessPool, MemoryError):
            while under_way:
                yield lost(function, under_way.popleft())


@contextlib.contextmanager
def _pool(jobs: int) -> Iterator[Callable[..., Future]]:
    """A pool's ``submit``. The workers end with it, whatever happens."""
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(jobs, _context(), _begin_worker, (os.getpid(), gc.get_threshold()))

    def submit(function: Callable[[In], Out], item: In) -> Future:
        """The future of an item; workers are started meanwhile as they are needed."""
        with _deaf():
            return pool.submit(function, item)

    try:
        yield submit
        pool.shutdown()
    except BaseException:
        for worker in list((pool._processes or {}).values()):  # public from Python 3.14: kill_workers
            worker.kill()
        pool.shutdown(cancel_futures=True)
        raise


def _context() -> BaseContext:
    """How workers are started: forked where that is safe, else spawned.

    A forked worker has the model and every module, and begins in milliseconds; a spawned one starts Python
    anew. Not safe: macOS, whose libraries break in a fork; a second thread, which would be copied half-way
    with the locks that it holds; and SQLite, whose open files must not be carried over.
    """
    from multiprocessing import get_context

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
