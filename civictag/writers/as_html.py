"""The report: one HTML file that needs nothing else, for reading, filtering, printing and mailing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from civictag.datamodel import Article, Label
from civictag.i18n import _, label_name, ngettext
from civictag.util.atomic_file import Sink
from civictag.util.label_counts import Counts, count_labels
from civictag.util.origin import day_of
from civictag.util.pages import data, policy_hash, render
from civictag.util.palette import label_colors, svg_fills, tint
from civictag.writers.base import ModelId, Options, Writer
from civictag.writers.html_article import ArticleView, article_title, other_name
from civictag.writers.html_batch import BatchSums
from civictag.writers.html_charts import bar, chart
from civictag.writers.marking import LEVELS

# A list of contents longer than this is no help, and a screen reader's burden.
_MOST_CONTENTS = 200


class HtmlWriter(Writer):
    """``-f html``. The sums stand before the articles, so these wait in a temporary file."""

    def __init__(self, sink: Sink, labels: Sequence[Label], model: ModelId, options: Options) -> None:
        super().__init__(sink)
        self._labels = list(labels)
        self._model = model
        self._options = options
        self._colors = label_colors(labels)
        self._view = ArticleView(labels, options)
        self._sums = BatchSums(len(self._labels))
        self._titles: list[str] = []
        self._shown = Counts.empty(len(self._labels))
        self._drawn = 0  # articles, those without a body paragraph too
        self._spool: BinaryIO = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - closed by release

    def write(self, article: Article) -> None:
        """Draw one article, or only count it once the report is full."""
        counts = count_labels(article, [label.id for label in self._labels])
        title = article_title(article)
        self._sums.add(counts, title, day_of(article, self._options.date_column), article.unit)
        if self._shown.n_body >= self._options.html_limit:
            return
        self._shown.add(counts)
        if len(self._titles) <= _MOST_CONTENTS:
            self._titles.append(title)
        self._drawn += 1
        fragment = self._view.draw(article, self._drawn, counts)
        self._spool.write(fragment.encode("utf-8", "backslashreplace"))

    def finish(self) -> None:
        """Write head, articles and foot."""
        dropped = self._sums.total.n_articles - self._shown.n_articles
        if dropped:
            self.warnings.append(
                _(
                    "the report holds the text of the first {shown} articles and only counts the other "
                    "{dropped}; -f jsonl or csv holds all",
                    shown=self._shown.n_articles,
                    dropped=dropped,
                )
            )
        head, foot = self._page().split("<!-- articles -->")
        self.sink.write(head.encode("utf-8", "backslashreplace"))
        self._spool.seek(0)
        shutil.copyfileobj(self._spool, cast(BinaryIO, self.sink))
        self.sink.write(foot.encode("utf-8", "backslashreplace"))

    def release(self) -> None:
        """Close the temporary file, which removes it."""
        self._spool.close()

    def _page(self) -> str:
        style = data("report.css") + _label_styles(self._colors)
        script = data("report.js")
        return render(
            "report.html",
            policy=f"default-src 'none'; style-src {policy_hash(style)}; script-src {policy_hash(script)}; "
            "base-uri 'none'; form-action 'none'",
            style=style,
            script=script,
            title=self._options.title or (self._titles[0] if len(self._titles) == 1 else ""),
            model=" ".join(self._model.get(key, "")[:12] for key in ("name", "version", "sha256")),
            fills=svg_fills(self._colors),
            left_out=self._left_out(),
            contents=self._titles if 1 < len(self._titles) <= _MOST_CONTENTS else [],
            filters=self._filters(),
            legend=self._options.explain,
            by_cues=self._options.cues_only,
            **self._summary(),
        )

    def _left_out(self) -> dict[str, int]:
        total, shown = self._sums.total, self._shown
        if total.n_articles == shown.n_articles:
            return {}
        return {
            "shown": shown.n_articles,
            "shown_paragraphs": shown.n_body,
            "rest": total.n_articles - shown.n_articles,
            "rest_paragraphs": total.n_body - shown.n_body,
        }

    def _summary(self) -> dict[str, Any]:
        names = [label_name(label) for label in self._labels]
        total = self._sums.total
        charts = []
        if over_articles := self._sums.over_articles() if total.n_articles > 1 else []:
            caption = _("Share of paragraphs with the label, by article in the order read")
            charts.append(chart(over_articles, caption))
        if over_time := self._sums.over_time():
            charts.append(chart(over_time, self._dated()))
        return {
            "articles": total.n_articles,
            "paragraphs": total.n_body,
            "names": names,
            "review": total.n_review,
            "span": self._sums.span(),
            "units": self._sums.by_unit(),
            "summary": bar(total, names, shares=True),
            "charts": [drawn for drawn in charts if drawn["top"]],
        }

    def _dated(self) -> str:
        caption = _("Share of paragraphs with the label, by date")
        if not self._sums.undated:
            return caption
        return caption + ngettext(
            " ({count} article without a date is not counted)",
            " ({count} articles without a date are not counted)",
            self._sums.undated,
        )

    def _filters(self) -> list[tuple[str, str, str, str, int]]:
        """(what it picks, class, name, name in the other language, count) per button."""
        counts = self._shown
        labels = zip(self._labels, counts.paragraphs, strict=True)
        items = [
            (f"l{i}", f"e{i}", label_name(label), other_name(label), n) for i, (label, n) in enumerate(labels)
        ]
        items.append(("ln", "none", _("no label"), "", counts.n_none))
        items.append(("r", "review", _("for review"), "", counts.n_review))
        return items


def _label_styles(colors: Sequence[str]) -> str:
    """Chips and evidence in each label's colour.

    The stronger levels come last: where two labels share a word, the cascade shows the stronger one,
    and under a filter the one that was asked for.
    """
    chips = [f".e{i}{{--c:{c};background:{tint(c, 0.12)}}}" for i, c in enumerate(colors)]
    marks = []
    for level in range(1, LEVELS + 1):
        for i, color in enumerate(colors):
            background = f"background:{tint(color, 0.1 + 0.09 * level)}"
            wave = f"underline wavy {tint(color, 0.4 + 0.12 * level)} {0.5 + 0.3 * level:.1f}px"
            marks.append(_shown(f"a{i}-{level}", i, background))
            marks.append(_shown(f"c{i}-{level}", i, f"text-decoration:{wave}"))
    return "\n".join([*chips, *marks])


def _shown(name: str, label: int, style: str) -> str:
    """A rule for evidence of one label, in force unless a filter asks for other labels."""
    return f"body:not(.pick) .{name},body.on{label} .{name}{{{style}}}"
