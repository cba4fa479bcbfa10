"""A slow source: nothing waits for what is not there yet, and what fails is told where it is taken."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from civictag.batch.as_it_comes import Coming, in_order, together
from civictag.batch.executors import processes


def test_all_that_has_come_is_one_run_and_order_is_kept() -> None:
    assert [n for run in together(range(1000), 64) for n in run] == list(range(1000))
    assert max(map(len, together(range(1000), 64))) <= 64
    assert list(together([], 8)) == []


def test_an_item_alone_is_given_while_the_next_is_waited_for() -> None:
    gate = threading.Event()

    def source() -> Iterator[int]:
        yield 1
        assert gate.wait(30)
        yield 2

    runs = together(source(), 8)
    assert next(runs) == [1]  # would wait for ever if 2 were waited for
    gate.set()
    assert list(runs) == [[2]]


def test_a_result_is_given_while_the_next_item_is_waited_for() -> None:
    given: list[int] = []

    def source() -> Iterator[int]:
        for number in range(5):
            yield number
            assert gates[number].wait(30)

    gates = [threading.Event() for _number in range(5)]
    under_way: deque[int] = deque()
    with ThreadPoolExecutor(2) as pool:
        results = in_order(lambda n: pool.submit(abs, n), Coming(source(), 1), under_way, 6)
        for result in results:
            assert under_way.popleft() == result
            given.append(result)
            gates[result].set()
    assert given == list(range(5))


def test_what_the_source_raises_is_raised_where_its_item_would_be() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    runs = together(source(), 8)
    with pytest.raises(ValueError, match="no more"):
        list(runs)


def test_processes_give_the_same_from_a_slow_source() -> None:
    run = processes(2, lambda function, item: function(item), slow=True)
    assert list(run(abs, iter(range(-20, 20)))) == [abs(n) for n in range(-20, 20)]
    assert list(run(abs, iter([]))) == []
