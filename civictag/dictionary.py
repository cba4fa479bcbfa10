"""How the shipped dictionary is made: ``python -m civictag.dictionary`` (or ``make dictionary``).

Words and frequencies, and the model for unknown words, are jieba's (0.42.1); the Simplified form
of a Traditional character is OpenCC's. Both are read from the installed packages; the same
versions give the same bytes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log
from struct import pack as pack_struct
from typing import Any

from civictag import double_array, lexicon
from civictag.engine import DICTIONARY
from civictag.fold_table import fold_table

JIEBA = "0.42.1"
STATES = "BEMS"  # alphabetical: where two paths are equally likely, jieba takes the later letter


def build() -> bytes:
    """The shipped dictionary's bytes. Needs jieba 0.42.1 and OpenCC; takes some 15 s."""
    frequencies, total = _jieba_words()
    emissions = _finalseg().emit_P
    codes = character_codes(frequencies, extra=set().union(*emissions.values()))
    sections = trie_sections(frequencies, codes)
    sections["fold_index"], sections["folds"] = lexicon.two_stage(fold_table(), "I")
    sections["hmm"] = _hmm()
    sections["emissions"] = _emissions(codes, emissions)
    return lexicon.pack(total, sections)


def character_codes(words: Iterable[str], extra: Iterable[str] = ()) -> dict[str, int]:
    """A code from 1 for every character, frequent ones first: that packs the trie tighter."""
    counts = Counter(char for word in words for char in word)
    rare = sorted(set(extra) - set(counts))
    ranked = sorted(counts, key=lambda char: (-counts[char], char))
    return {char: number for number, char in enumerate(ranked + rare, 1)}


def trie_sections(frequencies: Mapping[str, int], codes: Mapping[str, int]) -> dict[str, bytes]:
    """The sections that hold words: character codes, trie and the logarithms of its frequencies."""
    distinct = Counter(frequencies.values())
    ranked = sorted(distinct, key=lambda frequency: (-distinct[frequency], frequency))
    values = {frequency: number for number, frequency in enumerate(ranked, 1)}
    index, pages = lexicon.two_stage({ord(char): code for char, code in codes.items()}, "H")
    return {
        "code_index": index,
        "codes": pages,
        "trie": double_array.build(
            ([codes[char] for char in word], values[frequency]) for word, frequency in frequencies.items()
        ),
        "logs": _doubles([0.0, *(log(frequency) for frequency in ranked)]),
    }


def user_lexicon(frequencies: Mapping[str, int]) -> bytes:
    """User words as a small lexicon of their own, laid over the shipped one when text is cut."""
    return lexicon.pack(0, trie_sections(frequencies, character_codes(frequencies)))


def _jieba_words() -> tuple[dict[str, int], int]:
    """jieba's words with a frequency above 0, and the sum of all frequencies."""
    import jieba

    if jieba.__version__ != JIEBA:
        raise RuntimeError(f"the dictionary is made from jieba {JIEBA}, not {jieba.__version__}")
    tokenizer = jieba.Tokenizer()
    table, total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    return {word: frequency for word, frequency in table.items() if frequency}, total


def _hmm() -> bytes:
    finalseg = _finalseg()
    start = [finalseg.start_P[state] for state in STATES]
    steps = [finalseg.trans_P[a].get(b, finalseg.MIN_FLOAT) for a in STATES for b in STATES]
    return _doubles([*start, *steps])


def _emissions(codes: Mapping[str, int], tables: Mapping[str, Mapping[str, float]]) -> bytes:
    """Four log probabilities a code, code 0 (a character jieba has never seen) first."""
    unseen = _finalseg().MIN_FLOAT
    rows = (tables[state].get(char, unseen) for char in ("", *codes) for state in STATES)
    return _doubles(rows)


def _finalseg() -> Any:
    from jieba import finalseg

    return finalseg


def _doubles(numbers: Iterable[float]) -> bytes:
    row = list(numbers)
    return pack_struct(f"<{len(row)}d", *row)


def main(path: str = DICTIONARY) -> None:
    """Write the shipped dictionary."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    data = build()
    with open(path + ".new", "wb") as file:
        file.write(data)
    os.replace(path + ".new", path)


if __name__ == "__main__":
    main()
