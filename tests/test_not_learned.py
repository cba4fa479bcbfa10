"""Labels that a corpus cannot teach: named with the reason, left to their cues unless those mislead."""

import numpy as np
import pytest

from civictag.labels.cue_matcher import cue_table
from civictag.labels.label_set import from_data
from civictag.training.not_learned import fall_back, not_learned

LABELS = {"format": 1, "labels": [{"id": "ferry", "cues": {"strong": ["渡船"]}}, {"id": "bridge"}]}
TABLE = cue_table(from_data(LABELS).cues)
SIZE = 60


def having(count):
    return np.arange(SIZE) < count


@pytest.mark.parametrize(
    ("positives", "scores", "why"),
    [
        (0, having(0), "few"),
        (1, having(1), "few"),
        (2, having(2), ""),
        (20, having(20), ""),
        (19, ~having(19), ""),  # too few to say that the label cannot be learned
        (20, ~having(20), "chance"),
        (20, np.zeros(SIZE), "chance"),
        (59, having(59), "every"),
        (60, having(60), "every"),
    ],
)
def test_why(positives, scores, why):
    truth = np.stack([having(20), having(positives)], axis=1)
    found = not_learned(
        truth, np.stack([having(20), scores], axis=1).astype(float), ["ferry", "bridge"], TABLE, 2
    )
    assert [missing.why for missing in found.values()] == ([why] if why else [])
    if why:
        assert found["bridge"].positives == positives
        assert "bridge" in found["bridge"].summary("bridge")
        assert not found["bridge"].by_cues


def test_cues_decide_where_there_are_any():
    truth = having(3).reshape(-1, 1)
    missing = not_learned(having(1).reshape(-1, 1), truth.astype(float), ["ferry"], TABLE, 2)["ferry"]
    assert missing.by_cues
    decided = fall_back("ferry", TABLE, having(6), truth[:, 0])
    assert decided.weights == {"k:ferry.strong": 2.0}
    assert decided.decisions.sum() == 6
    slope, intercept = decided.calibration.slope, decided.calibration.intercept
    assert slope > 0
    assert intercept - slope < intercept + slope


@pytest.mark.parametrize(
    ("hits", "truth", "given"),
    [
        (np.zeros(SIZE, bool), having(3), 0),
        (~having(56), having(3), 0),  # four cues, none right, and the label stands elsewhere
        (~having(57), having(3), 3),  # three may be chance
        (~having(56), having(0), 4),  # nothing is known of the label
        (~having(40), having(4), 0),
        (having(20), having(4), 20),
    ],
)
def test_cues_that_mislead_decide_nothing(hits, truth, given):
    assert fall_back("ferry", TABLE, hits, truth).decisions.sum() == given


def test_without_cues_it_is_never_given():
    assert fall_back("bridge", TABLE, np.zeros(SIZE, bool), having(3)).weights == {}
