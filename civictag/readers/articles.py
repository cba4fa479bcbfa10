"""Paths to articles cut into paragraphs: one, or every input that can be read, in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from civictag.datamodel import Article
from civictag.errors import CivictagError, InputError, unexpected
from civictag.i18n import _
from civictag.readers.files import shown
from civictag.readers.options import Reading

_AS_FOUND = Reading()
Failed = Callable[[CivictagError], None]


def read_articles(paths: Iterable[str], failed: Failed, reading: Reading = _AS_FOUND) -> Iterator[Article]:
    """Every article of files, folders (recursively) and tables, lazily, in input order.

    Args:
        paths: files, folders, or ``-`` for standard input.
        failed: is told of each file or row that cannot be read; the rest goes on.
        reading: what the user said about columns and encoding.
    """
    from civictag.paragraphs import split
    from civictag.readers import find_inputs, read_documents

    for path in find_inputs(paths):
        try:
            for document in read_documents(path, reading):
                if isinstance(document, CivictagError):
                    failed(document)
                    continue
                try:
                    article = split(document)
                except Exception as error:  # whatever a text can do, it does to itself only
                    failed(unexpected(document.source, error))
                    continue
                yield article
        except Exception as error:  # a reader's library may raise anything over a damaged file
            failed(unexpected(shown(path), error))


def article_from_text(text: str | bytes, title: str = "", *, source: str = "-") -> Article:
    """An article from a string, or from the bytes of a text file, cut into paragraphs.

    Args:
        text: the whole article; bytes are decoded as a file's would be.
        title: its title, where that is known apart from the text.
        source: what names it in the answer.

    Raises:
        InputError: the bytes cannot be decoded.
        TypeError: ``text`` is neither.
    """
    if not isinstance(text, str | bytes):
        raise TypeError(f"text is {type(text).__name__}, neither str nor bytes")
    from civictag.datamodel import Document
    from civictag.paragraphs import split
    from civictag.readers import decode

    decoded, encoding = decode(text, source)[:2] if isinstance(text, bytes) else (text, "utf-8")
    return split(Document(source, decoded.removeprefix("\ufeff"), encoding, title))


def read_article(path: str | os.PathLike[str], *, encoding: str | None = None) -> Article:
    """The one article of a file, cut into paragraphs; tag it with ``Tagger.tag_article``.

    Args:
        path: the file; ``-`` is standard input.
        encoding: what the user says the file is in; None to find out.

    Raises:
        InputError: it cannot be read, or is a table with another number of rows than one.
        MissingExtra: its format needs a library that is not installed.
    """
    from civictag.paragraphs import split
    from civictag.readers import read_documents

    path = os.fspath(path)
    found = list(islice(read_documents(path, Reading(encoding=encoding)), 2))
    if len(found) != 1:
        problem = _("holds more than one article") if found else _("holds no article")
        raise InputError(
            problem, where=path, hint=_("Read a table's articles with the command 'civictag tag'")
        )
    if isinstance(found[0], CivictagError):
        raise found[0]
    return split(found[0])
