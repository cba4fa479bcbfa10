"""The ways to learn: one linear model each, fitted where it may and nowhere else."""

import numpy as np
import pytest

from civictag.features.vocabulary import count
from civictag.settings import Learner, TrainSettings
from civictag.training.learners.fit import cue_kinds, cue_rule, design, fit

SETTINGS = TrainSettings()


def counted(paragraphs=24):
    """Odd paragraphs have the label: one of their sentences says 「渡船」, in cue and in word."""
    said = ["w:渡船", "c:渡船", "k:a.strong"]
    plain = [["w:水", "c:水边", "c:水"], ["w:树", "c:树下", "k:a.weak"]]
    return count([[*plain, [*said, f"w:{i}"]] if i % 2 else [*plain, [f"w:{i}"]] for i in range(paragraphs)])


TRUTH = (np.arange(24) % 2 == 1).reshape(-1, 1)


@pytest.mark.parametrize("unit", ["pooled", "sentence", "paragraph", "cue"])
def test_each_unit_finds_the_sentence_that_announces(unit):
    seen = design(counted(), Learner(unit), ["a"], np.arange(24), SETTINGS)
    model = fit(seen, np.arange(24), TRUTH, np.ones(24))
    scores = seen.bags.rows @ model.weights[:, 0] + model.biases[0]
    hits = np.asarray(seen.bags.rows[:, seen.vocabulary.names.index("k:a.strong")].todense()).ravel() > 0
    assert scores[hits].min() > scores[~hits].max()


def test_rows_that_are_held_out_change_nothing():
    seen = design(counted(), Learner("paragraph"), ["a"], np.arange(24), SETTINGS)
    rows = np.arange(16)
    wrong = TRUTH.copy()
    wrong[16:] = ~wrong[16:]
    one, other = (fit(seen, rows, truth, np.ones(24)).weights for truth in (TRUTH, wrong))
    assert one.tobytes() == other.tobytes()


def test_a_long_paragraph_does_not_outvote_a_short_one():
    seen = design(counted(), Learner("paragraph", cue_weight=0.0), ["a"], np.arange(24), SETTINGS)
    lengths = np.sqrt(np.asarray(seen.whole.multiply(seen.whole).sum(axis=1)).ravel())
    assert lengths == pytest.approx(np.ones(24))


def test_only_paragraphs_use_single_characters():
    for unit, there in (("sentence", False), ("paragraph", True)):
        seen = design(counted(), Learner(unit), ["a"], np.arange(24), SETTINGS)
        assert ("c:水" in seen.vocabulary.names) is there


def test_which_cues_count_is_what_finds_the_label():
    seen = design(counted(), Learner("cue"), ["a"], np.arange(24), SETTINGS)
    kinds = cue_kinds(seen.vocabulary.names, ["a"], seen.bags, TRUTH)
    assert kinds == {"strong"}
    weights, bias = cue_rule(seen.vocabulary.names, "a", kinds)
    assert dict(zip(seen.vocabulary.names, weights, strict=True)) == {"k:a.strong": 2.0, "k:a.weak": 0.0}
    assert bias == -1.0


def test_without_an_example_the_strong_cues_count():
    names = ["k:a.against", "k:a.strong", "k:a.weak", "k:b.strong"]
    assert cue_rule(names, "a")[0].tolist() == [0, 2, 0, 0]
    assert cue_rule(["k:a.weak"], "a")[0].tolist() == [2]


def test_the_cue_list_votes_beside_what_was_learned():
    plain, voted = (Learner("paragraph", 4.0, cue_list=share) for share in (0.0, 1.0))
    found = []
    for learner in (plain, voted):
        seen = design(counted(), learner, ["a"], np.arange(24), SETTINGS)
        model = fit(seen, np.arange(24), TRUTH, np.ones(24))
        found.append((seen.bags.rows @ model.weights + model.biases)[:, 0])
    hit = np.asarray(seen.bags.rows[:, seen.vocabulary.names.index("k:a.strong")].todense()).ravel() > 0
    assert found[1] - found[0] == pytest.approx(np.where(hit, 1.0, -1.0))
