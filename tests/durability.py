"""Every verb that writes, and ways to disturb it at each of its operations on the disk.

A verb runs in a fork of this process under an audit hook that counts what it does to files: opening one to
write, renaming, removing, making a folder, and flushing to disk. At the n-th of them it is killed, gets a
signal, or is told that the disk is broken.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import json
import os
import shutil
import signal
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from civictag.cli import run
from civictag.cli.common.process import prepare
from civictag.settings import Learner
from civictag.util.terminal import escaped

TEXTS = (
    "早上阿福打扫了晒场，地面干净得能照人。何老师上梯子修屋顶，换瓦四十多片。",
    "何老师给张家搭把手，把柴火挑上坡。",
    "小满提水冲洗水井的台阶，青苔不见了。",
)
Outcome = tuple[int, str]  # exit code (negative: of the signal that ended it), what was said


@dataclass(frozen=True)
class Verb:
    """A command that writes.

    Attributes:
        arguments: of a place to write in, a folder of inputs, and a model.
        outputs: names in the place; one that is there before holds what ``before`` made.
        more: names that may lie there besides, each whole where it does (``apply`` keeps the old table).
        before: arguments that make an older state; None: there is none.
        code: what the command ends with.
    """

    arguments: Callable[[Path, Path, str], Sequence[object]]
    outputs: tuple[str, ...]
    before: Callable[[Path, Path, str], Sequence[object]] | None = None
    more: tuple[str, ...] = ()
    code: int = 0


def tag(name: str, *more: object, stem: str = "tags") -> Verb:
    """``tag`` into one format, over the tags of fewer articles."""
    output = f"{stem}.{name}"

    def arguments(place: Path, inputs: Path, model: str) -> Sequence[object]:
        return ["tag", inputs / "texts", "-m", model, "-o", place / output, *more]

    def before(place: Path, inputs: Path, model: str) -> Sequence[object]:
        return ["tag", inputs / "texts" / "0.txt", "-m", model, "-o", place / output, *more]

    return Verb(arguments, (output,), before)


def over(make: Callable[[Path, str], Sequence[object]], *outputs: str, inputs: str = "rows.jsonl") -> Verb:
    """A verb that reads a corpus or table, over what it made of a smaller one; outputs follow ``-o``."""

    def of(name: str) -> Callable[[Path, Path, str], Sequence[object]]:
        def arguments(place: Path, folder: Path, model: str) -> Sequence[object]:
            targets = [part for output in outputs for part in ("-o", place / output)]
            return [*make(folder / name, model), *targets]

        return arguments

    return Verb(of(inputs), outputs, of(f"fewer-{inputs}"))


def train(*more: str) -> Verb:
    """``train`` over an older model, with the cue rule alone: a learner that takes no time."""

    def of(name: str) -> Callable[[Path, Path, str], Sequence[object]]:
        def arguments(place: Path, folder: Path, model: str) -> Sequence[object]:
            further = [part for option in more for part in (f"--{option}", place / option)]
            return ["train", folder / name, "-l", folder / "labels.toml", "-o", place / "model", *further]

        return arguments

    kept = tuple(option for option in more if option != "cache")
    return Verb(of("rows.jsonl"), ("model", *kept), of("fewer-rows.jsonl"), more=("cache",))


def apply_in_place() -> Verb:
    """``apply`` to the workbook itself, whose old state is kept beside it."""

    def before(place: Path, inputs: Path, model: str) -> Sequence[object]:
        return ["tag", inputs / "texts", "-m", model, "-o", place / "tags.xlsx"]

    def arguments(place: Path, inputs: Path, model: str) -> Sequence[object]:
        return ["apply", inputs / "review.csv", "--to", place / "tags.xlsx", "-m", model]

    return Verb(arguments, ("tags.xlsx",), before, more=("tags.before1.xlsx", "tags.before2.xlsx"))


def tag_and_review(place: Path, inputs: Path, model: str) -> Sequence[object]:
    """Two outputs at once."""
    return ["tag", inputs / "texts", "-m", model, "-o", place / "tags.csv", "--review", place / "review.xlsx"]


def apply_elsewhere(place: Path, inputs: Path, model: str) -> Sequence[object]:
    """``apply`` into two new files."""
    table = ["--to", inputs / "tags.xlsx", "-m", model]
    return ["apply", inputs / "review.csv", *table, "-o", place / "new.xlsx", "-o", place / "new.html"]


def migrate(place: Path, inputs: Path, _model: str) -> Sequence[object]:
    """A corpus under new labels."""
    return [
        "labels",
        "migrate",
        inputs / "migration.toml",
        inputs / "rows.jsonl",
        "-o",
        place / "moved.jsonl",
    ]


def split() -> Verb:
    """``corpus split``: two outputs."""

    def arguments(place: Path, inputs: Path, model: str) -> Sequence[object]:
        parts = ["-o", place / "train.jsonl", "--test", place / "test.jsonl"]
        return ["corpus", "split", inputs / "rows.jsonl", *parts]

    return Verb(arguments, ("train.jsonl", "test.jsonl"))


VERBS: dict[str, Verb] = {
    **{f"tag {form}": tag(form) for form in ("json", "jsonl", "csv", "xlsx", "html", "parquet")},
    "tag --review": Verb(tag_and_review, ("tags.csv", "review.xlsx")),
    "train": train(),
    "train --oof --cache": train("oof", "cache"),
    "stats": over(lambda path, model: ["stats", path, "-m", model], "s.json"),
    "stats xlsx": over(lambda path, model: ["stats", path, "-m", model], "s.xlsx"),
    "month": over(lambda path, model: ["month", path, "-m", model], "m.docx", "m.xlsx", "m.html"),
    "month template": Verb(lambda place, *_: ["month", "--write-template", place / "t.docx"], ("t.docx",)),
    "apply": apply_in_place(),
    "apply -o": Verb(apply_elsewhere, ("new.xlsx", "new.html")),
    "evaluate": over(lambda path, model: ["evaluate", path, "-m", model, "--resamples", 0], "e.json"),
    "compare": over(
        lambda path, model: ["compare", path, "-m", model, "-m", model, "--resamples", 1], "c.json"
    ),
    "corpus convert": over(lambda path, model: ["corpus", "convert", path], "c.csv"),
    "corpus stats": over(lambda path, model: ["corpus", "stats", path], "c.json"),
    "corpus split": split(),
    "labels new": Verb(lambda place, *_: ["labels", "new", place / "mine.toml"], ("mine.toml",)),
    "labels migrate": Verb(migrate, ("moved.jsonl",)),
    "models new-key": Verb(lambda place, *_: ["models", "new-key", place / "key"], ("key", "key.pub")),
}
# Another every time; the rest is compared to the byte.
RANDOM = ("key", "key.pub")


def write_inputs(inputs: Path, model: str, labels: str) -> None:
    """Articles, a corpus, a table of tags and its corrected review list, for every verb."""
    (inputs / "texts").mkdir(parents=True)
    for number, text in enumerate(TEXTS):
        (inputs / "texts" / f"{number}.txt").write_text(text, "utf-8")
    shutil.copy(labels, inputs / "labels.toml")
    (inputs / "migration.toml").write_text('[rename]\ntidy = "neat"\n', "utf-8")
    rows = [
        {"doc": f"d{n % 6}", "para": n, "text": f"{n}日，{TEXTS[n % 3]}",
         "labels": [["tidy", "mend"], ["lend"], ["tidy"]][n % 3], "date": "2024-04-02"}
        for n in range(36)
    ]  # fmt: skip
    for name, count in (("rows.jsonl", 36), ("fewer-rows.jsonl", 30)):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows[:count]]
        (inputs / name).write_text("".join(lines), "utf-8")
    tagged = ["tag", inputs / "texts", "-m", model]
    assert run([*map(str, tagged), "-o", str(inputs / "tags.xlsx")]) == 0
    review = inputs / "review.csv"
    assert run([*map(str, tagged), "-f", "json", "-o", str(inputs / "t.json"), "--review",
                str(review)]) == 0  # fmt: skip
    head, *lines = csv.reader(io.StringIO(review.read_text("utf-8-sig")))
    use = head.index("Checked")
    checked = [[*line[:use], "1", *line[use + 1 :]] for line in lines]
    with open(review, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *checked])


class Scene:
    """Inputs, the older state of a verb's place and the newer one, and the place itself."""

    def __init__(self, room: Path, inputs: Path, model: str, verb: Verb) -> None:
        self.verb, self.model, self.room, self.inputs = verb, model, room, inputs
        self.place = room / "place"
        self.place.mkdir(parents=True)
        # Also for what is loaded late: loaded here, it is not loaded again in each fork.
        assert self.here(verb.before or verb.arguments) in (0, verb.code)
        if not verb.before:
            shutil.rmtree(self.place)
            self.place.mkdir()
        shutil.copytree(self.place, room / "old")
        self.old = contents(self.place)
        self.operations, outcome = self.disturbed(None)
        assert outcome[0] == verb.code, outcome
        self.new = contents(self.place)

    def arguments(self, make: Callable[[Path, Path, str], Sequence[object]] | None = None) -> list[str]:
        """The command's, as texts."""
        return [str(part) for part in (make or self.verb.arguments)(self.place, self.inputs, self.model)]

    def here(self, make: Callable[[Path, Path, str], Sequence[object]]) -> int:
        """Run in this process."""
        with quickly_learned():
            return run(self.arguments(make))

    def restore(self) -> None:
        """The older state again."""
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.room / "old", self.place)

    def disturbed(self, what: str | None, at: int = 0) -> tuple[int, Outcome]:
        """Run in a fork that is disturbed at operation ``at``: how many there were, and the outcome."""
        reader, writer = os.pipe()
        said = self.room / "said"
        child = os.fork()
        if not child:
            os.close(reader)
            try:
                handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(handle, 2)
                os.dup2(handle, 1)
                sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
                sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
                os._exit(self._child(what, at, writer))
            finally:
                os._exit(99)
        os.close(writer)
        with open(reader, "rb") as pipe:
            count = pipe.read().count(b".")
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        return count, (code, said.read_text("utf-8", "replace"))

    def _child(self, what: str | None, at: int, writer: int) -> int:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        prepare()
        watch(str(self.place), what, at, writer)
        code = self.here(self.verb.arguments)
        sys.stdout.flush()
        return code


