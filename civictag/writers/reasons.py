"""Why a label was given, in the words of the text: for people who have no use for logits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from civictag.datamodel import Evidence, Paragraph, Tag

MOST_SPANS = 3
# A span that carries less than this share of the strongest one's weight explains nothing.
_LEAST_SHARE = 0.25


def speaking_for(tag: Tag, most: int = MOST_SPANS) -> list[Evidence]:
    """The spans that carry a label, the heaviest first: none that weighs next to nothing beside it."""
    spans = [piece for piece in tag.evidence if piece.weight > 0 and piece.text.strip()]
    spans.sort(key=lambda piece: -piece.weight)
    return [piece for piece in spans[:most] if piece.weight >= _LEAST_SHARE * spans[0].weight]


def plain_reason(paragraph: Paragraph, names: Mapping[str, str]) -> str:
    """``环境卫生：清理楼道杂物、垃圾；志愿服务：志愿者``; "" without evidence.

    Args:
        paragraph: tagged with ``explain``.
        names: label id → what the reader calls it.
    """
    told = [(names.get(tag.label, tag.name), speaking_for(tag)) for tag in paragraph.tags]
    return "；".join(f"{name}：{quoted(spans)}" for name, spans in told if spans)


def quoted(spans: Sequence[Evidence]) -> str:
    """The spans' words on one line."""
    return "、".join(" ".join(piece.text.split()) for piece in spans)
