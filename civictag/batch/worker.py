"""What a worker does with a chunk: read, split, tag, and where the format allows it, render."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from civictag.batch.chunks import Chunk, Failure, documents
from civictag.batch.plain import Ask, Job, tagged
from civictag.datamodel import Article, FileNote
from civictag.errors import CivictagError, ModelError, unexpected
from civictag.i18n import _
from civictag.model import bundle
from civictag.model.tagger import Tagger
from civictag.paragraphs import split
from civictag.util.origin import placed
from civictag.version import __version__
from civictag.writers import part_format

if TYPE_CHECKING:
    from civictag.batch.store import Entry

COPY_OF = "duplicate_of"
"""The further column that names the first copy of an article; None in the first copy itself."""
Place = tuple[str, int]
"""An article's source, and how many of the chunk's articles before it have the same: rows may repeat an id.

Not its position: an input that takes all memory in one of the two readings of a batch is left out of it.
"""
Copies = Mapping[int, Mapping[Place, str]]
"""Number of a chunk -> place of an article in it -> source of its first copy."""


def next_place(source: str, seen: Counter[str]) -> Place:
    """The place of the chunk's next article from ``source``; ``seen``: how many came from each before."""
    place = (source, seen[source])
    seen[source] += 1
    return place


@dataclass(frozen=True, slots=True)
class Task:
    """One chunk with its number in the batch.

    ``copies``: place of an article in the chunk -> source of its first copy.
    """

    number: int
    chunk: Chunk
    copies: Mapping[Place, str] = field(default_factory=dict)


@dataclass(slots=True)
class Done:
    """What became of a chunk.

    Attributes:
        number, size: the chunk's number and its bytes of input.
        body: rendered bytes, for formats that are joined.
        articles: tagged articles, for the other formats and where the job asks to keep them.
        count: how many articles were tagged.
        paragraphs: body paragraphs tagged.
        failures: inputs that could not be read, in order.
        warnings: what readers had to guess, with the source, in order.
        missed: columns that the header of a CSV has no place for.
    """

    number: int
    size: int
    body: bytes = b""
    articles: tuple[Article, ...] = ()
    count: int = 0
    paragraphs: int = 0
    failures: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    missed: tuple[str, ...] = ()


class Listener(Protocol):
    """Who is told how a batch goes."""

    def resumed(self, entries: Sequence[Entry]) -> None:
        """These parts were finished by an earlier run."""

    def failed(self, failure: Failure) -> None:
        """An input could not be read; the rest goes on."""

    def warned(self, warning: str) -> None:
        """Something had to be guessed."""

    def advanced(self, done: Done) -> None:
        """A chunk is finished."""


def tasks(chunks: Iterable[Chunk], copies: Copies | None) -> Iterator[Task]:
    """The chunks numbered, each with what is known of its copies."""
    for number, chunk in enumerate(chunks):
        yield Task(number, chunk, (copies or {}).get(number, {}))


def work(job: Job, task: Task) -> Done:
    """Do one chunk.

    Raises:
        ModelError: this worker has another model, or another civictag.
    """
    if job.version != __version__:
        raise ModelError(
            _(
                "the batch was begun with civictag {version}, this worker has {own}",
                version=job.version,
                own=__version__,
            )
        )
    tagger = tagger_of(job.model, job.sha256)
    done = Done(task.number, task.chunk.size)
    articles = _tagged(job, tagger, _read(job, task, done), done)
    rendered = job.form in (part_format.IN_PARTS if job.parts else part_format.FORMATS)
    if job.keep or not rendered:
        done.articles = tuple(articles)
        articles = iter(done.articles)
    if not rendered:
        return done
    done.body = layout(job, tagger).part(articles)
    return done


_kept: dict[str, Tagger] = {}


def keep(tagger: Tagger) -> None:
    """This process has the model loaded; chunks that need it take this one."""
    _kept[tagger.info.sha256] = tagger


def tagger_of(folder: str, sha256: str) -> Tagger:
    """The model with that hash, loaded from ``folder`` once per process.

    Raises:
        ModelError: it cannot be loaded, or is another one.
    """
    if sha256 not in _kept:
        tagger = bundle.load(folder)
        if tagger.info.sha256 != sha256:
            raise ModelError(
                _(
                    "is {sha256}…, but the batch was begun with {begun}…",
                    sha256=tagger.info.sha256[:12],
                    begun=sha256[:12],
                ),
                where=folder,
                hint=_("Do not change a model while a batch runs"),
            )
        keep(tagger)
    return _kept[sha256]


def layout(job: Job, tagger: Tagger) -> part_format.Layout:
    """The format that the job's parts are rendered in."""
    return part_format.Layout(job.form, tagger.labels, tagger.info.as_dict(), job.options, job.columns)


def _tagged(job: Job, tagger: Tagger, articles: Iterable[Article], done: Done) -> Iterator[Article]:
    """The articles tagged; one that cannot be becomes a failure."""
    ask = Ask(job.options.explain, job.scores, job.options.explain and job.options.all_scores, job.mask)

    def refused(error: CivictagError) -> None:
        """Note the failure."""
        done.count -= 1
        done.failures.append(Failure.of(error))

    return tagged(tagger, list(articles), ask, refused)


def _read(job: Job, task: Task, done: Done) -> Iterator[Article]:
    """The articles of the chunk, split; what goes wrong, and how much there is, is noted in ``done``."""
    missed: dict[str, None] = {}
    seen: Counter[str] = Counter()
    renamed = False
    for item in documents(task.chunk, job.reading):
        if isinstance(item, Failure):
            done.failures.append(item)
            continue
        try:
            article = split(item)
        except Exception as error:  # whatever a text can do, it does to itself only
            done.failures.append(Failure.of(unexpected(item.source, error)))
            continue
        if job.marks is not None:
            if COPY_OF in article.extra and not renamed:
                renamed = True
                done.warnings.append(placed(article, FileNote(_renamed(article.extra))))
            first = task.copies.get(next_place(article.source, seen))
            article = replace(article, extra=with_copy(article.extra, first))
        done.count += 1
        missed |= dict.fromkeys(_missed(job, article.extra))
        done.warnings += [placed(article, warning) for warning in article.warnings]
        done.paragraphs += sum(p.kind == "body" for p in article.paragraphs)
        yield article
    done.missed = tuple(missed)


def with_copy(extra: Mapping[str, Any], first: str | None) -> dict[str, Any]:
    """Further columns with ``COPY_OF``; one of the user's with that name is kept under another name."""
    kept = {_own_name(extra) if name == COPY_OF else name: value for name, value in extra.items()}
    return {**kept, COPY_OF: first}


def _own_name(extra: Mapping[str, Any]) -> str:
    name = COPY_OF
    while name in extra:
        name += "_input"
    return name


def _renamed(extra: Mapping[str, Any]) -> str:
    return _(
        'the input has a column "{column}" of its own; it is written as "{name}"',
        column=COPY_OF,
        name=_own_name(extra),
    )


def _missed(job: Job, extra: Iterable[str]) -> Iterable[str]:
    return (name for name in extra if name not in job.columns) if job.form == "csv" else ()
