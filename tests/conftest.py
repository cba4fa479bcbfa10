"""One small model for the whole run, and where the shipped and the measuring data lie."""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import struct
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

# No test is about time; the first example pays for dictionaries and processes.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

HERE = Path(__file__).parent
# Messages are compared in English, whatever the locale of who runs the tests.
os.environ["CIVICTAG_LANG"] = "en"
# A thread per core for sums of a few numbers, in each worker and in each process that a test starts, is
# more waiting than work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Some hundred processes are started: each would compile the package again where nothing compiled is kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# jsonschema makes 38 grammars of addresses when it is imported where this is installed, seconds per
# process, to check a format that no schema of ours asks for.
sys.modules.setdefault("rfc3987_syntax", None)
# What the tests write is remembered here, not among the user's own outputs.
os.environ["CIVICTAG_STATE"] = tempfile.mkdtemp(prefix="civictag-state-")
SHARED = HERE.parents[1] / "shared"


# What takes longest begins first, so that no worker has it alone at the end (make test-times).
DEAREST = [
    "bounded",
    "hostile_bundles",
    "batch_resume",
    "orphans",
    "durability",
    "batch",
    "web_browser",
    "learn",
    "no_sockets",
    "two_writers",
    "report",
    "cluster",
    "cli",
    "train",
    "own_text",
    "process",
]


def pytest_configure(config):
    """pytest-xdist would begin with the files of most tests, which are the cheapest."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(config, items):
    """Slow tests run when they are asked for: by ``-m`` or by their own name."""
    place = {f"test_{name}": at for at, name in enumerate(DEAREST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))  # else as they were
    if config.option.markexpr or any("::" in argument for argument in config.args):
        return
    slow = [item for item in items if "slow" in item.keywords]
    # Not skipped: a thousand reports of nothing are seconds of each run.
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if "slow" not in item.keywords]


def pytest_xdist_auto_num_workers(config):
    """``-n auto``: one more than there are processors, for many tests wait for processes of their own."""
    return (os.cpu_count() or 1) + 1


def pytest_addoption(parser):
    """``--processor-times``: where the suite's minutes go."""
    told = "processor seconds, of child processes too, of the dearest files and tests"
    parser.addoption("--processor-times", action="store_true", help=told)


def processor_seconds():
    """Of this process and of its children that have ended."""
    return sum(os.times()[:4])


_spent = [0.0]


