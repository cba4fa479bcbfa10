"""Which lines of a page are its article: those of the block element that holds most of the prose.

After the idea of text density (Sun, Song and Liao: DOM Based Content Extraction via Text Density, SIGIR
2011): what is said in sentences outside links is summed for each element, and the walk goes down from the
page as long as one child holds nearly all of it. Nothing inside is dropped: telling furniture from body
line by line is the business of ``civictag.paragraphs``.
"""

from __future__ import annotations

from civictag.readers.pages.lines import Line, PageLines

_SHARE = 0.7  # of the prose: a child with less is one part of several
_BESIDE = 4  # times less what stands in comments and sidebars counts
_SENTENCE = 20  # characters from which a line counts as prose
_ABOVE = 12  # lines between a headline and its article: bylines, buttons
_LINKS = 3  # on end below the text are a list of other articles
_TEASER = 80  # characters; what stands between links and is longer is no teaser
_STOPS = "。！？；!?…"


def article_lines(page: PageLines, headline: str) -> list[str]:
    """The article's lines, its headline first if the page shows it above them.

    Args:
        page: the lines of the page.
        headline: the title, to find its line; may be "".
    """
    lines, first, last = _found(page)
    inside = [n for n, line in enumerate(lines) if first <= line.block < last]
    if not inside:
        return [line.text for line in lines]
    head = _headline_above(lines, inside[0], headline)
    own = lines[inside[0] : inside[-1] + 1]
    return [line.text for line in (*head, *own[: _links_below(own)])]


def lines_above(page: PageLines) -> list[Line]:
    """The lines right above the first paragraph of the article, in order: where its headline is shown."""
    lines, first, last = _found(page)
    begin = next((n for n, line in enumerate(lines) if first <= line.block < last and prose(line)), 0)
    return lines[max(0, begin - _ABOVE) : begin]


def _found(page: PageLines) -> tuple[list[Line], int, int]:
    """The lines that count, and the article's blocks; the title and the text ask for the same."""
    if page.article is None:
        lines = _shown(page.lines)
        page.article = (lines, *_region(page, lines))
    return page.article


def prose(line: Line) -> int:
    """How many characters of a line are prose: 0 for links, menus, teasers, short lines without a stop."""
    if line.prose is None:
        line.prose = _prose(line)
    return line.prose


def _prose(line: Line) -> int:
    text, size = line.text, len(line.text)
    if size < _SENTENCE or 3 * line.linked > size or text.endswith(("…", "...", "]", "】")):
        return 0
    if any(stop in text for stop in _STOPS) or ("，" in text and size >= 2 * _SENTENCE):
        return size - line.linked
    return 0


def _shown(lines: list[Line]) -> list[Line]:
    """The lines that a browser shows; all if the hidden ones say more: a script unveils the article."""
    shown = [line for line in lines if not line.hidden]
    hidden = sum(prose(line) for line in lines if line.hidden)
    return lines if hidden > 2 * sum(map(prose, shown)) else shown


def _region(page: PageLines, lines: list[Line]) -> tuple[int, int]:
    """The article's element as the half-open range of block numbers that stand in it.

    An element that says something itself, or in a ``<p>`` of its own, is not left for one of
    its children: in ``<div>A<div>B<div>C`` each holds nearly all of what the one around it does.
    """
    parents = page.parents
    sums = [0] * len(parents)
    ends = list(range(1, len(parents) + 1))
    for line in lines:
        sums[line.block] += prose(line) // (_BESIDE if line.beside else 1)
    said = sums.copy()
    for block in range(len(parents) - 1, 0, -1):  # children have higher numbers than their parents
        is_leaf = page.is_p[block] and ends[block] == block + 1
        sums[parents[block]] += sums[block]
        said[parents[block]] += sums[block] if is_leaf else 0
        ends[parents[block]] = max(ends[parents[block]], ends[block])
    return _fullest(parents, sums, said, ends)


def _fullest(parents: list[int], sums: list[int], said: list[int], ends: list[int]) -> tuple[int, int]:
    fullest: dict[int, int] = {}
    for block in range(1, len(parents)):
        above = parents[block]
        if above not in fullest or sums[block] > sums[fullest[above]]:
            fullest[above] = block
    here = 0
    while here in fullest and sums[fullest[here]] >= _SHARE * sums[here] > 0 and not said[here]:
        here = fullest[here]
    return here, ends[here]


def _links_below(lines: list[Line]) -> int:
    """Index of the list of links that ends the article's lines; ``len(lines)`` if none does.

    Each link may have its teaser and date below it. A digest is no such list, though its headlines are
    links: there is as much text in its other parts as in the first.
    """
    begin, linked, teasers, since = len(lines), 0, 0, 0
    before = sum(map(prose, lines))
    found = begin
    while begin and since < _LINKS:
        begin -= 1
        line = lines[begin]
        said = prose(line)
        if len(line.text) > _TEASER or (said and begin + 1 < len(lines) and prose(lines[begin + 1])):
            break
        before, teasers, since = before - said, teasers + said, since + 1
        if 2 * line.linked > len(line.text) >= _SENTENCE // 2:
            linked, since = linked + 1, 0
            if linked >= _LINKS and before and 2 * before >= teasers:
                found = begin
    return found


def _headline_above(lines: list[Line], first: int, headline: str) -> list[Line]:
    key = _key(headline)
    for number in range(first - 1, -1, -1):
        if key and _key(lines[number].text) == key:
            return lines[number:first] if first - number <= _ABOVE else [lines[number]]
    return []


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text))
