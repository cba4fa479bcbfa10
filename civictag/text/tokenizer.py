"""Cutting normalized text into words, exactly as jieba 0.42.1 does, without loading jieba."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from math import log
from typing import Any

from civictag.text.backend import DICTIONARY, module, shipped
from civictag.text.lexicon_file import open_lexicon, parse, user_lexicon


class Tokenizer:
    """jieba's default mode (``cut(HMM=True)``) with user words.

    Args:
        user_words: word → frequency (≥ 1), as ``user_dictionary`` gives them. They replace the
            dictionary's own entries. ValueError for a frequency below 1 or an empty word: jieba's
            deletion of words by frequency 0 is not supported.
        total: the sum of all frequencies, user words included; None adds those of ``user_words``
            to the dictionary's, as jieba's ``add_word`` does.

    Cheap to make without user words; with them a small trie is built (some 10 µs per word).
    """

    def __init__(self, user_words: Mapping[str, int] | None = None, total: int | None = None) -> None:
        words = dict(user_words or {})
        if any(not word or frequency < 1 for word, frequency in words.items()):
            raise ValueError("user words must not be empty and need a frequency of at least 1")
        if total is None:
            total = dictionary_total() + sum(words.values())
        self._cutter = module().Tokenizer(shipped(), _overlay(words), log(total))

    def cut(self, text: str) -> list[str]:
        """The words of normalized ``text``, in order; joined they are ``text``."""
        words: list[str] = self._cutter.cut(text)
        return words

    def spans(self, normalized: str) -> list[tuple[int, int]]:
        """The words of normalized text as (start, end): adjoining, from 0 to its length."""
        spans: list[tuple[int, int]] = self._cutter.spans(normalized)
        return spans


def dictionary_total() -> int:
    """The sum of all frequencies in the shipped dictionary."""
    return parse(open_lexicon(DICTIONARY), DICTIONARY).total


def user_dictionary(words: Iterable[str]) -> tuple[dict[str, int], int]:
    """The frequencies that jieba itself gives to ``words``, added in this order, and the new total.

    For training: loads jieba and its dictionary (about a second) where there are words, once. The order
    matters: jieba chooses a frequency that just makes the word win against the dictionary as it stands then.
    """
    added = tuple(dict.fromkeys(word for word in words if word))
    frequencies, total = _frequencies(added) if added else ((), dictionary_total())
    return dict(zip(added, frequencies, strict=True)), total


@lru_cache(maxsize=16)
def _frequencies(added: tuple[str, ...]) -> tuple[tuple[int, ...], int]:
    import jieba

    shipped = _jieba()
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = dict(shipped.FREQ), shipped.total, True
    for word in added:
        tokenizer.add_word(word)
    return tuple(tokenizer.FREQ[word] for word in added), tokenizer.total


@cache
def _jieba() -> Any:
    """jieba as it comes; loading its 350,000 words takes twenty times what copying them takes."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)  # it reports on standard error how long it took to load
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


def _overlay(words: dict[str, int]) -> Any:
    return module().Lexicon(user_lexicon(words)) if words else None
