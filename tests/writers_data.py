"""A small tagged article and a row, made by hand: what writers, report, review and stats are tested on."""

from __future__ import annotations

from civictag.datamodel import Article, Evidence, Label, Paragraph, Tag

LABELS = (
    Label("clean", "环境清洁", "Cleanliness"),
    Label("help", "邻里互助", "Neighbours"),
    Label("news", "信息公开", "Open notices"),
)
MODEL = {"name": "toy", "version": "1.2", "sha256": "ab" * 32}

_HEADING = "一、扫干净"
_BODY = (
    "周六上午，柳树巷的住户清扫门前积水，随后看了一场晚会。",
    "午后又把河边的塑料袋装了两车。",
    "会议研究了下一步的安排。",
)
_FURNITURE = "责任编辑：某某"


def paragraph(
    index: int, text: str, tags: tuple[Tag, ...], start: int = 0, review: bool = False
) -> Paragraph:
    scores = {label.id: 0.05 for label in LABELS} | {tag.label: tag.probability for tag in tags}
    return Paragraph(index, "body", start, start + len(text), text, tags=tags, review=review, scores=scores)


def evidence(text: str, word: str, weight: float) -> Evidence:
    start = text.index(word)
    return Evidence(word, start, start + len(word), weight)


def tag(label: str, probability: float, *pieces: Evidence) -> Tag:
    names = {label.id: label.name for label in LABELS}
    return Tag(label, names[label], probability, pieces)


def article(source: str = "samples/a.txt", title: str = "柳树巷的一天") -> Article:
    """Heading, three body paragraphs (two labels, one label to review, none) and furniture."""
    text = "\n".join([_HEADING, *_BODY, _FURNITURE])
    at = [text.index(piece) for piece in (_HEADING, *_BODY, _FURNITURE)]
    first = (
        tag("clean", 0.93, evidence(text, "清扫", 1.0000000001234567), evidence(text, "晚会", -0.25)),
        tag("help", 0.71, evidence(text, "住户", 0.4), evidence(text, "住户清扫门前", 0.2)),
    )
    second = (tag("clean", 0.52, evidence(text, "塑料袋", 0.6)),)
    return Article(
        source,
        title,
        "utf-8",
        text,
        (
            Paragraph(0, "heading", at[0], at[0] + len(_HEADING), _HEADING),
            paragraph(1, _BODY[0], first, at[1]),
            paragraph(2, _BODY[1], second, at[2], review=True),
            paragraph(3, _BODY[2], (), at[3]),
            Paragraph(4, "furniture", at[4], at[4] + len(_FURNITURE), _FURNITURE),
        ),
    )


def plain_row(
    id: str = "7", text: str = "住户轮流清扫院子。", probability: float = 0.8, **extra: object
) -> Article:
    """A row of a table: one body paragraph, with further columns."""
    tags = (tag("clean", probability, evidence(text, text[:2], 0.9)),) if probability >= 0.5 else ()
    body = paragraph(0, text, tags)
    return Article(
        f"rows.csv#{id}", "", "utf-8", text, (body,), id, extra or {"district": "河东", "date": "2023-04-05"}
    )
