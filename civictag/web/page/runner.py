"""Jobs of many files, tagged one after the other beside the service, page open or not."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from civictag.datamodel import Article, Document
from civictag.errors import CivictagError
from civictag.i18n import _
from civictag.model.tagger import Tagger
from civictag.paragraphs import split
from civictag.readers import Reading
from civictag.web.engine import Engine
from civictag.web.page.store import Input, JobStore
from civictag.web.uploads import read_named

log = logging.getLogger("civictag.web")
_PAUSE = 30.0  # seconds until a disk that failed is tried again
_IN_HAND = 10.0  # seconds that the end of the service waits for a file


class Runner:
    """A thread that tags whatever waits in the store, in earlier runs of the service too."""

    def __init__(self, store: JobStore, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._wake = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="civictag-jobs", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is something new."""
        self._wake.set()

    def stop(self) -> None:
        """End after the file in hand, or without it where it takes long; it waits for the next start then."""
        self._ending = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(_IN_HAND)

    def _run(self) -> None:
        while not self._ending:
            wait = None
            try:
                waiting = self._store.next_input()
                if waiting is not None:
                    self._do(waiting)
                    continue
            except CivictagError as error:  # a full disk: the file is tagged again when there is room
                if self._ending:
                    return
                log.error("%s", error)
                wait = _PAUSE
            self._wake.wait(wait)
            self._wake.clear()

    def _do(self, waiting: Input) -> None:
        """Tag one file.

        Raises:
            CivictagError: what it became cannot be kept.
        """
        tagger = self._engine.tagger
        failures: list[CivictagError] = []
        articles: list[Article] = []
        try:
            articles = tag_all(tagger, read_named(waiting.path, waiting.name, Reading()), failures)
        except Exception as error:
            # A file that breaks a reader must not end the thread, and with it every job after it.
            log.error("%s in a job", type(error).__name__)
            failures.append(CivictagError(_("cannot be read: it broke its reader"), where=waiting.name))
        try:
            self._store.finish(waiting, articles, failures, tagger.info.sha256)
        except CivictagError:
            raise
        except Exception as error:  # what cannot be kept must not stand before every job after it
            log.error("%s in a job", type(error).__name__)
            failure = CivictagError(
                _("cannot be kept ({error})", error=type(error).__name__), where=waiting.name
            )
            self._store.finish(waiting, [], [failure], tagger.info.sha256)


def tag_all(
    tagger: Tagger, found: Iterable[Document | CivictagError], failures: list[CivictagError]
) -> list[Article]:
    """The articles, tagged with evidence and every probability; errors go to ``failures``."""
    articles = []
    for item in found:
        if isinstance(item, CivictagError):
            failures.append(item)
        else:
            articles.append(tagger.tag_article(split(item), explain=True, all_scores=True))
    return articles
