"""The order in which paragraphs teach most."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from civictag.review.active_learning import in_order, informativeness


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ([0.5, 0.01], [0.99, 0.01]),  # on the threshold before far from it
        ([0.55, 0.45], [0.9, 0.1]),
        ([0.9, 0.9], [0.9, 0.01]),  # an unusual number of labels, where one is usual
    ],
)
def test_doubtful_and_unusual_ones_come_first(more, less):
    worth = informativeness(np.array([more, less]), [0.5, 0.5], 1.0)
    assert worth[0] > worth[1]


def test_certainty_is_finite():
    worth = informativeness(np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]]), [0.3, 0.7], 1.0)
    assert np.isfinite(worth).all()


def test_copies_do_not_follow_each_other():
    texts = ["社区清理楼道里的杂物和小广告"] * 5 + ["图书馆周末给孩子们讲故事", "河边新栽了三百棵柳树"]
    order = in_order(texts, np.array([1.0, 0.99, 0.98, 0.97, 0.96, 0.9, 0.9]))
    assert sorted(order) == list(range(7))
    assert order[0] == 0
    assert set(order[1:3]) == {5, 6}


def test_all_positions_once_also_past_the_pool(monkeypatch):
    from civictag.review import active_learning

    monkeypatch.setattr(active_learning, "POOL", 7)
    monkeypatch.setattr(active_learning, "BLOCK", 3)
    monkeypatch.setattr(active_learning, "SPREAD_OUT", 20)
    rng = np.random.default_rng(0)
    worth = rng.random(31)
    order = in_order([f"第{i}段写的事{i * i}" for i in range(31)], worth)
    assert sorted(order) == list(range(31))
    assert order[20:] == sorted(order[20:], key=lambda i: -worth[i])
    assert order[0] == int(worth.argmax())
    assert in_order([], np.zeros(0)) == []
