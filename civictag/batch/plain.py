"""The short way of ``civictag tag``: files, or a stream of rows, through one process to one output.

reader → paragraphs → tagger → writer, article by article; no chunks, no workers. From standard input a row
that comes in goes out before the next one is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple, Protocol

from civictag.datamodel import Article
from civictag.errors import CivictagError, unexpected
from civictag.model.tagger import BATCH, Tagger, groups
from civictag.readers.articles import read_articles
from civictag.readers.options import Reading
from civictag.util.origin import placed
from civictag.version import __version__
from civictag.writers import Options, Writer


class Hearer(Protocol):
    """Who is told how it goes."""

    def refused(self, error: CivictagError) -> None:
        """An input could not be read or tagged; the rest goes on."""

    def warned(self, warning: str) -> None:
        """Something had to be guessed."""

    def written(self, article: Article) -> None:
        """An article is tagged and handed to the writer."""


class Ask(NamedTuple):
    """What a tagger is asked for: the words of ``Tagger.tag_articles``, and what is masked afterwards."""

    explain: bool = False
    all_scores: bool = False
    explain_all: bool = False
    mask: tuple[str, ...] = ()


class Job(NamedTuple):
    """What all chunks of a batch have in common; small, and the same for every worker.

    Attributes:
        model: folder of the model, on the worker's machine.
        sha256: the model's hash: a worker with another model refuses.
        form: format of the output.
        reading: how inputs are read.
        options: what goes into the output.
        scores: ask the tagger for the probability of every label.
        marks: give every article the further column ``COPY_OF``: copies are those at least so similar.
        keep: hand the tagged articles back as well as their bytes.
        columns: further columns of a CSV, from the batch's first article.
        parts: render every format that can be put together from parts, not only those joined byte by byte.
        mask: kinds of personal data that no output shows (``civictag.text.mask``).
        version: of the civictag that planned the batch.
    """

    model: str
    sha256: str
    form: str
    reading: Reading = Reading()
    options: Options = Options()
    scores: bool = False
    marks: float | None = None
    keep: bool = False
    columns: tuple[str, ...] = ()
    parts: bool = False
    mask: tuple[str, ...] = ()
    version: str = __version__


def tag_into(
    writer: Writer,
    tagger: Tagger,
    paths: Iterable[str],
    reading: Reading,
    ask: Ask,
    hearer: Hearer,
    *,
    beside: bool = False,
) -> None:
    """Read, tag and write every article of the inputs, in order.

    Args:
        writer: takes the articles.
        tagger: the model.
        paths: files, folders, ``-`` for standard input.
        reading: what the user said about columns and encoding.
        ask: what the output shows beside the tags.
        hearer: is told of each failure, warning and article.
        beside: of many articles some are tagged by a thread while others are read and written.

    Raises:
        CivictagError: the output cannot be written.
    """
    wanted = list(paths)
    if "-" in wanted:  # the next article may be a long time coming: each goes out alone
        for article in read_articles(wanted, hearer.refused, reading):
            _write(writer, tagged(tagger, [article], ask, hearer.refused), hearer)
            writer.sink.flush()
        return

    def work(group: _Group) -> _Group:
        """The group tagged."""
        return _Group(list(tagged(tagger, group.articles, ask, group.refused.append)), group.refused)

    found = _groups(wanted, reading)
    for group in _beside(work, found) if beside else map(work, found):
        for error in group.refused:
            hearer.refused(error)
        _write(writer, group.articles, hearer)


class _Group(NamedTuple):
    """Articles that are scored together, and what could not be read or tagged among them."""

    articles: list[Article]
    refused: list[CivictagError]


def _beside(work: Callable[[_Group], _Group], found: Iterator[_Group]) -> Iterator[_Group]:
    """The groups tagged in a thread; few files, or small ones, pay for none."""
    first = list(islice(found, 2))
    if len(first) < 2:
        return map(work, first)
    from civictag.batch import executors

    return executors.beside(work, chain(first, found))


def _groups(paths: Sequence[str], reading: Reading) -> Iterator[_Group]:
    refused: list[CivictagError] = []
    for articles in groups(read_articles(paths, refused.append, reading), BATCH):
        yield _Group(articles, refused[:])
        refused.clear()
    if refused:
        yield _Group([], refused)


def _write(writer: Writer, articles: Iterable[Article], hearer: Hearer) -> None:
    for article in articles:
        for warning in article.warnings:
            hearer.warned(placed(article, warning))
        try:
            writer.write(article)
        except MemoryError as error:
            if not writer.renders_whole:  # part of it is written already
                raise unexpected(article.source, error) from None
            hearer.refused(unexpected(article.source, error))
            continue
        hearer.written(article)


def tagged(
    tagger: Tagger, articles: Sequence[Article], ask: Ask, refused: Callable[[CivictagError], None]
) -> Iterator[Article]:
    """The articles tagged; one that cannot be is refused, and the others do not suffer for it."""
    words = {name: value for name, value in ask._asdict().items() if name != "mask"}
    try:
        done = list(tagger.tag_articles(articles, **words))
    except Exception:
        done = []
        for article in articles:
            try:
                done.append(tagger.tag_article(article, **words))
            except Exception as error:
                refused(unexpected(article.source, error))
    if ask.mask:
        from civictag.text.mask import mask_article

        done = [mask_article(article, ask.mask) for article in done]
    yield from done