def pytest_collection_finish(session):
    """From here on each report says what was spent since the last one."""
    _spent[:] = [processor_seconds()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Processor seconds go with the report of each phase, from whichever worker."""
    report = yield
    if item.config.getoption("--processor-times"):
        now = processor_seconds()
        report.user_properties.append(("processor", now - _spent[0]))
        _spent[:] = [now]
    return report


@pytest.fixture
def tally(request):
    """Counts for the end of the run: ``tally("kills survived", 12, 12)``; those of one name are added up.

    A test that fails before it has counted is told as such: its cases are in no sum.
    """
    request.node.user_properties.append(("counts", True))

    def count(name: str, good: int, of: int) -> None:
        request.node.user_properties.append(("tally", (name, good, of)))

    return count


def pytest_terminal_summary(terminalreporter):
    """What was attacked, and how much of it was withstood; what took the processor's time, if asked."""
    given = [report for reports in terminalreporter.stats.values() for report in reports]
    properties = [(report, *found) for report in given for found in getattr(report, "user_properties", ())]
    tell_tallies(terminalreporter, properties)
    if terminalreporter.config.getoption("--processor-times"):
        tell_processor_times(terminalreporter, properties)


def tell_tallies(terminalreporter, properties):
    """Of a test that failed, nothing was withstood."""
    totals: dict[str, list[int]] = {}
    failed = {report.nodeid for report, key, _ in properties if key == "counts" and report.failed}
    for report, key, value in properties:
        if key == "tally" and report.when == "call":
            total = totals.setdefault(value[0], [0, 0])
            total[:] = total[0] + value[1] * report.passed, total[1] + value[2]
            failed.discard(report.nodeid)
    if totals or failed:
        terminalreporter.section("trust")
    for name, (good, of) in sorted(totals.items()):
        terminalreporter.write_line(f"{name}: {good}/{of}")
    if failed:
        terminalreporter.write_line(f"failed before they had counted, in no sum above: {len(failed)} tests")


def tell_processor_times(terminalreporter, properties):
    """The twenty dearest files and tests; each worker's start and collection come on top."""
    spent = Counter()
    for report, key, seconds in properties:
        if key == "processor":
            spent[report.nodeid.partition("::")[0]] += seconds
            spent[report.nodeid] += seconds
    terminalreporter.section("processor seconds")
    for kind in (False, True):
        for name, seconds in [pair for pair in spent.most_common() if ("::" in pair[0]) is kind][:20]:
            terminalreporter.write_line(f"{seconds:7.1f}  {name[:95]}")
    total = sum(seconds for name, seconds in spent.items() if "::" not in name)
    terminalreporter.write_line(f"{total:7.1f}  in all, without starting and collecting")


@pytest.fixture(scope="session")
def tiny_corpus() -> str:
    """Sixty short paragraphs in twelve articles of two files."""
    return str(HERE / "data" / "tiny")


@pytest.fixture(scope="session")
def tiny_labels() -> str:
    """Their label set: tidy, lend, mend."""
    return str(HERE / "data" / "tiny.toml")


@pytest.fixture(scope="session")
def small_model(tmp_path_factory, tiny_corpus, tiny_labels) -> str:
    """The folder of a model trained from the tiny corpus. Nobody changes it; copy it first.

    It is told what to learn: on so little text the label set's cue list is as good, and would be taken,
    and a model without words leaves most of the tests that use it nothing to look at.
    """
    from civictag.settings import Learner, TrainSettings
    from civictag.training.train import train

    folder = tmp_path_factory.mktemp("models") / "small"
    options = TrainSettings(learners=(Learner("sentence", 1.0),))
    train([tiny_corpus], str(folder), tiny_labels, options=options)
    return str(folder)


@pytest.fixture(scope="module")
def few_ways():
    """Trainings that choose among all ways to learn choose among one of each unit in place of eleven.

    For tests of what is the same whichever is chosen; the choice itself has its tests in test_learn.py.
    """
    from civictag.settings import GRID
    from civictag.training import select

    one_each = list({learner.unit: learner for learner in reversed(GRID)}.values())
    real = select.worth_trying

    def fewer(learners, *size):
        return real([learner for learner in learners if learner in one_each] or learners, *size)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(select, "worth_trying", fewer)
        yield


@pytest.fixture(scope="session")
def small_model_of_format_2(small_model, tmp_path_factory) -> str:
    """The small model with offsets, and with words that count wherever they stand. Nobody changes it."""
    folder = tmp_path_factory.mktemp("models") / "small2"
    shutil.copytree(small_model, folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    labels = list(manifest["biases"])
    names = (folder / "vocabulary.txt").read_text("utf-8").splitlines()
    count = sum(name.startswith("w:") for name in names) * len(labels)
    whole = struct.pack(f"<{count}f", *(0.3 * math.sin(at) for at in range(count)))
    (folder / "paragraph.f32").write_bytes(whole)
    manifest["files"]["paragraph.f32"] = hashlib.sha256(whole).hexdigest()
    manifest |= {"format": 2, "other_sentences_offsets": {i: 0.5 + n for n, i in enumerate(labels)}}
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return str(folder)


@pytest.fixture(scope="session")
def meaning_model(tmp_path_factory, tiny_corpus, tiny_labels) -> Path:
    """A model of the tiny corpus that has learned with word vectors: of format 3. Nobody changes it."""
    from civictag.settings import Learner, TrainSettings
    from civictag.training.train import train

    folder = tmp_path_factory.mktemp("models") / "meaning"
    learner = Learner("paragraph", 4.0, balanced=True, word_vectors=1.0)
    train([tiny_corpus], str(folder), tiny_labels, options=TrainSettings(learners=(learner,)))
    return folder


@pytest.fixture(scope="session")
def small_tagger(small_model):
    """The small model, loaded."""
    from civictag.model.bundle import load

    return load(small_model)


@pytest.fixture(scope="session")
def civic_model() -> str:
    """The folder of the shipped model; tests that need it skip where it has not been trained."""
    from civictag.util import resources as shipped

    folder = Path(shipped.folder("models")) / "civic"
    if not (folder / "manifest.json").exists():
        pytest.skip("models/civic is not there: make model")
    return str(folder)


@pytest.fixture(scope="session")
def civic_tagger(civic_model):
    """The shipped model, loaded."""
    from civictag.model.bundle import load

    return load(civic_model)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real articles that models are measured on; it is never part of the project."""
    if not (SHARED / "gold").is_dir():
        pytest.skip(f"no real articles to measure on at {SHARED}")
    return SHARED
