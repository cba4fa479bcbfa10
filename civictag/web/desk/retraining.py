"""A model from what was labelled, in a process beside the service, judged on what was kept apart."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from civictag.datamodel import LabelledParagraph
from civictag.errors import CivictagError
from civictag.i18n import _
from civictag.model.bundle import load
from civictag.model.tagger import Tagger
from civictag.util.atomic_file import deliver
from civictag.util.orphans import end_with
from civictag.util.unfinished import discard
from civictag.web.desk.ordering import rank_all
from civictag.web.desk.resolved import labelled
from civictag.web.desk.store import DeskStore

LEAST = 20
"""Settled paragraphs outside the kept-apart share that a training needs."""

_RESAMPLES = 500
_TIDYING = 5  # seconds for a training to take its unfinished files away


class Retraining:
    """At most one training at a time; ``state`` says how it stands.

    Args:
        store: what is labelled; models lie in a folder beside its file.
        base: further corpora to learn from.
    """

    def __init__(self, store: DeskStore, base: Sequence[str]) -> None:
        self._store = store
        self._base = list(base)
        self._folder = store.path + ".models"
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._learner: BaseProcess | None = None
        self._ending = False
        self.state: dict[str, Any] = {"state": "idle"}

    def start(self) -> dict[str, Any]:
        """Begin, unless one is under way or there is too little."""
        with self._lock:
            if self.state["state"] == "running":
                return self.state
            rows = labelled(self._store, apart=False)
            if len(rows) < LEAST:
                message = _(
                    "{count} labelled paragraphs are needed; found: {found}", count=LEAST, found=len(rows)
                )
                self.state = {"state": "failed", "message": message}
                return self.state
            self.state = {"state": "running", "since": time.time(), "paragraphs": len(rows)}
            self._thread = threading.Thread(
                target=self._run, args=(rows,), name="civictag-train", daemon=True
            )
            self._thread.start()
            return self.state

    def wait(self) -> None:
        """Until the training under way has ended."""
        if self._thread is not None:
            self._thread.join()

    def stop(self) -> None:
        """End the training under way, whatever it has learned: who stops the desk does not wait for it."""
        with self._lock:
            self._ending = True
            learner = self._learner
        if learner is not None:
            learner.terminate()
            learner.join(_TIDYING)
            learner.kill()
        if self._thread is not None:
            self._thread.join(_TIDYING)

    def _begin(self, learner: BaseProcess) -> None:
        """Start a training's process, unless the desk is being stopped."""
        with self._lock:
            if self._ending:
                raise _stopped()
            learner.start()
            self._learner = learner

    def _run(self, rows: list[LabelledParagraph]) -> None:
        try:
            self.state = self._train(rows)
        except CivictagError as error:
            self.state = {"state": "failed", "message": str(error)}
        except Exception as error:
            # Whatever breaks a training must be seen on the page, not end unseen in a thread.
            self.state = {"state": "failed", "message": type(error).__name__}

    def _train(self, rows: list[LabelledParagraph]) -> dict[str, Any]:
        number = self._store.data.value("SELECT coalesce(max(id), 0) + 1 FROM models")
        folder = os.path.join(self._folder, f"{number:04}")
        os.makedirs(self._folder, exist_ok=True)
        corpus, labels = (
            os.path.join(self._folder, "labelled.jsonl"),
            os.path.join(self._folder, "labels.toml"),
        )
        lines = (json.dumps(line(row), ensure_ascii=False) + "\n" for row in rows)
        deliver("".join(lines).encode("utf-8"), corpus)
        deliver(self._store.meta("label_file").encode("utf-8"), labels)
        learn([corpus, *self._base], folder, labels, self._begin)
        return self._judge(folder, len(rows))

    def _judge(self, folder: str, paragraphs: int) -> dict[str, Any]:
        tagger = load(folder)
        apart = labelled(self._store, apart=True)
        before = self.current()
        found = judge(before, tagger, apart)
        use = found["verdict"] != "worse" and (
            before is None or found["verdict"] == "better" or not self._own()
        )
        self._store.data.write(
            "INSERT INTO models "
            "(made, folder, sha256, paragraphs, apart, f1, low, high, verdict, used, report) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
            time.time(), folder, tagger.info.sha256, paragraphs, len(apart), *found["f1"], found["verdict"],
            json.dumps(found),
        )  # fmt: skip
        if use:
            self.use(int(self._store.data.value("SELECT max(id) FROM models")))
        return {"state": "done", "verdict": found["verdict"], "used": use, "paragraphs": paragraphs}

    def _own(self) -> bool:
        return self._store.data.row("SELECT 1 FROM models WHERE used") is not None

    def current(self) -> Tagger | None:
        """The model that suggests: the latest own one in use, else the one that the desk began with."""
        own = self._store.data.value("SELECT folder FROM models WHERE used ORDER BY id DESC LIMIT 1")
        place = own or self._store.meta("first_model")
        return load(place) if place else None

    def use(self, number: int) -> None:
        """Suggest, and order what is left, by this model from now on.

        Raises:
            ModelError: its folder is gone or damaged.
        """
        folder = self._store.data.value("SELECT folder FROM models WHERE id = ?", number)
        rank_all(self._store, load(folder))
        with self._store.data.transaction() as sqlite:
            sqlite.execute("UPDATE models SET used = (id = ?)", (number,))

    def models(self) -> list[dict[str, Any]]:
        """Every model that was trained here, in order: the learning curve."""
        rows = self._store.data.rows(
            "SELECT id, made, paragraphs, apart, f1, low, high, verdict, used FROM models ORDER BY id"
        )
        return [dict(row) for row in rows]


