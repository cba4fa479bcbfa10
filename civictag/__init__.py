"""civictag: tags the paragraphs of Chinese civic-campaign articles, and shows why.

The names below are the library. Importing this loads none of them: each comes with its first use,
so that tagging does not pay for training.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from civictag.version import __version__

if TYPE_CHECKING:
    from civictag.articles import read_article
    from civictag.bundle import load, save
    from civictag.corpus_io import read_corpus
    from civictag.errors import CivictagError
    from civictag.evaluation import evaluate
    from civictag.records import Article, Paragraph, Tag
    from civictag.tagger import Tagger
    from civictag.taxonomy import Taxonomy, read_taxonomy
    from civictag.training import train

__all__ = [
    "Article",
    "CivictagError",
    "Paragraph",
    "Tag",
    "Tagger",
    "Taxonomy",
    "__version__",
    "evaluate",
    "load",
    "read_article",
    "read_corpus",
    "read_taxonomy",
    "save",
    "train",
]

_HOMES = {
    "Article": "records",
    "CivictagError": "errors",
    "Paragraph": "records",
    "Tag": "records",
    "Tagger": "tagger",
    "Taxonomy": "taxonomy",
    "evaluate": "evaluation",
    "load": "bundle",
    "read_article": "articles",
    "read_corpus": "corpus_io",
    "read_taxonomy": "taxonomy",
    "save": "bundle",
    "train": "training",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value  # the next use does not come here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
