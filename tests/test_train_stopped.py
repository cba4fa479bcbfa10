"""A training that is stopped leaves the old model as it was, at whatever step the stop comes."""

import os
import signal
from pathlib import Path

import pytest
from fake_tagger import write_rain

from civictag.settings import Learner, TrainSettings
from civictag.training.train import train

LABELS = """
format = 1
[[labels]]
id = "rain"
[labels.cues]
strong = ["大雨"]
"""
FAST = TrainSettings(learners=(Learner("cue"),))


def contents(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@pytest.mark.parametrize("step", [1, 2, -1])
def test_an_interrupt_leaves_the_old_model_whole(tmp_path, step):
    (tmp_path / "labels.toml").write_text(LABELS, "utf-8")
    write_rain(tmp_path / "rows.jsonl")
    given = [str(tmp_path / "rows.jsonl")], str(tmp_path / "model"), str(tmp_path / "labels.toml")
    told = []
    train(*given, options=FAST, progress=told.append)
    before, beside = contents(tmp_path / "model"), sorted(os.listdir(tmp_path))

    def stop(text):
        """Ctrl-C, as the system sends it, when the step is told."""
        if text == told[step]:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        train(*given, options=FAST, progress=stop)
    assert contents(tmp_path / "model") == before
    assert sorted(os.listdir(tmp_path)) == beside
