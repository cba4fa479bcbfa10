"""For the eye, in a terminal: each paragraph under its labels, and the sums."""

from __future__ import annotations

from collections.abc import Sequence

from civictag.datamodel import Article, Label, Paragraph, Tag
from civictag.i18n import _, label_name, ngettext
from civictag.util.atomic_file import Sink
from civictag.util.label_counts import Counts, count_labels
from civictag.util.origin import shown_source
from civictag.util.terminal import pad, printable, width_of, wrap
from civictag.writers.base import ModelId, Options, Writer
from civictag.writers.rows import top_evidence

# Dark enough on white, light enough on black; the label's name always stands beside the colour.
_COLORS = (32, 31, 34, 35, 36, 33)
_MIN_WIDTH = 20


class TableWriter(Writer):
    """``-f table``: written as the input is read, one summary per article and one for the batch."""

    def __init__(self, sink: Sink, labels: Sequence[Label], model: ModelId, options: Options) -> None:
        super().__init__(sink)
        self._labels = {label.id: label_name(label) for label in labels}
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
        """The sums over the batch, for a single article would only repeat its own; what the tags rest on."""
        if self._total.n_articles > 1:
            self._batch(self._total)
        if self._options.cues_only:
            note = _("Tagged by cues alone, without training: the probabilities are not measured.")
            self._emit(["", *self._wrapped(note, "")])

    def _batch(self, total: Counts) -> None:
        sums = zip(self._labels.values(), total.paragraphs, total.articles, strict=True)
        rows: list[tuple[str, int, int | str]] = list(sums)
        rows += [(_("no label"), total.n_none, ""), (_("for review"), total.n_review, "")]
        column = max(width_of(row[0]) for row in rows) + 2
        heads = [_("paragraphs"), _("share"), _("articles")]
        wide = max(map(width_of, heads)) + 2
        title = _(
            "Articles: {articles}; body paragraphs: {paragraphs}.",
            articles=total.n_articles,
            paragraphs=total.n_body,
        )
        lines = [self._rule(title), pad("", column) + "".join(pad(name, wide, right=True) for name in heads)]
        for name, n, n_articles in rows:
            share = f"{n / total.n_body:.1%}" if total.n_body else "–"
            lines.append(pad(name, column) + "".join(f"{cell:>{wide}}" for cell in (n, share, n_articles)))
        self._emit(lines)

    def _head(self, article: Article) -> list[str]:
        title = printable(article.title)
        source = printable(" ".join(filter(None, [shown_source(article), article.id])))
        lines = [self._rule(title or source)]
        return [*lines, self._paint(source, 2)] if title else lines

    def _paragraph(self, paragraph: Paragraph) -> list[str]:
        marks = [self._tag(tag) for tag in paragraph.tags] or [self._paint(_("no label"), 2)]
        if paragraph.review:
            marks.append(self._paint(f"[{_('for review')}]", 7))
        lines = [f"{paragraph.index:>3}  " + "  ".join(marks)]
        lines += self._wrapped(printable(paragraph.text), " " * 5)
        if self._options.explain:
            for tag in paragraph.tags:
                spans = printable(top_evidence(tag.evidence, _("; ")))
                lines += self._wrapped(f"↳ {self._named(tag)}{_(': ')}{spans}", " " * 5)
        return lines

    def _named(self, tag: Tag) -> str:
        return self._labels.get(tag.label, tag.name)

    def _tag(self, tag: Tag) -> str:
        return self._paint(f"{self._named(tag)} {tag.probability:.0%}", self._colors.get(tag.label, 1))

    def _sums(self, counts: Counts) -> str:
        sums = [f"{name} {n}" for name, n in zip(self._labels.values(), counts.paragraphs, strict=True) if n]
        sums += [f"{_('no label')} {counts.n_none}", f"{_('for review')} {counts.n_review}"]
        total = ngettext("{count} body paragraph", "{count} body paragraphs", counts.n_body)
        return total + _(": ") + " · ".join(sums)

    def _rule(self, title: str) -> str:
        first = wrap(title, self._width - 4)[0]
        return self._paint(f"── {first} ".ljust(4) + "─" * (self._width - 4 - width_of(first)), 1)

    def _wrapped(self, text: str, indent: str) -> list[str]:
        return [indent + line for line in wrap(text, self._width - len(indent))]

    def _paint(self, text: str, code: int) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._options.color else text

    def _emit(self, lines: list[str]) -> None:
        self.sink.write(("\n".join(lines) + "\n").encode("utf-8", "backslashreplace"))
