"""A table of shares as a PNG or SVG chart. Needs matplotlib (the extra ``plot``), imported on use."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Sequence
from typing import Any

from civictag.datamodel import Label
from civictag.errors import MissingExtra
from civictag.i18n import _, language, mark
from civictag.prevalence.report_text import group_name
from civictag.prevalence.shares import Group, ShareTable
from civictag.util.interval import Interval
from civictag.util.palette import label_colors

MOST_GROUPS = 30

# Fonts that a desktop is likely to have, the better for charts first; any other that has the
# characters will do. Nothing is bundled: a Chinese font is larger than this whole project.
_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei",
    "Hiragino Sans GB", "SimHei", "Noto Sans SC", "WenQuanYi Zen Hei", "Droid Sans Fallback", "SimSun",
)  # fmt: skip
_PROBE = "环卫志愿"
_HATCHES = ("", "///", "---", "|||", "\\\\\\", "+++", "xxx", "...")
_NO_FONT = mark(
    "no Chinese font was found on this system: labels have their English names, other Chinese text "
    "shows as boxes. Install one, such as Noto Sans CJK (apt install fonts-noto-cjk)"
)


def draw(
    table: ShareTable, form: str, labels: Sequence[Label], *, intervals: bool = False
) -> tuple[bytes, list[str]]:
    """Draw one panel per label, a bar with its value per group; corrected shares where they are known.

    Args:
        table: at most ``MOST_GROUPS`` groups are drawn, the largest ones.
        form: ``png`` or ``svg``.
        labels: the label set of the table; English names stand where the system has no Chinese font, and
            where the reader's language is English.
        intervals: draw the 95 % intervals instead of the values.

    Returns:
        The file's bytes, and what the reader should be told.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise MissingExtra(_("drawing a chart"), "plot") from error
    groups, notes = _groups(table)
    font = chinese_font()
    if font is None:
        notes.append(_(_NO_FONT))
    # SVG keeps its text as paths, so that it looks the same where the font is missing; the fixed salt
    # makes the same table the same bytes.
    style: Any = {"font.family": font or "sans-serif", "svg.hashsalt": "civictag"}
    chinese = font is not None and language() == "zh"
    names = {label.id: label.name if chinese else label.name_en or label.id for label in labels}
    with matplotlib.rc_context(style), warnings.catch_warnings():
        if font is None:  # told above, once, and not once per character
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = _figure(table, groups, names, label_colors(labels), chinese, intervals)
        return _render(figure, form), notes


def chinese_font() -> str | None:
    """The family name of an installed font with Chinese characters, or None."""
    from matplotlib import font_manager

    manager = font_manager.fontManager
    found = _first_chinese({entry.name: entry.fname for entry in manager.ttflist})
    if found is None:  # matplotlib keeps a list of its own: a font installed since is not in it
        for path in font_manager.findSystemFonts():
            with contextlib.suppress(OSError, RuntimeError):
                manager.addfont(path)
        found = _first_chinese({entry.name: entry.fname for entry in manager.ttflist})
    return found


def _first_chinese(installed: dict[str, str]) -> str | None:
    ranked = [name for name in _FONTS if name in installed] + sorted(installed)
    # "Last Resort", which matplotlib brings, has every character as the same box.
    real = (name for name in ranked if not name.startswith("Last Resort"))
    return next((name for name in real if _has_chinese(installed[name])), None)


def _has_chinese(path: str) -> bool:
    from matplotlib import font_manager

    try:
        characters = font_manager.get_font(path).get_charmap()
    except (OSError, RuntimeError):  # a font that FreeType cannot open
        return False
    return all(ord(ch) in characters for ch in _PROBE)


def _groups(table: ShareTable) -> tuple[list[Group], list[str]]:
    groups = list(table.groups) or [table.total]
    if len(groups) <= MOST_GROUPS:
        return groups, []
    largest = sorted(groups, key=lambda group: -group.paragraphs)[:MOST_GROUPS]
    kept = [group for group in groups if group in largest]
    return kept, [
        _(
            "the chart shows the {most} largest of {count} groups; -f json has them all",
            most=MOST_GROUPS,
            count=len(groups),
        )
    ]


def _figure(
    table: ShareTable,
    groups: list[Group],
    names: dict[str, str],
    colors: Sequence[str],
    chinese: bool,
    intervals: bool,
) -> Any:
    from matplotlib.figure import Figure

    height = 0.36 * len(groups) + 1.7
    figure = Figure(figsize=(2.1 * len(names) + 1.8, height), layout="constrained")
    panels = figure.subplots(1, len(names), sharey=True, sharex=True, squeeze=False)[0]
    for i, (panel, (label, name)) in enumerate(zip(panels, names.items(), strict=True)):
        estimates = [_shown(group, label) for group in groups]
        _panel(panel, estimates, colors[i], _HATCHES[i % len(_HATCHES)], intervals)
        panel.set_title(name, fontsize=11)
    panels[0].set_yticks(range(len(groups)), [group_name(table, group) for group in groups])
    panels[0].invert_yaxis()
    figure.suptitle(_heading(table, chinese), fontsize=13)
    figure.supxlabel(_caption(table, chinese, intervals), fontsize=9)
    return figure


def _panel(panel: Any, estimates: list[Interval], color: str, hatch: str, intervals: bool) -> None:
    values = [100 * (estimate.value or 0.0) for estimate in estimates]
    bars = panel.barh(range(len(values)), values, color=color, hatch=hatch, edgecolor="white", height=0.7)
    if not intervals:
        texts = ["" if estimate.value is None else f"{100 * estimate.value:.1f}" for estimate in estimates]
        panel.bar_label(bars, texts, padding=3, fontsize=9)
    for y, estimate in enumerate(estimates if intervals else ()):
        if estimate.low is not None and estimate.high is not None:
            for line, width in (("white", 3.6), ("#1b1b1b", 1.4)):  # rimmed: black on a dark bar is lost
                panel.plot([100 * estimate.low, 100 * estimate.high], [y, y], color=line, linewidth=width)
    panel.spines[["top", "right"]].set_visible(False)
    panel.set_xlim(left=0)
    panel.margins(x=0.25)


def _shown(group: Group, label: str) -> Interval:
    share = next(share for share in group.shares if share.label == label)
    return share.corrected if share.corrected and share.corrected.value is not None else share.share


def _heading(table: ShareTable, chinese: bool) -> str:
    total = table.total
    if chinese:
        return f"各标签占正文段落的百分比（{total.articles} 篇，{total.paragraphs} 段）"
    return f"Share of body paragraphs by label ({total.articles} articles, {total.paragraphs} paragraphs)"


def _caption(table: ShareTable, chinese: bool, intervals: bool) -> str:
    corrected = any(share.corrected for share in table.total.shares)
    if chinese:
        notes = ["已按所给误差率校正"] * corrected + ["黑线为 95% 区间"] * intervals
        return "；".join(["单位：%", *notes])
    notes = ["corrected with the given error rates"] * corrected + ["line: 95 % interval"] * intervals
    return "; ".join(["%", *notes])


def _render(figure: Any, form: str) -> bytes:
    buffer = io.BytesIO()
    metadata = {"Date": None} if form == "svg" else {}
    figure.savefig(buffer, format=form, dpi=150, metadata=metadata)
    return buffer.getvalue()
