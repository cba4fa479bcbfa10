"""The compiled backend against the pure Python one: feature by feature, score by score, reason by reason."""

import json
import random
import struct
import threading
import zlib
from functools import cache
from pathlib import Path

import pytest
from backends import kernel, needs_kernel, shipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civictag.model import bundle
from civictag.model.pure_python import PureModel
from civictag.text import lexicon_file as lexicon

pytestmark = needs_kernel
CORPUS = Path(__file__).parents[1] / "corpus" / "civic"
LOOSE = 1e-9


class Pair:
    """One model in both backends."""

    def __init__(self, folder):
        from civictag.model.compiled import CompiledModel

        files = bundle.read(folder)
        self.native, self.pure = CompiledModel(files), PureModel(files)
        self.labels = range(len(files.manifest["biases"]))
        self.names = (Path(folder) / "vocabulary.txt").read_text("utf-8").splitlines()
        self.rows = {name: row for row, name in enumerate(self.names)}

    def assert_same_features(self, text, title):
        seen = self.pure._see(text, title).analysis
        sentences, heads = self.native._scorer.features(text, title)
        assert [(s, e) for s, e, _ in sentences] == seen.sentences
        for (_, _, hits), known in zip(sentences, seen.seen, strict=True):
            assert sorted(hits) == sorted(self._known(known))
        assert sorted(heads) == sorted(self._known(seen.title_features))

    def _known(self, occurrences):
        return [(self.rows[name], s, e) for name, s, e in occurrences if name in self.rows]

    def assert_same_scores(self, texts, titles):
        ours, theirs = self.native.scores(texts, titles), self.pure.scores(texts, titles)
        assert len(ours) == len(texts)
        assert (
            max(abs(a - b) for x, y in zip(ours, theirs, strict=True) for a, b in zip(x, y, strict=True))
            < LOOSE
        )

    def assert_same_reasons(self, text, title):
        (scores,) = self.native.scores([text], [title])
        ours = self.native.reasons(text, title, self.labels)
        theirs = self.pure.reasons(text, title, self.labels)
        for mine, other, score in zip(ours, theirs, scores, strict=True):
            assert abs(sum(span.weight for span in mine.spans) + mine.outside - score) < LOOSE
            assert abs(mine.outside - other.outside) < LOOSE
            # Equally strong spans may change places by a rounding.
            for span, same in zip(
                sorted(mine.spans, key=_start), sorted(other.spans, key=_start), strict=True
            ):
                assert (span.start, span.end) == (same.start, same.end)
                assert abs(span.weight - same.weight) < LOOSE
            strengths = [abs(span.weight) for span in mine.spans]
            assert strengths == sorted(strengths, reverse=True)


def _start(span):
    return span.start


@cache
def pair_of(folder):
    return Pair(folder)


@pytest.fixture(params=["small_model", "small_model_of_format_2"])
def small(request):
    return pair_of(request.getfixturevalue(request.param))


@pytest.fixture
def civic(civic_model):
    return pair_of(civic_model)


@cache
def rows():
    files = sorted(CORPUS.glob("*.jsonl"))
    found = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    assert len(found) > 6000
    return [(row["text"], row["title"]) for row in found]


ODD = [
    ("", ""),
    ("", "志愿者清扫楼道"),
    ("。", "。"),
    ("好!他说:“垃圾清理干净了。”于是30.5%的居民3 . 5万", "１２３"),
    ("清理垃圾" * 60, "清理垃圾" * 9),
    ("志愿者\ud800清理\x00楼 道,環境衛生", "物業"),
    ("ＬＥＤ屏播放公益廣告……累計3.5萬次。。。a.b.c 5G", "LED"),
]


@pytest.mark.parametrize(("text", "title"), ODD)
def test_odd_texts(small, text, title):
    small.assert_same_features(text, title)
    small.assert_same_scores([text], [title])
    small.assert_same_reasons(text, title)


