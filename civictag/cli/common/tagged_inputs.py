"""Inputs as tagged articles, for verbs that count: articles are tagged, tables of tags taken as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from civictag.cli.common.messages import Messages
from civictag.datamodel import NotCounted
from civictag.i18n import _, listed, mark, ngettext
from civictag.util.origin import placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from civictag.batch.duplicates import Originals
    from civictag.datamodel import Article, Why
    from civictag.errors import CivictagError
    from civictag.model.tagger import Tagger
    from civictag.readers.options import Reading


# Warnings that tell of something that was in a file and is in no figure.
_NOT_READ = (
    mark("sheets without a text column, not read: {names}"),
    mark("attachments, not read: {names}"),
)

_NAMED = 3  # articles without a text whose places are told


class TaggedInputs:
    """Reads paths, and counts what it met; warnings of readers are said as they come.

    Args:
        tagger: tags articles, and says which labels a table of tags should have.
        failed: is told of each file or row that cannot be read.
        reading: how inputs are read.
        copies: similarity from which a reprinted article is left out; None keeps them all.
        after: inputs that were read before, of whose articles these may be copies.
        explain: give the evidence of every tag.
        mask: what is masked in the articles, kinds of ``civictag.text.mask``.

    Attributes:
        tables: tables of tags that were taken as they are.
        articles: articles that were read, those not counted too.
        not_counted: copies, articles without a body paragraph, what readers said of parts of files that
            were not read, and what tables of tags list.
    """

    def __init__(
        self,
        tagger: Tagger,
        failed: Callable[[CivictagError], None],
        reading: Reading,
        *,
        copies: float | None = None,
        after: TaggedInputs | None = None,
        explain: bool = False,
        mask: Sequence[str] = (),
    ) -> None:
        self._tagger, self._failed, self._reading = tagger, failed, reading
        self._explain, self._mask = explain, mask
        self._messages = Messages()
        self._originals: Originals | None = after._originals if after else _originals(copies)
        self._near = copies is not None and copies < 1
        self.tables = 0
        self.articles = 0
        self.not_counted: list[NotCounted] = []

    def read(self, paths: Iterable[str]) -> Iterator[Article]:
        """Every article of the paths, in order; of a damaged table of tags those before the damage."""
        from civictag.errors import CivictagError
        from civictag.readers import find_inputs

        named = set(wanted := list(paths))
        for path in find_inputs(wanted):
            try:
                tagged = self._articles(path, is_named=path in named)
                yield from map(self._masked, tagged) if self._mask else tagged
            except CivictagError as error:
                problem = error.problem
                if error.line is not None:
                    problem = _(
                        "line {line}: {problem}; what follows is not counted",
                        line=error.line,
                        problem=problem,
                    )
                self._failed(CivictagError(problem, where=error.where, field=error.field, hint=error.hint))

    def _articles(self, path: str, *, is_named: bool) -> Iterator[Article]:
        """Those of one file; nothing is read yet of a table that can be long.

        Tables of tags in a folder are passed over, so only one that is named is looked at.
        """
        from civictag.readers.articles import read_articles
        from civictag.review.tagged_table import open_tagged

        table = open_tagged(path, self._tagger.labels) if is_named else None
        if table is None:
            heard = map(self._heard, read_articles([path], self._failed, self._reading))
            return self._tagged(self._counted(heard))
        self.tables += 1
        self.not_counted += table.not_counted
        return self._counted(table.articles)

    def say(self) -> None:
        """Tell what was taken as it is, and left out."""
        self._messages.finish()
        if self.tables:
            message = ngettext(
                "{count} table of tags was counted as it is, not tagged again",
                "{count} tables of tags were counted as they are, not tagged again",
                self.tables,
            )
            click.echo(f"civictag: {message}", err=True)
        copies = sum(one.why == "copy" for one in self.not_counted)
        if copies:
            message = ngettext(
                "{count} reprinted article was left out", "{count} reprinted articles were left out", copies
            )
            click.echo(f"civictag: {message}", err=True)
        if empty := [one.source for one in self.not_counted if one.why == "no_text"]:
            message = ngettext(
                "{count} article without a body paragraph is not counted: {names}",
                "{count} articles without a body paragraph are not counted: {names}",
                len(empty),
                names=listed(empty[:_NAMED]) + (" …" if len(empty) > _NAMED else ""),
            )
            click.echo(f"civictag: {message}", err=True)

    def _tagged(self, articles: Iterator[Article]) -> Iterator[Article]:
        from civictag.batch.plain import Ask, tagged
        from civictag.model.tagger import BATCH, groups

        for group in groups(articles, BATCH):
            yield from tagged(self._tagger, group, Ask(self._explain, self._explain), self._failed)

    def _heard(self, article: Article) -> Article:
        for warning in article.warnings:
            said = placed(article, warning)
            self._messages.alike(said, warning)
            if any(warning.startswith(_(text, names="").rstrip()) for text in _NOT_READ):
                self.not_counted.append(NotCounted("unread", detail=said))
        return article

    def _masked(self, article: Article) -> Article:
        from civictag.text.mask import mask_article

        return mask_article(article, self._mask)

    def _counted(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Those that have a text, and are no copy of one before."""
        for article in articles:
            self.articles += 1
            if not any(paragraph.kind == "body" for paragraph in article.paragraphs):
                self._leave_out("no_text", article)
            elif first := self._first_copy(article):
                self._leave_out("copy", article, first)
            else:
                yield article

    def _leave_out(self, why: Why, article: Article, detail: str = "") -> None:
        self.not_counted.append(NotCounted(why, article.source, article.title, article.date, detail))

    def _first_copy(self, article: Article) -> str:
        """The source of the first copy; "" where this is it."""
        from civictag.batch.duplicates import signature

        if self._originals is None:
            return ""
        first = self._originals.first_copy(signature(article, self._near))
        return str(article.extra.get("duplicate_of") or first or "")


def _originals(copies: float | None) -> Originals | None:
    if copies is None:
        return None
    from civictag.batch.duplicates import Originals

    return Originals(copies)
