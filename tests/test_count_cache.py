"""Kept counts: what is read back is what was written, or nothing."""

import inspect
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from civictag.features import count_cache, count_corpus, extract, vocabulary
from civictag.features.count_corpus import Lookups
from civictag.features.vocabulary import count
from civictag.labels.cue_matcher import cue_table
from civictag.settings import FeatureSettings
from civictag.text import pure_normalize

KNOWN = Lookups(cue_table(()), {"渡船": 3}, 10, FeatureSettings(char_min=1))
TEXTS = [("渡船靠岸了。", ""), ("桥修好了。", "桥")]


@pytest.fixture
def kept(tmp_path):
    place = count_cache.path(str(tmp_path / "cache"), TEXTS, KNOWN)
    count_cache.write(place, count([[["w:渡船", "c:船"], ["w:桥"]], [["w:桥", "w:桥"]]]))
    return place


def test_what_was_written_is_read(kept):
    found = count_cache.read(kept)
    assert list(found.names) == ["c:船", "w:桥", "w:渡船"]
    assert found.counts.toarray().tolist() == [[1, 0, 1], [0, 1, 0], [0, 2, 0]]
    assert found.owner.tolist() == [0, 0, 1]
    assert found.size == 2


@pytest.mark.parametrize(
    "module", [extract, count_corpus, pure_normalize, vocabulary], ids=lambda m: m.__name__
)
def test_other_code_is_another_file(kept, module, tmp_path, monkeypatch):
    source = inspect.getsource
    monkeypatch.setattr(inspect, "getsource", lambda m: source(m) + "#" * (m is module))
    assert count_cache.path(str(tmp_path / "cache"), TEXTS, KNOWN) != kept


def test_another_kernel_is_another_file(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(count_cache, "is_compiled", lambda: True)
    (tmp_path / "kernel.so").write_bytes(b"another")
    monkeypatch.setattr(count_cache, "backend", lambda: SimpleNamespace(__file__=str(tmp_path / "kernel.so")))
    assert count_cache.path(str(tmp_path / "cache"), TEXTS, KNOWN) != kept


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, 0.98])
def test_a_file_cut_short_is_no_file(kept, keep):
    with open(kept, "rb") as file:
        whole = file.read()
    with open(kept, "wb") as file:
        file.write(whole[: int(keep * len(whole)) if isinstance(keep, float) else keep])
    assert count_cache.read(kept) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"owner": np.array([0, 0, 9])},
        {"owner": np.array([0, 0])},
        {"indices": np.array([0, 2, 1, 7], dtype=np.int32)},
        {"indptr": np.array([0, 2, 3, 99], dtype=np.int32)},
        {"names": np.frombuffer(b"\xff\xfe", dtype=np.uint8)},
        {"further": np.array(1)},
        {"data": np.array([{}], dtype=object)},
    ],
    ids=str,
)
def test_parts_that_do_not_fit_are_no_file(kept, wrong):
    with np.load(kept) as found:
        parts = {name: found[name] for name in found.files}
    np.savez(kept, **(parts | wrong))
    assert count_cache.read(kept) is None


def test_another_text_or_setting_has_another_place():
    others = [
        (TEXTS[:1], KNOWN),
        ([TEXTS[0], ("桥修好了。", "桥头")], KNOWN),
        (TEXTS, replace(KNOWN, words={"渡船": 4})),
        (TEXTS, replace(KNOWN, total=11)),
        (TEXTS, replace(KNOWN, features=FeatureSettings())),
    ]
    places = {count_cache.path("", texts, known) for texts, known in [(TEXTS, KNOWN), *others]}
    assert len(places) == 1 + len(others)