def test_paragraphs_of_the_corpus(civic):
    sample = rows()[::160]  # all of them: the slow test below
    for text, title in sample:
        civic.assert_same_features(text, title)
        civic.assert_same_reasons(text, title)
    civic.assert_same_scores(*map(list, zip(*sample, strict=True)))


@pytest.mark.slow
def test_the_whole_corpus(civic):
    for text, title in rows():
        civic.assert_same_features(text, title)
        civic.assert_same_reasons(text, title)
    civic.assert_same_scores(*map(list, zip(*rows(), strict=True)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_texts_full_of_cues(civic, data):
    """Cues beside, over and within each other, in one clause and in several."""
    literals = pair_literals(civic)
    piece = st.sampled_from(literals) | st.sampled_from(
        [",", "。", "、", "的", "3.5", "卫生院", "\u3000", '"', "；"]
    )
    text = "".join(data.draw(st.lists(piece, max_size=25)))
    civic.assert_same_features(text, text[:20])
    civic.assert_same_reasons(text, text[:20])


@cache
def pair_literals(pair):
    table = pair.pure._analyser._matcher.table
    return [literal for literal, fills in zip(table.literals, table.fills, strict=True) if len(fills) > 1]


def test_a_batch_is_its_paragraphs(small):
    texts, titles = map(list, zip(*rows()[::200], *ODD, strict=True))
    whole = small.native.scores(texts, titles)
    assert whole == [small.native.scores([t], [h])[0] for t, h in zip(texts, titles, strict=True)]
    assert whole[::-1] == small.native.scores(texts[::-1], titles[::-1])


def test_threads_share_a_model(small):
    texts, titles = map(list, zip(*rows()[::100], strict=True))
    expected, wrong = small.native.scores(texts, titles), []

    def work():
        wrong.extend(1 for _ in range(5) if small.native.scores(texts, titles) != expected)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_clause_of_a_hundred_thousand_cues_takes_no_square_time(civic):
    text = "清理垃圾卫生院" * 30_000
    assert len(civic.native.scores([text], [""])[0]) == len(civic.labels)


@pytest.mark.parametrize(
    "call",
    [
        lambda scorer: scorer.scores("text", []),
        lambda scorer: scorer.scores([b"x"], [""]),
        lambda scorer: scorer.scores(["x"], []),
        lambda scorer: scorer.reasons("x", None, [0]),
        lambda scorer: scorer.reasons("x", "", [99]),
        lambda scorer: scorer.reasons("x", "", [-1]),
        lambda scorer: scorer.reasons("x", "", ["a"]),
    ],
)
def test_wrong_calls_are_refused(small, call):
    with pytest.raises((TypeError, ValueError, IndexError, OverflowError)):
        call(small.native._scorer)
    small.assert_same_scores(["还能用吗?"], [""])


def damaged(data, seed):
    """A lexicon file hit in some places, its header made to fit again."""
    draw, head = random.Random(seed), lexicon._HEAD.size
    data = bytearray(data)
    for _ in range(draw.choice([1, 10, 300])):
        data[draw.randrange(32 if seed % 2 else head + 4, len(data))] = draw.choice([0, 1, 0x7F, 0xFF])
    data[head : head + 4] = struct.pack("<I", zlib.crc32(data[:head]))
    return bytes(data)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_tables_never_take_the_process_down(small_model, seed):
    """Run under AddressSanitizer this is the test of every bound (docs/speed.md says how)."""
    folder = Path(small_model)
    biases = list(json.loads((folder / "manifest.json").read_text("utf-8"))["biases"].values())
    try:
        tables = kernel.Lexicon(damaged((folder / "tables.bin").read_bytes(), seed))
        weights = (folder / "weights.f32").read_bytes()
        scorer = kernel.Scorer(
            shipped(kernel), tables, weights, weights[-5 * 4 * len(biases) :], biases, biases, 0.2, 18.0
        )
    except ValueError:
        return
    for text, title in [*ODD, *rows()[:5]]:
        assert len(scorer.scores([text], [title])[0]) == len(biases)
        scorer.reasons(text, title, range(len(biases)))
