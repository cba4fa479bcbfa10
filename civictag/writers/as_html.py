"""The report: one HTML file that needs nothing else, for reading, filtering, printing and mailing."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from string import Template
from typing import BinaryIO, cast

from civictag.datamodel import Article, Label
from civictag.util.atomic_file import Sink
from civictag.util.dates import date_in
from civictag.util.label_counts import NONE, REVIEW, Counts, count_labels
from civictag.util.palette import label_colors, svg_patterns, tint
from civictag.writers.base import ModelInfo, Options, Writer
from civictag.writers.html_article import ArticleView, article_title, clean
from civictag.writers.html_batch import BatchSums
from civictag.writers.html_charts import bar, chart
from civictag.writers.marking import LEVELS

_DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data")

# A list of contents longer than this is no help, and a screen reader's burden.
_MOST_CONTENTS = 200


class HtmlWriter(Writer):
    """``-f html``. The sums stand before the articles, so these wait in a temporary file."""

    def __init__(self, sink: Sink, labels: Sequence[Label], model: ModelInfo, options: Options) -> None:
        super().__init__(sink)
        self._labels = list(labels)
        self._model = model
        self._options = options
        self._view = ArticleView(labels, options)
        self._sums = BatchSums(len(self._labels))
        self._titles: list[str] = []
        self._shown = Counts.empty(len(self._labels))
        self._spool: BinaryIO = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - closed by release

    def write(self, article: Article) -> None:
        """Draw one article, or only count it once the report is full."""
        counts = count_labels(article, [label.id for label in self._labels])
        title = article_title(article)
        self._sums.add(counts, title, date_in(article.extra, self._options.date_column))
        if self._shown.n_body >= self._options.html_limit:
            return
        self._shown.add(counts)
        if len(self._titles) <= _MOST_CONTENTS:
            self._titles.append(title)
        fragment = self._view.draw(article, self._shown.n_articles, counts)
        self._spool.write(fragment.encode("utf-8", "backslashreplace"))

    def finish(self) -> None:
        """Write head, articles and foot."""
        dropped = self._sums.total.n_articles - self._shown.n_articles
        if dropped:
            limit = f"the report holds the text of the first {self._shown.n_articles} articles"
            self.warnings.append(f"{limit} and only counts the other {dropped}; -f jsonl or csv holds all")
        head, foot = self._page(self._left_out() if dropped else "").split("<!-- articles -->")
        self.sink.write(head.encode("utf-8", "backslashreplace"))
        self._spool.seek(0)
        shutil.copyfileobj(self._spool, cast(BinaryIO, self.sink))
        self.sink.write(foot.encode("utf-8", "backslashreplace"))

    def release(self) -> None:
        """Close the temporary file, which removes it."""
        self._spool.close()

    def _left_out(self) -> str:
        total, shown = self._sums.total, self._shown
        return (
            f"正文只收录前 {shown.n_articles} 篇（{shown.n_body} 段）；"
            f"其余 {total.n_articles - shown.n_articles} 篇（{total.n_body - shown.n_body} 段）只计入统计，"
            "全文请用 jsonl、csv 或 xlsx 格式输出"
        )

    def _page(self, left_out: str) -> str:
        style = _data("report.css") + _label_styles(label_colors(self._labels))
        script = _data("report.js")
        return Template(_data("report.html")).substitute(
            policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
            "base-uri 'none'; form-action 'none'",
            style=style,
            script=script,
            title=clean(self._titles[0]) if len(self._titles) == 1 else "标注报告",
            model=" ".join(clean(self._model.get(key, "")[:12]) for key in ("name", "version", "sha256")),
            patterns=svg_patterns(label_colors(self._labels)),
            notice=f'<p class="notice">{left_out}。</p>' if left_out else "",
            summary=self._summary(),
            contents=self._contents(),
            filters=self._filters(),
            legend=_LEGEND if self._options.explain else "",
        )

    def _summary(self) -> str:
        names = [clean(label.name) for label in self._labels]
        total = self._sums.total
        if total.n_articles == 0:
            return "<p>没有文章。</p>"
        drawn = f"<p>共 {total.n_articles} 篇，正文 {total.n_body} 段。</p>{bar(total, names)}"
        if total.n_articles > 1:
            drawn += chart(self._sums.over_articles(), names, "各篇中带此标签的段落占比（按输入顺序）")
        if over_time := self._sums.over_time():
            undated = f"（{self._sums.undated} 篇没有日期，未计入）" if self._sums.undated else ""
            drawn += chart(over_time, names, f"按日期：带此标签的段落占比{undated}")
        return drawn

    def _contents(self) -> str:
        if not 1 < len(self._titles) <= _MOST_CONTENTS:
            return ""
        links = (f'<a href="#a{i}">{clean(title)}</a>' for i, title in enumerate(self._titles, 1))
        items = "".join(f"<li>{link}</li>" for link in links)
        return f'<details class="contents"><summary>目录</summary><ol>{items}</ol></details>'

    def _filters(self) -> str:
        counts = self._shown
        items = [
            (f"l{i}", f"e{i}", label.name, label.name_en or label.id, n)
            for i, (label, n) in enumerate(zip(self._labels, counts.paragraphs, strict=True))
        ]
        items.append(("ln", "none", NONE, "no label", counts.n_none))
        items.append(("r", "review", REVIEW, "for review", counts.n_review))
        return "".join(
            f'<button type="button" class="chip {style}" data-pick="{pick}" aria-pressed="false" '
            f'title="{clean(english)}">{clean(name)} <b>{n}</b></button>'
            for pick, style, name, english, n in items
        )


_LEGEND = (
    '<p class="legend">有底色的词是给出标签的依据，颜色同标签，底色越深'
    '（<mark class="a0-1">轻</mark> <mark class="a0-3">中</mark> <mark class="a0-5">重</mark>）'
    '在本段依据中的分量越重；<mark class="c0-4">波浪线</mark>是反证。'
    "不到本段最重依据十分之一的不标。点开「依据」可看数值（单位：logit）。</p>"
)


def _data(name: str) -> str:
    with open(os.path.join(_DATA, name), encoding="utf-8") as file:
        return file.read()


def _hash(text: str) -> str:
    """The content policy's name for an inline style or script: only this very text may act."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


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
