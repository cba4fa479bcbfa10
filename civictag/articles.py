"""Paths to articles cut into paragraphs: every input that can be read, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from civictag.errors import CivictagError
from civictag.records import Article

Failed = Callable[[CivictagError], None]


def read_articles(
    paths: Iterable[str], failed: Failed, *, text_column: str = "text", encoding: str | None = None
) -> Iterator[Article]:
    """Every article of files, folders (recursively) and tables, lazily, in input order.

    Args:
        paths: files, folders, or ``-`` for standard input.
        failed: is told of each file or row that cannot be read; the rest goes on.
        text_column: the column of a table that holds the text.
        encoding: what the user says the files are in; None to find out.
    """
    from civictag.paragraphs import split
    from civictag.readers import find_inputs, read_documents

    for path in find_inputs(paths):
        try:
            for document in read_documents(path, text_column=text_column, encoding=encoding):
                if isinstance(document, CivictagError):
                    failed(document)
                else:
                    yield split(document)
        except CivictagError as error:
            failed(error)