def line(row: LabelledParagraph) -> dict[str, Any]:
    """One line of a corpus, with who and when."""
    own = {"doc": row.doc, "para": row.para, "title": row.title, "text": row.text, "labels": list(row.labels)}
    return {**own, "source": row.source, "file": row.file, **row.extra}


def judge(before: Tagger | None, tagger: Tagger, apart: Sequence[LabelledParagraph]) -> dict[str, Any]:
    """Micro-F1 of the new model on the kept-apart share with its interval; the verdict against the old."""
    from civictag.evaluation.compare import compare
    from civictag.evaluation.evaluate import evaluate

    if not apart:
        return {"f1": (None, None, None), "verdict": "cannot tell"}
    whole = evaluate(tagger, apart, resamples=_RESAMPLES, confusions=0).scores.figures["micro_f1"]
    verdict = "cannot tell"
    if before is not None:
        try:
            verdict = compare(before, tagger, apart, resamples=_RESAMPLES).micro_f1.verdict
        except CivictagError:
            verdict = "cannot tell"  # the old one has other labels: there is nothing to compare
    return {"f1": (whole.value, whole.low, whole.high), "verdict": verdict}


def learn(
    corpus: Sequence[str],
    folder: str,
    labels: str,
    begin: Callable[[BaseProcess], None] = BaseProcess.start,
) -> None:
    """Train in a process of its own: learning here would hold up the threads that answer.

    Args:
        begin: starts the process.

    Raises:
        CivictagError: as ``civictag.training.train.train``, or the process was ended.
    """
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe(duplex=False)
    arguments = (os.getpid(), there, list(corpus), folder, labels)
    learner = spawn.Process(target=_train_there, args=arguments, daemon=True)
    begin(learner)
    there.close()
    try:
        failure = here.recv()
    except EOFError:
        raise _stopped() from None
    finally:
        learner.join()
    if failure is not None:
        raise failure


def _stopped() -> CivictagError:
    return CivictagError(_("the training was ended before it had learned"), hint=_("Begin it again"))


def _train_there(parent: int, answer: Connection, corpus: list[str], folder: str, labels: str) -> None:
    from civictag.training.train import train

    end_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too: the desk ends us
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        train(corpus, folder, labels, name="desk")
        answer.send(None)
    except CivictagError as error:
        answer.send(error)
    except Exception as error:  # the page says what broke it, not that somebody ended it
        text = f"{type(error).__name__}: {error}".splitlines()[0]
        answer.send(CivictagError(_("the training broke off ({error})", error=text)))
    finally:
        discard()
