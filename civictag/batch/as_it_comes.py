"""A slow source: what has come is worked on, what is done is given, and nobody waits for more.

An iterator over standard input blocks until the next row is there. Here it runs in a thread, so that the
results of earlier rows go out meanwhile.
"""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from civictag.batch.executors import Future

Item = TypeVar("Item")
_NUDGE, _END = object(), object()


class Coming(Generic[Item]):
    """The items of an iterable, pulled by a thread.

    Args:
        items: where they come from; asked for the next one while fewer than ``ahead`` wait to be taken.
        ahead: how many may wait.
    """

    def __init__(self, items: Iterable[Item], ahead: int) -> None:
        self.ended = False
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self._room = threading.Semaphore(ahead)
        threading.Thread(target=self._pull, args=(items,), daemon=True).start()

    def take(self, *, wait: bool = True) -> list[Item]:
        """The next item alone; [] at the end, after ``nudge``, and where none is there and nobody may wait.

        Raises:
            Exception: what the source raised in the place of its next item.
        """
        try:
            found: Any = _END if self.ended else self._queue.get(wait)
        except Empty:
            return []
        if isinstance(found, _Raised):
            raise found.error
        if found is _END:
            self.ended = True
        if found is _END or found is _NUDGE:
            return []
        self._room.release()
        return [found]

    def nudge(self, _done: object = None) -> None:
        """Whoever waits for an item goes on."""
        self._queue.put(_NUDGE)

    def _pull(self, items: Iterable[Item]) -> None:
        if hasattr(signal, "pthread_sigmask"):  # Ctrl-C is for the main thread
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            for item in items:
                self._room.acquire()
                self._queue.put(item)
            self._queue.put(_END)
        except BaseException as error:  # told to the thread that takes the items
            self._queue.put(_Raised(error))


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def together(items: Iterable[Item], most: int) -> Iterator[list[Item]]:
    """Items in runs: all that have come, at most ``most``; one alone where the next is not there yet."""
    coming = Coming(items, most)
    while not coming.ended:
        run = coming.take()
        while run and len(run) < most and (more := coming.take(wait=False)):
            run += more
        if run:
            yield run


def in_order(
    submit: Callable[[Item], Future], coming: Coming[Item], under_way: deque[Item], ahead: int
) -> Iterator[Any]:
    """Results in the order of the items, each as soon as it is there, at most ``ahead`` items under way.

    ``under_way`` gets the items; whoever takes a result takes its item out.
    """
    waiting: deque[Future] = deque()
    while True:
        if waiting and (waiting[0].done() or len(waiting) >= ahead or coming.ended):
            result = waiting[0].result()
            waiting.popleft()
            yield result
        elif coming.ended:
            return
        else:
            for item in coming.take():
                under_way.append(item)
                waiting.append(submit(item))
                waiting[-1].add_done_callback(coming.nudge)