def watch(place: str, what: str | None, at: int, writer: int) -> None:
    """Count operations on the files of a place, and disturb the process at one of them."""
    done = 0

    def operation() -> None:
        nonlocal done
        done += 1
        os.write(writer, b".")
        if done == at and what == "EIO":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if done == at and what:
            os.kill(os.getpid(), getattr(signal, what))

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = (*arguments, None, None)[:3]
            writing = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if isinstance(path, str) and path.startswith(place) and writing:
                operation()
        elif event in ("os.rename", "os.mkdir", "os.rmdir", "os.remove") and place in str(arguments[0]):
            operation()

    sync = os.fsync

    def synced(handle: int) -> None:
        operation()
        sync(handle)

    os.fsync = synced
    sys.addaudithook(hook)


@contextlib.contextmanager
def quickly_learned() -> Iterator[None]:
    """``train`` tries the cue rule alone: what is learned is not the subject, how it is written is."""
    with patch("civictag.training.select.worth_trying", lambda *_: [Learner("cue")]):
        yield


def contents(place: Path) -> dict[str, object]:
    """What lies in a place by name: a file's bytes, a folder's files, a package's parts."""
    found: dict[str, object] = {}
    for path in sorted(place.iterdir()):
        found[path.name] = contents(path) if path.is_dir() else parts(path)
    return found


