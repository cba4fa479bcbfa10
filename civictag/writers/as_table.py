"""For the eye, in a terminal: each paragraph under its labels, and the sums."""

from __future__ import annotations

from collections.abc import Sequence

from civictag.datamodel import Article, Label, Paragraph, Tag
from civictag.util.atomic_file import Sink
from civictag.util.label_counts import NONE, REVIEW, Counts, count_labels
from civictag.util.terminal import pad, printable, width_of, wrap
from civictag.writers.base import ModelInfo, Options, Writer
from civictag.writers.rows import top_evidence

# Dark enough on white, light enough on black; the label's name always stands beside the colour.
_COLORS = (32, 31, 34, 35, 36, 33)
_MIN_WIDTH = 20


class TableWriter(Writer):
    """``-f table``: written as the input is read, a summary an article and one for the batch."""

    def __init__(self, sink: Sink, labels: Sequence[Label], model: ModelInfo, options: Options) -> None:
        super().__init__(sink)
        self._labels = {label.id: label.name for label in labels}
        self._colors = {name: _COLORS[i % len(_COLORS)] for i, name in enumerate(self._labels)}
        self._options = options
        self._width = max(options.width, _MIN_WIDTH)
        self._total = Counts.empty(len(self._labels))

    def write(self, article: Article) -> None:
        """Append one article with its summary."""
        counts = count_labels(article, list(self._labels))
        self._total.add(counts)
        lines = self._head(article)
        for paragraph in article.paragraphs:
            if paragraph.kind == "heading" and paragraph.text != article.title:
                lines += ["", self._paint("  " + printable(paragraph.text), 1)]
            elif paragraph.kind == "body":
                lines += ["", *self._paragraph(paragraph)]
        lines += ["", *self._wrapped(self._sums(counts), ""), ""]
        self._emit(lines)

    def finish(self) -> None:
        """The sums over the batch; for a single article they would only repeat its own."""
        total = self._total
        if total.n_articles == 1:
            return
        sums = zip(self._labels.values(), total.paragraphs, total.articles, strict=True)
        rows: list[tuple[str, int, int | str]] = list(sums)
        rows += [(NONE, total.n_none, ""), (REVIEW, total.n_review, "")]
        column = max(width_of(row[0]) for row in rows) + 2
        head = pad("", column) + "".join(pad(name, 8, right=True) for name in ("段", "占比", "篇"))
        lines = [self._rule(f"合计 {total.n_articles} 篇, 正文 {total.n_body} 段"), head]
        for name, n, n_articles in rows:
            share = f"{n / total.n_body:.1%}" if total.n_body else "–"
            lines.append(pad(name, column) + f"{n:8d}{share:>8}{n_articles:>8}")
        self._emit(lines)

    def _head(self, article: Article) -> list[str]:
        title = printable(article.title)
        source = printable(article.source if article.id is None else f"{article.source} {article.id}")
        lines = [self._rule(title or source)]
        return [*lines, self._paint(source, 2)] if title else lines

    def _paragraph(self, paragraph: Paragraph) -> list[str]:
        marks = [self._tag(tag) for tag in paragraph.tags] or [self._paint(NONE, 2)]
        if paragraph.review:
            marks.append(self._paint(f"[{REVIEW}]", 7))
        lines = [f"{paragraph.index:>3}  " + "  ".join(marks)]
        lines += self._wrapped(printable(paragraph.text), " " * 5)
        if self._options.explain:
            for tag in paragraph.tags:
                lines += self._wrapped(f"↳ {tag.name}: {printable(top_evidence(tag.evidence))}", " " * 5)
        return lines

    def _tag(self, tag: Tag) -> str:
        return self._paint(f"{tag.name} {tag.probability:.0%}", self._colors.get(tag.label, 1))

    def _sums(self, counts: Counts) -> str:
        sums = [f"{name} {n}" for name, n in zip(self._labels.values(), counts.paragraphs, strict=True) if n]
        sums += [f"{NONE} {counts.n_none}", f"{REVIEW} {counts.n_review}"]
        return f"正文 {counts.n_body} 段: " + " · ".join(sums)

    def _rule(self, title: str) -> str:
        first = wrap(title, self._width - 4)[0]
        return self._paint(f"── {first} ".ljust(4) + "─" * (self._width - 4 - width_of(first)), 1)

    def _wrapped(self, text: str, indent: str) -> list[str]:
        return [indent + line for line in wrap(text, self._width - len(indent))]

    def _paint(self, text: str, code: int) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._options.color else text

    def _emit(self, lines: list[str]) -> None:
        self.sink.write(("\n".join(lines) + "\n").encode("utf-8", "backslashreplace"))
