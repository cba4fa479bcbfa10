"""One's own text beside a larger corpus: its weight is learned on it alone, and what was gained is told."""

import json
from dataclasses import replace

import numpy as np
import pytest

from civictag.datamodel import LabelledParagraph
from civictag.features.count_corpus import count_corpus, lookups
from civictag.labels.label_set import from_data
from civictag.settings import Learner, TrainSettings
from civictag.training.folds import make_folds
from civictag.training.material import Material, article_numbers, truth_of
from civictag.training.own_text import own_weight
from civictag.training.select import Candidate
from civictag.training.train import train

LABELS = from_data({"format": 1, "labels": [{"id": "ferry"}, {"id": "bridge"}]})
LEARNER = Learner("paragraph", 1.0)
FAST = TrainSettings(learners=(LEARNER,), folds=2)  # of a small corpus: four
WHERE = [
    "东岸",
    "西岸",
    "南埠",
    "北埠",
    "上湾",
    "下湾",
    "旧街",
    "新街",
    "石桥头",
    "柳树下",
    "磨坊边",
    "渡口旁",
]
WHEN = ["清早", "晌午", "傍晚", "入夜", "雨后", "雾里", "霜天", "集日", "春分", "立夏", "白露", "冬至"]
ELSE = ["卖豆腐的支起了摊子", "孩子们放学回家", "茶馆里坐满了人", "老人在廊下晒太阳"]
#: How a text speaks of each label: the larger corpus, and one's own.
THEIRS = {"ferry": ["渡船靠了岸", "船工解开缆绳"], "bridge": ["桥面铺了新板", "桥栏刷过漆"]}
OURS = {"ferry": ["驳子拢了坡", "艄公收起篙"], "bridge": ["跨虹换过枕木", "拱券补了灰缝"]}


def paragraphs(file, words, count, seed):
    """Each of one label, both or none, said in these words; six to an article."""
    draw = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        labels = tuple(label for label in words if draw.random() < 0.35)
        said = [str(draw.choice(words[label])) for label in labels] + [str(draw.choice(ELSE))]
        text = f"{draw.choice(WHEN)}，{draw.choice(WHERE)}{'，'.join(said)}。"
        rows.append(LabelledParagraph(f"d{number // 6}", number % 6 + 1, text, labels, file=file))
    return rows


def material(theirs, ours):
    """Both corpora counted, one's own last."""
    rows, known = [*theirs, *ours], lookups(LABELS)
    return Material(
        count_corpus(rows, known), rows, truth_of(rows, LABELS.ids), LABELS.ids, article_numbers(rows),
        np.arange(len(rows)), np.ones(len(rows)), np.arange(len(theirs), len(rows)), known.table,
    )  # fmt: skip


def found(given):
    return own_weight(given, Candidate(LEARNER, 0.2, np.zeros(given.truth.shape)), FAST)


def noise(rows):
    """The same texts, labelled by lot."""
    draw = np.random.default_rng(5)
    return [replace(row, labels=tuple(i for i in LABELS.ids if draw.random() < 0.35)) for row in rows]


def contrary(rows):
    """Ferries called bridges, and the other way round: the larger corpus misleads."""
    turned = {"ferry": "bridge", "bridge": "ferry"}
    return [replace(row, labels=tuple(turned[label] for label in row.labels)) for row in rows]


