"""Why a label was given, in the words of the text: for people who have no use for logits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from civictag.datamodel import Evidence, Paragraph, Tag
from civictag.util.patterns import lazy

MOST_SPANS = 3
# A span that carries less than this share of the strongest one's weight explains nothing.
_LEAST_SHARE = 0.25
_WEIGHED = lazy(r"(?:^|; )(.+?) ([+−])([0-9.]+)(?=; |$)")


def speaking_for(tag: Tag, most: int = MOST_SPANS) -> list[Evidence]:
    """The spans that carry a label, the heaviest first: none that weighs next to nothing beside it."""
    spans = [piece for piece in tag.evidence if piece.weight > 0 and piece.text.strip()]
    spans.sort(key=lambda piece: -piece.weight)
    return [piece for piece in spans[:most] if piece.weight >= _LEAST_SHARE * spans[0].weight]


def shown_reason(tag: Tag) -> str:
    """``清理楼道杂物、垃圾``: the spans that carry a label, or what a table that was read back told."""
    return quoted(speaking_for(tag)) or _without_weights(tag.evidence_text)


def plain_reason(paragraph: Paragraph, names: Mapping[str, str]) -> str:
    """``环境卫生：清理楼道杂物、垃圾；志愿服务：志愿者``; "" without evidence.

    Args:
        paragraph: tagged with ``explain``.
        names: label id → what the reader calls it.
    """
    reasons = [(names.get(tag.label, tag.name), shown_reason(tag)) for tag in paragraph.tags]
    return "；".join(f"{name}：{reason}" for name, reason in reasons if reason)


def _without_weights(cell: str) -> str:
    """``垃圾、清运`` of ``垃圾 +2.10; 清运 +0.90; 晚会 −0.31``; a text without weights as it is."""
    weighed = [(text, float(sign.replace("−", "-") + n)) for text, sign, n in _WEIGHED.findall(cell)]
    spans = [(text, weight) for text, weight in weighed if weight > 0][:MOST_SPANS]
    shown = (text for text, weight in spans if weight >= _LEAST_SHARE * spans[0][1])
    return "、".join(shown) if weighed else cell


def told_reasons(reason: str, names: Mapping[str, str]) -> dict[str, str]:
    """Label id → what ``plain_reason`` said of it.

    Args:
        reason: a cell of its making.
        names: what the reader called each label → its id.
    """
    found: dict[str, str] = {}
    for part in reason.split("；"):
        # A name may hold a colon itself; of two that begin alike the longer is meant.
        name = max((name for name in names if part.startswith(f"{name}：")), key=len, default=None)
        if name is not None:
            found[names[name]] = part[len(name) + 1 :]
    return found


def quoted(spans: Sequence[Evidence]) -> str:
    """The spans' words on one line."""
    return "、".join(" ".join(piece.text.split()) for piece in spans)
