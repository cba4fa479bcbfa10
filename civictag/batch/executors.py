"""Who does the chunks: this process, or several of the standard library's pool. Results come in order.

A worker that dies (killed by an input, or for want of memory) does not end the batch: what was under
way is done again, one item at a time in a process of its own, so that an item that kills again is known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Any, Protocol, TypeVar

from civictag.batch import as_it_comes

In = TypeVar("In")
Out = TypeVar("Out")

# Items under way for each worker: one in its hands, one waiting, one whose result waits for its turn.
# More only costs memory: a reader slower than us (a pager) would otherwise collect the whole output here.
AHEAD = 3


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

    from civictag.batch.pool import pool_of

    with pool_of(1) as submit:
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

    from civictag.batch.pool import pool_of

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
            with pool_of(jobs) as pool:
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
