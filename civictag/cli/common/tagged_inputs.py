"""Inputs as tagged articles, for verbs that count: articles are tagged, tables of tags taken as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from civictag.cli.common.told import Told
from civictag.i18n import _, mark, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from civictag.batch.duplicates import Originals
    from civictag.datamodel import Article
    from civictag.errors import CivictagError
    from civictag.model.tagger import Tagger
    from civictag.readers.options import Reading


# Warnings that tell of something that was in a file and is in no figure.
_NOT_READ = (
    mark("sheets without a text column, not read: {names}"),
    mark("attachments, not read: {names}"),
)


class TaggedInputs:
    """Reads paths, and counts what it met; warnings of readers are said as they come.

    Args:
        tagger: tags articles, and says which labels a table of tags should have.
        failed: is told of each file or row that cannot be read.
        reading: how inputs are read.
        copies: similarity from which a reprinted article is left out; None keeps them all.
        explain: give the evidence of every tag.
        mask: what is masked in the articles, kinds of ``civictag.text.mask``.

    Attributes:
        tables: tables of tags that were taken as they are.
        left_out: copies that were left out.
        unread: what readers said of parts of files that were not read.
    """

    def __init__(
        self,
        tagger: Tagger,
        failed: Callable[[CivictagError], None],
        reading: Reading,
        *,
        copies: float | None = None,
        explain: bool = False,
        mask: Sequence[str] = (),
    ) -> None:
        self._tagger, self._failed, self._reading = tagger, failed, reading
        self._explain, self._mask = explain, mask
        self._told = Told()
        self._originals = _originals(copies)
        self._near = copies is not None and copies < 1
        self.tables = 0
        self.left_out = 0
        self.unread: list[str] = []

    def read(self, paths: Iterable[str]) -> Iterator[Article]:
        """Every article of the paths, in order."""
        from civictag.readers.articles import read_articles
        from civictag.review.tagged_table import open_tagged

        for path in paths:
            table = open_tagged(path, self._tagger.labels)
            if table is None:
                heard = map(self._heard, read_articles([path], self._failed, self._reading))
                tagged = self._tagged(self._first_copies(heard))
            else:
                self.tables += 1
                tagged = self._first_copies(table.articles)
            yield from map(self._masked, tagged) if self._mask else tagged

    def say(self) -> None:
        """Tell what was taken as it is, and left out."""
        self._told.finish()
        if self.tables:
            told = ngettext(
                "{count} table of tags was counted as it is, not tagged again",
                "{count} tables of tags were counted as they are, not tagged again",
                self.tables,
            )
            click.echo(f"civictag: {told}", err=True)
        if self.left_out:
            told = _("{count} reprinted articles were left out", count=self.left_out)
            click.echo(f"civictag: {told}", err=True)

    def _tagged(self, articles: Iterator[Article]) -> Iterator[Article]:
        from civictag.model.tagger import BATCH, groups

        for group in groups(articles, BATCH):
            yield from self._tagger.tag_articles(group, explain=self._explain, all_scores=self._explain)

    def _heard(self, article: Article) -> Article:
        for warning in article.warnings:
            said = f"{article.source}{_(': ')}{warning}"
            self._told.alike(said, warning)
            if any(warning.startswith(_(text, names="").rstrip()) for text in _NOT_READ):
                self.unread.append(said)
        return article

    def _masked(self, article: Article) -> Article:
        from civictag.text.mask import mask_article

        return mask_article(article, self._mask)

    def _first_copies(self, articles: Iterable[Article]) -> Iterator[Article]:
        for article in articles:
            if self._originals is not None and self._is_copy(article):
                self.left_out += 1
            else:
                yield article

    def _is_copy(self, article: Article) -> bool:
        from civictag.batch.duplicates import signature

        assert self._originals is not None
        if article.extra.get("duplicate_of"):
            return True
        return self._originals.first_copy(signature(article, self._near)) is not None


def _originals(copies: float | None) -> Originals | None:
    if copies is None:
        return None
    from civictag.batch.duplicates import Originals

    return Originals(copies)
