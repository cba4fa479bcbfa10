"""The kernel's work in pure Python: same interface, same results, no compiler needed.

What folding and cutting mean is told here in the most readable form; ``kernel/*.c`` does the same
faster, and the tests hold the two together. Reads the lexicon where it lies, loading nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from mmap import mmap

from civictag.text.double_array import MAX_SLOTS, SLOT_BITS, VALUE_SHIFT
from civictag.text.lexicon_file import PAGE, Sections, parse
from civictag.text.pure_normalize import Folding, is_ascii_word

_WORD_BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+|\r\n|[^\u4E00-\u9FD5]", re.DOTALL)
_HAN_RUN = re.compile(r"[\u4E00-\u9FD5]+|[^\u4E00-\u9FD5]+")
_LATIN = re.compile(r"[a-zA-Z0-9]+(?:\.[0-9]+)?%?")
_BEFORE = ((1, 3), (0, 2), (0, 2), (1, 3))  # for each of B E M S: the two states that may come before it
_E, _S = 1, 3
_SLOT = MAX_SLOTS - 1


class Lexicon:
    """A lexicon file's bytes, ready to fold text and to be cut with.

    ModelError when ``data`` is no lexicon.
    """

    def __init__(self, data: bytes | mmap) -> None:
        self.sections: Sections = parse(data, "lexicon")
        views = self.sections.views
        self.trie, self.logs, self.emissions = views["trie"], views["logs"], views["emissions"]
        self._folds, self._fold_index = views["folds"], views["fold_index"]
        self._codes, self._code_index = views["codes"], views["code_index"]

    def normalize(self, text: str) -> str:
        """``text`` normalized; see ``civictag.text.normalize``."""
        return self._folding(text).text()

    def normalize_with_offsets(self, text: str) -> tuple[str, memoryview]:
        """``text`` normalized, and for each of its characters where it stood in ``text``."""
        folding = self._folding(text)
        return folding.text(), memoryview(_uint32(folding.offsets)).cast("I")

    def _folding(self, text: str) -> Folding:
        folds, index = self._folds, self._fold_index
        return Folding([folds[index[c // PAGE] * PAGE + c % PAGE] or c for c in map(ord, text)])

    def code(self, char: str) -> int:
        """The character's code in the trie, 0 if it has none."""
        code = ord(char)
        number: int = self._codes[self._code_index[code // PAGE] * PAGE + code % PAGE]
        return number

    def step(self, slot: int, code: int) -> int:
        """The trie slot that ``code`` leads to from ``slot``; 0 when no word goes on that way."""
        after: int = (self.trie[slot] & _SLOT) + code
        if not code or after >= len(self.trie) or (self.trie[after] >> SLOT_BITS) & _SLOT != slot:
            return 0
        return after

    def value(self, slot: int) -> int:
        """Where in ``logs`` the frequency of the word that ends at ``slot`` stands; 0 when none does."""
        value: int = self.trie[slot] >> VALUE_SHIFT
        return value


class Tokenizer:
    """Cuts normalized text as jieba 0.42.1 does (``cut(HMM=True)``), user words included."""

    def __init__(self, lexicon: Lexicon, user: Lexicon | None, log_total: float) -> None:
        self._lexicon = lexicon
        self._user = user
        self._log_total = log_total

    def cut(self, text: str) -> list[str]:
        """The words of ``text``, in order; together they are ``text``."""
        return [text[start:end] for start, end in self.spans(text)]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The words of ``text`` as (start, end)."""
        ends = [0]
        for match in _WORD_BLOCK.finditer(text):
            if _is_word_char(match.group()[0]):
                ends += (match.start() + end for end in self._block(match.group()))
            else:
                ends.append(match.end())
        return list(pairwise(ends))

    def _block(self, block: str) -> Iterator[int]:
        """Ends of the words of a block of word characters."""
        best = self._best_ends(block)
        start = single = 0
        while start < len(block):
            end = best[start]
            if end - start > 1:
                yield from self._singles(block, single, start)
                yield end
                single = end
            start = end
        yield from self._singles(block, single, len(block))

    def _best_ends(self, block: str) -> list[int]:
        """For each place the end of the word that begins the most probable way from there on."""
        codes = [self._lexicon.code(char) for char in block]
        score = [0.0] * (len(block) + 1)
        ends = [0] * len(block)
        for start in range(len(block) - 1, -1, -1):
            words = self._words(block, codes, start)
            score[start], ends[start] = max((log - self._log_total + score[end], end) for log, end in words)
        return ends

    def _words(self, block: str, codes: list[int], start: int) -> list[tuple[float, int]]:
        """(log frequency, end) of each word that begins at ``start``; the character alone if none does."""
        lexicon, slot = self._lexicon, 0
        found: dict[int, float] = {}
        for end in range(start, len(block)):
            slot = lexicon.step(slot, codes[end])
            if not slot:
                break
            if value := lexicon.value(slot):
                found[end + 1] = lexicon.logs[value]
        if self._user:
            found |= _user_words(self._user, block, start)
        return [(log, end) for end, log in found.items()] or [(0.0, start + 1)]

    def _known(self, word: str) -> bool:
        return any(lexicon and _lookup(lexicon, word) for lexicon in (self._lexicon, self._user))

    def _singles(self, block: str, start: int, end: int) -> Iterator[int]:
        """Ends in a run of characters that the dictionary left alone."""
        run = block[start:end]
        if len(run) > 1 and not self._known(run):
            for match in _HAN_RUN.finditer(run):
                cut = _latin_ends if match.group()[0] < "\u4e00" else self._hmm_ends
                yield from (start + match.start() + piece for piece in cut(match.group()))
        else:
            # jieba's oddity, kept: a run that is a word of its own, but not the likeliest way to
            # cut here, falls into single characters.
            yield from range(start + 1, end + 1)

    def _hmm_ends(self, run: str) -> Iterator[int]:
        """Ends of the words in a run of Chinese characters, by jieba's hidden Markov model."""
        return (place for place, state in enumerate(self._states(run), 1) if state in (_E, _S))

    def _states(self, run: str) -> list[int]:
        """The most probable row of states B E M S; of equals the later letter (Viterbi)."""
        hmm = self._lexicon.sections.views["hmm"]
        scores = [hmm[state] + emission for state, emission in enumerate(self._emission(run[0]))]
        came_from = []
        for char in run[1:]:
            emission = self._emission(char)
            ways = [
                max((scores[a] + hmm[4 + 4 * a + b] + emission[b], a) for a in _BEFORE[b]) for b in range(4)
            ]
            scores = [score for score, _ in ways]
            came_from.append([state for _, state in ways])
        states = [max((scores[state], state) for state in (_E, _S))[1]]
        for row in reversed(came_from):
            states.append(row[states[-1]])
        return states[::-1]

    def _emission(self, char: str) -> memoryview:
        code = self._lexicon.code(char)
        row: memoryview = self._lexicon.emissions[4 * code : 4 * code + 4]
        return row


def _is_word_char(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fd5" or is_ascii_word(char) or char in "+#&._%-"


def _user_words(user: Lexicon, block: str, start: int) -> dict[int, float]:
    slot = 0
    found: dict[int, float] = {}
    for end in range(start, len(block)):
        slot = user.step(slot, user.code(block[end]))
        if not slot:
            break
        if value := user.value(slot):
            found[end + 1] = user.logs[value]
    return found


def _lookup(lexicon: Lexicon, word: str) -> int:
    slot = 0
    for char in word:
        slot = lexicon.step(slot, lexicon.code(char))
        if not slot:
            return 0
    return lexicon.value(slot)


def _latin_ends(run: str) -> Iterator[int]:
    """Ends of numbers and Latin words (``3.5%``) and of what stands between them."""
    last = 0
    for match in _LATIN.finditer(run):
        if match.start() > last:
            yield match.start()
        yield match.end()
        last = match.end()
    if last < len(run):
        yield len(run)


def _uint32(numbers: list[int]) -> bytes:
    from array import array

    return array("I", numbers).tobytes()
