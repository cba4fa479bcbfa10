"""Who does the pieces: this process, or several by joblib. All give the results in order."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, Protocol, TypeVar

from civictag.errors import CivictagError

In = TypeVar("In")
Out = TypeVar("Out")

# Pieces under way for each worker: one in its hands, one waiting, one whose result waits for its turn.
# More only costs memory: a reader slower than us (a pager) would otherwise collect the whole output here.
AHEAD = 3
# Seconds until an idle worker ends itself, also when we were killed and cannot tell it to.
IDLE = 15


class Future(Protocol):
    """A result that is there later: joblib's workers' and Dask's have this in common."""

    def result(self) -> Any:
        """Wait for it; raises what the work raised."""


Executor = Callable[[Callable[[In], Out], Iterable[In]], Iterator[Out]]
"""Applies a function to items, lazily, in order, with few items under way."""


def here(function: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out]:
    """In this process, one after the other."""
    return map(function, items)


def processes(jobs: int) -> Executor[Any, Any]:
    """In ``jobs`` processes; a single item is not worth starting them."""

    def run(function: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out]:
        """The executor."""
        source = iter(items)
        first = list(islice(source, 2))
        if jobs == 1 or len(first) < 2:
            return map(function, chain(first, source))
        return _by_joblib(function, chain(first, source), jobs)

    return run


def in_order(submit: Callable[[In], Future], items: Iterable[In], ahead: int) -> Iterator[Any]:
    """Results in the order of ``items``, at most ``ahead`` of them under way."""
    waiting: deque[Future] = deque()
    for item in items:
        waiting.append(submit(item))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _by_joblib(function: Callable[[In], Out], items: Iterable[In], jobs: int) -> Iterator[Out]:
    # joblib.Parallel hands out work as fast as it is done, however slowly its results are taken
    # (measured: 52 of 400 results collected while the first was being used); its executor lets us wait.
    # Of our own, because joblib.Parallel takes the reusable one for its own and trips over a stranger's.
    from joblib.externals.loky.process_executor import ProcessPoolExecutor, TerminatedWorkerError

    # Ctrl-C reaches every process of the terminal: this one answers it and ends the others.
    executor = ProcessPoolExecutor(
        max_workers=jobs, timeout=IDLE, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
    )
    try:
        with _deaf():
            executor.submit(int)  # starts the workers
        yield from in_order(lambda item: executor.submit(function, item), items, AHEAD * jobs)
        executor.shutdown()
    except TerminatedWorkerError as error:
        raise CivictagError(
            "a worker process was ended from outside, perhaps for want of memory",
            hint="Try fewer with -j; with --resume the same command goes on where it stopped",
        ) from error
    except BaseException:
        executor.shutdown(wait=False, kill_workers=True)
        raise


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C, not even before their first own line runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