def parts(path: Path) -> object:
    """A file's bytes; of an Office file the parts, without the moment at which it was made."""
    data = path.read_bytes()
    if path.suffix not in (".xlsx", ".docx"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist() if name != "docProps/core.xml"}


def fault(scene: Scene) -> str:
    """What is wrong with a place after a disturbance; empty where every file is the old or the new one."""
    found = contents(scene.place)
    for name, content in found.items():
        if name.startswith("."):
            continue
        if name in scene.verb.outputs:
            whole = name in RANDOM or content in (scene.old.get(name), scene.new.get(name))
        elif name in scene.verb.more:
            whole = name == "cache" or content in (*scene.new.values(), *scene.old.values())
        else:
            return f"{name} is litter"
        if not whole:
            return f"{name} is neither the old one nor the new one"
    return "".join(f"{name} is gone" for name in scene.old if name not in found)


def litter(scene: Scene) -> list[str]:
    """Hidden files that are left in the place."""
    return [path.name for path in scene.place.iterdir() if path.name.startswith(".")]


def told(outcome: Outcome) -> str:
    """What is wrong with what was said; empty where it is lines that a person can read."""
    if "Traceback" in outcome[1] or "Error:" in outcome[1]:
        return outcome[1]
    return "" if all(line == escaped(line) for line in outcome[1].splitlines()) else outcome[1]
