"""Text → blocks: its lines with exact offsets, hard-wrapped ones put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from civictag.paragraphs.openings import enumerator, opens_paragraph
from civictag.paragraphs.prose_features import is_complete, is_finished
from civictag.util.patterns import lazy

# str.strip() takes Unicode's blanks; these are blank to the eye as well.
_BLANKS = "\ufeff\u200b\u200c\u200d\u2060\u00ad\u2800\u3164"
STRIP = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    + _BLANKS
    + "".join(map(chr, range(0x2000, 0x200B)))
)
# Scrapers that lose line breaks keep the indent of the next paragraph: 「……。　　随着……」.
_INDENT_INSIDE = lazy("(?<=[。！？!?”…；])(?:\u3000{2,}|[ \xa0]{4,})(?=\\S)")
_PAGE_MARK = lazy(r"[-—–·\s]*(?:[Pp]\.?|第)?\s*\d{1,4}\s*页?[-—–·\s]*")
_WIDE_LIMIT = 130  # cells: nothing is wrapped at more than 65 characters
_WRAPPED_FROM = 24  # cells: lines under 12 characters are verse or a list, not wrapped text
_EDGE = 2  # cells: a line that ends in a stop is full only if nothing but a hanging mark would fit
_FEW = 12  # lines
_SHORT_SHARE = 0.6  # of the width
_LETTER = 50  # cells: so wide must a text of a few lines be to be taken for wrapped
_SLACK = 6  # cells: a line is full if it lacks at most three characters of the widest
_WRAPPED_SHARE = 0.35  # of the lines; paragraphs of three lines have two full ones, headings none


class Block:
    """A candidate paragraph: one line, or several that were wrapped.

    A plain class: a page makes a hundred, and a dataclass would cost the start-up 3 ms for its methods.

    Attributes:
        pieces: (start, end) of each line, blanks at both ends left out.
        text: the lines put together.
        indent: blanks before the first line.
        gap: blank lines above it.
        squeezed: the text without blanks, half-width marks; what signs look at.
        size: length of ``squeezed``.
        prose: points of shape, 0 to 9.
        furniture: points of signs, 0 upwards.
        zones: what its signs say about its surroundings.
        kind: the verdict; "" while there is none.
    """

    __slots__ = (
        "furniture",
        "gap",
        "indent",
        "kind",
        "pieces",
        "prose",
        "size",
        "squeezed",
        "text",
        "zones",
    )

    def __init__(self, start: int, text: str, indent: int, gap: int) -> None:
        self.pieces = [(start, start + len(text))]
        self.text = text
        self.indent = indent
        self.gap = gap
        self.squeezed = self.kind = ""
        self.size = self.prose = self.furniture = 0
        self.zones: tuple[str, ...] = ()


def cut(text: str) -> list[Block]:
    """The text's lines as blocks, in order; wrapped lines (PDF, e-mail, e-paper) put together."""
    lines = list(_lines(text))
    width = _wrapped_at(lines)
    return _unwrapped(lines, width) if width else lines


def _lines(text: str) -> Iterator[Block]:
    offset = gap = 0
    for raw in text.splitlines(keepends=True):
        if raw.strip(STRIP):
            for start, end in _parts(raw):
                line = raw[start:end]
                left = len(line) - len(line.lstrip(STRIP))
                bare = line.strip(STRIP)
                begin = offset + start + left
                yield Block(begin, bare, left, gap)
                gap = 0
        else:
            gap += 1
        offset += len(raw)


def is_cut_inside(line: str) -> bool:
    """Whether one line holds several paragraphs, told apart by their indents."""
    return _has_gap(line) and len(_parts(line)) > 1


def _has_gap(line: str) -> bool:
    """Whether it may hold what indents a paragraph. One blank is found in a third of the time of four."""
    if "\u3000\u3000" in line or (" " in line and "    " in line):
        return True
    return "\xa0" in line and "\xa0\xa0\xa0\xa0" in line


def _parts(raw: str) -> list[tuple[int, int]]:
    if not _has_gap(raw.strip()):  # most lines have their indent where it belongs
        return [(0, len(raw))]
    cuts = [m.start() for m in _INDENT_INSIDE.finditer(raw)]
    return list(zip([0, *cuts], [*cuts, len(raw)], strict=True))


