"""How the shipped dictionary is made: ``python -m civictag.text.build_dictionary`` (or ``make dictionary``).

Words and frequencies, and the model for unknown words, are jieba's (0.42.1); the Simplified form
of a Traditional character is OpenCC's. Both are read from the installed packages; the same
versions give the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from civictag.text.backend import DICTIONARY
from civictag.text.lexicon_file import character_codes, doubles, log_values, pack, trie_sections, two_stage
from civictag.text.normalize_table import fold_table

JIEBA = "0.42.1"
STATES = "BEMS"  # alphabetical: where two paths are equally likely, jieba takes the later letter


def build() -> bytes:
    """The shipped dictionary's bytes. Needs jieba 0.42.1 and OpenCC; takes some 15 s."""
    frequencies, total = _jieba_words()
    emissions = _finalseg().emit_P
    codes = character_codes(frequencies, extra=set().union(*emissions.values()))
    values, logs = log_values(frequencies)
    sections = {"logs": logs, **trie_sections(values, codes)}
    sections["fold_index"], sections["folds"] = two_stage(fold_table(), "I")
    sections["hmm"] = _hmm()
    sections["emissions"] = _emissions(codes, emissions)
    return pack(total, sections)


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
    return doubles([*start, *steps])


def _emissions(codes: Mapping[str, int], tables: Mapping[str, Mapping[str, float]]) -> bytes:
    """Four log probabilities per code, code 0 (a character jieba has never seen) first."""
    unseen = _finalseg().MIN_FLOAT
    rows = (tables[state].get(char, unseen) for char in ("", *codes) for state in STATES)
    return doubles(rows)


def _finalseg() -> Any:
    from jieba import finalseg

    return finalseg


def main(path: str = DICTIONARY) -> None:
    """Write the shipped dictionary."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    data = build()
    with open(path + ".new", "wb") as file:
        file.write(data)
    os.replace(path + ".new", path)


if __name__ == "__main__":
    main()
