"""civictag: tags the paragraphs of Chinese civic-campaign articles, and shows why.

The names below are the library. Importing this loads none of them: each comes with its first use,
so that tagging does not pay for training.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from civictag.version import __version__

if TYPE_CHECKING:
    from civictag.corpus.files import read_corpus
    from civictag.datamodel import Article, Paragraph, Tag
    from civictag.errors import CivictagError
    from civictag.evaluation.evaluate import evaluate
    from civictag.labels.label_set import Taxonomy, read_taxonomy
    from civictag.model.bundle import load, save
    from civictag.model.tagger import Tagger
    from civictag.readers.articles import article_from_text, read_article
    from civictag.training.estimator import CivictagClassifier
    from civictag.training.train import train

__all__ = [
    "Article",
    "CivictagClassifier",
    "CivictagError",
    "Paragraph",
    "Tag",
    "Tagger",
    "Taxonomy",
    "__version__",
    "article_from_text",
    "evaluate",
    "load",
    "read_article",
    "read_corpus",
    "read_taxonomy",
    "save",
    "train",
]

_HOMES = {
    "Article": "datamodel",
    "CivictagClassifier": "training.estimator",
    "CivictagError": "errors",
    "Paragraph": "datamodel",
    "Tag": "datamodel",
    "Tagger": "model.tagger",
    "Taxonomy": "labels.label_set",
    "article_from_text": "readers.articles",
    "evaluate": "evaluation.evaluate",
    "load": "model.bundle",
    "read_article": "readers.articles",
    "read_corpus": "corpus.files",
    "read_taxonomy": "labels.label_set",
    "save": "model.bundle",
    "train": "training.train",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value  # the next use does not come here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