def _cells(text: str) -> int:
    """Width in half-width cells, as a terminal or a typesetter counts."""
    return len(text) + sum(c > "\u2000" for c in text)


def _wrapped_at(lines: list[Block]) -> int:
    """The width that the lines are wrapped at, in cells; 0 if they are not wrapped."""
    if len(lines) < 2 or max(len(b.text) for b in lines) > _WIDE_LIMIT:
        return 0
    widths = [_cells(b.text) for b in lines]
    width = sorted(widths)[-1 - len(widths) // 50]  # one line in fifty may stick out (a web address)
    if not _WRAPPED_FROM <= width <= _WIDE_LIMIT:
        return 0
    full = [n for n, w in enumerate(widths) if width - _SLACK <= w <= width + 2]
    if len(lines) < 4 or len(full) < max(3, _WRAPPED_SHARE * len(lines)):
        return width if _few_wrapped(lines, full, width) else 0
    broken = sum(not is_complete(lines[n].text) for n in full)
    few = len(lines) < _FEW and 2 * broken == len(full)  # paragraphs of two lines each, nearly of one length
    return width if 2 * broken > len(full) or (few and _few_wrapped(lines, full, width)) else 0


def _few_wrapped(lines: list[Block], full: list[int], width: int) -> bool:
    """A letter of a few lines: each full line breaks off, and the next one brings its sentence to an end.

    Two headlines of one length, or verse, break off too; but nothing completes them right below.
    """
    broken = [n for n in full if not is_finished(lines[n].text)]
    known = {*full, *(n + 1 for n in broken)}  # all else is short: a title, a byline, credits
    if width < _LETTER or any(
        n not in known and _cells(line.text) > _SHORT_SHARE * width for n, line in enumerate(lines)
    ):
        return False
    return bool(broken) and all(
        n + 1 < len(lines)
        and not enumerator(lines[n + 1].text)
        and (n + 1 in full or (is_complete(lines[n + 1].text) and _has_pause(lines[n].text)))
        for n in broken
    )


def _has_pause(text: str) -> bool:
    return any(mark in text for mark in "，、。；,")


def _unwrapped(lines: list[Block], width: int) -> list[Block]:
    spaced = sum(b.gap > 0 for b in lines) > 0.9 * (len(lines) - 1)  # then a blank line means nothing
    indented = sum(b.indent > 0 for b in lines)
    told_by_indent = 0 < indented < 0.6 * len(lines)
    groups: list[list[Block]] = []
    marks: list[Block] = []  # page numbers: the paragraph goes on behind them
    for line in lines:
        if _PAGE_MARK.fullmatch(line.text):
            marks.append(line)
        elif groups and _goes_on(groups[-1], line, width, spaced, told_by_indent):
            groups[-1].append(line)
        else:
            groups.append([line])
    return sorted([*map(_as_one, groups), *marks], key=lambda block: block.pieces[0])


def _goes_on(group: list[Block], line: Block, width: int, spaced: bool, told_by_indent: bool) -> bool:
    """Whether ``line`` is the next line of the paragraph that ``group`` holds so far."""
    if (line.gap and not spaced) or enumerator(line.text):
        return False
    if told_by_indent and line.indent:
        return False
    last = group[-1].text
    room = width - _cells(last) - (4 if len(group) == 1 else 0)  # a first line lacks its indent
    if told_by_indent:
        return room <= _SLACK
    if is_complete(last):  # it may end at the edge by chance, in the middle of its paragraph
        return room <= _EDGE and not opens_paragraph(line.text)
    return room <= _SLACK


def _as_one(group: list[Block]) -> Block:
    first = group[0]
    if len(group) > 1:
        first.pieces = [piece for line in group for piece in line.pieces]
        first.text = all_glued(line.text for line in group)
    return first


def all_glued(parts: Iterable[str]) -> str:
    """The parts of a sentence as one: a blank only between Latin words."""
    pieces: list[str] = []
    for part in parts:
        last = pieces[-1][-1:] if pieces else ""
        if last.isascii() and last.isalnum() and part[:1].isascii() and part[:1].isalpha():
            pieces.append(" ")
        pieces.append(part)
    return "".join(pieces)
