"""Folding in pure Python, for ``civictag.text.pure_tokenizer``: what happens between neighbouring characters.

Which character becomes which stands in the lexicon (``civictag.text.normalize_table``); here it is decided
which white space and which points stay, and which marks in a row become one.
"""

from __future__ import annotations

from civictag.text.normalize_table import DROP, SPACE

# What two marks in a row become. Chinese typography doubles the dash and the ellipsis, keyboards
# give runs of hyphens and stops; all of them mean one mark.
_MERGED = {"。。": "…", "…。": "…", "……": "…", "--": "—", "—-": "—", "——": "—"}


class Folding:
    """One text on its way to its normalized form.

    Args:
        source: its code points as the folding table gives them, ``SPACE`` and ``DROP`` among them.
    """

    def __init__(self, source: list[int]) -> None:
        self.chars: list[str] = []
        self.offsets: list[int] = []
        self._source = source
        self._space = False  # white space since the last character kept
        self._run = 0  # length of the unbroken row of ASCII letters and digits at the end of `chars`
        for place, code in enumerate(self._source):
            if code == SPACE:
                self._space = True
            elif code != DROP:
                self._add(chr(code), place)
                self._space = False

    def text(self) -> str:
        """The normalized text."""
        return "".join(self.chars)

    def _add(self, char: str, place: int) -> None:
        last = self.chars[-1] if self.chars else ""
        if char == "." and not self._is_inner(last, place):
            char = "。"
        if merged := _MERGED.get(last + char):
            self.chars[-1] = merged
            return
        if self._space and is_ascii_word(last) and is_ascii_word(char):
            self._separate(place)
        self._run = self._run + 1 if is_ascii_word(char) else 0
        self.chars.append(char)
        self.offsets.append(place)

    def _separate(self, place: int) -> None:
        """Between ASCII words a space stays; not in ``2 0 2 4 年``, where every character is spaced."""
        following, spaced = self._peek(place)
        if self._run > 1 or (not spaced and is_ascii_word(following)):
            self.chars.append(" ")
            self.offsets.append(place - 1)
        self._run = 0

    def _is_inner(self, last: str, place: int) -> bool:
        """A point inside ``3.5`` or ``gov.cn``, not a full stop; also in ``3 . 5``, spaced throughout."""
        following, spaced = self._peek(place)
        if not (is_ascii_word(last) and is_ascii_word(following)) or spaced != self._space:
            return False
        return not spaced or (last + following).isdigit()

    def _peek(self, place: int) -> tuple[str, bool]:
        """The next character that is kept, and whether white space comes before it."""
        spaced = False
        for ahead in range(place + 1, len(self._source)):
            code = self._source[ahead]
            if code == SPACE:
                spaced = True
            elif code != DROP:
                return chr(code), spaced
        return "", spaced


def is_ascii_word(char: str) -> bool:
    """An ASCII letter or digit; not the empty string."""
    return char != "" and char.isascii() and char.isalnum()