@pytest.mark.parametrize(
    ("ours", "weights", "least", "most"),
    [
        pytest.param(paragraphs("own", OURS, 60, 2), {1}, 0.3, 1.0, id="words of its own"),
        pytest.param(paragraphs("own", THEIRS, 60, 2), {1}, -0.05, 0.05, id="the same words"),
        pytest.param(contrary(paragraphs("own", THEIRS, 60, 2)), {1, 3, 10}, 0.1, 1.0, id="few, contrary"),
        pytest.param(
            contrary(paragraphs("own", THEIRS, 200, 2)),
            {10},
            0.2,
            1.0,
            id="more, contrary",
            marks=pytest.mark.slow,
        ),
        pytest.param(noise(paragraphs("own", THEIRS, 60, 2)), {1}, -0.15, 0.15, id="by lot"),
    ],
)
def test_what_is_gained_is_what_the_own_text_has_to_teach(ours, weights, least, most):
    """Where the larger corpus is four times as much and says the contrary, one's own counts ten times."""
    own = found(material(paragraphs("all", THEIRS, 4 * len(ours), 1), ours))
    assert own.weight in weights
    assert least <= own.gained - own.without <= most


def test_the_weight_is_judged_on_the_own_text_alone():
    """Labels of the larger corpus that are wrong do not count in the figures: only what they teach does."""
    ours = paragraphs("own", OURS, 60, 2)
    given = material(paragraphs("all", THEIRS, 240, 1), ours)
    own = found(given)
    assert own.scores.shape == (60, 2)
    folds = make_folds(ours, given.truth[given.own], given.copies[given.own], FAST.folds, FAST.seed)
    scored = np.sort(np.concatenate([test for _, test in folds.parts]))
    assert scored.tolist() == list(range(60))  # every own paragraph once, no other
    assert 0.0 <= own.without <= own.gained <= 1.0


def test_no_paragraph_is_scored_by_a_model_that_learned_from_its_article():
    """Labels by lot, the same in all of an article, which has a street of its own: a paragraph beside it in
    the training would tell them at once."""
    ours = paragraphs("own", THEIRS, 60, 2)
    lots = {row.doc: lot.labels for row, lot in zip(ours[::6], noise(ours), strict=False)}
    streets = dict(
        zip(
            lots,
            [
                "梧桐街",
                "榆树街",
                "槐花街",
                "石榴街",
                "海棠街",
                "枇杷街",
                "樟木街",
                "银杏街",
                "柳絮街",
                "桑叶街",
            ],
            strict=True,
        )
    )
    told = [replace(r, text=f"{streets[r.doc]}上，{ELSE[0]}。", labels=lots[r.doc]) for r in ours]
    given = material(paragraphs("all", THEIRS, 240, 1), told)
    assert found(given).gained < 0.7
    cut_through = replace(given, articles=np.arange(len(given.rows)))
    apart = [replace(row, doc=str(number)) for number, row in enumerate(told)]
    flattered = replace(cut_through, rows=[*given.rows[:240], *apart])
    assert found(flattered).gained > 0.9


def test_training_says_what_was_gained_and_stores_it(tmp_path):
    for name, rows in (("all", paragraphs("all", THEIRS, 240, 1)), ("own", paragraphs("own", OURS, 60, 2))):
        lines = [
            json.dumps({"doc": r.doc, "para": r.para, "text": r.text, "labels": list(r.labels)}) for r in rows
        ]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "l.toml").write_text('format = 1\n[[labels]]\nid = "ferry"\n[[labels]]\nid = "bridge"\n')
    given = [str(tmp_path / "all.jsonl")], str(tmp_path / "m"), str(tmp_path / "l.toml")
    steps = []
    tagger = train(*given, own=[str(tmp_path / "own.jsonl")], options=FAST, progress=steps.append)
    own = tagger.info.manifest["chosen"]["own"]
    (told,) = [step for step in steps if "your own paragraphs have" in step]
    assert f"the weight {own['weight']:g};" in told
    assert f"{own['micro_f1']:.3f} with them, {own['micro_f1_without']:.3f} without" in told
    assert own["micro_f1"] > own["micro_f1_without"] + 0.3
    assert [tag.label for tag in tagger.tag("傍晚，下湾驳子拢了坡，艄公收起篙。")] == ["ferry"]
    bare = train(*given, options=FAST)
    assert bare.info.manifest["chosen"]["own"] is None
    assert bare.tag("傍晚，下湾驳子拢了坡，艄公收起篙。") == []
